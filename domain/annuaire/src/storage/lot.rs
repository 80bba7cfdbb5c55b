//! The table `annuaire_import`: files being imported.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::import::Rapport;
use crate::lots::{Etat, Lot};

#[derive(FromQueryResult)]
struct LotRow {
    id: String,
    fichier: String,
    etat: String,
    rapport: Option<String>,
}

#[derive(FromQueryResult)]
struct ContenuRow {
    id: String,
    contenu: Option<Vec<u8>>,
}

/// Keeps a file that is about to be verified.
pub async fn insert_lot(db: &Db, territoire: Id, (fichier, contenu): (&str, &[u8]), compte: Id, now: Instant) -> Result<Id> {
    let id = Id::new(now);
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO annuaire_import (territoire_id, id, fichier, contenu, etat, compte_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![territoire, id, fichier, contenu.to_vec(), Etat::Verification.code(), compte, now.0],
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// A file that is being written: its batch, when it did not wait in the database, is known from then on.
pub(crate) async fn insert_importe(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (id, fichier, rapport): (Id, &str, &Rapport),
    now: Instant,
) -> Result<()> {
    let rapport = serde_json::to_string(rapport).map_err(anyhow::Error::from)?;
    sql::execute(
        tx,
        "INSERT INTO annuaire_import (territoire_id, id, fichier, etat, rapport, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (territoire_id, id) DO NOTHING",
        values![territoire, id, fichier, Etat::Importe.code(), rapport, now.0],
    )
    .await?;
    Ok(())
}

/// A file of this territoire.
pub async fn find_lot(db: &Db, territoire: Id, id: Id) -> Result<Option<Lot>> {
    let row: Option<LotRow> = sql::find(
        db.read(),
        "SELECT id, fichier, etat, rapport FROM annuaire_import WHERE territoire_id = $1 AND id = $2",
        values![territoire, id],
    )
    .await?;
    row.map(|row| {
        let rapport = row.rapport.as_deref().map(serde_json::from_str).transpose().map_err(anyhow::Error::from)?.unwrap_or_default();
        let etat = Etat::from_code(&row.etat).unwrap_or(Etat::Refuse);
        Ok(Lot { id: row.id.parse()?, fichier: row.fichier, etat, rapport })
    })
    .transpose()
}

/// The bytes of a file, while they are kept.
pub async fn find_contenu(db: &Db, territoire: Id, id: Id) -> Result<Option<Vec<u8>>> {
    let row: Option<ContenuRow> =
        sql::find(db.read(), "SELECT id, contenu FROM annuaire_import WHERE territoire_id = $1 AND id = $2", values![territoire, id])
            .await?;
    Ok(row.and_then(|row| row.contenu))
}

/// The files of a territoire in a state, with their bytes.
pub async fn list_contenus(db: &Db, territoire: Id, etat: Etat) -> Result<Vec<(Id, Vec<u8>)>> {
    let rows: Vec<ContenuRow> = sql::list(
        db.read(),
        "SELECT id, contenu FROM annuaire_import WHERE territoire_id = $1 AND etat = $2 ORDER BY id",
        values![territoire, etat.code()],
    )
    .await?;
    rows.into_iter().map(|row| Ok((row.id.parse()?, row.contenu.unwrap_or_default()))).collect()
}

/// Moves a file from one state to another; false when it was not in the first one.
pub async fn take_lot(db: &Db, territoire: Id, id: Id, (from, to): (Etat, Etat)) -> Result<bool> {
    let tx = db.begin().await?;
    let taken = sql::execute(
        &tx,
        "UPDATE annuaire_import SET etat = $1 WHERE territoire_id = $2 AND id = $3 AND etat = $4",
        values![to.code(), territoire, id, from.code()],
    )
    .await?;
    tx.commit().await?;
    Ok(taken > 0)
}

/// The new state of a file, and its report when there is a new one. The bytes leave once they are imported.
pub async fn update_lot(db: &Db, territoire: Id, id: Id, (etat, rapport): (Etat, Option<&Rapport>)) -> Result<()> {
    let rapport = rapport.map(serde_json::to_string).transpose().map_err(anyhow::Error::from)?;
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE annuaire_import SET etat = $1, rapport = COALESCE($2, rapport), contenu = CASE WHEN $1 = $3 THEN NULL ELSE contenu END
         WHERE territoire_id = $4 AND id = $5",
        values![etat.code(), rapport, Etat::Importe.code(), territoire, id],
    )
    .await?;
    Ok(tx.commit().await?)
}
