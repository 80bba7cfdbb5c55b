//! Structures and services as HSDS 3.1 reads them (openreferral/specification): only keys that its schemas declare.

use annuaire::besoin::{Besoin, Taxonomie};
use annuaire::fiche::{NatureIdentifiant, NatureInformation, Regime};
use annuaire::regime::Validite;
use annuaire::rules::horaires::semaine;
use annuaire::storage::export::{ServiceDate, StructureDatee};
use annuaire::{Disponibilite, Lieu, Service};
use chrono::{DateTime, NaiveDate};
use kit::{Id, Instant};
use serde_json::{Map, Value, json};

use super::lieu::{LieuSitue, round};
use super::zone::list_zones;
use crate::Producteur;

/// The version that the API announces and the package carries.
pub const VERSION: &str = "3.1";

/// A structure with what is its own only: an element of a list.
pub fn organization(producteur: &Producteur, datee: &StructureDatee) -> Map<String, Value> {
    let structure = &datee.structure;
    bare(json!({
        "id": structure.id.to_string(),
        "name": structure.nom,
        "description": structure.description.clone().unwrap_or_else(|| capital(structure.categorie.label())),
        "email": structure.contact.courriel,
        "website": structure.contact.site_web,
        "uri": producteur.lien(structure.id),
    }))
}

/// A structure with its telephones, its identifiers, its places and its services.
pub fn full_organization(producteur: &Producteur, datee: &StructureDatee) -> Map<String, Value> {
    let structure = &datee.structure;
    let id = structure.id;
    let mut whole = organization(producteur, datee);
    add(&mut whole, "phones", structure.contact.telephone.iter().map(|number| phone(id, number)).collect());
    add(&mut whole, "organization_identifiers", identifiers(datee));
    let mut lieux: Vec<&Lieu> = datee.services.iter().map(|date| &date.service.lieu).collect();
    lieux.sort_by_key(|lieu| lieu.id);
    lieux.dedup_by_key(|lieu| lieu.id);
    add(&mut whole, "locations", lieux.into_iter().map(|lieu| Value::Object(full_location(id, lieu))).collect());
    let categorie = term(("categorie", structure.categorie.code()), structure.categorie.label(), structure.categorie.label(), None);
    add(&mut whole, "attributes", vec![attribute(id, "categorie", categorie)]);
    let services = datee.services.iter().map(|date| Value::Object(service_with_places(producteur, datee, date)));
    add(&mut whole, "services", services.collect());
    whole
}

/// The SIRET is said with the structure, the others beside it.
fn identifiers(datee: &StructureDatee) -> Vec<Value> {
    let siret = datee.structure.siret.iter().map(|siret| (NatureIdentifiant::Siret, siret));
    let others = datee.complements.identifiants.iter().map(|one| (one.nature, &one.valeur));
    let scheme = |nature| match nature {
        NatureIdentifiant::Siret => "FR-SIRENE",
        NatureIdentifiant::Rna => "FR-RNA",
        NatureIdentifiant::Finess => "FR-FINESS",
    };
    let write = |(nature, valeur): (NatureIdentifiant, &String)| {
        let own = Id::from_name(&format!("{}/{}/{valeur}", datee.structure.id, nature.code())).to_string();
        json!({"id": own, "identifier_scheme": scheme(nature), "identifier_type": nature.label(), "identifier": valeur})
    };
    siret.chain(others.filter(|(nature, _)| *nature != NatureIdentifiant::Siret)).map(write).collect()
}

