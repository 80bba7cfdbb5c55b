//! For the administration: of which structures somebody is référent·e.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::GererComptes;
use comptes::storage::{delete_referent, find_compte, insert_referent, list_structures_of};
use comptes::{Autorise, Compte, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{Error, Id, Result};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Annuaire;
use crate::storage::fiche::list_noms;
use crate::storage::{StructureListee, list_structures};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RechercheInput {
    q: String,
}

#[derive(Template)]
#[template(path = "annuaire/referent.html")]
struct ReferentPage {
    frame: Frame,
    base: String,
    compte: Compte,
    siennes: Vec<(Id, String)>,
    q: String,
    /// What the search finds, those already bound left out; a hundred at most.
    trouvees: Vec<StructureListee>,
}

pub async fn show_structures(
    equipier: Autorise<GererComptes>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
    Query(input): Query<RechercheInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let compte = find(&annuaire, &equipier, &id).await?;
    let siennes = list_structures_of(&annuaire.db, territoire, compte.id).await?;
    let mut trouvees = list_structures(&annuaire.db, territoire, &input.q, 0).await?;
    trouvees.retain(|one| !siennes.iter().any(|id| id.to_string() == one.id));
    show(&ReferentPage {
        frame: equipier.frame(format!("Structures de {}", compte.nom), Menu::Comptes),
        base: format!("/{}/equipe/comptes", equipier.territoire.slug),
        siennes: list_noms(&annuaire.db, territoire, &siennes).await?,
        compte,
        q: input.q,
        trouvees,
    })
}

async fn find(annuaire: &Annuaire, equipier: &Equipier, id: &str) -> Result<Compte> {
    find_compte(&annuaire.db, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RattachementInput {
    structure: String,
    /// « oui » binds; anything else unbinds.
    rattachee: String,
}

/// Binds or unbinds; it acts at the next request of that person.
pub async fn update_structure(
    equipier: Autorise<GererComptes>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<RattachementInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let compte = find(&annuaire, &equipier, &id).await?;
    let (structure, nom) = list_noms(&annuaire.db, territoire, &[input.structure.parse()?]).await?.pop().ok_or(Error::NotFound)?;
    let tx = annuaire.db.begin().await?;
    let what = if input.rattachee == "oui" {
        insert_referent(&tx, territoire, compte.id, structure).await?;
        "rattachement à une structure"
    } else {
        delete_referent(&tx, territoire, compte.id, structure).await?;
        "détachement d’une structure"
    };
    let acte = Acte { auteur: Some(equipier.compte_id), acte: what, objet: ("compte", compte.id), detail: &nom };
    journal::record(&tx, territoire, equipier.now, &acte).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/comptes/{}/structures", equipier.territoire.slug, compte.id)).into_response())
}
