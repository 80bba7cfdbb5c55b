//! The table `accueil_en_ligne`.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::FromQueryResult;

/// Who deals with what, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prise {
    pub objet: String,
    pub compte_id: Id,
    pub depuis: Instant,
}

/// Nobody speaks longer with one person; after that, somebody forgot.
const PRISE_SECONDS: i64 = 20 * 60;

/// Takes what waits, unless somebody else is on it; false then. One's own is taken again for as long.
pub async fn take(db: &Db, (territoire, compte): (Id, Id), objet: &str, now: Instant) -> Result<bool> {
    let tx = db.begin().await?;
    let taken = sql::execute(
        &tx,
        "INSERT INTO accueil_en_ligne (territoire_id, objet, compte_id, depuis_at, jusqua_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (territoire_id, objet) DO UPDATE SET compte_id = $3, depuis_at = $4, jusqua_at = $5
         WHERE accueil_en_ligne.jusqua_at <= $4 OR accueil_en_ligne.compte_id = $3",
        values![territoire, objet, compte, now.0, now.plus_seconds(PRISE_SECONDS).0],
    )
    .await?;
    tx.commit().await?;
    Ok(taken > 0)
}

/// Gives one's own back.
pub async fn release(db: &Db, (territoire, compte): (Id, Id), objet: &str) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "DELETE FROM accueil_en_ligne WHERE territoire_id = $1 AND objet = $2 AND compte_id = $3",
        values![territoire, objet, compte],
    )
    .await?;
    Ok(tx.commit().await?)
}

#[derive(FromQueryResult)]
struct PriseRow {
    objet: String,
    compte_id: String,
    depuis_at: i64,
}

/// What somebody is on now.
pub async fn list_prises(db: &Db, territoire: Id, now: Instant) -> Result<Vec<Prise>> {
    let rows: Vec<PriseRow> = sql::list(
        db.read(),
        "SELECT objet, compte_id, depuis_at FROM accueil_en_ligne WHERE territoire_id = $1 AND jusqua_at > $2",
        values![territoire, now.0],
    )
    .await?;
    rows.into_iter().map(|row| Ok(Prise { objet: row.objet, compte_id: row.compte_id.parse()?, depuis: Instant(row.depuis_at) })).collect()
}
