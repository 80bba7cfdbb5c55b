//! What is published, in which forms, in whose name.

use std::sync::Arc;

use kit::codes;
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
}

impl Producteur {
    /// What names it among all those who give data: `maillage-val-de-drome`.
    pub fn source(&self) -> String {
        format!("maillage-{}", self.territoire.slug)
    }

    /// The public page of a structure.
    pub fn lien(&self, structure: kit::Id) -> Option<String> {
        self.origine.as_ref().map(|origine| format!("{origine}/{}/structures/{structure}", self.territoire.slug))
    }
}
