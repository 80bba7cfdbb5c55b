//! Asking structures, and what their answers change: each act with its letters, its facts and its line of the journal, in one transaction.

use kit::{Error, Id, Instant, Result, journal};
use sea_orm::ConnectionTrait;
use territoire::Territoire;

use super::lettres::{Sujet, write_demande, write_suite};
use super::rules::{accept, is_exhausted, wind};
use super::storage::{Nouvelle, answer_in, count_in, insert_in, list_of_demande, lock_demande_in, move_in};
use super::{Etat, MotifRefus, PriseEnCharge, Repondant};
use crate::model::{Consentement, Demande, Finalite, Issue, Orientation, Reglage};
use crate::rules::consentement::{is_given, texte};
use crate::storage::{self, find_demande, find_reglage, update_issue_in};
use crate::{Accueil, trace};

/// What the team sends.
#[derive(Clone, Debug, Default)]
pub struct Envoi {
    /// Among those proposed.
    pub services: Vec<Id>,
    /// The person wishes the structure to call them, and agrees to what was read to them.
    pub is_transmise: bool,
    /// How to reach them, when it was not known yet.
    pub nom: Option<String>,
    pub telephone: Option<String>,
}

/// How many structures were asked, and those without an address, to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resultat {
    pub envoyees: usize,
    pub a_appeler: Vec<String>,
}

/// Asks one or several structures at once. A structure already asked for this need is not asked twice.
pub async fn send(
    accueil: &Accueil,
    territoire: &Territoire,
    demande: &Demande,
    envoi: &Envoi,
    (auteur, now): (Option<Id>, Instant),
) -> Result<Resultat> {
    let delai = find_reglage(&accueil.db, territoire.id, Reglage::DelaiJours).await?;
    let chosen: Vec<&Orientation> = demande.detail.orientations.iter().filter(|one| envoi.services.contains(&one.service_id)).collect();
    let tx = accueil.db.begin().await?;
    lock_demande_in(&tx, territoire.id, demande.id).await?;
    if demande.detail.issue != Some(Issue::Orientee) {
        update_issue_in(&tx, demande, (Issue::Orientee, None), (auteur, now)).await?;
    }
    if envoi.is_transmise {
        agree(accueil, &tx, demande, (envoi, now)).await?;
    }
    let known = list_of_demande(&tx, territoire.id, demande.id).await?;
    let mut resultat = Resultat::default();
    for orientation in chosen {
        let besoin = find_besoin(accueil, demande, orientation);
        let is_asked = |one: &PriseEnCharge| one.structure_id == orientation.structure_id && one.besoin == besoin;
        if known.iter().any(|one| is_asked(one) && (one.etat.is_open() || one.etat.is_willing())) {
            continue;
        }
        let nouvelle = Nouvelle {
            id: Id::new(now),
            demande_id: demande.id,
            structure_id: orientation.structure_id,
            service_id: orientation.service_id,
            structure_nom: orientation.structure_nom.clone(),
            besoin: besoin.clone(),
            envoyee_at: now,
            horloge: wind(now, delai),
        };
        insert_in(&tx, territoire.id, &nouvelle).await?;
        let sujet = Sujet::new(territoire, demande, &besoin, now);
        let letter = (nouvelle.id, nouvelle.structure_id, nouvelle.horloge.echeance_at, false);
        if !write_demande(accueil, &tx, &sujet, letter).await? {
            resultat.a_appeler.push(nouvelle.structure_nom.clone());
        }
        count_in(&tx, demande, (&besoin, Etat::Envoyee.code(), None), now).await?;
        journal::record(&tx, territoire.id, now, &trace::acte(auteur, trace::ENVOI, demande.id, &nouvelle.structure_nom)).await?;
        resultat.envoyees += 1;
    }
    tx.commit().await?;
    Ok(resultat)
}

/// Keeps the person's agreement, in the words read to them, and how to reach them.
async fn agree(accueil: &Accueil, tx: &impl ConnectionTrait, demande: &Demande, (envoi, now): (&Envoi, Instant)) -> Result<()> {
    let key = (demande.detail.territoire_id, demande.id);
    if !is_given(&demande.detail.consentements, Finalite::Transmission) {
        let consentement = Consentement {
            finalite: Finalite::Transmission,
            texte_montre: texte(Finalite::Transmission, demande.detail.canal).into(),
            donne_at: now,
            retire_at: None,
        };
        storage::insert_consentement_in(tx, key, &consentement).await?;
    }
    if envoi.nom.is_some() || envoi.telephone.is_some() {
        storage::set_rappel_in(tx, &accueil.coffre, key, (envoi.nom.as_deref(), envoi.telephone.as_deref())).await?;
    }
    Ok(())
}

