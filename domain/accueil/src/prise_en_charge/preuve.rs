//! Who may read who the person is: the browser that gives back the code sent to the address of the structure. A letter is forwarded,
//! a box is not: whoever holds the link alone knows a need and a commune.
//! Odds of guessing: 6 digits, five tries a code, twenty codes a link in all: 100 tries among 1 000 000, one in 10 000 for a link
//! that one already holds.

use annuaire::storage::adresse::find_correspondant;
use askama::Template;
use kit::coffre::Place;
use kit::envoi::{self, Envoi};
use kit::{Coffre, Id, Instant, Result, secret};
use territoire::Territoire;

use super::{Etat, PriseEnCharge, storage};
use crate::{Accueil, trace};

const ESSAIS: i64 = 5;
const ENVOIS: i64 = 20;
/// A code serves that long, and another is not sent before half of it.
const VIE: i64 = 600;
/// For how many days the browser that gave the code back is known.
pub const JOURS_NAVIGATEUR: i64 = 30;

#[derive(Template)]
#[template(path = "courriels/prise_code.txt")]
struct Code<'a> {
    code: &'a str,
    territoire: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreuveRefusee {
    #[error("Ce code n’est pas le bon, ou il a servi. Relisez le dernier courriel reçu.")]
    Fausse,
    #[error("Ce code ne sert plus : demandez-en un autre.")]
    Perimee,
    #[error(
        "Un code vient de partir : cherchez-le dans la boîte de la structure, puis attendez cinq minutes avant d’en demander un autre."
    )]
    TropTot,
    #[error("Aucun code ne peut plus partir : appelez la ligne.")]
    Aucun,
}

fn place(territoire: Id, prise: Id) -> Place {
    Place { table: "accueil_prise_en_charge", colonne: "preuve", territoire, id: prise }
}

/// Six digits, all as likely.
fn draw() -> Result<String> {
    loop {
        let drawn = u32::from_be_bytes(secret::random::<4>()?);
        // What is beyond the last whole million would make the first codes likelier.
        if drawn < u32::MAX - u32::MAX % 1_000_000 {
            return Ok(format!("{:06}", drawn % 1_000_000));
        }
    }
}

/// Sends a code to the address that the structure has today.
pub async fn send_preuve(
    accueil: &Accueil,
    territoire: &Territoire,
    one: &PriseEnCharge,
    now: Instant,
) -> Result<std::result::Result<(), PreuveRefusee>> {
    if one.etat != Etat::Retenue || one.preuve_envois >= ENVOIS || !accueil.comptes.envoie() {
        return Ok(Err(PreuveRefusee::Aucun));
    }
    if one.preuve.as_ref().is_some_and(|(_, at)| now < at.plus_seconds(VIE / 2)) {
        return Ok(Err(PreuveRefusee::TropTot));
    }
    let Some(courriel) = find_correspondant(&accueil.db, territoire.id, one.structure_id).await?.and_then(|one| one.courriel) else {
        return Ok(Err(PreuveRefusee::Aucun));
    };
    let code = draw()?;
    let texte = Code { code: &code, territoire: &territoire.nom }.render().map_err(anyhow::Error::from)?;
    let tx = accueil.db.begin().await?;
    storage::set_preuve_in(&tx, (territoire.id, one.id), &fingerprint(&accueil.coffre, territoire.id, one.id, &code)?, now).await?;
    let envoi = Envoi {
        cause: "code de prise en charge",
        cle: None,
        destinataire: &courriel,
        objet: "Votre code",
        texte: &texte,
        attendu: true,
        perime_at: Some(now.plus_seconds(VIE)),
    };
    envoi::insert(&tx, &accueil.coffre, (territoire.id, now), &envoi).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

fn fingerprint(coffre: &Coffre, territoire: Id, prise: Id, code: &str) -> Result<String> {
    Ok(coffre.fingerprints(place(territoire, prise), code)?.pop().unwrap_or_default())
}

/// Takes a code typed: gives what the browser keeps. Reading who the person is, is then written in the journal.
pub async fn check_preuve(
    accueil: &Accueil,
    territoire: Id,
    one: &PriseEnCharge,
    (typed, now): (&str, Instant),
) -> Result<std::result::Result<String, PreuveRefusee>> {
    let Some((expected, _)) = one.preuve.as_ref().filter(|(_, at)| now < at.plus_seconds(VIE)) else {
        return Ok(Err(PreuveRefusee::Perimee));
    };
    if !storage::take_essai(&accueil.db, (territoire, one.id), ESSAIS).await? {
        return Ok(Err(PreuveRefusee::Perimee));
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if !accueil.coffre.fingerprints(place(territoire, one.id), &digits)?.contains(expected) {
        return Ok(Err(PreuveRefusee::Fausse));
    }
    let token = secret::hex(&secret::random::<16>()?);
    storage::set_navigateur(&accueil.db, (territoire, one.id), &secret::fingerprint(&token)).await?;
    let acte = trace::acte(None, trace::IDENTITE, one.demande_id, &one.structure_nom);
    kit::journal::record_alone(&accueil.db, territoire, now, &acte).await?;
    Ok(Ok(token))
}

/// Whether this browser gave a code back for this very structure.
pub fn is_proved(one: &PriseEnCharge, token: Option<&str>) -> bool {
    token.is_some_and(|token| one.navigateur.as_deref() == Some(secret::fingerprint(token).as_str()))
}
