//! What people said of columns that nobody could recognise: kept for each set of titles, proposed the next time.

use std::collections::{BTreeMap, HashMap};

use kit::Id;
use kit::text::fold;

use super::Colonne;

/// For the titles of one file, folded: the column each is, or none when it is not to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Association(BTreeMap<String, Option<Colonne>>);

/// Every association of a territoire, by the fingerprint of its titles.
#[derive(Clone, Debug, Default)]
pub struct Appris(HashMap<String, Association>);

/// Why choices are refused; the sentence says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoixRefuse {
    #[error("« {0} » est choisi pour deux colonnes du fichier : gardez l’une des deux")]
    DeuxFois(&'static str),
    #[error("dites au moins quelle colonne est le nom de la structure, et laquelle dit sa commune ou son code INSEE")]
    Incomplet,
}

/// The same titles in the same order are the same kind of file.
pub fn find_empreinte(titres: &[String]) -> String {
    let folded: Vec<String> = titres.iter().map(|titre| fold(titre)).collect();
    Id::from_name(&folded.join("|")).to_string()
}

impl Association {
    /// Reads the choices made for each title; the rules are those that a file must follow to be read at all.
    pub fn read(choix: &[(String, Option<Colonne>)]) -> Result<Self, ChoixRefuse> {
        let mut known: Vec<Colonne> = vec![];
        for colonne in choix.iter().filter_map(|(_, colonne)| *colonne) {
            if known.contains(&colonne) {
                return Err(ChoixRefuse::DeuxFois(colonne.label()));
            }
            known.push(colonne);
        }
        let has = |colonne: Colonne| known.contains(&colonne);
        let is_placed = has(Colonne::CodeInsee) || has(Colonne::Commune) || (has(Colonne::Latitude) && has(Colonne::Longitude));
        if !has(Colonne::Structure) || !is_placed {
            return Err(ChoixRefuse::Incomplet);
        }
        Ok(Self(choix.iter().map(|(titre, colonne)| (fold(titre), *colonne)).collect()))
    }

    /// What was said of a title; none when nothing was.
    pub fn find(&self, titre: &str) -> Option<Option<Colonne>> {
        self.0.get(&fold(titre)).copied()
    }

    /// « nom usuel=structure », a title a line: what is stored.
    pub fn write(&self) -> String {
        self.0.iter().map(|(titre, colonne)| format!("{titre}={}\n", colonne.map_or("", Colonne::code))).collect()
    }

    /// What `write` wrote. A column that this version no longer knows is not read.
    pub fn parse(text: &str) -> Self {
        let read = |line: &str| line.split_once('=').map(|(titre, code)| (titre.to_string(), Colonne::from_code(code)));
        Self(text.lines().filter_map(read).collect())
    }
}

impl Appris {
    pub fn new(known: impl IntoIterator<Item = (String, Association)>) -> Self {
        Self(known.into_iter().collect())
    }

    /// What was said of files with these titles.
    pub fn find(&self, titres: &[String]) -> Option<&Association> {
        self.0.get(&find_empreinte(titres))
    }
}
