//! What holds whatever the annuaire: coverage first, a total and stable order.

use std::collections::HashSet;

use annuaire::aiguillage::Inscription;
use annuaire::besoin::Taxonomie;
use annuaire::rules::couverture::{Couverture, resolve};
use annuaire::{Creneau, Disponibilite, Mode};
use proptest::prelude::*;
use territoire::Referentiel;

use super::monde::*;
use crate::model::Contraintes;
use crate::rules::orientation::{Recherche, orient};

const BESOINS: [&str; 4] = ["menage", "gros-nettoyage", "jardinage", "portage-repas"];

fn any_part() -> impl Strategy<Value = String> {
    let communes = territoire().communes;
    let one = move |index: prop::sample::Index| Referentiel::get().commune(communes[index.index(communes.len())]).unwrap().code.to_string();
    prop_oneof![
        any::<prop::sample::Index>().prop_map(move |index| format!("commune:{}", one(index))),
        Just("epci:242600252".to_string()),
        Just("departement:26".to_string()),
        Just("france".to_string()),
        (1_u32..40).prop_map(|km| format!("rayon:{km}")),
    ]
}

prop_compose! {
    fn any_inscription()(
        nom in 0_u32..12,
        besoin in prop::sample::select(&BESOINS[..]),
        included in prop::collection::vec(any_part(), 1..3),
        excepted in prop::collection::vec(any_part(), 0..2),
        mode in prop::sample::select(Mode::ALL),
        disponibilite in prop::sample::select(Disponibilite::ALL),
        creneau in prop::option::of(prop::sample::select(Creneau::ALL)),
    ) -> Option<Inscription> {
        let exceptions: Vec<String> = excepted.iter().map(|part| format!("sauf {part}")).collect();
        let couverture = format!("{} {}", included.join(" "), exceptions.join(" "));
        couverture.parse::<Couverture>().ok()?;
        let mut one = with_disponibilite(with_mode(inscription(&format!("S{nom}"), besoin, &couverture), mode), disponibilite);
        one.service.creneaux.extend(creneau);
        // Two services that differ are two, as in an annuaire.
        one.service.id = kit::Id::from_name(&format!("{nom}/{besoin}/{couverture}/{:?}", one.service.creneaux));
        Some(one)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_proposal_ever_lacks_coverage_and_nobody_who_covers_is_forgotten(
        services in prop::collection::vec(any_inscription(), 0..30),
        place in any::<prop::sample::Index>(),
        besoin in prop::sample::select(&BESOINS[..]),
        tour in any::<u64>(),
        evening in any::<bool>(),
    ) {
        let services: Vec<Inscription> = services.into_iter().flatten().collect();
        let aiguillage = aiguillage(&services);
        let national = Referentiel::get();
        let communes = territoire().communes;
        let commune = national.commune(communes[place.index(communes.len())]).unwrap();
        let rang = Taxonomie::get().find(besoin).unwrap().rang;
        let contraintes = Contraintes::from_codes(evening.then_some("soir"));
        let recherche = Recherche { commune, besoins: &[rang], contraintes: &contraintes, wall: noon(), tour };
        let reponse = orient(&aiguillage, &recherche, 50);

        let covers = |one: &Inscription| {
            let point = national.find_commune(one.service.lieu.commune).unwrap().point;
            resolve(&one.service.couverture, &territoire(), point).unwrap().covers(commune)
        };
        let suits = |one: &&Inscription| covers(one) && (!evening || one.service.creneaux.contains(&Creneau::Soir));
        for proposition in &reponse.propositions {
            let id = aiguillage.service(proposition.service).unwrap().id;
            let origin = services.iter().find(|one| one.service.id == id).unwrap();
            prop_assert!(suits(&origin), "{} does not reach {}", origin.service.couverture, commune.nom);
        }
        let expected: HashSet<_> = services.iter().filter(|one| one.service.besoins[0] == besoin).filter(suits).map(|one| one.structure.id).collect();
        let exact: HashSet<_> = reponse.propositions.iter().filter(|one| !one.is_proche).map(|one| aiguillage.structure(one.structure).unwrap().id).collect();
        prop_assert_eq!(&exact, &expected);
        prop_assert_eq!(reponse.sans_solution.is_some(), expected.is_empty());

        let structures: HashSet<u32> = reponse.propositions.iter().map(|one| one.structure).collect();
        prop_assert_eq!(structures.len(), reponse.propositions.len(), "each structure once");
        prop_assert_eq!(&reponse, &orient(&aiguillage, &recherche, 50), "the order is stable");
        let shorter = orient(&aiguillage, &recherche, 3);
        let first: Vec<u32> = reponse.propositions.iter().take(3).map(|one| one.structure).collect();
        prop_assert_eq!(shorter.propositions.iter().map(|one| one.structure).collect::<Vec<_>>(), first, "a limit only cuts");
    }

    #[test]
    fn a_coverage_is_written_as_it_is_read(text in "\\PC{0,60}") {
        if let Ok(couverture) = text.parse::<Couverture>() {
            prop_assert_eq!(couverture.to_string().parse::<Couverture>().unwrap(), couverture);
        }
    }
}
