//! The drawings of the pages and of the bilan, from values alone; the table beside each says the same in numbers.

use annuaire::cartes::{Carte, Trace, write_motif};
use territoire::contours::MENTION;
use ui::graphique::{Courbes, Legende, Rangs, Serie};

use crate::bilan::DessinBilan;
use crate::indicateurs::Unite;
use crate::indicateurs::calcul::{Valeur, count_dixiemes, say};
use crate::rules::mois::Plage;

/// Values as a line or as bars: what they are called, and in what unit.
pub struct Serree<'a> {
    /// Unlike any other of the page.
    pub cle: &'a str,
    pub titre: String,
    pub unite: Unite,
}

/// Beyond, not even years can be read.
const POINTS: usize = 36;

/// What a line goes through (`Plage::points`), and the value of each.
pub type Ligne<'a> = (&'a [Plage], &'a [Valeur]);

/// A line through months or years, and the line of what they are compared with, when that one is as long and of other years. None with
/// fewer than two points.
pub fn draw_ligne(serree: &Serree<'_>, (points, valeurs): Ligne<'_>, avant: Option<Ligne<'_>>) -> Option<DessinBilan> {
    if !(2..=POINTS).contains(&valeurs.len()) {
        return None;
    }
    let places: Vec<String> = points.iter().map(|one| one.bref()).collect();
    let known = || points.iter().zip(valeurs).filter_map(|(point, valeur)| Some((point, valeur.ok()?)));
    let most = known().max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let least = known().min_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let (unite, tells) = (serree.unite, |valeur: f64| say(serree.unite, Ok(valeur)));
    let description = format!("De {} en {} à {} en {}.", tells(least.1), name(*least.0), tells(most.1), name(*most.0));
    let mut series = vec![Serie { nom: name_serie(points), valeurs: write_serie(unite, valeurs) }];
    let avant = avant.filter(|other| is_beside(points, *other));
    series.extend(avant.map(|(points, valeurs)| Serie { nom: name_serie(points), valeurs: write_serie(unite, valeurs) }));
    let courbes = Courbes { legende: write_legende(serree, &description), places, series };
    let svg = if is_whole(unite) { courbes.draw() } else { courbes.draw_dixiemes() };
    Some(write_dessin(serree.titre.clone(), description, svg))
}

/// Whether the other period has as many points, something to say, and no year of the first: that would be the same line, moved aside.
fn is_beside(points: &[Plage], (others, valeurs): Ligne<'_>) -> bool {
    let has_something = valeurs.iter().any(|valeur| valeur.is_ok_and(|valeur| valeur != 0.0));
    let is_same = is_by_year(points) && others.iter().any(|one| points.contains(one));
    has_something && valeurs.len() == points.len() && !is_same
}

/// « par mois », « par an »: what the title of a line ends with.
pub fn say_pas(points: &[Plage]) -> &'static str {
    if is_by_year(points) { "par an (années entières)" } else { "par mois" }
}

fn is_by_year(points: &[Plage]) -> bool {
    points.first().is_some_and(|one| one.is_year())
}

/// « novembre 2026 », « 2025 ».
fn name(point: Plage) -> String {
    if point.is_year() { point.bref() } else { point.nom() }
}

/// « 1/26 à 11/26 », « 2021 à 2025 ».
fn name_serie(points: &[Plage]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    if is_by_year(points) { format!("{} à {}", first.bref(), last.bref()) } else { Plage { de: first.de, a: last.a }.bref() }
}

/// Beyond, bars are a table.
const RANGS: usize = 15;

/// The first lines of a table as bars.
pub fn draw_rangs(serree: &Serree<'_>, lignes: &[(String, Valeur)]) -> Option<DessinBilan> {
    // What is hidden has no length.
    let shown: Vec<&(String, Valeur)> = lignes.iter().filter(|(_, valeur)| valeur.is_ok()).take(RANGS).collect();
    if shown.len() < 2 {
        return None;
    }
    let most = shown.iter().filter_map(|(nom, valeur)| Some((nom, valeur.ok()?))).max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let description = format!("Au plus haut\u{a0}: {}, {}.", most.0, say(serree.unite, Ok(most.1)));
    let valeurs: Vec<Valeur> = shown.iter().map(|(_, valeur)| *valeur).collect();
    let rangs = Rangs {
        legende: write_legende(serree, &description),
        noms: shown.into_iter().map(|(nom, _)| nom.clone()).collect(),
        series: vec![Serie { nom: String::new(), valeurs: write_serie(serree.unite, &valeurs) }],
    };
    let svg = if is_whole(serree.unite) { rangs.draw() } else { rangs.draw_dixiemes() };
    Some(write_dessin(serree.titre.clone(), description, svg))
}

/// A map, with its legend that is read without colours. None when nothing of it has a place.
pub fn draw_carte(titre: String, carte: &Carte) -> Option<DessinBilan> {
    let legende: Vec<_> = carte.legende().into_iter().map(|teinte| (write_motif(teinte), carte.label(teinte).to_string())).collect();
    let said: Vec<&str> = legende.iter().map(|(_, words)| words.as_str()).collect();
    let alternative = format!("Carte en classes d’autant de communes. Classes\u{a0}: {}. Le tableau dit chaque nombre.", said.join(" ; "));
    Some(DessinBilan { titre, alternative, svg: Trace::draw(carte)?.svg, legende, mention: MENTION })
}

