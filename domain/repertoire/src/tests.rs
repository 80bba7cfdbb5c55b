//! The book from values, and its PDF.

use std::collections::BTreeSet;

use kit::Id;
use territoire::CodeInsee;

use crate::model::{Notice, Prestation, Rubrique};
use crate::rules::ecarts::compare;
use crate::rules::livre::{Zone, compose};

const ROSNAY: &str = "36173";
const LE_BLANC: &str = "36018";

fn zone(codes: &[&str]) -> Zone {
    let national = territoire::Referentiel::get();
    Zone {
        bassin: Some("du Blanc".into()),
        is_reste: false,
        communes: codes.iter().map(|code| national.resolve_code(code).unwrap().commune).collect(),
    }
}

pub(crate) fn prestation(nom: &str, besoins: &[&str], communes: &[&str]) -> Prestation {
    Prestation {
        service: Id::from_name(&format!("{nom} {besoins:?} {communes:?}")),
        nom: nom.into(),
        texte: Some("Nous venons chez vous.".into()),
        besoins: besoins.iter().map(|one| one.to_string()).collect(),
        maniere: "à domicile".into(),
        prix: None,
        telephone: None,
        adresse: Some("3 rue des Lilas, Le Blanc".into()),
        horaires: None,
        communes: communes.iter().map(|code| CodeInsee::parse(code).unwrap()).collect::<BTreeSet<_>>(),
    }
}

pub(crate) fn notice(nom: &str, prestations: Vec<Prestation>) -> Notice {
    Notice {
        is_personne: false,
        structure: Id::from_name(nom),
        nom: nom.into(),
        nature: "association".into(),
        telephone: Some("02 54 28 12 12".into()),
        courriel: None,
        site_web: None,
        prestations,
    }
}

pub(crate) fn rubrique(titre: &str, besoins: &[&str]) -> Rubrique {
    Rubrique { titre: titre.into(), phrase: String::new(), besoins: besoins.iter().map(|one| one.to_string()).collect() }
}

#[test]
fn a_structure_stands_under_each_part_that_it_serves_and_nowhere_else() {
    let zone = zone(&[LE_BLANC, ROSNAY]);
    let notices = [
        notice("Zèbre", vec![prestation("Ménage", &["menage"], &[ROSNAY]), prestation("Repas", &["portage-repas"], &[ROSNAY, LE_BLANC])]),
        notice("Élan", vec![prestation("Garde", &["garde-enfants"], &["75056"])]),
        notice("abeille", vec![prestation("Ménage", &["menage"], &[ROSNAY, LE_BLANC])]),
    ];
    let rubriques = [rubrique("Quotidien", &["vie-quotidienne"]), rubrique("Enfants", &["enfance"]), rubrique("Repas", &["portage-repas"])];
    let livre = compose(&rubriques, &notices, &zone);
    let told: Vec<(String, Vec<String>)> =
        livre.rubriques.iter().map(|one| (one.titre.clone(), one.entrees.iter().map(|entree| entree.nom.clone()).collect())).collect();
    assert_eq!(told, [("Quotidien".into(), vec!["abeille".into(), "Zèbre".into()]), ("Repas".into(), vec!["Zèbre".into()])]);
    // Its two services do not reach the same communes: each says its own.
    let zebre = &livre.rubriques[0].entrees[1];
    assert_eq!(zebre.communes, None);
    let said: Vec<Option<&str>> = zebre.prestations.iter().map(|one| one.communes.as_deref()).collect();
    assert_eq!(said, [Some("Rosnay"), Some("tout le bassin")]);
    assert_eq!(livre.rubriques[1].entrees[0].communes.as_deref(), Some("tout le bassin"));
}

#[test]
fn indexes_lead_to_every_entry_and_what_serves_everywhere_is_told_once() {
    let zone = zone(&[LE_BLANC, ROSNAY]);
    let notices = [
        notice("Partout", vec![prestation("Ménage", &["menage"], &[ROSNAY, LE_BLANC])]),
        notice("Ici", vec![prestation("Ménage", &["menage"], &[ROSNAY]), prestation("Repas", &["portage-repas"], &[ROSNAY])]),
    ];
    let livre = compose(&[rubrique("A", &["menage"]), rubrique("B", &["portage-repas"])], &notices, &zone);
    let names = |renvois: &[crate::rules::livre::Renvoi]| renvois.iter().map(|one| (one.nom.clone(), one.cles.len())).collect::<Vec<_>>();
    assert_eq!(names(&livre.structures), [("Ici".to_string(), 2), ("Partout".to_string(), 1)]);
    assert_eq!(names(&livre.partout), [("Partout".to_string(), 1)]);
    let rosnay = livre.communes.iter().find(|one| one.nom == "Rosnay").unwrap();
    assert_eq!(
        rosnay.rubriques.iter().map(|(rang, renvois)| (*rang, names(renvois))).collect::<Vec<_>>(),
        [(0, vec![("Ici".to_string(), 1)]), (1, vec![("Ici".to_string(), 1)])]
    );
    assert!(livre.communes.iter().find(|one| one.nom == "Le Blanc").unwrap().rubriques.is_empty());
    let entries: BTreeSet<&str> = livre.rubriques.iter().flat_map(|one| &one.entrees).map(|entree| entree.cle.as_str()).collect();
    assert!(livre.structures.iter().flat_map(|one| &one.cles).all(|cle| entries.contains(cle.as_str())));
}

