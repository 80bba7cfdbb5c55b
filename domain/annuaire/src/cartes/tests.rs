//! Maps of a small territoire, counted by hand.

use serde_json::Value;
use territoire::{Commune, Referentiel};

use super::commune::map_commune;
use super::couverture::map_service;
use super::zones::{Presence, list_communes, list_manques, map_besoin, map_manques};
use super::*;
use crate::aiguillage::{Aiguillage, Batisseur, Inscription};
use crate::besoin::{Besoin, Taxonomie};
use crate::import::verify;
use crate::tests::territoire;

const HEADER: &str = "structure_id;structure;code_insee;besoins;mode;couverture;service_id";

fn read(lines: &[&str]) -> Vec<Inscription> {
    let verification = verify(format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes(), "essai.csv", &territoire(), &|_, _| {});
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport.problemes);
    verification.inscriptions
}

fn build(lines: &[&str]) -> Aiguillage {
    let territoire = territoire();
    let mut batisseur = Batisseur::new(&territoire, 1);
    read(lines).iter().for_each(|one| batisseur.add(one));
    batisseur.finish()
}

fn menage() -> &'static Besoin {
    Taxonomie::get().find("menage").unwrap()
}

fn commune(code: &str) -> &'static Commune {
    Referentiel::get().resolve_code(code).unwrap().commune
}

/// The map of the coverage of the only service of a line.
fn cover(couverture: &str) -> Carte {
    let inscription = read(&[&format!("s1;Un <&>;26165;menage;a_domicile;{couverture};m")]).remove(0);
    map_service(&inscription.service, &inscription.structure.nom, &territoire())
}

fn count(carte: &Carte, teinte: Teinte) -> usize {
    carte.communes.iter().filter(|one| one.teinte == teinte).count()
}

fn find(carte: &Carte, code: &str) -> Teinte {
    carte.communes.iter().find(|one| one.commune.code.as_str() == code).unwrap().teinte
}

fn read_geojson(carte: &Carte) -> serde_json::Value {
    serde_json::from_str(&write_geojson(carte).unwrap()).unwrap()
}

#[test]
fn each_commune_is_served_by_somebody_at_a_distance_or_by_nobody() {
    let aiguillage = build(&[
        "s1;Un;26165;menage;a_domicile;commune:26165;m",
        "s1;Un;26165;menage;a_domicile;commune:26165;n",
        "s2;Deux;26165;menage;sur_place;commune:26165;m",
        "s3;Loin;26165;menage;a_distance;commune:26165 commune:26166;m",
    ]);
    let list = list_communes(&aiguillage, &territoire(), menage().rang);
    assert_eq!(list.len(), 29);
    let find = |code: &str| list.iter().find(|one| one.commune.code.as_str() == code).unwrap().presence;
    assert_eq!((find("26165"), find("26166"), find("26006")), (Presence::Structures(2), Presence::ADistance, Presence::Personne));
    assert_eq!(list.first().unwrap().presence, Presence::Personne, "those whom nobody serves come first");
    assert_eq!(list.iter().filter(|one| one.presence == Presence::Personne).count(), 27);
    let carte = map_besoin(&aiguillage, &territoire(), menage());
    assert_eq!(carte.legende(), [Teinte::Personne, Teinte::ADistance, Teinte::Quelques], "the legend names what is drawn, nothing else");
    assert!(carte.phrases[0].starts_with("27\u{a0}communes n’ont personne sur 29, soit "), "{}", carte.phrases[0]);
    assert_eq!(carte.tableau.lignes.iter().filter(|ligne| ligne.is_forte).count(), 27);
}

#[test]
fn needs_are_ordered_by_the_inhabitants_left_without_anybody() {
    let aiguillage = build(&["s1;Un;26165;menage;a_domicile;epci:242600252 sauf commune:26006;m"]);
    let manques = list_manques(&aiguillage, &territoire());
    let last = manques.last().unwrap();
    assert_eq!((last.besoin, last.communes, last.habitants), (menage().rang, 1, u64::from(commune("26006").population)));
    assert!(manques.iter().rev().skip(1).all(|manque| manque.communes == 29));
    let carte = map_manques(&aiguillage, &territoire());
    assert!(Trace::draw(&carte).is_none(), "a table alone");
    assert_eq!(carte.tableau.lignes.last().unwrap().cellules[1], "1 sur 29");
}

