//! A point for each service (RFC 7946).

use annuaire::storage::export::{ServiceDate, StructureDatee};
use serde_json::{Map, Value, json};

use super::lieu::{LieuSitue, round};
use super::tableau::{cells, titres};
use crate::Producteur;

/// The place of a service with what the tables say of it; without geometry when even the commune has no point.
pub fn feature(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Value {
    let situe = LieuSitue::of(&date.service.lieu);
    let geometry = situe.point().map(|point| json!({"type": "Point", "coordinates": [round(point.lon()), round(point.lat())]}));
    let written = titres()
        .into_iter()
        .zip(cells(producteur, datee, date))
        .filter(|(titre, cell)| !cell.is_empty() && !matches!(*titre, "latitude" | "longitude"));
    let mut properties: Map<String, Value> = written.map(|(titre, cell)| (titre.to_string(), Value::String(cell))).collect();
    let precision = if date.service.lieu.point.is_some() { "lieu" } else { "commune" };
    properties.insert("point".into(), Value::String(precision.into()));
    json!({"type": "Feature", "id": date.service.id.to_string(), "geometry": geometry, "properties": properties})
}
