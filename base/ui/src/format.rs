//! Dates, numbers and plurals as France writes them.

use std::fmt::Display;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use kit::Instant;

const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MOIS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

/// « lundi 3 mars 2025 », « mardi 1er juillet 2025 ».
pub fn date(day: NaiveDate) -> String {
    let jour = JOURS[day.weekday().num_days_from_monday() as usize];
    let number = if day.day() == 1 { "1er".to_string() } else { day.day().to_string() };
    format!("{jour} {number} {} {}", MOIS[day.month0() as usize], day.year())
}

/// « 3 mars, 14 h 05 », with the year when it is not `now`'s.
pub fn moment(at: &Instant, now: &Instant) -> String {
    let (wall, today) = (at.paris(), now.day());
    let number = if wall.day() == 1 { "1er".to_string() } else { wall.day().to_string() };
    let year = if wall.year() == today.year() { String::new() } else { format!(" {}", wall.year()) };
    format!("{number} {}{year}, {}", MOIS[wall.month0() as usize], heure(wall))
}

/// « 9 h », « 14 h 05 ».
pub fn heure(wall: NaiveDateTime) -> String {
    match wall.minute() {
        0 => format!("{}\u{a0}h", wall.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", wall.hour()),
    }
}

/// « 1 234 » with narrow no-break spaces.
pub fn nombre(number: impl Display) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let mut written = sign.to_string();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push('\u{202f}');
        }
        written.push(digit);
    }
    written
}

/// « 0,09 € », from ten-thousandths of a euro, rounded to the cent.
pub fn euros(ten_thousandths: i64) -> String {
    let cents = (ten_thousandths + 50).div_euclid(100);
    format!("{},{:02}\u{a0}€", nombre(cents.div_euclid(100)), cents.rem_euclid(100))
}

/// « 0 demande », « 1 demande », « 2 demandes »: French plurals begin at two.
pub fn compte(number: impl Display, one: &str, many: &str) -> String {
    let written = nombre(number);
    let noun = if matches!(written.as_str(), "0" | "1" | "−1") { one } else { many };
    format!("{written}\u{a0}{noun}")
}

/// A sentence of its own: « ce mot est trop court » → « Ce mot est trop court. ».
pub fn phrase(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// French typography for texts assembled in code: narrow no-break spaces before « ; ! ? », no-break ones before « : » and inside guillemets.
pub fn typographie(text: &str) -> String {
    text.replace(" :", "\u{a0}:")
        .replace(" ;", "\u{202f};")
        .replace(" !", "\u{202f}!")
        .replace(" ?", "\u{202f}?")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(nombre(17_251), "17\u{202f}251");
        assert_eq!(nombre(999), "999");
        assert_eq!(nombre(-1_234_567), "−1\u{202f}234\u{202f}567");
    }

    #[test]
    fn money_is_rounded_to_the_cent() {
        assert_eq!((euros(0), euros(450), euros(1_350)), ("0,00\u{a0}€".into(), "0,05\u{a0}€".into(), "0,14\u{a0}€".into()));
        assert_eq!(euros(12_345_600), "1\u{202f}234,56\u{a0}€");
    }

    #[test]
    fn zero_and_one_are_singular() {
        assert_eq!(compte(0, "demande", "demandes"), "0\u{a0}demande");
        assert_eq!(compte(1, "demande", "demandes"), "1\u{a0}demande");
        assert_eq!(compte(2, "demande", "demandes"), "2\u{a0}demandes");
    }

    #[test]
    fn the_first_of_the_month_is_written_1er() {
        assert_eq!(date(NaiveDate::from_ymd_opt(2025, 7, 1).unwrap()), "mardi 1er juillet 2025");
        assert_eq!(date(NaiveDate::from_ymd_opt(2025, 3, 3).unwrap()), "lundi 3 mars 2025");
    }
}
