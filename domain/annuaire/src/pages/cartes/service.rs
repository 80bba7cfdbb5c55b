//! What one service reaches: for everybody without a script, for the team with a map that moves.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use comptes::permission::LireAnnuaire;
use comptes::{Autorise, Visite};
use kit::{Error, Id, Result};
use serde::Deserialize;
use territoire::Territoire;
use territoire::contours::MENTION;
use ui::show;

use super::{Adresse, CartePage, Filtre, Forme, respond, work};
use crate::Annuaire;
use crate::cartes::couverture::map_service;
use crate::cartes::{Carte, Trace};
use crate::storage::export::find_structure_of_service;
use crate::storage::fiche::find_fiche;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ServiceInput {
    forme: Forme,
}

/// On a slow line, a page of more outlines would weigh too much: the list says it all.
const COMMUNES_PUBLIQUES: usize = 150;
const LIGNES_PUBLIQUES: usize = 300;

pub async fn show_service(
    equipier: Autorise<LireAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((slug, id)): Path<(String, String)>,
    Query(input): Query<ServiceInput>,
) -> Result<Response> {
    let (carte, structure) = find_carte(&annuaire, &equipier.territoire, id.parse()?).await?;
    let adresse = Adresse {
        ici: format!("/{slug}/equipe/annuaire/services/{id}/communes"),
        retour: Some((format!("/{slug}/structures/{structure}"), "Fiche de la structure")),
    };
    respond((&annuaire, &equipier), (carte, input.forme), (Filtre::default(), adresse)).await
}

pub async fn show_service_public(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (carte, structure) = find_carte(&annuaire, &visite.territoire, id.parse()?).await?;
    show(&CartePage {
        frame: visite.frame(carte.titre.clone()),
        adresse: Adresse {
            ici: format!("/{slug}/services/{id}/communes"),
            retour: Some((format!("/{slug}/structures/{structure}"), "Fiche de la structure")),
        },
        slug,
        trace: if carte.communes.len() <= COMMUNES_PUBLIQUES { Trace::draw(&carte) } else { None },
        carte,
        filtre: Filtre::default(),
        fond: None,
        limite: LIGNES_PUBLIQUES,
        mention: MENTION,
    })
}

/// The map of a service, and its structure.
async fn find_carte(annuaire: &Annuaire, territoire: &std::sync::Arc<Territoire>, id: Id) -> Result<(Carte, Id)> {
    let db = annuaire.db.read();
    let structure = find_structure_of_service(db, territoire.id, id).await?.ok_or(Error::NotFound)?;
    let mut fiche = find_fiche(db, territoire.id, structure).await?.ok_or(Error::NotFound)?.fiche;
    let service = fiche.services.remove(&id).ok_or(Error::NotFound)?;
    let territoire = territoire.clone();
    let carte = work(move || map_service(&service, &fiche.structure.nom, &territoire)).await?;
    Ok((carte, structure))
}
