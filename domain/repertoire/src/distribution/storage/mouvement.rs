//! Copies carried to places and back.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::NaiveDate;
use kit::{Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::distribution::{Flux, Mouvement, NatureMouvement};

/// Makes others wait who would carry copies of this edition, or move this place: a stock is read, then taken from.
/// False when the edition is gone, or the place is not of this territoire.
pub async fn lock(tx: &impl ConnectionTrait, territoire: Id, edition: Id, point: Option<Id>) -> Result<bool> {
    let text = "UPDATE repertoire_edition SET titre = titre WHERE territoire_id = $1 AND id = $2";
    let is_held = sql::execute(tx, text, values![territoire, edition]).await? == 1;
    let Some(point) = point.filter(|_| is_held) else { return Ok(is_held) };
    let text = "UPDATE repertoire_point SET ordre = ordre WHERE territoire_id = $1 AND id = $2";
    Ok(sql::execute(tx, text, values![territoire, point]).await? == 1)
}

#[derive(FromQueryResult)]
struct FluxRow {
    point_id: String,
    nature: String,
    exemplaires: i64,
}

/// By place; those where nothing was carried are not in it.
pub async fn list_flux(db: &impl ConnectionTrait, territoire: Id, edition: Id) -> Result<BTreeMap<Id, Flux>> {
    let text = "SELECT point_id, nature, CAST(SUM(exemplaires) AS BIGINT) AS exemplaires FROM repertoire_mouvement
         WHERE territoire_id = $1 AND edition_id = $2 GROUP BY point_id, nature";
    let rows: Vec<FluxRow> = sql::list(db, text, values![territoire, edition]).await?;
    let mut flux: BTreeMap<Id, Flux> = BTreeMap::new();
    for row in rows {
        flux.entry(row.point_id.parse()?).or_default().add(read_nature(&row.nature)?, row.exemplaires);
    }
    Ok(flux)
}

fn read_nature(code: &str) -> Result<NatureMouvement> {
    Ok(NatureMouvement::from_code(code).with_context(|| format!("kind {code:?} of a movement"))?)
}

#[derive(FromQueryResult)]
struct MouvementRow {
    id: String,
    point_id: String,
    nature: String,
    exemplaires: i64,
    le: String,
    auteur_id: String,
    created_at: i64,
}

impl MouvementRow {
    fn read(self) -> Result<Mouvement> {
        Ok(Mouvement {
            id: self.id.parse()?,
            point: self.point_id.parse()?,
            nature: read_nature(&self.nature)?,
            exemplaires: self.exemplaires,
            le: self.le.parse::<NaiveDate>().map_err(anyhow::Error::from)?,
            auteur: self.auteur_id.parse()?,
            created_at: Instant(self.created_at),
        })
    }
}

/// Those of a place for an edition, the last one first.
pub async fn list_mouvements(db: &impl ConnectionTrait, territoire: Id, edition: Id, point: Id) -> Result<Vec<Mouvement>> {
    let text = "SELECT id, point_id, nature, exemplaires, le, auteur_id, created_at FROM repertoire_mouvement
         WHERE territoire_id = $1 AND edition_id = $2 AND point_id = $3 ORDER BY le DESC, created_at DESC, id DESC";
    let rows: Vec<MouvementRow> = sql::list(db, text, values![territoire, edition, point]).await?;
    rows.into_iter().map(MouvementRow::read).collect()
}

/// False when this movement is already written: a form that is sent twice is written once.
pub async fn insert_mouvement(tx: &impl ConnectionTrait, territoire: Id, edition: Id, mouvement: &Mouvement) -> Result<bool> {
    let text = "INSERT INTO repertoire_mouvement (territoire_id, id, edition_id, point_id, nature, exemplaires, le, auteur_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (territoire_id, id) DO NOTHING";
    let known = values![
        territoire,
        mouvement.id,
        edition,
        mouvement.point,
        mouvement.nature.code(),
        mouvement.exemplaires,
        mouvement.le.to_string(),
        mouvement.auteur,
        mouvement.created_at.0
    ];
    Ok(sql::execute(tx, text, known).await? == 1)
}

/// Those of a whole round, each new.
pub async fn insert_mouvements(tx: &impl ConnectionTrait, territoire: Id, edition: Id, mouvements: &[Mouvement]) -> Result<()> {
    let write = |one: &Mouvement| {
        let (le, created_at) = (one.le.to_string(), one.created_at.0);
        values![territoire, one.id, edition, one.point, one.nature.code(), one.exemplaires, le, one.auteur, created_at].to_vec()
    };
    sql::upsert_many(tx, &MOUVEMENT, mouvements.iter().map(write).collect()).await
}

const MOUVEMENT: sql::Target = sql::Target {
    table: "repertoire_mouvement",
    columns: &["territoire_id", "id", "edition_id", "point_id", "nature", "exemplaires", "le", "auteur_id", "created_at"],
    key: &["territoire_id", "id"],
    replaced: &[],
};

pub async fn delete_mouvement(tx: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<()> {
    let text = "DELETE FROM repertoire_mouvement WHERE territoire_id = $1 AND id = $2";
    sql::execute(tx, text, values![territoire, id]).await?;
    Ok(())
}
