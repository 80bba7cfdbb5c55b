//! Our words in those of data·inclusion: each need, each kind of structure, with its reason, in two files of `donnees/`.

use std::sync::LazyLock;

use annuaire::Categorie;

const BESOINS: &str = include_str!("../../../../donnees/data_inclusion_besoins.csv");
const CATEGORIES: &str = include_str!("../../../../donnees/data_inclusion_categories.csv");

/// A need in the vocabulary of data·inclusion.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct BesoinTraduit {
    pub besoin: String,
    pub thematique: String,
    /// Empty when no type of service says it.
    pub r#type: String,
    /// Codes separated by a bar.
    publics: String,
    pub raison: String,
}

#[derive(serde::Deserialize)]
struct CategorieTraduite {
    categorie: String,
    reseau_porteur: String,
}

static TRADUITS: LazyLock<Vec<BesoinTraduit>> = LazyLock::new(|| read(BESOINS));
static RESEAUX: LazyLock<Vec<CategorieTraduite>> = LazyLock::new(|| read(CATEGORIES));

/// A line that cannot be read is left out: the test that counts them sees it.
fn read<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().filter_map(Result::ok).collect()
}

impl BesoinTraduit {
    pub fn publics(&self) -> impl Iterator<Item = &str> {
        self.publics.split('|').filter(|code| !code.is_empty())
    }
}

/// All of them, in the order of the taxonomy.
pub fn list_traduits() -> &'static [BesoinTraduit] {
    &TRADUITS
}

pub fn translate(besoin: &str) -> Option<&'static BesoinTraduit> {
    TRADUITS.iter().find(|one| one.besoin == besoin)
}

/// The network that carries structures of a kind, when the vocabulary knows one.
pub fn reseau_porteur(categorie: Categorie) -> Option<&'static str> {
    let found = RESEAUX.iter().find(|one| one.categorie == categorie.code())?;
    Some(found.reseau_porteur.as_str()).filter(|code| !code.is_empty())
}

/// The kinds of structures that the file names.
pub fn list_categories() -> Vec<&'static str> {
    RESEAUX.iter().map(|one| one.categorie.as_str()).collect()
}
