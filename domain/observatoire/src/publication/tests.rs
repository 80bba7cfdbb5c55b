use std::collections::BTreeMap;

use super::releves::Groupes;
use super::*;
use crate::rules::secret::SEUIL;
use crate::rules::secret::attaque::{Cellules, Hasard, Lu};
use crate::storage::cumul::Somme;

/// Somebody who asked: where from, by which door, and who (a woman, a man, not said); or a need: where, what, and how it ended.
type Personne = [usize; 3];

const COMMUNES: [&str; 3] = ["36018", "36112", "36173"];
const CANAUX: [&str; 2] = ["telephone", "web"];
const SEXES: [&str; 3] = [FEMME, HOMME, ""];

/// The counters of those people, as the storage would give them.
fn count(people: &BTreeMap<Personne, i64>) -> Releves {
    let mut releves = Releves::default();
    let mut add = |axe: &str, valeur: &str, (sexe, many): (usize, i64)| {
        let list = releves.sommes.entry(("demande".into(), axe.into())).or_default();
        let at = list.iter().position(|one| one.valeur == valeur).unwrap_or_else(|| {
            list.push(Somme { valeur: valeur.into(), femmes: 0, hommes: 0, total: 0 });
            list.len() - 1
        });
        list[at].total += many;
        match SEXES[sexe] {
            FEMME => list[at].femmes += many,
            HOMME => list[at].hommes += many,
            _ => {}
        }
    };
    for ([commune, canal, sexe], many) in people {
        add("", "", (*sexe, *many));
        add("commune", COMMUNES[*commune], (*sexe, *many));
        add("canal", CANAUX[*canal], (*sexe, *many));
    }
    releves
}

/// Every figure of the publication with the people it counts; those hidden have none.
fn list_figures(publication: &Publication, cells: &[Personne]) -> Vec<(Cellules, Option<i64>)> {
    let Some(population) = publication.populations.get("demande") else { return vec![] };
    let pick = |keep: &dyn Fn(&Personne) -> bool| -> Cellules { (0..cells.len()).filter(|rang| keep(&cells[*rang])).collect() };
    let mut figures = vec![(pick(&|_| true), population.total)];
    for (rang, (_, shown)) in population.parts.iter().enumerate() {
        figures.push((pick(&|one| one[2] == rang), *shown));
    }
    for (axe, values, place) in [("commune", &COMMUNES[..], 0), ("canal", &CANAUX[..], 1)] {
        for line in population.tables.get(axe).into_iter().flatten() {
            let Some(value) = values.iter().position(|code| *code == line.code) else { continue };
            figures.push((pick(&|one| one[place] == value), line.total));
            figures
                .extend(line.cellules.iter().enumerate().map(|(rang, shown)| (pick(&|one| one[place] == value && one[2] == rang), *shown)));
        }
    }
    figures
}

fn draw_people(hasard: &mut Hasard) -> BTreeMap<Personne, i64> {
    let until = 2 + hasard.draw(9) as u64;
    let mut people = BTreeMap::new();
    for commune in 0..COMMUNES.len() {
        for canal in 0..CANAUX.len() {
            for sexe in 0..SEXES.len() {
                people.insert([commune, canal, sexe], (hasard.draw(until) - hasard.draw(3)).max(0));
            }
        }
    }
    people
}

