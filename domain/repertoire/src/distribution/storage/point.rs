//! Places where copies are left.

use anyhow::Context;
use kit::{Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};
use territoire::CodeInsee;

use crate::distribution::{NaturePoint, Point};

#[derive(FromQueryResult)]
struct PointRow {
    id: String,
    nom: String,
    nature: String,
    code_insee: String,
    adresse: Option<String>,
    eleves: Option<i32>,
    tournee: String,
    ordre: i32,
    retire_at: Option<i64>,
}

impl PointRow {
    fn read(self) -> Result<Point> {
        Ok(Point {
            id: self.id.parse()?,
            nom: self.nom,
            nature: NaturePoint::from_code(&self.nature).with_context(|| format!("kind {:?} of a place", self.nature))?,
            commune: CodeInsee::parse(&self.code_insee).map_err(anyhow::Error::from)?,
            adresse: self.adresse,
            eleves: self.eleves,
            tournee: self.tournee,
            ordre: self.ordre,
            retire_at: self.retire_at.map(Instant),
        })
    }
}

const COLUMNS: &str = "id, nom, nature, code_insee, adresse, eleves, tournee, ordre, retire_at";

/// Those in use and those that were.
pub async fn list_points(db: &impl ConnectionTrait, territoire: Id) -> Result<Vec<Point>> {
    let text = format!("SELECT {COLUMNS} FROM repertoire_point WHERE territoire_id = $1 ORDER BY tournee, ordre, nom, id");
    let rows: Vec<PointRow> = sql::list(db, &text, values![territoire]).await?;
    rows.into_iter().map(PointRow::read).collect()
}

pub async fn find_point(db: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<Option<Point>> {
    let text = format!("SELECT {COLUMNS} FROM repertoire_point WHERE territoire_id = $1 AND id = $2");
    let row: Option<PointRow> = sql::find(db, &text, values![territoire, id]).await?;
    row.map(PointRow::read).transpose()
}

pub async fn insert_points(tx: &impl ConnectionTrait, territoire: Id, points: &[Point]) -> Result<()> {
    let write = |point: &Point| {
        values![
            territoire,
            point.id,
            point.nom.as_str(),
            point.nature.code(),
            point.commune.as_str(),
            point.adresse.as_deref(),
            point.eleves,
            point.tournee.as_str(),
            point.ordre,
            point.retire_at.map(|at| at.0)
        ]
        .to_vec()
    };
    sql::upsert_many(tx, &POINT, points.iter().map(write).collect()).await
}

const POINT: sql::Target = sql::Target {
    table: "repertoire_point",
    columns: &["territoire_id", "id", "nom", "nature", "code_insee", "adresse", "eleves", "tournee", "ordre", "retire_at"],
    key: &["territoire_id", "id"],
    replaced: &[],
};

/// All but whether it is in use.
pub async fn update_point(tx: &impl ConnectionTrait, territoire: Id, point: &Point) -> Result<()> {
    let text = "UPDATE repertoire_point SET nom = $3, nature = $4, code_insee = $5, adresse = $6, eleves = $7, tournee = $8, ordre = $9
         WHERE territoire_id = $1 AND id = $2";
    let known = values![
        territoire,
        point.id,
        point.nom.as_str(),
        point.nature.code(),
        point.commune.as_str(),
        point.adresse.as_deref(),
        point.eleves,
        point.tournee.as_str(),
        point.ordre
    ];
    sql::execute(tx, text, known).await?;
    Ok(())
}

/// Takes a place out of use at a moment, or puts it back; false when it already was so.
pub async fn retire_point(tx: &impl ConnectionTrait, territoire: Id, id: Id, at: Option<Instant>) -> Result<bool> {
    let text = "UPDATE repertoire_point SET retire_at = $3
         WHERE territoire_id = $1 AND id = $2 AND (retire_at IS NULL) = (CAST($3 AS BIGINT) IS NOT NULL)";
    Ok(sql::execute(tx, text, values![territoire, id, at.map(|at| at.0)]).await? == 1)
}

/// Whether something was ever carried there, whatever the edition.
pub async fn has_mouvements(db: &impl ConnectionTrait, territoire: Id, point: Id) -> Result<bool> {
    let text = "SELECT COUNT(*) FROM repertoire_mouvement WHERE territoire_id = $1 AND point_id = $2";
    Ok(sql::number(db, text, values![territoire, point]).await? > 0)
}
