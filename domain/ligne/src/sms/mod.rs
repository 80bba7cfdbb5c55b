//! SMS without Internet: « REPAS 26400 » is answered with whom to call (PRODUCT, « One truth, every channel »). What is asked is a
//! demande like any other; the number is kept nowhere.

pub mod rules;
pub mod storage;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use accueil::acte::{answer as orient_demande, draw_tour, record};
use accueil::{Canal, Circonstance, DemandeInput, Issue, Motif, NouvelleDemande};
use annuaire::besoin::{Besoin, Taxonomie};
use axum::response::Response;
use kit::envoi::{self, opposition};
use kit::{Error, Id, Instant, Result};
use messages::rules::gsm;
use territoire::{Commune, Referentiel, Territoire};

use crate::telephonie::{Twiml, answer as twiml, find_territoire};
use crate::{Ligne, Signe};
use rules::{CHOICES, Lecture, Lieu, Nommee, ask_which, explain, read};
use storage::Recu;

/// The hook of the platform. A number that is of no line, in an installation of several, is answered nothing.
pub async fn receive(signe: Signe) -> Result<Response> {
    let Some(territoire) = find_territoire(&signe).or_else(|| find_only_territoire(&signe)) else {
        return Ok(twiml(Twiml::default()));
    };
    let said = &signe.parametres;
    let sms = Sms { cle: said.get("MessageSid"), de: said.get("From"), texte: said.get("Body") };
    if sms.cle.is_empty() || sms.cle.len() > CLE_MAXIMUM {
        return Err(Error::Unreadable("il manque MessageSid, ou il est trop long".into()));
    }
    Ok(match answer(&signe.ligne, &territoire, &sms, signe.now).await? {
        Some(reponse) => twiml(Twiml::default().message(&reponse)),
        None => twiml(Twiml::default()),
    })
}

/// A number of its own for SMS leads to the only territoire there is.
fn find_only_territoire(signe: &Signe) -> Option<Arc<Territoire>> {
    match signe.ligne.accueil.comptes.territoires.list().as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// The platform's own identifiers have thirty-four signs.
const CLE_MAXIMUM: usize = 50;

/// An SMS as the platform hands it over.
#[derive(Clone, Debug)]
pub struct Sms<'a> {
    pub cle: &'a str,
    pub de: &'a str,
    pub texte: &'a str,
}

/// A choice is offered for that long, in seconds.
const CHOIX_SECONDS: i64 = 2 * 3_600;
const HOUR: i64 = 3_600;
/// Helpful answers to what is not understood, an hour and a number: two machines would answer each other for ever.
const AIDES: i64 = 3;
/// Answers of any kind, an hour and a number.
const REPONSES: i64 = 20;
/// More names would cost a third part.
const NOMS: usize = 3;
const EXEMPLE: &str = "REPAS";

/// What is answered; none: nothing is. The same SMS twice gets the same answer, and is one demande.
pub async fn answer(ligne: &Ligne, territoire: &Territoire, sms: &Sms<'_>, now: Instant) -> Result<Option<String>> {
    let accueil = &ligne.accueil;
    if let Some(known) = storage::find_reponse(&accueil.db, territoire.id, sms.cle).await? {
        return Ok(Some(known).filter(|answer| !answer.is_empty()));
    }
    let empreinte = accueil.coffre.stamp("sms", territoire.id, &kit::telephone::dial(sms.de))?;
    let qui = (territoire.id, empreinte.as_str());
    let mut recu = understand(ligne, territoire, qui, (sms, now)).await?;
    recu.reponse = gsm::write(&recu.reponse);
    let answered = |nature| storage::count_answered(&accueil.db, qui, nature, now.plus_seconds(-HOUR));
    if answered("").await? >= REPONSES || recu.nature == "inconnu" && answered("inconnu").await? >= AIDES {
        recu.reponse.clear();
    }
    let tx = accueil.db.begin().await?;
    storage::insert_recu(&tx, qui, &recu, now).await?;
    if !recu.reponse.is_empty() {
        let parties = i32::try_from(gsm::parts(&recu.reponse)).unwrap_or(i32::MAX);
        let cout = i64::from(parties) * ligne.telephonie.as_ref().map_or(0, |telephonie| telephonie.prix_sms);
        envoi::insert_parti(&tx, (territoire.id, now), ("réponse à un SMS", &format!("sms-{}", sms.cle)), (parties, cout)).await?;
    }
    tx.commit().await?;
    Ok(Some(recu.reponse).filter(|answer| !answer.is_empty()))
}

