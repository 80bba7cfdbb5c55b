//! Which territoires an address speaks of: the one that it names, else all those that are open.

use std::sync::Arc;

use annuaire::storage::export::find_derniere_ecriture;
use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use comptes::{Comptes, Visite};
use kit::routes::{Acces, Porte};
use kit::{Db, Error, Instant, Result};
use territoire::Territoire;

use crate::{Diffusion, Producteur};

/// Anybody, on one territoire or on all of them.
#[derive(Clone, Debug)]
pub struct Portee {
    pub territoires: Vec<Arc<Territoire>>,
}

impl Porte for Portee {
    fn acces() -> Acces {
        Acces::Tous
    }
}

impl FromRequestParts<Diffusion> for Portee {
    type Rejection = kit::Problem;

    async fn from_request_parts(parts: &mut Parts, room: &Diffusion) -> Result<Self, kit::Problem> {
        let params = RawPathParams::from_request_parts(parts, room).await.map_err(|_| Error::NotFound)?;
        if params.iter().any(|(name, _)| name == "territoire") {
            let visite = Visite::from_request_parts(parts, room).await?;
            return Ok(Self { territoires: vec![visite.territoire] });
        }
        Ok(Self { territoires: room.comptes.territoires.list().to_vec() })
    }
}

impl Portee {
    /// All territoires, or the one that is named.
    pub fn of(room: &Diffusion, slug: &str) -> Result<Self> {
        if slug.is_empty() {
            return Ok(Self { territoires: room.comptes.territoires.list().to_vec() });
        }
        let unknown = || Error::Unknown(format!("le territoire « {slug} » n’existe pas ici"));
        Ok(Self { territoires: vec![room.comptes.territoires.find(slug).ok_or_else(unknown)?] })
    }

    pub async fn find_modified(&self, db: &Db) -> Result<Instant> {
        let mut last = Instant(0);
        for territoire in &self.territoires {
            last = last.max(find_derniere_ecriture(db.read(), territoire.id).await?);
        }
        Ok(last)
    }
}

impl Diffusion {
    pub fn producteur(&self, territoire: &Arc<Territoire>) -> Producteur {
        Producteur {
            territoire: territoire.clone(),
            origine: self.comptes.origine().map(str::to_string),
            jour: self.comptes.clock.now().day(),
        }
    }
}

impl FromRef<Diffusion> for Comptes {
    fn from_ref(room: &Diffusion) -> Self {
        room.comptes.clone()
    }
}
