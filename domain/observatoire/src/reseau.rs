//! What the territoires that consent share with the network (seed 004, « Réseau national des plates-formes »): counts of a
//! quarter that is over, by need and outcome, masked. Never a person, never a commune.

use accueil::Issue;
use chrono::NaiveDate;
use kit::{Db, Error, Result};
use territoire::{Territoire, Territoires};

use crate::rules::secret::{LigneRelevee, Marges, Releve, SEUIL, TableauMasque, mask};
use crate::rules::trimestre::Trimestre;
use crate::storage::Periode;
use crate::storage::reseau::{count_by_issue, list_partages};

/// What one territoire shares.
#[derive(Clone, Debug)]
pub struct Partage {
    pub slug: String,
    pub nom: String,
    pub tableau: TableauMasque,
}

/// The quarter that is asked, else the last one that is over; refused while it runs.
pub fn find_trimestre(asked: &str, today: NaiveDate) -> Result<Trimestre> {
    if asked.is_empty() {
        return Ok(Trimestre::last_over(today));
    }
    let example = Trimestre::last_over(today);
    let unreadable = || Error::Unreadable(format!("« {asked} » n’est pas un trimestre : écrivez par exemple {example}"));
    let trimestre = Trimestre::parse(asked).ok_or_else(unreadable)?;
    if trimestre.is_over(today) {
        return Ok(trimestre);
    }
    Err(Error::Conflict(format!("le trimestre {trimestre} n’est pas terminé : le dernier qui l’est est {example}")))
}

/// What every consenting territoire shares of a quarter, by name; those that have left share nothing.
pub async fn list_partages_of(db: &Db, territoires: &Territoires, trimestre: Trimestre) -> Result<Vec<Partage>> {
    let consenting = list_partages(db).await?;
    let mut shared = vec![];
    for territoire in territoires.list().iter().filter(|one| consenting.iter().any(|(id, _)| *id == one.id)) {
        shared.push(build(db, territoire, trimestre).await?);
    }
    Ok(shared)
}

async fn build(db: &Db, territoire: &Territoire, trimestre: Trimestre) -> Result<Partage> {
    let (du, au) = trimestre.bounds();
    let counts = count_by_issue(db, territoire.id, Periode { du, au }).await?;
    let line = |(besoin, by_issue): (String, std::collections::BTreeMap<String, i64>)| {
        let cells = Issue::ALL.iter().map(|issue| by_issue.get(issue.code()).copied().unwrap_or_default());
        LigneRelevee { code: besoin, groupe: None, cellules: cells.collect() }
    };
    let releve = Releve { marges: Marges::DesLignes, lignes: counts.into_iter().map(line).collect(), publiees: vec![] };
    let tableau = mask(&releve, SEUIL);
    Ok(Partage { slug: territoire.slug.clone(), nom: territoire.nom.clone(), tableau })
}
