//! The accueil for people: residents first, then the team.

mod appel;
mod carte;
mod demande;
mod dossier;
mod droits;
mod equite;
mod guichet;
mod habitant;
mod liste;
mod prise_en_charge;
mod qualite;
mod reglages;
mod reponse;
mod sans_solution;
mod suivi;
mod une_demande;

use kit::routes::Routes;

use crate::Accueil;

/// Whether knowing this address is what gives the right to act: no other site can forge a form for it. Without referrer, browsers
/// send these forms with `Origin: null`, which those older than `Sec-Fetch-Site` (2023) could not tell from an attack.
pub fn is_secret_address(path: &str) -> bool {
    matches!(path.split('/').nth(2), Some("ma-demande" | "prise-en-charge"))
}

pub fn routes(accueil: Accueil) -> Routes {
    Routes::new()
        .get("/{territoire}", habitant::show_accueil)
        .get("/{territoire}/orientation", habitant::show_choix)
        .get("/{territoire}/orientation/{commune}/{besoins}", reponse::show_reponse)
        .get("/{territoire}/orientation/{commune}/{besoins}/feuille", reponse::show_feuille)
        .get("/{territoire}/demandes/nouvelle", demande::show_nouvelle)
        .post("/{territoire}/demandes", demande::create_demande)
        .get("/{territoire}/demandes/merci", demande::show_merci)
        .get("/{territoire}/ma-demande/effacee", droits::show_effacee)
        .get("/{territoire}/ma-demande/{code}", droits::show_ma_demande)
        .get("/{territoire}/ma-demande/{code}/donnees.json", droits::show_json)
        .get("/{territoire}/ma-demande/{code}/document", droits::show_document)
        .get("/{territoire}/ma-demande/{code}/document.pdf", droits::show_pdf)
        .get("/{territoire}/suivi", suivi::show_suivi)
        .post("/{territoire}/suivi", suivi::open_suivi)
        .post("/{territoire}/ma-demande/{code}/toujours", droits::create_toujours)
        .post("/{territoire}/ma-demande/{code}/retrait", droits::create_retrait)
        .get("/{territoire}/ma-demande/{code}/effacement", droits::show_effacement)
        .post("/{territoire}/ma-demande/{code}/effacement", droits::create_effacement)
        .get("/{territoire}/equipe/appel", appel::show_appel)
        .post("/{territoire}/equipe/appel", appel::show_again)
        .get("/{territoire}/equipe/appel/propositions", appel::show_propositions)
        .get("/{territoire}/equipe/appel/structures", appel::show_structures)
        .post("/{territoire}/equipe/appel/numero", appel::show_numero)
        .get("/{territoire}/equipe/appel/reperes", appel::show_reperes)
        .post("/{territoire}/equipe/appel/reperes", appel::create_repere)
        .post("/{territoire}/equipe/appel/reperes/{id}/retrait", appel::delete_repere)
        .get("/{territoire}/equipe/guichet", guichet::show_guichet)
        .post("/{territoire}/equipe/guichet", guichet::create_guichet)
        .get("/{territoire}/equipe/demandes", liste::show_demandes)
        .post("/{territoire}/equipe/demandes", appel::create_demande)
        .get("/{territoire}/equipe/demandes/{id}", une_demande::show_demande)
        .post("/{territoire}/equipe/demandes/{id}/issue", une_demande::update_issue)
        .post("/{territoire}/equipe/demandes/{id}/reouverture", une_demande::create_reouverture)
        .post("/{territoire}/equipe/demandes/{id}/suite", une_demande::create_suite)
        .post("/{territoire}/equipe/demandes/{id}/analyse", une_demande::create_analyse)
        .get("/{territoire}/equipe/demandes/{id}/qualite", qualite::show_appel)
        .post("/{territoire}/equipe/demandes/{id}/qualite", qualite::create_appel)
        .get("/{territoire}/equipe/appels-qualite", qualite::show_appels)
        .get("/{territoire}/equipe/reglages-accueil", reglages::show_reglages)
        .post("/{territoire}/equipe/reglages-accueil", reglages::update_reglages)
        .get("/{territoire}/equipe/demandes/{id}/recapitulatif", appel::show_recapitulatif)
        .get("/{territoire}/equipe/demandes/{id}/donnees.json", dossier::show_json)
        .get("/{territoire}/equipe/demandes/{id}/document", dossier::show_document)
        .get("/{territoire}/equipe/demandes/{id}/document.pdf", dossier::show_pdf)
        .post("/{territoire}/equipe/demandes/{id}/retrait", dossier::create_retrait)
        .get("/{territoire}/equipe/demandes/{id}/effacement", dossier::show_effacement)
        .post("/{territoire}/equipe/demandes/{id}/effacement", dossier::create_effacement)
        .post("/{territoire}/equipe/demandes/{id}/prises-en-charge", prise_en_charge::equipe::create_envoi)
        .get("/{territoire}/equipe/prises-en-charge", prise_en_charge::equipe::show_prises)
        .post("/{territoire}/equipe/prises-en-charge/{id}/reponse", prise_en_charge::equipe::create_reponse)
        .post("/{territoire}/equipe/prises-en-charge/{id}/choix", prise_en_charge::equipe::create_choix)
        .post("/{territoire}/equipe/prises-en-charge/{id}/cloture", prise_en_charge::equipe::create_cloture)
        .post("/{territoire}/equipe/prises-en-charge/{id}/retrait", prise_en_charge::equipe::create_retrait)
        .get("/{territoire}/prise-en-charge/{code}", prise_en_charge::lien::show_lien)
        .post("/{territoire}/prise-en-charge/{code}/oui", prise_en_charge::lien::create_oui)
        .post("/{territoire}/prise-en-charge/{code}/non", prise_en_charge::lien::create_non)
        .post("/{territoire}/prise-en-charge/{code}/envoi", prise_en_charge::lien::create_envoi)
        .post("/{territoire}/prise-en-charge/{code}/preuve", prise_en_charge::lien::create_preuve)
        .get("/{territoire}/equipe/structures/{id}/equite", equite::show_equite)
        .get("/{territoire}/equipe/sans-solution", sans_solution::show_sans_solution)
        .with_state(accueil)
}
