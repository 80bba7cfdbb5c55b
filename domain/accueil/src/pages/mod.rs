//! The accueil for people: residents first, then the team.

mod appel;
mod carte;
mod demande;
mod dossier;
mod droits;
mod habitant;
mod liste;
mod reponse;

use axum::Router;
use axum::routing::{get, post};

use crate::Accueil;

pub(crate) use liste::{libelle_de_besoin, nom_de_commune};

/// Whether knowing this address is what gives the right to act: no other site can forge a form for it. Without referrer, browsers
/// send these forms with `Origin: null`, which those older than `Sec-Fetch-Site` (2023) could not tell from an attack.
pub fn is_secret_address(path: &str) -> bool {
    path.split('/').nth(2) == Some("ma-demande")
}

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
        .route("/{territoire}/ma-demande/effacee", get(droits::show_effacee))
        .route("/{territoire}/ma-demande/{code}", get(droits::show_ma_demande))
        .route("/{territoire}/ma-demande/{code}/donnees.json", get(droits::show_json))
        .route("/{territoire}/ma-demande/{code}/document", get(droits::show_document))
        .route("/{territoire}/ma-demande/{code}/retrait", post(droits::create_retrait))
        .route("/{territoire}/ma-demande/{code}/effacement", get(droits::show_effacement).post(droits::create_effacement))
        .route("/{territoire}/equipe/appel", get(appel::show_appel).post(appel::show_again))
        .route("/{territoire}/equipe/appel/propositions", get(appel::show_propositions))
        .route("/{territoire}/equipe/demandes", get(liste::show_demandes).post(appel::create_demande))
        .route("/{territoire}/equipe/demandes/{id}", get(liste::show_demande))
        .route("/{territoire}/equipe/demandes/{id}/issue", post(liste::update_issue))
        .route("/{territoire}/equipe/demandes/{id}/donnees.json", get(dossier::show_json))
        .route("/{territoire}/equipe/demandes/{id}/document", get(dossier::show_document))
        .route("/{territoire}/equipe/demandes/{id}/retrait", post(dossier::create_retrait))
        .route("/{territoire}/equipe/demandes/{id}/effacement", get(dossier::show_effacement).post(dossier::create_effacement))
        .route("/{territoire}/equipe/sans-solution", get(liste::show_sans_solution))
        .with_state(accueil)
}
