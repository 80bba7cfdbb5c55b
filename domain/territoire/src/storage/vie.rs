//! What changes of a territoire once it exists: the face it shows, and that it leaves.

use kit::secret::hex;
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};

use crate::{Fermeture, Logo, Territoire};

/// Writes its name, its colours and its line; refused with a sentence when it is not one any more.
pub async fn update_apparence(tx: &impl ConnectionTrait, territoire: &Territoire) -> Result<()> {
    territoire.check().map_err(|refusal| kit::Error::Conflict(refusal.to_string()))?;
    sql::execute(
        tx,
        "UPDATE territoire_territoire SET nom = $2, couleur = $3, couleur_accent = $4, ligne_telephone = $5, ligne_horaires = $6,
           revision = revision + 1
         WHERE id = $1",
        values![
            territoire.id,
            territoire.nom.as_str(),
            territoire.couleurs.principale.as_str(),
            territoire.couleurs.accent.as_str(),
            territoire.ligne.telephone.clone(),
            territoire.ligne.horaires.clone()
        ],
    )
    .await?;
    Ok(())
}

/// Another logo, or none any more.
pub async fn replace_logo(tx: &impl ConnectionTrait, territoire: Id, logo: Option<&Logo>) -> Result<()> {
    sql::execute(tx, "DELETE FROM territoire_logo WHERE territoire_id = $1", values![territoire]).await?;
    if let Some(logo) = logo {
        let empreinte = hex(&Sha256::digest(&logo.contenu)[..8]);
        sql::execute(
            tx,
            "INSERT INTO territoire_logo (territoire_id, nature, contenu, empreinte) VALUES ($1, $2, $3, $4)",
            values![territoire, logo.nature, logo.contenu.clone(), empreinte],
        )
        .await?;
    }
    touch(tx, territoire).await
}

#[derive(FromQueryResult)]
struct LogoRow {
    contenu: Vec<u8>,
}

/// Its bytes, which say what they are.
pub async fn find_logo(db: &Db, territoire: Id) -> Result<Option<Logo>> {
    let row: Option<LogoRow> =
        sql::find(db.read(), "SELECT contenu FROM territoire_logo WHERE territoire_id = $1", values![territoire]).await?;
    Ok(row.and_then(|row| Logo::parse(row.contenu).ok()))
}

pub(super) async fn touch(tx: &impl ConnectionTrait, territoire: Id) -> Result<()> {
    sql::execute(tx, "UPDATE territoire_territoire SET revision = revision + 1 WHERE id = $1", values![territoire]).await?;
    Ok(())
}

/// Notes that everything it holds was exported.
pub async fn mark_exporte(tx: &impl ConnectionTrait, territoire: Id, now: Instant) -> Result<()> {
    sql::execute(tx, "UPDATE territoire_territoire SET exporte_at = $2 WHERE id = $1", values![territoire, now.0]).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct ExporteRow {
    exporte_at: Option<i64>,
}

/// When everything it holds was last exported.
pub async fn find_exporte_at(db: &Db, territoire: Id) -> Result<Option<Instant>> {
    let row: Option<ExporteRow> =
        sql::find(db.read(), "SELECT exporte_at FROM territoire_territoire WHERE id = $1", values![territoire]).await?;
    Ok(row.and_then(|row| row.exporte_at).map(Instant))
}

/// From now on its site says that it has left; what it holds is erased from `efface_at` on.
pub async fn close(tx: &impl ConnectionTrait, territoire: Id, fermeture: Fermeture) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE territoire_territoire SET ferme_at = $2, efface_at = $3, revision = revision + 1 WHERE id = $1",
        values![territoire, fermeture.ferme_at.0, fermeture.efface_at.0],
    )
    .await?;
    Ok(())
}

/// As before it left.
pub async fn reopen(tx: &impl ConnectionTrait, territoire: Id) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE territoire_territoire SET ferme_at = NULL, efface_at = NULL, revision = revision + 1 WHERE id = $1",
        values![territoire],
    )
    .await?;
    Ok(())
}
