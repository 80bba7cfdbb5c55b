//! Coverage: how it is written, what it refuses, what it becomes.

use territoire::{Commune, Referentiel};

use super::territoire;
use crate::rules::couverture::{Couverture, CouvertureRefusee, Zone, resolve};

fn commune(code: &str) -> &'static Commune {
    Referentiel::get().resolve_code(code).unwrap().commune
}

fn covers(text: &str, code: &str) -> bool {
    resolve(&text.parse().unwrap(), &territoire(), commune("26165").point).unwrap().covers(commune(code))
}

#[test]
fn a_bassin_covers_its_communes_and_no_other() {
    assert!(covers("bassin:livron-loriol", "26166"));
    assert!(!covers("bassin:livron-loriol", "26006"));
}

#[test]
fn an_old_code_covers_the_commune_of_today() {
    assert!(Referentiel::get().resolve_code("75101").unwrap().ancienne.is_some(), "the test needs an old code");
    assert!(covers("commune:75101", "75056") && !covers("commune:75101", "26165"));
}

#[test]
fn a_radius_covers_up_to_its_limit() {
    let (livron, loriol) = (commune("26165"), commune("26166"));
    let km = livron.point.unwrap().distance_m(&loriol.point.unwrap()) / 1_000.0;
    assert!(covers(&format!("rayon:{}", km.ceil()), "26166"));
    assert!(!covers(&format!("rayon:{}", km.floor()), "26166"));
}

#[test]
fn a_radius_of_thirty_kilometres_becomes_a_handful_of_zones() {
    let desserte = resolve(&"rayon:30".parse().unwrap(), &territoire(), commune("26165").point).unwrap();
    let communes = Referentiel::get().list_within(commune("26165").point.unwrap(), 30_000.0).len();
    assert!(desserte.zones.len() < communes, "{} zones for {communes} communes", desserte.zones.len());
    assert!(desserte.zones.iter().any(|zone| matches!(zone, Zone::Epci(_))));
}

#[test]
fn an_exception_takes_out_and_a_commune_named_for_itself_stays() {
    assert!(!covers("epci:242600252 sauf commune:26166", "26166"));
    assert!(covers("epci:242600252 commune:26166 sauf bassin:livron-loriol", "26166"));
    assert!(!covers("epci:242600252 commune:26166 sauf bassin:livron-loriol", "26165"));
    assert!(!covers("france -departement:26", "26113"));
}

#[test]
fn what_cannot_be_understood_is_refused_with_what_to_write() {
    let refused = |text: &str| text.parse::<Couverture>().unwrap_err();
    assert_eq!(refused(""), CouvertureRefusee::Vide);
    assert_eq!(refused("sauf commune:26166"), CouvertureRefusee::Vide);
    assert!(matches!(refused("partout"), CouvertureRefusee::Incomprise(_)));
    assert!(matches!(refused("rayon:0"), CouvertureRefusee::Incomprise(_)));
    assert!(matches!(refused("rayon:301"), CouvertureRefusee::Incomprise(_)));
    assert!(matches!(refused("commune:26166 sauf commune:26166"), CouvertureRefusee::Contradiction(_)));
    let unresolved = |text: &str| resolve(&text.parse().unwrap(), &territoire(), None).unwrap_err();
    assert_eq!(unresolved("rayon:5"), CouvertureRefusee::SansPoint);
    assert!(unresolved("bassin:nulle-part").to_string().contains("livron-loriol"), "the bassins that exist are named");
    assert!(unresolved("commune:99999").to_string().contains("99999"));
    assert!(matches!(unresolved("epci:000000000"), CouvertureRefusee::Inconnue(..)));
}
