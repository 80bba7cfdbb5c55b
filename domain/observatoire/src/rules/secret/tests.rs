//! The attack: everything that is published is an equation, and a solver that shares nothing with the engine looks for what each
//! hidden count can still be.

use super::attaque::{Cellules, Hasard, Lu};
use super::*;

/// The lines under each line of a table (itself, when it is no group), by their place among the lines that are no group.
fn list_feuilles(relevees: &[LigneRelevee]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let is_group = |code: &str| relevees.iter().any(|one| one.groupe.as_deref() == Some(code));
    let feuilles: Vec<usize> = (0..relevees.len()).filter(|rang| !is_group(&relevees[*rang].code)).collect();
    let under = |code: &str| {
        let belongs = |rang: &usize| {
            let above = |here: &&str| relevees.iter().find(|one| one.code == *here).and_then(|one| one.groupe.as_deref());
            std::iter::successors(Some(relevees[*rang].code.as_str()), above).any(|here| here == code)
        };
        feuilles.iter().enumerate().filter(|(_, rang)| belongs(rang)).map(|(place, _)| place).collect()
    };
    (feuilles.clone(), relevees.iter().map(|one| under(&one.code)).collect())
}

/// Every count of a table: the cells it sums, whether it is published at all, and what is shown of it.
fn list_counts(relevees: &[LigneRelevee], masque: &TableauMasque) -> Vec<(Cellules, Option<i64>)> {
    let (feuilles, under) = list_feuilles(relevees);
    let colonnes = relevees.iter().map(|one| one.cellules.len()).max().unwrap();
    let all: Vec<usize> = (0..feuilles.len()).collect();
    let lines = under.iter().zip(&masque.lignes).chain([(&all, &masque.ensemble)]);
    let mut counts = vec![];
    for (places, ligne) in lines {
        let own = |colonne: usize| places.iter().map(move |place| place * colonnes + colonne);
        counts.extend((0..colonnes).map(|colonne| (own(colonne).collect(), ligne.cellules[colonne])));
        counts.push(((0..colonnes).flat_map(own).collect(), ligne.total));
    }
    counts
}

fn list_values(relevees: &[LigneRelevee]) -> Vec<i64> {
    let (feuilles, _) = list_feuilles(relevees);
    feuilles.iter().flat_map(|rang| relevees[*rang].cellules.iter().map(|count| (*count).max(0))).collect()
}

fn read(values: &[i64], counts: &[(Cellules, Option<i64>)], seuil: i64) -> Lu {
    // Nought is always shown.
    let free = |value: i64| if value == 0 { (0, 0) } else { (1, value + 2 * seuil) };
    let mut lu = Lu { bornes: values.iter().map(|value| free(*value)).collect(), sommes: vec![] };
    for (cells, shown) in counts {
        if let Some(shown) = shown {
            lu.sommes.push((cells.clone(), *shown));
        }
    }
    lu
}

/// The small counts of which fewer values are possible than promised.
fn list_leaks(values: &[i64], counts: &[(Cellules, Option<i64>)], seuil: i64) -> Vec<Cellules> {
    let lu = read(values, counts, seuil);
    let is_leak = |cells: &Cellules| {
        let truth: i64 = cells.iter().map(|cell| values[*cell]).sum();
        let possible = (0..=truth + 2 * seuil).filter(|value| lu.allows(cells, *value)).take(seuil as usize - 1).count();
        (1..seuil).contains(&truth) && possible < seuil as usize - 1
    };
    counts.iter().map(|(cells, _)| cells.clone()).filter(is_leak).collect()
}

fn line(code: &str, groupe: Option<&str>, cellules: &[i64]) -> LigneRelevee {
    LigneRelevee { code: code.into(), groupe: groupe.map(str::to_string), cellules: cellules.to_vec() }
}

