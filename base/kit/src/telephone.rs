//! Telephone numbers as France writes and dials them.

use phonenumber::country::Id as Country;
use phonenumber::{Mode, PhoneNumber};

/// Overseas numbers are valid only under their own country.
const COUNTRIES: [Country; 6] = [Country::FR, Country::RE, Country::GP, Country::MQ, Country::GF, Country::YT];

/// The number as people read it, « 02 54 28 12 12 », or why it is refused.
pub fn read(text: &str) -> Result<String, String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_bare = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '\u{a0}' | '\u{202f}'));
    if is_bare && is_short(&digits) {
        return Ok(digits);
    }
    find(text)
        .map(|number| write(&number))
        .ok_or_else(|| format!("« {text} » n’est pas un numéro de téléphone : écrivez dix chiffres, comme 02 54 28 12 12"))
}

/// What a telephone dials: `+33254281212`; a short number stays as it is.
pub fn dial(text: &str) -> String {
    find(text).map_or_else(|| text.chars().filter(char::is_ascii_digit).collect(), |number| number.format().mode(Mode::E164).to_string())
}

fn find(text: &str) -> Option<PhoneNumber> {
    if text.len() > 30 {
        return None;
    }
    COUNTRIES.iter().filter_map(|country| phonenumber::parse(Some(*country), text).ok()).find(phonenumber::is_valid)
}

/// 15, 112, 119, 3646, 3919…
fn is_short(digits: &str) -> bool {
    matches!(digits, "15" | "17" | "18") || (matches!(digits.len(), 3..=4) && (digits.starts_with('1') || digits.starts_with('3')))
}

fn write(number: &PhoneNumber) -> String {
    let national = number.format().mode(Mode::National).to_string();
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 10 {
        return number.format().mode(Mode::International).to_string();
    }
    digits.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_the_ways_people_write_it() {
        for written in ["0254281212", "02.54.28.12.12", "+33 2 54 28 12 12", "02-54-28-12-12", "0033254281212", "(02) 54 28 12 12"] {
            assert_eq!(read(written).as_deref(), Ok("02 54 28 12 12"), "{written}");
        }
        assert_eq!(dial("02 54 28 12 12"), "+33254281212");
        assert_eq!(read("0262 40 00 00").as_deref(), Ok("02 62 40 00 00"));
        assert_eq!(read("39 19").as_deref(), Ok("3919"));
    }

    #[test]
    fn what_is_not_a_number_is_refused_with_an_example() {
        for wrong in ["", "abc", "31 février", "0254", "99 99 99 99 99", "02 54 28 12 12 12 12", &"0".repeat(10_000), "🙂"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
