//! What hangs on the demande of a person and goes with it, whatever the table: read from the register of columns, so that a room
//! above the accueil is erased in the same transaction without the accueil knowing of it.

use kit::{Id, Result, sql, values};
use sea_orm::ConnectionTrait;

use crate::colonnes::list_colonnes;

/// What the register says of a `demande_id` whose whole row leaves with the demande.
const AVEC_LA_DEMANDE: &str = "avec-la-demande";

/// Erases every row that hangs on a demande; gives how many.
pub async fn erase(tx: &impl ConnectionTrait, (territoire, demande): (Id, Id)) -> Result<u64> {
    let mut erased = 0;
    for one in list_colonnes()?.iter().filter(|one| one.colonne == "demande_id" && one.conservation.code == AVEC_LA_DEMANDE) {
        let text = format!("DELETE FROM {} WHERE territoire_id = $1 AND demande_id = $2", one.table);
        erased += sql::execute(tx, &text, values![territoire, demande]).await?;
    }
    Ok(erased)
}
