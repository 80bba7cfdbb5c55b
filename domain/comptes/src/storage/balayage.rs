//! What time has closed, swept away each day: those who sign in sweep links and sessions too, but a territoire where nobody does keeps nothing either.

use kit::{Db, Id, Instant, Result, sql, values};

use crate::rules::session::{DUREE, NAVIGATEUR};

/// Deletes the ceremonies, links, invitations, sessions and browsers whose time is over; gives how many.
pub async fn sweep(db: &Db, territoire: Id, now: Instant) -> Result<u64> {
    let tx = db.begin().await?;
    let mut swept = 0;
    for (delete, limit) in [
        ("DELETE FROM comptes_ceremonie WHERE territoire_id = $1 AND expires_at <= $2", now),
        ("DELETE FROM comptes_lien WHERE territoire_id = $1 AND expires_at <= $2", now),
        ("DELETE FROM comptes_invitation WHERE territoire_id = $1 AND expires_at <= $2", now),
        ("DELETE FROM comptes_session WHERE territoire_id = $1 AND opened_at <= $2", now.plus_seconds(-DUREE)),
        ("DELETE FROM comptes_navigateur WHERE territoire_id = $1 AND seen_at < $2", now.plus_seconds(-NAVIGATEUR)),
    ] {
        swept += sql::execute(&tx, delete, values![territoire, limit.0]).await?;
    }
    tx.commit().await?;
    Ok(swept)
}
