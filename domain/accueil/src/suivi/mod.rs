//! How a person follows their demande: by the secret link, or by six characters that can be read over the telephone.

mod frein;
pub mod rules;
pub mod storage;

pub use frein::Freins;

use kit::{Error, Id, Instant, Result};
use sea_orm::ConnectionTrait;

use crate::Accueil;
use crate::acces::CodeAcces;
use crate::model::{Demande, Issue, Reglage};
use crate::prise_en_charge::rules::add_ouvres;
use crate::storage::{find_demande, find_reglage, insert_acces, update_issue_in};

/// The code to read to the person, « K7M 4PX »; none once the demande is erased.
pub async fn code_of(reader: &impl ConnectionTrait, coffre: &kit::Coffre, territoire: Id, demande: Id) -> Result<Option<String>> {
    Ok(storage::find_code(reader, coffre, territoire, demande).await?.map(|code| rules::spell(&code)))
}

/// Opens a demande by its code: gives a secret link, from which all the rights of the person are reached. None: the code or the four
/// digits are not right, and nothing says which.
pub async fn open(accueil: &Accueil, territoire: Id, (code, chiffres): (&str, &str), now: Instant) -> Result<Option<CodeAcces>> {
    let Some(code) = rules::parse(code) else { return Ok(None) };
    let Some(id) = storage::find_by_code(&accueil.db, &accueil.coffre, territoire, &code).await? else { return Ok(None) };
    let Some(demande) = find_demande(&accueil.db, &accueil.coffre, territoire, id).await? else { return Ok(None) };
    if !rules::has_chiffres(demande.detail.rappel.telephone.as_deref(), chiffres) {
        return Ok(None);
    }
    let lien = CodeAcces::draw()?;
    let tx = accueil.db.begin().await?;
    insert_acces(&tx, (territoire, id), &lien, now).await?;
    tx.commit().await?;
    Ok(Some(lien))
}

/// « Toujours pas de solution »: the demande is to be called back, with a date. One promised already keeps the nearer date.
pub async fn reopen(accueil: &Accueil, demande: &Demande, (auteur, now): (Option<Id>, Instant)) -> Result<Instant> {
    let territoire = demande.detail.territoire_id;
    if demande.efface_at.is_some() {
        return Err(Error::Conflict("Cette demande a été effacée : elle ne se rouvre plus.".into()));
    }
    let jours = find_reglage(&accueil.db, territoire, Reglage::RappelJours).await?;
    let promise = add_ouvres(now, jours);
    let tx = accueil.db.begin().await?;
    if demande.detail.issue != Some(Issue::ARappeler) {
        update_issue_in(&tx, demande, (Issue::ARappeler, None), (auteur, now)).await?;
    }
    let kept = storage::promise_in(&tx, (territoire, demande.id), promise).await?;
    tx.commit().await?;
    Ok(kept)
}
