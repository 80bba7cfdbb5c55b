use std::time::Instant;

use crate::{CodeInsee, CodeRefuse, NatureAncienne, Point, PopulationAge, Referentiel, load};

fn code(texte: &str) -> CodeInsee {
    CodeInsee::parse(texte).unwrap()
}

#[test]
fn every_commune_of_the_vintage_loads() {
    let referentiel = Referentiel::get();
    assert_eq!(referentiel.communes().len(), 34_969);
    assert_eq!(referentiel.anciennes.len(), 4_869);
    assert_eq!(referentiel.epcis().len(), 1_255);
    assert_eq!(referentiel.departements().len(), 109);
    let with_point = referentiel.communes().iter().filter(|c| c.point.is_some());
    assert_eq!(with_point.count(), 34_875);
}

#[test]
fn a_commune_that_the_census_does_not_tell_has_no_ages_and_one_without_inhabitants_has_nought() {
    let communes = Referentiel::get().communes();
    let unknown = communes.iter().filter(|commune| commune.population_age.is_none());
    let (outre_mer, others): (Vec<_>, Vec<_>) = unknown.partition(|commune| commune.point.is_none());
    assert_eq!((outre_mer.len(), others.len()), (94, 24));
    let find = |texte| Referentiel::get().find_commune(code(texte)).unwrap().population_age;
    assert_eq!((find("97611"), find("15031")), (None, None), "Mamoudzou, Celles");
    assert_eq!(find("55039"), Some(PopulationAge { total: 0, moins_de_20: 0, plus_de_65: 0 }), "Beaumont-en-Verdunois");
    let known: Vec<_> = communes.iter().filter_map(|commune| commune.population_age).collect();
    assert!(known.iter().all(|ages| ages.moins_de_20 + ages.plus_de_65 <= ages.total + 1), "columns are not swapped");
    let of = |part: fn(&PopulationAge) -> u32| known.iter().map(|ages| u64::from(part(ages))).sum::<u64>();
    assert!((66_000_000..68_500_000).contains(&of(|ages| ages.total)));
    assert!((13_500_000..14_500_000).contains(&of(|ages| ages.plus_de_65)));
}

#[test]
fn the_load_is_quick() {
    let start = Instant::now();
    let referentiel = load::load();
    let elapsed = start.elapsed();
    println!("load: {elapsed:?}");
    assert_eq!(referentiel.communes().len(), 34_969);
    assert!(elapsed.as_millis() < 1_000, "{elapsed:?}");
}

#[test]
fn a_rang_is_a_position_and_ties_a_commune_to_its_epci_and_departement() {
    let referentiel = Referentiel::get();
    for (position, commune) in referentiel.communes().iter().enumerate() {
        assert_eq!(usize::from(commune.rang), position);
        assert_eq!(referentiel.find_commune(commune.code).unwrap().rang, commune.rang);
        let departement = referentiel.find_departement(commune.departement.as_str()).unwrap();
        assert!(departement.communes.binary_search(&commune.rang).is_ok());
        if let Some(epci) = commune.epci.and_then(|rang| referentiel.epci(rang)) {
            assert!(epci.communes.binary_search(&commune.rang).is_ok());
        }
    }
    let without_epci = referentiel.communes().iter().filter(|c| c.epci.is_none());
    assert_eq!(without_epci.count(), 4 + 94);
}

#[test]
fn a_commune_has_its_official_fields() {
    let referentiel = Referentiel::get();
    let livron = referentiel.find_commune(code("26165")).unwrap();
    assert_eq!(livron.population_age, Some(PopulationAge { total: 9_297, moins_de_20: 2_324, plus_de_65: 1_870 }));
    assert_eq!(&*livron.nom, "Livron-sur-Drôme");
    assert_eq!(livron.codes_postaux.len(), 1);
    assert_eq!((livron.departement.as_str(), livron.region.as_str()), ("26", "84"));
    let epci = referentiel.epci(livron.epci.unwrap()).unwrap();
    assert_eq!(epci.rang, referentiel.find_epci("242600252").unwrap().rang);
    assert_eq!(&*referentiel.find_departement("2a").unwrap().nom, "Corse-du-Sud");
    assert!(referentiel.find_departement("20").is_none());
    assert!(referentiel.find_epci("").is_none());
    assert!(referentiel.commune(u16::MAX).is_none());
}

#[test]
fn a_commune_is_told_apart_from_its_homonyms() {
    let nom = |insee| Referentiel::get().find_commune(code(insee)).unwrap().nom_complet();
    assert_eq!(nom("26165"), "Livron-sur-Drôme (26250)");
    assert_eq!(nom("36200"), "Saint-Marcel (36200, Indre)");
    assert_eq!(nom("69123"), "Lyon (69)");
    assert_eq!(nom("97411"), "Saint-Denis (974, La Réunion)");
}

#[test]
fn a_code_has_five_characters_and_a_letter_only_in_corsica() {
    assert_eq!(code("2a004").as_str(), "2A004");
    assert_eq!(code(" 26064 ").to_string(), "26064");
    assert!(code("01004") < code("2A004"));
    for wrong in ["", "2606", "260640", "2C004", "A2004", "26O64", "2606é", "26 64"] {
        assert!(CodeInsee::parse(wrong).is_err(), "{wrong}");
    }
    assert!(matches!(CodeInsee::parse("1004"), Err(CodeRefuse::ZeroPerdu(_))));
    let refuse = CodeInsee::parse(&"é".repeat(10_000)).unwrap_err();
    assert!(refuse.to_string().len() < 200);
}

