//! A file of places (CSV, XLSX, ODS), by its titles: all of it is taken, or none and each wrong cell is said.

use annuaire::import::{Feuille, read_feuille};
use kit::text::fold;
use kit::{FieldErrors, Id, Instant};
use territoire::Territoire;

use super::import::{DITES, LIGNES, is_known, read_nature};
use super::saisie::{PointInput, read_point};
use crate::distribution::Point;

const NOM: usize = 0;
const NATURE: usize = 1;
const COMMUNE: usize = 2;
/// A field of the form of a place, its title, and what else people call it.
const COLONNES: [(&str, &str, &[&str]); 7] = [
    ("nom", "Nom", &["lieu", "point", "nom du lieu", "etablissement"]),
    ("nature", "Nature", &["type", "categorie"]),
    ("commune", "Commune", &["ville", "code insee", "insee"]),
    ("adresse", "Adresse", &["rue", "voie"]),
    ("eleves", "Élèves", &["effectif", "effectifs", "nombre d eleves"]),
    ("tournee", "Tournée", &[]),
    ("ordre", "Rang", &["ordre", "rang dans la tournee"]),
];

/// A file that was sent, and its name.
pub struct Fichier {
    nom: String,
    feuille: Feuille,
}

impl Fichier {
    /// Opens it; heavy for a workbook.
    pub fn open(nom: String, contenu: &[u8]) -> Result<Self, FieldErrors> {
        match read_feuille(contenu, &nom) {
            Ok(feuille) => Ok(Self { nom, feuille }),
            Err(why) => Err(Refus::of(&nom).say((why.ligne, &why.colonne), &why.conseil).end()),
        }
    }
}

/// Places of a file, those that are already `known` (same name, same commune) left out.
pub fn read_fichier(
    Fichier { nom, feuille }: &Fichier,
    known: &[Point],
    (territoire, now): (&Territoire, Instant),
) -> Result<Vec<Point>, FieldErrors> {
    let mut refus = Refus::of(nom);
    let places = find_places(feuille, &mut refus);
    if feuille.rangees.len() > LIGNES {
        refus.say((0, ""), &format!("plus de {} lignes : découpez-le", ui::format::nombre(LIGNES)));
    }
    let mut points: Vec<Point> = vec![];
    if refus.errors.is_empty() {
        for (ligne, cells) in &feuille.rangees {
            match read_point(&read_input(cells, &places), Id::new(now), territoire) {
                Ok(point) if is_known(&point, known) || is_known(&point, &points) => {}
                Ok(point) => points.push(point),
                Err(errors) => errors.iter().for_each(|one| {
                    let titre =
                        places.iter().position(|colonne| name_of(*colonne) == Some(one.field)).and_then(|at| feuille.titres.get(at));
                    refus.say((*ligne, titre.map_or("", |titre| titre.trim())), &one.message);
                }),
            }
        }
    }
    if refus.errors.is_empty() { Ok(points) } else { Err(refus.end()) }
}

/// What is wrong with a file, the first of them said one by one.
struct Refus<'a> {
    fichier: &'a str,
    errors: FieldErrors,
    unsaid: usize,
}

impl<'a> Refus<'a> {
    fn of(fichier: &'a str) -> Self {
        Self { fichier, errors: FieldErrors::default(), unsaid: 0 }
    }

    /// « points.csv, ligne 3, colonne Commune : … »; line 0 is the whole file.
    fn say(&mut self, (ligne, colonne): (u64, &str), why: &str) -> &mut Self {
        if self.errors.iter().count() >= DITES {
            self.unsaid += 1;
            return self;
        }
        let ligne = if ligne > 0 { format!(", ligne {ligne}") } else { String::new() };
        let colonne = if colonne.is_empty() { String::new() } else { format!(", colonne « {colonne} »") };
        self.errors.add("fichier", format!("{}{ligne}{colonne} : {why}", self.fichier));
        self
    }

    fn end(&mut self) -> FieldErrors {
        if self.unsaid > 0 {
            self.errors.add("fichier", format!("… et {}", ui::format::compte(self.unsaid, "autre erreur", "autres erreurs")));
        }
        std::mem::take(&mut self.errors)
    }
}

fn name_of(colonne: Option<usize>) -> Option<&'static str> {
    COLONNES.get(colonne?).map(|(field, ..)| *field)
}

/// What each column of the file says. One that nothing reads is refused, unless it is empty: what it says would be lost.
fn find_places(feuille: &Feuille, refus: &mut Refus<'_>) -> Vec<Option<usize>> {
    let widest = feuille.rangees.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default().max(feuille.titres.len());
    let mut places: Vec<Option<usize>> = vec![];
    for place in 0..widest {
        let titre = feuille.titres.get(place).map(|titre| titre.trim()).unwrap_or_default();
        let found = recognise(titre);
        let filled = feuille.rangees.iter().find(|(_, cells)| cells.get(place).is_some_and(|cell| !cell.trim().is_empty()));
        match (found, filled) {
            (Some(_), _) if places.contains(&found) => {
                refus.say((0, titre), "une autre colonne dit déjà la même chose : gardez-en une");
            }
            (None, Some((ligne, _))) if titre.is_empty() => {
                let why = format!("la case {} est remplie, et sa colonne n’a pas de titre", place + 1);
                refus.say((*ligne, ""), &why);
            }
            (None, Some(_)) => {
                refus
                    .say((0, titre), &format!("ce titre n’est pas connu : retirez la colonne, ou prenez un titre parmi {}", list_titres()));
            }
            _ => {}
        }
        places.push(found);
    }
    for needed in [NOM, NATURE, COMMUNE] {
        if !places.contains(&Some(needed)) {
            let titre = COLONNES.get(needed).map(|(_, titre, _)| *titre).unwrap_or_default();
            refus.say((0, titre), "elle manque : la première ligne donne les titres");
        }
    }
    places
}

fn recognise(titre: &str) -> Option<usize> {
    let folded = fold(titre);
    COLONNES.iter().position(|(_, own, others)| fold(own) == folded || others.contains(&folded.as_str()))
}

/// « Nom, Nature, Commune… », for a page.
pub fn list_titres() -> String {
    COLONNES.map(|(_, titre, _)| titre).join(", ")
}

fn read_input(cells: &[String], places: &[Option<usize>]) -> PointInput {
    let cell = |wanted: &str| {
        let place = places.iter().position(|colonne| name_of(*colonne) == Some(wanted));
        place.and_then(|place| cells.get(place)).map(|cell| cell.trim().to_string()).unwrap_or_default()
    };
    PointInput {
        nom: cell("nom"),
        nature: read_nature(&cell("nature")),
        commune: cell("commune"),
        adresse: cell("adresse"),
        eleves: cell("eleves"),
        tournee: cell("tournee"),
        ordre: cell("ordre"),
    }
}
