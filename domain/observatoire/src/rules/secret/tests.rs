//! The attack: everything that is published is an equation, and a solver that shares nothing with the engine looks for what each
//! hidden count can still be.

use super::attaque::{Cellules, Hasard, Lu};
use super::*;

/// The lines under each line of a table (itself, when it is no group), by their place among the lines that are no group.
fn list_feuilles(releve: &Releve) -> (Vec<usize>, Vec<Vec<usize>>) {
    let is_group = |code: &str| releve.lignes.iter().any(|one| one.groupe.as_deref() == Some(code));
    let feuilles: Vec<usize> = (0..releve.lignes.len()).filter(|rang| !is_group(&releve.lignes[*rang].code)).collect();
    let under = |code: &str| {
        let belongs = |rang: &usize| {
            let above = |here: &&str| releve.lignes.iter().find(|one| one.code == *here).and_then(|one| one.groupe.as_deref());
            std::iter::successors(Some(releve.lignes[*rang].code.as_str()), above).any(|here| here == code)
        };
        feuilles.iter().enumerate().filter(|(_, rang)| belongs(rang)).map(|(place, _)| place).collect()
    };
    (feuilles.clone(), releve.lignes.iter().map(|one| under(&one.code)).collect())
}

/// Every count of a table: the cells it sums, whether it is published at all, and what is shown of it.
fn list_counts(releve: &Releve, masque: &TableauMasque) -> Vec<(Cellules, Option<i64>)> {
    let (feuilles, under) = list_feuilles(releve);
    let colonnes = releve.lignes.iter().map(|one| one.cellules.len()).max().unwrap();
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

fn list_values(releve: &Releve) -> Vec<i64> {
    let (feuilles, _) = list_feuilles(releve);
    feuilles.iter().flat_map(|rang| releve.lignes[*rang].cellules.iter().map(|count| (*count).max(0))).collect()
}

fn read(values: &[i64], counts: &[(Cellules, Option<i64>)], seuil: i64) -> Lu {
    // Told even which hidden cells are small; nought is always shown.
    let free = |value: i64| match value {
        0 => (0, 0),
        small if small < seuil => (1, seuil - 1),
        large => (seuil, large + 2 * seuil),
    };
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
fn draw_table(hasard: &mut Hasard, most: u64) -> Releve {
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
    Releve { lignes, ..Releve::default() }
}

/// Small counts hidden, and nothing else.
fn mask_naively(releve: &Releve, counts: &[(Cellules, Option<i64>)], seuil: i64) -> Vec<(Cellules, Option<i64>)> {
    let values = list_values(releve);
    let shown = |cells: &Cellules| Some(cells.iter().map(|cell| values[*cell]).sum()).filter(|sum: &i64| !(1..seuil).contains(sum));
    counts.iter().map(|(cells, _)| (cells.clone(), shown(cells))).collect()
}

#[test]
fn nothing_hidden_is_found_again_in_tables_that_a_naive_mask_gives_away() {
    let mut hasard = Hasard(2_009);
    let (mut small, mut hidden, mut shown, mut naive) = (0, 0, 0, 0);
    for table in 0..150 {
        // A high threshold leaves so many possibilities that the attack tries small tables only.
        let (seuil, most) = if table % 10 == 0 { (SEUIL_STRICT, 3) } else { (SEUIL, 6) };
        let releve = draw_table(&mut hasard, most);
        let (values, counts) = (list_values(&releve), list_counts(&releve, &mask(&releve, seuil)));
        for (cells, seen) in &counts {
            let truth: i64 = cells.iter().map(|cell| values[*cell]).sum();
            assert!(seen.is_none_or(|seen| seen == truth && !(1..seuil).contains(&truth)), "table {table}: what is shown is true");
            assert!(seen.is_some() || truth > 0, "nought is shown");
            small += usize::from((1..seuil).contains(&truth));
            *(if seen.is_some() { &mut shown } else { &mut hidden }) += 1;
        }
        assert_eq!(list_leaks(&values, &counts, seuil), Vec::<Cellules>::new(), "table {table}, {releve:?}");
        naive += usize::from(!list_leaks(&values, &mask_naively(&releve, &counts, seuil), seuil).is_empty());
    }
    println!("{small} small counts, {hidden} hidden, {shown} shown; a naive mask leaks in {naive} tables of 150");
    assert!(naive > 50 && small > 600, "the attack has something to find: {naive}, {small}");
    assert!(hidden < 2 * small, "no more is hidden than needed, within reason: {hidden} for {small}");
}

#[test]
fn months_that_make_quarters_and_years_are_not_found_by_subtraction() {
    let mut hasard = Hasard(35);
    for year in 0..60 {
        let until = 3 + hasard.draw(14) as u64;
        let mut lignes = vec![];
        for quarter in 1..=2 {
            let name = format!("T{quarter}");
            lignes.push(line(&name, None, &[]));
            for month in 1..=3 {
                let cells = [hasard.draw(until), hasard.draw(until / 2 + 1)];
                lignes.push(line(&format!("{name}-{month}"), Some(&name), &cells));
            }
        }
        let releve = Releve { lignes, ..Releve::default() };
        let counts = list_counts(&releve, &mask(&releve, SEUIL));
        assert_eq!(list_leaks(&list_values(&releve), &counts, SEUIL), Vec::<Cellules>::new(), "year {year}: {releve:?}");
    }
}

#[test]
fn a_year_gives_nothing_of_the_quarters_that_were_published_before_it() {
    let mut hasard = Hasard(68);
    let mut naive = 0;
    for year in 0..150 {
        let until = 4 + hasard.draw(12) as u64;
        let mut lignes = vec![line("nord", None, &[]), line("sud", None, &[])];
        for commune in 0..4 {
            let cells = [hasard.draw(until), hasard.draw(until), hasard.draw(until / 2 + 1)];
            lignes.push(line(&format!("c{commune}"), Some(if commune < 2 { "nord" } else { "sud" }), &cells));
        }
        let quarter = |rang: usize| {
            let own = lignes
                .iter()
                .map(|ligne| LigneRelevee { cellules: ligne.cellules.get(rang).copied().into_iter().collect(), ..ligne.clone() });
            mask(&Releve { lignes: own.collect(), ..Releve::default() }, SEUIL)
        };
        let published: Vec<TableauMasque> = (0..3).map(quarter).collect();
        let alone = Releve { lignes: lignes.clone(), ..Releve::default() };
        let after = Releve { lignes: lignes.clone(), publiees: published.iter().cloned().map(Some).collect(), ..Releve::default() };
        let values = list_values(&after);
        let seen_with = |last: &Releve| {
            let mut counts = list_counts(last, &mask(last, SEUIL));
            for (rang, one) in published.iter().enumerate() {
                let single = Releve {
                    lignes: lignes
                        .iter()
                        .map(|l| LigneRelevee { cellules: l.cellules.get(rang).copied().into_iter().collect(), ..l.clone() })
                        .collect(),
                    ..Releve::default()
                };
                let of_column = list_counts(&single, one).into_iter();
                counts.extend(of_column.map(|(cells, seen)| (cells.iter().map(|cell| cell * 3 + rang).collect(), seen)));
            }
            counts
        };
        assert_eq!(list_leaks(&values, &seen_with(&after), SEUIL), Vec::<Cellules>::new(), "year {year}: {lignes:?}");
        for (ligne, earlier) in mask(&after, SEUIL).lignes.iter().zip(&published[0].lignes) {
            assert_eq!(ligne.cellules[0], earlier.total, "what was published stays as it was");
        }
        naive += usize::from(!list_leaks(&values, &seen_with(&alone), SEUIL).is_empty());
    }
    assert!(naive > 10, "without what was published before, the year gives some of it back: {naive}");
}

#[test]
fn the_same_cells_are_hidden_whatever_the_order_of_lines() {
    let mut hasard = Hasard(7);
    for _ in 0..200 {
        let releve = draw_table(&mut hasard, 6);
        let turned = Releve { lignes: releve.lignes.iter().rev().cloned().collect(), ..releve.clone() };
        let (one, other) = (mask(&releve, SEUIL), mask(&turned, SEUIL));
        assert_eq!(one.ensemble, other.ensemble);
        assert!(one.lignes.iter().all(|ligne| other.find(&ligne.code) == Some(ligne)));
    }
}

fn mask_lines(lines: &[&[i64]]) -> TableauMasque {
    let lignes = lines.iter().enumerate().map(|(rang, cells)| line(&rang.to_string(), None, cells)).collect();
    mask(&Releve { marges: Marges::DesLignes, lignes, publiees: vec![] }, SEUIL)
}

#[test]
fn four_is_hidden_five_and_nought_are_not() {
    assert_eq!(mask_lines(&[&[0, 1, 4, 5]]).lignes[0].cellules, [Some(0), None, None, Some(5)]);
    let shown = LigneMasquee { code: "0".into(), cellules: vec![Some(0), Some(5), Some(12), Some(0)], total: Some(17) };
    assert_eq!(mask_lines(&[&[0, 5, 12, -1]]).lignes[0], shown);
}

#[test]
fn a_total_never_gives_the_one_hidden_cell_nor_two_that_are_at_an_end() {
    let total = |cells: &[i64]| mask_lines(&[cells]).lignes[0].total;
    assert_eq!(total(&[120, 3, 0, 0]), None, "one hidden cell");
    assert_eq!(total(&[120, 1, 1, 0]), None, "two that can only be 1 and 1");
    assert_eq!(total(&[120, 4, 4, 0]), None, "two that can only be 4 and 4");
    assert_eq!(total(&[120, 1, 2, 0]), None, "two that cannot be 4");
    assert_eq!(total(&[120, 2, 3, 0]), Some(125), "1 and 4, 2 and 3, 3 and 2, 4 and 1");
    assert_eq!(mask_lines(&[&[9, 0], &[9, 3]]).ensemble.total, None, "the total of all does not give it either");
    assert_eq!(mask_lines(&[&[9, 2], &[9, 3]]).ensemble.total, Some(23));
}

#[test]
fn of_a_commune_with_one_small_count_another_commune_gives_way_and_the_whole_stays() {
    let lignes = vec![line("36018", None, &[40, 30]), line("36112", None, &[12, 3]), line("36173", None, &[9, 9])];
    let masked = mask(&Releve { lignes, ..Releve::default() }, SEUIL);
    assert_eq!(masked.ensemble, LigneMasquee { code: String::new(), cellules: vec![Some(61), Some(42)], total: Some(103) });
    assert_eq!((masked.find("36112").unwrap().cellules.clone(), masked.find("36112").unwrap().total), (vec![None, None], Some(15)));
    assert_eq!(masked.find("36018").unwrap().cellules, [Some(40), Some(30)], "the smaller of the two gives way");
}

#[test]
fn an_empty_table_and_one_demande_are_published_without_a_word_of_it() {
    assert_eq!(
        mask(&Releve::default(), SEUIL),
        TableauMasque { lignes: vec![], ensemble: LigneMasquee { total: Some(0), ..LigneMasquee::default() } }
    );
    let one = mask(&Releve { lignes: vec![line("36173", None, &[1, 0])], ..Releve::default() }, SEUIL);
    assert_eq!((one.lignes[0].cellules.clone(), one.lignes[0].total, one.ensemble.total), (vec![None, Some(0)], None, None));
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
    let masked = mask(&Releve { lignes, ..Releve::default() }, SEUIL);
    let elapsed = start.elapsed();
    println!("1000 communes, 3 columns: {elapsed:?}");
    assert!(masked.ensemble.total.is_some() && masked.lignes.iter().take(30).all(|bassin| bassin.total.is_some()));
    assert!(elapsed.as_millis() < 3_000, "{elapsed:?}");
}
