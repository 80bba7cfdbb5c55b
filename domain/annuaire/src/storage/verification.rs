//! The table `annuaire_verification`: when a record was last said to be right.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{VerificationFiche, Voie};

#[derive(FromQueryResult)]
struct VerificationRow {
    at: i64,
    compte_id: Option<String>,
    voie: String,
}

/// The last time somebody said that the record is right.
pub async fn find_verification(db: &Db, territoire: Id, structure: Id) -> Result<Option<VerificationFiche>> {
    let row: Option<VerificationRow> = sql::find(
        db.read(),
        "SELECT at, compte_id, voie FROM annuaire_verification WHERE territoire_id = $1 AND structure_id = $2 ORDER BY at DESC, id DESC LIMIT 1",
        values![territoire, structure],
    )
    .await?;
    row.map(|row| {
        let voie = Voie::from_code(&row.voie).unwrap_or(Voie::Courriel);
        Ok(VerificationFiche { at: Instant(row.at), compte_id: row.compte_id.as_deref().map(str::parse).transpose()?, voie })
    })
    .transpose()
}

pub async fn insert_verification(tx: &impl ConnectionTrait, territoire: Id, structure: Id, verification: &VerificationFiche) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO annuaire_verification (territoire_id, id, structure_id, at, compte_id, voie) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            territoire,
            Id::new(verification.at),
            structure,
            verification.at.0,
            verification.compte_id.map(|id| id.to_string()),
            verification.voie.code()
        ],
    )
    .await?;
    super::qualite::mark_verifiee(tx, territoire, structure, verification.at).await
}
