//! Duplicates: the real ones kept in the two files of trial, the ones that only look like it, and a hundred thousand records.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use kit::Id;
use territoire::{CodeInsee, Point, Referentiel};

use crate::Categorie;
use crate::doublons::{Candidat, Champ, Paire, SEUIL, find_categorie, find_paires, find_paires_of, group};

/// Real data is kept apart from the code: without it, these trials say so and pass.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/structures").join(name);
    let found = path.exists().then_some(path);
    if found.is_none() {
        eprintln!("not tried: {name} is not in ../shared/data/structures");
    }
    found
}

fn some(text: &str) -> Option<String> {
    kit::text::some(text)
}

/// A record of the trial files; its id there, or its name for those without.
fn read_candidats(path: &Path) -> Vec<(String, Candidat)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    rows.iter()
        .enumerate()
        .map(|(line, row)| {
            let cell = |name: &str| headers.iter().position(|one| one == name).and_then(|at| row.get(at)).unwrap_or_default();
            let id = if cell("id_source").is_empty() { cell("nom") } else { cell("id_source") };
            let typed = if cell("type") == "Mairie" { Categorie::Mairie } else { Categorie::Autre };
            let candidat = Candidat {
                id: Id::from_name(&format!("{}/{line}", path.display())),
                nom: cell("nom").into(),
                categorie: find_categorie(cell("type")).unwrap_or(match cell("type") {
                    "AI" => Categorie::AssociationIntermediaire,
                    "ACI" => Categorie::Aci,
                    _ => typed,
                }),
                siret: some(cell("siret")),
                telephone: some(cell("telephone")),
                courriel: None,
                site_web: None,
                adresse: some(cell("adresse")),
                commune: CodeInsee::parse(cell("code_insee")).ok(),
                point: cell("lat").parse().ok().zip(cell("lon").parse().ok()).and_then(|(lat, lon)| Point::new(lat, lon)),
                horaires: some(cell("horaires_osm")),
            };
            (format!("{id}|{}", cell("nom")), candidat)
        })
        .collect()
}

fn check(file: &str, expected: &[(&str, &str)]) {
    let Some(path) = shared(file) else { return };
    let named = read_candidats(&path);
    let candidats: Vec<Candidat> = named.iter().map(|(_, candidat)| candidat.clone()).collect();
    let name = |id: Id| named.iter().find(|(_, candidat)| candidat.id == id).map(|(name, _)| name.clone()).unwrap();
    let pair = |a: String, b: String| if a < b { (a, b) } else { (b, a) };
    let paires = find_paires(&candidats, SEUIL);
    let found: BTreeSet<_> = paires.iter().map(|paire| pair(name(paire.premier), name(paire.second))).collect();
    let expected: BTreeSet<_> = expected.iter().map(|(a, b)| pair((*a).into(), (*b).into())).collect();
    let missed: Vec<_> = expected.difference(&found).collect();
    let false_ones: Vec<_> = found.difference(&expected).collect();
    assert!(missed.is_empty() && false_ones.is_empty(), "{file}\nmissed: {missed:#?}\nfalse: {false_ones:#?}");
    // What is just under the threshold stays well apart from what is above.
    let lowest = paires.iter().map(|paire| paire.score).min().unwrap();
    let below = find_paires(&candidats, 1).into_iter().filter(|paire| paire.score < SEUIL).max_by_key(|paire| paire.score);
    let below = below.map(|paire| (paire.score, name(paire.premier), name(paire.second)));
    println!("{file}: {} pairs, the lowest at {lowest}, the next below: {below:?}", paires.len());
    assert!(below.is_none_or(|(score, ..)| score + 5 <= lowest));
}

