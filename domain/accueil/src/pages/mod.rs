//! The accueil for people: residents first, then the team.

mod appel;
mod carte;
mod demande;
mod habitant;
mod liste;
mod reponse;

use kit::routes::Routes;

use crate::Accueil;

pub fn routes(accueil: Accueil) -> Routes {
    Routes::new()
        .get("/{territoire}", habitant::show_accueil)
        .get("/{territoire}/orientation", habitant::show_choix)
        .get("/{territoire}/orientation/{commune}/{besoins}", reponse::show_reponse)
        .get("/{territoire}/orientation/{commune}/{besoins}/feuille", reponse::show_feuille)
        .get("/{territoire}/demandes/nouvelle", demande::show_nouvelle)
        .post("/{territoire}/demandes", demande::create_demande)
        .get("/{territoire}/demandes/merci", demande::show_merci)
        .get("/{territoire}/equipe/appel", appel::show_appel)
        .post("/{territoire}/equipe/appel", appel::show_again)
        .get("/{territoire}/equipe/appel/propositions", appel::show_propositions)
        .get("/{territoire}/equipe/demandes", liste::show_demandes)
        .post("/{territoire}/equipe/demandes", appel::create_demande)
        .get("/{territoire}/equipe/demandes/{id}", liste::show_demande)
        .post("/{territoire}/equipe/demandes/{id}/issue", liste::update_issue)
        .get("/{territoire}/equipe/sans-solution", liste::show_sans_solution)
        .with_state(accueil)
}
