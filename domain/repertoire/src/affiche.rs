//! The poster of a commune: who comes there, on one page, and the one number to call.

use edition::{Document, rediger};
use kit::Result;
use serde_json::{Value, json};
use territoire::Commune;
use ui::format::typographie;

use crate::papier::{Maquette, dire_ligne, draw_qr};
use crate::rules::livre::{Entree, Livre};
use crate::rules::texte::abreger;

const MODELE: &str = include_str!("../modeles/affiche.typ");

/// Lines that a page holds, in two columns, at each size of letters: the largest that has room for all of them is taken.
const PLACES: [(usize, f64); 4] = [(66, 14.0), (80, 12.0), (94, 10.5), (112, 9.0)];
/// A title takes the place of two lines.
const TITRE: usize = 2;
/// Signs of a name that one line holds, beside a telephone.
const SIGNES: usize = 24;

/// In the place of a telephone that is not printed.
const LIGNE: &str = "ligne unique";

/// What a part shows on the poster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RubriqueAffichee {
    pub titre: String,
    /// A name, and its telephone when it has one.
    pub lignes: Vec<(String, String)>,
    pub omises: usize,
}

/// Who reaches the commune of this rank in the book, part by part, and the size of letters in points: never more than a page holds.
pub fn choose(livre: &Livre, commune: usize) -> (Vec<RubriqueAffichee>, f64) {
    let mut rubriques: Vec<RubriqueAffichee> = vec![];
    for une in &livre.rubriques {
        let here = une.entrees.iter().filter(|entree| entree.reaches(commune));
        let line = |entree: &Entree| (entree.nom.clone(), entree.telephones.first().cloned().unwrap_or_default());
        let lignes: Vec<(String, String)> = here.map(line).collect();
        if !lignes.is_empty() {
            rubriques.push(RubriqueAffichee { titre: une.titre.clone(), lignes, omises: 0 });
        }
    }
    let fits = |rubriques: &[RubriqueAffichee], place: usize| count_lines(rubriques) <= place;
    let (most, smallest) = PLACES[PLACES.len() - 1];
    while !fits(&rubriques, most) {
        // The longest part gives a line, so that every part keeps some.
        let Some(longest) = rubriques.iter_mut().max_by_key(|one| one.lignes.len()).filter(|one| one.lignes.len() > 1) else { break };
        longest.lignes.pop();
        longest.omises += 1;
    }
    if !fits(&rubriques, most) {
        // So many parts that each has one line: that line is then one.
        for (nom, _) in rubriques.iter_mut().flat_map(|one| &mut one.lignes) {
            *nom = abreger(nom, SIGNES);
        }
    }
    let corps = PLACES.iter().find(|(place, _)| fits(&rubriques, *place)).map_or(smallest, |(_, corps)| *corps);
    (rubriques, corps)
}

fn count_lines(rubriques: &[RubriqueAffichee]) -> usize {
    rubriques.iter().map(RubriqueAffichee::count_lines).sum()
}

impl RubriqueAffichee {
    fn count_lines(&self) -> usize {
        let names: usize = self.lignes.iter().map(|(nom, _)| nom.chars().count().div_ceil(SIGNES).max(1)).sum();
        TITRE + names + usize::from(self.omises > 0)
    }
}

/// In how many parts the first column ends: as near as can be to the half.
fn cut(rubriques: &[RubriqueAffichee]) -> usize {
    let gap = |first: usize| {
        let (left, right) = rubriques.split_at(first);
        count_lines(left).abs_diff(count_lines(right))
    };
    (0..=rubriques.len()).min_by_key(|first| gap(*first)).unwrap_or_default()
}

/// The poster as a PDF of one page; `rang` is the place of the commune in the book.
pub async fn write_affiche(maquette: Maquette<'_>, (commune, rang): (&Commune, usize)) -> Result<Vec<u8>> {
    let donnees = write(maquette, commune, &choose(maquette.livre, rang));
    rediger(Document { modele: MODELE, donnees, dessins: vec![draw_qr(maquette.adresse).into()] }).await
}

fn write(maquette: Maquette<'_>, commune: &Commune, (rubriques, corps): &(Vec<RubriqueAffichee>, f64)) -> Value {
    let ligne = dire_ligne(maquette.territoire);
    let (left, right) = rubriques.split_at(cut(rubriques));
    // Who gives no number is reached by the ligne unique, whose number is written large.
    let write_numero = |telephone: &str| match &ligne {
        Some(_) if telephone.is_empty() => LIGNE.to_string(),
        _ => telephone.replace(' ', "\u{a0}"),
    };
    let write_rubrique = |one: &RubriqueAffichee| {
        let lignes: Vec<[String; 2]> = one.lignes.iter().map(|(nom, telephone)| [typographie(nom), write_numero(telephone)]).collect();
        json!({ "titre": typographie(&one.titre), "lignes": lignes, "omises": one.omises })
    };
    let colonnes = [left, right].map(|column| column.iter().map(write_rubrique).collect::<Vec<_>>());
    json!({
        "titre": typographie(&format!("Qui peut venir {} ?", commune.a())),
        "sous_titre": "Aide à la maison, aux personnes, aux enfants, pour se déplacer ou pour vos papiers.",
        "territoire": maquette.territoire.nom,
        "annee": maquette.edition.annee.to_string(),
        "corps": corps,
        "colonnes": colonnes,
        "telephone": ligne.as_ref().map(|(telephone, _)| telephone),
        "horaires": ligne.as_ref().map(|(_, horaires)| horaires.as_str()).unwrap_or_default(),
        "qr": !maquette.adresse.is_empty(),
        "adresse": maquette.adresse,
    })
}
