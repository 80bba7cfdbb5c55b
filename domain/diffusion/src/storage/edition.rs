//! Editions and their files.

use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::Edition;

/// A file of an edition, without what it holds.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FichierPublie {
    pub edition: String,
    pub nom: String,
    pub octets: i64,
    pub empreinte: String,
}

/// A file of an edition, compressed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FichierContenu {
    pub empreinte: String,
    pub created_at: i64,
    pub contenu: Vec<u8>,
}

/// Editions of a territoire, the last one first.
pub async fn list_editions(db: &impl ConnectionTrait, territoire: Id) -> Result<Vec<Edition>> {
    sql::list(
        db,
        "SELECT nom, created_at, revision, structures, services FROM diffusion_edition
         WHERE territoire_id = $1 ORDER BY created_at DESC, nom DESC",
        values![territoire],
    )
    .await
}

/// The files of all its editions, by name.
pub async fn list_fichiers(db: &Db, territoire: Id) -> Result<Vec<FichierPublie>> {
    let text = "SELECT edition, nom, octets, empreinte FROM diffusion_fichier WHERE territoire_id = $1 ORDER BY edition, nom";
    sql::list(db.read(), text, values![territoire]).await
}

pub async fn find_contenu(db: &Db, territoire: Id, edition: &str, nom: &str) -> Result<Option<FichierContenu>> {
    sql::find(
        db.read(),
        "SELECT f.empreinte, e.created_at, f.contenu FROM diffusion_fichier f
         JOIN diffusion_edition e ON e.territoire_id = f.territoire_id AND e.nom = f.edition
         WHERE f.territoire_id = $1 AND f.edition = $2 AND f.nom = $3",
        values![territoire, edition, nom],
    )
    .await
}

pub async fn insert_edition(tx: &impl ConnectionTrait, territoire: Id, edition: &Edition) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO diffusion_edition (territoire_id, nom, created_at, revision, structures, services) VALUES ($1, $2, $3, $4, $5, $6)",
        values![territoire, edition.nom.as_str(), edition.created_at, edition.revision, edition.structures, edition.services],
    )
    .await?;
    Ok(())
}

/// Writes a file; `contenu` is compressed, `fichier` says what it is once open.
pub async fn insert_fichier(tx: &impl ConnectionTrait, territoire: Id, fichier: &FichierPublie, contenu: Vec<u8>) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO diffusion_fichier (territoire_id, edition, nom, octets, empreinte, contenu) VALUES ($1, $2, $3, $4, $5, $6)",
        values![territoire, fichier.edition.as_str(), fichier.nom.as_str(), fichier.octets, fichier.empreinte.as_str(), contenu],
    )
    .await?;
    Ok(())
}

pub async fn delete_edition(tx: &impl ConnectionTrait, territoire: Id, nom: &str) -> Result<()> {
    sql::execute(tx, "DELETE FROM diffusion_fichier WHERE territoire_id = $1 AND edition = $2", values![territoire, nom]).await?;
    sql::execute(tx, "DELETE FROM diffusion_edition WHERE territoire_id = $1 AND nom = $2", values![territoire, nom]).await?;
    Ok(())
}
