//! Durations of each territoire, and the demandes that may have outlived them.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::model::Issue;
use crate::rules::conservation::{Durees, Objet, Suivi};

#[derive(FromQueryResult)]
struct DureeRow {
    objet: String,
    mois: i64,
}

/// The durations of a territoire: its own, else those of the register of columns.
pub async fn find_durees(db: &Db, territoire: Id) -> Result<Durees> {
    let rows: Vec<DureeRow> =
        sql::list(db.read(), "SELECT objet, mois FROM accueil_conservation WHERE territoire_id = $1", values![territoire]).await?;
    let find = |objet: Objet| -> Result<u32> {
        let own = rows.iter().find(|row| row.objet == objet.code()).and_then(|row| u32::try_from(row.mois).ok());
        let by_default = schema::colonnes::find_mois(objet.conservation())?;
        Ok(own.or(by_default).ok_or_else(|| anyhow::anyhow!("no duration for {}", objet.code()))?)
    };
    Ok(Durees { demande: find(Objet::Demande)?, rappel: find(Objet::Rappel)? })
}

pub async fn update_duree(db: &Db, territoire: Id, objet: Objet, mois: u32) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO accueil_conservation (territoire_id, objet, mois) VALUES ($1, $2, $3)
         ON CONFLICT (territoire_id, objet) DO UPDATE SET mois = $3",
        values![territoire, objet.code(), i64::from(mois)],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// A demande not erased yet, as far as its duration is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandeSuivie {
    pub id: Id,
    pub numero: i64,
    pub received_at: Instant,
    pub suivi: Suivi,
    pub(super) version: i64,
}

#[derive(FromQueryResult)]
struct SuiviRow {
    id: String,
    numero: i64,
    version: i64,
    received_at: i64,
    updated_at: i64,
    issue: Option<String>,
    has_rappel: bool,
}

/// Those nobody has touched since `before`, oldest first.
pub async fn list_suivies(db: &Db, territoire: Id, before: Instant) -> Result<Vec<DemandeSuivie>> {
    let rows: Vec<SuiviRow> = sql::list(
        db.read(),
        // Somebody promised to call back when a service opens: the answer is not given yet.
        "SELECT id, numero, version, received_at, updated_at,
           CASE WHEN EXISTS (SELECT 1 FROM accueil_sans_solution s WHERE s.territoire_id = accueil_demande.territoire_id
                             AND s.demande_id = accueil_demande.id AND s.suite = 'promise') THEN NULL ELSE issue END AS issue,
           COALESCE(rappel_nom, rappel_telephone, rappel_courriel, rappel_moment) IS NOT NULL AS has_rappel
         FROM accueil_demande
         WHERE territoire_id = $1 AND efface_at IS NULL AND updated_at <= $2
         ORDER BY updated_at, numero",
        values![territoire, before.0],
    )
    .await?;
    let read = |row: SuiviRow| {
        Ok(DemandeSuivie {
            id: row.id.parse()?,
            numero: row.numero,
            received_at: Instant(row.received_at),
            suivi: Suivi {
                dernier_contact: Instant(row.updated_at),
                issue: row.issue.as_deref().and_then(Issue::from_code),
                has_rappel: row.has_rappel,
            },
            version: row.version,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Takes a demande as it was listed; false when somebody has changed it since: it is then left alone.
pub async fn lock_suivie(tx: &impl ConnectionTrait, territoire: Id, suivie: &DemandeSuivie) -> Result<bool> {
    let taken = sql::execute(
        tx,
        "UPDATE accueil_demande SET version = version + 1 WHERE territoire_id = $1 AND id = $2 AND version = $3",
        values![territoire, suivie.id, suivie.version],
    )
    .await?;
    Ok(taken == 1)
}
