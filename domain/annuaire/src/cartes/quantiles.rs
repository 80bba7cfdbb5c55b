//! A map of values: the communes in five classes of as many each, or fewer when many have the same value.

use territoire::Commune;

use super::{Carte, CommuneTracee, Ligne, Quintile, Tableau, Teinte};

/// What is known of a commune.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Valeur {
    Connue(f64),
    /// Its formula divides by nought, or by what nobody knows: it is not nought.
    NonCalculable,
    /// Too small to be told to whoever reads this map.
    Masquee,
}

/// A map of values to be drawn.
#[derive(Clone, Debug)]
pub struct CarteDeValeurs {
    pub titre: String,
    pub phrases: Vec<String>,
    pub intitule: &'static str,
    pub colonnes: &'static [&'static str],
    pub valeurs: Vec<(&'static Commune, Valeur)>,
}

/// The values that each class goes from and to, the smallest first. Communes of one value are in one class; a class without any is left out.
pub fn classify(valeurs: &[Valeur]) -> Vec<(Quintile, f64, f64)> {
    let mut known: Vec<f64> = valeurs.iter().filter_map(|valeur| valeur.known()).collect();
    known.sort_by(f64::total_cmp);
    let mut classes: Vec<(usize, f64, f64)> = vec![];
    for value in known.iter().copied() {
        // Where the first of its equals stands.
        let rank = 5 * known.partition_point(|other| *other < value) / known.len();
        match classes.last_mut().filter(|(last, _, _)| *last == rank) {
            Some((_, _, most)) => *most = value,
            None => classes.push((rank, value, value)),
        }
    }
    let places = spread(classes.len());
    classes.into_iter().zip(places).map(|((_, least, most), quintile)| (quintile, least, most)).collect()
}

/// Fewer than five classes keep the ends of the scale: what differs looks different.
fn spread(classes: usize) -> Vec<Quintile> {
    let [one, two, three, four, five] = Quintile::ALL;
    match classes {
        0 => vec![],
        1 => vec![three],
        2 => vec![one, five],
        3 => vec![one, three, five],
        4 => vec![one, two, four, five],
        _ => vec![one, two, three, four, five],
    }
}

impl Valeur {
    fn known(self) -> Option<f64> {
        match self {
            Self::Connue(value) if value.is_finite() => Some(value),
            _ => None,
        }
    }

    fn teinte(self, classes: &[(Quintile, f64, f64)]) -> Teinte {
        let within = |value: f64| classes.iter().find(|(_, _, most)| value <= *most).map(|(quintile, _, _)| Teinte::Classe(*quintile));
        match self {
            Self::Masquee => Teinte::Masquee,
            _ => self.known().and_then(within).unwrap_or(Teinte::NonCalculable),
        }
    }
}

/// The map; `write` says a value with its unit: « 3,1 pour 1 000 habitants ».
pub fn map_valeurs(asked: CarteDeValeurs, write: impl Fn(f64) -> String) -> Carte {
    let CarteDeValeurs { titre, phrases, intitule, colonnes, mut valeurs } = asked;
    valeurs.sort_by(|(one, valeur), (other, autre)| {
        let rank = |valeur: Valeur| valeur.known().unwrap_or(f64::NEG_INFINITY);
        rank(*autre).total_cmp(&rank(*valeur)).then_with(|| one.nom.cmp(&other.nom))
    });
    let classes = classify(&valeurs.iter().map(|(_, valeur)| *valeur).collect::<Vec<_>>());
    let say = |valeur: Valeur| match (valeur, valeur.known()) {
        (Valeur::Masquee, _) => "masqué".to_string(),
        (_, Some(value)) => write(value),
        (_, None) => Teinte::NonCalculable.label().to_string(),
    };
    let ligne = |(commune, valeur): &(&'static Commune, Valeur)| Ligne {
        vers: None,
        is_forte: false,
        cellules: vec![commune.nom_complet(), ui::format::nombre(commune.population), say(*valeur)],
    };
    let tracee = |(commune, valeur): &(&'static Commune, Valeur)| CommuneTracee {
        commune,
        teinte: valeur.teinte(&classes),
        dit: format!("{}\u{a0}: {}", commune.nom, say(*valeur)),
    };
    Carte {
        titre,
        phrases,
        communes: valeurs.iter().map(tracee).collect(),
        lieux: vec![],
        tableau: Tableau::write(intitule, colonnes, &valeurs, ligne),
        classes: classes.iter().map(|(quintile, least, most)| (*quintile, say_bounds(&write, (*least, *most)))).collect(),
    }
}

