//! What the territoires that consent share with the network (seed 004, « Réseau national des plates-formes »): of a year that each
//! has published, needs by outcome. Never a person, never a commune, and nothing that its own publication does not tell.

use accueil::Issue;
use chrono::{Datelike, NaiveDate};
use kit::{Db, Error, Result};
use territoire::Territoires;

use crate::indicateurs::calcul::{Absence, Compte, Effectif};
use crate::publication::{NON_DIT, Publication};
use crate::storage::publication::find_publication;
use crate::storage::reseau::list_partages;

/// What one territoire shares of a year.
#[derive(Clone, Debug)]
pub struct Partage {
    pub slug: String,
    pub nom: String,
    /// None: it has not published that year.
    pub besoins: Option<Vec<BesoinPartage>>,
    pub total: Compte,
}

/// One need.
#[derive(Clone, Debug)]
pub struct BesoinPartage {
    pub code: String,
    /// In the order of `Issue::ALL`.
    pub issues: Vec<Compte>,
    pub total: Compte,
}

/// The year that is asked, else the last one that is over; refused while it runs.
pub fn find_annee(asked: &str, today: NaiveDate) -> Result<i32> {
    let last = today.year() - 1;
    if asked.is_empty() {
        return Ok(last);
    }
    let unreadable = || Error::Unreadable(format!("« {asked} » n’est pas une année : écrivez par exemple {last}"));
    let annee: i32 = asked.parse().map_err(|_| unreadable())?;
    match annee {
        2000..2200 if annee <= last => Ok(annee),
        2000..2200 => Err(Error::Conflict(format!("l’année {annee} n’est pas terminée : la dernière qui l’est est {last}"))),
        _ => Err(unreadable()),
    }
}

/// What every consenting territoire shares of a year, by name; those that have left share nothing.
pub async fn list_partages_of(db: &Db, territoires: &Territoires, annee: i32) -> Result<Vec<Partage>> {
    let consenting = list_partages(db).await?;
    let mut shared = vec![];
    for territoire in territoires.list().iter().filter(|one| consenting.iter().any(|(id, _)| *id == one.id)) {
        let publication = find_publication(db, territoire.id, annee).await?.map(|one| one.publication);
        shared.push(Partage {
            slug: territoire.slug.clone(),
            nom: territoire.nom.clone(),
            besoins: publication.as_ref().map(list_besoins),
            total: publication.map_or(Err(Absence::NonPublie), |one| one.find_whole("issue").total),
        });
    }
    Ok(shared)
}

fn list_besoins(publication: &Publication) -> Vec<BesoinPartage> {
    let lines = publication.list("issue", "besoin").unwrap_or_default();
    let named = lines.into_iter().filter(|(code, _)| *code != NON_DIT);
    let read = |(code, all): (&str, Effectif)| {
        let of = |issue: &Issue| publication.find_valeur(&format!("issue:{}", issue.code()), ("besoin", code)).total;
        BesoinPartage { code: code.into(), issues: Issue::ALL.iter().map(of).collect(), total: all.total }
    };
    named.map(read).collect()
}
