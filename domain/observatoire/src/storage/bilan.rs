//! What people write of a year: comments, costs; and the threshold of secrecy that the territoire chose.

use std::collections::BTreeMap;

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::bilan::Couts;
use crate::rules::mois::Plage;
use crate::rules::secret::{SEUIL, SEUIL_STRICT};
use crate::storage::cumul::{Somme, bind_periodes};

#[derive(FromQueryResult)]
struct CommentaireRow {
    annee: i32,
    section: String,
    texte: String,
}

/// The comments of a year and of the one before, by year and section.
pub async fn list_commentaires(db: &Db, territoire: Id, annee: i32) -> Result<BTreeMap<(i32, String), String>> {
    let text = "SELECT annee, section, texte FROM observatoire_commentaire WHERE territoire_id = $1 AND annee IN ($2, $3)";
    let rows: Vec<CommentaireRow> = sql::list(db.read(), text, values![territoire, annee, annee - 1]).await?;
    Ok(rows.into_iter().map(|row| ((row.annee, row.section), row.texte)).collect())
}

/// Replaces the comment of a section; an empty one leaves nothing.
pub async fn update_commentaire(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (annee, section): (i32, &str),
    (texte, now): (&str, Instant),
) -> Result<()> {
    let text = "DELETE FROM observatoire_commentaire WHERE territoire_id = $1 AND annee = $2 AND section = $3";
    sql::execute(tx, text, values![territoire, annee, section]).await?;
    if !texte.is_empty() {
        let text = "INSERT INTO observatoire_commentaire (territoire_id, annee, section, texte, updated_at) VALUES ($1, $2, $3, $4, $5)";
        sql::execute(tx, text, values![territoire, annee, section, texte, now.0]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct CoutRow {
    fonctionnement: Option<i64>,
    communication: Option<i64>,
}

pub async fn find_couts(db: &Db, territoire: Id, annee: i32) -> Result<Couts> {
    let text = "SELECT fonctionnement, communication FROM observatoire_cout WHERE territoire_id = $1 AND annee = $2";
    let row: Option<CoutRow> = sql::find(db.read(), text, values![territoire, annee]).await?;
    Ok(row.map_or_else(Couts::default, |row| Couts { fonctionnement: row.fonctionnement, communication: row.communication }))
}

pub async fn update_couts(tx: &impl ConnectionTrait, territoire: Id, annee: i32, couts: Couts) -> Result<()> {
    let text = "INSERT INTO observatoire_cout (territoire_id, annee, fonctionnement, communication) VALUES ($1, $2, $3, $4)
         ON CONFLICT (territoire_id, annee) DO UPDATE SET fonctionnement = excluded.fonctionnement, communication = excluded.communication";
    sql::execute(tx, text, values![territoire, annee, couts.fonctionnement, couts.communication]).await?;
    Ok(())
}

/// Under how many a count is hidden outside the team.
pub async fn find_seuil(db: &Db, territoire: Id) -> Result<i64> {
    let text = "SELECT CAST(seuil AS BIGINT) FROM observatoire_seuil WHERE territoire_id = $1";
    let chosen = sql::number(db.read(), text, values![territoire]).await?;
    Ok(if chosen == SEUIL_STRICT { SEUIL_STRICT } else { SEUIL })
}

pub async fn update_seuil(tx: &impl ConnectionTrait, territoire: Id, seuil: i64) -> Result<()> {
    let text = "INSERT INTO observatoire_seuil (territoire_id, seuil) VALUES ($1, $2)
         ON CONFLICT (territoire_id) DO UPDATE SET seuil = excluded.seuil";
    sql::execute(tx, text, values![territoire, seuil]).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct SommeRow {
    mesure: String,
    axe: String,
    valeur: String,
    femmes: i64,
    hommes: i64,
    total: i64,
}

/// Every counter of some months by measure and axis. Axes that are crossed, and communes, are left out: they are many, and whoever wants
/// them asks for them (`sum_cumuls`).
pub async fn sum_by_axe(db: &Db, territoire: Id, plage: Plage) -> Result<Vec<(String, String, Somme)>> {
    let (periodes, bound) = bind_periodes(values![territoire], plage);
    // In this order: the few series, then the counters of each.
    let text = format!(
        "SELECT c.mesure, c.axe, c.valeur, CAST(SUM(c.femmes) AS BIGINT) AS femmes, CAST(SUM(c.hommes) AS BIGINT) AS hommes,
           CAST(SUM(c.quantite) AS BIGINT) AS total
         FROM observatoire_serie s CROSS JOIN observatoire_cumul c
         WHERE s.territoire_id = $1 AND s.axe NOT LIKE '%/%' AND s.axe <> 'commune'
           AND c.territoire_id = s.territoire_id AND c.mesure = s.mesure AND c.axe = s.axe AND c.periode IN {periodes}
         GROUP BY c.mesure, c.axe, c.valeur HAVING SUM(c.quantite) <> 0
         ORDER BY c.mesure, c.axe, SUM(c.quantite) DESC, c.valeur"
    );
    let rows: Vec<SommeRow> = sql::list(db.read(), &text, bound).await?;
    let read = |row: SommeRow| {
        let somme = Somme { valeur: row.valeur, femmes: row.femmes, hommes: row.hommes, total: row.total };
        (row.mesure, row.axe, somme)
    };
    Ok(rows.into_iter().map(read).collect())
}
