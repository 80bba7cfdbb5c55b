//! The tables `observatoire_alerte` and `observatoire_couverture`.

use chrono::NaiveDate;
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::alertes::couverture::{Couverture, Ecart};
use crate::alertes::model::{Alerte, Comparaison, NatureAlerte};
use crate::pistes::model::{Etendue, Portee};

#[derive(FromQueryResult)]
struct AlerteRow {
    id: String,
    nature: String,
    besoin: String,
    portee: String,
    communes: String,
    du: String,
    au: String,
    reference_du: String,
    reference_au: String,
    avant: i64,
    apres: i64,
    hasard: i64,
    trouvee_at: i64,
    vue_at: Option<i64>,
}

impl AlerteRow {
    fn read(self) -> Result<Alerte> {
        let day = |text: &str| -> Result<NaiveDate> { Ok(text.parse().map_err(anyhow::Error::from)?) };
        let nature = NatureAlerte::from_code(&self.nature).ok_or_else(|| anyhow::anyhow!("nature {}", self.nature))?;
        let communes = self.communes.split_whitespace().map(str::to_string).collect();
        Ok(Alerte {
            id: self.id.parse()?,
            nature,
            besoin: self.besoin,
            etendue: Etendue { portee: Portee::from_code(&self.portee).unwrap_or(Portee::Communes), communes },
            comparaison: Comparaison {
                recent: (day(&self.du)?, day(&self.au)?),
                reference: (day(&self.reference_du)?, day(&self.reference_au)?),
            },
            avant: self.avant,
            apres: self.apres,
            hasard: self.hasard,
            trouvee_at: Instant(self.trouvee_at),
            vue_at: self.vue_at.map(Instant),
        })
    }
}

/// As many as a page shows: two years of them, on the busiest territoire.
const MOST: i64 = 500;

/// The latest first.
pub async fn list_alertes(db: &Db, territoire: Id) -> Result<Vec<Alerte>> {
    let rows: Vec<AlerteRow> = sql::list(
        db.read(),
        "SELECT id, nature, besoin, portee, communes, du, au, reference_du, reference_au, avant, apres, hasard, trouvee_at, vue_at
         FROM observatoire_alerte WHERE territoire_id = $1 ORDER BY trouvee_at DESC, nature DESC, hasard DESC, besoin, portee LIMIT $2",
        values![territoire, MOST],
    )
    .await?;
    rows.into_iter().map(AlerteRow::read).collect()
}

pub async fn find_alerte(db: &Db, territoire: Id, id: Id) -> Result<Option<Alerte>> {
    let row: Option<AlerteRow> = sql::find(
        db.read(),
        "SELECT id, nature, besoin, portee, communes, du, au, reference_du, reference_au, avant, apres, hasard, trouvee_at, vue_at
         FROM observatoire_alerte WHERE territoire_id = $1 AND id = $2",
        values![territoire, id],
    )
    .await?;
    row.map(AlerteRow::read).transpose()
}

/// False when it was found before.
pub async fn insert_alerte(tx: &impl ConnectionTrait, territoire: Id, alerte: &Alerte) -> Result<bool> {
    let Comparaison { recent, reference } = alerte.comparaison;
    let inserted = sql::execute(
        tx,
        "INSERT INTO observatoire_alerte (territoire_id, id, nature, besoin, portee, communes, du, au, reference_du, reference_au, avant,
           apres, hasard, trouvee_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (territoire_id, id) DO NOTHING",
        values![
            territoire,
            alerte.id,
            alerte.nature.code(),
            alerte.besoin.as_str(),
            alerte.etendue.portee.code(),
            alerte.etendue.communes.join(" "),
            recent.0.to_string(),
            recent.1.to_string(),
            reference.0.to_string(),
            reference.1.to_string(),
            alerte.avant,
            alerte.apres,
            alerte.hasard,
            alerte.trouvee_at.0
        ],
    )
    .await?;
    Ok(inserted == 1)
}

/// Those that no letter told yet are told by this one; two processes do not both tell them.
pub async fn take_for_letter(tx: &impl ConnectionTrait, territoire: Id, now: Instant) -> Result<Vec<Alerte>> {
    let rows: Vec<AlerteRow> = sql::list(
        tx,
        "UPDATE observatoire_alerte SET lettre_at = $2 WHERE territoire_id = $1 AND lettre_at IS NULL
         RETURNING id, nature, besoin, portee, communes, du, au, reference_du, reference_au, avant, apres, hasard, trouvee_at, vue_at",
        values![territoire, now.0],
    )
    .await?;
    let mut alertes = rows.into_iter().map(AlerteRow::read).collect::<Result<Vec<_>>>()?;
    alertes.sort_by(|one, other| (one.nature, &one.besoin, &one.etendue.portee).cmp(&(other.nature, &other.besoin, &other.etendue.portee)));
    Ok(alertes)
}

/// Somebody saw it; whoever saw it first stays written.
pub async fn mark_vue(tx: &impl ConnectionTrait, (territoire, alerte): (Id, Id), (compte, now): (Id, Instant)) -> Result<bool> {
    let touched = sql::execute(
        tx,
        "UPDATE observatoire_alerte SET vue_at = $3, vue_par = $4 WHERE territoire_id = $1 AND id = $2 AND vue_at IS NULL",
        values![territoire, alerte, now.0, compte],
    )
    .await?;
    Ok(touched == 1)
}

#[derive(FromQueryResult)]
struct CouvertureRow {
    besoin: String,
    code_insee: String,
    structures: i64,
}

/// What was served when it was last looked at.
pub async fn list_couverture(db: &Db, territoire: Id) -> Result<Couverture> {
    let rows: Vec<CouvertureRow> = sql::list(
        db.read(),
        "SELECT besoin, code_insee, structures FROM observatoire_couverture WHERE territoire_id = $1",
        values![territoire],
    )
    .await?;
    Ok(rows.into_iter().map(|row| ((row.besoin, row.code_insee), row.structures)).collect())
}

const COUVERTURE: sql::Target = sql::Target {
    table: "observatoire_couverture",
    columns: &["territoire_id", "besoin", "code_insee", "structures"],
    key: &["territoire_id", "besoin", "code_insee"],
    replaced: &["structures"],
};

/// Keeps what changed.
pub async fn save_ecart(tx: &impl ConnectionTrait, territoire: Id, ecart: &Ecart) -> Result<()> {
    let rows = ecart.lignes.iter().map(|(besoin, commune, count)| values![territoire, besoin.as_str(), commune.as_str(), *count].to_vec());
    sql::upsert_many(tx, &COUVERTURE, rows.collect()).await
}
