//! The table `observatoire_cible`: what each indicator must reach on a territoire.

use std::collections::BTreeMap;

use anyhow::Context;
use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::indicateurs::objectif::{Objectif, Sens};
use crate::rules::mois::Mois;

#[derive(FromQueryResult)]
struct CibleRow {
    indicateur: String,
    dixiemes: i64,
    sens: String,
    echeance: String,
    responsable_id: String,
}

impl CibleRow {
    fn read(self) -> Result<(String, Objectif)> {
        let objectif = Objectif {
            dixiemes: self.dixiemes,
            sens: Sens::from_code(&self.sens).with_context(|| format!("sens {:?}", self.sens))?,
            echeance: Mois::parse(&self.echeance).with_context(|| format!("month {:?}", self.echeance))?,
            responsable: self.responsable_id.parse()?,
        };
        Ok((self.indicateur, objectif))
    }
}

/// By code of indicator.
pub async fn list_objectifs(db: &Db, territoire: Id) -> Result<BTreeMap<String, Objectif>> {
    let text = "SELECT indicateur, dixiemes, sens, echeance, responsable_id FROM observatoire_cible WHERE territoire_id = $1";
    let rows: Vec<CibleRow> = sql::list(db.read(), text, values![territoire]).await?;
    rows.into_iter().map(CibleRow::read).collect()
}

/// Replaces the one that stood.
pub async fn save_objectif(tx: &impl ConnectionTrait, territoire: Id, indicateur: &str, objectif: &Objectif) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO observatoire_cible (territoire_id, indicateur, dixiemes, sens, echeance, responsable_id) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (territoire_id, indicateur) DO UPDATE SET dixiemes = excluded.dixiemes, sens = excluded.sens,
           echeance = excluded.echeance, responsable_id = excluded.responsable_id",
        values![
            territoire,
            indicateur,
            objectif.dixiemes,
            objectif.sens.code(),
            objectif.echeance.to_string(),
            objectif.responsable
        ],
    )
    .await?;
    Ok(())
}

/// Whether there was one.
pub async fn delete_objectif(tx: &impl ConnectionTrait, territoire: Id, indicateur: &str) -> Result<bool> {
    let text = "DELETE FROM observatoire_cible WHERE territoire_id = $1 AND indicateur = $2";
    Ok(sql::execute(tx, text, values![territoire, indicateur]).await? > 0)
}
