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
        Err(errors) => return refuse_depot((&room, &equipier), edition, (input, errors)).await,
    };
    let imprime = find_imprime(&room.db, territoire, &edition).await?;
    let tx = room.db.begin().await?;
    if !lock(&tx, territoire.id, edition.id, None).await? {
        return Err(Error::NotFound);
    }
    let suivi = read_suivi(&tx, territoire.id, edition.id).await?;
    let tournees = list_tournees(&suivi, &imprime);
    let tournee = tournees.iter().find(|one| one.nom == input.tournee).ok_or(Error::NotFound)?;
    let reste = tournee.reste();
    if reste > 0 && reste != input.exemplaires {
        return Err(Error::Conflict("ce qui est prévu pour cette tournée vient de changer : revenez à la diffusion et relisez-la".into()));
    }
    let depots = match plan_depot(tournee, &count(&suivi, &imprime)) {
        Ok(depots) => depots,
        Err(errors) => {
            tx.rollback().await?;
            return refuse_depot((&room, &equipier), edition, (input, errors)).await;
        }
    };
    let (nature, auteur) = (NatureMouvement::Livraison, equipier.compte_id);
    let write = |(point, exemplaires): &(Id, i64)| Mouvement {
        id: Id::new(now),
        point: *point,
        nature,
        exemplaires: *exemplaires,
        le,
        auteur,
        created_at: now,
    };
    insert_mouvements(&tx, territoire.id, edition.id, &depots.iter().map(write).collect::<Vec<_>>()).await?;
    if reste > 0 {
        let copies = ui::format::compte(reste, "exemplaire", "exemplaires");
        let detail = format!("{} : {copies} dans {}", tournee.titre(), ui::format::compte(depots.len(), "lieu", "lieux"));
        journal::record(&tx, territoire.id, now, &acte(&equipier, "tournée déposée", (edition.id, &detail))).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#tournees", diffusion_address(&equipier, edition.id))).into_response())
}
