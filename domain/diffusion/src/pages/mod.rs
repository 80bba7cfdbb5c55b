//! « Données ouvertes » : what is given, under which licence, the editions and their files; and for the team, to publish now.

mod abonnement;
mod donnees;
mod equipe;
mod integration;

use kit::routes::Routes;

use crate::Diffusion;

pub fn routes() -> Routes<Diffusion> {
    Routes::new()
        .get("/{territoire}/donnees", donnees::show_donnees)
        .get("/{territoire}/donnees/{edition}/{fichier}", donnees::show_fichier)
        .get("/{territoire}/equipe/donnees", equipe::show_donnees)
        .get("/{territoire}/integration", integration::show_integration)
        .get("/widget.js", integration::show_widget)
        .post("/{territoire}/equipe/donnees/edition", equipe::create_edition)
        .post("/{territoire}/equipe/donnees/abonnements", abonnement::create_abonnement)
        .post("/{territoire}/equipe/donnees/abonnements/{id}/retrait", abonnement::delete)
        .post("/{territoire}/equipe/donnees/hotes", integration::update_hotes)
}
