//! Lines through time: the first full with round marks, the others dashed with square ones.

use std::fmt::Write;

use super::barres::{BAS, GAUCHE, HAUT, HAUTEUR, draw_axis};
use super::echelle::Echelle;
use super::{Dessin, Ecriture, LARGEUR, Legende, Serie, largeur};

/// One line a set of values; a value that is missing cuts the line. Where places are too many for their names or their numbers, one
/// in so many is written: the table beside has them all.
#[derive(Clone, Debug, Default)]
pub struct Courbes {
    pub legende: Legende,
    pub places: Vec<String>,
    pub series: Vec<Serie>,
}

impl Courbes {
    pub fn draw(&self) -> String {
        self.draw_written(Ecriture::Entiers)
    }

    /// Its values are tenths.
    pub fn draw_dixiemes(&self) -> String {
        self.draw_written(Ecriture::Dixiemes)
    }

    fn draw_written(&self, ecriture: Ecriture) -> String {
        let mut dessin = Dessin::open(&self.legende, HAUTEUR).written(ecriture);
        let echelle = Echelle::new(self.series.iter().flat_map(|serie| serie.valeurs.iter().flatten().copied()), HAUTEUR - HAUT - BAS);
        dessin.names(self.series.iter().map(|serie| serie.nom.as_str()));
        draw_axis(&mut dessin, echelle);
        let pas = self.fit(self.places.iter().map(|place| largeur(place)).max());
        for (rang, place) in self.places.iter().enumerate().step_by(pas) {
            dessin.text((self.across(rang), HAUTEUR - 6), "middle", place);
        }
        for (order, serie) in self.series.iter().enumerate().rev() {
            self.draw_serie(&mut dessin, echelle, (order, serie));
        }
        dessin.close()
    }

    /// How many places a text as wide as this takes.
    fn fit(&self, widest: Option<i64>) -> usize {
        let places = i64::try_from(self.places.len()).unwrap_or(1);
        let taken = (widest.unwrap_or_default().saturating_add(4)).saturating_mul(places) / (LARGEUR - GAUCHE) + 1;
        usize::try_from(taken).unwrap_or(1).max(1)
    }

    /// The middle of a place.
    fn across(&self, rang: usize) -> i64 {
        let (rang, count) = (i64::try_from(rang).unwrap_or_default(), i64::try_from(self.places.len()).unwrap_or(1).max(1));
        GAUCHE + (LARGEUR - GAUCHE) * (2 * rang + 1) / (2 * count)
    }

    /// Its line, then its marks and its numbers: nothing crosses what is to be read.
    fn draw_serie(&self, dessin: &mut Dessin<'_>, echelle: Echelle, (order, serie): (usize, &Serie)) {
        let dashes = if order == 0 { "" } else { r#" stroke-dasharray="5 4""# };
        let path = self.write_path(echelle, serie);
        let _infallible = write!(dessin.svg, r#"<path d="{path}" fill="none" stroke="currentColor" stroke-width="2"{dashes}/>"#);
        let pas = self.fit(serie.valeurs.iter().map(|valeur| largeur(&dessin.write(*valeur))).max());
        for (rang, valeur) in serie.valeurs.iter().enumerate().take(self.places.len()) {
            let x = self.across(rang);
            let Some(valeur) = valeur else {
                dessin.text((x, HAUTEUR - BAS - 6), "middle", "–");
                continue;
            };
            let y = HAUTEUR - BAS - echelle.place(*valeur);
            let _infallible = match order {
                0 => write!(dessin.svg, r#"<circle cx="{x}" cy="{y}" r="4" fill="currentColor"/>"#),
                _ => write!(dessin.svg, r#"<path d="M{} {}h6v6h-6z" fill="none" stroke="currentColor"/>"#, x - 3, y - 3),
            };
            if order == 0 && rang % pas == 0 {
                let written = dessin.write(Some(*valeur));
                dessin.text((x, y - 8), "middle", &written);
            }
        }
    }

    /// From one known value to the next; cut where one is missing.
    fn write_path(&self, echelle: Echelle, serie: &Serie) -> String {
        let (mut path, mut is_cut) = (String::new(), true);
        for (rang, valeur) in serie.valeurs.iter().enumerate().take(self.places.len()) {
            if let Some(valeur) = valeur {
                let (x, y) = (self.across(rang), HAUTEUR - BAS - echelle.place(*valeur));
                let _infallible = write!(path, "{}{x} {y}", if is_cut { "M" } else { "L" });
            }
            is_cut = valeur.is_none();
        }
        path
    }
}
