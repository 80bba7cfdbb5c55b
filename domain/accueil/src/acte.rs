//! Recording a demande: what is proposed is computed on the spot, and both are written together.

use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::Taxonomie;
use kit::envoi::{self, Envoi, Sms};
use kit::{Error, Id, Instant, Result, journal};
use sea_orm::ConnectionTrait;
use territoire::{Referentiel, Territoire};

use crate::Accueil;
use crate::acces::CodeAcces;
use crate::model::{Demande, NouvelleDemande, Orientation};
use crate::rules::elargissement::Nature;
use crate::rules::orientation::{Proposition, Recherche, Reponse, orient};
use crate::rules::raison::list_raisons;
use crate::rules::recapitulatif::{self, Remise, Suivi};
use crate::storage::{self, Enregistrement, insert_demande};
use crate::{suivi, trace};

/// How many structures are proposed to a person: more is no longer a choice.
pub const PROPOSITIONS: usize = 10;

/// The answer given to a demande at the moment it was received.
pub fn answer(aiguillage: &Aiguillage, demande: &NouvelleDemande) -> Result<Reponse> {
    with_recherche(demande, |recherche| orient(aiguillage, recherche, PROPOSITIONS))
}

fn with_recherche<T>(demande: &NouvelleDemande, act: impl FnOnce(&Recherche) -> T) -> Result<T> {
    let commune = Referentiel::get().find_commune(demande.commune).ok_or(Error::NotFound)?;
    let besoins: Vec<u8> = demande.besoins.iter().filter_map(|code| Taxonomie::get().find(code)).map(|besoin| besoin.rang).collect();
    let wall = demande.received_at.paris();
    Ok(act(&Recherche { commune, besoins: &besoins, contraintes: &demande.contraintes, wall, tour: demande.tour }))
}

/// Records a demande with all that was proposed, widenings included; `given` are the services named to the person.
pub async fn record(accueil: &Accueil, mut demande: NouvelleDemande, given: &[Id]) -> Result<Enregistrement> {
    let aiguillage = accueil.aiguillages.get(demande.territoire_id);
    demande.orientations = describe_orientations(&aiguillage, &demande, given)?;
    insert_demande(&accueil.db, &accueil.coffre, &demande).await
}

/// Records a call, and with it the summary that the person wants: neither goes without the other.
pub async fn record_call(
    accueil: &Accueil,
    mut demande: NouvelleDemande,
    given: &[Id],
    remise: Option<(&Territoire, Remise)>,
) -> Result<Enregistrement> {
    let aiguillage = accueil.aiguillages.get(demande.territoire_id);
    demande.orientations = describe_orientations(&aiguillage, &demande, given)?;
    let tx = accueil.db.begin().await?;
    let recorded = storage::insert_demande_in(&tx, &accueil.coffre, &demande).await?;
    if recorded.is_doublon {
        return Ok(recorded);
    }
    if let Some((territoire, remise)) = remise {
        post_recapitulatif(&tx, accueil, (territoire, recorded), (&demande, &remise)).await?;
    }
    tx.commit().await?;
    Ok(recorded)
}

async fn post_recapitulatif(
    tx: &impl ConnectionTrait,
    accueil: &Accueil,
    (territoire, recorded): (&Territoire, Enregistrement),
    (demande, remise): (&NouvelleDemande, &Remise),
) -> Result<()> {
    let code = suivi::code_of(tx, &accueil.coffre, territoire.id, recorded.id).await?;
    let suivi = code.zip(accueil.comptes.origine()).map(|(code, site)| Suivi { code, page: format!("{site}/{}/suivi", territoire.slug) });
    let ligne = (territoire.nom.as_str(), territoire.ligne.telephone.as_deref());
    let texte = recapitulatif::write(ligne, (recorded.numero, suivi.as_ref()), &demande.orientations);
    let (scope, cause) = ((territoire.id, demande.received_at), "récapitulatif d’un appel");
    match remise {
        Remise::Sms(numero) => {
            let sms = Sms { cause, cle: None, numero, texte: &texte, attendu: true, perime_at: None };
            envoi::insert_sms(tx, &accueil.coffre, scope, &sms).await?;
        }
        Remise::Courriel(destinataire) => {
            let objet = format!("Votre demande n° {} : {}", recorded.numero, territoire.nom);
            let envoi = Envoi { cause, cle: None, destinataire, objet: &objet, texte: &texte, attendu: true, perime_at: None };
            envoi::insert(tx, &accueil.coffre, scope, &envoi).await?;
        }
    }
    journal::record(tx, territoire.id, demande.received_at, &trace::acte(demande.compte_id, trace::RECAPITULATIF, recorded.id, "")).await
}

