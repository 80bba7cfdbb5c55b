//! The table `annuaire_changement`: which structure each of the last writes was about.

use std::collections::HashSet;

use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{JOURS_PAR_REVISION, touch};

/// A process that is later than this reads everything again.
const GARDEES: i64 = 500;
/// Beyond, reading them one by one costs more than reading everything.
const AU_PLUS: usize = 200;

/// One more write, about one structure.
pub(super) async fn touch_structure(tx: &impl ConnectionTrait, territoire: Id, structure: Id) -> Result<()> {
    touch(tx, territoire).await?;
    sql::execute(
        tx,
        "INSERT INTO annuaire_changement (territoire_id, revision, structure_id)
         SELECT territoire_id, revision, $2 FROM annuaire_revision WHERE territoire_id = $1",
        values![territoire, structure],
    )
    .await?;
    sql::execute(
        tx,
        "DELETE FROM annuaire_changement WHERE territoire_id = $1
           AND revision < (SELECT revision FROM annuaire_revision WHERE territoire_id = $1) - $2",
        values![territoire, GARDEES],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct ChangementRow {
    revision: i64,
    structure_id: String,
}

/// The structures that changed after a revision, up to another (`list_revisions`); none when it cannot be told: a write was
/// about many, is too old, or there are too many of them.
pub async fn list_changees(db: &Db, territoire: Id, (after, upto): (i64, i64)) -> Result<Option<HashSet<Id>>> {
    let (after, upto) = (after / JOURS_PAR_REVISION, upto / JOURS_PAR_REVISION);
    if upto <= after || upto - after > GARDEES {
        return Ok(None);
    }
    let text = "SELECT revision, structure_id FROM annuaire_changement WHERE territoire_id = $1 AND revision > $2 AND revision <= $3";
    let rows: Vec<ChangementRow> = sql::list(db.read(), text, values![territoire, after, upto]).await?;
    let told: HashSet<i64> = rows.iter().map(|row| row.revision).collect();
    let changees = rows.iter().map(|row| row.structure_id.parse()).collect::<Result<HashSet<Id>, _>>()?;
    let is_whole = i64::try_from(told.len()).is_ok_and(|told| told == upto - after);
    Ok((is_whole && changees.len() <= AU_PLUS).then_some(changees))
}
