//! Money in cents, written, and divided without inventing a price.

use ui::format::euros;

/// « 1 234,50 € ».
pub fn write_cents(cents: i64) -> String {
    euros(cents * 100)
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
    fn a_copy_costs_nothing_only_when_it_does() {
        assert_eq!(write_unitaire(Some(100_000), 8_000), "0,13\u{a0}€");
        assert_eq!(write_unitaire(Some(0), 8_000), "0,00\u{a0}€");
        assert_eq!(write_unitaire(Some(100_000), 0), "non calculable");
        assert_eq!(write_unitaire(None, 8_000), "non calculable");
        assert_eq!(write_cents(123_450), "1\u{202f}234,50\u{a0}€");
    }
}
