//! What is published, in which forms, in whose name.

use std::sync::Arc;

use chrono::NaiveDate;
use kit::{Id, Instant, codes};
use sea_orm::FromQueryResult;
use territoire::Territoire;

codes! {
    /// A form that others read.
    pub enum Format {
        DataInclusion = "data-inclusion" => "data·inclusion v1 (JSON)",
        Hsds = "hsds" => "HSDS 3.1 (JSON et tables CSV)",
        Csv = "csv" => "CSV, une ligne par service",
        Xlsx = "xlsx" => "classeur XLSX",
        Geojson = "geojson" => "GeoJSON, un point par service",
    }
}

/// Who publishes: a territoire, and where its site is reached when that is known.
#[derive(Clone, Debug)]
pub struct Producteur {
    pub territoire: Arc<Territoire>,
    /// `https://ligne.exemple.fr`, without a slash at the end.
    pub origine: Option<String>,
    /// The day of what is said: a service suspended until then, an act that ended.
    pub jour: NaiveDate,
}

impl Producteur {
    /// What names it among all those who give data: `maillage-val-de-drome`.
    pub fn source(&self) -> String {
        format!("maillage-{}", self.territoire.slug)
    }

    /// The public page of a structure.
    pub fn lien(&self, structure: Id) -> Option<String> {
        self.origine.as_ref().map(|origine| format!("{origine}/{}/structures/{structure}", self.territoire.slug))
    }
}

/// What a territoire published at one moment: dated files, which no longer change.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Edition {
    /// `2026-11-22`, or `2026-11-22-2` for another one of the same day.
    pub nom: String,
    pub created_at: i64,
    /// Of the annuaire when it was read.
    pub revision: i64,
    pub structures: i64,
    pub services: i64,
}

/// Somebody who is told that the annuaire changed, and what came of the last time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abonnement {
    pub id: Id,
    pub adresse: String,
    pub created_at: Instant,
    /// None: nothing was sent yet.
    pub essais: Option<i32>,
    pub livre_at: Option<Instant>,
    pub abandonne_at: Option<Instant>,
    pub erreur: String,
}
