//! Logos as they print: those of today, or those that the table `repertoire_logo` kept when the edition was frozen.

use annuaire::storage::logo::{find_contenu, list_contenus};
use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};
use territoire::storage::find_logo;

use crate::model::LogoImprime;
use crate::rules::logo::prepare;

/// As they are today; pictures that do not open are left out.
pub async fn read_logos(db: &Db, territoire: Id) -> Result<Vec<LogoImprime>> {
    let own = find_logo(db, territoire).await?.map(|logo| (territoire, logo.contenu));
    let all = list_contenus(db.read(), territoire).await?;
    // Decoding keeps a processor busy: away from the threads that answer pages.
    let prepared = move || all.into_iter().chain(own).filter_map(|(structure, contenu)| prepare(structure, &contenu)).collect();
    Ok(tokio::task::spawn_blocking(prepared).await.map_err(anyhow::Error::from)?)
}

/// That of a structure, as it is today.
pub async fn read_logo(db: &Db, territoire: Id, structure: Id) -> Result<Option<LogoImprime>> {
    Ok(find_contenu(db, territoire, structure).await?.and_then(|(contenu, _)| prepare(structure, &contenu)))
}

#[derive(FromQueryResult)]
struct LogoRow {
    structure_id: String,
    contenu: Vec<u8>,
    largeur: i64,
    hauteur: i64,
}

/// What an edition froze.
pub async fn list_logos(db: &Db, territoire: Id, edition: Id) -> Result<Vec<LogoImprime>> {
    let text = "SELECT structure_id, contenu, largeur, hauteur FROM repertoire_logo
         WHERE territoire_id = $1 AND edition_id = $2 ORDER BY structure_id";
    let rows: Vec<LogoRow> = sql::list(db.read(), text, values![territoire, edition]).await?;
    let side = |points: i64| u32::try_from(points).map_err(anyhow::Error::from);
    let read = |row: LogoRow| {
        let (largeur, hauteur) = (side(row.largeur)?, side(row.hauteur)?);
        Ok(LogoImprime { structure: row.structure_id.parse()?, contenu: row.contenu, largeur, hauteur })
    };
    rows.into_iter().map(read).collect()
}

/// Written once, with the notices.
pub async fn insert_logos(tx: &impl ConnectionTrait, territoire: Id, edition: Id, logos: &[LogoImprime]) -> Result<()> {
    let write = |logo: &LogoImprime| {
        values![territoire, edition, logo.structure, logo.contenu.clone(), i64::from(logo.largeur), i64::from(logo.hauteur)].to_vec()
    };
    sql::upsert_many(tx, &LOGO, logos.iter().map(write).collect()).await
}

const LOGO: sql::Target = sql::Target {
    table: "repertoire_logo",
    columns: &["territoire_id", "edition_id", "structure_id", "contenu", "largeur", "hauteur"],
    key: &["territoire_id", "edition_id", "structure_id"],
    replaced: &[],
};