/// Records what a person leaves alone, with the link by which they will see it again; none when it was already there.
pub async fn record_with_acces(accueil: &Accueil, mut demande: NouvelleDemande) -> Result<(Enregistrement, Option<CodeAcces>)> {
    let aiguillage = accueil.aiguillages.get(demande.territoire_id);
    demande.orientations = describe_orientations(&aiguillage, &demande, &[])?;
    let code = CodeAcces::draw()?;
    let recorded = storage::insert_demande_with_acces(&accueil.db, &accueil.coffre, &demande, &code).await?;
    Ok((recorded, (!recorded.is_doublon).then_some(code)))
}

/// Erases, at their request, everything held about the person of a demande; `auteur` is the account that acts for them.
pub async fn effacer(accueil: &Accueil, demande: &Demande, (auteur, now): (Option<Id>, Instant)) -> Result<()> {
    let (territoire, tx) = (demande.detail.territoire_id, accueil.db.begin().await?);
    efface_in(&tx, (territoire, demande.id), now).await?;
    journal::record(&tx, territoire, now, &trace::acte(auteur, trace::EFFACEMENT, demande.id, "")).await?;
    Ok(tx.commit().await?)
}

/// One transaction across every table. What a room above holds about the person goes by the register of columns
/// (`schema::personne`); a test looks for what would be forgotten.
pub async fn efface_in(tx: &impl ConnectionTrait, demande: (Id, Id), now: Instant) -> Result<()> {
    schema::personne::erase(tx, demande).await?;
    storage::efface_demande_in(tx, demande, now).await
}

/// What is proposed to a demande, widenings included.
pub fn describe_orientations(aiguillage: &Aiguillage, demande: &NouvelleDemande, given: &[Id]) -> Result<Vec<Orientation>> {
    let reponse = answer(aiguillage, demande)?;
    with_recherche(demande, |recherche| list_orientations(aiguillage, &reponse, recherche, given))
}

/// What was proposed, in the order it was, with the names and reasons of that moment.
fn list_orientations(aiguillage: &Aiguillage, reponse: &Reponse, recherche: &Recherche, given: &[Id]) -> Vec<Orientation> {
    let widened = reponse.sans_solution.iter().flat_map(|sans_solution| &sans_solution.elargissements);
    let widened = widened.flat_map(|one| one.propositions.iter().map(|proposition| (proposition, one.nature == Nature::CommuneVoisine)));
    let proposed = reponse.propositions.iter().map(|proposition| (proposition, false)).chain(widened);
    proposed.filter_map(|(proposition, is_neighbour)| describe(aiguillage, proposition, recherche, (is_neighbour, given))).collect()
}

fn describe(
    aiguillage: &Aiguillage,
    proposition: &Proposition,
    recherche: &Recherche,
    (is_neighbour, given): (bool, &[Id]),
) -> Option<Orientation> {
    let service = aiguillage.service(proposition.service)?;
    let structure = aiguillage.structure(proposition.structure)?;
    let raisons: Vec<String> = list_raisons(proposition, recherche, is_neighbour).map(|raison| raison.to_string()).collect();
    Some(Orientation {
        service_id: service.id,
        structure_id: structure.id,
        structure_nom: structure.nom.to_string(),
        service_nom: service.nom.to_string(),
        telephone: service.telephone.as_deref().map(str::to_string),
        raisons: raisons.join(" · "),
        donnee: given.contains(&service.id),
    })
}

/// The turn of a demande that came without one.
pub async fn draw_tour(accueil: &Accueil, territoire: Id, besoins: &[String]) -> u64 {
    match besoins.first() {
        Some(besoin) => accueil.tours.draw(&accueil.db, territoire, besoin).await,
        None => 0,
    }
}
