//! The répertoire for those who make it: editions, what they say, their books.

mod edition;
mod fiche;
mod figer;
pub(crate) mod livre;
mod public;
mod rubrique;
mod texte;

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use comptes::Equipier;
use kit::Id;
use kit::journal::Acte;
use kit::routes::Routes;

use crate::Repertoire;
use crate::epreuve::pages::{equipe, lien};

pub fn routes(repertoire: Repertoire) -> Routes {
    Routes::new()
        .get("/{territoire}/equipe/repertoire", edition::show_editions)
        .post("/{territoire}/equipe/repertoire", edition::create_edition)
        .get("/{territoire}/equipe/repertoire/{id}", edition::show_edition)
        .post("/{territoire}/equipe/repertoire/{id}", edition::update_decidee)
        .post("/{territoire}/equipe/repertoire/{id}/etat", edition::move_etat)
        .get("/{territoire}/equipe/repertoire/{id}/figer", figer::show_figer)
        .post("/{territoire}/equipe/repertoire/{id}/suppression", edition::create_suppression)
        .get("/{territoire}/equipe/repertoire/{id}/rubriques/{rang}", rubrique::show_rubrique)
        .post("/{territoire}/equipe/repertoire/{id}/rubriques/{rang}", rubrique::update_rubrique)
        .post("/{territoire}/equipe/repertoire/{id}/rubriques/{rang}/retrait", rubrique::delete_rubrique)
        .get("/{territoire}/equipe/repertoire/{id}/textes/{nature}", texte::show_texte)
        .post("/{territoire}/equipe/repertoire/{id}/textes/{nature}", texte::update_texte)
        .post("/{territoire}/equipe/repertoire/{id}/rubriques/{rang}/apercu", rubrique::preview_rubrique)
        .post("/{territoire}/equipe/repertoire/{id}/textes/{nature}/apercu", texte::preview_texte)
        .get("/{territoire}/equipe/repertoire/{id}/classeur.xlsx", livre::show_classeur)
        .get("/{territoire}/equipe/repertoire/{id}/affiches", livre::show_affiche)
        .get("/{territoire}/equipe/repertoire/{id}/fiches", fiche::show_fiche)
        .get("/{territoire}/equipe/repertoire/{id}/livres/{bassin}/livret.odt", fiche::show_odt)
        .get("/{territoire}/equipe/repertoire/{id}/livres/{bassin}/{forme}", livre::show_livre)
        .get("/{territoire}/equipe/repertoire/{id}/epreuves", equipe::show_epreuves)
        .post("/{territoire}/equipe/repertoire/{id}/epreuves/envoi", equipe::create_envoi)
        .get("/{territoire}/equipe/repertoire/{id}/epreuves/{structure}", equipe::show_epreuve)
        .post("/{territoire}/equipe/repertoire/{id}/epreuves/{structure}", equipe::create_reponse)
        .get("/{territoire}/repertoire", public::show_public)
        .get("/{territoire}/repertoire/{annee}/{bassin}/{forme}", public::show_livre)
        .get("/{territoire}/epreuve/{code}", lien::show_epreuve)
        .post("/{territoire}/epreuve/{code}", lien::create_reponse)
        .get("/{territoire}/epreuve/{code}/corriger", lien::show_correction)
        .post("/{territoire}/epreuve/{code}/corriger", lien::update_fiche)
        .merge(crate::distribution::pages::routes())
        .merge(crate::facile::pages::routes())
        .with_state(repertoire)
}

/// Where the pages of an edition are.
pub(crate) fn address(equipier: &Equipier, edition: Id) -> String {
    format!("/{}/equipe/repertoire/{edition}", equipier.territoire.slug)
}

/// The answer to a preview of what cannot print yet. Who pressed the button is refused; the page that asks by itself while one writes
/// reads what is missing where the pages would be: an unfinished title is no fault.
fn answer_unfinished(headers: &HeaderMap, mut refusal: Response) -> Response {
    if headers.contains_key("hx-request") {
        *refusal.status_mut() = StatusCode::OK;
    }
    refusal
}

pub(crate) fn acte<'a>(equipier: &Equipier, acte: &'a str, (id, detail): (Id, &'a str)) -> Acte<'a> {
    Acte { auteur: Some(equipier.compte_id), acte, objet: ("edition", id), detail }
}