fn say_bounds(write: &impl Fn(f64) -> String, (least, most): (f64, f64)) -> String {
    let (from, to) = (write(least), write(most));
    if from == to { from } else { format!("de {from} à {to}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cartes::Trace;
    use territoire::Referentiel;

    fn bounds(valeurs: &[f64]) -> Vec<(f64, f64)> {
        let valeurs: Vec<Valeur> = valeurs.iter().copied().map(Valeur::Connue).collect();
        classify(&valeurs).into_iter().map(|(_, least, most)| (least, most)).collect()
    }

    #[test]
    fn ten_communes_make_five_pairs() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(bounds(&values), [(1.0, 2.0), (3.0, 4.0), (5.0, 6.0), (7.0, 8.0), (9.0, 10.0)]);
    }

    #[test]
    fn equal_values_stay_together_and_empty_classes_are_left_out() {
        assert_eq!(bounds(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 4.0, 9.0]), [(0.0, 0.0), (3.0, 3.0), (4.0, 9.0)][..]);
        assert_eq!(bounds(&[2.0, 2.0, 2.0]), [(2.0, 2.0)]);
        assert_eq!(bounds(&[]), []);
        assert_eq!(
            classify(&[Valeur::Connue(2.0), Valeur::Connue(8.0)]).iter().map(|one| one.0).collect::<Vec<_>>(),
            [Quintile::Premier, Quintile::Cinquieme]
        );
    }

    #[test]
    fn what_cannot_be_counted_and_what_is_hidden_are_apart_and_never_nought() {
        let communes: Vec<u16> = (0..5).collect();
        let valeurs = [Valeur::Connue(1.5), Valeur::NonCalculable, Valeur::Masquee, Valeur::Connue(f64::NAN), Valeur::Connue(4.0)];
        let carte = map_valeurs(
            CarteDeValeurs {
                titre: "Demandes".into(),
                phrases: vec![],
                intitule: "Communes",
                colonnes: &["Commune", "Habitants", "Demandes"],
                valeurs: communes.iter().filter_map(|rang| Referentiel::get().commune(*rang)).zip(valeurs).collect(),
            },
            |value| format!("{value} pour 1 000"),
        );
        let said: Vec<&str> = carte.legende().into_iter().map(|teinte| carte.label(teinte)).collect();
        assert_eq!(said, ["1.5 pour 1 000", "4 pour 1 000", "non calculable", "masqué : trop peu pour être publié"]);
        assert_eq!(carte.communes.iter().filter(|one| one.teinte == Teinte::NonCalculable).count(), 2, "not a number is not counted");
        let svg = Trace::draw(&carte).unwrap().svg;
        assert!(svg.contains("motif-non_calculable") && svg.contains("motif-masquee"), "{svg}");
    }

    #[test]
    fn the_more_the_value_the_more_the_ink() {
        let ink = |quintile| match Teinte::Classe(quintile).hachure() {
            Some((hachure, _)) => hachure.trame().1 / hachure.trame().0,
            None => {
                if quintile == Quintile::Cinquieme {
                    1.0
                } else {
                    0.0
                }
            }
        };
        let inks: Vec<f64> = Quintile::ALL.into_iter().map(ink).collect();
        assert!(inks.windows(2).all(|pair| pair[0] < pair[1]), "{inks:?}");
    }
}
