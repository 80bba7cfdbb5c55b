//! The months that an address asks for: `de=2026-01&a=2026-06`, and those they are compared with, `de2=…&a2=…`.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::rules::comparaison::Comparaison;
use crate::rules::mois::Mois;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlageInput {
    pub de: String,
    pub a: String,
    de2: String,
    a2: String,
}

impl PlageInput {
    /// `first` is the first month that counted something: a line that has just opened is read in the month under way.
    pub fn compare(&self, today: NaiveDate, first: Option<Mois>) -> Comparaison {
        let this = Mois::of(today);
        let is_new = self.a.is_empty() && self.de.is_empty() && first.is_none_or(|first| first >= this);
        let a = if is_new { this.to_string() } else { self.a.clone() };
        Comparaison::read((&self.de, &a), (&self.de2, &self.a2), today)
    }
}
