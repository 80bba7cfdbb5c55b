//! The words in which pages and letters name the communes and the needs that are stored as codes.

use annuaire::besoin::Taxonomie;
use territoire::Referentiel;

/// « Rosnay », or the code when it is no longer one.
pub fn nom_de_commune(code: &str) -> String {
    Referentiel::get().resolve_code(code).map_or_else(|_| code.to_string(), |found| found.commune.nom.to_string())
}

/// « à Rosnay », « au Blanc ».
pub fn a_la_commune(code: &str) -> String {
    Referentiel::get().resolve_code(code).map_or_else(|_| code.to_string(), |found| found.commune.a())
}

/// « Portage de repas », or the code when the taxonomy no longer has it.
pub fn libelle_de_besoin(code: &str) -> String {
    Taxonomie::get().find(code).map_or_else(|| code.to_string(), |besoin| besoin.libelle.to_string())
}

/// « Ménage, jardinage ».
pub fn libelles_de_besoins(codes: &[String]) -> String {
    codes.iter().map(|code| libelle_de_besoin(code)).collect::<Vec<_>>().join(", ")
}
