//! When a change is one. Two counts of demandes are compared by the exact conditional test: of all the demandes of both periods,
//! chance alone would put each among the recent ones as often as these have days. Among all that is looked at on one day, the
//! procedure of Benjamini and Hochberg keeps false alarms under one in twenty.
//!
//! Looked at together, two hundred pairs ask more of each than five do: 60 → 90 happens to one pair in a hundred by chance alone, and
//! is told only where few pairs are large enough to be looked at. That is what « not crying wolf » costs.

use kit::Instant;

use super::model::{Comparaison, NatureAlerte};
use crate::pistes::model::Portee;
use crate::rules::mois::Mois;

/// False alarms that are borne, among those that are raised.
const FAUSSES: f64 = 0.05;
/// Both periods together: under that, no change could be told from chance; leaving them out does not favour those that rose.
pub const MINIMUM: i64 = 30;
/// A change that is sure and small is not worth a letter: a quarter more, at least.
const RAPPORT: f64 = 1.25;
/// A quarter.
const MOIS: i32 = 3;

/// A need somewhere, counted in the days that matter and in those compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paire {
    pub nature: NatureAlerte,
    pub besoin: String,
    pub portee: Portee,
    pub recent: i64,
    pub reference: i64,
}

/// A pair that rose, and the chance of it if nothing had changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Hausse {
    pub paire: Paire,
    pub hasard: f64,
}

/// The last three months that are over, against the same a year before; against the three before when the line was not yet open
/// then; none when it was not open long enough for any. The month in which it opened was perhaps not a whole one.
pub fn compare(now: Instant, premier: Option<Mois>) -> Option<Comparaison> {
    let this = Mois::of(now.day());
    let quarter = |end: Mois| (end.plus(-MOIS), end);
    let recent = quarter(this);
    let reference =
        [quarter(this.plus(-12)), quarter(recent.0)].into_iter().find(|(from, _)| premier.is_some_and(|first| first < *from))?;
    let days = |(from, end): (Mois, Mois)| (from.first_day(), end.plus(-1).last_day());
    Some(Comparaison { recent: days(recent), reference: days(reference) })
}

/// The months of some days that begin and end with one.
pub fn months((first, last): (chrono::NaiveDate, chrono::NaiveDate)) -> (Mois, Mois) {
    (Mois::of(first), Mois::of(last))
}

/// Those that rose more than chance explains, the surest first; `part` of all the days are recent.
pub fn find_hausses(paires: Vec<Paire>, part: f64) -> Vec<Hausse> {
    let looked = paires.into_iter().filter(|one| one.recent + one.reference >= MINIMUM);
    let mut tested: Vec<Hausse> =
        looked.map(|paire| Hausse { hasard: chance(paire.recent, paire.recent + paire.reference, part), paire }).collect();
    tested.sort_by(|one, other| one.hasard.total_cmp(&other.hasard));
    let count = tested.len() as f64;
    let passes = |rang: usize| tested.get(rang).is_some_and(|one| one.hasard <= FAUSSES * (rang + 1) as f64 / count);
    // All up to the last that passes, those between that do not included.
    let kept = (0..tested.len()).rev().find(|rang| passes(*rang)).map_or(0, |last| last + 1);
    tested.truncate(kept);
    tested.retain(|one| one.paire.is_large(part));
    tested
}

impl Paire {
    /// Whether the rate a day rose by a quarter at least.
    fn is_large(&self, part: f64) -> bool {
        self.recent as f64 * (1.0 - part) >= RAPPORT * self.reference as f64 * part
    }
}

/// The chance of `k` or more out of `n`, when each has `part` of it: the upper tail of the binomial law, added up from its first term.
fn chance(k: i64, n: i64, part: f64) -> f64 {
    if k <= 0 {
        return 1.0;
    }
    let first: f64 = (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum();
    let mut term = (first + k as f64 * part.ln() + (n - k) as f64 * (1.0 - part).ln()).exp();
    let (mut sum, odds) = (term, part / (1.0 - part));
    for i in k..n {
        let ratio = (n - i) as f64 / (i + 1) as f64 * odds;
        term *= ratio;
        sum += term;
        if ratio < 1.0 && term < sum * 1e-15 {
            break;
        }
    }
    sum.min(1.0)
}

/// One chance in how many, as a whole number that never boasts.
#[allow(clippy::cast_possible_truncation, reason = "at most a million")]
pub fn one_in(hasard: f64) -> i64 {
    (1.0 / hasard).min(1e6).floor() as i64
}

/// « une fois sur 110 »: two figures are enough to be understood.
pub fn say_hasard(one_in: i64) -> String {
    match one_in {
        10_000.. => "moins d’une fois sur dix mille".into(),
        1_000.. => format!("une fois sur {}", ui::format::nombre(one_in / 100 * 100)),
        100.. => format!("une fois sur {}", one_in / 10 * 10),
        _ => format!("une fois sur {one_in}"),
    }
}

#[cfg(test)]
mod tests;
