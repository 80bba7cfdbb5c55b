//! What the line did over some days, crossed with women and men: the months from the counters, the days around them from the facts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kit::fait::FaitLu;
use kit::{Db, Id, Result, sql, values};

/// One value of a dimension, and for whom it was. Those who did not say are in the total only.
pub use super::cumul::Somme as Croise;

use super::Periode;
use super::cumul::{Plage, bind_periodes, sum_cumuls};
use super::jours::Parts;
use crate::rules::cellules::{COMMUNE, list_cellules};

/// Facts of this code by the values of one dimension, the most first.
pub async fn cross(db: &Db, territoire: Id, (code, dimension): (&str, &str), periode: Periode) -> Result<Vec<Croise>> {
    let parts = Parts::read(db, territoire, periode).await?;
    let mut sums = vec![];
    if let Some(mois) = parts.mois {
        sums.extend(match is_etat(code, dimension) {
            true => sum_etats(db, territoire, code, mois).await?,
            false => sum_cumuls(db, territoire, (code, dimension), mois).await?,
        });
    }
    for jours in parts.jours {
        sums.extend(cross_days(db, territoire, (code, dimension), jours).await?);
    }
    Ok(merge(sums))
}

/// The same by commune, which every fact may carry: `valeur` is its code.
pub async fn cross_communes(db: &Db, territoire: Id, code: &str, periode: Periode) -> Result<Vec<Croise>> {
    let parts = Parts::read(db, territoire, periode).await?;
    let mut sums = vec![];
    if let Some(mois) = parts.mois {
        sums.extend(sum_cumuls(db, territoire, (code, COMMUNE), mois).await?);
    }
    for jours in parts.jours {
        sums.extend(cross_communes_of_days(db, territoire, code, jours).await?);
    }
    Ok(merge(sums))
}

/// By need, those that stay without a solution.
pub async fn cross_sans_solution(db: &Db, territoire: Id, periode: Periode) -> Result<Vec<Croise>> {
    let parts = Parts::read(db, territoire, periode).await?;
    let mut sums = vec![];
    if let Some(mois) = parts.mois {
        sums.extend(sum_cumuls(db, territoire, ("issue:sans_solution", "besoin"), mois).await?);
    }
    for jours in parts.jours {
        sums.extend(cross_sans_solution_of_days(db, territoire, jours).await?);
    }
    Ok(merge(sums))
}

/// The same value of several parts is one line.
fn merge(sums: Vec<Croise>) -> Vec<Croise> {
    let mut merged: BTreeMap<String, Croise> = BTreeMap::new();
    for one in sums {
        let nothing = Croise { valeur: one.valeur.clone(), femmes: 0, hommes: 0, total: 0 };
        let known = merged.entry(one.valeur).or_insert(nothing);
        known.femmes += one.femmes;
        known.hommes += one.hommes;
        known.total += one.total;
    }
    let mut lines: Vec<Croise> = merged.into_values().filter(|one| one.total != 0).collect();
    lines.sort_by_key(|one| Reverse(one.total));
    lines
}

/// A state is not an axis of the counters: it has measures of its own, « issue:sans_solution ».
fn is_etat(code: &str, dimension: &str) -> bool {
    let fait = FaitLu {
        code: code.to_string(),
        jour: String::new(),
        code_insee: None,
        sexe: None,
        tranche_age: None,
        quantite: 1,
        dimensions: vec![(dimension.to_string(), String::new())],
    };
    !list_cellules(&fait).iter().any(|cellule| cellule.axe == dimension)
}

async fn sum_etats(db: &Db, territoire: Id, code: &str, plage: Plage) -> Result<Vec<Croise>> {
    let (periodes, bound) = bind_periodes(values![territoire, format!("{code}:")], plage);
    // In this order: the few measures first, then the counters of each.
    let text = format!(
        "SELECT substr(s.mesure, length($2) + 1) AS valeur, CAST(SUM(c.femmes) AS BIGINT) AS femmes,
           CAST(SUM(c.hommes) AS BIGINT) AS hommes, CAST(SUM(c.quantite) AS BIGINT) AS total
         FROM observatoire_serie s CROSS JOIN observatoire_cumul c
         WHERE s.territoire_id = $1 AND substr(s.mesure, 1, length($2)) = $2 AND s.axe = ''
           AND c.territoire_id = s.territoire_id AND c.mesure = s.mesure AND c.axe = s.axe AND c.periode IN {periodes}
         GROUP BY s.mesure"
    );
    sql::list(db.read(), &text, bound).await
}

async fn cross_days(db: &Db, territoire: Id, (code, dimension): (&str, &str), jours: Periode) -> Result<Vec<Croise>> {
    sql::list(
        db.read(),
        "SELECT d.valeur,
           CAST(SUM(CASE WHEN f.sexe = 'femme' THEN f.quantite ELSE 0 END) AS BIGINT) AS femmes,
           CAST(SUM(CASE WHEN f.sexe = 'homme' THEN f.quantite ELSE 0 END) AS BIGINT) AS hommes,
           CAST(SUM(f.quantite) AS BIGINT) AS total
         FROM kit_fait f
         JOIN kit_fait_dimension d ON d.territoire_id = f.territoire_id AND d.fait_id = f.id AND d.nom = $3
         WHERE f.territoire_id = $1 AND f.code = $2 AND f.jour BETWEEN $4 AND $5
         GROUP BY d.valeur",
        values![territoire, code, dimension, jours.du.to_string(), jours.au.to_string()],
    )
    .await
}

async fn cross_communes_of_days(db: &Db, territoire: Id, code: &str, jours: Periode) -> Result<Vec<Croise>> {
    sql::list(
        db.read(),
        "SELECT code_insee AS valeur,
           CAST(SUM(CASE WHEN sexe = 'femme' THEN quantite ELSE 0 END) AS BIGINT) AS femmes,
           CAST(SUM(CASE WHEN sexe = 'homme' THEN quantite ELSE 0 END) AS BIGINT) AS hommes,
           CAST(SUM(quantite) AS BIGINT) AS total
         FROM kit_fait
         WHERE territoire_id = $1 AND code = $2 AND jour BETWEEN $3 AND $4 AND code_insee IS NOT NULL
         GROUP BY code_insee",
        values![territoire, code, jours.du.to_string(), jours.au.to_string()],
    )
    .await
}

async fn cross_sans_solution_of_days(db: &Db, territoire: Id, jours: Periode) -> Result<Vec<Croise>> {
    sql::list(
        db.read(),
        "SELECT b.valeur,
           CAST(SUM(CASE WHEN f.sexe = 'femme' THEN f.quantite ELSE 0 END) AS BIGINT) AS femmes,
           CAST(SUM(CASE WHEN f.sexe = 'homme' THEN f.quantite ELSE 0 END) AS BIGINT) AS hommes,
           CAST(SUM(f.quantite) AS BIGINT) AS total
         FROM kit_fait f
         JOIN kit_fait_dimension b ON b.territoire_id = f.territoire_id AND b.fait_id = f.id AND b.nom = 'besoin'
         JOIN kit_fait_dimension i ON i.territoire_id = f.territoire_id AND i.fait_id = f.id AND i.nom = 'issue'
         WHERE f.territoire_id = $1 AND f.code = 'issue' AND i.valeur = 'sans_solution' AND f.jour BETWEEN $2 AND $3
         GROUP BY b.valeur",
        values![territoire, jours.du.to_string(), jours.au.to_string()],
    )
    .await
}
