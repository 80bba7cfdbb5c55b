//! Opening hours: the OpenStreetMap syntax, read once a day for each distinct text.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{NaiveDate, NaiveDateTime, Timelike};
use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours, RuleKind};

/// Opening hours as stored, and what they give today.
#[derive(Debug)]
pub struct Horaires {
    pub texte: Box<str>,
    today: ArcSwapOption<Journee>,
}

/// One day of opening hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journee {
    pub jour: NaiveDate,
    /// From and to, in minutes since midnight; after 24 h, past 1 440.
    pub plages: Vec<(u16, u16)>,
}

/// Whether somebody answers now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ouverture {
    /// Until this minute of the day.
    Ouvert(u16),
    /// Opens again today at this minute.
    OuvreA(u16),
    /// Closed for the rest of the day.
    Ferme,
    /// No hours are known.
    Inconnue,
}

/// Why hours are refused, for a person.
pub fn check(texte: &str) -> Result<(), String> {
    texte.parse::<OpeningHours>().map(drop).map_err(|_| {
        format!("« {texte} » ne se lit pas comme des horaires : écrivez par exemple « Mo-Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00 » (Mo Tu We Th Fr Sa Su pour lundi… dimanche)")
    })
}

impl Horaires {
    pub fn new(texte: &str) -> Self {
        Self { texte: texte.into(), today: ArcSwapOption::empty() }
    }

    /// The hours of `jour`, computed at the first question of the day.
    pub fn journee(&self, jour: NaiveDate) -> Arc<Journee> {
        match &*self.today.load() {
            Some(known) if known.jour == jour => known.clone(),
            _ => {
                let computed = Arc::new(read_day(&self.texte, jour));
                self.today.store(Some(computed.clone()));
                computed
            }
        }
    }

    pub fn ouverture(&self, wall: NaiveDateTime) -> Ouverture {
        let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap_or_default();
        let journee = self.journee(wall.date());
        match journee.plages.iter().find(|(_, to)| minute < *to) {
            Some((from, to)) if minute >= *from => Ouverture::Ouvert(*to),
            Some((from, _)) => Ouverture::OuvreA(*from),
            None => Ouverture::Ferme,
        }
    }
}

/// Public holidays are those of metropolitan France; hours that do not parse are closed hours, refused earlier by `check`.
fn read_day(texte: &str, jour: NaiveDate) -> Journee {
    let context = Context::default().with_holidays(Country::FR.holidays());
    let plages = match texte.parse::<OpeningHours>() {
        Ok(hours) => hours
            .with_context(context)
            .schedule_at(jour)
            .into_iter()
            .filter(|range| range.kind == RuleKind::Open)
            .map(|range| (range.range.start.mins_from_midnight(), range.range.end.mins_from_midnight()))
            .collect(),
        Err(_) => vec![],
    };
    Journee { jour, plages }
}
