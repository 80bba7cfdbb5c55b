//! What is told of a year and of the same months of the year before.

use std::cmp::Reverse;

use crate::indicateurs::calcul::{Absence, Compte, Effectif};
use crate::publication::{MOIS, NON_DIT, Publication};
use crate::rules::mois::Mois;

/// Both years, like with like.
#[derive(Clone, Debug, Default)]
pub struct Compteurs {
    pub annee: i32,
    pub cette: Publication,
    /// None: it is not published, and who reads may read nothing else.
    pub avant: Option<Publication>,
    /// The months that are told.
    pub mois: Vec<Mois>,
    pub seuil: i64,
}

/// A value of an axis in both years, as it may be told.
#[derive(Clone, Debug)]
pub struct Croisee {
    /// Empty for the whole.
    pub code: String,
    pub effectif: Effectif,
    pub avant: Compte,
}

impl Croisee {
    /// Those who did not say; none where women and men are not told.
    pub fn non_dit(&self) -> Compte {
        Ok((self.effectif.total? - self.effectif.femmes? - self.effectif.hommes?).max(0))
    }
}

impl Compteurs {
    pub fn is_whole_year(&self) -> bool {
        self.mois.len() == 12
    }

    /// A measure for all, this year.
    pub fn told(&self, mesure: &str) -> Compte {
        self.cette.find_whole(mesure).total
    }

    /// The same the year before.
    pub fn told_before(&self, mesure: &str) -> Compte {
        self.before(|avant| avant.find_whole(mesure).total)
    }

    fn before(&self, count: impl Fn(&Publication) -> Compte) -> Compte {
        self.avant.as_ref().map_or(Err(Absence::NonPublie), count)
    }

    /// The values of an axis, the most first; the last one is the whole, without a code. Empty when the axis may not be told.
    pub fn cross(&self, mesure: &str, axe: &str) -> Vec<Croisee> {
        let Some(now) = self.cette.list(mesure, axe) else { return vec![] };
        let before = self.avant.as_ref().map_or(Some(vec![]), |avant| avant.list(mesure, axe));
        let of_before = |code: &str| match &before {
            None => Err(Absence::NonPublie),
            Some(lines) => self.before(|_| lines.iter().find(|(known, _)| *known == code).map_or(Ok(0), |(_, count)| count.total)),
        };
        let mut lines: Vec<Croisee> =
            now.iter().map(|(code, effectif)| Croisee { code: (*code).into(), effectif: *effectif, avant: of_before(code) }).collect();
        let gone = before.iter().flatten().filter(|(code, _)| !now.iter().any(|(known, _)| known == code));
        lines.extend(gone.map(|(code, count)| Croisee { code: (*code).into(), effectif: Effectif::ZERO, avant: count.total }));
        lines.retain(|line| line.effectif.total != Ok(0) || line.avant.is_ok_and(|count| count > 0) || line.avant == Err(Absence::Masque));
        // Nobody was ever asked: there is nothing to tell along this axis.
        if lines.iter().all(|line| line.code == NON_DIT) {
            return vec![];
        }
        // A count hidden says no order: those are last, by code; what is not known of an axis comes after all that is.
        lines.sort_by_key(|line| (line.code == NON_DIT, Reverse(line.effectif.total.unwrap_or(0)), line.code.clone()));
        lines.push(Croisee { code: String::new(), effectif: self.cette.find_whole(mesure), avant: self.told_before(mesure) });
        lines
    }

    /// The states of a code, as measures (« issue:orientee »), in both years.
    pub fn cross_etats(&self, code: &str) -> Vec<Croisee> {
        let known = self.cette.list_etats(code).into_iter();
        let mut lines: Vec<Croisee> =
            known.map(|(mesure, effectif)| Croisee { avant: self.told_before(&mesure), code: mesure, effectif }).collect();
        lines.sort_by_key(|line| (Reverse(line.effectif.total.unwrap_or(0)), line.code.clone()));
        lines
    }

    /// The demandes of each month of a year told, the first month first.
    pub fn months(&self, publication: &Publication, years_ago: i32) -> Vec<Option<i64>> {
        let count = |mois: &Mois| publication.find_valeur("demande", (MOIS, &mois.plus(-12 * years_ago).to_string())).total.ok();
        self.mois.iter().map(count).collect()
    }

    /// One measure out of another.
    pub fn share(&self, (part, whole): (&str, &str)) -> String {
        say_share(self.told(part), self.told(whole))
    }

    pub fn share_before(&self, (part, whole): (&str, &str)) -> String {
        say_share(self.told_before(part), self.told_before(whole))
    }
}

/// « 12 % », when both are told; what cannot be divided is said.
pub fn say_share(part: Compte, whole: Compte) -> String {
    match (part, whole) {
        (Err(why), _) | (_, Err(why)) => why.label().into(),
        (_, Ok(0)) => Absence::DivisionParZero.label().into(),
        (Ok(part), Ok(whole)) => format!("{}\u{202f}%", (part * 100 + whole / 2) / whole),
    }
}