/// Communes in two bassins or in none, with up to three columns; small counts and noughts mostly: where it is hard.
fn draw_table(hasard: &mut Hasard, most: u64) -> Vec<LigneRelevee> {
    let (lines, colonnes, until) = (1 + hasard.draw(most), 1 + hasard.draw(3), 3 + hasard.draw(12) as u64);
    let has_bassins = hasard.draw(3) > 0;
    let mut lignes = if has_bassins { vec![line("nord", None, &[]), line("sud", None, &[])] } else { vec![] };
    for rang in 0..lines {
        let cells: Vec<i64> = (0..colonnes).map(|_| (hasard.draw(until) - hasard.draw(3)).max(-1)).collect();
        let bassin = if hasard.draw(2) == 0 { "nord" } else { "sud" };
        lignes.push(line(&rang.to_string(), has_bassins.then_some(bassin), &cells));
    }
    // A group without a line is a line of noughts.
    let empty: Vec<String> = ["nord", "sud"].into_iter().map(str::to_string).collect();
    for ligne in &mut lignes {
        if empty.contains(&ligne.code) {
            ligne.cellules = vec![0; colonnes as usize];
        }
    }
    lignes
}

/// Small counts hidden, and nothing else.
fn mask_naively(relevees: &[LigneRelevee], counts: &[(Cellules, Option<i64>)], seuil: i64) -> Vec<(Cellules, Option<i64>)> {
    let values = list_values(relevees);
    let shown = |cells: &Cellules| Some(cells.iter().map(|cell| values[*cell]).sum()).filter(|sum: &i64| !(1..seuil).contains(sum));
    counts.iter().map(|(cells, _)| (cells.clone(), shown(cells))).collect()
}

#[test]
fn nothing_hidden_is_found_again_in_tables_that_a_naive_mask_gives_away() {
    let mut hasard = Hasard(2_009);
    let (mut small, mut hidden, mut shown, mut naive, mut untold) = (0, 0, 0, 0, 0);
    for table in 0..200 {
        // A high threshold leaves so many possibilities that the attack tries small tables only.
        let (seuil, most) = if table % 10 == 0 { (SEUIL_STRICT, 3) } else { (SEUIL, 6) };
        let relevees = draw_table(&mut hasard, most);
        let values = list_values(&relevees);
        let Some(masked) = mask(&relevees, Tenus::default(), seuil) else {
            untold += 1;
            continue;
        };
        let counts = list_counts(&relevees, &masked);
        assert_eq!(masked.ensemble.total, Some(values.iter().sum()), "table {table}: the whole is told");
        for (cells, seen) in &counts {
            let truth: i64 = cells.iter().map(|cell| values[*cell]).sum();
            let is_whole = cells.len() == values.len();
            assert!(
                seen.is_none_or(|seen| seen == truth && (is_whole || !(1..seuil).contains(&truth))),
                "table {table}: what is shown is true"
            );
            assert!(seen.is_some() || truth > 0, "nought is shown");
            small += usize::from((1..seuil).contains(&truth));
            *(if seen.is_some() { &mut shown } else { &mut hidden }) += 1;
        }
        assert_eq!(list_leaks(&values, &counts, seuil), Vec::<Cellules>::new(), "table {table}, {relevees:?}");
        naive += usize::from(!list_leaks(&values, &mask_naively(&relevees, &counts, seuil), seuil).is_empty());
    }
    println!("{small} small counts, {hidden} hidden, {shown} shown; a naive mask leaks in {naive} tables of 200; {untold} are not told");
    assert!(naive > 50 && small > 400, "the attack has something to find: {naive}, {small}");
    assert!(hidden < 3 * small && untold < 100, "no more is hidden than needed, within reason: {hidden} for {small}, {untold}");
}

#[test]
fn the_same_cells_are_hidden_whatever_the_order_of_lines() {
    let mut hasard = Hasard(7);
    for _ in 0..200 {
        let relevees = draw_table(&mut hasard, 6);
        let turned: Vec<LigneRelevee> = relevees.iter().rev().cloned().collect();
        match (mask(&relevees, Tenus::default(), SEUIL), mask(&turned, Tenus::default(), SEUIL)) {
            (Some(one), Some(other)) => {
                assert_eq!(one.ensemble, other.ensemble);
                assert!(one.lignes.iter().all(|ligne| other.find(&ligne.code) == Some(ligne)));
            }
            (one, other) => assert_eq!(one, other),
        }
    }
}

/// Lines without groups, of which nothing is told yet but the whole.
fn mask_lines(lines: &[&[i64]]) -> Option<TableauMasque> {
    let lignes: Vec<LigneRelevee> = lines.iter().enumerate().map(|(rang, cells)| line(&rang.to_string(), None, cells)).collect();
    mask(&lignes, Tenus::default(), SEUIL)
}

