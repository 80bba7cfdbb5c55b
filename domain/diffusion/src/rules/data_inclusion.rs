//! Structures and services as data·inclusion v1 reads them (gip-inclusion/data-inclusion-schema).

use annuaire::besoin::Taxonomie;
use annuaire::storage::export::{ServiceDate, StructureDatee};
use annuaire::{Frais, Lieu, Mode, Public, Service};
use chrono::DateTime;
use kit::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use super::correspondance::{BesoinTraduit, reseau_porteur, translate};
use super::lieu::{LieuSitue, round, siege};
use super::zone::list_zones;
use crate::Producteur;

/// A place, as both records carry it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct LieuDi {
    pub commune: Option<String>,
    pub code_postal: Option<String>,
    pub code_insee: Option<String>,
    pub adresse: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub horaires_accueil: Option<String>,
}

/// A structure of data·inclusion.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StructureDi {
    pub source: String,
    pub id: String,
    pub nom: String,
    pub date_maj: String,
    pub description: Option<String>,
    pub siret: Option<String>,
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    pub site_web: Option<String>,
    pub lien_source: Option<String>,
    pub reseaux_porteurs: Option<Vec<&'static str>>,
    #[serde(flatten)]
    pub lieu: LieuDi,
}

/// A service of data·inclusion.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ServiceDi {
    pub source: String,
    pub structure_id: String,
    pub id: String,
    pub nom: String,
    pub description: String,
    pub date_maj: String,
    pub r#type: Option<&'static str>,
    pub thematiques: Vec<&'static str>,
    pub frais: Option<&'static str>,
    pub frais_precisions: Option<String>,
    pub publics: Vec<&'static str>,
    pub conditions_acces: Option<String>,
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    pub modes_accueil: Vec<&'static str>,
    pub zone_eligibilite: Option<Vec<String>>,
    pub lien_source: Option<String>,
    pub modes_mobilisation: Option<Vec<&'static str>>,
    pub mobilisable_par: Vec<&'static str>,
    pub mobilisation_precisions: Option<String>,
    #[serde(flatten)]
    pub lieu: LieuDi,
}

/// A structure, already without what stays here (`retenue`).
pub fn structure(producteur: &Producteur, datee: &StructureDatee) -> StructureDi {
    let structure = &datee.structure;
    StructureDi {
        source: producteur.source(),
        id: identify(producteur, structure.id),
        nom: name(&structure.nom, structure.categorie.label()),
        date_maj: day(datee.updated_at),
        description: structure.description.as_deref().and_then(describe),
        siret: structure.siret.clone(),
        telephone: structure.contact.telephone.as_deref().map(kit::telephone::dial),
        courriel: structure.contact.courriel.clone(),
        site_web: structure.contact.site_web.clone(),
        lien_source: producteur.lien(structure.id),
        reseaux_porteurs: reseau_porteur(structure.categorie).map(|code| vec![code]),
        lieu: siege(datee).map(place).unwrap_or_default(),
    }
}

/// One of its services.
pub fn service(producteur: &Producteur, datee: &StructureDatee, date: &ServiceDate) -> ServiceDi {
    let (structure, service) = (&datee.structure, &date.service);
    let traduits: Vec<&BesoinTraduit> = service.besoins.iter().filter_map(|code| translate(code)).collect();
    let telephone = service.telephone.as_ref().or(structure.contact.telephone.as_ref());
    let frais = service.modalites.frais.map(Frais::code).or_else(|| service.tarif.as_deref().and_then(frais));
    let zones = list_zones(service, &producteur.territoire);
    ServiceDi {
        source: producteur.source(),
        structure_id: identify(producteur, structure.id),
        id: identify(producteur, service.id),
        nom: name(&service.nom, "Service"),
        description: describe_service(service),
        date_maj: day(date.updated_at),
        r#type: traduits.iter().map(|one| one.r#type.as_str()).find(|code| !code.is_empty()),
        thematiques: distinct(traduits.iter().map(|one| one.thematique.as_str())),
        frais,
        frais_precisions: service.tarif.clone(),
        publics: publics(service, &traduits),
        conditions_acces: service.modalites.conditions.clone(),
        telephone: telephone.map(|telephone| kit::telephone::dial(telephone)),
        courriel: structure.contact.courriel.clone(),
        modes_accueil: vec![mode_accueil(service.mode)],
        zone_eligibilite: Some(zones.into_iter().map(|zone| zone.code).collect::<Vec<_>>()).filter(|zones| !zones.is_empty()),
        lien_source: producteur.lien(structure.id),
        modes_mobilisation: modes_mobilisation(service, telephone.is_some(), structure.contact.courriel.is_some()),
        mobilisable_par: vec!["usagers", "professionnels"],
        mobilisation_precisions: service.modalites.demarche.clone(),
        lieu: place(&service.lieu),
    }
}

