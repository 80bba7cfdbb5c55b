//! Dated facts are added to the counters of their month and of their year, each once: in the background, and a little at a time when somebody waits.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use kit::fait::{FaitLu, has_uncounted, take_uncounted};
use kit::{Db, Id, Result, sql, values};
use sea_orm::ConnectionTrait;

use crate::rules::cellules::list_cellules;
use crate::rules::mois::{Mois, nom_annee};

/// Facts counted in one transaction while a page waits: about twenty milliseconds.
const LOT: i64 = 500;
/// A page that has waited so long shows what is counted.
const PATIENCE: Duration = Duration::from_millis(60);
/// In the background a transaction lasts once or twice as long, and those who write pass between two of them.
const PACE: Duration = Duration::from_millis(50);
const LOT_MAX: i64 = 10_000;

/// Counts what waits, as long as a page may; gives whether nothing is left to count.
pub async fn catch_up(db: &Db, territoire: Id) -> Result<bool> {
    let start = Instant::now();
    while has_uncounted(db.read(), territoire).await? {
        if start.elapsed() > PATIENCE {
            return Ok(false);
        }
        count_lot(db, territoire, LOT).await?;
    }
    Ok(true)
}

/// Counts all that waits, years of it if need be.
pub async fn count_all(db: &Db, territoire: Id) -> Result<()> {
    let mut lot = LOT;
    while has_uncounted(db.read(), territoire).await? {
        let start = Instant::now();
        count_lot(db, territoire, lot).await?;
        lot = if start.elapsed() < PACE { (lot * 2).min(LOT_MAX) } else { (lot / 2).max(LOT) };
    }
    Ok(())
}

/// A measure, an axis, a month or a year, a value.
type Cle = [String; 4];

/// Women, men, and all.
#[derive(Default)]
struct Nombres {
    femmes: i64,
    hommes: i64,
    quantite: i64,
}

/// The last lot that was counted; it moves with each.
pub async fn find_lot(db: &Db, territoire: Id) -> Result<i64> {
    sql::number(db.read(), "SELECT lot FROM observatoire_comptage WHERE territoire_id = $1", values![territoire]).await
}

impl Nombres {
    fn add(&mut self, fait: &FaitLu) {
        self.quantite += fait.quantite;
        match fait.sexe.as_deref() {
            Some("femme") => self.femmes += fait.quantite,
            Some("homme") => self.hommes += fait.quantite,
            _ => {}
        }
    }
}

async fn count_lot(db: &Db, territoire: Id, limit: i64) -> Result<()> {
    let tx = db.begin().await?;
    // The line of the territoire is taken first: two processes count one after the other.
    let lot = sql::number(
        &tx,
        "INSERT INTO observatoire_comptage (territoire_id, lot) VALUES ($1, 1)
         ON CONFLICT (territoire_id) DO UPDATE SET lot = observatoire_comptage.lot + 1 RETURNING lot",
        values![territoire],
    )
    .await?;
    let added = add_up(&take_uncounted(&tx, territoire, (lot, limit)).await?);
    write(&tx, territoire, added).await?;
    Ok(tx.commit().await?)
}

fn add_up(faits: &[FaitLu]) -> BTreeMap<Cle, Nombres> {
    let mut added: BTreeMap<Cle, Nombres> = BTreeMap::new();
    for fait in faits {
        let Some(mois) = Mois::parse(fait.jour.get(..7).unwrap_or_default()) else { continue };
        for cellule in list_cellules(fait) {
            for periode in [mois.to_string(), nom_annee(mois.annee)] {
                let cle = [cellule.mesure.clone(), cellule.axe.clone(), periode, cellule.valeur.clone()];
                added.entry(cle).or_default().add(fait);
            }
        }
    }
    // One turned out otherwise, in the same lot: nothing is to be added.
    added.retain(|_, one| (one.femmes, one.hommes, one.quantite) != (0, 0, 0));
    added
}

async fn write(tx: &impl ConnectionTrait, territoire: Id, added: BTreeMap<Cle, Nombres>) -> Result<()> {
    let series: BTreeSet<[&str; 2]> = added.keys().map(|[mesure, axe, ..]| [mesure.as_str(), axe.as_str()]).collect();
    let series = series.into_iter().map(|[mesure, axe]| values![territoire, mesure, axe].to_vec());
    sql::upsert_many(tx, &SERIE, series.collect()).await?;
    let rows = added.into_iter().map(|([mesure, axe, periode, valeur], one)| {
        values![territoire, mesure, axe, periode, valeur, one.femmes, one.hommes, one.quantite].to_vec()
    });
    sql::add_many(tx, &CUMUL, rows.collect()).await
}

const CUMUL: sql::Target = sql::Target {
    table: "observatoire_cumul",
    columns: &["territoire_id", "mesure", "axe", "periode", "valeur", "femmes", "hommes", "quantite"],
    key: &["territoire_id", "mesure", "axe", "periode", "valeur"],
    replaced: &["femmes", "hommes", "quantite"],
};

const SERIE: sql::Target = sql::Target {
    table: "observatoire_serie",
    columns: &["territoire_id", "mesure", "axe"],
    key: &["territoire_id", "mesure", "axe"],
    replaced: &[],
};
