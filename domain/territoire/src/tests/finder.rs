use proptest::prelude::*;

use super::{first, search};
use crate::{NatureAncienne, Raison, Referentiel};

/// Codes of the first results within a département.
fn search_within(texte: &str, departement: &'static str) -> Vec<&'static str> {
    let referentiel = Referentiel::get();
    let covers = |rang| referentiel.commune(rang).unwrap().departement.as_str() == departement;
    let found = referentiel.search_communes(texte, Some(&covers), 10);
    assert!(found.iter().all(|found| found.commune.departement.as_str() == departement));
    found.into_iter().map(|found| found.commune.code.as_str()).collect()
}

/// What is typed, and the code of the commune meant.
const EXAMPLES: [(&str, &str); 67] = [
    ("st marcel les valence", "26313"),
    ("saint marcel lès valence", "26313"),
    ("Saint-Marcel-lès-Valence", "26313"),
    ("SAINT MARCEL LEZ VALENCE", "26313"),
    ("st-marcel valence", "26313"),
    ("valence st marcel", "26313"),
    ("livron sur drome", "26165"),
    ("livron s/ drome", "26165"),
    ("livron s/drome", "26165"),
    ("livron/drome", "26165"),
    ("livron drome", "26165"),
    ("Livron-sur-", "26165"),
    ("26250 livron", "26165"),
    ("livron 26250", "26165"),
    ("livron 262", "26165"),
    ("26 250 Livron", "26165"),
    ("26250 LIVRON SUR DROME CEDEX", "26165"),
    ("LE BLANC 36", "36018"),
    ("le blanc indre", "36018"),
    ("le blanc (Indre)", "36018"),
    ("Le Blanc", "36018"),
    ("blanc 36", "36018"),
    ("36 le blanc", "36018"),
    ("le blanc/36", "36018"),
    ("le blanc dans l'indre", "36018"),
    ("st marcel indre", "36200"),
    ("Saint-Marcel (36200, Indre)", "36200"),
    ("romans/isere", "26281"),
    ("romans sur isère", "26281"),
    ("36173", "36173"),
    ("2a004", "2A004"),
    ("ajaccio 2A", "2A004"),
    ("Paris", "75056"),
    ("paris 13", "75056"),
    ("paris 13e", "75056"),
    ("Paris 13ème arrondissement", "75056"),
    ("75013", "75056"),
    ("75113", "75056"),
    ("Marseille 1er", "13055"),
    ("Lyon", "69123"),
    ("lyon 03", "69123"),
    ("75008 PARIS 08", "75056"),
    ("2a004 ajaccio", "2A004"),
    ("Die", "26113"),
    ("Eu", "76255"),
    ("Y", "80829"),
    ("Us", "95625"),
    ("la baule", "44055"),
    ("rochelle", "17300"),
    ("isle d'abeau", "38193"),
    ("l’isle d’abeau", "38193"),
    ("lisle dabeau", "38193"),
    ("chatillon en indre", "36045"),
    ("saintmarcellesvalence", "26313"),
    ("roman sur isere", "26281"),
    ("Livorn-sur-Drome", "26165"),
    ("livronn sur dromme", "26165"),
    ("Arbignieu", "01015"),
    ("clermont-ferrand", "63113"),
    ("saint denis la reunion", "97411"),
    ("st denis 974", "97411"),
    ("œuf en ternois", "62633"),
    ("oeuf en ternois", "62633"),
    ("l’hay les roses", "94038"),
    ("valence cedex 9", "26362"),
    ("21070 DIJON CEDEX BP 47032", "21231"),
    ("MARTIGUES BP 101", "13056"),
];

#[test]
fn what_people_type_gives_the_commune_first() {
    let wrong: Vec<_> =
        EXAMPLES.into_iter().filter(|(texte, code)| first(texte) != *code).map(|(texte, code)| (texte, code, first(texte))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn within_its_departement_the_commune_is_still_first() {
    let referentiel = Referentiel::get();
    for (texte, code) in EXAMPLES {
        let commune = referentiel.resolve_code(code).unwrap().commune;
        let found = search_within(texte, commune.departement.as_str());
        assert_eq!(found.first(), Some(&code), "{texte}");
    }
}

#[test]
fn a_shorter_commune_of_that_name_comes_first_but_not_in_the_perimeter_of_the_longer() {
    let codes: Vec<_> = search("Livron").iter().map(|found| found.commune.code.as_str()).collect();
    assert_eq!(codes[..2], ["64344", "26165"], "Livron is also a commune, near Pau");
    assert_eq!(search_within("Livron", "26")[0], "26165");
    assert_eq!(search_within("livr", "26")[0], "26165");
    assert_eq!(first("livr"), "93046", "Livry-Gargan is the biggest");
    assert_eq!(first("chateau renard"), "45083");
    assert_eq!(first("chateaurenard"), "13027");
}

#[test]
fn outside_the_perimeter_nothing_is_proposed() {
    for texte in ["livron sur drome", "26400", "26165", "Arbignieu", "paris 13"] {
        assert!(search_within(texte, "36").is_empty(), "{texte}");
    }
}

#[test]
fn a_postal_code_offers_all_its_communes() {
    let found = Referentiel::get().search_communes("26400", None, 50);
    assert_eq!(found.len(), 24);
    assert_eq!(&*found[0].commune.nom, "Crest");
    assert!(found.is_sorted_by(|a, b| a.commune.population >= b.commune.population));
    assert!(found.iter().all(|found| matches!(found.raison, Raison::CodePostal)));
}

#[test]
fn a_number_both_postal_and_insee_offers_the_postal_code_then_the_commune() {
    let found = search("26250");
    assert_eq!(&*found[0].commune.nom, "Livron-sur-Drôme");
    assert!(matches!(found[0].raison, Raison::CodePostal));
    assert_eq!(&*found[1].commune.nom, "Pont-de-l'Isère");
    assert!(matches!(found[1].raison, Raison::CodeInsee));
}

#[test]
fn the_beginning_of_a_code_offers_its_biggest_communes() {
    assert_eq!(first("36"), "36044");
    assert_eq!(first("2640"), "26108");
    assert_eq!(first("2a"), "2A004");
}

#[test]
fn a_postal_code_that_contradicts_the_name_shows_both() {
    let found = search("26250 crest");
    let codes: Vec<_> = found.iter().map(|found| found.commune.code.as_str()).collect();
    assert_eq!(codes[0], "26108");
    assert!(codes.contains(&"26165"), "{codes:?}");
}

#[test]
fn an_old_name_gives_the_commune_of_today_and_says_why() {
    let found = search("arbignieu");
    assert_eq!(&*found[0].commune.nom, "Arboys en Bugey");
    let Raison::AncienneCommune(ancienne) = found[0].raison else {
        panic!("{:?}", found[0].raison);
    };
    assert_eq!(ancienne.nature, NatureAncienne::CommuneDeleguee);
    assert_eq!(found[0].raison.to_string(), "Arbignieu, commune déléguée");
    assert!(matches!(search("arbignieux")[0].raison, Raison::AncienneCommune(_)));
    assert!(matches!(search("01003")[0].raison, Raison::AncienneCommune(_)));
}

#[test]
fn homonyms_are_told_apart_and_ranked_by_population() {
    let found = search("saint marcel");
    let exact: Vec<_> = found.iter().filter(|f| matches!(f.raison, Raison::Exact)).collect();
    assert!(exact.len() > 5);
    assert!(exact.is_sorted_by(|a, b| a.commune.population >= b.commune.population));
    assert!(exact.iter().all(|found| found.commune.nom_complet().contains(", ")));
}

#[test]
fn each_reason_is_said() {
    let raison = |texte| search(texte)[0].raison.to_string();
    assert_eq!(raison("die"), "nom exact");
    assert_eq!(raison("livr"), "début du nom");
    assert_eq!(raison("26250"), "code postal");
    assert_eq!(raison("36173"), "code commune");
    assert_eq!(raison("valence marcel"), "mots du nom");
    assert_eq!(raison("clremont ferrand"), "orthographe proche");
    assert_eq!(raison("75113"), "Paris 13e Arrondissement, arrondissement municipal");
}

#[test]
fn garbage_finds_nothing_quickly() {
    let long = "a".repeat(10_000);
    let long_words = "zq xw ".repeat(2_000);
    let start = std::time::Instant::now();
    for texte in [
        "",
        " ",
        "xyzzy",
        "🙂",
        "🏠🏠🏠",
        "<script>",
        "\0",
        "\u{301}\u{308}",
        "北京",
        "Москва",
        "'",
        "-/-",
        "///",
        "%%%",
        "{{7*7}}",
        "' OR 1=1 --",
        "00000",
        "99999",
        &long,
        &long_words,
    ] {
        assert!(search(texte).is_empty(), "{texte:?} {:?}", search(texte)[0]);
    }
    assert!(start.elapsed().as_millis() < 1_000);
}

#[test]
fn the_limit_is_kept() {
    for limite in [0, 1, 3] {
        let found = Referentiel::get().search_communes("saint", None, limite);
        assert_eq!(found.len(), limite);
    }
}

#[test]
fn decomposed_accents_and_odd_apostrophes_are_read() {
    assert_eq!(first("Livron-sur-Dro\u{302}me"), "26165");
    assert_eq!(first("L`Isle\u{a0}d\u{2019}Abeau"), "38193");
    assert_eq!(first("Saint\u{2011}Marcel\u{2013}lès\u{2014}Valence"), "26313");
}

proptest! {
    #[test]
    fn any_text_is_answered_within_the_perimeter(texte in "\\PC{0,40}|[a-z0-9 '/-]{0,30}|.{0,20}", modulo in 1_u16..9) {
        let covers = |rang: u16| rang.is_multiple_of(modulo);
        let found = Referentiel::get().search_communes(&texte, Some(&covers), 7);
        prop_assert!(found.len() <= 7);
        prop_assert!(found.iter().all(|found| covers(found.commune.rang)));
        prop_assert!(found.is_sorted_by(|a, b| a.score >= b.score));
        let mut rangs: Vec<_> = found.iter().map(|found| found.commune.rang).collect();
        rangs.sort_unstable();
        rangs.dedup();
        prop_assert_eq!(rangs.len(), found.len());
    }

    #[test]
    fn any_code_is_answered(texte in "[0-9abAB]{0,6}|.{0,6}") {
        let refuse = Referentiel::get().resolve_code(&texte).err();
        prop_assert!(refuse.is_none_or(|refuse| !refuse.to_string().is_empty()));
    }
}
