//! The demo's files are imports like any other: they verify whole, and hold the situations the demo must show.

#![allow(clippy::expect_used, reason = "a file that cannot be read is a failed test")]

use std::collections::BTreeSet;

use annuaire::aiguillage::{Aiguillage, Batisseur};
use annuaire::besoin::Taxonomie;
use annuaire::import::{self, Verification};
use annuaire::{Categorie, Disponibilite, Mode};
use kit::Id;
use territoire::{Bassin, CodeInsee, Commune, Couleurs, LigneUnique, Referentiel, Territoire};

const TERRITOIRES: &str = include_str!("../../../donnees/demo/territoires.csv");
const BASSINS: &str = include_str!("../../../donnees/demo/bassins.csv");
const BRENNE: &[u8] = include_bytes!("../../../donnees/demo/brenne.csv");
const VAL_DE_DROME: &[u8] = include_bytes!("../../../donnees/demo/val-de-drome.csv");

#[test]
fn the_demo_files_verify_without_a_single_remark() {
    for (slug, contenu, lignes, structures) in [("brenne", BRENNE, 121, 90), ("val-de-drome", VAL_DE_DROME, 91, 62)] {
        let rapport = verify(slug, contenu).rapport;
        assert_eq!(rapport.problemes, vec![], "{slug}");
        assert_eq!((rapport.lignes, rapport.structures), (lignes, structures), "{slug}");
    }
}

#[test]
fn each_territoire_is_acceptable_and_each_commune_has_one_bassin() {
    for (slug, communes) in [("brenne", 56), ("val-de-drome", 29)] {
        let territoire = read_territoire(slug);
        assert_eq!(territoire.check(), Ok(()), "{slug}");
        assert_eq!((territoire.communes.len(), territoire.bassins.len()), (communes, 4), "{slug}");
        let grouped: usize = territoire.bassins.iter().map(|bassin| bassin.communes.len()).sum();
        assert_eq!(grouped, communes, "{slug}");
        assert!(territoire.communes.iter().all(|rang| territoire.find_bassin(*rang).is_some()), "{slug}");
        let ligne = territoire.ligne;
        assert!(ligne.telephone.is_some_and(|telephone| kit::telephone::read(&telephone) == Ok(telephone.clone())), "{slug}");
        assert!(ligne.horaires.is_some_and(|horaires| annuaire::rules::horaires::check(&horaires).is_ok()), "{slug}");
    }
}

#[test]
fn all_that_is_not_a_mairie_is_an_example_and_says_so() {
    for (slug, contenu) in [("brenne", BRENNE), ("val-de-drome", VAL_DE_DROME)] {
        for inscription in verify(slug, contenu).inscriptions {
            let structure = inscription.structure;
            assert_eq!(structure.exemple, structure.categorie != Categorie::Mairie, "{}", structure.nom);
            assert_eq!(structure.exemple, structure.nom.ends_with("(exemple)"), "{}", structure.nom);
        }
    }
}

#[test]
fn several_structures_bring_meals_to_rosnay() {
    let aiguillage = build("brenne", BRENNE);
    let names = list_structures(&aiguillage, find_commune("36173"), "portage-repas");
    let expected = [
        "ADMR des Étangs (exemple)",
        "CCAS de la Ville-Haute (exemple)",
        "CIAS Cœur d’Étangs (exemple)",
        "Les Plateaux de la Creuse (exemple)",
    ];
    assert_eq!(names, expected.into_iter().collect());
}

#[test]
fn nobody_keeps_watch_at_night_in_brenne() {
    let aiguillage = build("brenne", BRENNE);
    for rang in &read_territoire("brenne").communes {
        assert_eq!(list_structures(&aiguillage, commune_at(*rang), "garde-nuit").len(), 0);
    }
}

#[test]
fn meals_are_brought_everywhere_in_val_de_drome_but_one_bassin() {
    let aiguillage = build("val-de-drome", VAL_DE_DROME);
    for bassin in read_territoire("val-de-drome").bassins {
        for rang in bassin.communes {
            let commune = commune_at(rang);
            let is_served = !list_structures(&aiguillage, commune, "portage-repas").is_empty();
            assert_eq!(is_served, bassin.code != "gervanne", "{}", commune.nom);
        }
    }
}