async fn understand(
    ligne: &Ligne,
    territoire: &Territoire,
    qui: storage::Correspondant<'_>,
    (sms, now): (&Sms<'_>, Instant),
) -> Result<Recu> {
    let (db, coffre, telephone) = (&ligne.accueil.db, &ligne.accueil.coffre, territoire.ligne.telephone.as_deref());
    let simple = |nature, reponse: String| Ok(Recu { cle: sms.cle.into(), nature, reponse, ..Recu::default() });
    let help = || explain(&example_of(territoire), telephone);
    match read(sms.texte, territoire) {
        Lecture::Stop => {
            opposition::oppose(db, coffre, (territoire.id, now), sms.de).await?;
            simple("stop", "C'est noté : vous ne recevrez plus de SMS de notre part. START pour en recevoir à nouveau.".into())
        }
        Lecture::Reprise => {
            opposition::lift(db, coffre, territoire.id, sms.de).await?;
            simple("reprise", format!("C'est noté. {}", help()))
        }
        Lecture::Aide => simple("aide", help()),
        Lecture::Inconnu => simple("inconnu", format!("Nous n'avons pas compris. {}", help())),
        Lecture::Choix(rang) => {
            let offered = storage::find_choix(db, qui, now.plus_seconds(-CHOIX_SECONDS)).await?;
            let chosen = offered.and_then(|(besoins, choix)| Some((list_besoins(&besoins), find_commune(choix.get(rang - 1)?)?)));
            match chosen {
                Some((besoins, commune)) => respond(ligne, territoire, (&besoins, commune), (sms, now)).await,
                None => simple("inconnu", format!("Ce chiffre ne répond à aucune question. {}", help())),
            }
        }
        Lecture::Question(besoins, Lieu::Connu(commune)) => respond(ligne, territoire, (&besoins, commune), (sms, now)).await,
        Lecture::Question(besoins, Lieu::Ambigu(communes)) => Ok(Recu {
            cle: sms.cle.into(),
            nature: "choix",
            besoins: besoins.iter().map(|besoin| besoin.code.to_string()).collect(),
            choix: communes.iter().take(CHOICES).map(|commune| commune.code.to_string()).collect(),
            reponse: ask_which(&communes, EXEMPLE),
        }),
        Lecture::Question(_, Lieu::Dehors) => {
            let call = telephone.map(|telephone| format!(" Une question ? {telephone}.")).unwrap_or_default();
            simple("question", format!("Cette commune n'est pas du territoire {}.{call}", territoire.nom))
        }
        Lecture::Question(_, Lieu::Manquant) => simple("question", format!("Il manque votre commune. {}", help())),
    }
}

/// « REPAS 26400 », with a postal code of theirs.
fn example_of(territoire: &Territoire) -> String {
    let code = territoire.list_communes().find_map(|commune| commune.codes_postaux.first());
    code.map_or_else(|| EXEMPLE.to_string(), |code| format!("{EXEMPLE} {}", code.as_str()))
}

fn list_besoins(codes: &[String]) -> Vec<&'static Besoin> {
    codes.iter().filter_map(|code| Taxonomie::get().find(code)).collect()
}

fn find_commune(code: &str) -> Option<&'static Commune> {
    Referentiel::get().resolve_code(code).ok().map(|found| found.commune)
}

/// Records the demande, and says whom to call.
async fn respond(
    ligne: &Ligne,
    territoire: &Territoire,
    (besoins, commune): (&[&'static Besoin], &'static Commune),
    (sms, now): (&Sms<'_>, Instant),
) -> Result<Recu> {
    let accueil = &ligne.accueil;
    let codes: Vec<String> = besoins.iter().map(|besoin| besoin.code.to_string()).collect();
    let mut demande = write_demande((territoire.id, now), sms.cle, (&codes, commune))?;
    demande.tour = draw_tour(accueil, territoire.id, &codes).await;
    let aiguillage = accueil.aiguillages.get(territoire.id);
    let reponse = orient_demande(&aiguillage, &demande)?;
    let proposed = reponse
        .propositions
        .iter()
        .take(NOMS)
        .filter_map(|one| Some((aiguillage.service(one.service)?, aiguillage.structure(one.structure)?)));
    let (mut given, mut nommees) = (vec![], vec![]);
    for (service, structure) in proposed {
        given.push(service.id);
        nommees.push(Nommee { structure: structure.nom.to_string(), telephone: service.telephone.as_deref().map(str::to_string) });
    }
    (demande.issue, demande.motif) =
        if given.is_empty() { (Some(Issue::SansSolution), Some(Motif::AucunService)) } else { (Some(Issue::Orientee), None) };
    record(accueil, demande, &given).await?;
    let libelle = besoins.first().map(|besoin| besoin.libelle.to_string()).unwrap_or_default();
    let reponse = rules::answer(&libelle, commune, &nommees, territoire.ligne.telephone.as_deref());
    Ok(Recu { cle: sms.cle.into(), nature: "question", reponse, ..Recu::default() })
}

fn write_demande((territoire, now): (Id, Instant), cle: &str, (besoins, commune): (&[String], &Commune)) -> Result<NouvelleDemande> {
    let input =
        DemandeInput { commune: commune.code.to_string(), besoin: besoins.join(","), cle: format!("sms-{cle}"), ..DemandeInput::default() };
    let circonstance = Circonstance { territoire_id: territoire, canal: Canal::Sms, now, compte_id: None };
    input
        .parse(circonstance)
        .map_err(|errors| Error::Unreadable(errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join(" ")))
}
