//! HSDS 3 (Open Referral): an organization with its first place, a service with its areas and its terms.

use serde_json::Value;

use super::{Json, LieuDit, ServiceDit, say, say_first};

/// Where the ids of such files belong.
const SOURCE: &str = "hsds";

fn list<'a>(objet: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    objet.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// A row in the order of `TITRES`.
pub fn read_organization(objet: &Json) -> Vec<String> {
    let one = |name: &str| say(objet.get(name));
    let location = list(objet, "locations").next().or_else(|| list(objet, "services").find_map(find_location));
    let lieu = location.map(read_location).unwrap_or_default();
    let phone = list(objet, "phones").next().or_else(|| list(location?, "phones").next());
    let is_siret = |one: &&Json| {
        say(one.get("identifier_type")).eq_ignore_ascii_case("siret") || say(one.get("identifier_scheme")).to_uppercase().contains("SIRET")
    };
    let siret = list(objet, "organization_identifiers").find(is_siret).map(|one| say(one.get("identifier")));
    vec![
        SOURCE.into(),
        one("id"),
        one("name"),
        find_term(objet, "categorie").unwrap_or_default(),
        siret.unwrap_or_default(),
        one("description"),
        lieu.adresse,
        lieu.code_postal,
        lieu.commune,
        lieu.code_insee,
        lieu.latitude,
        lieu.longitude,
        phone.map(|phone| say(phone.get("number"))).unwrap_or_default(),
        one("email"),
        one("website"),
        String::new(),
    ]
}

/// The place of a service, linked by « service_at_locations » or written with it.
fn find_location(service: &Json) -> Option<&Json> {
    let linked = list(service, "service_at_locations").find_map(|link| link.get("location")?.as_object());
    linked.or_else(|| list(service, "locations").next())
}

fn read_location(location: &Json) -> LieuDit {
    let one = |name: &str| say(location.get(name));
    let address = list(location, "addresses").next();
    let inside = |name: &str| address.map(|address| say(address.get(name))).unwrap_or_default();
    let is_insee = one("external_identifier_type").to_lowercase().contains("insee");
    LieuDit {
        adresse: inside("address_1"),
        code_postal: inside("postal_code"),
        commune: inside("city"),
        code_insee: if is_insee { one("external_identifier") } else { String::new() },
        latitude: one("latitude"),
        longitude: one("longitude"),
        horaires: String::new(),
    }
}

/// The code of the first of our own terms under a label.
fn find_term(objet: &Json, label: &str) -> Option<String> {
    list_terms(objet, label).into_iter().next()
}

fn list_terms(objet: &Json, label: &str) -> Vec<String> {
    let own = list(objet, "attributes").filter(|one| say(one.get("label")) == label);
    own.filter_map(|one| Some(say(one.get("taxonomy_term")?.get("code")))).filter(|code| !code.is_empty()).collect()
}

/// A service; its organization stands around it, inside it, or is named by its id.
pub fn read_service(service: &Json, organization: Option<&Json>) -> ServiceDit {
    let one = |names: &[&str]| say_first(service, names);
    let own = organization.map(|organization| say(organization.get("id")));
    let costs = list(service, "cost_options").map(|one| say_first(one, &["amount_description", "option"])).filter(|text| !text.is_empty());
    let place = find_location(service).map(read_location).unwrap_or_default();
    ServiceDit {
        id: one(&["id"]),
        structure: (SOURCE.into(), own.unwrap_or_else(|| one(&["organization_id"]))),
        nom: one(&["name"]),
        description: one(&["description"]),
        besoins: list_terms(service, "besoin"),
        modes: list_terms(service, "mode"),
        zones: list(service, "service_areas").map(|area| say_first(area, &["extent", "name"])).collect(),
        tarif: Some(one(&["fees_description"])).filter(|text| !text.is_empty()).unwrap_or_else(|| costs.collect::<Vec<_>>().join(", ")),
        conditions: one(&["eligibility_description"]),
        demarche: one(&["application_process"]),
        telephone: list(service, "phones").next().map(|phone| say(phone.get("number"))).unwrap_or_default(),
        places: list(service, "capacities").next().map(|one| say(one.get("available"))).unwrap_or_default(),
        lieu: place,
        is_stopped: matches!(one(&["status"]).as_str(), "inactive" | "defunct"),
        ..ServiceDit::default()
    }
}
