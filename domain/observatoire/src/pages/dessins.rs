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

/// Beyond, months are too many to be read.
const MOIS: usize = 36;

/// A line through the months, and the line of what they are compared with, when that one is as long. None with fewer than two points.
pub fn draw_mois(serree: &Serree<'_>, (plage, valeurs): (Plage, &[Valeur]), avant: Option<(&str, &[Valeur])>) -> Option<DessinBilan> {
    if !(2..=MOIS).contains(&valeurs.len()) {
        return None;
    }
    let places: Vec<String> = plage.months().map(|mois| mois.bref()).collect();
    let known = || plage.months().zip(valeurs).filter_map(|(mois, valeur)| Some((mois, valeur.ok()?)));
    let most = known().max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let least = known().min_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let (unite, tells) = (serree.unite, |valeur: f64| say(serree.unite, Ok(valeur)));
    let description = format!("De {} en {} à {} en {}.", tells(least.1), least.0.nom(), tells(most.1), most.0.nom());
    let mut series = vec![Serie { nom: plage.bref(), valeurs: write_serie(unite, valeurs) }];
    series.extend(
        avant
            .filter(|(_, valeurs)| valeurs.len() == places.len() && valeurs.iter().any(|valeur| valeur.is_ok_and(|valeur| valeur != 0.0)))
            .map(|(nom, valeurs)| Serie { nom: nom.to_string(), valeurs: write_serie(unite, valeurs) }),
    );
    let courbes = Courbes { legende: write_legende(serree, &description), places, series };
    let svg = if is_whole(unite) { courbes.draw() } else { courbes.draw_dixiemes() };
    Some(write_dessin(serree.titre.clone(), description, svg))
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

    fn plage() -> Plage {
        Plage { de: Mois::parse("2026-01").unwrap(), a: Mois::parse("2026-03").unwrap() }
    }

    fn serree(unite: Unite) -> Serree<'static> {
        Serree { cle: "essai", titre: "Part".into(), unite }
    }

    #[test]
    fn a_share_is_drawn_in_tenths_and_what_is_not_known_is_a_hole() {
        let valeurs = [Ok(12.44), Err(Absence::DivisionParZero), Ok(3.0)];
        let dessin = draw_mois(&serree(Unite::Pourcent), (plage(), &valeurs), None).unwrap();
        assert!(dessin.svg.contains(">12,4</text>") && dessin.svg.contains(">–</text>"), "{}", dessin.svg);
        assert_eq!(dessin.alternative, "De 3,0\u{202f}% en mars 2026 à 12,4\u{202f}% en janvier 2026.");
    }

    #[test]
    fn a_drawing_rounds_as_words_do() {
        for valeur in [5.25, 5.35, 0.05, 12.45, 99.95] {
            let svg = draw_mois(&serree(Unite::Rapport), (plage(), &[Ok(valeur), Ok(1.0), Ok(1.0)]), None).unwrap().svg;
            let said = say(Unite::Rapport, Ok(valeur)).replace(",0", "");
            assert!(svg.contains(&format!(">{said}</text>")), "{said} in {svg}");
        }
    }

    #[test]
    fn a_month_alone_or_nothing_known_is_no_line() {
        assert!(draw_mois(&serree(Unite::Nombre), (Plage { a: plage().de, ..plage() }, &[Ok(3.0)]), None).is_none());
        assert!(draw_mois(&serree(Unite::Nombre), (plage(), &[Err(Absence::Masque); 3]), None).is_none());
    }

    #[test]
    fn the_other_period_is_drawn_when_it_is_as_long_and_has_something() {
        let count = |avant: &[Valeur]| {
            let dessin = draw_mois(&serree(Unite::Nombre), (plage(), &[Ok(3.0); 3]), Some(("avant", avant))).unwrap();
            dessin.svg.matches("stroke-dasharray").count()
        };
        assert_eq!((count(&[Ok(1.0); 3]), count(&[Ok(1.0); 2]), count(&[Ok(0.0); 3])), (1, 0, 0));
    }

    #[test]
    fn bars_are_the_fifteen_first_and_a_bar_alone_compares_nothing() {
        let lignes: Vec<(String, Valeur)> = (0..20).map(|rang| (format!("besoin {rang}"), Ok(20.0 - f64::from(rang)))).collect();
        let dessin = draw_rangs(&serree(Unite::Nombre), &lignes).unwrap();
        assert!(dessin.svg.contains("besoin 14<") && !dessin.svg.contains("besoin 15<"), "{}", dessin.svg);
        assert!(draw_rangs(&serree(Unite::Nombre), &lignes[..1]).is_none());
    }
}
