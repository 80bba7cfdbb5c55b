//! Who is proposed, in which order, and why.

use annuaire::aiguillage::{Aiguillage, Inscription};
use annuaire::besoin::Taxonomie;
use annuaire::{Creneau, Disponibilite, Intervention, Mode};

use super::monde::*;
use crate::model::Contraintes;
use crate::rules::elargissement::{MotifSansSolution, Nature};
use crate::rules::orientation::{Recherche, Reponse, orient};
use crate::rules::raison::list_raisons;

fn besoin(code: &str) -> u8 {
    Taxonomie::get().find(code).unwrap().rang
}

fn ask_with(aiguillage: &Aiguillage, lieu: &str, besoins: &[&str], contraintes: &Contraintes, tour: u64) -> Reponse {
    let besoins: Vec<u8> = besoins.iter().map(|code| besoin(code)).collect();
    orient(aiguillage, &Recherche { commune: commune(lieu), besoins: &besoins, contraintes, wall: noon(), tour }, 10)
}

fn ask(aiguillage: &Aiguillage, lieu: &str, besoin: &str) -> Reponse {
    ask_with(aiguillage, lieu, &[besoin], &Contraintes::default(), 0)
}

fn noms(aiguillage: &Aiguillage, reponse: &Reponse) -> Vec<String> {
    reponse.propositions.iter().map(|one| aiguillage.structure(one.structure).unwrap().nom.to_string()).collect()
}

fn order(inscriptions: &[Inscription], lieu: &str, besoin: &str) -> Vec<String> {
    let aiguillage = aiguillage(inscriptions);
    noms(&aiguillage, &ask(&aiguillage, lieu, besoin))
}

#[test]
fn a_structure_that_does_not_serve_the_commune_is_not_proposed_however_near() {
    let near = at(inscription("Proche", "menage", &format!("commune:{LORIOL}")), LIVRON);
    let far = at(inscription("Lointaine", "menage", "departement:26"), "26113");
    assert_eq!(order(&[near, far], LIVRON, "menage"), ["Lointaine"]);
}

#[test]
fn every_kind_of_coverage_is_read() {
    for couverture in
        ["commune:26165", "epci:242600252", "departement:26", "france", "rayon:5", "rayon:5@26166", "26165", "242600252", "26"]
    {
        assert_eq!(order(&[inscription("A", "menage", couverture)], LIVRON, "menage"), ["A"], "{couverture}");
    }
}

#[test]
fn exceptions_go_both_ways() {
    let without = format!("epci:242600252 sauf commune:{LIVRON}");
    assert!(order(&[inscription("A", "menage", &without)], LIVRON, "menage").is_empty());
    assert_eq!(order(&[inscription("A", "menage", &without)], LORIOL, "menage"), ["A"]);
    let with_one_back = format!("commune:{LIVRON} sauf epci:242600252");
    assert_eq!(order(&[inscription("A", "menage", &with_one_back)], LIVRON, "menage"), ["A"]);
}

#[test]
fn an_exact_need_comes_before_a_near_one() {
    let near = inscription("Voisin", "gros-nettoyage", "departement:26");
    let exact = at(inscription("Exact", "menage", "departement:26"), "26113");
    assert!(Taxonomie::get().find("menage").unwrap().proches.contains(&besoin("gros-nettoyage")), "the test needs near needs");
    assert_eq!(order(&[near, exact], LIVRON, "menage"), ["Exact", "Voisin"]);
}

#[test]
fn who_can_take_somebody_comes_first_then_who_is_open_then_who_is_near() {
    let full = with_disponibilite(inscription("Complet", "menage", "departement:26"), Disponibilite::Complet);
    let waiting = with_disponibilite(inscription("Attente", "menage", "departement:26"), Disponibilite::ListeAttente);
    let closed = with_horaires(inscription("Fermé", "menage", "departement:26"), "Mo 09:00-12:00");
    let open_far = at(with_horaires(inscription("Ouvert loin", "menage", "departement:26"), "Tu 09:00-17:00"), "26113");
    let open_near = with_horaires(inscription("Ouvert près", "menage", "departement:26"), "Tu 09:00-17:00");
    assert_eq!(
        order(&[full, waiting, closed, open_far, open_near], LIVRON, "menage"),
        ["Ouvert près", "Ouvert loin", "Fermé", "Attente", "Complet"]
    );
}

#[test]
fn distance_ranks_by_bands_at_their_limits() {
    let near = at(inscription("Loriol", "menage", "departement:26"), LORIOL);
    let here = inscription("Livron", "menage", "departement:26");
    let far = at(inscription("Die", "menage", "departement:26"), "26113");
    assert_eq!(order(&[far, near, here], LIVRON, "menage"), ["Livron", "Loriol", "Die"]);
}

#[test]
fn a_structure_is_proposed_once_however_many_services_it_has() {
    let mut second = inscription("A", "menage", "departement:26");
    second.service.id = kit::Id::from_name("another");
    assert_eq!(order(&[inscription("A", "menage", "departement:26"), second], LIVRON, "menage"), ["A"]);
}

#[test]
fn who_answers_several_of_the_needs_comes_first() {
    let mut both = at(inscription("Les deux", "menage", "departement:26"), "26113");
    both.service.besoins.push("jardinage".into());
    let aiguillage = aiguillage(&[inscription("Un", "menage", "departement:26"), both]);
    let reponse = ask_with(&aiguillage, LIVRON, &["menage", "jardinage"], &Contraintes::default(), 0);
    assert_eq!(noms(&aiguillage, &reponse), ["Les deux", "Un"]);
}