#[test]
fn a_coverage_reaches_its_communes_exactly_and_tells_its_exceptions_apart() {
    let carte = cover("epci:242600252 sauf commune:26006");
    assert_eq!((count(&carte, Teinte::Desservie), count(&carte, Teinte::Exceptee), count(&carte, Teinte::Ailleurs)), (28, 1, 0));
    assert_eq!(find(&carte, "26006"), Teinte::Exceptee);
    assert_eq!(carte.tableau.lignes.len(), 29);
    assert!(carte.phrases.iter().any(|one| one == "1\u{a0}commune exceptée."), "{:?}", carte.phrases);
    assert_eq!(carte.lieux.len(), 1, "its place, or that of its commune");
    // An exception that would not have been reached anyway is no exception of the map.
    let carte = cover("commune:26165 commune:26166 sauf commune:26006");
    assert_eq!((count(&carte, Teinte::Desservie), count(&carte, Teinte::Exceptee), count(&carte, Teinte::Ailleurs)), (2, 0, 27));
    assert_eq!(carte.tableau.lignes.len(), 2);
}

#[test]
fn what_is_reached_beyond_the_territoire_is_drawn_while_it_is_a_map_of_the_place() {
    let carte = cover("commune:26165 commune:26198");
    assert_eq!((carte.communes.len(), find(&carte, "26198")), (30, Teinte::Desservie));
    assert!(carte.phrases[1].starts_with("Sur le territoire\u{a0}: 1\u{a0}commune sur 29, soit "), "{:?}", carte.phrases);
    assert!(carte.phrases.contains(&"Au-delà du territoire\u{a0}: 1\u{a0}commune.".to_string()), "{:?}", carte.phrases);
    let carte = cover("france");
    assert_eq!((carte.communes.len(), count(&carte, Teinte::Desservie)), (29, 29));
    assert!(carte.phrases.iter().any(|one| one.ends_with("qui ne sont pas dessinées.")), "{:?}", carte.phrases);
}

#[test]
fn a_commune_shows_who_comes_from_where_the_nearest_first_each_once() {
    let aiguillage = build(&[
        "s1;Loin;26198;menage;a_domicile;commune:26006;m",
        "s2;Ici;26006;menage|jardinage;sur_place;commune:26006;m",
        "s3;Ici aussi;26006;jardinage;a_domicile;commune:26006;m",
        "s4;Paris;75056;menage;a_distance;france;m",
        "s5;Ailleurs;26165;menage;a_domicile;commune:26165;m",
    ]);
    let allex = (&territoire(), commune("26006"));
    let carte = map_commune(&aiguillage, allex, None);
    let names: Vec<&str> = carte.tableau.lignes.iter().map(|ligne| ligne.cellules[0].as_str()).collect();
    assert_eq!(names, ["Ici", "Ici aussi", "Loin", "Paris"]);
    assert_eq!(carte.lieux.iter().map(|lieu| lieu.numero.as_str()).collect::<Vec<_>>(), ["1+", "3"], "Paris is in the list only");
    assert_eq!(carte.lieux[0].dit, "1. Ici – 2. Ici aussi");
    assert!(carte.phrases[0].starts_with("4\u{a0}services de 4\u{a0}structures"), "{:?}", carte.phrases);
    assert!(carte.phrases[1].starts_with("1\u{a0}service vient de plus de 40"), "{:?}", carte.phrases);
    assert_eq!((count(&carte, Teinte::Choisie), find(&carte, "26006")), (1, Teinte::Choisie));
    let one = map_commune(&aiguillage, allex, Some(menage()));
    assert_eq!(one.tableau.lignes.len(), 3);
    let nobody = map_commune(&build(&["s5;Un;26165;menage;a_domicile;commune:26165;m"]), allex, None);
    assert_eq!((nobody.phrases[0].as_str(), nobody.lieux.len()), ("Personne n’y vient.", 0));
    assert!(Trace::draw(&nobody).is_some(), "the commune is shown all the same");
}

