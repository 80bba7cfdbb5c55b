//! Whether a form that anybody can send was filled by somebody, without asking them anything: their browser does a little sum
//! while they type. Without a script the form still goes, less often and not within the second.

use kit::Instant;
use sha2::{Digest, Sha256};

/// Zero bits that the sum must begin with: some 4 000 attempts, a third of a second on a telephone.
pub const ZEROS: u32 = 12;
/// A page left open for the day can still be sent.
pub const VIE: i64 = 12 * 3_600;
/// Nobody reads and fills the form in less.
pub const DELAI: i64 = 3;

/// What came back with a form.
#[derive(Clone, Copy, Debug)]
pub struct Retour {
    /// When the page was made; none when it was not by us, or is not known.
    pub made_at: Option<Instant>,
    pub is_solved: bool,
    /// Its sum has already served.
    pub is_used: bool,
    /// A field that nobody sees was filled.
    pub is_trapped: bool,
}

/// How a form is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accord {
    Prouve,
    /// Taken, less often.
    SansPreuve,
    /// To be sent again from the page that is given back.
    ARenvoyer,
}

pub fn judge(retour: Retour, now: Instant) -> Accord {
    let age = retour.made_at.map(|made_at| now.0.saturating_sub(made_at.0));
    match age {
        _ if retour.is_trapped => Accord::ARenvoyer,
        Some(age) if !(0..VIE).contains(&age) => Accord::ARenvoyer,
        None => Accord::ARenvoyer,
        Some(_) if retour.is_solved && !retour.is_used => Accord::Prouve,
        Some(age) if age < DELAI => Accord::ARenvoyer,
        Some(_) => Accord::SansPreuve,
    }
}

/// Whether `preuve` is the sum that `defi` asks for: SHA-256 of « defi.preuve » begins with [`ZEROS`] zero bits.
pub fn is_solved(defi: &str, preuve: &str) -> bool {
    let is_plain = !preuve.is_empty() && preuve.len() <= 16 && preuve.bytes().all(|byte| byte.is_ascii_digit());
    let sum: [u8; 32] = Sha256::digest(format!("{defi}.{preuve}")).into();
    let [a, b, c, d, ..] = sum;
    is_plain && u32::from_be_bytes([a, b, c, d]).leading_zeros() >= ZEROS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: Instant = Instant(1_794_902_400);

    fn after(seconds: i64, retour: Retour) -> Accord {
        judge(Retour { made_at: Some(NINE), ..retour }, NINE.plus_seconds(seconds))
    }

    const SIMPLE: Retour = Retour { made_at: None, is_solved: false, is_used: false, is_trapped: false };
    const SOLVED: Retour = Retour { is_solved: true, ..SIMPLE };

    #[test]
    fn a_sum_that_was_done_is_taken_at_once_and_once() {
        assert_eq!(after(0, SOLVED), Accord::Prouve);
        assert_eq!(after(VIE - 1, SOLVED), Accord::Prouve);
        assert_eq!(after(DELAI, Retour { is_used: true, ..SOLVED }), Accord::SansPreuve);
        assert_eq!(after(DELAI - 1, Retour { is_used: true, ..SOLVED }), Accord::ARenvoyer);
    }

    #[test]
    fn without_a_sum_three_seconds_have_passed() {
        assert_eq!(after(DELAI - 1, SIMPLE), Accord::ARenvoyer);
        assert_eq!(after(DELAI, SIMPLE), Accord::SansPreuve);
        assert_eq!(after(VIE - 1, SIMPLE), Accord::SansPreuve);
    }

    #[test]
    fn a_page_too_old_not_ours_or_from_tomorrow_is_sent_again() {
        for retour in [SIMPLE, SOLVED] {
            assert_eq!(after(VIE, retour), Accord::ARenvoyer);
            assert_eq!(after(-1, retour), Accord::ARenvoyer, "a clock that jumped back");
            assert_eq!(judge(retour, NINE), Accord::ARenvoyer, "made by nobody");
        }
        assert_eq!(after(60, Retour { is_trapped: true, ..SOLVED }), Accord::ARenvoyer);
    }

    #[test]
    fn a_sum_is_a_number_and_begins_with_twelve_zero_bits() {
        let found = (0..u32::MAX).find(|n| is_solved("defi", &n.to_string())).unwrap();
        let begin = Sha256::digest(format!("defi.{found}"));
        assert!(begin[0] == 0 && begin[1] < 16, "{begin:?}");
        assert!(!is_solved("autre", &found.to_string()) && !is_solved("defi", &format!("+{found}")) && !is_solved("defi", ""));
        assert!(!is_solved("defi", &"1".repeat(17)));
    }
}
