//! The annuaire for people: the page of a structure, and for the team the list and the imports.

mod colonnes;
mod doublons;
mod fiche;
mod imports;
mod referent;
mod structure;
mod zones;

use kit::routes::Routes;

use crate::Annuaire;

/// A file of 200 000 lines weighs some 60 MB.
const FILE_BYTES: usize = 100 * 1024 * 1024;

pub fn routes(annuaire: Annuaire) -> Routes {
    Routes::new()
        .get("/{territoire}/structures/{id}", structure::show_structure)
        .get("/{territoire}/equipe/annuaire", structure::show_structures)
        .get("/{territoire}/equipe/annuaire/imports", imports::show_nouveau)
        .post_file("/{territoire}/equipe/annuaire/imports", imports::create_import, FILE_BYTES)
        .get("/{territoire}/equipe/annuaire/imports/{id}", imports::show_import)
        .post("/{territoire}/equipe/annuaire/imports/{id}/acceptation", imports::create_acceptation)
        .get("/{territoire}/equipe/annuaire/imports/{id}/colonnes", colonnes::show_colonnes)
        .post("/{territoire}/equipe/annuaire/imports/{id}/colonnes", colonnes::update_colonnes)
        .get("/{territoire}/equipe/annuaire/zones-blanches", zones::show_zones)
        .get("/{territoire}/equipe/annuaire/doublons", doublons::show_doublons)
        .get("/{territoire}/equipe/structures", fiche::show_miennes)
        .get("/{territoire}/equipe/structures/{id}", fiche::show_fiche)
        .post("/{territoire}/equipe/structures/{id}/verification", fiche::create_verification)
        .post("/{territoire}/equipe/structures/{id}/presentation", fiche::update_fiche)
        .get("/{territoire}/equipe/comptes/{id}/structures", referent::show_structures)
        .post("/{territoire}/equipe/comptes/{id}/structures", referent::update_structure)
        .with_state(annuaire)
}
