//! The table `repertoire_fiche`: the words that a territoire keeps for a sheet, and who read them.

use std::collections::BTreeMap;

use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{Mots, MotsTenus, Relecture};

#[derive(FromQueryResult)]
struct FicheRow {
    besoin: String,
    quoi: String,
    pour: String,
    dire: String,
    relue_par: Option<String>,
    relue_le: Option<String>,
}

impl FicheRow {
    fn read(self) -> Result<(String, MotsTenus)> {
        let lines = |text: &str| text.lines().map(str::to_string).collect();
        let relecture = match (self.relue_par, self.relue_le) {
            (Some(par), Some(le)) => Some(Relecture { par, le: le.parse().map_err(anyhow::Error::from)? }),
            _ => None,
        };
        let mots = Mots { quoi: lines(&self.quoi), pour: lines(&self.pour), dire: self.dire, ..Mots::default() };
        Ok((self.besoin, MotsTenus { mots, relecture }))
    }
}

/// By code of the need.
pub async fn list_tenus(db: &Db, territoire: Id) -> Result<BTreeMap<String, MotsTenus>> {
    let text = "SELECT besoin, quoi, pour, dire, relue_par, relue_le FROM repertoire_fiche WHERE territoire_id = $1";
    let rows: Vec<FicheRow> = sql::list(db.read(), text, values![territoire]).await?;
    rows.into_iter().map(FicheRow::read).collect()
}

/// Those of a need; none when the territoire prints what is proposed.
pub async fn find_tenus(db: &impl ConnectionTrait, territoire: Id, besoin: &str) -> Result<Option<MotsTenus>> {
    let text = "SELECT besoin, quoi, pour, dire, relue_par, relue_le FROM repertoire_fiche WHERE territoire_id = $1 AND besoin = $2";
    let row: Option<FicheRow> = sql::find(db, text, values![territoire, besoin]).await?;
    Ok(row.map(FicheRow::read).transpose()?.map(|(_, tenus)| tenus))
}

/// Keeps the words, and who read them: nobody yet when they are new.
pub async fn save_tenus(tx: &impl ConnectionTrait, territoire: Id, besoin: &str, tenus: &MotsTenus) -> Result<()> {
    let text = "INSERT INTO repertoire_fiche (territoire_id, besoin, quoi, pour, dire, relue_par, relue_le)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (territoire_id, besoin) DO UPDATE SET quoi = $3, pour = $4, dire = $5, relue_par = $6, relue_le = $7";
    let MotsTenus { mots, relecture } = tenus;
    let (par, le) = (relecture.as_ref().map(|one| one.par.as_str()), relecture.as_ref().map(|one| one.le.to_string()));
    let said = values![territoire, besoin, mots.quoi.join("\n"), mots.pour.join("\n"), mots.dire.as_str(), par, le];
    sql::execute(tx, text, said).await?;
    Ok(())
}

/// Back to what is proposed.
pub async fn delete_tenus(tx: &impl ConnectionTrait, territoire: Id, besoin: &str) -> Result<()> {
    sql::execute(tx, "DELETE FROM repertoire_fiche WHERE territoire_id = $1 AND besoin = $2", values![territoire, besoin]).await?;
    Ok(())
}