/// The need of the demande that a service answers; the first one when the annuaire no longer knows.
fn find_besoin(accueil: &Accueil, demande: &Demande, orientation: &Orientation) -> String {
    let aiguillage = accueil.aiguillages.get(demande.detail.territoire_id);
    let service = aiguillage.services().find(|service| service.id == orientation.service_id);
    let answers = |code: &&String| {
        let rang = annuaire::besoin::Taxonomie::get().find(code).map(|besoin| besoin.rang);
        service.is_some_and(|service| rang.is_some_and(|rang| service.besoins.contains(&rang)))
    };
    let besoins = &demande.detail.besoins;
    besoins.iter().find(answers).or(besoins.first()).cloned().unwrap_or_default()
}

/// What a structure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reponse {
    Oui,
    Non(MotifRefus),
}

/// How many times an answer that met somebody else's change is written again.
const ESSAIS: usize = 3;

/// Writes an answer; none when somebody had answered before: the first one stands.
pub async fn answer(
    accueil: &Accueil,
    territoire: &Territoire,
    one: &PriseEnCharge,
    reponse: Reponse,
    (repondant, auteur, now): (Repondant, Option<Id>, Instant),
) -> Result<Option<Etat>> {
    for _ in 1..ESSAIS {
        match answer_once(accueil, territoire, one, reponse, (repondant, auteur, now)).await {
            Err(Error::Conflict(_)) => {}
            answered => return answered,
        }
    }
    answer_once(accueil, territoire, one, reponse, (repondant, auteur, now)).await
}

async fn answer_once(
    accueil: &Accueil,
    territoire: &Territoire,
    one: &PriseEnCharge,
    reponse: Reponse,
    (repondant, auteur, now): (Repondant, Option<Id>, Instant),
) -> Result<Option<Etat>> {
    let demande = find(accueil, territoire.id, one.demande_id).await?;
    let tx = accueil.db.begin().await?;
    lock_demande_in(&tx, territoire.id, demande.id).await?;
    let all = list_of_demande(&tx, territoire.id, demande.id).await?;
    let mut others: Vec<Etat> =
        all.iter().filter(|other| other.besoin == one.besoin && other.id != one.id).map(|other| other.etat).collect();
    let (etat, motif) = match reponse {
        Reponse::Oui => (accept(&others), None),
        Reponse::Non(motif) => (Etat::Refusee, Some(motif)),
    };
    if !answer_in(&tx, (territoire.id, one.id), (etat, motif), (repondant, now)).await? {
        return Ok(None);
    }
    others.push(etat);
    count_in(&tx, &demande, (&one.besoin, etat.code(), motif), now).await?;
    let detail = format!("{} : {}", one.structure_nom, etat.label());
    journal::record(&tx, territoire.id, now, &trace::acte(auteur, trace::REPONSE, demande.id, &detail)).await?;
    if is_exhausted(&others) && demande.efface_at.is_none() && demande.detail.issue != Some(Issue::ARappeler) {
        update_issue_in(&tx, &demande, (Issue::ARappeler, None), (auteur, now)).await?;
    }
    tx.commit().await?;
    Ok(Some(etat))
}

async fn find(accueil: &Accueil, territoire: Id, id: Id) -> Result<Demande> {
    find_demande(&accueil.db, &accueil.coffre, territoire, id).await?.ok_or(Error::NotFound)
}

