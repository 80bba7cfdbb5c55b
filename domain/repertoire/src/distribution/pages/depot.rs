//! A whole round, left as it was planned: one gesture on the way back, rather than one a place.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Autorise;
use comptes::permission::TenirAnnuaire;
use kit::{Error, Id, Result, journal};
use serde::Deserialize;

use super::diffusion::refuse_depot;
use super::diffusion_address;
use crate::Repertoire;
use crate::contenu::{find_imprime, need_edition};
use crate::distribution::rules::compte::count;
use crate::distribution::rules::saisie::read_jour;
use crate::distribution::rules::tournee::{list_tournees, plan_depot};
use crate::distribution::storage::{insert_mouvements, lock, read_suivi};
use crate::distribution::{Mouvement, NatureMouvement};
use crate::pages::acte;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DepotInput {
    /// Name of the round; empty for the places that have none.
    pub tournee: String,
    /// The day, as it was typed.
    pub le: String,
    /// What the button said.
    exemplaires: i64,
}

/// Clicked twice, nothing is left to be noted the second time.
pub async fn create_depot(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<DepotInput>,
) -> Result<Response> {
    let (territoire, now) = (&equipier.territoire, equipier.now);
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    let le = match read_jour(&input.le, now.day()) {
        Ok(le) => le,
        Err(errors) => return refuse((&room, &equipier), edition, errors).await,
    };
    let tx = room.db.begin().await?;
    lock(&tx, territoire.id, edition.id, None).await?;
    let suivi = read_suivi(&tx, territoire.id, edition.id).await?;
    let tournees = list_tournees(&suivi, territoire);
    let tournee = tournees.iter().find(|one| one.nom == input.tournee).ok_or(Error::NotFound)?;
    let depots = match plan_depot(tournee, &count(&suivi, territoire)) {
        Ok(depots) => depots,
        Err(errors) => {
            tx.rollback().await?;
            return refuse((&room, &equipier), edition, errors).await;
        }
    };
    for (point, exemplaires) in &depots {
        let nature = NatureMouvement::Livraison;
        let mouvement = Mouvement {
            id: Id::new(now),
            point: *point,
            nature,
            exemplaires: *exemplaires,
            le,
            auteur: equipier.compte_id,
            created_at: now,
        };
        insert_mouvement(&tx, territoire.id, edition.id, &mouvement).await?;
    }
    if !depots.is_empty() {
        let copies = ui::format::compte(depots.iter().map(|(_, copies)| copies).sum::<i64>(), "exemplaire", "exemplaires");
        let detail = format!("{} : {copies} dans {}", tournee.titre(), ui::format::compte(depots.len(), "lieu", "lieux"));
        journal::record(&tx, territoire.id, now, &acte(&equipier, "tournée déposée", (edition.id, &detail))).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#tournees", diffusion_address(&equipier, edition.id))).into_response())
}
