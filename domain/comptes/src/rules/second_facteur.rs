//! The code of thirty seconds (TOTP, RFC 6238) and the codes kept on paper.

use kit::Instant;
use totp_rs::{Builder, Secret, Totp};

/// The telephone's side of the second factor.
#[derive(Debug)]
pub struct Generateur(Totp);

/// RFC 4226 asks for 20 bytes.
pub const SECRET: usize = 20;

impl Generateur {
    /// `nom` is what the telephone shows: whose account, on which territoire.
    pub fn new(secret: &[u8], (territoire, nom): (&str, &str)) -> Option<Self> {
        // A colon would cut the label of the telephone in two.
        let clean = |text: &str| text.replace(':', " ");
        let builder = Builder::new().with_secret(Secret::from(secret)).with_issuer(Some(clean(territoire))).with_account_name(clean(nom));
        builder.build().ok().map(Self)
    }

    /// What the telephone reads in the square.
    pub fn url(&self) -> String {
        self.0.to_url().unwrap_or_default()
    }

    /// The same for fingers, by groups of four.
    pub fn texte(&self) -> String {
        let secret = self.0.secret().to_base32();
        let letters: Vec<char> = secret.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The step of a right code, to be remembered; none when it is wrong, or was used before.
    pub fn check(&self, code: &str, now: Instant, last: i64) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let step = self.0.check(is_code.then_some(digits.as_str())?, u64::try_from(now.0).ok()?)?;
        i64::try_from(step).ok().filter(|step| *step > last)
    }

    /// The code of a moment: what the telephone would show.
    #[cfg(test)]
    pub fn code(&self, now: Instant) -> String {
        self.0.generate(u64::try_from(now.0).unwrap_or_default()).to_string()
    }
}

/// How many codes are kept on paper.
pub const SECOURS: usize = 10;

/// A code as it is written on paper, without what eyes mistake: from ten random bytes, « a2b3-c4d5-… ».
pub fn write_secours(random: [u8; 10]) -> String {
    const LETTERS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let letters: Vec<char> = random.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A code as it is compared: what fingers add does not matter.
pub fn read_secours(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Instant = Instant(1_794_913_200);

    fn generateur() -> Generateur {
        Generateur::new(&[7; SECRET], ("Brenne : Indre", "a@example.org")).unwrap()
    }

    #[test]
    fn a_code_serves_once_and_around_its_moment() {
        let one = generateur();
        let code = one.code(NOON);
        let step = one.check(&code, NOON, 0).unwrap();
        assert_eq!(one.check(&code, NOON, step), None, "the same code twice");
        assert!(one.check(&format!(" {} {} ", &code[..3], &code[3..]), NOON.plus_seconds(30), 0).is_some());
        assert_eq!(one.check(&code, NOON.plus_seconds(120), 0), None);
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６", "000000🙂"] {
            assert_eq!(one.check(wrong, NOON, 0), None, "{wrong}");
        }
        assert_eq!(one.check(&code, Instant(-1), 0), None, "a clock before 1970");
    }

    #[test]
    fn the_telephone_is_told_whose_account_it_is() {
        assert!(generateur().url().starts_with("otpauth://totp/Brenne%20%20%20Indre:a%40example.org?"), "{}", generateur().url());
        assert_eq!(generateur().texte().split(' ').count(), 8);
    }

    #[test]
    fn a_code_on_paper_is_read_however_it_is_typed() {
        let code = write_secours([0, 1, 2, 3, 4, 31, 32, 200, 254, 255]);
        assert_eq!(code.len(), 11);
        assert_eq!(read_secours(&format!(" {} ", code.to_uppercase())), read_secours(&code));
    }
}
