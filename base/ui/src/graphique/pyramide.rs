//! Two sets of values back to back: women on the left, men on the right, an age band a line.

use super::echelle::Echelle;
use super::{Dessin, LARGEUR, Legende, Trait, shorten};

/// A line of a pyramid: its name, what stands on the left and on the right.
pub type Etage = (String, Option<i64>, Option<i64>);

/// The first line is the lowest.
#[derive(Clone, Debug, Default)]
pub struct Pyramide {
    pub legende: Legende,
    pub gauche: String,
    pub droite: String,
    pub etages: Vec<Etage>,
}

/// Between both sides, for the names.
const MILIEU: i64 = 130;
const ETAGE: i64 = 28;
const HAUT: i64 = 28;
/// At the end of a bar, for its number.
const NOMBRE: i64 = 40;

impl Pyramide {
    pub fn draw(&self) -> String {
        let hauteur = HAUT + ETAGE * i64::try_from(self.etages.len()).unwrap_or_default().max(1) + 4;
        let mut dessin = Dessin::open(&self.legende, hauteur);
        let (left, right) = ((LARGEUR - MILIEU) / 2, (LARGEUR + MILIEU) / 2);
        dessin.text((left, 16), "end", &self.gauche);
        dessin.text((right, 16), "start", &self.droite);
        let all = self.etages.iter().flat_map(|(_, one, other)| [*one, *other]).flatten();
        let echelle = Echelle::new(all, left - NOMBRE);
        for (rang, (nom, one, other)) in (0_i64..).zip(self.etages.iter().rev()) {
            let y = HAUT + ETAGE * rang;
            dessin.text((LARGEUR / 2, y + 17), "middle", &shorten(nom, 20));
            let (to_left, to_right) = (echelle.place(one.unwrap_or_default()), echelle.place(other.unwrap_or_default()));
            dessin.bar((left - to_left, y + 3), (to_left, ETAGE - 8), Trait::Plein);
            let written = dessin.write(*one);
            dessin.text((left - to_left - 5, y + 17), "end", &written);
            dessin.bar((right, y + 3), (to_right, ETAGE - 8), Trait::Hachure);
            let written = dessin.write(*other);
            dessin.text((right + to_right + 5, y + 17), "start", &written);
        }
        dessin.close()
    }
}
