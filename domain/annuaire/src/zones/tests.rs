//! Gaps of a small territoire, counted by hand.

use territoire::Referentiel;

use super::{Desserte, draw, list_communes, list_manques};
use crate::aiguillage::{Aiguillage, Batisseur};
use crate::besoin::Taxonomie;
use crate::import::verify;
use crate::tests::territoire;

const HEADER: &str = "structure_id;structure;code_insee;besoins;mode;couverture;service_id";

fn build(lines: &[&str]) -> Aiguillage {
    let territoire = territoire();
    let verification = verify(format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes(), "essai.csv", &territoire, &|_, _| {});
    assert!(verification.rapport.is_accepted(), "{:?}", verification.rapport.problemes);
    let mut batisseur = Batisseur::new(&territoire, 1);
    verification.inscriptions.iter().for_each(|one| batisseur.add(one));
    batisseur.finish()
}

#[test]
fn each_commune_is_served_by_somebody_at_a_distance_or_by_nobody() {
    let aiguillage = build(&[
        "s1;Un;26165;menage;a_domicile;commune:26165;m",
        "s1;Un;26165;menage;a_domicile;commune:26165;n",
        "s2;Deux;26165;menage;sur_place;commune:26165;m",
        "s3;Loin;26165;menage;a_distance;commune:26165 commune:26166;m",
    ]);
    let menage = Taxonomie::get().find("menage").unwrap().rang;
    let list = list_communes(&aiguillage, &territoire(), menage);
    assert_eq!(list.len(), 29);
    let find = |code: &str| list.iter().find(|one| one.commune.code.as_str() == code).unwrap().desserte;
    assert_eq!((find("26165"), find("26166"), find("26006")), (Desserte::Structures(2), Desserte::ADistance, Desserte::Personne));
    assert_eq!(list.first().unwrap().desserte, Desserte::Personne, "those whom nobody serves come first");
    assert_eq!(list.iter().filter(|one| one.desserte == Desserte::Personne).count(), 27);
}

#[test]
fn needs_are_ordered_by_the_inhabitants_left_without_anybody() {
    let aiguillage = build(&["s1;Un;26165;menage;a_domicile;epci:242600252 sauf commune:26006;m"]);
    let manques = list_manques(&aiguillage, &territoire());
    let menage = Taxonomie::get().find("menage").unwrap().rang;
    let last = manques.last().unwrap();
    let allex = Referentiel::get().resolve_code("26006").unwrap().commune;
    assert_eq!((last.besoin, last.communes, last.habitants), (menage, 1, u64::from(allex.population)));
    assert!(manques.iter().rev().skip(1).all(|manque| manque.communes == 29));
}

#[test]
fn the_map_has_every_commune_with_its_words_and_no_map_is_better_than_a_torn_one() {
    let menage = Taxonomie::get().find("menage").unwrap().rang;
    let list = list_communes(&build(&["s1;Un;26165;menage;a_domicile;commune:26165;m"]), &territoire(), menage);
    let svg = draw(&list, "Ménage <&> \"repassage\"").unwrap();
    assert_eq!(svg.matches("<path").count(), 29);
    assert!(svg.contains("<title>Livron-sur-Drôme : 1 structure</title>") || svg.contains("1\u{a0}structure"), "{}", &svg[..400]);
    assert!(svg.contains("Ménage &lt;&amp;&gt; &quot;repassage&quot;") && !svg.contains("style="));
    let mut elsewhere = list.clone();
    elsewhere[0].commune = Referentiel::get().resolve_code("75056").unwrap().commune;
    assert!(draw(&elsewhere, "").is_none());
}