#[test]
fn two_structures_of_one_name_are_two_lines_of_an_index() {
    let one = notice("ADMR", vec![prestation("Ménage", &["menage"], &[ROSNAY])]);
    let other = Notice { structure: kit::Id::from_name("autre ADMR"), ..one.clone() };
    let livre = compose(&[rubrique("A", &["menage"])], &[one, other], &zone(&[LE_BLANC, ROSNAY]));
    assert_eq!(livre.structures.iter().map(|one| (one.nom.as_str(), one.cles.len())).collect::<Vec<_>>(), [("ADMR", 1), ("ADMR", 1)]);
}

#[test]
fn an_entry_keeps_to_a_page_whatever_a_structure_does() {
    let many = (0..40).map(|rang| prestation(&format!("Service {rang}"), &["menage"], &[ROSNAY])).collect();
    let livre = compose(&[rubrique("A", &["menage"])], &[notice("Grande", many)], &zone(&[ROSNAY]));
    let entree = &livre.rubriques[0].entrees[0];
    assert_eq!(entree.prestations.len(), 5);
    assert_eq!(entree.prestations.iter().filter(|one| one.texte.is_some()).count(), 1, "the same words are told once");
    assert!(entree.autres.as_ref().is_some_and(|autres| autres.starts_with("Service 5") && autres.chars().count() <= 301));
    assert_eq!(entree.lieux.len(), 1);
}

#[test]
fn a_poster_keeps_to_one_page_and_every_part_keeps_a_line() {
    let zone = zone(&[LE_BLANC, ROSNAY]);
    let many = (0..200).map(|rang| notice(&format!("S{rang}"), vec![prestation("Ménage", &["menage"], &[ROSNAY])]));
    let notices: Vec<Notice> = many.chain([notice("Repas d’ici", vec![prestation("Repas", &["portage-repas"], &[ROSNAY])])]).collect();
    let livre = compose(&[rubrique("A", &["menage"]), rubrique("B", &["portage-repas"])], &notices, &zone);
    let rang = zone.communes.iter().position(|commune| &*commune.nom == "Rosnay").unwrap();
    let (rubriques, corps) = crate::affiche::choose(&livre, rang);
    assert_eq!(rubriques.iter().map(|one| one.lignes.len() + one.omises).collect::<Vec<_>>(), [200, 1]);
    assert_eq!((rubriques[1].lignes.len(), corps), (1, 9.0));
    assert!(rubriques.iter().map(|one| one.lignes.len()).sum::<usize>() < 112);
    assert_eq!(crate::affiche::choose(&livre, 1 - rang), (vec![], 14.0), "nobody comes to the other");
}

#[test]
fn a_poster_of_as_many_parts_as_there_can_be_keeps_to_one_page() {
    let zone = zone(&[LE_BLANC, ROSNAY]);
    let long = "Association intercommunale d’aide à domicile en milieu rural de la Brenne et du Val".to_string();
    let notices: Vec<Notice> =
        (0..9).map(|rang| notice(&format!("{long} {rang}"), vec![prestation("Ménage", &["menage"], &[ROSNAY])])).collect();
    let rubriques: Vec<_> = (0..26).map(|rang| rubrique(&format!("Partie {rang}"), &["menage"])).collect();
    let rang = zone.communes.iter().position(|commune| &*commune.nom == "Rosnay").unwrap();
    let (shown, corps) = crate::affiche::choose(&compose(&rubriques, &notices, &zone), rang);
    let is_one_line = |one: &crate::affiche::RubriqueAffichee| one.lignes.len() == 1 && one.lignes[0].0.chars().count() <= 25;
    assert!(shown.len() == 26 && shown.iter().all(is_one_line) && corps == 9.0, "{shown:?}");
}

#[test]
fn an_edition_without_an_entry_is_an_empty_book() {
    let livre = compose(&[rubrique("A", &["menage"]), rubrique("B", &["rien-de-tel"])], &[], &zone(&[ROSNAY]));
    assert!(livre.rubriques.is_empty() && livre.structures.is_empty() && livre.partout.is_empty());
}

#[test]
fn what_changed_between_two_editions_is_named() {
    let kept = notice("Gardée", vec![prestation("Ménage", &["menage"], &[ROSNAY])]);
    let gone = notice("Partie", vec![prestation("Ménage", &["menage"], &[ROSNAY])]);
    let mut changed = kept.clone();
    changed.telephone = None;
    changed.prestations[0].prix = Some("20 €".into());
    let new = notice("Nouvelle", vec![prestation("Ménage", &["menage"], &[ROSNAY])]);
    let ecarts = compare(&[kept.clone(), gone], &[new, changed]);
    assert_eq!((ecarts.nouvelles, ecarts.parties), (vec!["Nouvelle".to_string()], vec!["Partie".to_string()]));
    assert_eq!(ecarts.changees[0].champs, ["le téléphone (aucun, c’était 02 54 28 12 12)", "le prix de « Ménage »"]);
    let same = std::slice::from_ref(&kept);
    assert!(compare(same, same).changees.is_empty());
}
