//! Who comes to a commune: its map, for one need or for all of them.

use axum::extract::{Query, State};
use axum::response::Response;
use comptes::Autorise;
use comptes::permission::LireAnnuaire;
use kit::Result;
use serde::Deserialize;
use territoire::{Commune, Referentiel, Territoire};

use super::{Adresse, Filtre, Forme, find_besoin, respond, work};
use crate::Annuaire;
use crate::besoin::Taxonomie;
use crate::cartes::commune::map_commune;
use crate::cartes::{Carte, Tableau};
use crate::rules::commune_dite;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CommuneInput {
    ou: String,
    besoin: String,
    forme: Forme,
}

/// Names alike that are shown to choose from.
const SENS: usize = 20;

pub async fn show_commune(
    equipier: Autorise<LireAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(input): Query<CommuneInput>,
) -> Result<Response> {
    let (choisi, territoire) = (find_besoin(&input.besoin)?, equipier.territoire.clone());
    let sens = list_sens(&input.ou, &territoire);
    let aiguillage = annuaire.aiguillages.get(territoire.id);
    let (carte, code) = match sens.as_slice() {
        [commune] => {
            let (commune, code) = (*commune, commune.code.to_string());
            (work(move || map_commune(&aiguillage, (&territoire, commune), choisi)).await?, code)
        }
        several => (ask(&input.ou, several.len()), String::new()),
    };
    let (ou, sens) = match sens.as_slice() {
        [commune] => (commune_dite::write(commune), vec![]),
        _ => (input.ou, sens),
    };
    let filtre = Filtre { ou: Some(ou), besoins: Taxonomie::get().iter().collect(), choisi, sens };
    let ici = format!("/{}/equipe/annuaire/commune?ou={code}&besoin={}", equipier.territoire.slug, input.besoin);
    respond((&annuaire, &equipier), (carte, input.forme), (filtre, Adresse { ici, retour: None })).await
}

/// The communes that the words mean: of the territoire first.
fn list_sens(typed: &str, territoire: &Territoire) -> Vec<&'static Commune> {
    if let Some(only) = commune_dite::read(typed, Some(territoire)) {
        return vec![only];
    }
    let national = Referentiel::get();
    let here = national.search_communes(typed, Some(&|rang| territoire.contains(rang)), SENS);
    let found = if here.is_empty() { national.search_communes(typed, None, SENS) } else { here };
    found.into_iter().map(|one| one.commune).collect()
}

/// Before there is a map.
fn ask(typed: &str, meanings: usize) -> Carte {
    let phrase = match (typed.trim(), meanings) {
        ("", _) => "Écrivez le nom d’une commune, ou son code postal, pour voir qui y vient.".to_string(),
        (_, 0) => "Cette commune n’est pas trouvée. Vérifiez l’orthographe, ou essayez le code postal.".to_string(),
        _ => "Plusieurs communes répondent à ces mots. Choisissez la vôtre.".to_string(),
    };
    Carte {
        titre: "Services d’une commune".into(),
        phrases: vec![phrase],
        communes: vec![],
        lieux: vec![],
        tableau: Tableau::default(),
        classes: vec![],
    }
}
