//! Who may keep the record of the structure that the path names.

use std::ops::Deref;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use comptes::permission::TenirStructure;
use comptes::storage::is_referent;
use comptes::{Autorise, Comptes, Droit, Equipier};
use kit::routes::{Acces, Porte};
use kit::{Db, Error, Id, Result};

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

impl<S> FromRequestParts<S> for StructureTenue
where
    S: Send + Sync,
    Comptes: FromRef<S>,
    Db: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let equipier = Autorise::<TenirStructure>::from_request_parts(parts, state).await?;
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let named = params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_string()).unwrap_or_default();
        let structure = check(&Db::from_ref(state), &equipier, &named).await.map_err(IntoResponse::into_response)?;
        Ok(Self { equipier, structure })
    }
}

async fn check(db: &Db, equipier: &Equipier, named: &str) -> Result<Id> {
    let (territoire, structure) = (equipier.territoire.id, named.parse()?);
    if !has_structure(db, territoire, structure).await? {
        return Err(Error::NotFound);
    }
    let is_theirs = equipier.can(Droit::TenirSaStructure) && is_referent(db, territoire, equipier.compte_id, structure).await?;
    if equipier.can(Droit::TenirAnnuaire) || is_theirs { Ok(structure) } else { Err(Error::Forbidden) }
}