/// All the tables of a year read together, with all that nobody is told of: each small count that is hidden keeps as many possible values
/// as there are small counts.
#[test]
fn nothing_hidden_is_found_again_by_reading_all_the_tables_of_a_year_together() {
    let mut hasard = Hasard(2_026);
    let (mut attacked, mut shown, mut naive) = (0, 0, 0);
    for year in 0..80 {
        let people = draw_people(&mut hasard);
        let (cells, values): (Vec<Personne>, Vec<i64>) = people.iter().map(|(one, many)| (*one, *many)).unzip();
        let most = values.iter().sum::<i64>() + SEUIL;
        let releves = count(&people);
        let possible = |figures: &[(Cellules, Option<i64>)], wanted: &Cellules| {
            let sommes = figures.iter().filter_map(|(cells, shown)| Some((cells.clone(), (*shown)?))).collect();
            let lu = Lu { bornes: vec![(0, most); values.len()], sommes };
            (0..most).filter(|value| lu.allows(wanted, *value)).take(SEUIL as usize - 1).count()
        };
        let is_small = |cells: &Cellules| (1..SEUIL).contains(&cells.iter().map(|cell| values[*cell]).sum::<i64>());
        let figures = list_figures(&publish(&releves, Groupes(None), SEUIL), &cells);
        for (wanted, told) in &figures {
            let truth: i64 = wanted.iter().map(|cell| values[*cell]).sum();
            assert!(told.is_none_or(|told| told == truth && !is_small(wanted)), "year {year}: what is told is true");
            shown += usize::from(told.is_some());
            if is_small(wanted) {
                attacked += 1;
                assert_eq!(possible(&figures, wanted), SEUIL as usize - 1, "year {year}, {wanted:?}, {people:?}");
            }
        }
        // The same with small counts hidden and nothing else.
        let plainly: Vec<_> = list_figures(&publish(&releves, Groupes(None), 1), &cells);
        let plainly: Vec<_> = plainly.into_iter().map(|(cells, told)| (cells.clone(), told.filter(|_| !is_small(&cells)))).collect();
        let found = plainly.iter().any(|(wanted, _)| is_small(wanted) && possible(&plainly, wanted) < SEUIL as usize - 1);
        naive += usize::from(found);
    }
    println!("{attacked} small counts attacked, {shown} figures told; hiding small counts alone leaks in {naive} years of 80");
    assert!(attacked > 150 && shown > 300 && naive > 30, "{attacked} attacked, {shown} told, {naive} leaks found");
}

fn somme(valeur: &str, femmes: i64, hommes: i64, total: i64) -> Somme {
    Somme { valeur: valeur.into(), femmes, hommes, total }
}

fn fill(list: &[(&str, &str, Vec<Somme>)]) -> Releves {
    let sommes = list.iter().map(|(mesure, axe, sommes)| (((*mesure).into(), (*axe).into()), sommes.clone())).collect();
    Releves { sommes, ..Releves::default() }
}

#[test]
fn a_count_is_the_same_wherever_it_is_read() {
    let releves = fill(&[
        ("issue", "", vec![somme("", 60, 30, 100)]),
        ("issue:orientee", "", vec![somme("", 40, 20, 70)]),
        ("issue:sans_solution", "", vec![somme("", 20, 10, 30)]),
        ("issue:orientee", "besoin", vec![somme("menage", 30, 10, 45), somme("repas", 10, 10, 25)]),
        ("issue:sans_solution", "besoin", vec![somme("menage", 10, 5, 18), somme("repas", 10, 5, 12)]),
        ("issue:sans_solution", "motif", vec![somme("trop_cher", 8, 4, 14), somme("horaires", 12, 6, 16)]),
    ]);
    let published = publish(&releves, Groupes(None), SEUIL);
    let unmet = published.find_whole("issue:sans_solution");
    assert_eq!((unmet.total, unmet.femmes, unmet.hommes), (Ok(30), Ok(20), Ok(10)));
    assert_eq!(published.find_valeur("issue:sans_solution", ("besoin", "menage")).total, Ok(18));
    assert_eq!(published.find_valeur("issue", ("besoin", "menage")).total, Ok(63), "oriented and unmet");
    assert_eq!(published.find_valeur("issue:sans_solution", ("motif", "trop_cher")).total, Ok(14));
    let by_besoin: i64 = published.list("issue:sans_solution", "besoin").unwrap().iter().map(|(_, count)| count.total.unwrap()).sum();
    assert_eq!(by_besoin, 30);
    assert_eq!(published.find_whole("appel").total, Ok(0), "no call is no secret");
    assert_eq!(
        published.find_valeur("issue", ("canal", "web")).total,
        Err(Absence::NonPublie),
        "what is not in the programme is not published"
    );
}

