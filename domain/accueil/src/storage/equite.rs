//! The table `accueil_equite`: weekly counters of what was proposed, kept with each demande; they name nobody and outlive it.

use std::collections::BTreeMap;

use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::model::NouvelleDemande;
use crate::rules::equite::{Compte, Comptes, find_semaine};

/// The row that counts what was asked, whoever was proposed.
const DEMANDES: &str = "";
const COLUMNS: usize = 7;

/// Adds a demande to the counters: for each of its needs, once for each structure that was proposed.
/// Those of a territoire pass one after the other (`accueil_compteur`): two never wait for each other here.
pub(super) async fn add_demande(tx: &impl ConnectionTrait, demande: &NouvelleDemande) -> Result<()> {
    let rows: Vec<(&str, String, Compte)> = list_lines(demande);
    if rows.is_empty() {
        return Ok(());
    }
    let holes = (0..rows.len()).map(|row| {
        let holes = sql::holes(row * COLUMNS + 1, COLUMNS);
        format!("({holes})")
    });
    let text = format!(
        "INSERT INTO accueil_equite (territoire_id, besoin, semaine, structure_id, proposees, premieres, donnees) VALUES {}
         ON CONFLICT (territoire_id, besoin, semaine, structure_id) DO UPDATE SET proposees = accueil_equite.proposees + excluded.proposees,
           premieres = accueil_equite.premieres + excluded.premieres, donnees = accueil_equite.donnees + excluded.donnees",
        holes.collect::<Vec<_>>().join(", ")
    );
    let semaine = find_semaine(demande.received_at);
    let values = rows.into_iter().flat_map(|(besoin, structure, one)| {
        values![demande.territoire_id, besoin, semaine, structure, one.proposees, one.premieres, one.donnees]
    });
    sql::execute(tx, &text, values).await?;
    Ok(())
}

/// Each need × each structure, once; and each need × what was asked.
fn list_lines(demande: &NouvelleDemande) -> Vec<(&str, String, Compte)> {
    let mut structures: BTreeMap<String, Compte> = BTreeMap::from([(DEMANDES.to_string(), Compte { proposees: 1, ..Compte::default() })]);
    for (rang, one) in demande.orientations.iter().enumerate() {
        let known = structures.entry(one.structure_id.to_string()).or_default();
        known.proposees = 1;
        known.premieres = known.premieres.max(i64::from(rang == 0));
        known.donnees = known.donnees.max(i64::from(one.donnee));
    }
    let mut besoins: Vec<&str> = demande.besoins.iter().map(String::as_str).collect();
    besoins.sort_unstable();
    besoins.dedup();
    besoins.into_iter().flat_map(|besoin| structures.iter().map(move |(structure, one)| (besoin, structure.clone(), *one))).collect()
}

#[derive(FromQueryResult)]
struct CompteRow {
    structure_id: String,
    besoin: String,
    proposees: i64,
    premieres: i64,
    donnees: i64,
}

/// What was counted of these needs from a week on.
pub async fn count_equite(db: &Db, territoire: Id, besoins: &[String], semaine: i64) -> Result<Comptes> {
    let holes = sql::holes(3, besoins.len());
    let text = format!(
        "SELECT structure_id, besoin, CAST(SUM(proposees) AS BIGINT) AS proposees, CAST(SUM(premieres) AS BIGINT) AS premieres,
           CAST(SUM(donnees) AS BIGINT) AS donnees
         FROM accueil_equite WHERE territoire_id = $1 AND semaine >= $2 AND besoin IN ({holes}) GROUP BY besoin, structure_id"
    );
    let values = values![territoire, semaine].into_iter().chain(besoins.iter().map(|code| Value::from(code.as_str())));
    let rows: Vec<CompteRow> = sql::list(db.read(), &text, values).await?;
    read_comptes(rows)
}

/// What was counted of every need over some weeks, the last one left out.
pub async fn count_equite_of(db: &Db, territoire: Id, (from, until): (i64, i64)) -> Result<Comptes> {
    let text = "SELECT structure_id, besoin, CAST(SUM(proposees) AS BIGINT) AS proposees, CAST(SUM(premieres) AS BIGINT) AS premieres,
           CAST(SUM(donnees) AS BIGINT) AS donnees
         FROM accueil_equite WHERE territoire_id = $1 AND semaine >= $2 AND semaine < $3 GROUP BY besoin, structure_id";
    read_comptes(sql::list(db.read(), text, values![territoire, from, until]).await?)
}

fn read_comptes(rows: Vec<CompteRow>) -> Result<Comptes> {
    let mut counted = Comptes::default();
    for row in rows {
        if row.structure_id == DEMANDES {
            counted.demandes.insert(row.besoin, row.proposees);
            continue;
        }
        let compte = Compte { proposees: row.proposees, premieres: row.premieres, donnees: row.donnees };
        counted.structures.entry(row.structure_id.parse()?).or_default().insert(row.besoin, compte);
    }
    Ok(counted)
}
