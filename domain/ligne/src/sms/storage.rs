//! SMS that came, and what was answered. The number is kept as a keyed fingerprint only; the answer says nothing of the person.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// Whose SMS these are: the territoire, and the fingerprint of the number.
pub type Correspondant<'a> = (Id, &'a str);

/// One SMS that came, and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recu {
    pub cle: String,
    pub nature: &'static str,
    /// Codes, while the commune is still to be chosen.
    pub besoins: Vec<String>,
    pub choix: Vec<String>,
    pub reponse: String,
}

/// What was answered to this very SMS, when it has come before.
pub async fn find_reponse(db: &Db, territoire: Id, cle: &str) -> Result<Option<String>> {
    let found =
        sql::texts(db.read(), "SELECT reponse FROM ligne_sms WHERE territoire_id = $1 AND cle = $2", values![territoire, cle]).await?;
    Ok(found.into_iter().next())
}

#[derive(FromQueryResult)]
struct ChoixRow {
    besoins: String,
    choix: String,
}

/// The needs and the communes that this number was last asked to choose among, since a moment.
pub async fn find_choix(db: &Db, (territoire, empreinte): Correspondant<'_>, since: Instant) -> Result<Option<(Vec<String>, Vec<String>)>> {
    let row: Option<ChoixRow> = sql::find(
        db.read(),
        "SELECT besoins, choix FROM ligne_sms
         WHERE territoire_id = $1 AND empreinte = $2 AND received_at >= $3 AND choix <> '' ORDER BY received_at DESC, id DESC LIMIT 1",
        values![territoire, empreinte, since.0],
    )
    .await?;
    let split = |codes: &str| codes.split_whitespace().map(str::to_string).collect();
    Ok(row.map(|row| (split(&row.besoins), split(&row.choix))))
}

/// How many SMS of this nature came from this number since a moment and were answered; of any nature when it is empty.
pub async fn count_answered(db: &Db, (territoire, empreinte): Correspondant<'_>, nature: &str, since: Instant) -> Result<i64> {
    sql::number(
        db.read(),
        "SELECT COUNT(*) FROM ligne_sms
         WHERE territoire_id = $1 AND empreinte = $2 AND received_at >= $3 AND reponse <> '' AND ($4 = '' OR nature = $4)",
        values![territoire, empreinte, since.0, nature],
    )
    .await
}

/// Writes an SMS down with its answer; the same one twice is one.
pub async fn insert_recu(tx: &impl ConnectionTrait, (territoire, empreinte): Correspondant<'_>, recu: &Recu, now: Instant) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO ligne_sms (territoire_id, id, cle, empreinte, received_at, nature, besoins, choix, reponse)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (territoire_id, cle) DO NOTHING",
        values![
            territoire,
            Id::new(now),
            recu.cle.as_str(),
            empreinte,
            now.0,
            recu.nature,
            recu.besoins.join(" "),
            recu.choix.join(" "),
            recu.reponse.as_str()
        ],
    )
    .await?;
    Ok(())
}

/// Forgets SMS that came before `limit`.
pub async fn erase_before(db: &Db, territoire: Id, limit: Instant) -> Result<u64> {
    let tx = db.begin().await?;
    let erased =
        sql::execute(&tx, "DELETE FROM ligne_sms WHERE territoire_id = $1 AND received_at < $2", values![territoire, limit.0]).await?;
    tx.commit().await?;
    Ok(erased)
}