#[test]
fn the_drawing_has_every_commune_with_its_words_and_no_style_of_its_own() {
    let carte = cover("epci:242600252 sauf commune:26006");
    let Trace { svg, absentes } = Trace::draw(&carte).unwrap();
    assert_eq!((svg.matches("<path").count(), svg.matches("<title>").count(), absentes), (29, 30, 0));
    assert!(svg.contains("<title>Allex\u{a0}: non, exceptée</title>") && svg.contains("url(#motif-exceptee)"));
    assert!(svg.contains("Un &lt;&amp;&gt;") && !svg.contains("style=") && !svg.contains("<&>"));
    assert!(svg.len() < 20_000, "{} bytes: a public page has 60 000 of them", svg.len());
}

#[test]
fn on_paper_a_commune_that_has_no_room_for_its_name_has_a_number() {
    let carte = cover("epci:242600252");
    let (trace, numbered) = Trace::draw_numbered(&carte).unwrap();
    let is_told =
        |one: &CommuneTracee| trace.svg.contains(&format!(">{}</text>", one.commune.nom)) || numbered.contains(&&*one.commune.nom);
    assert!(!numbered.is_empty() && carte.communes.iter().filter(|one| one.commune.point.is_some()).all(is_told), "{numbered:?}");
    for numero in 1..=numbered.len() {
        assert_eq!(trace.svg.matches(&format!(">{numero}</text>")).count(), 2, "its halo, then itself");
    }
    assert!(numbered.is_sorted_by_key(|nom| kit::text::fold(nom)));
}

#[test]
fn communes_without_an_outline_are_circles_at_their_place() {
    let mut carte = cover("commune:26165");
    carte.communes.retain(|one| one.teinte == Teinte::Desservie);
    carte.communes[0].commune = commune("75056");
    carte.lieux.clear();
    let alone = Trace::draw(&carte).unwrap();
    assert_eq!((alone.svg.matches("<circle").count(), alone.svg.matches("<path").count()), (1, 0));
    assert!(!alone.svg.contains("NaN") && !alone.svg.contains("inf"), "{}", alone.svg);
    // Mainland and overseas together would be two specks: the mainland is drawn, the rest is said.
    let overseas = CommuneTracee { commune: commune("97411"), ..carte.communes[0].clone() };
    carte.communes.push(overseas);
    assert_eq!(Trace::draw(&carte).unwrap().absentes, 1);
    carte.communes.remove(0);
    assert_eq!(Trace::draw(&carte).unwrap().absentes, 0);
}

#[test]
fn a_whole_country_is_a_few_paths_of_dots() {
    let communes: Vec<CommuneTracee> = Referentiel::get()
        .communes()
        .iter()
        .map(|commune| CommuneTracee {
            commune,
            teinte: if commune.rang % 2 == 0 { Teinte::Personne } else { Teinte::Une },
            dit: String::new(),
        })
        .collect();
    let carte = Carte { titre: "France".into(), phrases: vec![], communes, lieux: vec![], tableau: Tableau::default(), classes: vec![] };
    let Trace { svg, absentes } = Trace::draw(&carte).unwrap();
    assert_eq!(svg.matches("<path").count(), 2);
    assert_eq!(svg.matches("h0").count() + absentes, carte.communes.len());
    assert!(absentes < 300, "{absentes}: overseas, and the few without a place");
    assert!(svg.len() < 500_000, "{}", svg.len());
    assert_eq!(read_geojson(&carte)["features"].as_array().unwrap().len() + absentes, carte.communes.len());
}

