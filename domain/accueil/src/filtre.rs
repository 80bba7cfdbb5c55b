//! What a list of demandes is narrowed by; read from a URL, where an unreadable part simply filters nothing.

use chrono::{NaiveDate, NaiveTime};
use kit::Instant;
use serde::Deserialize;
use territoire::CodeInsee;

use crate::model::{Canal, Issue};

/// As it stands in the URL.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FiltreInput {
    pub issue: String,
    pub commune: String,
    pub besoin: String,
    pub canal: String,
    /// `YYYY-MM-DD`, included.
    pub du: String,
    pub au: String,
    pub page: String,
}

/// What to keep; `None` keeps all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filtre {
    pub issue: Option<Issue>,
    /// Only those that nobody has dealt with yet.
    pub is_nouvelle: bool,
    pub commune: Option<CodeInsee>,
    pub besoin: Option<String>,
    pub canal: Option<Canal>,
    pub from: Option<Instant>,
    pub until: Option<Instant>,
    /// From 0.
    pub page: u32,
}

/// The word of the URL for the demandes without an outcome.
pub const NOUVELLE: &str = "nouvelle";

impl FiltreInput {
    pub fn parse(&self) -> Filtre {
        Filtre {
            issue: Issue::from_code(&self.issue),
            is_nouvelle: self.issue == NOUVELLE,
            commune: CodeInsee::parse(&self.commune).ok(),
            besoin: kit::text::some(&self.besoin),
            canal: Canal::from_code(&self.canal),
            from: parse_day(&self.du, 0),
            until: parse_day(&self.au, 1),
            page: self.page.parse().unwrap_or_default(),
        }
    }
}

impl Filtre {
    pub fn issue_code(&self) -> &'static str {
        if self.is_nouvelle { NOUVELLE } else { self.issue.map(Issue::code).unwrap_or_default() }
    }
}

/// Midnight in Paris of the day, or of a day after it.
fn parse_day(text: &str, days_after: u64) -> Option<Instant> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.checked_add_days(chrono::Days::new(days_after))?;
    Instant::from_paris(day.and_time(NaiveTime::MIN))
}
