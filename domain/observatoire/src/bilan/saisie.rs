//! What the coordination types in a bilan.

use super::Couts;

/// Longer, it is no comment.
pub const LETTRES: usize = 4_000;
/// No line costs as much: something else was typed.
const EUROS: i64 = 100_000_000;

/// Both costs, as they were typed: « 17 251 », « 17251,50 € », or nothing.
pub fn parse_couts(fonctionnement: &str, communication: &str) -> Result<Couts, String> {
    Ok(Couts { fonctionnement: parse_euros(fonctionnement)?, communication: parse_euros(communication)? })
}

/// In cents; none when nothing was typed.
fn parse_euros(text: &str) -> Result<Option<i64>, String> {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '€').collect();
    if plain.is_empty() {
        return Ok(None);
    }
    let refused = || format!("« {} » n’est pas un montant : écrivez par exemple 17 251 ou 17 251,50", text.trim());
    let (whole, rest) = plain.split_once([',', '.']).unwrap_or((&plain, ""));
    let is_digits = |part: &str| part.chars().all(|letter| letter.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(rest) || rest.len() > 2 {
        return Err(refused());
    }
    let euros: i64 = whole.parse().map_err(|_| refused())?;
    let cents: i64 = format!("{rest:0<2}").parse().map_err(|_| refused())?;
    if euros < EUROS { Ok(Some(euros * 100 + cents)) } else { Err(refused()) }
}

/// An amount as it is typed again: « 17251,50 ».
pub fn write_saisie(cents: Option<i64>) -> String {
    cents.map_or_else(String::new, |cents| match cents % 100 {
        0 => (cents / 100).to_string(),
        rest => format!("{},{rest:02}", cents / 100),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        let read = |text: &str| parse_euros(text).map(|cents| cents.unwrap_or(-1));
        for (text, cents) in
            [("", -1), ("17 251", 1_725_100), ("17\u{202f}251 €", 1_725_100), ("3456,5", 345_650), ("0", 0), ("12.34", 1_234)]
        {
            assert_eq!(read(text), Ok(cents), "{text}");
            assert_eq!(parse_euros(&write_saisie(parse_euros(text).unwrap())), parse_euros(text));
        }
        for wrong in ["mille", "-3", "1,234", ",5", "99999999999", "1e3"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
