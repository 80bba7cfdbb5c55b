//! The letters of a campaign: written down with the links they carry, in one transaction; `messages` delivers them.

use std::sync::Arc;

use askama::Template;
use comptes::Lettre;
use kit::{Error, Id, Instant, Result, secret};
use territoire::Territoire;

use super::regles::is_due;
use super::{Campagne, Destinataire, LIEN_JOURS, name_a_relire};
use crate::Annuaire;
use crate::storage::recensement::{find_campagne, insert_lien, list_campagnes_ouvertes, list_destinataires, mark_ecrite, mark_envoyee};

#[derive(Template)]
#[template(path = "courriels/recensement.txt")]
struct Recensement<'a> {
    nom: &'a str,
    message: &'a str,
    a_relire: Option<String>,
    territoire: &'a str,
    lien: &'a str,
    jours: i64,
    is_relance: bool,
    telephone: Option<&'a str>,
}

/// Sends a campaign: its first letters are written down at once. Sent twice, it writes nothing more.
pub async fn send(annuaire: &Annuaire, territoire: &Arc<Territoire>, (campagne, now): (Id, Instant)) -> Result<usize> {
    if !annuaire.comptes.envoie() {
        return Err(Error::Conflict(
            "Aucun serveur de courriel n’est réglé sur cette installation : la campagne se mène par téléphone.".into(),
        ));
    }
    mark_envoyee(&annuaire.db, territoire.id, campagne, now).await?;
    let campagne = find_campagne(&annuaire.db, territoire.id, campagne).await?.ok_or(Error::NotFound)?;
    write_due(annuaire, territoire, (&campagne, now)).await
}

/// Writes the reminders that are due, of every campaign of a territoire; gives how many.
pub async fn remind_all(annuaire: &Annuaire, territoire: &Arc<Territoire>, now: Instant) -> Result<usize> {
    let mut written = 0;
    for campagne in list_campagnes_ouvertes(&annuaire.db, territoire.id).await? {
        written += write_due(annuaire, territoire, (&campagne, now)).await?;
    }
    Ok(written)
}

/// As many letters as are written down in one transaction: others may write between two.
const AT_ONCE: usize = 200;

async fn write_due(annuaire: &Annuaire, territoire: &Arc<Territoire>, (campagne, now): (&Campagne, Instant)) -> Result<usize> {
    let all = list_destinataires(&annuaire.db, territoire.id, campagne).await?;
    let due: Vec<&Destinataire> = all.iter().filter(|to| is_due(campagne, to, now)).collect();
    let mut written = 0;
    for part in due.chunks(AT_ONCE) {
        let tx = annuaire.db.begin().await?;
        for to in part {
            // Another process, or a second click, may have written this very letter.
            if mark_ecrite(&tx, territoire.id, (campagne.id, to), now).await? {
                write_one(annuaire, &tx, territoire, (campagne, to, now)).await?;
                written += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(written)
}

async fn write_one(
    annuaire: &Annuaire,
    tx: &impl sea_orm::ConnectionTrait,
    territoire: &Territoire,
    (campagne, to, now): (&Campagne, &Destinataire, Instant),
) -> Result<()> {
    let (Some(courriel), Some(origine)) = (&to.courriel, annuaire.comptes.origine()) else { return Ok(()) };
    let code = secret::hex(&secret::random::<16>()?);
    let until = now.plus_seconds(LIEN_JOURS * 86_400);
    insert_lien(tx, territoire.id, (&secret::fingerprint(&code), campagne.id, to.structure), until).await?;
    let is_relance = to.lettres > 0;
    let lettre = Recensement {
        nom: &to.nom,
        message: &campagne.message,
        a_relire: name_a_relire(&campagne.a_relire),
        territoire: &territoire.nom,
        lien: &format!("{origine}/{}/recensement/{code}", territoire.slug),
        jours: LIEN_JOURS,
        is_relance,
        telephone: territoire.ligne.telephone.as_deref(),
    };
    let objet = if is_relance { format!("Rappel : {}", campagne.titre) } else { campagne.titre.clone() };
    let texte = lettre.render().map_err(anyhow::Error::from)?;
    annuaire.comptes.post(tx, (territoire.id, now), Lettre { cause: "recensement", a: courriel, objet: &objet, texte: &texte }).await
}
