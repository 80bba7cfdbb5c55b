//! Bars that stand beside one another: each month of a year, with last year's.

use super::echelle::Echelle;
use super::{Dessin, LARGEUR, Legende, Serie, Trait};

/// One bar a place and a set of values: this year's, then last year's.
#[derive(Clone, Debug, Default)]
pub struct Barres {
    pub legende: Legende,
    pub places: Vec<String>,
    pub series: Vec<Serie>,
}

pub(super) const HAUTEUR: i64 = 240;
pub(super) const HAUT: i64 = 40;
pub(super) const BAS: i64 = 22;
pub(super) const GAUCHE: i64 = 40;

impl Barres {
    pub fn draw(&self) -> String {
        let mut dessin = Dessin::open(&self.legende, HAUTEUR);
        let echelle = Echelle::new(self.series.iter().flat_map(|serie| serie.valeurs.iter().flatten().copied()), HAUTEUR - HAUT - BAS);
        dessin.names(self.series.iter().map(|serie| serie.nom.as_str()));
        draw_axis(&mut dessin, echelle);
        let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX).max(1);
        let step = (LARGEUR - GAUCHE) / count(self.places.len());
        let width = (step - 6).max(2) / count(self.series.len());
        for (x, (rang, place)) in (GAUCHE..).step_by(usize::try_from(step.max(1)).unwrap_or(1)).zip(self.places.iter().enumerate()) {
            dessin.text((x + step / 2, HAUTEUR - 6), "middle", place);
            // This year's stands on the right of last year's: time goes that way.
            for (order, serie) in self.series.iter().enumerate() {
                let left = x + 3 + width * count_before(self.series.len(), order);
                let valeur = serie.valeurs.get(rang).copied().flatten();
                let height = echelle.place(valeur.unwrap_or_default());
                dessin.bar((left, HAUTEUR - BAS - height), (width - 1, height), Trait::of(order));
                if order == 0 && valeur != Some(0) {
                    let written = dessin.write(valeur);
                    dessin.text((left + width / 2, HAUTEUR - BAS - height - 4), "middle", &written);
                }
            }
        }
        dessin.close()
    }
}

fn count_before(series: usize, order: usize) -> i64 {
    i64::try_from(series.saturating_sub(order + 1)).unwrap_or_default()
}

/// The scale on the left, with a light line at each step.
pub(super) fn draw_axis(dessin: &mut Dessin<'_>, echelle: Echelle) {
    for valeur in echelle.graduations() {
        let y = HAUTEUR - BAS - echelle.place(valeur);
        dessin.line((GAUCHE, y), (LARGEUR, y), if valeur == 0 { "1" } else { ".25" });
        let written = dessin.write(Some(valeur));
        dessin.text((GAUCHE - 5, y + 4), "end", &written);
    }
}
