//! The tables `repertoire_point`, `repertoire_tirage`, `repertoire_budget`, `repertoire_prevision` and `repertoire_mouvement`.

mod mouvement;
mod point;
mod tirage;

use kit::{Id, Result};
use sea_orm::ConnectionTrait;

pub use mouvement::{delete_mouvement, insert_mouvement, insert_mouvements, list_flux, list_mouvements, lock};
pub use point::{find_point, has_mouvements, insert_points, list_points, retire_point, update_point};
pub use tirage::{delete_prevision, find_budget, list_previsions, list_tirages, save_budget, save_previsions, save_tirage};

use super::Suivi;

/// All that is known of the distribution of an edition.
pub async fn read_suivi(db: &impl ConnectionTrait, territoire: Id, edition: Id) -> Result<Suivi> {
    Ok(Suivi {
        points: list_points(db, territoire).await?,
        tirages: list_tirages(db, territoire, edition).await?,
        previsions: list_previsions(db, territoire, edition).await?,
        flux: list_flux(db, territoire, edition).await?,
        budget: find_budget(db, territoire, edition).await?,
    })
}