#[test]
fn too_few_in_all_is_nothing_told_of_it() {
    let releves = fill(&[("demande", "", vec![somme("", 3, 0, 3)]), ("demande", "canal", vec![somme("web", 3, 0, 3)])]);
    let published = publish(&releves, Groupes(None), SEUIL);
    assert_eq!(published.find_whole("demande"), Effectif::of(Err(Absence::Masque)));
    assert!(published.populations["demande"].tables.is_empty());
    assert_eq!(publish(&Releves::default(), Groupes(None), SEUIL).populations.len(), 0);
}

#[test]
fn a_stricter_threshold_hides_more() {
    let releves = fill(&[
        ("demande", "", vec![somme("", 60, 40, 100)]),
        ("demande", "canal", vec![somme("web", 8, 8, 16), somme("telephone", 46, 25, 71), somme("guichet", 6, 7, 13)]),
    ]);
    let hidden = |seuil| {
        let published = publish(&releves, Groupes(None), seuil);
        let lines = published.populations["demande"].tables["canal"].clone();
        lines.iter().flat_map(|line| &line.cellules).filter(|cell| cell.is_none()).count()
    };
    assert_eq!(hidden(5), 0);
    assert!(hidden(11) >= 4, "{}", hidden(11));
}

#[test]
fn a_thousand_communes_are_published_in_little_time() {
    let mut hasard = Hasard(1_000);
    let communes: Vec<Somme> = (0..1_000)
        .map(|rang| {
            let (femmes, hommes) = (hasard.draw(9), hasard.draw(5));
            somme(&format!("{rang:05}"), femmes, hommes, femmes + hommes + hasard.draw(7))
        })
        .collect();
    let sum = |of: fn(&Somme) -> i64| communes.iter().map(of).sum();
    let whole = somme("", sum(|one| one.femmes), sum(|one| one.hommes), sum(|one| one.total));
    let releves = fill(&[("demande", "", vec![whole]), ("demande", "commune", communes)]);
    let start = std::time::Instant::now();
    let published = publish(&releves, Groupes(None), SEUIL);
    println!("1000 communes: {:?}", start.elapsed());
    assert!(published.populations["demande"].tables.contains_key("commune"));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn what_is_kept_is_read_back_as_it_was() {
    let releves = fill(&[("demande", "", vec![somme("", 6, 7, 20)]), ("demande", "canal", vec![somme("web", 6, 7, 20)])]);
    let published = publish(&releves, Groupes(None), SEUIL);
    let kept = serde_json::to_string(&published).unwrap();
    assert_eq!(serde_json::from_str::<Publication>(&kept).unwrap(), published);
}

#[test]
fn an_axis_that_is_not_published_says_so_whether_one_value_is_asked_or_all() {
    let told = Population { total: Some(40), ..Population::default() };
    let publication = Publication { seuil: 5, populations: BTreeMap::from([("demande".to_string(), told)]) };
    assert_eq!(publication.list("demande", "canal"), None);
    assert_eq!(publication.find_valeur("demande", ("canal", "web")), Effectif::of(Err(Absence::NonPublie)));
    let compteurs = crate::bilan::Compteurs { avant: Some(publication), cette: canal_told(), ..crate::bilan::Compteurs::default() };
    let web = compteurs.cross("demande", "canal").remove(0);
    assert_eq!((web.effectif.total, web.avant), (Ok(40), Err(Absence::NonPublie)), "in last year’s column too");
}

fn canal_told() -> Publication {
    let line = LigneMasquee { code: "web".into(), cellules: vec![], total: Some(40) };
    let told = Population { total: Some(40), tables: BTreeMap::from([("canal".to_string(), vec![line])]), ..Population::default() };
    Publication { seuil: 5, populations: BTreeMap::from([("demande".to_string(), told)]) }
}
