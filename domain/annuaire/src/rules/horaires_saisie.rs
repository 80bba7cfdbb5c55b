//! Opening hours as somebody types them, day by day, and the OpenStreetMap text that is stored.

use chrono::NaiveDate;

use super::horaires::{JOURS, Plages, lire_semaine};

/// Days as OpenStreetMap writes them, from Monday.
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const FERIES: &str = "PH off";

/// An ordinary week, and what departs from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Semaine {
    /// « 9 h–12 h et 14 h–17 h »; empty: closed.
    pub jours: [String; 7],
    pub ferme_feries: bool,
    /// « 24/12/2026 au 02/01/2027 », one by line.
    pub fermetures: String,
}

/// Stored hours as the form shows them.
pub fn write_semaine(texte: &str) -> Semaine {
    let fermetures = texte.split(';').filter_map(|part| read_stored_fermeture(part.trim()));
    Semaine {
        jours: lire_semaine(texte),
        ferme_feries: texte.split(';').any(|part| part.trim() == FERIES),
        fermetures: fermetures
            .map(|(du, au)| format!("{} au {}", du.format("%d/%m/%Y"), au.format("%d/%m/%Y")))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// The text to store; none when the week is empty. A refusal says which field, and why.
pub fn read_semaine(semaine: &Semaine) -> Result<Option<String>, (&'static str, String)> {
    let mut rules = vec![];
    for ((day, jour), typed) in DAYS.iter().zip(JOURS).zip(&semaine.jours) {
        let plages = read_jour(typed)
            .ok_or_else(|| ("jour", format!("{jour} : « {typed} » ne se lit pas : écrivez « 9h-12h et 14h-17h », ou rien")))?;
        if !plages.is_empty() {
            let hours = plages.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect::<Vec<_>>();
            rules.push(format!("{day} {}", hours.join(",")));
        }
    }
    if rules.is_empty() {
        return Ok(None);
    }
    rules.extend(semaine.ferme_feries.then(|| FERIES.to_string()));
    for line in semaine.fermetures.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (du, au) = read_fermeture(line).ok_or_else(|| {
            ("fermetures", format!("« {line} » ne se lit pas : écrivez « 24/12/2026 au 02/01/2027 », une fermeture par ligne"))
        })?;
        rules.push(format!("{}-{} off", du.format(STORED), au.format(STORED)));
    }
    Ok(Some(rules.join("; ")))
}

/// The same over what is stored: a week left as it was shown keeps its text, which may say more than the form does
/// (« Mo[1] », « week 1-53/2 »).
pub fn read_over(stored: Option<String>, typed: &Semaine) -> Result<Option<String>, (&'static str, String)> {
    match stored {
        Some(texte) if write_semaine(&texte) == *typed => Ok(Some(texte)),
        _ => read_semaine(typed),
    }
}

const STORED: &str = "%Y %b %d";

/// « 2026 Dec 24-2027 Jan 02 off ».
fn read_stored_fermeture(part: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (du, au) = part.strip_suffix(" off")?.split_once('-')?;
    let date = |text: &str| NaiveDate::parse_from_str(text, STORED).ok();
    Some((date(du)?, date(au)?))
}

fn read_fermeture(line: &str) -> Option<(NaiveDate, NaiveDate)> {
    let date = |text: &str| NaiveDate::parse_from_str(text.trim(), "%d/%m/%Y").ok();
    let (du, au) = line.split_once("au").unwrap_or((line, line));
    let (du, au) = (date(du.trim_start_matches("du"))?, date(au)?);
    (du <= au).then_some((du, au))
}

/// What somebody typed for a day: « 9h-12h30 et 14h-17h », « 9:00–12:00, 14:00–17:00 », « fermé » or nothing.
pub fn read_jour(typed: &str) -> Option<Plages> {
    let folded = typed.to_lowercase().replace(" et ", ",").replace(['/', ';'], ",").replace(" à ", "-").replace(['–', '—'], "-");
    let folded: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    if folded.is_empty() || folded.starts_with("ferm") {
        return Some(vec![]);
    }
    let plages: Plages = folded
        .split(',')
        .map(|part| part.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?))))
        .collect::<Option<_>>()?;
    let in_order = plages.iter().all(|(from, to)| from < to) && plages.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    in_order.then_some(plages)
}

/// « 9 », « 9h », « 9h30 », « 09:30 », « midi »: minutes since midnight.
fn minute(text: &str) -> Option<u16> {
    if text == "midi" {
        return Some(12 * 60);
    }
    let (hours, minutes) = text.split_once(['h', ':']).unwrap_or((text, ""));
    let hours: u16 = hours.parse().ok().filter(|hours| *hours <= 24)?;
    let minutes: u16 = if minutes.is_empty() { 0 } else { minutes.parse().ok().filter(|minutes| *minutes < 60)? };
    Some(hours * 60 + minutes).filter(|minute| *minute <= 24 * 60)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::horaires::{check, en_francais};

    #[test]
    fn a_week_is_typed_stored_and_shown_again() {
        let mut semaine =
            Semaine { ferme_feries: true, fermetures: "du 24/12/2026 au 02/01/2027\n14/07/2027".into(), ..Semaine::default() };
        semaine.jours[0] = "9h-12h30 et 14 h – 17 h".into();
        semaine.jours[3] = "9:00 à midi".into();
        semaine.jours[6] = "Fermé".into();
        let stored = read_semaine(&semaine).unwrap().unwrap();
        assert_eq!(stored, "Mo 09:00-12:30,14:00-17:00; Th 09:00-12:00; PH off; 2026 Dec 24-2027 Jan 02 off; 2027 Jul 14-2027 Jul 14 off");
        assert!(check(&stored).is_ok());
        assert!(en_francais(&stored).starts_with("lundi\u{a0}: 9\u{a0}h–12\u{a0}h\u{a0}30 et 14"));
        let shown = write_semaine(&stored);
        assert_eq!(read_semaine(&shown).unwrap().unwrap(), stored, "{shown:?}");
        assert_eq!(read_semaine(&Semaine::default()), Ok(None));
    }

    #[test]
    fn hours_that_say_more_than_the_form_are_kept_until_somebody_changes_them() {
        let stored = "Mo 09:00-12:00; week 01-53/2 Fr 14:00-17:00";
        let mut shown = write_semaine(stored);
        assert_eq!(read_over(Some(stored.into()), &shown), Ok(Some(stored.into())));
        shown.jours[1] = "9h-12h".into();
        assert!(read_over(Some(stored.into()), &shown).unwrap().unwrap().contains("Tu 09:00-12:00"));
    }

    #[test]
    fn what_cannot_be_read_says_which_day() {
        for wrong in ["le matin", "12h-9h", "9h-25h", "9h", "9h-12h,11h-14h", "9h75-12h", "🙂"] {
            let mut semaine = Semaine::default();
            semaine.jours[1] = wrong.into();
            assert!(read_semaine(&semaine).is_err_and(|(field, why)| field == "jour" && why.starts_with("mardi")), "{wrong}");
        }
        let fermetures =
            |text: &str| Semaine { jours: std::array::from_fn(|_| "9h-12h".to_string()), fermetures: text.into(), ..Semaine::default() };
        for wrong in ["31/02/2027", "demain", "02/01/2027 au 24/12/2026"] {
            assert!(read_semaine(&fermetures(wrong)).is_err_and(|(field, _)| field == "fermetures"), "{wrong}");
        }
    }
}
