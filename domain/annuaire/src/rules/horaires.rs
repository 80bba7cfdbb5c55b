//! Opening hours: the OpenStreetMap syntax, read once a day for each distinct text.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{NaiveDate, NaiveDateTime, Timelike};
use opening_hours::localization::Country;
use opening_hours::{Context, OpeningHours, RuleKind};

/// Opening hours as stored, and what they give today: computed at the first question of the day.
#[derive(Debug)]
pub struct Horaires {
    pub texte: Box<str>,
    today: ArcSwapOption<Journee>,
}

/// From and to, in minutes since midnight; after 24 h, past 1 440.
pub type Plages = Vec<(u16, u16)>;

/// One day of opening hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journee {
    pub jour: NaiveDate,
    pub plages: Plages,
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

impl fmt::Display for Ouverture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ouvert(to) => write!(f, "Ouvert en ce moment, jusqu’à {}", Heure(*to)),
            Self::OuvreA(from) => write!(f, "Ouvre aujourd’hui à {}", Heure(*from)),
            Self::Ferme => write!(f, "Fermé à cette heure"),
            Self::Inconnue => write!(f, "Horaires à demander"),
        }
    }
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

    pub fn ouverture(&self, wall: NaiveDateTime) -> Ouverture {
        self.with_day(wall.date(), |journee| journee.ouverture(wall))
    }

    /// The hours of a day: « 9 h–12 h et 14 h–17 h »; none when nobody is there that day.
    pub fn du_jour(&self, jour: NaiveDate) -> Option<String> {
        self.with_day(jour, |journee| (!journee.plages.is_empty()).then(|| say_plages(&journee.plages)))
    }

    fn with_day<T>(&self, jour: NaiveDate, ask: impl Fn(&Journee) -> T) -> T {
        match &*self.today.load() {
            Some(known) if known.jour == jour => ask(known),
            _ => {
                let computed = read_day(&self.texte, jour);
                let answer = ask(&computed);
                self.today.store(Some(Arc::new(computed)));
                answer
            }
        }
    }
}

impl Journee {
    fn ouverture(&self, wall: NaiveDateTime) -> Ouverture {
        let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap_or_default();
        match self.plages.iter().find(|(_, to)| minute < *to) {
            Some((from, to)) if minute >= *from => Ouverture::Ouvert(*to),
            Some((from, _)) => Ouverture::OuvreA(*from),
            None => Ouverture::Ferme,
        }
    }
}

pub(super) const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// An ordinary week, to say in words what hours give: from Monday 21 September 2026, without a public holiday.
const SEMAINE_ORDINAIRE: (i32, u32, u32) = (2026, 9, 21);

/// When a service opens and closes each day of an ordinary week, from Monday, in minutes since midnight.
pub fn semaine(texte: &str) -> Vec<Vec<(u16, u16)>> {
    let (year, month, day) = SEMAINE_ORDINAIRE;
    let monday = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let hours = read(texte);
    monday.iter_days().take(JOURS.len()).map(|date| hours.as_ref().map(|hours| list_plages(hours, date)).unwrap_or_default()).collect()
}

/// Hours as people say them: « lundi, mardi : 9 h–12 h et 14 h–17 h ; jeudi : 9 h–12 h », « du lundi au vendredi : 9 h–17 h ».
pub fn en_francais(texte: &str) -> String {
    let (year, month, day) = SEMAINE_ORDINAIRE;
    let monday = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let mut groups: Vec<(Plages, Vec<&str>)> = vec![];
    for (jour, date) in JOURS.into_iter().zip(monday.iter_days()) {
        let plages = read_day(texte, date).plages;
        match groups.iter_mut().find(|(known, _)| *known == plages) {
            Some((_, jours)) => jours.push(jour),
            None => groups.push((plages, vec![jour])),
        }
    }
    groups.retain(|(plages, _)| !plages.is_empty());
    let said = groups.iter().map(|(plages, jours)| format!("{}\u{a0}: {}", say_jours(jours), say_plages(plages)));
    said.collect::<Vec<_>>().join("\u{202f}; ")
}

/// « lundi, jeudi », « du lundi au vendredi » when three days or more follow each other.
fn say_jours(jours: &[&str]) -> String {
    match jours {
        [first, _, .., last] if JOURS.windows(jours.len()).any(|week| week == jours) => format!("du {first} au {last}"),
        _ => jours.join(", "),
    }
}

/// What hours give on each day of an ordinary week: « 9 h–12 h et 14 h–17 h », empty when nobody is there.
pub(super) fn lire_semaine(texte: &str) -> [String; 7] {
    let (year, month, day) = SEMAINE_ORDINAIRE;
    let monday = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let mut days = monday.iter_days();
    std::array::from_fn(|_| days.next().map(|date| say_plages(&read_day(texte, date).plages)).unwrap_or_default())
}

pub fn say_plages(plages: &[(u16, u16)]) -> String {
    plages.iter().map(|(from, to)| format!("{}–{}", Heure(*from), Heure(*to))).collect::<Vec<_>>().join(" et ")
}

/// A minute of the day as France says it: « 9 h », « 14 h 30 ».
pub struct Heure(pub u16);

impl fmt::Display for Heure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 60 % 24, self.0 % 60) {
            (0, 0) => write!(f, "minuit"),
            (hour, 0) => write!(f, "{hour}\u{a0}h"),
            (hour, minute) => write!(f, "{hour}\u{a0}h\u{a0}{minute:02}"),
        }
    }
}

/// Public holidays are those of metropolitan France; hours that do not parse are closed hours, refused earlier by `check`.
pub(super) fn read_day(texte: &str, jour: NaiveDate) -> Journee {
    Journee { jour, plages: read(texte).map(|hours| list_plages(&hours, jour)).unwrap_or_default() }
}

fn read(texte: &str) -> Option<OpeningHours> {
    let context = Context::default().with_holidays(Country::FR.holidays());
    Some(texte.parse::<OpeningHours>().ok()?.with_context(context))
}

fn list_plages(hours: &OpeningHours, jour: NaiveDate) -> Plages {
    let open = hours.schedule_at(jour).into_iter().filter(|range| range.kind == RuleKind::Open);
    open.map(|range| (range.range.start.mins_from_midnight(), range.range.end.mins_from_midnight())).collect()
}
