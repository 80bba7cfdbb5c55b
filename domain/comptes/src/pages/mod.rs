//! Signing in, by each of the ways in, and out; one's own account, and for the administration those of the others.

mod cle_acces;
mod connexion;
mod equipe;
mod fournisseur;
mod invitation;
mod journal;
mod lien;
mod mon_compte;
mod second_facteur;

use kit::routes::Routes;

use crate::Comptes;

pub fn routes(comptes: Comptes) -> Routes {
    Routes::new()
        .get("/{territoire}/connexion", connexion::show_connexion)
        .post("/{territoire}/connexion", connexion::create_session)
        .get("/{territoire}/connexion/lien", lien::show_demande)
        .post("/{territoire}/connexion/lien", lien::create_lien)
        .get("/{territoire}/connexion/lien/{code}", lien::show_lien)
        .post("/{territoire}/connexion/lien/{code}", lien::use_lien)
        .post("/{territoire}/connexion/cle-acces/debut", cle_acces::start_connexion)
        .post("/{territoire}/connexion/cle-acces", cle_acces::create_session)
        .get("/{territoire}/connexion/fournisseur", fournisseur::start_connexion)
        .get("/{territoire}/connexion/fournisseur/retour", fournisseur::create_session)
        .post("/{territoire}/deconnexion", connexion::delete_session)
        .get("/{territoire}/couleurs.css", connexion::show_couleurs)
        .get("/{territoire}/invitation/{code}", invitation::show_invitation)
        .post("/{territoire}/invitation/{code}", invitation::create_mot_de_passe)
        .get("/{territoire}/equipe", mon_compte::show_equipe)
        .get("/{territoire}/equipe/mon-compte", mon_compte::show_compte)
        .post("/{territoire}/equipe/mon-compte/mot-de-passe", mon_compte::update_mot_de_passe)
        .post("/{territoire}/equipe/mon-compte/sessions", mon_compte::close_sessions)
        .post("/{territoire}/equipe/mon-compte/cles-acces/debut", cle_acces::start_creation)
        .post("/{territoire}/equipe/mon-compte/cles-acces", cle_acces::create_cle)
        .post("/{territoire}/equipe/mon-compte/cles-acces/{id}/retrait", cle_acces::delete_cle)
        .post("/{territoire}/equipe/mon-compte/fournisseur/retrait", mon_compte::delete_fournisseur)
        .get("/{territoire}/equipe/second-facteur", second_facteur::show_second_facteur)
        .post("/{territoire}/equipe/second-facteur", second_facteur::create_preuve)
        .post("/{territoire}/equipe/comptes/{id}/second-facteur", equipe::delete_second_facteur)
        .get("/{territoire}/equipe/comptes", equipe::show_comptes)
        .post("/{territoire}/equipe/comptes", equipe::create_compte)
        .get("/{territoire}/equipe/comptes/{id}", equipe::show_compte)
        .post("/{territoire}/equipe/comptes/{id}/roles", equipe::update_roles)
        .post("/{territoire}/equipe/comptes/{id}/activation", equipe::update_activation)
        .post("/{territoire}/equipe/comptes/{id}/invitation", equipe::create_invitation)
        .get("/{territoire}/equipe/journal", journal::show_journal)
        .get("/{territoire}/equipe/journal.csv", journal::show_csv)
        .post("/{territoire}/equipe/poste", equipe::create_poste)
        .with_state(comptes)
}
