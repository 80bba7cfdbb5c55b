//! The annuaire for people: the page of a structure, and for the team the list and the imports.

mod fiche;
mod imports;
mod referent;
mod structure;

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
        .get("/{territoire}/equipe/structures/{id}/complements", fiche::complements::show_complements)
        .post("/{territoire}/equipe/structures/{id}/informations", fiche::complements::create_information)
        .post("/{territoire}/equipe/structures/{id}/informations/{information}/retrait", fiche::complements::delete_information)
        .post("/{territoire}/equipe/structures/{id}/interlocuteurs", fiche::complements::create_interlocuteur)
        .post("/{territoire}/equipe/structures/{id}/interlocuteurs/{interlocuteur}/retrait", fiche::complements::delete_interlocuteur)
        .post("/{territoire}/equipe/structures/{id}/identite", fiche::complements::update_identite)
        .get("/{territoire}/equipe/structures/{id}/historique", fiche::historique::show_historique)
        .get("/{territoire}/equipe/structures/{id}/historique/{version}", fiche::historique::show_retour)
        .post("/{territoire}/equipe/structures/{id}/historique/{version}", fiche::historique::create_retour)
        .get("/{territoire}/equipe/comptes/{id}/structures", referent::show_structures)
        .post("/{territoire}/equipe/comptes/{id}/structures", referent::update_structure)
        .with_state(annuaire)
}