#[test]
fn the_geojson_says_the_same_as_the_map() {
    let carte = cover("epci:242600252 sauf commune:26006");
    let geojson = read_geojson(&carte);
    let features = geojson["features"].as_array().unwrap();
    assert_eq!(features.len(), 30, "29 communes and a place");
    let of = |teinte: &str| features.iter().filter(|one| one["properties"]["teinte"] == teinte).count();
    assert_eq!((of("desservie"), of("exceptee")), (28, 1));
    let allex = features.iter().find(|one| one["properties"]["nom"] == "Allex").unwrap();
    assert_eq!((&allex["geometry"]["type"], &allex["properties"]["dit"]), (&"MultiPolygon".into(), &"Allex\u{a0}: non, exceptée".into()));
    let ring = allex["geometry"]["coordinates"][0][0].as_array().unwrap();
    assert_eq!(ring.first(), ring.last());
    assert!(area(ring) > 0.0, "counterclockwise, as RFC 7946 asks");
    assert_eq!(features.last().unwrap()["geometry"]["type"], "Point");
    assert_eq!(geojson["legende"][1]["hachure"]["couleur"], "#a02a1d");
}

fn area(ring: &[Value]) -> f64 {
    let at = |place: &Value, axis: usize| place[axis].as_f64().unwrap();
    ring.iter().zip(ring.iter().skip(1)).map(|(from, to)| at(from, 0) * at(to, 1) - at(to, 0) * at(from, 1)).sum()
}

#[test]
fn every_outline_becomes_polygons_whose_holes_are_inside() {
    // Communes that surround another one, or in several pieces: all rings are kept, each once.
    let mut holes = 0;
    for commune in Referentiel::get().communes() {
        let Some(rings) = find_contour(commune.code) else { continue };
        let one = CommuneTracee { commune, teinte: Teinte::Une, dit: String::new() };
        let carte = Carte {
            titre: String::new(),
            phrases: vec![],
            communes: vec![one],
            lieux: vec![],
            tableau: Tableau::default(),
            classes: vec![],
        };
        let geojson = read_geojson(&carte);
        let polygones = geojson["features"][0]["geometry"]["coordinates"].as_array().unwrap();
        let kept: usize = polygones.iter().map(|polygone| polygone.as_array().unwrap().len()).sum();
        assert_eq!(kept, rings.len(), "{}", commune.nom);
        holes += kept - polygones.len();
        for polygone in polygones {
            for (rang, ring) in polygone.as_array().unwrap().iter().enumerate() {
                assert_eq!(area(ring.as_array().unwrap()) > 0.0, rang == 0, "{}", commune.nom);
            }
        }
    }
    assert!(holes > 0, "no commune surrounds another: this trial tries nothing");
}

#[test]
fn a_background_is_a_https_address_with_its_credit_and_opens_one_host() {
    let fond = Fond::parse("https://tuiles.exemple.fr:8443/{z}/{x}/{y}.png", " © Exemple ").unwrap();
    assert_eq!((fond.origine.as_str(), fond.attribution.as_str()), ("https://tuiles.exemple.fr:8443", "© Exemple"));
    for wrong in [
        "",
        "http://tuiles.exemple.fr/{z}/{x}/{y}.png",
        "https://tuiles.exemple.fr/",
        "https://a:b@exemple.fr/{z}/{x}/{y}",
        "https://{s}.exemple.fr/{z}/{x}/{y}",
        "https://exemple.fr;x/{z}/{x}/{y}",
    ] {
        assert_eq!(Fond::parse(wrong, "©"), Err(FondRefuse::Tuiles(wrong.into())), "{wrong}");
    }
    assert_eq!(Fond::parse("https://exemple.fr/{z}/{x}/{y}", " "), Err(FondRefuse::Attribution));
}

#[test]
fn a_table_stops_where_nobody_reads_and_says_how_many_are_left() {
    let count = |many: usize| {
        let tableau = Tableau::write("", &[""], &vec![(); many], |()| Ligne::default());
        (tableau.lignes.len(), tableau.omises)
    };
    assert_eq!([count(0), count(2_000), count(2_001)], [(0, 0), (2_000, 0), (2_000, 1)]);
}