/// Read line by line by a person: the same counter or town hall, told by two or three sources.
#[test]
fn the_real_duplicates_of_the_val_de_drome_are_found_and_no_others() {
    let livron = ["fs-157|France services Livron", "1089|EFS Livron sur Drôme", "24260025200140|FRANCE SERVICES LIVRON"];
    let expected = [
        (livron[0], livron[1]),
        (livron[0], livron[2]),
        (livron[1], livron[2]),
        ("fs-2137|France services Livron - Antenne de Loriol", "1090|EFS Loriol"),
        ("fs-1216|France services de la Gervanne et de la Sye", "24260025200140|MSAP BEAUFORT SUR GERVANNE"),
        // The same counter, telephone and hours: the association carries the France services of Saillans.
        ("fs-766|France services Saillans", "1103|Le Forum Saillans"),
        ("1103|Le Forum Saillans", "45263919800012|Le Forum"),
        ("1054|8 Fablab", "62f4a68aa97f6105b212e87d|8 FABLAB DROME"),
        ("21260165200010|Mairie de Livron sur Drome", "Mairie Livron-sur-Drôme|Mairie Livron-sur-Drôme"),
        ("634aa7ff49d35f06f2513038|COMMUNE DE LORIOL-SUR-DROME", "Mairie Loriol-sur-Drôme|Mairie Loriol-sur-Drôme"),
    ];
    check("jeu_val_de_drome.csv", &expected);
}

#[test]
fn the_real_duplicate_of_the_brenne_is_found_and_no_other() {
    check("jeu_brenne.csv", &[("fs-222|France services Brenne Box", "89|BRENNE BOX")]);
}

fn candidat(nom: &str, categorie: Categorie) -> Candidat {
    Candidat {
        id: Id::from_name(&format!("{nom}/{}", categorie.code())),
        nom: nom.into(),
        categorie,
        siret: None,
        telephone: Some("02 54 37 10 01".into()),
        courriel: None,
        site_web: None,
        adresse: Some("3 place de la Libération".into()),
        commune: CodeInsee::parse("36018").ok(),
        point: Point::new(46.63, 1.06),
        horaires: None,
    }
}

fn score(one: &Candidat, other: &Candidat) -> u8 {
    find_paires_of(one, std::slice::from_ref(other), 0).first().map_or(0, |paire| paire.score)
}

#[test]
fn one_siret_with_different_kinds_is_two_structures() {
    let with_siret = |nom: &str, categorie| Candidat { siret: Some("37875832000014".into()), ..candidat(nom, categorie) };
    let kinds = [Categorie::AssociationIntermediaire, Categorie::Aci, Categorie::EntrepriseInsertion, Categorie::Etti, Categorie::Ssiad];
    for (place, kind) in kinds.iter().enumerate() {
        for other in &kinds[place + 1..] {
            let found = score(&with_siret("Idées en Brenne", *kind), &with_siret("Idées en Brenne", *other));
            assert!(found < SEUIL, "{kind:?} {other:?}: {found}");
        }
    }
    assert!(score(&with_siret("Idées en Brenne", Categorie::Aci), &with_siret("IDEES EN BRENNE", Categorie::Association)) >= SEUIL);
}

#[test]
fn what_a_town_hall_shelters_is_not_the_town_hall() {
    let mairie = candidat("Mairie Le Blanc", Categorie::Mairie);
    for (nom, categorie) in [
        ("CCAS du Blanc", Categorie::Mairie),
        ("France services du Blanc", Categorie::FranceServices),
        ("Médiathèque du Blanc", Categorie::MediationNumerique),
        ("Agence postale du Blanc", Categorie::Autre),
        ("Club informatique", Categorie::Association),
    ] {
        assert!(score(&mairie, &candidat(nom, categorie)) < SEUIL, "{nom}");
    }
    for nom in ["COMMUNE DU BLANC", "Ville du Blanc"] {
        assert!(score(&mairie, &candidat(nom, Categorie::Autre)) >= SEUIL, "{nom}");
    }
    assert!(score(&mairie, &candidat("MAIRIE LE BLANC", Categorie::Autre)) >= SEUIL);
}

#[test]
fn two_neighbours_with_one_telephone_and_other_names_are_two() {
    let found =
        score(&candidat("Centre équestre des Étangs", Categorie::Association), &candidat("Les Amis du livre", Categorie::Association));
    assert!(found < SEUIL, "{found}");
}

