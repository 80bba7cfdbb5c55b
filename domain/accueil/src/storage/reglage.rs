//! What a territoire set of its accueil.

use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::model::Reglage;

#[derive(FromQueryResult)]
struct Row {
    nom: String,
    valeur: i64,
}

/// The values of a territoire: its own, else those of the program.
pub async fn list_reglages(db: &Db, territoire: Id) -> Result<Vec<(Reglage, u32)>> {
    let rows: Vec<Row> =
        sql::list(db.read(), "SELECT nom, valeur FROM accueil_reglage WHERE territoire_id = $1", values![territoire]).await?;
    let find = |reglage: Reglage| {
        let own = rows.iter().find(|row| row.nom == reglage.code()).and_then(|row| u32::try_from(row.valeur).ok());
        own.unwrap_or(reglage.bornes().1)
    };
    Ok(Reglage::ALL.iter().map(|reglage| (*reglage, find(*reglage))).collect())
}

pub async fn find_reglage(db: &Db, territoire: Id, reglage: Reglage) -> Result<u32> {
    let all = list_reglages(db, territoire).await?;
    Ok(all.into_iter().find(|(one, _)| *one == reglage).map_or(reglage.bornes().1, |(_, valeur)| valeur))
}

pub async fn set_reglage_in(tx: &impl ConnectionTrait, territoire: Id, (reglage, valeur): (Reglage, u32)) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO accueil_reglage (territoire_id, nom, valeur) VALUES ($1, $2, $3)
         ON CONFLICT (territoire_id, nom) DO UPDATE SET valeur = $3",
        values![territoire, reglage.code(), i64::from(valeur)],
    )
    .await?;
    Ok(())
}
