use annuaire::besoin::Taxonomie;

use super::*;

const NOMBRES: [&str; 11] = ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "douze", "cent"];
/// Inclusion Europe asks for short sentences; so many words are read at a glance.
const MOTS_PAR_PHRASE: usize = 12;

fn list_phrases(mots: &Mots) -> impl Iterator<Item = &String> {
    mots.quoi.iter().chain(&mots.pour).chain([&mots.dire]).chain(&mots.urgence)
}

#[test]
fn every_need_has_its_words_and_nothing_else_has() {
    let needs: Vec<&str> = Taxonomie::get().hors_familles().map(|besoin| &*besoin.code).collect();
    let written: toml::Table = toml::from_str(FACILE).unwrap();
    assert!(written.keys().all(|code| needs.contains(&code.as_str())), "words of a need that does not exist");
    for code in needs {
        let mots = find_mots(code).unwrap_or_else(|| panic!("{code} has no words"));
        assert!((2..=4).contains(&mots.quoi.len()) && (1..=4).contains(&mots.pour.len()) && mots.urgence.len() <= 5, "{code}");
    }
    assert_eq!(find_mots("vie-quotidienne"), None, "a family has no sheet");
}

#[test]
fn a_sentence_is_short_and_says_one_thing_in_plain_words() {
    for (code, mots) in MOTS.iter() {
        for phrase in list_phrases(mots) {
            let words: Vec<&str> = phrase.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            let count = phrase.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
            assert!((2..=MOTS_PAR_PHRASE).contains(&count), "{code}: {phrase}");
            let is_plain = !phrase.contains([';', '(', ')', '…', '/', '%', '&', '\'', '"', '–', ':']) && !phrase.contains(" - ");
            assert!(is_plain, "{code}: {phrase}");
            assert!(phrase.ends_with('.') && phrase.starts_with(char::is_uppercase), "{code}: {phrase}");
            assert!(!words.iter().any(|word| NOMBRES.contains(&word.to_lowercase().as_str())), "{code}: a number in letters: {phrase}");
            let is_sigle = |word: &str| word.chars().filter(|sign| sign.is_uppercase()).count() > 1;
            assert!(!words.iter().any(|word| is_sigle(word)), "{code}: initials: {phrase}");
        }
        assert!(!mots.dire.contains(['«', '»']) && mots.dire.chars().count() <= 60, "{code}");
    }
}
