//! From a record of the annuaire to what is printed of it.

use std::collections::BTreeSet;

use annuaire::besoin::Taxonomie;
use annuaire::rules::couverture::resolve;
use annuaire::rules::horaires::en_francais;
use annuaire::{Categorie, Lieu, Service, Structure};
use kit::text::fold;
use territoire::{CodeInsee, Referentiel, Territoire};

use super::casse::{adoucir, adoucir_phrase};
use super::texte::abreger;
use crate::model::{Notice, Prestation};

/// Signs of a description that an entry can hold; the page of the structure has the rest.
const TEXTE: usize = 200;
const PRIX: usize = 90;
const NOM: usize = 90;

/// What is printed of a structure; none when nothing that it does reaches the territoire.
pub fn write_notice(structure: &Structure, services: &[Service], territoire: &Territoire) -> Option<Notice> {
    let mut prestations: Vec<Prestation> = services.iter().filter_map(|service| write_prestation(service, structure, territoire)).collect();
    prestations.sort_by(|one, other| (&one.nom, one.service).cmp(&(&other.nom, other.service)));
    (!prestations.is_empty()).then(|| Notice {
        structure: structure.id,
        nom: abreger(&adoucir(&structure.nom), NOM),
        nature: structure.categorie.label().into(),
        is_personne: structure.categorie == Categorie::MicroEntreprise,
        telephone: structure.contact.telephone.clone(),
        courriel: structure.contact.courriel.clone(),
        site_web: structure.contact.site_web.as_deref().map(write_site),
        prestations,
    })
}

fn write_prestation(service: &Service, structure: &Structure, territoire: &Territoire) -> Option<Prestation> {
    let communes = list_communes(service, territoire);
    let known_elsewhere = structure.contact.telephone.as_ref();
    let texte = service.description.as_deref().or(structure.description.as_deref());
    (!communes.is_empty()).then(|| Prestation {
        service: service.id,
        nom: abreger(&adoucir_phrase(&service.nom), NOM),
        texte: texte.map(|texte| abreger(texte, TEXTE)).filter(|texte| !texte.is_empty()),
        besoins: list_besoins(&service.besoins),
        maniere: write_maniere(service),
        prix: write_prix(service),
        telephone: service.telephone.clone().filter(|telephone| Some(telephone) != known_elsewhere),
        adresse: write_adresse(&service.lieu),
        horaires: service.lieu.horaires.as_deref().map(en_francais).filter(|horaires| !horaires.is_empty()),
        communes,
    })
}

/// The communes of the territoire that a service reaches; none when its coverage no longer resolves.
fn list_communes(service: &Service, territoire: &Territoire) -> BTreeSet<CodeInsee> {
    let point = service.lieu.point.or_else(|| Referentiel::get().find_commune(service.lieu.commune)?.point);
    let Ok(desserte) = resolve(&service.couverture, territoire, point) else { return BTreeSet::new() };
    territoire.list_communes().filter(|commune| desserte.covers(commune)).map(|commune| commune.code).collect()
}

/// Codes of needs: a family stands for all of its own.
fn list_besoins(codes: &[String]) -> Vec<String> {
    let taxonomie = Taxonomie::get();
    taxonomie.extend(codes).into_iter().filter_map(|rang| Some(taxonomie.besoin(rang)?.code.to_string())).collect()
}

fn write_maniere(service: &Service) -> String {
    let ways = service.intervention.iter().map(|one| one.label());
    let slots = service.creneaux.iter().map(|one| one.label());
    std::iter::once(service.mode.label()).chain(ways).chain(slots).collect::<Vec<_>>().join(", ")
}

fn write_prix(service: &Service) -> Option<String> {
    let tarif = service.tarif.as_deref().map(|tarif| abreger(tarif, PRIX));
    let frais = service.modalites.frais.map(|frais| frais.label().to_string()).filter(|_| tarif.is_none());
    let aides = service.modalites.aides.iter().map(|aide| aide.label().to_string());
    let words: Vec<String> = tarif.into_iter().chain(frais).chain(aides).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// « 3 rue des Lilas, Le Blanc »; the commune alone when the street is not known.
fn write_adresse(lieu: &Lieu) -> Option<String> {
    let commune = Referentiel::get().find_commune(lieu.commune)?;
    let street = lieu.adresse.as_deref().map(str::trim).filter(|street| !street.is_empty());
    Some(match street {
        // As whole words, at the end: « avenue de Dieulefit » does not name Die.
        Some(street) if format!(" {}", fold(street)).ends_with(&format!(" {}", fold(&commune.nom))) => street.to_string(),
        Some(street) => format!("{street}, {}", commune.nom),
        None => commune.nom.to_string(),
    })
}

/// « www.example.org »; a site that is not known to be secure keeps how it is reached.
fn write_site(site: &str) -> String {
    site.trim_start_matches("https://").trim_end_matches('/').to_string()
}

/// What people type of it.
pub fn write_bare(site: &str) -> &str {
    site.trim_start_matches("http://")
}

/// Where a link goes.
pub fn write_lien(site: &str) -> String {
    if site.starts_with("http://") { site.to_string() } else { format!("https://{site}") }
}
