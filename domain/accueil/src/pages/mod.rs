//! The accueil for people: residents first, then the team.

mod appel;
mod carte;
mod demande;
mod habitant;
mod liste;
mod reponse;

use axum::Router;
use axum::routing::{get, post};

use crate::Accueil;

/// Public routes take a `Visite`, those of the team an `Equipier`.
pub fn routes(accueil: Accueil) -> Router {
    Router::new()
        .route("/{territoire}", get(habitant::show_accueil))
        .route("/{territoire}/orientation", get(habitant::show_choix))
        .route("/{territoire}/orientation/{commune}/{besoins}", get(reponse::show_reponse))
        .route("/{territoire}/orientation/{commune}/{besoins}/feuille", get(reponse::show_feuille))
        .route("/{territoire}/demandes/nouvelle", get(demande::show_nouvelle))
        .route("/{territoire}/demandes", post(demande::create_demande))
        .route("/{territoire}/demandes/merci", get(demande::show_merci))
        .route("/{territoire}/equipe/appel", get(appel::show_appel).post(appel::show_again))
        .route("/{territoire}/equipe/appel/propositions", get(appel::show_propositions))
        .route("/{territoire}/equipe/demandes", get(liste::show_demandes).post(appel::create_demande))
        .route("/{territoire}/equipe/demandes/{id}", get(liste::show_demande))
        .route("/{territoire}/equipe/demandes/{id}/issue", post(liste::update_issue))
        .route("/{territoire}/equipe/sans-solution", get(liste::show_sans_solution))
        .with_state(accueil)
}