#[test]
fn old_codes_lead_to_the_commune_of_today() {
    let referentiel = Referentiel::get();
    for (ancien, actuel, nature) in [
        ("75101", "75056", NatureAncienne::ArrondissementMunicipal),
        ("13216", "13055", NatureAncienne::ArrondissementMunicipal),
        ("01003", "01165", NatureAncienne::AncienCode),
    ] {
        let resolue = referentiel.resolve_code(ancien).unwrap();
        assert_eq!(resolue.commune.code, code(actuel));
        assert_eq!(resolue.ancienne.unwrap().nature, nature);
        assert!(referentiel.find_commune(code(ancien)).is_none());
    }
    let current = referentiel.resolve_code("01015").unwrap();
    assert!(current.ancienne.is_none(), "a commune déléguée may share the code of its commune");
    assert_eq!(&*current.commune.nom, "Arboys en Bugey");
}

#[test]
fn every_old_code_resolves() {
    let referentiel = Referentiel::get();
    for ancienne in &referentiel.anciennes {
        assert!(referentiel.resolve_code(ancienne.code.as_str()).is_ok());
    }
}

#[test]
fn a_refused_code_says_what_to_do() {
    let refuse = |texte| Referentiel::get().resolve_code(texte).unwrap_err().to_string();
    assert_eq!(refuse("26400"), "26400 est un code postal, pas un code commune\u{a0}: il couvre 24 communes, précisez laquelle");
    assert!(refuse("26500").ends_with("Bourg-lès-Valence, dont le code commune est 26058"));
    assert!(refuse("99999").starts_with("aucune commune n’a le code 99999"));
    assert!(refuse("Crest").contains("cinq caractères"));
    assert!(refuse("1004").ends_with("essayez 01004"));
}

#[test]
fn a_postal_code_lists_its_communes_by_population() {
    let communes = Referentiel::get().list_by_code_postal("26400");
    assert_eq!(communes.len(), 24);
    assert_eq!(&*communes[0].nom, "Crest");
    assert!(communes.is_sorted_by(|a, b| a.population >= b.population));
    assert!(Referentiel::get().list_by_code_postal("2640").is_empty());
    assert!(Referentiel::get().list_by_code_postal("🙂").is_empty());
}

#[test]
fn distances_are_those_of_a_map() {
    let point = |lat, lon| Point::new(lat, lon).unwrap();
    let (paris, marseille) = (point(48.8566, 2.3522), point(43.2965, 5.3698));
    assert!((paris.distance_m(&marseille) - 660_500.0).abs() < 1_000.0);
    assert_eq!(paris.distance_m(&paris), 0.0);
    assert_eq!(paris.distance_m(&marseille), marseille.distance_m(&paris));
    let half_turn = point(0.0, -180.0).distance_m(&point(0.0, 0.0));
    assert!((half_turn - 20_015_115.0).abs() < 10.0);
    assert!(point(0.0, -180.0).distance_m(&point(0.0, 180.0)) < 0.001);
}

#[test]
fn a_point_is_on_earth() {
    assert!(Point::new(90.0, 180.0).is_some() && Point::new(-90.0, -180.0).is_some());
    for (lat, lon) in [(90.1, 0.0), (0.0, 180.1), (f64::NAN, 0.0), (0.0, f64::NAN)] {
        assert!(Point::new(lat, lon).is_none());
    }
    assert!(Point::new(f64::INFINITY, 0.0).is_none());
}

#[test]
fn communes_within_a_radius_are_those_of_an_exhaustive_reading() {
    let referentiel = Referentiel::get();
    let places = [(44.77, 4.84), (50.7, 2.0), (-21.1, 55.5), (4.9, -52.3), (0.0, 0.0)];
    for (lat, lon) in places {
        let point = Point::new(lat, lon).unwrap();
        for rayon_m in [0.0, 5_000.0, 30_000.0, 150_000.0, 30_000_000.0, f64::INFINITY] {
            let found = referentiel.list_within(point, rayon_m);
            let communes = referentiel.communes().iter().filter_map(|c| c.point);
            let expected = communes.filter(|p| p.distance_m(&point) <= rayon_m).count();
            assert_eq!(found.len(), expected, "{lat} {lon} {rayon_m}");
            assert!(found.is_sorted_by(|a, b| a.1 <= b.1));
        }
    }
}

#[test]
fn an_absurd_radius_finds_nothing() {
    let pole = Point::new(90.0, 0.0).unwrap();
    for rayon_m in [-1.0, f64::NAN, f64::NEG_INFINITY, 1_000.0] {
        assert!(Referentiel::get().list_within(pole, rayon_m).is_empty());
    }
}

#[test]
fn the_nearest_commune_is_found_even_from_the_sea() {
    let nearest = |lat, lon| Referentiel::get().find_nearest(Point::new(lat, lon).unwrap());
    let (livron, distance_m) = nearest(44.772, 4.842).unwrap();
    assert_eq!((&*livron.nom, distance_m < 1_500.0), ("Livron-sur-Drôme", true));
    let (island, distance_m) = nearest(48.0, -7.0).unwrap();
    assert_eq!((&*island.nom, distance_m > 100_000.0), ("Ouessant", true));
    assert!(nearest(-90.0, 0.0).is_some());
}
