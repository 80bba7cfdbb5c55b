//! HSDS as tables: a CSV per kind of object and the `datapackage.json` that describes them, from the nested objects themselves.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::create;
use crate::rules::hsds::{VERSION, list_terms};

/// A kind of object: its name, its file, its columns, and the key under which it is nested in another.
struct Table {
    nom: &'static str,
    fichier: &'static str,
    clef: &'static str,
    colonnes: &'static [&'static str],
}

const TABLES: [Table; 11] = [
    Table {
        nom: "organization",
        fichier: "organizations.csv",
        clef: "",
        colonnes: &["id", "name", "description", "email", "website", "uri"],
    },
    Table {
        nom: "service",
        fichier: "services.csv",
        clef: "services",
        colonnes: &[
            "id",
            "organization_id",
            "name",
            "description",
            "url",
            "email",
            "status",
            "application_process",
            "eligibility_description",
            "accreditations",
            "fees_description",
            "wait_time",
            "alert",
            "last_modified",
        ],
    },
    Table {
        nom: "location",
        fichier: "locations.csv",
        clef: "locations",
        colonnes: &[
            "id",
            "location_type",
            "organization_id",
            "description",
            "latitude",
            "longitude",
            "external_identifier",
            "external_identifier_type",
        ],
    },
    Table {
        nom: "service_at_location",
        fichier: "service_at_location.csv",
        clef: "service_at_locations",
        colonnes: &["id", "service_id", "location_id"],
    },
    Table { nom: "phone", fichier: "phones.csv", clef: "phones", colonnes: &["id", "service_id", "organization_id", "number", "type"] },
    Table {
        nom: "address",
        fichier: "addresses.csv",
        clef: "addresses",
        colonnes: &["id", "location_id", "address_1", "city", "state_province", "postal_code", "country", "address_type"],
    },
    Table {
        nom: "schedule",
        fichier: "schedules.csv",
        clef: "schedules",
        colonnes: &["id", "location_id", "freq", "byday", "opens_at", "closes_at"],
    },
    Table {
        nom: "service_area",
        fichier: "service_areas.csv",
        clef: "service_areas",
        colonnes: &["id", "service_id", "name", "description", "extent", "extent_type"],
    },
    Table {
        nom: "organization_identifier",
        fichier: "organization_identifiers.csv",
        clef: "organization_identifiers",
        colonnes: &["id", "organization_id", "identifier_scheme", "identifier_type", "identifier"],
    },
    Table {
        nom: "attribute",
        fichier: "attributes.csv",
        clef: "attributes",
        colonnes: &["id", "link_id", "taxonomy_term_id", "link_entity", "value"],
    },
    Table {
        nom: "taxonomy_term",
        fichier: "taxonomy_terms.csv",
        clef: "taxonomy_term",
        colonnes: &["id", "code", "name", "description", "parent_id", "taxonomy", "language"],
    },
];

/// The tables being written.
pub struct Tabulaire {
    folder: PathBuf,
    writers: Vec<csv::Writer<BufWriter<File>>>,
    /// Terms are said again with each service: written once.
    terms: HashSet<String>,
    /// Places of the structure being written.
    lieux: HashSet<String>,
}

impl Tabulaire {
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut writers = vec![];
        for table in &TABLES {
            let mut writer = csv::Writer::from_writer(create(&folder.join(table.fichier))?);
            writer.write_record(table.colonnes)?;
            writers.push(writer);
        }
        let mut made = Self { folder: folder.to_path_buf(), writers, terms: HashSet::new(), lieux: HashSet::new() };
        // All the needs, used or not: a need names its family.
        let terms = TABLES.len() - 1;
        list_terms().iter().try_for_each(|term| made.write(terms, term, None))?;
        Ok(made)
    }

    /// Writes a structure and all that is nested in it.
    pub fn push(&mut self, organization: &Map<String, Value>) -> Result<()> {
        self.lieux.clear();
        self.write(0, organization, None)
    }

    fn write(&mut self, kind: usize, object: &Map<String, Value>, parent: Option<(&str, &str)>) -> Result<()> {
        let Some(table) = TABLES.get(kind) else { return Ok(()) };
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
        let is_known = match table.nom {
            "taxonomy_term" => !self.terms.insert(id.to_string()),
            "location" => !self.lieux.insert(id.to_string()),
            _ => false,
        };
        if is_known {
            return Ok(());
        }
        let cell = |column: &&str| match (object.get(*column), parent) {
            (Some(value), _) => text(value),
            (None, Some((kind, _))) if *column == "link_entity" => kind.to_string(),
            (None, Some((kind, id))) if *column == format!("{kind}_id") => id.to_string(),
            (None, _) => String::new(),
        };
        let cells: Vec<String> = table.colonnes.iter().map(cell).map(|cell| kit::shield(&cell).into_owned()).collect();
        if let Some(writer) = self.writers.get_mut(kind) {
            writer.write_record(cells)?;
        }
        self.write_nested(table.nom, id, object)
    }

    fn write_nested(&mut self, nom: &str, id: &str, object: &Map<String, Value>) -> Result<()> {
        for (key, value) in object {
            let is_of = |table: &Table| table.clef == key || key == "location" && table.nom == "location";
            let Some(kind) = TABLES.iter().position(is_of) else { continue };
            let nested = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
            for one in nested.iter().filter_map(Value::as_object) {
                self.write(kind, one, Some((nom, id)))?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Vec<PathBuf>> {
        for writer in &mut self.writers {
            writer.flush()?;
        }
        let package = self.folder.join("datapackage.json");
        serde_json::to_writer_pretty(create(&package)?, &describe())?;
        Ok(TABLES.iter().map(|table| self.folder.join(table.fichier)).chain([package]).collect())
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

fn describe() -> Value {
    let field = |name: &&str| {
        let kind = if matches!(*name, "latitude" | "longitude") { "number" } else { "string" };
        json!({"name": name, "type": kind})
    };
    let resource = |table: &Table| {
        json!({
            "name": table.nom,
            "path": table.fichier,
            "format": "csv",
            "mediatype": "text/csv",
            "profile": "tabular-data-resource",
            "schema": {"primaryKey": "id", "fields": table.colonnes.iter().map(field).collect::<Vec<_>>()},
        })
    };
    json!({
        "name": "human_services_data",
        "title": "Annuaire des services d’un territoire",
        "profile": "tabular-data-package",
        "version": VERSION,
        "licenses": [{"name": "etalab-2.0", "title": "Licence Ouverte 2.0", "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}],
        "resources": TABLES.iter().map(resource).collect::<Vec<_>>(),
    })
}
