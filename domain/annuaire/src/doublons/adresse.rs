//! « 2 avenue Amédée-Terrail, 26400 Aouste-sur-Sye » and « 2 AV. AMEDEE TERRAIL » made comparable.

use super::nom::{is_empty_word, is_within, spell};

/// An address without its commune: the number, and the words of the street that tell it apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adresse {
    pub numero: Option<String>,
    pub voie: Vec<String>,
}

/// How two addresses of one commune stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accord {
    Meme,
    /// The same street, the number missing on one side or a part of the name.
    Proche,
    /// « Le Bourg », « Place de la Mairie »: half the village is there.
    Vague,
    MemeVoie,
    Autre,
    Inconnu,
}

/// What every village has one of.
const VAGUE: &[&str] = &["bourg", "village", "mairie", "eglise", "centre", "hameau", "ville", "lieu", "dit"];

/// What a street is: two streets of one name are one street more often than not.
const NATURES: &[&str] = &[
    "rue",
    "avenue",
    "av",
    "ave",
    "boulevard",
    "bd",
    "bld",
    "bvd",
    "place",
    "pl",
    "route",
    "rte",
    "chemin",
    "che",
    "chem",
    "impasse",
    "imp",
    "allee",
    "allees",
    "all",
    "quai",
    "cours",
    "square",
    "sq",
    "r",
    "zone",
    "za",
    "zi",
    "zac",
];

/// Reads an address; the commune's postal code, where it stands, ends it.
pub fn read(texte: &str) -> Adresse {
    let folded = kit::text::fold(texte);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    if let Some(place) =
        words.iter().rposition(|word| word.len() == 5 && word.bytes().all(|b| b.is_ascii_digit())).filter(|place| *place > 0)
    {
        words.truncate(place);
    }
    let is_number = |word: &&str| word.bytes().next().is_some_and(|b| b.is_ascii_digit());
    let numero = words.first().copied().filter(is_number).map(|word| word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).to_string());
    let words = words.into_iter().skip_while(|word| is_number(word) || matches!(*word, "bis" | "ter" | "quater"));
    let words: Vec<&str> = words.collect();
    let told = words.iter().filter(|word| !NATURES.contains(word) && !is_empty_word(word)).map(|word| spell(word).to_string());
    let mut voie: Vec<String> = told.collect();
    if voie.is_empty() {
        voie = words.iter().filter(|word| !is_empty_word(word)).map(|word| (*word).to_string()).collect();
    }
    Adresse { numero, voie }
}

impl Adresse {
    fn is_vague(&self) -> bool {
        self.numero.is_none() && self.voie.iter().all(|word| VAGUE.contains(&word.as_str()))
    }

    pub fn agree(&self, other: &Self) -> Accord {
        if self.voie.is_empty() || other.voie.is_empty() {
            return Accord::Inconnu;
        }
        if !is_within(&self.voie, &other.voie) {
            return Accord::Autre;
        }
        if self.is_vague() || other.is_vague() {
            return Accord::Vague;
        }
        let is_whole = self.voie.len() == other.voie.len();
        match (&self.numero, &other.numero) {
            (Some(one), Some(two)) if one == two => Accord::Meme,
            (Some(_), Some(_)) => Accord::MemeVoie,
            (None, None) if is_whole => Accord::Meme,
            _ => Accord::Proche,
        }
    }
}