#[test]
fn a_score_is_the_sum_of_points_that_have_a_sentence() {
    let one = candidat("Les Ateliers de la Brenne", Categorie::Association);
    let other = Candidat {
        telephone: None,
        adresse: Some("3 PL LIBERATION 36300 LE BLANC".into()),
        ..candidat("ATELIERS BRENE", Categorie::Autre)
    };
    let paires = find_paires(&[one, other], SEUIL);
    let [Paire { score, indices, .. }] = paires.as_slice() else { panic!("{paires:?}") };
    assert_eq!(i16::from(*score), indices.iter().map(|indice| indice.points).sum::<i16>());
    assert_eq!(
        indices.iter().map(|indice| (indice.champ, indice.points)).collect::<Vec<_>>(),
        [(Champ::Nom, 30), (Champ::Adresse, 20), (Champ::Distance, 5)]
    );
    assert!(indices.iter().all(|indice| indice.phrase.ends_with('.') && indice.points <= indice.champ.maximum()));
    let all = [Champ::Nom, Champ::Nature, Champ::Adresse, Champ::Telephone, Champ::Identifiants, Champ::Distance, Champ::Horaires];
    assert_eq!(all.iter().map(|champ| champ.maximum()).sum::<i16>(), 100);
}

#[test]
fn three_records_of_one_structure_are_one_group() {
    let id = |name: &str| Id::from_name(name);
    let pair = |a: &str, b: &str| Paire { premier: id(a), second: id(b), score: 50, indices: vec![] };
    let groups = group(&[pair("a", "b"), pair("x", "y"), pair("b", "c"), pair("c", "a")]);
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2]);
}

/// One structure in each commune and trade, one in a hundred told twice.
fn generate(count: usize) -> Vec<Candidat> {
    const TRADES: [&str; 5] = ["Les Services du", "ADMR", "Entraide", "Multi-services Dupré", "EHPAD Les Tilleuls"];
    let communes = Referentiel::get().communes();
    let mut made: Vec<Candidat> = vec![];
    for rang in 0..count {
        if rang % 100 == 99 {
            let twin = made[rang - 50].clone();
            made.push(Candidat { id: Id::from_name(&format!("{rang}")), nom: twin.nom.to_uppercase(), courriel: None, ..twin });
            continue;
        }
        let commune = &communes[(rang * 7) % communes.len()];
        made.push(Candidat {
            id: Id::from_name(&format!("{rang}")),
            nom: format!("{} {}", TRADES[rang % TRADES.len()], commune.nom),
            categorie: if rang % TRADES.len() == 1 { Categorie::Admr } else { Categorie::Association },
            siret: Some(format!("{:014}", rang * 31)),
            telephone: Some(format!("02 {:02} {:02} {:02} {:02}", rang / 10_000 % 100, rang / 100 % 100, rang % 100, rang / 1_000_000)),
            courriel: Some(format!("contact{rang}@example.org")),
            site_web: None,
            adresse: Some(format!("{} rue de la République", rang % 60 + 1)),
            commune: Some(commune.code),
            point: commune.point,
            horaires: Some("Mo-Fr 09:00-12:00".into()),
        });
    }
    made
}

#[test]
fn a_hundred_thousand_records_are_compared_in_less_than_a_minute() {
    let candidats = generate(100_000);
    let started = Instant::now();
    let paires = find_paires(&candidats, SEUIL);
    println!("100 000 records: {} pairs in {:?}", paires.len(), started.elapsed());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    assert!(paires.len() >= 1_000 && paires.len() < 2_000, "{}", paires.len());
}

#[test]
fn records_that_all_share_one_key_do_not_make_it_quadratic() {
    let mut candidats = generate(20_000);
    candidats.iter_mut().for_each(|one| (one.telephone, one.commune) = (Some("02 54 00 00 01".into()), CodeInsee::parse("75056").ok()));
    let started = Instant::now();
    find_paires(&candidats, SEUIL);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
