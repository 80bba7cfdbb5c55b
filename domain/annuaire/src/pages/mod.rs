//! The annuaire for people: the page of a structure, and for the team the list and the imports.

mod cartes;
mod colonnes;
mod doublons;
mod fiche;
mod imports;
mod qualite;
pub mod recensement;
mod referent;
mod structure;
mod suggestion;

use kit::routes::Routes;

use crate::Annuaire;

/// A file of 200 000 lines weighs some 60 MB.
const FILE_BYTES: usize = 100 * 1024 * 1024;

pub fn routes(annuaire: Annuaire) -> Routes {
    Routes::new()
        .get("/{territoire}/structures/{id}", structure::show_structure)
        .get("/{territoire}/structures/{id}/logo", fiche::logo::show_logo)
        .get("/{territoire}/structures/{id}/signaler", suggestion::show_signalement)
        .post("/{territoire}/structures/{id}/signaler", suggestion::create_signalement)
        .get("/{territoire}/suggestions/merci", suggestion::show_merci)
        .get("/{territoire}/inscription", suggestion::show_inscription)
        .post("/{territoire}/inscription", suggestion::create_inscription)
        .get("/{territoire}/recensement/{code}", recensement::show_lien)
        .post("/{territoire}/recensement/{code}/juste", recensement::create_confirmation)
        .post("/{territoire}/recensement/{code}/services/{service}", recensement::update_disponibilite)
        .get("/{territoire}/recensement/{code}/corriger", recensement::show_formulaire)
        .post("/{territoire}/recensement/{code}/corriger", recensement::update_fiche)
        .get("/{territoire}/equipe/annuaire", structure::show_structures)
        .get("/{territoire}/equipe/annuaire/suggestions", suggestion::equipe::show_suggestions)
        .post("/{territoire}/equipe/annuaire/suggestions/{id}", suggestion::equipe::update_suggestion)
        .get("/{territoire}/equipe/annuaire/campagnes", recensement::campagne::show_campagnes)
        .post("/{territoire}/equipe/annuaire/campagnes", recensement::campagne::create_campagne)
        .get("/{territoire}/equipe/annuaire/campagnes/{id}", recensement::campagne::show_campagne)
        .post("/{territoire}/equipe/annuaire/campagnes/{id}/envoi", recensement::campagne::create_envoi)
        .post("/{territoire}/equipe/annuaire/campagnes/{id}/cloture", recensement::campagne::create_cloture)
        .get("/{territoire}/equipe/annuaire/imports", imports::show_nouveau)
        .post_file("/{territoire}/equipe/annuaire/imports", imports::create_import, FILE_BYTES)
        .get("/{territoire}/equipe/annuaire/imports/{id}", imports::show_import)
        .post("/{territoire}/equipe/annuaire/imports/{id}/acceptation", imports::create_acceptation)
        .post("/{territoire}/equipe/annuaire/imports/{id}/reprise", imports::create_reprise)
        .get("/{territoire}/equipe/annuaire/imports/{id}/colonnes", colonnes::show_colonnes)
        .post("/{territoire}/equipe/annuaire/imports/{id}/colonnes", colonnes::update_colonnes)
        .get("/{territoire}/equipe/annuaire/zones-blanches", cartes::show_zones)
        .get("/{territoire}/equipe/annuaire/commune", cartes::show_commune)
        .get("/{territoire}/equipe/annuaire/services/{id}/communes", cartes::show_service)
        .get("/{territoire}/services/{id}/communes", cartes::show_service_public)
        .get("/{territoire}/equipe/annuaire/qualite", qualite::show_qualite)
        .get("/{territoire}/equipe/annuaire/qualite.csv", qualite::show_csv)
        .get("/{territoire}/equipe/annuaire/doublons", doublons::show_doublons)
        .post("/{territoire}/equipe/annuaire/doublons/fusion", doublons::create_fusion)
        .get("/{territoire}/equipe/structures", fiche::show_miennes)
        .get("/{territoire}/equipe/structures/{id}", fiche::show_fiche)
        .post("/{territoire}/equipe/structures/{id}/verification", fiche::create_verification)
        .post("/{territoire}/equipe/structures/{id}/presentation", fiche::update_fiche)
        .get("/{territoire}/equipe/structures/{id}/services/{service}", fiche::service::show_service)
        .post("/{territoire}/equipe/structures/{id}/services/{service}", fiche::service::update_service)
        .post("/{territoire}/equipe/structures/{id}/services/{service}/retrait", fiche::service::delete_service)
        .post("/{territoire}/equipe/structures/{id}/services/{service}/disponibilite", fiche::service::update_disponibilite)
        .get("/{territoire}/equipe/structures/{id}/lieux/{lieu}", fiche::lieu::show_lieu)
        .post("/{territoire}/equipe/structures/{id}/lieux/{lieu}", fiche::lieu::update_lieu)
        .post_file("/{territoire}/equipe/structures/{id}/logo", fiche::logo::update_logo, fiche::logo::ENVOI_BYTES)
        .post("/{territoire}/equipe/structures/{id}/logo/retrait", fiche::logo::delete_logo)
        .get("/{territoire}/equipe/structures/{id}/suggestions", suggestion::equipe::show_siennes)
        .post("/{territoire}/equipe/structures/{id}/suggestions/{suggestion}", suggestion::equipe::update_sienne)
        .get("/{territoire}/equipe/structures/{id}/complements", fiche::complements::show_complements)
        .post("/{territoire}/equipe/structures/{id}/informations", fiche::complements::create_information)
        .post("/{territoire}/equipe/structures/{id}/informations/{information}/retrait", fiche::complements::delete_information)
        .post("/{territoire}/equipe/structures/{id}/interlocuteurs", fiche::complements::create_interlocuteur)
        .post("/{territoire}/equipe/structures/{id}/interlocuteurs/{interlocuteur}/retrait", fiche::complements::delete_interlocuteur)
        .post("/{territoire}/equipe/structures/{id}/identite", fiche::complements::update_identite)
        .get("/{territoire}/equipe/structures/{id}/regimes", fiche::regimes::show_regimes)
        .get("/{territoire}/equipe/structures/{id}/regimes/{regime}", fiche::regimes::show_acte)
        .post("/{territoire}/equipe/structures/{id}/regimes/{regime}", fiche::regimes::update_acte)
        .post("/{territoire}/equipe/structures/{id}/regimes/{regime}/retrait", fiche::regimes::delete_acte)
        .get("/{territoire}/equipe/structures/{id}/historique", fiche::historique::show_historique)
        .get("/{territoire}/equipe/structures/{id}/historique/{version}", fiche::historique::show_retour)
        .post("/{territoire}/equipe/structures/{id}/historique/{version}", fiche::historique::create_retour)
        .get("/{territoire}/equipe/comptes/{id}/structures", referent::show_structures)
        .post("/{territoire}/equipe/comptes/{id}/structures", referent::update_structure)
        .with_state(annuaire)
}
