//! The words people read for the value of an axis.

use accueil::mots::{libelle_de_besoin, nom_de_commune};
use accueil::{Canal, Motif, Origine, TrancheAge};
use territoire::{Referentiel, Territoire};

use crate::indicateurs::Axe;

/// The code itself when it is of no list of ours.
pub fn say_valeur(territoire: &Territoire, axe: Axe, code: &str) -> String {
    let known = match axe {
        Axe::Commune => return nom_de_commune(code),
        Axe::Besoin => return libelle_de_besoin(code),
        Axe::Bassin => return territoire.bassins.iter().find(|one| one.code == code).map_or_else(|| code.into(), |one| one.nom.clone()),
        Axe::Epci => return Referentiel::get().find_epci(code).map_or_else(|| code.into(), |one| one.nom.to_string()),
        Axe::Heure => return say_heure(code),
        Axe::Canal => Canal::from_code(code).map(Canal::label),
        Axe::TrancheAge => TrancheAge::from_code(code).map(TrancheAge::label),
        Axe::Motif => Motif::from_code(code).map(Motif::label),
        Axe::Origine => Origine::from_code(code).map(Origine::label),
    };
    known.map_or_else(|| code.replace('_', " "), str::to_string)
}

/// « 9 h ».
pub fn say_heure(code: &str) -> String {
    format!("{}\u{a0}h", code.parse::<u32>().unwrap_or_default())
}
