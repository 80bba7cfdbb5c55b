//! From counts to what is told: a quotient of sums, never a mean of quotients; what cannot be divided is « non calculable », not 0.

use std::collections::BTreeMap;

use super::{Indicateur, Unite};

/// How many, or why nobody can be told.
pub type Compte = Result<i64, Absence>;

/// How many, and of whom when it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effectif {
    pub femmes: Compte,
    pub hommes: Compte,
    pub total: Compte,
}

impl Effectif {
    pub const ZERO: Self = Self::of(Ok(0));
    /// What nobody counted: a commune of which INSEE does not tell the ages.
    pub const INCONNU: Self = Self::of(Err(Absence::Inconnu));

    /// The same of women, of men and of all.
    pub const fn of(compte: Compte) -> Self {
        Self { femmes: compte, hommes: compte, total: compte }
    }

    /// Of things, or of people whose sex is not counted.
    pub fn whole(count: usize) -> Self {
        Self { total: i64::try_from(count).map_err(|_| Absence::Inconnu), ..Self::INCONNU }
    }

    /// The inhabitants of several communes; unknown as soon as those of one are.
    pub fn people(communes: impl Iterator<Item = Option<u64>>) -> Self {
        let total = communes.sum::<Option<u64>>().and_then(|sum| i64::try_from(sum).ok());
        Self { total: total.ok_or(Absence::Inconnu), ..Self::INCONNU }
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let add = |one: Compte, other: Compte| Ok(one? + other?);
        Self { femmes: add(self.femmes, other.femmes), hommes: add(self.hommes, other.hommes), total: add(self.total, other.total) }
    }
}

/// Why there is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// Nothing to divide by.
    DivisionParZero,
    /// What it is divided by, or made of, is not known there.
    Inconnu,
    /// It is told of whole years, and was asked of part of one.
    AnneePartielle,
    /// It rests on too few people to be told outside the team, or would tell a count that does.
    Masque,
    /// Outside the team, of a year that is not published, or by what is not published.
    NonPublie,
}

impl Absence {
    pub fn label(self) -> &'static str {
        match self {
            Self::DivisionParZero | Self::AnneePartielle => "non calculable",
            Self::Inconnu => "non connu",
            Self::Masque => "masqué",
            Self::NonPublie => "non publié",
        }
    }
}

/// A figure, or why there is none.
pub type Valeur = Result<f64, Absence>;

/// An indicator for one value of an axis, or for all.
#[derive(Clone, Debug, PartialEq)]
pub struct Resultat {
    /// A code of the axis; empty for all.
    pub valeur: String,
    pub numerateur: Effectif,
    pub denominateur: Option<Effectif>,
    pub ensemble: Valeur,
    pub femmes: Valeur,
    pub hommes: Valeur,
}