fn identify(producteur: &Producteur, id: kit::Id) -> String {
    format!("{}--{id}", producteur.source())
}

/// The day in Greenwich: a reader east of it never finds a date of tomorrow.
fn day(at: Instant) -> String {
    DateTime::from_timestamp(at.0, 0).unwrap_or_default().format("%Y-%m-%d").to_string()
}

const NOM: usize = 150;

/// From 3 to 150 signs, no full stop at the end but that of « etc. ».
fn name(nom: &str, otherwise: &str) -> String {
    let mut nom = nom.trim();
    while nom.ends_with('.') && !nom.ends_with("etc.") {
        nom = nom.trim_end_matches('.').trim_end();
    }
    match nom.chars().count() {
        0..=2 => format!("{otherwise} {nom}").trim().to_string(),
        3..=NOM => nom.to_string(),
        _ => format!("{}…", nom.chars().take(NOM - 1).collect::<String>().trim_end()),
    }
}

const DESCRIPTION: usize = 10_000;

fn describe(description: &str) -> Option<String> {
    let cut: String = description.trim().chars().take(DESCRIPTION).collect();
    (cut.chars().count() >= 5).then_some(cut)
}

/// What it says of itself, else the sentence of its needs. « At home » is said in words: no code of theirs says it.
fn describe_service(service: &Service) -> String {
    let phrases = || {
        let besoins = service.besoins.iter().filter_map(|code| Taxonomie::get().find(code));
        besoins.map(|besoin| &*besoin.phrase).collect::<Vec<_>>().join(" ")
    };
    let said = service.description.as_deref().and_then(describe).unwrap_or_else(phrases);
    let whole = match service.mode {
        Mode::ADomicile => format!("{said} Ce service est rendu au domicile de la personne."),
        Mode::SurPlace | Mode::ADistance => said,
    };
    describe(&whole).unwrap_or_else(|| format!("Service : {}", service.nom))
}

/// « En présentiel » for what is rendered at home: somebody comes, and readers who look for people near a place find it
/// with its zone of eligibility. The description says where.
fn mode_accueil(mode: Mode) -> &'static str {
    match mode {
        Mode::ADomicile | Mode::SurPlace => "en-presentiel",
        Mode::ADistance => "a-distance",
    }
}

fn modes_mobilisation(service: &Service, telephone: bool, courriel: bool) -> Option<Vec<&'static str>> {
    let mut modes = vec![];
    modes.extend(telephone.then_some("telephoner"));
    modes.extend(courriel.then_some("envoyer-un-courriel"));
    modes.extend((service.mode == Mode::SurPlace && service.lieu.adresse.is_some()).then_some("se-presenter"));
    (!modes.is_empty()).then_some(modes)
}

/// Free when the price begins by saying so, paid when it says an amount; else nothing: the words are given as they are.
fn frais(tarif: &str) -> Option<&'static str> {
    let folded = kit::text::fold(tarif);
    if folded.starts_with("gratuit") {
        return Some("gratuit");
    }
    let has_amount = tarif.contains('€') || folded.contains("euro");
    (has_amount && tarif.bytes().any(|byte| byte.is_ascii_digit())).then_some("payant")
}

/// The vocabulary has no word for who is ill, nor for those who help.
fn public(public: Public) -> Option<&'static str> {
    match public {
        Public::PersonnesAgees => Some("seniors"),
        Public::Handicap => Some("personnes-en-situation-de-handicap"),
        Public::Familles | Public::JeunesEnfants => Some("familles"),
        Public::DemandeursEmploi => Some("demandeurs-emploi"),
        Public::Jeunes => Some("jeunes"),
        Public::Malades | Public::Aidants => None,
    }
}

/// What the structure says of its service, else what its needs say. « Tous publics » says it alone.
fn publics(service: &Service, traduits: &[&'static BesoinTraduit]) -> Vec<&'static str> {
    let said = distinct(service.modalites.publics.iter().filter_map(|one| public(*one)));
    if !said.is_empty() {
        return said;
    }
    let all = distinct(traduits.iter().flat_map(|one| one.publics()));
    if all.is_empty() || all.contains(&"tous-publics") { vec!["tous-publics"] } else { all }
}

fn distinct<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept = vec![];
    for code in codes {
        if !kept.contains(&code) {
            kept.push(code);
        }
    }
    kept
}

fn place(lieu: &Lieu) -> LieuDi {
    let situe = LieuSitue::of(lieu);
    let point = situe.point();
    LieuDi {
        commune: situe.nom_commune().map(str::to_string),
        code_postal: situe.code_postal().map(str::to_string),
        code_insee: Some(situe.code_insee()),
        adresse: lieu.adresse.clone(),
        latitude: point.map(|point| round(point.lat())),
        longitude: point.map(|point| round(point.lon())),
        horaires_accueil: lieu.horaires.clone(),
    }
}
