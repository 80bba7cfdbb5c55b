//! What a sheet that is easy to read says of a need: the words proposed for all, or those that a territoire wrote; and what the rules of
//! Inclusion Europe say of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use kit::{FieldErrors, text};
use serde::Deserialize;

use super::{Mots, MotsTenus, Relecture};

const FACILE: &str = include_str!("../../../../donnees/facile.toml");

static MOTS: LazyLock<BTreeMap<String, Mots>> = LazyLock::new(|| toml::from_str(FACILE).unwrap_or_default());

/// The words proposed for a need; none for a family.
pub fn find_mots(besoin: &str) -> Option<&'static Mots> {
    MOTS.get(besoin)
}

/// The words that a territoire prints: its own, else those proposed. Numbers to call in an emergency are never its own to change.
pub fn tell_mots(propose: &Mots, tenus: Option<&MotsTenus>) -> Mots {
    let own = tenus.map_or(propose, |one| &one.mots);
    Mots { urgence: propose.urgence.clone(), gratuit: propose.gratuit, proche: propose.proche, ..own.clone() }
}

/// Sentences that half a page has room for, and their signs.
const PHRASES: usize = 4;
const PHRASE: usize = 75;
const DIRE: usize = 60;
/// Signs of who read a sheet, at its foot.
pub const RELUE_PAR: usize = 90;

/// What was typed of the words of a sheet, a sentence a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MotsInput {
    pub quoi: String,
    pub pour: String,
    pub dire: String,
    /// Fingerprint of the words that the page showed.
    pub lus: String,
}

impl MotsInput {
    pub fn of(mots: &Mots) -> Self {
        Self { quoi: mots.quoi.join("\n"), pour: mots.pour.join("\n"), dire: mots.dire.clone(), lus: mots.empreinte() }
    }
}

/// Refuses only what the two pages have no room for; what is hard to read is advised, not refused.
pub fn read_mots(input: &MotsInput) -> Result<Mots, FieldErrors> {
    let mut errors = FieldErrors::default();
    let quoi = read_phrases("quoi", &input.quoi, &mut errors);
    let pour = read_phrases("pour", &input.pour, &mut errors);
    let dire = text::tidy(&input.dire.split_whitespace().collect::<Vec<_>>().join(" "));
    if dire.is_empty() || dire.chars().count() > DIRE {
        errors.add("dire", format!("écrivez une phrase à dire au téléphone, de {DIRE} signes au plus"));
    }
    if errors.is_empty() { Ok(Mots { quoi, pour, dire, ..Mots::default() }) } else { Err(errors) }
}

fn read_phrases(field: &'static str, typed: &str, errors: &mut FieldErrors) -> Vec<String> {
    let phrases: Vec<String> = typed.lines().filter_map(text::some).collect();
    if phrases.is_empty() || phrases.len() > PHRASES {
        errors.add(field, format!("écrivez de 1 à {PHRASES} phrases, une par ligne"));
    }
    if let Some(long) = phrases.iter().find(|one| one.chars().count() > PHRASE) {
        let start: String = long.chars().take(30).collect();
        errors.add(field, format!("« {start}… » est trop long pour une ligne : {PHRASE} signes au plus"));
    }
    phrases
}

/// Who read the words, and when.
pub fn read_relecture((par, le): (&str, &str), today: NaiveDate) -> Result<Relecture, FieldErrors> {
    let mut errors = FieldErrors::default();
    let par = text::some(par).unwrap_or_default();
    if par.is_empty() || par.chars().count() > RELUE_PAR {
        errors.add("par", format!("dites qui a relu la fiche, en {RELUE_PAR} signes au plus"));
    }
    let le = le.trim().parse::<NaiveDate>().ok();
    match le {
        Some(le) if le > today => errors.add("le", "ce jour n’est pas encore venu"),
        Some(le) if errors.is_empty() => return Ok(Relecture { par, le }),
        Some(_) => {}
        None => errors.add("le", "ce jour n’existe pas : écrivez-le comme 2026-06-30"),
    }
    Err(errors)
}

const NOMBRES: [&str; 11] = ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "douze", "cent"];
/// Inclusion Europe asks for short sentences; so many words are read at a glance.
const MOTS_PAR_PHRASE: usize = 12;

/// What makes the words hard to read, sentence by sentence; nothing when the rules are kept.
pub fn advise(mots: &Mots) -> Vec<String> {
    mots.phrases().filter_map(|phrase| advise_phrase(phrase).map(|why| format!("« {phrase} » : {why}"))).collect()
}

fn advise_phrase(phrase: &str) -> Option<&'static str> {
    let words: Vec<&str> = phrase.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let count = phrase.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    let is_sigle = |word: &&str| word.chars().filter(|sign| sign.is_uppercase()).count() > 1;
    if count > MOTS_PAR_PHRASE {
        Some("plus de 12 mots, faites-en 2 phrases")
    } else if phrase.contains([';', '(', ')', '…', '/', '%', '&', '"', '–', ':']) || phrase.contains(" - ") {
        Some("pas de parenthèse, de point-virgule ni d’autre signe difficile")
    } else if !(phrase.ends_with(['.', '?', '!']) && phrase.starts_with(char::is_uppercase)) {
        Some("commencez par une majuscule, finissez par un point")
    } else if words.iter().any(|word| NOMBRES.contains(&word.to_lowercase().as_str())) {
        Some("écrivez les nombres en chiffres")
    } else if words.iter().any(is_sigle) {
        Some("écrivez un sigle en toutes lettres")
    } else {
        None
    }
}

#[cfg(test)]
#[path = "mots_tests.rs"]
mod tests;
