//! The months that an address asks for: `de=2026-01&a=2026-06`, and those they are compared with, `de2=…&a2=…`.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::rules::comparaison::Comparaison;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlageInput {
    pub de: String,
    pub a: String,
    de2: String,
    a2: String,
}

impl PlageInput {
    pub fn compare(&self, today: NaiveDate) -> Comparaison {
        Comparaison::read((&self.de, &self.a), (&self.de2, &self.a2), today)
    }
}
