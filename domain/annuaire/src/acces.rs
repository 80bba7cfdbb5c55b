//! Who may keep the record of the structure that the path names.

use std::ops::Deref;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use comptes::permission::TenirStructure;
use comptes::storage::is_referent;
use comptes::{Autorise, Droit, Equipier};
use kit::routes::{Acces, Porte};
use kit::{Error, Id, Result};

use crate::Annuaire;
use crate::storage::fiche::has_structure;

/// Somebody who keeps the annuaire, or whose structure this is. One that this territoire does not have is not found;
/// one of somebody else is refused: everybody may know that it exists.
#[derive(Clone, Debug)]
pub struct StructureTenue {
    equipier: Autorise<TenirStructure>,
    pub structure: Id,
}

impl Deref for StructureTenue {
    type Target = Equipier;

    fn deref(&self) -> &Equipier {
        &self.equipier
    }
}

impl Porte for StructureTenue {
    fn acces() -> Acces {
        Autorise::<TenirStructure>::acces()
    }
}

impl FromRequestParts<Annuaire> for StructureTenue {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, annuaire: &Annuaire) -> Result<Self, Response> {
        let equipier = Autorise::<TenirStructure>::from_request_parts(parts, annuaire).await?;
        let params = RawPathParams::from_request_parts(parts, annuaire).await.map_err(IntoResponse::into_response)?;
        let named = params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_string()).unwrap_or_default();
        let structure = check(annuaire, &equipier, &named).await.map_err(IntoResponse::into_response)?;
        Ok(Self { equipier, structure })
    }
}

async fn check(annuaire: &Annuaire, equipier: &Equipier, named: &str) -> Result<Id> {
    let (territoire, structure) = (equipier.territoire.id, named.parse()?);
    if !has_structure(&annuaire.db, territoire, structure).await? {
        return Err(Error::NotFound);
    }
    let is_theirs = equipier.can(Droit::TenirSaStructure) && is_referent(&annuaire.db, territoire, equipier.compte_id, structure).await?;
    if equipier.can(Droit::TenirAnnuaire) || is_theirs { Ok(structure) } else { Err(Error::Forbidden) }
}