#[test]
fn a_family_is_answered_by_all_its_needs_and_answers_them_all() {
    assert_eq!(order(&[inscription("A", "menage", "france")], LIVRON, "vie-quotidienne"), ["A"]);
    assert_eq!(order(&[inscription("A", "vie-quotidienne", "france")], LIVRON, "menage"), ["A"]);
}

#[test]
fn constraints_keep_only_who_meets_them() {
    let evening = with_creneau(inscription("Soir", "menage", "france"), Creneau::Soir);
    let prestataire = with_intervention(inscription("Prestataire", "menage", "france"), Intervention::Prestataire);
    let remote = with_mode(inscription("À distance", "menage", "france"), Mode::ADistance);
    let aiguillage = aiguillage(&[evening, prestataire, remote]);
    for (codes, kept) in [("soir", "Soir"), ("prestataire", "Prestataire"), ("a_distance", "À distance")] {
        let reponse = ask_with(&aiguillage, LIVRON, &["menage"], &Contraintes::from_codes([codes]), 0);
        assert_eq!(noms(&aiguillage, &reponse), [kept]);
    }
}

#[test]
fn nothing_found_is_said_and_widened_under_its_own_name() {
    let near_need = inscription("Besoin proche", "gros-nettoyage", &format!("commune:{LIVRON}"));
    let neighbour = inscription("Voisine", "menage", &format!("commune:{LORIOL}"));
    let aiguillage = aiguillage(&[near_need, neighbour]);
    let reponse = ask(&aiguillage, LIVRON, "menage");
    assert!(reponse.propositions.is_empty());
    let sans_solution = reponse.sans_solution.unwrap();
    assert_eq!(sans_solution.motif, MotifSansSolution::AucunService);
    let natures: Vec<Nature> = sans_solution.elargissements.iter().map(|one| one.nature).collect();
    assert_eq!(natures, [Nature::BesoinProche, Nature::CommuneVoisine]);
}

#[test]
fn an_impossible_condition_is_told_apart_from_a_missing_service() {
    let aiguillage = aiguillage(&[inscription("A", "menage", "france")]);
    let reponse = ask_with(&aiguillage, LIVRON, &["menage"], &Contraintes::from_codes(["nuit"]), 0);
    let sans_solution = reponse.sans_solution.unwrap();
    assert_eq!(sans_solution.motif, MotifSansSolution::Contraintes);
    assert_eq!(sans_solution.elargissements[0].nature, Nature::ContrainteLevee);
}

#[test]
fn over_ten_thousand_demandes_equal_structures_come_first_as_often_within_two_percent() {
    for equals in [2, 3, 7] {
        let names: Vec<String> = (0..equals).map(|rang| format!("Égale {rang}")).collect();
        let aiguillage = aiguillage(&names.iter().map(|nom| inscription(nom, "menage", "france")).collect::<Vec<_>>());
        let mut first = vec![0_i32; equals];
        for tour in 0..10_000 {
            let reponse = ask_with(&aiguillage, LIVRON, &["menage"], &Contraintes::default(), tour);
            first[reponse.propositions[0].structure as usize] += 1;
        }
        let (least, most) = (first.iter().min().unwrap(), first.iter().max().unwrap());
        assert!(f64::from(most - least) < 0.02 * f64::from(*least), "{first:?}");
    }
}

#[test]
fn the_same_demande_is_answered_in_the_same_order() {
    let services: Vec<Inscription> = (0..20).map(|rang| inscription(&format!("S{rang}"), "menage", "france")).collect();
    let mut backwards = services.clone();
    backwards.reverse();
    let (one, other) = (aiguillage(&services), aiguillage(&backwards));
    for tour in 0..20 {
        let contraintes = Contraintes::default();
        let first = ask_with(&one, LIVRON, &["menage"], &contraintes, tour);
        assert_eq!(first, ask_with(&one, LIVRON, &["menage"], &contraintes, tour));
        assert_eq!(
            noms(&one, &first),
            noms(&other, &ask_with(&other, LIVRON, &["menage"], &contraintes, tour)),
            "whatever the order of reading"
        );
    }
}

#[test]
fn every_proposal_says_why_it_is_there() {
    let open = with_horaires(with_disponibilite(inscription("A", "menage", "france"), Disponibilite::Ouvert), "Tu 09:00-17:00");
    let aiguillage = aiguillage(&[open, inscription("B", "menage", "france")]);
    let contraintes = Contraintes::default();
    let besoins = [besoin("menage")];
    let recherche = Recherche { commune: commune(LIVRON), besoins: &besoins, contraintes: &contraintes, wall: noon(), tour: 0 };
    let reponse = orient(&aiguillage, &recherche, 10);
    let said: Vec<String> = list_raisons(&reponse.propositions[0], &recherche, false).map(|raison| raison.to_string()).collect();
    assert_eq!(
        said,
        [
            "Dessert Livron-sur-Drôme",
            "Répond à : Ménage et repassage",
            "À moins d’un kilomètre",
            "Ouvert en ce moment, jusqu’à 17\u{a0}h",
            "Places disponibles"
        ]
    );
}
