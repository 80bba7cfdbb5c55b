//! Money in cents: read as people type it, divided without inventing a price.

use ui::format::euros;

/// Ten million euros: more is a mistake of typing.
const MAX: i64 = 1_000_000_000;

/// « 1 234,50 € », « 1234.5 » and « 1234 » in cents.
pub fn read_cents(typed: &str) -> Option<i64> {
    let plain: String = typed.trim().trim_end_matches('€').chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, part) = plain.split_once([',', '.']).unwrap_or((&plain, ""));
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 2 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let cents = whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?;
    Some(cents).filter(|cents| *cents <= MAX)
}

/// « 1 234,50 € ».
pub fn write_cents(cents: i64) -> String {
    euros(cents * 100)
}

/// The same as a field shows it: « 1234,50 ».
pub fn type_cents(cents: i64) -> String {
    format!("{},{:02}", cents / 100, cents % 100)
}

/// The cost of one copy; « non calculable » when the cost is not known or nothing is divided.
pub fn write_unitaire(cents: Option<i64>, exemplaires: i64) -> String {
    match cents {
        Some(cents) if exemplaires > 0 => euros((cents * 100 + exemplaires / 2) / exemplaires),
        _ => "non calculable".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_as_people_type_them() {
        for (typed, cents) in [("1 234,50 €", 123_450), ("1\u{202f}234.5", 123_450), ("12", 1_200), ("0", 0), ("0,07", 7)] {
            assert_eq!(read_cents(typed), Some(cents), "{typed}");
        }
        for typed in ["", "-3", "1,234", "12 euros", "1e9", "99999999999999999999", "10000000,01", "🙂", "€", ",50", "١٢"] {
            assert_eq!(read_cents(typed), None, "{typed}");
        }
        assert_eq!(read_cents("10000000"), Some(MAX));
        assert_eq!(read_cents(&type_cents(123_405)), Some(123_405));
    }

    #[test]
    fn a_copy_costs_nothing_only_when_it_does() {
        assert_eq!(write_unitaire(Some(100_000), 8_000), "0,13\u{a0}€");
        assert_eq!(write_unitaire(Some(0), 8_000), "0,00\u{a0}€");
        assert_eq!(write_unitaire(Some(100_000), 0), "non calculable");
        assert_eq!(write_unitaire(None, 8_000), "non calculable");
        assert_eq!(write_cents(123_450), "1\u{202f}234,50\u{a0}€");
    }
}
