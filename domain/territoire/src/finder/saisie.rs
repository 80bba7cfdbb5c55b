//! The ways a typed text can be understood: a name, a code, a name and where to look for it.

use super::index::Index;
use super::words::{fold, is_digits, is_little, significant};
use crate::{CodeDepartement, CodeInsee, Commune};

/// A restriction typed along with the name.
#[derive(Clone, Debug)]
pub(super) enum Filtre {
    /// The start of a code commune (hence a département number), or of a postal code.
    Nombre(String),
    Departement(CodeDepartement),
}

impl Filtre {
    pub fn admits(&self, commune: &Commune) -> bool {
        match self {
            Self::Departement(code) => commune.departement == *code,
            Self::Nombre(nombre) => {
                let has = |code: &str| code.starts_with(nombre.as_str());
                has(commune.code.as_str()) || commune.codes_postaux.iter().any(|c| has(c.as_str()))
            }
        }
    }
}

/// One way to understand the text: these words, in communes admitted by every filtre.
#[derive(Clone, Debug)]
pub(super) struct Lecture {
    pub mots: Vec<String>,
    pub filtres: Vec<Filtre>,
}

/// The text, understood.
#[derive(Debug, Default)]
pub(super) struct Saisie {
    /// A postal code or a code commune, whole; or its beginning when nothing else is typed.
    pub nombre: Option<String>,
    /// The rest, read as a name: the most literal lecture first.
    pub lectures: Vec<Lecture>,
}

impl Saisie {
    pub fn read(index: &Index, texte: &str) -> Self {
        let mut mots = join_codes(fold(texte));
        let code = mots.iter().position(|mot| is_code(mot));
        let seul = code.or_else(|| (mots.len() == 1 && is_debut_de_code(&mots[0])).then_some(0));
        let nombre = seul.map(|place| mots.remove(place).to_uppercase());
        let filtres = nombre.iter().cloned().map(Filtre::Nombre).collect();
        let lectures = list_lectures(index, Lecture { mots, filtres });
        Self { nombre, lectures }
    }

    /// The same names anywhere, for when the code typed with them is wrong.
    pub fn forget_nombre(&mut self) {
        for lecture in &mut self.lectures {
            let code = self.nombre.as_deref();
            lecture.filtres.retain(|filtre| !matches!(filtre, Filtre::Nombre(n) if Some(n.as_str()) == code));
        }
    }
}

/// « 26 400 » is often written so.
fn join_codes(mots: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(mots.len());
    for mot in mots {
        match joined.last_mut() {
            Some(last) if last.len() == 2 && mot.len() == 3 && is_digits(last) && is_digits(&mot) => {
                last.push_str(&mot);
            }
            _ => joined.push(mot),
        }
    }
    joined
}

fn is_code(mot: &str) -> bool {
    CodeInsee::parse(mot).is_ok()
}

/// « 264 », « 36 », « 2a ».
fn is_debut_de_code(mot: &str) -> bool {
    matches!(mot, "2a" | "2b") || (is_digits(mot) && (2..=4).contains(&mot.len()))
}

fn list_lectures(index: &Index, whole: Lecture) -> Vec<Lecture> {
    // A name has letters: « 7 7 » is not the 7th arrondissement of somewhere.
    if whole.mots.iter().all(|mot| is_digits(mot)) {
        return Vec::new();
    }
    let mut lectures = Vec::with_capacity(3);
    lectures.extend(read_nombre(&whole));
    lectures.extend(read_departement(index, &whole));
    lectures.extend(read_zero(&whole));
    lectures.insert(0, whole);
    lectures
}

/// « le blanc 36 ».
fn read_nombre(whole: &Lecture) -> Option<Lecture> {
    let place = whole.mots.iter().position(|mot| is_debut_de_code(mot))?;
    let mut lecture = whole.clone();
    let nombre = lecture.mots.remove(place);
    lecture.filtres.push(Filtre::Nombre(nombre.to_uppercase()));
    (!lecture.mots.is_empty()).then_some(lecture)
}

/// « lyon 03 », as La Poste writes arrondissements.
fn read_zero(whole: &Lecture) -> Option<Lecture> {
    let is_zero = |mot: &String| mot.len() == 2 && mot.starts_with('0') && is_digits(mot);
    let place = whole.mots.iter().position(is_zero)?;
    let mut lecture = whole.clone();
    lecture.mots[place].remove(0);
    Some(lecture)
}

/// « le blanc indre », « val d’oise argenteuil ».
fn read_departement(index: &Index, whole: &Lecture) -> Vec<Lecture> {
    let mots = &whole.mots;
    let cuts = (1..mots.len()).flat_map(|cut| {
        let (before, after) = mots.split_at(cut);
        [(before, after), (after, before)]
    });
    let mut lectures = Vec::new();
    for (nom, departement) in cuts {
        let Some(code) = find_departement(index, departement) else {
            continue;
        };
        let mut lecture = Lecture { mots: nom.to_vec(), ..whole.clone() };
        lecture.filtres.push(Filtre::Departement(code));
        trim_little(&mut lecture.mots);
        lectures.push(lecture);
    }
    lectures
}

fn find_departement(index: &Index, mots: &[String]) -> Option<CodeDepartement> {
    // « le blanc | l’indre » and « le blanc dans | indre » would otherwise be two readings.
    if mots.first().is_some_and(|mot| is_little(mot)) {
        return None;
    }
    let mots = significant(mots.iter().map(String::as_str));
    let mut departements = index.departements.iter();
    departements.find(|(nom, _)| *nom == mots).map(|(_, code)| *code)
}

/// « livron sur | drome »: what is left hanging is not part of the name.
fn trim_little(mots: &mut Vec<String>) {
    while mots.len() > 1 && mots.last().is_some_and(|mot| is_little(mot)) {
        mots.pop();
    }
}
