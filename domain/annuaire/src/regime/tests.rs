//! Acts read from their form, told together, and what lacks.

use chrono::NaiveDate;
use kit::{Id, Instant};

use super::{Activite, Validite, list_actes, list_manquantes, read_acte, write_acte};
use crate::fiche::{Fiche, NatureRegime};
use crate::rules::saisie::Saisie;
use crate::rules::saisie::new_service;
use crate::suggestion::{Inscription, regles::make_fiche};
use crate::{Categorie, Intervention};

fn fiche() -> Fiche {
    let inscription = Inscription {
        nom: "Essai".into(),
        categorie: Categorie::Association,
        commune: "26006".into(),
        telephone: None,
        courriel: None,
        site_web: None,
        description: "Essai".into(),
    };
    make_fiche(&inscription, Instant(0)).unwrap()
}

fn saisie(fields: &[(&str, &str)]) -> Saisie {
    Saisie(fields.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_list_has_its_five_and_twenty_one_activities() {
    let count = |article: &str| Activite::list().iter().filter(|one| &*one.article == article).count();
    assert_eq!((count("D7231-1 I"), count("D7231-1 II")), (5, 21));
    for besoin in crate::besoin::Taxonomie::get().iter() {
        assert!(besoin.activites.iter().all(|code| Activite::find(code).is_some()), "{}", besoin.code);
    }
}

#[test]
fn what_an_activity_asks_for_depends_on_who_employs_the_person_who_comes() {
    use Intervention::{Mandataire, MiseADisposition, Prestataire};
    use NatureRegime::{Agrement, Autorisation, Declaration};
    let check = |code: &str, nature, intervention| Activite::find(code).unwrap().check(nature, intervention).is_ok();
    assert!(check("SAP-I-03", Autorisation, Some(Prestataire)) && check("SAP-I-03", Agrement, Some(Mandataire)));
    assert!(check("SAP-I-03", Agrement, Some(MiseADisposition)) && check("SAP-I-01", Agrement, None));
    assert!(!check("SAP-I-03", Agrement, Some(Prestataire)) && !check("SAP-I-03", Autorisation, Some(Mandataire)));
    assert!(!check("SAP-I-03", Agrement, None), "it must be said");
    assert!(!check("SAP-II-01", Agrement, None) && !check("SAP-I-01", Autorisation, Some(Prestataire)));
    assert!(Activite::list().iter().all(|one| one.check(Declaration, None).is_ok()));
}

#[test]
fn an_act_covers_several_activities_and_is_shown_as_it_was_typed() {
    let typed = [
        ("nature", "agrement"),
        ("intervention", "mandataire"),
        ("numero", "SAP 356000000"),
        ("autorite", "le préfet de la Drôme"),
        ("departements", "7 ; 26, 26"),
        ("du", "01/03/2024"),
        ("activites", "SAP-I-05"),
        ("activites", "SAP-I-03"),
    ];
    let rows = read_acte(&saisie(&typed)).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].au, rows[0].departements.as_slice()), (Some(day("2029-02-28")), ["07".to_string(), "26".to_string()].as_slice()));
    let mut fiche: Fiche = fiche();
    fiche.regimes.extend(rows.into_iter().enumerate().map(|(place, row)| (Id::from_name(&place.to_string()), row)));
    let actes = list_actes(&fiche);
    assert_eq!(actes.len(), 1, "two rows, one act");
    assert_eq!(actes[0].activites.iter().map(|one| &*one.code).collect::<Vec<_>>(), ["SAP-I-03", "SAP-I-05"]);
    let again = read_acte(&write_acte(&actes[0])).unwrap();
    assert!(again.iter().all(|row| fiche.regimes.values().any(|known| known == row)));
    assert_eq!(actes[0].regime.doute(), None);
    let at = |text: &str| actes[0].regime.validite(day(text));
    assert_eq!((at("2024-02-29"), at("2024-03-01")), (Validite::AVenir, Validite::EnCours));
    assert_eq!((at("2028-12-01"), at("2029-03-01")), (Validite::BientotEchu, Validite::Echu));
}

#[test]
fn what_is_wrong_is_said_field_by_field() {
    let about = |fields: &[(&str, &str)]| {
        let errors = read_acte(&saisie(fields)).unwrap_err();
        errors.iter().map(|error| error.field).collect::<Vec<_>>()
    };
    assert_eq!(about(&[]), ["nature", "activites"]);
    assert_eq!(about(&[("nature", "agrement"), ("activites", "SAP-I-01")]), ["departements"]);
    assert_eq!(about(&[("nature", "declaration"), ("activites", "SAP-II-01"), ("du", "2026-02-31")]), ["du"]);
    assert_eq!(about(&[("nature", "declaration"), ("activites", "SAP-II-01"), ("du", "2026-03-01"), ("au", "2026-02-01")]), ["au"]);
    assert_eq!(about(&[("nature", "declaration"), ("activites", "SAP-II-01"), ("departements", "26 999")]), ["departements"]);
    assert_eq!(about(&[("nature", "agrement"), ("activites", "SAP-II-01"), ("departements", "26")]), ["activites"]);
}

#[test]
fn a_number_of_another_shape_is_kept_and_doubted() {
    let rows = read_acte(&saisie(&[("nature", "declaration"), ("activites", "SAP-II-01"), ("numero", "N/120310/F/26")])).unwrap();
    assert_eq!(rows[0].numero.as_deref(), Some("N/120310/F/26"));
    assert!(rows[0].doute().is_some());
}

#[test]
fn activities_of_services_without_an_act_are_named_until_one_covers_them() {
    let mut fiche = fiche();
    let mut service = new_service((fiche.structure.id, fiche.lieux.values().next().cloned().unwrap()), Instant(0));
    service.besoins = vec!["menage".into()];
    fiche.services.insert(service.id, service);
    let today = Instant(0).day();
    assert_eq!(list_manquantes(&fiche, today).iter().map(|one| &*one.code).collect::<Vec<_>>(), ["SAP-II-01"]);
    let rows = read_acte(&saisie(&[("nature", "declaration"), ("activites", "SAP-II-01")])).unwrap();
    fiche.regimes.insert(Id::from_name("acte"), rows[0].clone());
    assert!(list_manquantes(&fiche, today).is_empty());
}
