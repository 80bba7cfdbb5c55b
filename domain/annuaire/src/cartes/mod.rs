//! The maps of the annuaire: gaps for a need, what one service reaches, who comes to one commune (seeds 003 and 004).
//! What a map shows is one value, `Carte`; its drawing, its GeoJSON, its table and its paper are read from it alone.
//! Public face: `Carte`, `zones`, `couverture`, `commune`, `Trace`, `write_geojson`, `Fond`.

pub mod commune;
pub mod couverture;
mod fond;
mod geojson;
#[cfg(test)]
mod tests;
mod trace;
pub mod zones;

use territoire::contours::find_contour;
use territoire::{Commune, Point};

pub use fond::{Fond, FondRefuse};
pub use geojson::write_geojson;
pub use trace::{Trace, write_marque, write_motif};

/// What a map shows.
#[derive(Clone, Debug)]
pub struct Carte {
    pub titre: String,
    /// What it says, in words: read first, and by whoever does not see it.
    pub phrases: Vec<String>,
    pub communes: Vec<CommuneTracee>,
    pub lieux: Vec<LieuTrace>,
    pub tableau: Tableau,
}

/// A commune of a map, how it is coloured, and what is said of it.
#[derive(Clone, Debug)]
pub struct CommuneTracee {
    pub commune: &'static Commune,
    pub teinte: Teinte,
    pub dit: String,
}

/// A place of a map; its number is that of the table.
#[derive(Clone, Debug)]
pub struct LieuTrace {
    pub point: Point,
    pub numero: String,
    pub dit: String,
}

/// The same as the map, line by line.
#[derive(Clone, Debug, Default)]
pub struct Tableau {
    pub intitule: &'static str,
    pub colonnes: &'static [&'static str],
    pub lignes: Vec<Ligne>,
    /// How many more there are: a longer table is read by nobody, and writing it would take longer than the map.
    pub omises: usize,
}

const LIGNES: usize = 2_000;

impl Tableau {
    /// A line for each of `values`, up to what is read.
    fn write<T>(intitule: &'static str, colonnes: &'static [&'static str], values: &[T], write: impl Fn(&T) -> Ligne) -> Self {
        Self { intitule, colonnes, lignes: values.iter().take(LIGNES).map(write).collect(), omises: values.len().saturating_sub(LIGNES) }
    }
}

/// One line: the first cell names it.
#[derive(Clone, Debug, Default)]
pub struct Ligne {
    /// Where its name leads, after the address of the territoire.
    pub vers: Option<String>,
    /// What must be seen first.
    pub is_forte: bool,
    pub cellules: Vec<String>,
}

/// How a commune is coloured. Colour is never the only sign: nobody and exceptions are hatched, and the table says all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Teinte {
    Personne,
    ADistance,
    Une,
    Quelques,
    Nombreuses,
    Desservie,
    Exceptee,
    Choisie,
    Ailleurs,
}

/// Lines drawn over a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hachure {
    /// From the bottom to the top.
    Montante,
    Descendante,
}

impl Teinte {
    pub const ALL: [Self; 9] = [
        Self::Personne,
        Self::ADistance,
        Self::Une,
        Self::Quelques,
        Self::Nombreuses,
        Self::Desservie,
        Self::Exceptee,
        Self::Choisie,
        Self::Ailleurs,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Personne => "personne",
            Self::ADistance => "a_distance",
            Self::Une => "une",
            Self::Quelques => "quelques",
            Self::Nombreuses => "nombreuses",
            Self::Desservie => "desservie",
            Self::Exceptee => "exceptee",
            Self::Choisie => "choisie",
            Self::Ailleurs => "ailleurs",
        }
    }

    /// What the legend says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Personne => "personne",
            Self::ADistance => "à distance seulement",
            Self::Une => "une structure",
            Self::Quelques => "deux ou trois structures",
            Self::Nombreuses => "quatre structures ou plus",
            Self::Desservie => "commune desservie",
            Self::Exceptee => "exceptée",
            Self::Choisie => "la commune choisie",
            Self::Ailleurs => "autre commune",
        }
    }

    pub const fn couleur(self) -> &'static str {
        match self {
            Self::Personne => "#fff4e5",
            Self::ADistance => "#f0d9b0",
            Self::Une => "#a9cdbb",
            Self::Quelques | Self::Desservie => "#5c9a7e",
            Self::Nombreuses => "#1f5c45",
            Self::Exceptee => "#ffffff",
            Self::Choisie => "#f6c667",
            Self::Ailleurs => "#f3eee2",
        }
    }

    /// Its hatches and their colour.
    pub const fn hachure(self) -> Option<(Hachure, &'static str)> {
        match self {
            Self::Personne => Some((Hachure::Montante, "#8a5a00")),
            Self::Exceptee => Some((Hachure::Descendante, "#a02a1d")),
            _ => None,
        }
    }
}

impl Carte {
    /// The colours that it uses, in the order of the legend.
    pub fn legende(&self) -> Vec<Teinte> {
        Teinte::ALL.into_iter().filter(|teinte| self.communes.iter().any(|one| one.teinte == *teinte)).collect()
    }

    /// What its marks are, when it has some.
    pub fn legende_lieux(&self) -> Option<&'static str> {
        let first = self.lieux.first()?;
        Some(if first.numero.is_empty() { "lieu du service" } else { "d’où vient le service, numéro du tableau" })
    }
}

/// Beyond, communes are dots of one drawing each colour: an outline would be smaller than its border.
const COMMUNES_DETAILLEES: usize = 2_000;

/// Those that a map of this size may show: of a set that spans oceans, the mainland. The table has them all.
fn list_dessinees(communes: &[CommuneTracee]) -> Vec<&CommuneTracee> {
    let is_overseas = |one: &CommuneTracee| matches!(one.commune.departement.as_str().get(..2), Some("97" | "98"));
    let has_mainland = communes.iter().any(|one| !is_overseas(one));
    let is_shown = |one: &&CommuneTracee| !(has_mainland && is_overseas(one)) && (one.commune.point.is_some() || has_contour(one));
    communes.iter().filter(is_shown).collect()
}

fn has_contour(one: &CommuneTracee) -> bool {
    find_contour(one.commune.code).is_some()
}
