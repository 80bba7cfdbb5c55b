//! Bars that lie under their names: what is asked the most first, with last year's under it.

use super::echelle::Echelle;
use super::{Dessin, Ecriture, LARGEUR, Legende, Serie, Trait, shorten};

/// One line a name; under it a bar for each set of values.
#[derive(Clone, Debug, Default)]
pub struct Rangs {
    pub legende: Legende,
    pub noms: Vec<String>,
    pub series: Vec<Serie>,
}

const HAUT: i64 = 24;
const NOM: i64 = 18;
const BARRE: i64 = 13;
/// At the end of a bar, for its number.
const NOMBRE: i64 = 60;

impl Rangs {
    pub fn draw(&self) -> String {
        self.draw_written(Ecriture::Entiers)
    }

    /// Its values are tenths.
    pub fn draw_dixiemes(&self) -> String {
        self.draw_written(Ecriture::Dixiemes)
    }

    fn draw_written(&self, ecriture: Ecriture) -> String {
        let count = |len: usize| i64::try_from(len).unwrap_or_default();
        let etage = NOM + BARRE * count(self.series.len()) + 6;
        let mut dessin = Dessin::open(&self.legende, HAUT + etage * count(self.noms.len()).max(1)).written(ecriture);
        dessin.names(self.series.iter().map(|serie| serie.nom.as_str()));
        let echelle = Echelle::new(self.series.iter().flat_map(|serie| serie.valeurs.iter().flatten().copied()), LARGEUR - NOMBRE);
        for (rang, nom) in self.noms.iter().enumerate() {
            let y = HAUT + etage * count(rang);
            dessin.text((0, y + NOM - 5), "start", &shorten(nom, 66));
            for (order, serie) in self.series.iter().enumerate() {
                let valeur = serie.valeurs.get(rang).copied().flatten();
                let (top, length) = (y + NOM + BARRE * count(order), echelle.place(valeur.unwrap_or_default()));
                dessin.bar((1, top), (length, BARRE - 2), Trait::of(order));
                let written = dessin.write(valeur);
                dessin.text((length + 7, top + BARRE - 2), "start", &written);
            }
        }
        dessin.close()
    }
}
