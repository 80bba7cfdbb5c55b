//! Money in cents, as people type it.

/// A hundred million euros: nothing that is typed here costs as much, something else was typed.
const MOST: i64 = 10_000_000_000;

/// « 1 234,50 € », « 1234.5 » and « 1234 » in cents.
pub fn read_cents(typed: &str) -> Option<i64> {
    let plain: String = typed.trim().trim_end_matches('€').chars().filter(|sign| !sign.is_whitespace()).collect();
    let (whole, part) = plain.split_once([',', '.']).unwrap_or((&plain, ""));
    let is_number = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 2 || !is_number(whole) || !is_number(part) {
        return None;
    }
    let cents = whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?;
    Some(cents).filter(|cents| *cents < MOST)
}

/// The same as a field shows it: « 1234 », « 1234,50 ».
pub fn type_cents(cents: i64) -> String {
    match cents % 100 {
        0 => (cents / 100).to_string(),
        part => format!("{},{part:02}", cents / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_as_people_type_them() {
        let right = [
            ("1 234,50 €", 123_450),
            ("1\u{202f}234.5", 123_450),
            ("12", 1_200),
            ("0", 0),
            ("0,07", 7),
            ("17\u{202f}251 €", 1_725_100),
            ("99 999 999,99", MOST - 1),
        ];
        for (typed, cents) in right {
            assert_eq!(read_cents(typed), Some(cents), "{typed}");
            assert_eq!(read_cents(&type_cents(cents)), Some(cents), "{typed}");
        }
        for typed in ["", "-3", "1,234", "12 euros", "mille", "1e9", "99999999999999999999", "100000000", "🙂", "€", ",50", "١٢"] {
            assert_eq!(read_cents(typed), None, "{typed}");
        }
        assert_eq!([type_cents(1_200), type_cents(123_405)], ["12", "1234,05"]);
    }
}
