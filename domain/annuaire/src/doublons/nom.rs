//! What is left of a name once its kind, its commune and its small words are taken away, and how two of them agree.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Words that tell nothing apart: articles, legal forms, and what half of the names hold.
const EMPTY: &[&str] = &[
    "a",
    "au",
    "aux",
    "d",
    "de",
    "des",
    "du",
    "en",
    "et",
    "l",
    "la",
    "le",
    "les",
    "par",
    "pour",
    "sous",
    "sur",
    "un",
    "une",
    "assoc",
    "asso",
    "association",
    "ass",
    "sarl",
    "sas",
    "sa",
    "scop",
    "scic",
    "eurl",
    "ste",
    "societe",
    "residence",
    "antenne",
    "siege",
    "site",
];

/// A word of a name or an address, abbreviations written whole.
pub fn spell(word: &str) -> &str {
    match word {
        "st" => "saint",
        "ste" => "sainte",
        "dr" => "docteur",
        "gal" => "general",
        "mal" => "marechal",
        "pdt" => "president",
        _ => word,
    }
}

pub fn is_empty_word(word: &str) -> bool {
    static SET: OnceLock<HashSet<&str>> = OnceLock::new();
    SET.get_or_init(|| EMPTY.iter().copied().collect()).contains(word)
}

/// From 0 to 1: how many words the two have, twice, among all they have. A slip of the keyboard still agrees.
pub fn agree(one: &[String], other: &[String]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let mut free: Vec<&String> = other.iter().collect();
    let mut shared = 0_u32;
    for word in one {
        if let Some(place) = free.iter().position(|candidate| is_same_word(word, candidate)) {
            free.swap_remove(place);
            shared += 1;
        }
    }
    let total = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
    f64::from(2 * shared) / f64::from(total)
}

/// Whether all words of the shorter are in the longer.
pub fn is_within(one: &[String], other: &[String]) -> bool {
    let (shorter, longer) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    !shorter.is_empty() && shorter.iter().all(|word| longer.iter().any(|candidate| is_same_word(word, candidate)))
}

/// Short words must be the same; longer ones may differ by a slip.
pub fn is_same_word(one: &str, other: &str) -> bool {
    one == other
        || (one.len() >= 5
            && other.len() >= 5
            && one.as_bytes().first() == other.as_bytes().first()
            && strsim::damerau_levenshtein(one, other) <= 1)
}