#[test]
fn every_way_of_serving_is_shown_in_each_territoire() {
    for (slug, contenu) in [("brenne", BRENNE), ("val-de-drome", VAL_DE_DROME)] {
        let inscriptions = verify(slug, contenu).inscriptions;
        let services = || inscriptions.iter().map(|inscription| &inscription.service);
        let written: BTreeSet<String> = services().map(|service| service.couverture.to_string()).collect();
        for nature in ["commune:", "epci:", "bassin:", "departement:", "rayon:", "france", "sauf "] {
            assert!(written.iter().any(|couverture| couverture.contains(nature)), "{slug} {nature}");
        }
        let modes: BTreeSet<&str> = services().map(|service| service.mode.code()).collect();
        assert_eq!(modes.len(), Mode::ALL.len(), "{slug}");
        for state in [Disponibilite::Ouvert, Disponibilite::ListeAttente, Disponibilite::Complet] {
            assert!(services().any(|service| service.disponibilite == state), "{slug} {}", state.code());
        }
        let longest = inscriptions.iter().map(|inscription| inscription.structure.nom.chars().filter(|c| c.is_alphabetic()).count()).max();
        assert!(longest >= Some(60), "{slug} {longest:?}");
        assert!(inscriptions.iter().any(|inscription| inscription.structure.nom.contains("<b>")), "{slug}");
        assert!(inscriptions.iter().any(|inscription| inscription.structure.nom.contains('\'')), "{slug}");
    }
}

fn verify(slug: &str, contenu: &[u8]) -> Verification {
    import::verify(contenu, slug, &read_territoire(slug), &|_, _| {})
}

fn build(slug: &str, contenu: &[u8]) -> Aiguillage {
    let territoire = read_territoire(slug);
    let mut batisseur = Batisseur::new(&territoire, 1);
    for inscription in &verify(slug, contenu).inscriptions {
        batisseur.add(inscription);
    }
    batisseur.finish()
}

fn list_structures<'a>(aiguillage: &'a Aiguillage, commune: &Commune, besoin: &str) -> BTreeSet<&'a str> {
    let besoin = Taxonomie::get().find(besoin).expect("the need is in the taxonomy").rang;
    let found = aiguillage.list_desservants(commune, besoin).into_iter().filter_map(|service| aiguillage.structure(service.structure));
    found.map(|structure| &*structure.nom).collect()
}

fn find_commune(code: &str) -> &'static Commune {
    Referentiel::get().find_commune(CodeInsee::parse(code).expect("a code")).expect("a commune")
}

fn commune_at(rang: u16) -> &'static Commune {
    Referentiel::get().commune(rang).expect("a commune")
}

fn read_territoire(slug: &str) -> Territoire {
    let row = rows(TERRITOIRES).into_iter().find(|row| row[0] == slug).expect("the territoire is in the file");
    let mut communes: Vec<u16> =
        row[6].split('|').flat_map(|epci| Referentiel::get().find_epci(epci).expect("an EPCI").communes.clone()).collect();
    communes.sort_unstable();
    Territoire {
        id: Id::from_name(slug),
        slug: slug.into(),
        nom: row[1].clone(),
        couleurs: Couleurs { principale: row[2].clone(), accent: row[3].clone() },
        ligne: LigneUnique { telephone: Some(row[4].clone()), horaires: Some(row[5].clone()), ..LigneUnique::default() },
        communes,
        bassins: read_bassins(slug),
        logo: None,
        fermeture: None,
    }
}

fn read_bassins(slug: &str) -> Vec<Bassin> {
    let mut bassins: Vec<Bassin> = vec![];
    for row in rows(BASSINS).into_iter().filter(|row| row[0] == slug) {
        let rang = find_commune(&row[3]).rang;
        match bassins.iter_mut().find(|bassin| bassin.code == row[1]) {
            Some(bassin) => bassin.communes.push(rang),
            None => bassins.push(Bassin { code: row[1].clone(), nom: row[2].clone(), communes: vec![rang] }),
        }
    }
    bassins.iter_mut().for_each(|bassin| bassin.communes.sort_unstable());
    bassins
}

fn rows(texte: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(texte.as_bytes());
    reader.records().map(|record| record.expect("a line").iter().map(str::to_string).collect()).collect()
}
