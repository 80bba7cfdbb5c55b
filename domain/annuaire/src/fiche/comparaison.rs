//! Two records apart, field by field: what the history shows, what an undo would do, what a suggestion proposes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Fiche;

/// One field that changed; empty: there was nothing, or there is nothing left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changement {
    /// « structure.contact.telephone », « services.ID.tarif ».
    pub chemin: String,
    pub avant: String,
    pub apres: String,
}

/// The fields of a record that hold something, by path.
pub fn list_champs(fiche: &Fiche) -> BTreeMap<String, String> {
    let mut champs = BTreeMap::new();
    // A record is plain data: it always has its JSON.
    flatten(serde_json::to_value(fiche).unwrap_or_default(), &mut String::new(), &mut champs);
    champs
}

/// What leads from one record to the other, in the order of the paths. No record before: everything is new.
pub fn compare(avant: Option<&Fiche>, apres: Option<&Fiche>) -> Vec<Changement> {
    let (mut avant, apres) = (avant.map(list_champs).unwrap_or_default(), apres.map(list_champs).unwrap_or_default());
    let mut changements: Vec<Changement> = vec![];
    for (chemin, apres) in apres {
        let avant = avant.remove(&chemin).unwrap_or_default();
        if avant != apres {
            changements.push(Changement { chemin, avant, apres });
        }
    }
    changements.extend(avant.into_iter().map(|(chemin, avant)| Changement { chemin, avant, apres: String::new() }));
    changements.sort_by(|one, other| one.chemin.cmp(&other.chemin));
    changements
}

/// The place of a service is written once, among the places: of a service, only which one it is.
fn is_repeated(chemin: &str) -> bool {
    chemin.starts_with("services.") && chemin.contains(".lieu.") && !chemin.ends_with(".lieu.id")
}

fn flatten(value: Value, chemin: &mut String, champs: &mut BTreeMap<String, String>) {
    let text = match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let length = chemin.len();
                if length > 0 {
                    chemin.push('.');
                }
                chemin.push_str(&name);
                flatten(field, chemin, champs);
                chemin.truncate(length);
            }
            return;
        }
        Value::Array(values) => values.into_iter().map(write).collect::<Vec<_>>().join(" "),
        other => write(other),
    };
    if !text.is_empty() && !is_repeated(chemin) {
        champs.insert(chemin.clone(), text);
    }
}

/// A value of a list, or alone; false and nothing are the same.
fn write(value: Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::String(text) => text,
        Value::Bool(true) => "oui".into(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => values.into_iter().map(write).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => fields.into_iter().map(|(_, field)| write(field)).collect::<Vec<_>>().join(":"),
    }
}
