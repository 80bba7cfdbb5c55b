//! What is counted of a need: every count of its page is read here, and nowhere else.

use std::collections::BTreeMap;

use accueil::{Issue, Motif, TrancheAge};
use chrono::NaiveDate;
use kit::{Db, Id, Result};
use territoire::Referentiel;

use crate::demandes::Compteur;
use crate::rules::mois::{Mois, Plage};
use crate::storage::besoin::{CroiseDeBesoin, MoisDeBesoin, cross_besoin, sum_by_mois};

/// Women, men, and all, those who did not say included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effectifs {
    pub femmes: i64,
    pub hommes: i64,
    pub total: i64,
}

/// A need over some months, beside the months it is compared with.
#[derive(Clone, Debug, Default)]
pub struct ComptesDeBesoin {
    pub demandes: Effectifs,
    pub avant: i64,
    /// Asked at each point of its line (`Plage::points`), the first one first; then the same of the other period.
    pub points: Vec<i64>,
    pub points_avant: Vec<i64>,
    /// Needs whose outcome is told.
    pub issues: i64,
    pub par_issue: Vec<(Issue, i64)>,
    pub motifs: Vec<(Motif, i64)>,
    pub ages: Vec<(TrancheAge, Effectifs)>,
    /// By code of today.
    pub communes: BTreeMap<String, Compteur>,
}

const DEMANDE: &str = "besoin";
const SANS_SOLUTION: &str = "issue:sans_solution";

pub async fn read_besoin(
    db: &Db,
    territoire: Id,
    besoin: &str,
    ((plage, avant), today): ((Plage, Plage), NaiveDate),
) -> Result<ComptesDeBesoin> {
    let now = sum_by_mois(db, territoire, besoin, plage).await?;
    let before = sum_by_mois(db, territoire, besoin, avant).await?;
    let crossed = cross_besoin(db, territoire, besoin, plage).await?;
    let total = |mesure: &str| sum(now.iter().filter(|one| one.mesure == mesure));
    let of = |axe: &'static str| crossed.iter().filter(move |one| one.axe == axe);
    let ages = TrancheAge::ALL.iter().map(|age| (*age, find(of("besoin/tranche_age"), DEMANDE, age.code())));
    let motifs = Motif::ALL.iter().map(|motif| (*motif, find(of("besoin/motif"), SANS_SOLUTION, motif.code()).total));
    let mut motifs: Vec<(Motif, i64)> = motifs.filter(|(_, count)| *count > 0).collect();
    motifs.sort_by_key(|(motif, count)| (std::cmp::Reverse(*count), *motif));
    Ok(ComptesDeBesoin {
        demandes: total(DEMANDE),
        avant: sum(before.iter().filter(|one| one.mesure == DEMANDE)).total,
        points: list_points(&now, &plage.points(today)),
        points_avant: list_points(&before, &avant.points(today)),
        issues: total("issue").total,
        par_issue: Issue::ALL.iter().map(|issue| (*issue, total(&format!("issue:{}", issue.code())).total)).collect(),
        motifs,
        ages: ages.filter(|(_, count)| count.total > 0).collect(),
        communes: list_communes(of("besoin/commune")),
    })
}

/// What was taken back in a later month may be alone there: nobody is counted less than no times.
fn sum<'a>(rows: impl Iterator<Item = &'a MoisDeBesoin>) -> Effectifs {
    let all = rows.fold(Effectifs::default(), |sum, one| Effectifs {
        femmes: sum.femmes + one.femmes,
        hommes: sum.hommes + one.hommes,
        total: sum.total + one.total,
    });
    Effectifs { femmes: all.femmes.max(0), hommes: all.hommes.max(0), total: all.total.max(0) }
}

fn list_points(rows: &[MoisDeBesoin], points: &[Plage]) -> Vec<i64> {
    let is_in =
        |one: &&MoisDeBesoin, point: &Plage| one.mesure == DEMANDE && Mois::parse(&one.mois).is_some_and(|mois| point.contains(mois));
    points.iter().map(|point| sum(rows.iter().filter(|one| is_in(one, point))).total).collect()
}

/// What follows the need: « 36173 » of « menage/36173 ».
fn second(one: &CroiseDeBesoin) -> &str {
    one.valeur.split_once('/').map_or("", |(_, second)| second)
}

fn find<'a>(mut rows: impl Iterator<Item = &'a CroiseDeBesoin>, mesure: &str, code: &str) -> Effectifs {
    rows.find(|one| one.mesure == mesure && second(one) == code).map_or_else(Effectifs::default, |one| Effectifs {
        femmes: one.femmes.max(0),
        hommes: one.hommes.max(0),
        total: one.total.max(0),
    })
}

/// A commune that merged is counted where it is today.
fn list_communes<'a>(rows: impl Iterator<Item = &'a CroiseDeBesoin>) -> BTreeMap<String, Compteur> {
    let mut communes: BTreeMap<String, Compteur> = BTreeMap::new();
    for one in rows {
        let code = second(one);
        let today = Referentiel::get().resolve_code(code).map_or_else(|_| code.to_string(), |found| found.commune.code.to_string());
        let known = communes.entry(today).or_default();
        if one.mesure == DEMANDE {
            known.demandes += one.total.max(0);
        } else {
            known.sans_solution += one.total.max(0);
        }
    }
    communes
}
