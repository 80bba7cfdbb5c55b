//! The annuaire for people: the page of a structure, and for the team the list and the imports.

mod imports;
mod structure;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::Annuaire;

/// A file of 200 000 lines weighs some 60 MB.
const FILE_BYTES: usize = 100 * 1024 * 1024;

/// The page of a structure is public; the rest takes an `Equipier`.
pub fn routes(annuaire: Annuaire) -> Router {
    Router::new()
        .route("/{territoire}/structures/{id}", get(structure::show_structure))
        .route("/{territoire}/equipe/annuaire", get(structure::show_structures))
        .route(
            "/{territoire}/equipe/annuaire/imports",
            get(imports::show_nouveau).post(imports::create_import).layer(DefaultBodyLimit::max(FILE_BYTES)),
        )
        .route("/{territoire}/equipe/annuaire/imports/{id}", get(imports::show_import))
        .route("/{territoire}/equipe/annuaire/imports/{id}/acceptation", post(imports::create_acceptation))
        .with_state(annuaire)
}