#[test]
fn four_is_hidden_and_another_with_it_five_and_nought_are_not() {
    let told = |counts: &[i64]| -> Vec<Option<i64>> {
        let lines: Vec<Vec<i64>> = counts.iter().map(|count| vec![*count]).collect();
        let lines: Vec<&[i64]> = lines.iter().map(Vec::as_slice).collect();
        mask_lines(&lines).unwrap().lignes.into_iter().map(|ligne| ligne.total).collect()
    };
    assert_eq!(told(&[0, 5, 12, -1]), [Some(0), Some(5), Some(12), Some(0)]);
    assert_eq!(told(&[0, 4, 5, 120]), [Some(0), None, None, Some(120)], "the smallest of the others gives way");
    assert_eq!(told(&[2, 3, 120]), [None, None, Some(120)], "1 and 4, 2 and 3, 3 and 2, 4 and 1");
    assert_eq!(told(&[1, 1, 120]), [None, None, None], "two that can only be 1 and 1 ask for a third");
}

#[test]
fn a_small_count_alone_with_the_whole_told_cannot_be_hidden() {
    assert_eq!(mask_lines(&[&[3], &[0]]), None);
    assert_eq!(mask_lines(&[&[3], &[2]]).map(|told| told.ensemble.total), Some(Some(5)), "1 and 4, 2 and 3, 3 and 2, 4 and 1");
    assert_eq!(mask_lines(&[&[2], &[1]]), None, "3 in all");
    assert!(mask_lines(&[]).is_some_and(|empty| empty.ensemble.total == Some(0)));
}

#[test]
fn of_a_commune_with_one_small_count_another_commune_gives_way_and_the_whole_stays() {
    let lignes = vec![line("36018", None, &[40, 30]), line("36112", None, &[12, 3]), line("36173", None, &[9, 9])];
    let masked = mask(&lignes, Tenus::default(), SEUIL).unwrap();
    assert_eq!(masked.ensemble, LigneMasquee { code: String::new(), cellules: vec![Some(61), Some(42)], total: Some(103) });
    assert_eq!((masked.find("36112").unwrap().cellules.clone(), masked.find("36112").unwrap().total), (vec![None, None], Some(15)));
    assert_eq!(masked.find("36018").unwrap().cellules, [Some(40), Some(30)], "the smaller of the two gives way");
}

#[test]
fn a_line_and_a_column_that_are_not_told_stay_hidden_altogether() {
    let lignes = vec![line("a", None, &[40, 30, 9]), line("b", None, &[12, 11, 10]), line("c", None, &[9, 9, 8])];
    let totals: Vec<LigneMasquee> = [("a", Some(79)), ("b", None), ("c", None)]
        .map(|(code, total)| LigneMasquee { code: code.into(), cellules: vec![], total })
        .to_vec();
    let known = TableauMasque { lignes: totals, ..TableauMasque::default() };
    let masked = mask(&lignes, Tenus { lignes: Some(&known), colonnes: Some(&[true, false, false]) }, SEUIL).unwrap();
    assert_eq!(masked.find("a").unwrap().cellules, [Some(40), None, None]);
    assert_eq!((masked.find("b").unwrap().cellules.clone(), masked.find("b").unwrap().total), (vec![None; 3], None));
    assert_eq!(masked.ensemble.cellules, [Some(61), None, None]);
}

#[test]
fn a_thousand_communes_are_masked_in_little_time() {
    let mut hasard = Hasard(1_000);
    let mut lignes: Vec<LigneRelevee> = (0..30).map(|bassin| line(&format!("b{bassin}"), None, &[])).collect();
    for commune in 0..1_000 {
        let cells = [hasard.draw(12), hasard.draw(7), hasard.draw(3)];
        lignes.push(line(&format!("c{commune}"), Some(&format!("b{}", commune % 30)), &cells));
    }
    let start = std::time::Instant::now();
    let masked = mask(&lignes, Tenus::default(), SEUIL).unwrap();
    let elapsed = start.elapsed();
    println!("1000 communes, 3 columns: {elapsed:?}");
    assert!(masked.lignes.iter().take(30).all(|bassin| bassin.total.is_some()));
    assert!(elapsed.as_millis() < 5_000, "{elapsed:?}");
}
