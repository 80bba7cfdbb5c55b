//! The second factor: its secret, encrypted, and the codes kept on paper, as fingerprints.

use kit::coffre::{Coffre, Place};
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// What is held of a second factor, once a first right code has shown that a telephone holds it.
pub(crate) struct Totp {
    pub secret: String,
    /// The step of the last code accepted.
    pub pas: i64,
}

#[derive(FromQueryResult)]
struct TotpRow {
    secret: String,
    pas: i64,
}

const fn place(territoire: Id, compte: Id) -> Place {
    Place { table: "comptes_totp", colonne: "secret", territoire, id: compte }
}

/// One whose secret no longer opens is a fault: signing in without it would be worse.
pub(crate) async fn find_totp(db: &Db, coffre: &Coffre, territoire: Id, compte: Id) -> Result<Option<Totp>> {
    let row: Option<TotpRow> = sql::find(
        db.read(),
        "SELECT secret, pas FROM comptes_totp WHERE territoire_id = $1 AND compte_id = $2 AND confirme_at IS NOT NULL",
        values![territoire, compte],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let secret = coffre.open(place(territoire, compte), &row.secret).map_err(anyhow::Error::from)?;
    Ok(Some(Totp { secret, pas: row.pas }))
}

/// Sets a telephone whose first code, of step `pas`, was right; false when one is set already, which is kept.
pub(crate) async fn insert_totp(
    tx: &impl ConnectionTrait,
    coffre: &Coffre,
    (territoire, compte): (Id, Id),
    (secret, pas, now): (&str, i64, Instant),
) -> Result<bool> {
    let inserted = sql::execute(
        tx,
        "INSERT INTO comptes_totp (territoire_id, compte_id, secret, pas, confirme_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (territoire_id, compte_id) DO UPDATE SET secret = $3, pas = $4, confirme_at = $5
         WHERE comptes_totp.confirme_at IS NULL",
        values![territoire, compte, coffre.seal(place(territoire, compte), secret)?, pas, now.0],
    )
    .await?;
    Ok(inserted == 1)
}

/// Uses the step of a right code; false when another request has just used it, or a later one.
pub(crate) async fn use_pas(tx: &impl ConnectionTrait, (territoire, compte): (Id, Id), pas: i64) -> Result<bool> {
    let used = sql::execute(
        tx,
        "UPDATE comptes_totp SET pas = $3 WHERE territoire_id = $1 AND compte_id = $2 AND pas < $3",
        values![territoire, compte, pas],
    )
    .await?;
    Ok(used == 1)
}

/// The codes kept on paper become these, given by their fingerprints.
pub(crate) async fn replace_secours(tx: &impl ConnectionTrait, (territoire, compte): (Id, Id), empreintes: &[String]) -> Result<()> {
    sql::execute(tx, "DELETE FROM comptes_secours WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte]).await?;
    for empreinte in empreintes {
        sql::execute(
            tx,
            "INSERT INTO comptes_secours (territoire_id, compte_id, empreinte) VALUES ($1, $2, $3)",
            values![territoire, compte, empreinte.as_str()],
        )
        .await?;
    }
    Ok(())
}

/// Uses a code kept on paper up; false when it is not one.
pub(crate) async fn use_secours(tx: &impl ConnectionTrait, (territoire, compte): (Id, Id), empreinte: &str) -> Result<bool> {
    let used = sql::execute(
        tx,
        "DELETE FROM comptes_secours WHERE territoire_id = $1 AND compte_id = $2 AND empreinte = $3",
        values![territoire, compte, empreinte],
    )
    .await?;
    Ok(used == 1)
}

/// For somebody who lost their telephone: the next sign-in asks to set a new one.
pub(crate) async fn delete_second_facteur(tx: &impl ConnectionTrait, territoire: Id, compte: Id) -> Result<()> {
    replace_secours(tx, (territoire, compte), &[]).await?;
    sql::execute(tx, "DELETE FROM comptes_totp WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte]).await?;
    Ok(())
}

/// A session that has shown its second proof goes on under a new token: whoever knew the former has nothing.
pub(crate) async fn raise_session(tx: &impl ConnectionTrait, territoire: Id, session: Id, empreinte: &str) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE comptes_session SET second_facteur = TRUE, empreinte = $3 WHERE territoire_id = $1 AND id = $2",
        values![territoire, session, empreinte],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct SealedRow {
    territoire_id: String,
    compte_id: String,
    secret: String,
}

/// Every secret written again with the newest key; gives how many, and how many no longer open.
pub async fn rechiffrer(db: &Db, coffre: &Coffre) -> Result<(u64, u64)> {
    let (mut done, mut illisibles) = (0, 0);
    let tx = db.begin().await?;
    let text = "SELECT territoire_id, compte_id, secret FROM comptes_totp WHERE secret NOT LIKE $1";
    let rows: Vec<SealedRow> = sql::list(&tx, text, values![format!("{}%", coffre.newest_prefix())]).await?;
    for row in rows {
        let (territoire, compte): (Id, Id) = (row.territoire_id.parse()?, row.compte_id.parse()?);
        let Ok(secret) = coffre.open(place(territoire, compte), &row.secret) else {
            illisibles += 1;
            continue;
        };
        let sealed = coffre.seal(place(territoire, compte), &secret)?;
        sql::execute(
            &tx,
            "UPDATE comptes_totp SET secret = $3 WHERE territoire_id = $1 AND compte_id = $2",
            values![territoire, compte, sealed],
        )
        .await?;
        done += 1;
    }
    tx.commit().await?;
    Ok((done, illisibles))
}