/// A service with what is its own only, and its structure: an element of a list.
pub fn service(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Map<String, Value> {
    let mut listed = plain_service(producteur, datee, date);
    listed.insert("organization".into(), Value::Object(organization(producteur, datee)));
    listed
}

/// A service with all that is known of it.
pub fn full_service(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Map<String, Value> {
    let mut whole = service_with_places(producteur, datee, date);
    whole.insert("organization".into(), Value::Object(organization(producteur, datee)));
    whole
}

/// A service at its place: an element of a list.
pub fn service_at_location(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Map<String, Value> {
    let mut listed = link(date);
    listed.insert("location".into(), Value::Object(location(datee.structure.id, &date.service.lieu)));
    listed.insert("service".into(), Value::Object(service(producteur, datee, date)));
    listed
}

/// A service at its place, with all that is known of both.
pub fn full_service_at_location(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Map<String, Value> {
    let mut whole = link(date);
    whole.insert("location".into(), Value::Object(full_location(datee.structure.id, &date.service.lieu)));
    let mut service = described_service(producteur, datee, date);
    service.insert("organization".into(), Value::Object(organization(producteur, datee)));
    whole.insert("service".into(), Value::Object(service));
    whole
}

/// The identifier of a need, as `taxonomy_term_id` asks for it.
pub fn identify_term(taxonomie: &str, code: &str) -> Id {
    Id::from_name(&format!("maillage/{taxonomie}/{code}"))
}

/// A service has one place at a time: their link has its identifier.
fn link(date: &ServiceDate) -> Map<String, Value> {
    let service = &date.service;
    bare(json!({
        "id": service.id.to_string(),
        "service_id": service.id.to_string(),
        "location_id": service.lieu.id.to_string(),
    }))
}

fn plain_service(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Map<String, Value> {
    let (service, jour) = (&date.service, producteur.jour);
    let informations = || datee.complements.informations.iter().filter(|one| one.is_active(jour) && one.concerns(service.id));
    let is_stopped = informations().any(|one| matches!(one.nature, NatureInformation::Fermeture | NatureInformation::Suspension));
    let complet = (service.disponibilite == Disponibilite::Complet).then(|| capital(service.disponibilite.label()));
    let alert = complet.into_iter().chain(informations().map(|one| ui::format::phrase(&one.words()))).collect::<Vec<_>>().join(" ");
    bare(json!({
        "id": service.id.to_string(),
        "organization_id": datee.structure.id.to_string(),
        "name": service.nom,
        "description": service.description,
        "url": producteur.lien(datee.structure.id),
        "email": datee.structure.contact.courriel,
        "status": if is_stopped { "temporarily closed" } else { "active" },
        "application_process": service.modalites.demarche,
        "eligibility_description": eligibility(service),
        "accreditations": accreditations(service, datee, jour),
        "fees_description": service.tarif,
        "wait_time": wait_time(service),
        "alert": Some(alert).filter(|text| !text.is_empty()),
        "last_modified": moment(date.updated_at),
    }))
}

/// « Liste d’attente, 15 jours ».
fn wait_time(service: &Service) -> Option<String> {
    let known = (service.disponibilite != Disponibilite::Inconnue).then(|| service.disponibilite.label().to_string());
    let delay = service.modalites.delai_jours.map(|days| ui::format::compte(days, "jour", "jours"));
    Some(known.into_iter().chain(delay).collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
}

/// Whom it is for, and what one must fulfil.
fn eligibility(service: &Service) -> Option<String> {
    let publics = service.modalites.publics.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ");
    let publics = (!publics.is_empty()).then(|| format!("{}.", capital(&publics)));
    let said = publics.into_iter().chain(service.modalites.conditions.clone()).collect::<Vec<_>>().join(" ");
    (!said.is_empty()).then_some(said)
}

/// The acts in force that cover an activity to which the needs of the service belong.
fn accreditations(service: &Service, datee: &StructureDatee, jour: NaiveDate) -> Option<String> {
    let besoins = service.besoins.iter().filter_map(|code| Taxonomie::get().find(code));
    let activites: Vec<&str> = besoins.flat_map(|besoin| &besoin.activites).map(|code| &**code).collect();
    let is_own = |regime: &&Regime| {
        activites.contains(&regime.activite.as_str()) && matches!(regime.validite(jour), Validite::EnCours | Validite::BientotEchu)
    };
    let mut said: Vec<String> = datee.complements.regimes.iter().filter(is_own).map(Regime::describe).collect();
    said.sort();
    said.dedup();
    (!said.is_empty()).then(|| said.join(" "))
}

fn described_service(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Map<String, Value> {
    let service = &date.service;
    let mut whole = plain_service(producteur, datee, date);
    let telephone = service.telephone.as_ref().or(datee.structure.contact.telephone.as_ref());
    add(&mut whole, "phones", telephone.into_iter().map(|number| phone(service.id, number)).collect());
    let areas = list_zones(service, &producteur.territoire).into_iter().map(|zone| {
        let own = Id::from_name(&format!("{}/zone/{}", service.id, zone.code)).to_string();
        json!({"id": own, "name": zone.nom, "description": zone.nature, "extent": zone.code, "extent_type": "text"})
    });
    add(&mut whole, "service_areas", areas.collect());
    let besoins = service.besoins.iter().filter_map(|code| Taxonomie::get().find(code));
    let mut attributes: Vec<Value> = besoins.map(|besoin| attribute(service.id, "besoin", besoin_term(besoin))).collect();
    attributes.push(attribute(service.id, "mode", term(("mode", service.mode.code()), service.mode.label(), service.mode.label(), None)));
    add(&mut whole, "attributes", attributes);
    whole
}

fn service_with_places(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> Map<String, Value> {
    let mut whole = described_service(producteur, datee, date);
    let mut place = link(date);
    place.insert("location".into(), Value::Object(full_location(datee.structure.id, &date.service.lieu)));
    whole.insert("service_at_locations".into(), json!([place]));
    whole
}

fn location(structure: Id, lieu: &Lieu) -> Map<String, Value> {
    let situe = LieuSitue::of(lieu);
    let point = situe.point();
    let commune = situe.commune.map(|commune| format!("{} ({})", commune.nom, commune.code));
    let adresse = lieu.adresse.as_deref();
    bare(json!({
        "id": lieu.id.to_string(),
        "location_type": "physical",
        "organization_id": structure.to_string(),
        "description": commune.map(|commune| adresse.map_or_else(|| commune.clone(), |adresse| format!("{adresse}, {commune}"))),
        "latitude": point.map(|point| round(point.lat())),
        "longitude": point.map(|point| round(point.lon())),
        "external_identifier": situe.code_insee(),
        "external_identifier_type": "code_insee",
    }))
}

fn full_location(structure: Id, lieu: &Lieu) -> Map<String, Value> {
    let mut whole = location(structure, lieu);
    add(&mut whole, "addresses", address(lieu).into_iter().collect());
    add(&mut whole, "schedules", lieu.horaires.as_deref().map(|horaires| schedules(lieu.id, horaires)).unwrap_or_default());
    whole
}

/// An address has a postal code: a place whose commune has several keeps its address in its description.
fn address(lieu: &Lieu) -> Option<Value> {
    let situe = LieuSitue::of(lieu);
    let departement = annuaire_departement(&situe)?;
    Some(json!({
        "id": Id::from_name(&format!("{}/adresse", lieu.id)).to_string(),
        "location_id": lieu.id.to_string(),
        "address_1": lieu.adresse.as_deref()?,
        "city": situe.nom_commune()?,
        "state_province": departement,
        "postal_code": situe.code_postal()?,
        "country": "FR",
        "address_type": "physical",
    }))
}

fn annuaire_departement(situe: &LieuSitue<'_>) -> Option<String> {
    let rang = usize::from(situe.commune?.departement_rang);
    territoire::Referentiel::get().departements().get(rang).map(|departement| departement.nom.to_string())
}

const JOURS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// One entry for each span of hours, with the days that have it: `09:00`–`12:00` on `MO,TU`.
fn schedules(lieu: Id, horaires: &str) -> Vec<Value> {
    let mut spans: Vec<((u16, u16), Vec<&str>)> = vec![];
    for (jour, plages) in JOURS.into_iter().zip(semaine(horaires)) {
        for plage in plages {
            match spans.iter_mut().find(|(known, _)| *known == plage) {
                Some((_, jours)) => jours.push(jour),
                None => spans.push((plage, vec![jour])),
            }
        }
    }
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let write = |((from, to), jours): ((u16, u16), Vec<&str>)| {
        json!({
            "id": Id::from_name(&format!("{lieu}/horaire/{from}-{to}")).to_string(),
            "location_id": lieu.to_string(),
            "freq": "WEEKLY",
            "byday": jours.join(","),
            "opens_at": clock(from),
            "closes_at": clock(to),
        })
    };
    spans.into_iter().map(write).collect()
}

fn phone(owner: Id, number: &str) -> Value {
    json!({"id": Id::from_name(&format!("{owner}/telephone")).to_string(), "number": kit::telephone::dial(number), "type": "voice"})
}

fn attribute(owner: Id, label: &str, term: Map<String, Value>) -> Value {
    let code = term.get("code").and_then(Value::as_str).unwrap_or_default();
    json!({
        "id": Id::from_name(&format!("{owner}/{label}/{code}")).to_string(),
        "link_id": owner.to_string(),
        "label": label,
        "taxonomy_term_id": term.get("id"),
        "taxonomy_term": term,
    })
}

fn besoin_term(besoin: &Besoin) -> Map<String, Value> {
    let famille = besoin.famille.and_then(|rang| Taxonomie::get().besoin(rang));
    let parent = famille.map(|famille| identify_term("besoin", &famille.code));
    term(("besoin", &besoin.code), &besoin.libelle, &besoin.phrase, parent)
}

/// A term of one of our lists, which travels with each use of it.
pub fn term((taxonomie, code): (&str, &str), nom: &str, description: &str, parent: Option<Id>) -> Map<String, Value> {
    bare(json!({
        "id": identify_term(taxonomie, code).to_string(),
        "code": code,
        "name": capital(nom),
        "description": description,
        "parent_id": parent.map(|id| id.to_string()),
        "taxonomy": format!("Maillage : {taxonomie}"),
        "language": "fr",
    }))
}

/// Every need, as `/taxonomy_terms` lists them.
pub fn list_terms() -> Vec<Map<String, Value>> {
    Taxonomie::get().iter().map(besoin_term).collect()
}

/// In the Universal Time that every reader knows.
fn moment(at: Instant) -> String {
    DateTime::from_timestamp(at.0, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The object without what it does not know: the schemas have no null.
fn bare(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(fields) => fields.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

fn add(whole: &mut Map<String, Value>, key: &str, values: Vec<Value>) {
    if !values.is_empty() {
        whole.insert(key.into(), Value::Array(values));
    }
}