/// The person chose this structure among those interested: the others are told that it is no longer needed.
pub async fn choose(accueil: &Accueil, territoire: &Territoire, one: &PriseEnCharge, (auteur, now): (Id, Instant)) -> Result<()> {
    let demande = find(accueil, territoire.id, one.demande_id).await?;
    let tx = accueil.db.begin().await?;
    lock_demande_in(&tx, territoire.id, demande.id).await?;
    if !move_in(&tx, (territoire.id, one.id), (Etat::Acceptee, Etat::Retenue)).await? {
        return Err(Error::Conflict("Cette structure n’attend plus de choix : rechargez la page pour voir où elle en est.".into()));
    }
    write_suite(accueil, &tx, &Sujet::new(territoire, &demande, &one.besoin, now), (one, Etat::Retenue)).await?;
    count_in(&tx, &demande, (&one.besoin, Etat::Retenue.code(), None), now).await?;
    journal::record(&tx, territoire.id, now, &trace::acte(Some(auteur), trace::CHOIX, demande.id, &one.structure_nom)).await?;
    close_in(accueil, &tx, (territoire, &demande), (one, auteur, now)).await?;
    Ok(tx.commit().await?)
}

/// Another structure helps: those that were still asked for this need are told.
pub async fn close_others(accueil: &Accueil, territoire: &Territoire, one: &PriseEnCharge, (auteur, now): (Id, Instant)) -> Result<()> {
    let demande = find(accueil, territoire.id, one.demande_id).await?;
    let tx = accueil.db.begin().await?;
    lock_demande_in(&tx, territoire.id, demande.id).await?;
    close_in(accueil, &tx, (territoire, &demande), (one, auteur, now)).await?;
    Ok(tx.commit().await?)
}

/// Whether a structure other than this one is still asked for the same need.
pub fn is_asked(all: &[PriseEnCharge], one: &PriseEnCharge) -> bool {
    all.iter().any(|other| is_other(other, one))
}

fn is_other(other: &PriseEnCharge, one: &PriseEnCharge) -> bool {
    other.id != one.id && other.besoin == one.besoin && (other.etat.is_open() || other.etat == Etat::Acceptee)
}

async fn close_in(
    accueil: &Accueil,
    tx: &impl ConnectionTrait,
    (territoire, demande): (&Territoire, &Demande),
    (one, auteur, now): (&PriseEnCharge, Id, Instant),
) -> Result<()> {
    for other in list_of_demande(tx, territoire.id, demande.id).await?.iter().filter(|other| is_other(other, one)) {
        stop_in(accueil, tx, (territoire, demande), (other, Etat::Close), (Some(auteur), now)).await?;
    }
    Ok(())
}

/// Takes back what was asked of a structure, and tells it.
pub async fn withdraw(accueil: &Accueil, territoire: &Territoire, one: &PriseEnCharge, (auteur, now): (Id, Instant)) -> Result<()> {
    let demande = find(accueil, territoire.id, one.demande_id).await?;
    let tx = accueil.db.begin().await?;
    stop_in(accueil, &tx, (territoire, &demande), (one, Etat::Retiree), (Some(auteur), now)).await?;
    Ok(tx.commit().await?)
}

/// The person changed their mind: every structure still asked, or that helps, is told that there is nobody to call.
pub async fn withdraw_all(
    accueil: &Accueil,
    territoire: &Territoire,
    demande: &Demande,
    (auteur, now): (Option<Id>, Instant),
) -> Result<()> {
    let tx = accueil.db.begin().await?;
    lock_demande_in(&tx, territoire.id, demande.id).await?;
    for one in list_of_demande(&tx, territoire.id, demande.id).await? {
        if one.etat.is_open() || one.etat.is_willing() {
            stop_in(accueil, &tx, (territoire, demande), (&one, Etat::Retiree), (auteur, now)).await?;
        }
    }
    Ok(tx.commit().await?)
}

async fn stop_in(
    accueil: &Accueil,
    tx: &impl ConnectionTrait,
    (territoire, demande): (&Territoire, &Demande),
    (one, etat): (&PriseEnCharge, Etat),
    (auteur, now): (Option<Id>, Instant),
) -> Result<()> {
    // It answered meanwhile, or was stopped already: nothing is written twice.
    if !(one.etat.is_open() || one.etat.is_willing()) || !move_in(tx, (territoire.id, one.id), (one.etat, etat)).await? {
        return Err(Error::Conflict("Cette structure a répondu, ou la demande est déjà close : rechargez la page.".into()));
    }
    write_suite(accueil, tx, &Sujet::new(territoire, demande, &one.besoin, now), (one, etat)).await?;
    count_in(tx, demande, (&one.besoin, etat.code(), None), now).await?;
    journal::record(tx, territoire.id, now, &trace::acte(auteur, trace::SUSPENSION, demande.id, &one.structure_nom)).await
}
