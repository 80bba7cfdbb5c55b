//! The accueil for programs: orientations read, demandes recorded.

pub mod demande;
pub mod ecriture;
pub mod orientation;

use axum::Router;
use axum::routing::{get, post};

use crate::Accueil;

/// Anybody may call them.
pub fn routes(accueil: Accueil) -> Router {
    Router::new()
        .route("/api/v1/orientations", get(orientation::show_orientations))
        .route("/api/v1/demandes", post(demande::create_demande))
        .with_state(accueil)
}
