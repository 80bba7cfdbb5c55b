//! What a territoire shares with the others, and whether it does.

use std::collections::BTreeMap;

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::Periode;
use super::jours::Parts;
use crate::rules::mois::Plage;

#[derive(FromQueryResult)]
struct PartageRow {
    territoire_id: String,
    consenti_at: i64,
}

/// The territoires that share, and since when.
pub async fn list_partages(db: &Db) -> Result<Vec<(Id, Instant)>> {
    let rows: Vec<PartageRow> = sql::list(db.read(), "SELECT territoire_id, consenti_at FROM observatoire_partage", []).await?;
    rows.into_iter().map(|row| Ok((row.territoire_id.parse()?, Instant(row.consenti_at)))).collect()
}

/// Shares from now on, or no longer does.
pub async fn update_partage(tx: &impl ConnectionTrait, territoire: Id, since: Option<Instant>) -> Result<()> {
    sql::execute(tx, "DELETE FROM observatoire_partage WHERE territoire_id = $1", values![territoire]).await?;
    if let Some(since) = since {
        let text = "INSERT INTO observatoire_partage (territoire_id, consenti_at) VALUES ($1, $2)";
        sql::execute(tx, text, values![territoire, since.0]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct CompteRow {
    besoin: String,
    issue: String,
    nombre: i64,
}

/// How the needs of a period ended: by need, then by outcome.
pub async fn count_by_issue(db: &Db, territoire: Id, periode: Periode) -> Result<BTreeMap<String, BTreeMap<String, i64>>> {
    let parts = Parts::read(db, territoire, periode).await?;
    let mut rows = vec![];
    if let Some(mois) = parts.mois {
        rows.extend(list_of_months(db, territoire, mois).await?);
    }
    for jours in parts.jours {
        rows.extend(list_of_days(db, territoire, jours).await?);
    }
    let mut counts: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for row in rows {
        *counts.entry(row.besoin).or_default().entry(row.issue).or_default() += row.nombre;
    }
    Ok(counts)
}

async fn list_of_months(db: &Db, territoire: Id, plage: Plage) -> Result<Vec<CompteRow>> {
    sql::list(
        db.read(),
        "SELECT c.valeur AS besoin, substr(s.mesure, length('issue:') + 1) AS issue, CAST(SUM(c.quantite) AS BIGINT) AS nombre
         FROM observatoire_serie s CROSS JOIN observatoire_cumul c
         WHERE s.territoire_id = $1 AND s.mesure LIKE 'issue:%' AND s.axe = 'besoin'
           AND c.territoire_id = s.territoire_id AND c.mesure = s.mesure AND c.axe = s.axe AND c.mois BETWEEN $2 AND $3
         GROUP BY c.valeur, s.mesure",
        values![territoire, plage.de.to_string(), plage.a.to_string()],
    )
    .await
}

async fn list_of_days(db: &Db, territoire: Id, jours: Periode) -> Result<Vec<CompteRow>> {
    sql::list(
        db.read(),
        "SELECT b.valeur AS besoin, i.valeur AS issue, CAST(SUM(f.quantite) AS BIGINT) AS nombre
         FROM kit_fait f
         JOIN kit_fait_dimension b ON b.territoire_id = f.territoire_id AND b.fait_id = f.id AND b.nom = 'besoin'
         JOIN kit_fait_dimension i ON i.territoire_id = f.territoire_id AND i.fait_id = f.id AND i.nom = 'issue'
         WHERE f.territoire_id = $1 AND f.code = 'issue' AND f.jour BETWEEN $2 AND $3
         GROUP BY b.valeur, i.valeur",
        values![territoire, jours.du.to_string(), jours.au.to_string()],
    )
    .await
}
