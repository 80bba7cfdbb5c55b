//! What is printed of each structure: of the annuaire of today, or of the table `repertoire_notice` once the edition is frozen.

use annuaire::Service;
use annuaire::storage::export::{StructureDatee, list_structures_between, list_structures_from};
use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};
use territoire::Territoire;

use crate::model::Notice;
use crate::rules::notice::write_notice;

/// Structures read at once.
const PAGE: u32 = 500;

/// As the records stand now, all of the same moment.
pub async fn read_notices(db: &Db, territoire: &Territoire) -> Result<Vec<Notice>> {
    let tx = db.snapshot().await?;
    let (mut notices, mut from) = (vec![], None);
    loop {
        let page = list_structures_from(&tx, territoire.id, from, PAGE).await?;
        let next = page.last().map(|last| last.structure.id);
        notices.extend(page.iter().filter(|datee| Some(datee.structure.id) != from).filter_map(|datee| write(datee, territoire)));
        if next == from {
            return Ok(notices);
        }
        from = next;
    }
}

/// What would be printed of a structure today; none when it is gone, or when nothing that it does reaches the territoire.
pub async fn read_notice(db: &Db, territoire: &Territoire, structure: Id) -> Result<Option<Notice>> {
    let found = list_structures_between(db.read(), territoire.id, (structure, structure)).await?;
    Ok(found.first().and_then(|datee| write(datee, territoire)))
}

fn write(datee: &StructureDatee, territoire: &Territoire) -> Option<Notice> {
    let services: Vec<Service> = datee.services.iter().map(|one| one.service.clone()).collect();
    write_notice(&datee.structure, &services, territoire)
}

#[derive(FromQueryResult)]
struct NoticeRow {
    contenu: String,
}

/// What an edition froze.
pub async fn list_notices(db: &Db, territoire: Id, edition: Id) -> Result<Vec<Notice>> {
    let text = "SELECT contenu FROM repertoire_notice WHERE territoire_id = $1 AND edition_id = $2 ORDER BY structure_id";
    let rows: Vec<NoticeRow> = sql::list(db.read(), text, values![territoire, edition]).await?;
    rows.iter().map(|row| Ok(serde_json::from_str(&row.contenu).map_err(anyhow::Error::from)?)).collect()
}

/// Written once: the edition was not frozen before, in the same transaction.
pub async fn insert_notices(tx: &impl ConnectionTrait, territoire: Id, edition: Id, notices: &[Notice]) -> Result<()> {
    let write = |notice: &Notice| {
        let contenu = serde_json::to_string(notice).map_err(anyhow::Error::from)?;
        Ok(values![territoire, edition, notice.structure, contenu].to_vec())
    };
    sql::upsert_many(tx, &NOTICE, notices.iter().map(write).collect::<Result<_>>()?).await
}

const NOTICE: sql::Target = sql::Target {
    table: "repertoire_notice",
    columns: &["territoire_id", "edition_id", "structure_id", "contenu"],
    key: &["territoire_id", "edition_id", "structure_id"],
    replaced: &[],
};