/// What is divided, by value of the axis; then what it is divided by. A value that the numerator does not have counts for nought,
/// one that the denominator does not have cannot be computed.
pub fn compute(
    indicateur: &Indicateur,
    numerateur: &BTreeMap<String, Effectif>,
    denominateur: Option<&BTreeMap<String, Effectif>>,
) -> Vec<Resultat> {
    let mut values: Vec<&String> = numerateur.keys().chain(denominateur.iter().flat_map(|one| one.keys())).collect();
    values.sort_unstable();
    values.dedup();
    values
        .into_iter()
        .map(|valeur| {
            let above = numerateur.get(valeur).copied().unwrap_or(Effectif::ZERO);
            let below = denominateur.map(|all| all.get(valeur).copied().unwrap_or(Effectif::ZERO));
            Resultat {
                valeur: valeur.clone(),
                numerateur: above,
                denominateur: below,
                ensemble: divide(indicateur.unite, above.total, below.map(|one| one.total)),
                femmes: divide(indicateur.unite, above.femmes, below.map(|one| one.femmes)),
                hommes: divide(indicateur.unite, above.hommes, below.map(|one| one.hommes)),
            }
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far under 2^52")]
fn divide(unite: Unite, above: Compte, below: Option<Compte>) -> Valeur {
    let above = above? as f64;
    match below.transpose()? {
        None => Ok(above),
        Some(0) => Err(Absence::DivisionParZero),
        Some(below) => Ok(above * unite.facteur() / below as f64),
    }
}

/// « 12,4 % », « 3,1 pour 1 000 », « 1 234 », « non calculable ».
pub fn say(unite: Unite, valeur: Valeur) -> String {
    let Ok(valeur) = valeur else { return valeur.err().map(Absence::label).unwrap_or_default().to_string() };
    let decimals = if matches!(unite, Unite::Nombre | Unite::Euros) { 0 } else { 1 };
    // Half a euro is written up, as the bilan does.
    let written = write_decimal(if unite == Unite::Euros { valeur.round() } else { valeur }, decimals);
    match unite {
        Unite::Pourcent => format!("{written}\u{202f}%"),
        Unite::Euros => format!("{written}\u{a0}€"),
        Unite::Pour1000 => format!("{written} pour 1\u{202f}000"),
        Unite::Nombre | Unite::Rapport => written,
    }
}

/// Tenths of a figure, rounded as it is told: a drawing and an objective say what the words say.
pub fn count_dixiemes(unite: Unite, valeur: f64) -> i64 {
    let text = match unite {
        Unite::Nombre => format!("{valeur:.0}0"),
        Unite::Euros => format!("{:.0}0", valeur.round()),
        Unite::Pourcent | Unite::Pour1000 | Unite::Rapport => format!("{valeur:.1}").replace('.', ""),
    };
    text.parse().unwrap_or(i64::MAX)
}

/// As the French write it, thousands apart and a comma.
fn write_decimal(valeur: f64, decimals: usize) -> String {
    let text = format!("{valeur:.decimals$}");
    match text.split_once('.') {
        Some((whole, rest)) => format!("{},{rest}", ui::format::nombre(whole)),
        None => ui::format::nombre(text),
    }
}

/// Under so many, a change says nothing but chance.
const ASSEZ: i64 = 20;

/// What changed between two periods, in words: « +12,0 % », « +1,5 point », « trop peu de cas ».
pub fn compare(unite: Unite, now: &Resultat, before: &Resultat) -> String {
    let (Ok(after), Ok(earlier)) = (now.ensemble, before.ensemble) else { return "–".into() };
    let rests_on = |one: &Resultat| match unite {
        // A rate for so many inhabitants rests on those who asked, not on those who live there.
        Unite::Nombre | Unite::Pour1000 => one.numerateur.total.ok(),
        Unite::Pourcent | Unite::Rapport | Unite::Euros => one.denominateur.and_then(|below| below.total.ok()),
    };
    if [now, before].into_iter().any(|one| rests_on(one).is_none_or(|count| count < ASSEZ)) {
        return "trop peu de cas".into();
    }
    say_change(unite, after, earlier)
}

fn say_change(unite: Unite, now: f64, before: f64) -> String {
    let signed = |valeur: f64| format!("{}{}", if valeur > 0.0 { "+" } else { "" }, write_decimal(valeur, 1)).replace('-', "−");
    match unite {
        Unite::Pourcent => {
            let points = now - before;
            format!("{} point{}", signed(points), if points.abs() >= 2.0 { "s" } else { "" })
        }
        _ => format!("{}\u{202f}%", signed((now - before) * 100.0 / before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicateurs::find_indicateur;

    fn counts(list: &[(&str, i64, i64, i64)]) -> BTreeMap<String, Effectif> {
        let read = |(valeur, femmes, hommes, total): &(&str, i64, i64, i64)| {
            (valeur.to_string(), Effectif { femmes: Ok(*femmes), hommes: Ok(*hommes), total: Ok(*total) })
        };
        list.iter().map(read).collect()
    }

    #[test]
    fn what_cannot_be_divided_is_said_and_never_nought() {
        let share = find_indicateur("part-sans-solution").unwrap();
        let results = compute(share, &counts(&[("a", 1, 0, 2), ("b", 0, 0, 0)]), Some(&counts(&[("a", 4, 0, 8), ("b", 0, 0, 0)])));
        assert_eq!(say(share.unite, results[0].ensemble), "25,0\u{202f}%");
        assert_eq!(results[0].hommes, Err(Absence::DivisionParZero));
        assert_eq!(say(share.unite, results[1].ensemble), "non calculable");
    }

    #[test]
    fn a_value_that_one_side_lacks_counts_for_nought_there() {
        let share = find_indicateur("part-sans-solution").unwrap();
        let results = compute(share, &counts(&[]), Some(&counts(&[("a", 1, 2, 3)])));
        assert_eq!(results[0].ensemble, Ok(0.0));
        let results = compute(share, &counts(&[("a", 1, 2, 3)]), Some(&counts(&[])));
        assert_eq!(results[0].ensemble, Err(Absence::DivisionParZero));
    }

    #[test]
    fn a_population_that_is_not_known_gives_no_figure() {
        let rate = find_indicateur("demandes-65-pour-1000").unwrap();
        let below = BTreeMap::from([("36173".to_string(), Effectif::people([Some(3), None].into_iter()))]);
        let results = compute(rate, &counts(&[("36173", 1, 0, 1)]), Some(&below));
        assert_eq!(say(rate.unite, results[0].ensemble), "non connu");
    }

    #[test]
    fn figures_and_changes_are_written_as_the_french_do() {
        assert_eq!(say(Unite::Nombre, Ok(1_234.0)), "1\u{202f}234");
        assert_eq!(say(Unite::Pour1000, Ok(3.16)), "3,2 pour 1\u{202f}000");
        assert_eq!(say_change(Unite::Nombre, 150.0, 100.0), "+50,0\u{202f}%");
        assert_eq!(say_change(Unite::Pourcent, 8.5, 10.0), "−1,5 point");
    }

    #[test]
    fn a_change_on_few_cases_is_not_told() {
        let count = find_indicateur("demandes").unwrap();
        let of = |total| compute(count, &counts(&[("", 0, 0, total)]), None).remove(0);
        assert_eq!(compare(count.unite, &of(132), &of(3)), "trop peu de cas");
        assert_eq!(compare(count.unite, &of(90), &of(60)), "+50,0\u{202f}%");
        assert_eq!(compare(count.unite, &of(90), &of(0)), "trop peu de cas");
    }
}
