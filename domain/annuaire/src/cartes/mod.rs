//! The maps of the annuaire: gaps for a need, what one service reaches, who comes to one commune (seeds 003 and 004).
//! What a map shows is one value, `Carte`; its drawing, its GeoJSON, its table and its paper are read from it alone.
//! Public face: `Carte`, `zones`, `couverture`, `commune`, `quantiles`, `Trace`, `write_geojson`, `Fond`.

pub mod commune;
pub mod couverture;
mod fond;
mod geojson;
pub mod quantiles;
mod teinte;
#[cfg(test)]
mod tests;
mod trace;
pub mod zones;

use territoire::contours::find_contour;
use territoire::{Commune, Point};

pub use fond::{Fond, FondRefuse};
pub use geojson::write_geojson;
pub use teinte::{Hachure, Quintile, Teinte};
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
    /// On a map of values, from which to which each class goes, in words.
    pub classes: Vec<(Quintile, String)>,
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

impl Carte {
    /// The colours that it uses, in the order of the legend.
    pub fn legende(&self) -> Vec<Teinte> {
        Teinte::ALL.into_iter().filter(|teinte| self.communes.iter().any(|one| one.teinte == *teinte)).collect()
    }

    /// What the legend says of a colour.
    pub fn label(&self, teinte: Teinte) -> &str {
        let named = self.classes.iter().find(|(quintile, _)| teinte == Teinte::Classe(*quintile));
        named.map_or(teinte.label(), |(_, words)| words)
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
