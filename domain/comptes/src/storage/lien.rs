//! Links sent by e-mail, used once; browsers from which somebody already signed in.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::ConnectionTrait;

/// A link that opens a session; those sent before to the same person open nothing any more, nor do those that time has closed.
pub(crate) async fn insert_lien(
    tx: &impl ConnectionTrait,
    (territoire, compte): (Id, Id),
    (empreinte, now, until): (&str, Instant, Instant),
) -> Result<()> {
    sql::execute(
        tx,
        "DELETE FROM comptes_lien WHERE territoire_id = $1 AND (compte_id = $2 OR expires_at <= $3)",
        values![territoire, compte, now.0],
    )
    .await?;
    sql::execute(
        tx,
        "INSERT INTO comptes_lien (territoire_id, empreinte, compte_id, expires_at) VALUES ($1, $2, $3, $4)",
        values![territoire, empreinte, compte, until.0],
    )
    .await?;
    Ok(())
}

/// Whether a link would open something.
pub(crate) async fn is_lien(db: &Db, territoire: Id, empreinte: &str, now: Instant) -> Result<bool> {
    let count = sql::number(
        db.read(),
        "SELECT COUNT(*) FROM comptes_lien l JOIN comptes_compte c ON c.territoire_id = l.territoire_id AND c.id = l.compte_id
         WHERE l.territoire_id = $1 AND l.empreinte = $2 AND l.expires_at > $3 AND c.desactive_at IS NULL",
        values![territoire, empreinte, now.0],
    )
    .await?;
    Ok(count > 0)
}

/// Uses a link up: whom it was for, once.
pub(crate) async fn use_lien(tx: &impl ConnectionTrait, territoire: Id, empreinte: &str, now: Instant) -> Result<Option<Id>> {
    let used = sql::texts(
        tx,
        "DELETE FROM comptes_lien WHERE territoire_id = $1 AND empreinte = $2 AND expires_at > $3 RETURNING compte_id",
        values![territoire, empreinte, now.0],
    )
    .await?;
    used.first().map(|id| id.parse()).transpose()
}

/// What is known of a browser that signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Navigateur {
    /// This account already signed in from it.
    Connu,
    /// It is the first one of this account.
    Premier,
    Nouveau,
}

/// Marks that an account signs in from this browser; says whether it already did.
pub(crate) async fn mark_navigateur(
    tx: &impl ConnectionTrait,
    (territoire, compte): (Id, Id),
    (empreinte, now): (&str, Instant),
) -> Result<Navigateur> {
    let seen = sql::execute(
        tx,
        "UPDATE comptes_navigateur SET seen_at = $4 WHERE territoire_id = $1 AND compte_id = $2 AND empreinte = $3",
        values![territoire, compte, empreinte, now.0],
    )
    .await?;
    if seen > 0 {
        return Ok(Navigateur::Connu);
    }
    let others =
        sql::number(tx, "SELECT COUNT(*) FROM comptes_navigateur WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte])
            .await?;
    sql::execute(
        tx,
        "INSERT INTO comptes_navigateur (territoire_id, empreinte, compte_id, seen_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        values![territoire, empreinte, compte, now.0],
    )
    .await?;
    Ok(if others == 0 { Navigateur::Premier } else { Navigateur::Nouveau })
}
