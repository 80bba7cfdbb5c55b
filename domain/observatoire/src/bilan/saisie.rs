//! What the coordination types in a bilan.

use kit::argent::{read_cents, type_cents};

use super::Couts;

/// Longer, it is no comment.
pub const LETTRES: usize = 4_000;

/// Both costs, as they were typed: « 17 251 », « 17251,50 € », or nothing.
pub fn parse_couts(fonctionnement: &str, communication: &str) -> Result<Couts, String> {
    Ok(Couts { fonctionnement: parse_euros(fonctionnement)?, communication: parse_euros(communication)? })
}

/// In cents; none when nothing was typed.
fn parse_euros(text: &str) -> Result<Option<i64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let refused = || format!("« {text} » n’est pas un montant : écrivez par exemple 17 251 ou 17 251,50");
    read_cents(text).map(Some).ok_or_else(refused)
}

/// An amount as it is typed again: « 17251,50 ».
pub fn write_saisie(cents: Option<i64>) -> String {
    cents.map(type_cents).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_may_be_missing_and_is_never_guessed() {
        assert_eq!(parse_couts(" ", "17 251 €").map(|couts| (couts.fonctionnement, couts.communication)), Ok((None, Some(1_725_100))));
        assert_eq!(write_saisie(Some(345_650)), "3456,50");
        assert_eq!(write_saisie(None), "");
        assert!(parse_couts("mille", "").is_err_and(|why| why.contains("« mille »")));
    }
}
