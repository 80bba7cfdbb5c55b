//! The table `annuaire_colonnes`: what people said of the columns of their files.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::FromQueryResult;

use crate::import::{Appris, Association, find_empreinte};

#[derive(FromQueryResult)]
struct AssociationRow {
    empreinte: String,
    associations: String,
}

/// All that this territoire taught.
pub async fn list_appris(db: &Db, territoire: Id) -> Result<Appris> {
    let rows: Vec<AssociationRow> =
        sql::list(db.read(), "SELECT empreinte, associations FROM annuaire_colonnes WHERE territoire_id = $1", values![territoire]).await?;
    Ok(Appris::new(rows.into_iter().map(|row| (row.empreinte, Association::parse(&row.associations)))))
}

/// Keeps what somebody says of files with these titles; the last word replaces the one before.
pub async fn save_association(
    db: &Db,
    territoire: Id,
    (titres, association): (&[String], &Association),
    compte: Id,
    now: Instant,
) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO annuaire_colonnes (territoire_id, empreinte, associations, compte_id, updated_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (territoire_id, empreinte)
         DO UPDATE SET associations = excluded.associations, compte_id = excluded.compte_id, updated_at = excluded.updated_at",
        values![territoire, find_empreinte(titres), association.write(), compte, now.0],
    )
    .await?;
    Ok(tx.commit().await?)
}
