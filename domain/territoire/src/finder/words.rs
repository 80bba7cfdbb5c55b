//! What people type, and what the INSEE writes, brought to the same words.

use deunicode::deunicode_char;

/// Nobody types a longer name; the rest is not read.
const CHARS_READ: usize = 120;
const WORDS_READ: usize = 16;

/// « St-Marcel lès Valence » gives `saint`, `marcel`, `les`, `valence`.
pub(super) fn fold(texte: &str) -> Vec<String> {
    let mut bruts = split(texte);
    let is_courrier = |brut: &String| matches!(brut.as_str(), "bp" | "cedex" | "cs" | "tsa");
    let end = bruts.iter().skip(1).position(is_courrier).map_or(WORDS_READ, |place| place + 1);
    // « Valence cedex 9 », « Martigues BP 101 »: the rest concerns the postman.
    bruts.truncate(end.min(WORDS_READ));
    let mut mots = Vec::with_capacity(bruts.len());
    for (place, brut) in bruts.iter().enumerate() {
        let next = bruts.get(place + 1).map(String::as_str);
        let previous = place.checked_sub(1).map(|p| bruts[p].as_str());
        if let Some(mot) = expand(previous, brut, next) {
            mots.push(mot.to_owned());
        }
    }
    mots
}

/// Runs of letters and digits, without accents, in lower case; `/` is a word of its own.
fn split(texte: &str) -> Vec<String> {
    let mut mots = vec![String::new()];
    for c in texte.chars().take(CHARS_READ) {
        match fold_char(c) {
            Some(folded) => {
                let folded = folded.chars().map(|c| c.to_ascii_lowercase());
                mots.last_mut().into_iter().for_each(|mot| mot.extend(folded.clone()));
            }
            None if c == '/' => mots.extend(["/".to_owned(), String::new()]),
            None => mots.push(String::new()),
        }
    }
    mots.retain(|mot| !mot.is_empty());
    mots
}

/// None separates words. Only Latin letters are read: a transliterated emoji would find communes.
fn fold_char(c: char) -> Option<&'static str> {
    match c {
        '0'..='9' | 'A'..='Z' | 'a'..='z' => deunicode_char(c),
        // Combining accents, typed apart from their letter by some keyboards and files; soft hyphen.
        '\u{300}'..='\u{36f}' | '\u{ad}' => Some(""),
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{fb00}'..='\u{fb06}' => {
            deunicode_char(c).filter(|folded| folded.bytes().all(|o| o.is_ascii_alphabetic()))
        }
        _ => None,
    }
}

/// Abbreviations, in full. None drops the word.
fn expand<'a>(previous: Option<&str>, mot: &'a str, next: Option<&str>) -> Option<&'a str> {
    let is_inside = previous.is_some() && next.is_some();
    match mot {
        "st" => Some("saint"),
        "ste" => Some("sainte"),
        "sts" => Some("saints"),
        "stes" => Some("saintes"),
        "lez" => Some("les"),
        // « Chalon s/ Saône », « Neuilly ss Clermont », « romans/isere » but « le blanc/36 ».
        "s" if is_inside => Some("sur"),
        "ss" if is_inside => Some("sous"),
        "/" => (is_inside && !matches!(previous, Some("s" | "ss")) && next.is_some_and(is_letters)).then_some("sur"),
        // « Paris 13e arrondissement ».
        "arrondissement" | "arrdt" | "arr" if previous.is_some() => None,
        _ => Some(without_ordinal(mot)),
    }
}

/// « 13e », « 1er », « 2ème » give the number alone.
fn without_ordinal(mot: &str) -> &str {
    let number = mot.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let is_ordinal = matches!(&mot[number.len()..], "e" | "er" | "eme" | "ere" | "nd" | "nde");
    if is_ordinal && is_digits(number) { number } else { mot }
}

/// Words people leave out, add or confuse (« sur », « en », « lès »): they do not tell communes apart.
pub(super) fn is_little(mot: &str) -> bool {
    matches!(mot, "a" | "au" | "aux" | "d" | "dans" | "de" | "des" | "du" | "en" | "et" | "l" | "la" | "le" | "les" | "sous" | "sur")
}

/// The words that matter; all of them when none does.
pub(super) fn significant<'a>(mots: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let kept: Vec<&str> = mots.clone().filter(|mot| !is_little(mot)).collect();
    if kept.is_empty() { mots.collect() } else { kept }
}

pub(super) fn is_digits(mot: &str) -> bool {
    !mot.is_empty() && mot.bytes().all(|octet| octet.is_ascii_digit())
}

fn is_letters(mot: &str) -> bool {
    mot.bytes().all(|octet| octet.is_ascii_lowercase())
}
