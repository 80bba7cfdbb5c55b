//! JSON that other directories publish: data·inclusion (structures, with or without services) and HSDS (organizations, services).
//! Each object becomes a line with the titles of our own files; a list becomes « a|b ».

use serde_json::{Map, Value};

use super::lecture::Feuille;

type Objet = Map<String, Value>;

/// Titles of a file of structures, in the order in which `read_structure` writes them.
const TITRES: [&str; 15] = [
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
];

/// Reads a JSON file; the sentence says why it cannot be.
pub fn read(text: &str) -> Result<Feuille, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        format!(
            "le fichier n’est pas du JSON lisible à sa ligne {} : il est sans doute coupé, envoyez-le à nouveau en entier",
            error.line()
        )
    })?;
    let objects = list_objects(&value).ok_or(
        "le fichier JSON ne contient pas de liste de structures : data·inclusion (structures) ou HSDS (organizations) sont compris",
    )?;
    let rows = objects.iter().map(|objet| if is_hsds(objet) { read_organization(objet) } else { read_structure(objet) });
    let rangees: Vec<(u64, Vec<String>)> = (1_u64..).zip(rows).collect();
    Ok(Feuille { titres: TITRES.map(str::to_string).to_vec(), rangees })
}

/// A list, or the list under the name that each schema gives it; an HSDS page has its list under « contents ».
fn list_objects(value: &Value) -> Option<Vec<&Objet>> {
    let list = value.as_array().or_else(|| {
        let objet = value.as_object()?;
        ["structures", "organizations", "contents", "items", "data"].iter().find_map(|name| objet.get(*name)?.as_array())
    })?;
    let objects: Vec<&Objet> = list
        .iter()
        .filter_map(Value::as_object)
        .map(|objet| objet.get("organization").and_then(Value::as_object).filter(|_| objet.contains_key("organization")).unwrap_or(objet))
        .collect();
    let is_known = |objet: &&Objet| objet.contains_key("nom") || (objet.contains_key("name") && objet.contains_key("id"));
    let known: Vec<&Objet> = objects.into_iter().filter(is_known).collect();
    (!known.is_empty()).then_some(known)
}

fn is_hsds(objet: &Objet) -> bool {
    objet.contains_key("name") && !objet.contains_key("nom")
}

/// data·inclusion, versions 0 and 1.
fn read_structure(objet: &Objet) -> Vec<String> {
    let one = |names: &[&str]| names.iter().map(|name| say(objet.get(*name))).find(|text| !text.is_empty()).unwrap_or_default();
    let adresse =
        [one(&["adresse"]), one(&["complement_adresse"])].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    vec![
        one(&["source"]),
        one(&["id"]),
        one(&["nom"]),
        one(&["typologie", "reseaux_porteurs", "labels_nationaux"]).split('|').next().unwrap_or_default().into(),
        one(&["siret"]),
        one(&["description", "presentation_detail", "presentation_resume"]),
        adresse,
        one(&["code_postal"]),
        one(&["commune"]),
        one(&["code_insee"]),
        one(&["latitude"]),
        one(&["longitude"]),
        one(&["telephone"]),
        one(&["courriel"]),
        one(&["site_web", "lien_source"]),
    ]
}

/// HSDS 3: what an organization says, and what its first location and its first telephone say.
fn read_organization(objet: &Objet) -> Vec<String> {
    let one = |name: &str| say(objet.get(name));
    let first = |name: &str| objet.get(name).and_then(Value::as_array).and_then(|list| list.first()).and_then(Value::as_object);
    let location =
        first("locations").or_else(|| first("services").and_then(|service| service.get("locations")?.as_array()?.first()?.as_object()));
    let inside = |objet: Option<&Objet>, name: &str| objet.map(|objet| say(objet.get(name))).unwrap_or_default();
    let address = location.and_then(|location| location.get("addresses")?.as_array()?.first()?.as_object());
    let phone = first("phones").or_else(|| location.and_then(|location| location.get("phones")?.as_array()?.first()?.as_object()));
    let siret = objet.get("organization_identifiers").and_then(Value::as_array).and_then(|list| {
        let is_siret = |one: &&Value| {
            say(one.get("identifier_type")).eq_ignore_ascii_case("siret")
                || say(one.get("identifier_scheme")).to_uppercase().contains("SIRET")
        };
        list.iter().find(is_siret).map(|one| say(one.get("identifier")))
    });
    vec![
        "hsds".into(),
        one("id"),
        one("name"),
        String::new(),
        siret.unwrap_or_default(),
        one("description"),
        inside(address, "address_1"),
        inside(address, "postal_code"),
        inside(address, "city"),
        String::new(),
        inside(location, "latitude"),
        inside(location, "longitude"),
        inside(phone, "number"),
        one("email"),
        one("website"),
    ]
}

fn say(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(yes)) => if *yes { "oui" } else { "non" }.into(),
        Some(Value::Array(list)) => list.iter().map(|one| say(Some(one))).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("|"),
        Some(Value::Null | Value::Object(_)) | None => String::new(),
    }
}
