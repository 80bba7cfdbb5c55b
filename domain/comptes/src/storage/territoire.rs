//! What happens to the sessions of a whole territoire.

use kit::{Id, Result, sql, values};
use sea_orm::ConnectionTrait;

/// Closes every session of a territoire; gives how many.
pub async fn close_all_sessions(tx: &impl ConnectionTrait, territoire: Id) -> Result<u64> {
    sql::execute(tx, "DELETE FROM comptes_session WHERE territoire_id = $1", values![territoire]).await
}