fn is_whole(unite: Unite) -> bool {
    unite == Unite::Nombre
}

/// Tenths of what is no whole number; what is hidden or cannot be computed is a hole.
fn write_serie(unite: Unite, valeurs: &[Valeur]) -> Vec<Option<i64>> {
    let write = |valeur: f64| match count_dixiemes(unite, valeur) {
        tenths if is_whole(unite) => tenths / 10,
        tenths => tenths,
    };
    valeurs.iter().map(|valeur| valeur.ok().map(write)).collect()
}

fn write_legende(serree: &Serree<'_>, description: &str) -> Legende {
    Legende { cle: serree.cle.into(), titre: serree.titre.clone(), description: description.into() }
}

fn write_dessin(titre: String, alternative: String, svg: String) -> DessinBilan {
    DessinBilan { titre, alternative, svg, legende: vec![], mention: "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicateurs::calcul::Absence;
    use crate::rules::mois::Mois;

    fn points(de: &str, a: &str) -> Vec<Plage> {
        Plage { de: Mois::parse(de).unwrap(), a: Mois::parse(a).unwrap() }.points("2026-11-23".parse().unwrap())
    }

    fn quarter() -> Vec<Plage> {
        points("2026-01", "2026-03")
    }

    fn serree(unite: Unite) -> Serree<'static> {
        Serree { cle: "essai", titre: "Part".into(), unite }
    }

    #[test]
    fn a_share_is_drawn_in_tenths_and_what_is_not_known_is_a_hole() {
        let valeurs = [Ok(12.44), Err(Absence::DivisionParZero), Ok(3.0)];
        let dessin = draw_ligne(&serree(Unite::Pourcent), (&quarter(), &valeurs), None).unwrap();
        assert!(dessin.svg.contains(">12,4</text>") && dessin.svg.contains(">–</text>"), "{}", dessin.svg);
        assert_eq!(dessin.alternative, "De 3,0\u{202f}% en mars 2026 à 12,4\u{202f}% en janvier 2026.");
    }

    #[test]
    fn a_drawing_rounds_as_words_do() {
        for valeur in [5.25, 5.35, 0.05, 12.45, 99.95] {
            let svg = draw_ligne(&serree(Unite::Rapport), (&quarter(), &[Ok(valeur), Ok(1.0), Ok(1.0)]), None).unwrap().svg;
            let said = say(Unite::Rapport, Ok(valeur)).replace(",0", "");
            assert!(svg.contains(&format!(">{said}</text>")), "{said} in {svg}");
        }
    }

    #[test]
    fn a_month_alone_or_nothing_known_is_no_line() {
        assert!(draw_ligne(&serree(Unite::Nombre), (&points("2026-01", "2026-01"), &[Ok(3.0)]), None).is_none());
        assert!(draw_ligne(&serree(Unite::Nombre), (&quarter(), &[Err(Absence::Masque); 3]), None).is_none());
    }

    #[test]
    fn the_other_period_is_drawn_when_it_is_as_long_and_has_something() {
        let count = |avant: &[Valeur]| {
            let other = (quarter(), avant);
            let dessin = draw_ligne(&serree(Unite::Nombre), (&quarter(), &[Ok(3.0); 3]), Some((&other.0, other.1))).unwrap();
            dessin.svg.matches("stroke-dasharray").count()
        };
        assert_eq!((count(&[Ok(1.0); 3]), count(&[Ok(1.0); 2]), count(&[Ok(0.0); 3])), (1, 0, 0));
    }

    #[test]
    fn years_are_drawn_with_the_same_words_and_not_beside_themselves() {
        let (years, before) = (points("2021-06", "2026-08"), points("2020-06", "2025-08"));
        let valeurs = [Ok(12.0), Ok(30.0), Ok(9.0), Ok(15.0)];
        let dessin = draw_ligne(&serree(Unite::Nombre), (&years, &valeurs), Some((&before, &valeurs))).unwrap();
        assert_eq!(dessin.alternative, "De 9 en 2024 à 30 en 2023.");
        assert!(dessin.svg.contains(">2022</text>") && dessin.svg.contains(">2025</text>") && !dessin.svg.contains(">2026</text>"));
        assert_eq!(dessin.svg.matches("stroke-dasharray").count(), 0, "2023 is in both");
        let older = points("2016-06", "2021-08");
        let dessin = draw_ligne(&serree(Unite::Nombre), (&years, &valeurs), Some((&older, &valeurs))).unwrap();
        assert_eq!(dessin.svg.matches("stroke-dasharray").count(), 1);
    }

    #[test]
    fn bars_are_the_fifteen_first_and_a_bar_alone_compares_nothing() {
        let lignes: Vec<(String, Valeur)> = (0..20).map(|rang| (format!("besoin {rang}"), Ok(20.0 - f64::from(rang)))).collect();
        let dessin = draw_rangs(&serree(Unite::Nombre), &lignes).unwrap();
        assert!(dessin.svg.contains("besoin 14<") && !dessin.svg.contains("besoin 15<"), "{}", dessin.svg);
        assert!(draw_rangs(&serree(Unite::Nombre), &lignes[..1]).is_none());
    }
}
