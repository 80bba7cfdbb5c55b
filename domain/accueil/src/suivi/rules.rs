//! The code of six characters: its alphabet, how it is typed, and what is asked beside it.
//!
//! 31 letters and digits that are not taken for one another (neither 0 and O, nor 1, I and L), six of them: 31⁶ = 887 503 681.
//! With 2 000 demandes alive, one try in 440 000 falls on one; on those that hold a telephone, its last four digits are asked too
//! (one in 4 400 000 000). `Freins` lets five tries an hour for an address and 300 a day for a territoire: whoever used them
//! all, from sixty addresses, would open one demande without a telephone in four years, and not the one they look for.

const ALPHABET: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
pub const LONGUEUR: usize = 6;

/// A code from bytes drawn: none when too few of them serve. A byte beyond the last whole alphabet would favour the first letters.
pub fn draw(bytes: &[u8]) -> Option<String> {
    let whole = ALPHABET.len() * (256 / ALPHABET.len());
    let letters = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < whole);
    let code: String =
        letters.filter_map(|byte| ALPHABET.get(byte % ALPHABET.len())).take(LONGUEUR).map(|letter| char::from(*letter)).collect();
    (code.len() == LONGUEUR).then_some(code)
}

/// What was typed, whatever its case and spaces; none when it cannot be a code.
pub fn parse(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.')).map(|c| c.to_ascii_uppercase()).collect();
    (code.len() == LONGUEUR && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

/// As it is read aloud and written down: « K7M 4PX ».
pub fn spell(code: &str) -> String {
    match code.split_at_checked(LONGUEUR / 2) {
        Some((first, second)) => format!("{first}\u{a0}{second}"),
        None => code.to_string(),
    }
}

/// Whether the last four digits of the telephone are those typed; without a telephone, nothing is asked.
pub fn has_chiffres(telephone: Option<&str>, typed: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let Some(telephone) = telephone.map(digits) else { return true };
    let typed = digits(typed);
    typed.len() == 4 && telephone.ends_with(&typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed_and_nothing_else_is() {
        assert_eq!(parse(" k7m-4px "), Some("K7M4PX".into()));
        assert_eq!(parse(&spell("K7M4PX")), Some("K7M4PX".into()), "as it was read to them");
        for wrong in ["", "K7M4P", "K7M4PXX", "K7M4P0", "K7M4PI", "K7M4PÉ", "OOOOOO"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_letter_is_drawn_as_often() {
        let mut counts = std::collections::BTreeMap::new();
        for byte in 0..=255_u8 {
            // The five others are 2s, letter 23.
            if let Some(code) = draw(&[byte, 23, 23, 23, 23, 23]) {
                *counts.entry(code.chars().next().unwrap()).or_insert(0) += 1;
            }
        }
        assert!(counts.len() == ALPHABET.len() && counts.values().all(|count| *count == 8), "{counts:?}");
        assert_eq!(draw(&[255; 40]), None, "bytes that favour nobody are drawn again");
    }

    #[test]
    fn four_digits_are_asked_of_who_left_a_telephone() {
        assert!(has_chiffres(Some("06 12 34 56 78"), " 56 78 ") && !has_chiffres(Some("06 12 34 56 78"), "5679"));
        assert!(!has_chiffres(Some("06 12 34 56 78"), "") && !has_chiffres(Some("06 12 34 56 78"), "345678"));
        assert!(has_chiffres(None, ""));
    }
}
