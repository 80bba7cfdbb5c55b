//! What is kept between the two halves of a sign-in by passkey or by an identity provider.

use kit::{Db, Id, Instant, Result, sql, values};

/// Keeps it for the browser that holds the token; what others have left unfinished is swept away.
pub(crate) async fn insert_ceremonie(
    db: &Db,
    territoire: Id,
    (empreinte, etat): (&str, &str),
    (now, until): (Instant, Instant),
) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(&tx, "DELETE FROM comptes_ceremonie WHERE territoire_id = $1 AND expires_at <= $2", values![territoire, now.0]).await?;
    sql::execute(
        &tx,
        "INSERT INTO comptes_ceremonie (territoire_id, empreinte, etat, expires_at) VALUES ($1, $2, $3, $4)",
        values![territoire, empreinte, etat, until.0],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Takes it back, once: an answer played again finds nothing.
pub(crate) async fn take_ceremonie(db: &Db, territoire: Id, empreinte: &str, now: Instant) -> Result<Option<String>> {
    let tx = db.begin().await?;
    let taken = sql::texts(
        &tx,
        "DELETE FROM comptes_ceremonie WHERE territoire_id = $1 AND empreinte = $2 AND expires_at > $3 RETURNING etat",
        values![territoire, empreinte, now.0],
    )
    .await?;
    tx.commit().await?;
    Ok(taken.into_iter().next())
}
