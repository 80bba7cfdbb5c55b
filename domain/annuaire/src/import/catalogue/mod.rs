//! What other directories publish: data·inclusion and HSDS, structures with their services. JSON, or an archive of JSON and CSV files.
//!
//! `archive` makes objects of a file; `data_inclusion` and `hsds` say each in the words of `Objet`; `services` makes services of them.
//! Such files come as they are: what cannot be understood is said, left aside, and does not stop the rest.

mod archive;
mod data_inclusion;
mod hsds;
mod services;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::lecture::Feuille;

pub use services::attach;

type Json = Map<String, Value>;

/// Everything that a file says.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Structures, under the titles of our own files.
    pub structures: Feuille,
    pub services: Vec<ServiceDit>,
}

/// A service as another directory says it, before anything is checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceDit {
    /// Its rank in the file, from 1.
    pub rang: u64,
    pub id: String,
    /// Source and id of its structure.
    pub structure: (String, String),
    pub nom: String,
    pub description: String,
    /// Codes of our own needs, when it comes from another Maillage.
    pub besoins: Vec<String>,
    /// Themes of data·inclusion.
    pub thematiques: Vec<String>,
    /// Codes or words of our modes, and of theirs.
    pub modes: Vec<String>,
    /// Codes of communes, EPCI, départements, régions, or « france ».
    pub zones: Vec<String>,
    pub frais: String,
    pub publics: Vec<String>,
    pub tarif: String,
    pub conditions: String,
    pub demarche: String,
    pub telephone: String,
    pub places: String,
    pub lieu: LieuDit,
    /// No longer rendered.
    pub is_stopped: bool,
}

/// A place, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LieuDit {
    pub adresse: String,
    pub code_postal: String,
    pub commune: String,
    pub code_insee: String,
    pub latitude: String,
    pub longitude: String,
    pub horaires: String,
}

impl LieuDit {
    fn is_empty(&self) -> bool {
        [&self.commune, &self.code_insee, &self.code_postal, &self.latitude].into_iter().all(String::is_empty)
    }
}

/// Titles of a file of structures, in the order in which `read_structure` and `read_organization` write them.
const TITRES: [&str; 16] = [
    "source",
    "structure_id",
    "structure",
    "type",
    "siret",
    "description",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "latitude",
    "longitude",
    "telephone",
    "courriel",
    "site_web",
    "horaires",
];

/// Reads a file of another directory. None: it is something else; the sentence says why it cannot be read.
pub fn read(contenu: &[u8]) -> Option<Result<Catalogue, String>> {
    let objects = archive::list_objects(contenu)?;
    Some(objects.and_then(|objects| build(&objects)))
}

const INCONNU: &str = "le fichier ne contient pas de liste de structures : data·inclusion (structures, services) ou HSDS (organizations, services) sont compris";
const SERVICES_SEULS: &str = "ce fichier dit des services sans dire de quelles structures : mettez le fichier des structures et celui des services dans une même archive ZIP, puis envoyez-la";

fn build(objects: &[Value]) -> Result<Catalogue, String> {
    let mut read = Lecture::default();
    objects.iter().for_each(|value| read.add(value));
    if read.structures.is_empty() {
        return Err(if read.services.is_empty() { INCONNU } else { SERVICES_SEULS }.into());
    }
    let rangees = (1_u64..).zip(read.structures).collect();
    Ok(Catalogue { structures: Feuille { titres: TITRES.map(str::to_string).to_vec(), rangees }, services: read.services })
}

/// What was found of each kind, whatever holds what.
#[derive(Default)]
struct Lecture {
    structures: Vec<Vec<String>>,
    /// Source and id of each structure that has one.
    known: HashSet<(String, String)>,
    services: Vec<ServiceDit>,
}

impl Lecture {
    /// A list, an object that holds lists under the names of each schema (an HSDS page: « contents »), or one record.
    fn add(&mut self, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|one| self.add(one)),
            Value::Object(objet) if is_record(objet) => self.add_record(objet),
            Value::Object(objet) => {
                let lists = ["structures", "organizations", "services", "contents", "items", "data"];
                lists.iter().filter_map(|name| objet.get(*name).filter(|list| list.is_array())).for_each(|list| self.add(list));
            }
            _ => {}
        }
    }

    fn add_record(&mut self, objet: &Json) {
        let rang = u64::try_from(self.services.len()).unwrap_or(u64::MAX).saturating_add(1);
        match Nature::of(objet) {
            Nature::Structure => self.add_structure(data_inclusion::read_structure(objet)),
            Nature::Service => {
                // The interface of data·inclusion says the structure inside each of its services.
                if let Some(structure) = objet.get("structure").and_then(Value::as_object) {
                    self.add_structure(data_inclusion::read_structure(structure));
                }
                self.services.push(ServiceDit { rang, ..data_inclusion::read_service(objet) });
            }
            Nature::Organization => {
                self.add_structure(hsds::read_organization(objet));
                let inside = objet.get("services").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
                let read: Vec<ServiceDit> = inside.map(|service| hsds::read_service(service, Some(objet))).collect();
                self.services.extend((rang..).zip(read).map(|(rang, service)| ServiceDit { rang, ..service }));
            }
            Nature::HsdsService => {
                let organization = objet.get("organization").and_then(Value::as_object);
                organization.into_iter().for_each(|organization| self.add_structure(hsds::read_organization(organization)));
                self.services.push(ServiceDit { rang, ..hsds::read_service(objet, organization) });
            }
        }
    }

    /// The same structure is said again with each of its services: the first time is enough.
    fn add_structure(&mut self, row: Vec<String>) {
        let is_new = match row.as_slice() {
            [source, id, ..] if !id.is_empty() => self.known.insert((source.clone(), id.clone())),
            _ => true,
        };
        if is_new {
            self.structures.push(row);
        }
    }
}

enum Nature {
    Structure,
    Service,
    Organization,
    HsdsService,
}

fn is_record(objet: &Json) -> bool {
    objet.contains_key("nom") || (objet.contains_key("name") && objet.contains_key("id"))
}

impl Nature {
    fn of(objet: &Json) -> Self {
        let has = |name: &str| objet.contains_key(name);
        match has("nom") {
            true if has("structure_id") || has("thematiques") => Self::Service,
            true => Self::Structure,
            false if has("organization") || has("organization_id") || has("service_areas") || has("status") => Self::HsdsService,
            false => Self::Organization,
        }
    }
}

/// A value as one text: a list becomes « a|b ».
fn say(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.trim().to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(yes)) => if *yes { "oui" } else { "non" }.into(),
        Some(Value::Array(list)) => list.iter().map(|one| say(Some(one))).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("|"),
        Some(Value::Null | Value::Object(_)) | None => String::new(),
    }
}

/// The first of these fields that says something.
fn say_first(objet: &Json, names: &[&str]) -> String {
    names.iter().map(|name| say(objet.get(*name))).find(|text| !text.is_empty()).unwrap_or_default()
}

/// A list, or a text that is one: « a|b », « a, b », « ["a", "b"] » in a CSV file.
fn say_list(objet: &Json, names: &[&str]) -> Vec<String> {
    let text = say_first(objet, names);
    let parsed = text.starts_with('[').then(|| serde_json::from_str::<Vec<String>>(&text.replace('\'', "\"")).ok()).flatten();
    let split = || text.split(['|', ',', ';']).map(|word| word.trim().to_string()).filter(|word| !word.is_empty()).collect();
    parsed.unwrap_or_else(split)
}
