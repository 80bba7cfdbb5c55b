use super::echelle::Echelle;
use super::*;

fn legende() -> Legende {
    Legende { cle: "mois".into(), titre: "Demandes <par> mois".into(), description: "De 3 en janvier à 12 en mars".into() }
}

fn serie(nom: &str, valeurs: &[Option<i64>]) -> Serie {
    Serie { nom: nom.into(), valeurs: valeurs.to_vec() }
}

fn draw_all(valeurs: &[Option<i64>]) -> Vec<String> {
    let places: Vec<String> = (0..valeurs.len()).map(|rang| format!("lieu {rang}")).collect();
    let series = vec![serie("2026", valeurs), serie("2025", valeurs)];
    let etages = valeurs.iter().enumerate().map(|(rang, valeur)| (format!("{rang} ans"), *valeur, *valeur)).collect();
    vec![
        Barres { legende: legende(), places: places.clone(), series: series.clone() }.draw(),
        Courbes { legende: legende(), places: places.clone(), series: series.clone() }.draw(),
        Rangs { legende: legende(), noms: places, series }.draw(),
        Pyramide { legende: legende(), gauche: "Femmes".into(), droite: "Hommes".into(), etages }.draw(),
    ]
}

#[test]
fn a_chart_says_in_words_what_it_shows_and_colours_nothing() {
    for svg in draw_all(&[Some(3), Some(7), Some(12)]) {
        assert!(svg.contains(r#"role="img" aria-label="Demandes &lt;par&gt; mois. De 3 en janvier à 12 en mars""#), "{svg}");
        assert!(svg.contains("<title>Demandes &lt;par&gt; mois</title><desc>De 3 en janvier à 12 en mars</desc>"));
        assert!(!svg.contains("#fff") && !svg.contains("style=") && svg.contains("currentColor") && svg.ends_with("</svg>"));
        for number in ["3", "7", "12"] {
            assert!(svg.contains(&format!(">{number}</text>")), "{number} in {svg}");
        }
    }
}

#[test]
fn what_is_hidden_is_a_dash_and_never_a_bar_of_nought() {
    for svg in draw_all(&[Some(3), None, Some(12)]) {
        assert!(svg.contains(">–</text>"), "{svg}");
    }
    let cut = Courbes { legende: legende(), places: vec![String::new(); 3], series: vec![serie("", &[Some(3), None, Some(12)])] }.draw();
    assert!(cut.contains("M113 ") && cut.contains("M406 "), "the line is cut: {cut}");
}

#[test]
fn empty_and_enormous_charts_are_drawn() {
    for valeurs in [&[][..], &[None], &[Some(0), Some(0)], &[Some(i64::MAX), Some(1), Some(-5)]] {
        for svg in draw_all(valeurs) {
            assert!(svg.ends_with("</svg>") && !svg.contains("height=\"-") && !svg.contains("width=\"-"), "{valeurs:?}: {svg}");
        }
    }
}

#[test]
fn a_scale_ends_on_a_round_number() {
    let steps = |most: i64| Echelle::new([most].into_iter(), 100).graduations().collect::<Vec<_>>();
    assert_eq!(steps(0), [0, 1]);
    assert_eq!(steps(5), [0, 1, 2, 3, 4, 5]);
    assert_eq!(steps(6), [0, 2, 4, 6]);
    assert_eq!(steps(132), [0, 50, 100, 150]);
    assert_eq!(steps(17_251), [0, 5_000, 10_000, 15_000, 20_000]);
    assert_eq!(Echelle::new([132].into_iter(), 300).place(75), 150);
}

#[test]
fn tenths_are_written_with_a_comma() {
    let courbes = Courbes { legende: legende(), places: vec![String::new(); 2], series: vec![serie("", &[Some(124), Some(30)])] };
    let svg = courbes.draw_dixiemes();
    assert!(svg.contains(">12,4</text>") && svg.contains(">3</text>") && !svg.contains(">124</text>"), "{svg}");
    let rangs = Rangs { legende: legende(), noms: vec!["a".into()], series: vec![serie("", &[Some(12_345)])] };
    assert!(rangs.draw_dixiemes().contains(">1\u{202f}234,5</text>"));
}

#[test]
fn many_months_write_the_names_that_fit() {
    let places: Vec<String> = (0..24).map(|rang| format!("mois{rang:02}")).collect();
    let svg = Courbes { legende: legende(), places, series: vec![serie("", &[Some(1_000); 24])] }.draw();
    assert_eq!(svg.matches(">mois").count(), 8, "one in three");
    assert_eq!(svg.matches("<circle").count(), 24, "every mark is drawn");
}

#[test]
fn numbers_are_written_over_the_lines() {
    let series = vec![serie("cette année", &[Some(24), Some(32), Some(12)]), serie("avant", &[Some(18), Some(16), Some(23)])];
    let svg = Courbes { legende: legende(), places: vec![String::new(); 3], series }.draw();
    let (line, number) = (svg.rfind("stroke-width=\"2\"").unwrap(), svg.find(">24</text>").unwrap());
    assert!(line < number, "{svg}");
}
