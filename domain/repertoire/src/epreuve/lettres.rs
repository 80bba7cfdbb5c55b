//! The letters of the proof round: written down with the links they carry, some at a time; `messages` delivers them.

use askama::Template;
use comptes::Lettre;
use kit::{Error, Instant, Result, secret};
use sea_orm::ConnectionTrait;
use territoire::Territoire;

use super::Relue;
use super::rules::{LIEN_JOURS, is_due};
use super::storage::{insert_lien, mark_ecrite};
use crate::Repertoire;
use crate::model::Edition;

#[derive(Template)]
#[template(path = "courriels/epreuve.txt")]
struct Courriel<'a> {
    nom: &'a str,
    edition: &'a Edition,
    territoire: &'a str,
    clot_le: Option<String>,
    is_relance: bool,
    is_changee: bool,
    is_personne: bool,
    /// It has not said that its telephone may be printed.
    is_tu: bool,
    lien: &'a str,
    telephone: Option<&'a str>,
}

/// Letters written down in one transaction: others may write between two.
const AT_ONCE: usize = 200;

/// Writes the letters that are due; gives how many. Asked twice, it writes nothing more.
pub async fn send(room: &Repertoire, territoire: &Territoire, (edition, relues): (&Edition, &[Relue]), now: Instant) -> Result<usize> {
    if !room.comptes.envoie() {
        return Err(Error::Conflict(
            "aucun serveur de courriel n’est réglé sur cette installation : les épreuves se relisent au téléphone".into(),
        ));
    }
    let due: Vec<&Relue> = relues.iter().filter(|one| is_due(one, now)).collect();
    let mut written = 0;
    for part in due.chunks(AT_ONCE) {
        let tx = room.db.begin().await?;
        for relue in part {
            // Another process, or a second click, may have written this very letter.
            let known = (relue.epreuve.lettres, now);
            if mark_ecrite(&tx, territoire.id, (edition.id, relue.structure), known).await? {
                write_one(room, &tx, (territoire, edition, now), relue).await?;
                written += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(written)
}

async fn write_one(
    room: &Repertoire,
    tx: &impl ConnectionTrait,
    (territoire, edition, now): (&Territoire, &Edition, Instant),
    relue: &Relue,
) -> Result<()> {
    let (Some(courriel), Some(origine)) = (&relue.courriel, room.comptes.origine()) else { return Ok(()) };
    let code = secret::hex(&secret::random::<16>()?);
    let until = now.plus_seconds(LIEN_JOURS * 86_400);
    insert_lien(tx, territoire.id, (&secret::fingerprint(&code), edition.id, relue.structure), (now, until)).await?;
    let lettre = Courriel {
        nom: &relue.nom,
        edition,
        territoire: &territoire.nom,
        clot_le: edition.clot_le.map(ui::format::date),
        is_relance: relue.epreuve.lettres > 0,
        is_changee: relue.epreuve.dite.is_some(),
        is_personne: relue.is_personne,
        is_tu: relue.is_personne && relue.epreuve.telephone != Some(true),
        lien: &format!("{origine}/{}/epreuve/{code}", territoire.slug),
        telephone: territoire.ligne.telephone.as_deref(),
    };
    let rappel = if relue.epreuve.lettres > 0 { "Rappel : " } else { "" };
    let objet = format!("{rappel}votre fiche dans le répertoire {}", edition.annee);
    let texte = lettre.render().map_err(anyhow::Error::from)?;
    room.comptes.post(tx, (territoire.id, now), Lettre { cause: "epreuve", a: courriel, objet: &objet, texte: &texte }).await
}
