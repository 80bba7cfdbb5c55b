//! What people type of an edition, read and refused field by field.

use chrono::NaiveDate;
use kit::{FieldErrors, Id, text};

use annuaire::besoin::Taxonomie;

use crate::model::{NaturePage, PageEditoriale, Rubrique};

const TITRE: usize = 90;
const PHRASE: usize = 160;
const TEXTE: usize = 6_000;
/// As many as there are signs for.
const RUBRIQUES: usize = 26;

/// What is decided of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decidee {
    pub titre: String,
    pub annee: i32,
    pub clot_le: Option<NaiveDate>,
    pub campagne: Option<Id>,
}

/// `prises`: years that other editions have; `campagnes`: the id of the census campaign that is wanted, empty for none, and those that there are.
pub fn read_edition(
    (titre, annee, clot_le): (&str, &str, &str),
    prises: &[i32],
    (campagne, campagnes): (&str, &[Id]),
) -> Result<Decidee, FieldErrors> {
    let mut errors = FieldErrors::default();
    let titre = text::some(titre).unwrap_or_default();
    if titre.is_empty() || titre.chars().count() > TITRE {
        errors.add("titre", format!("donnez un titre, de {TITRE} signes au plus"));
    }
    let annee = annee.trim().parse::<i32>().ok().filter(|annee| (2000..2100).contains(annee));
    if annee.is_none() {
        errors.add("annee", "écrivez une année, comme 2026");
    }
    if let Some(annee) = annee.filter(|annee| prises.contains(annee)) {
        errors.add("annee", format!("il y a déjà une édition {annee}"));
    }
    let typed = text::some(clot_le);
    let clot_le = typed.as_deref().and_then(|day| day.parse().ok());
    if typed.is_some() && clot_le.is_none() {
        errors.add("clot_le", "ce jour n’existe pas : écrivez-le comme 2026-06-30");
    }
    let wanted = text::some(campagne);
    let campagne = wanted.as_deref().and_then(|id| id.parse().ok()).filter(|id| campagnes.contains(id));
    if wanted.is_some() && campagne.is_none() {
        errors.add("campagne", "cette campagne n’existe plus : choisissez-en une autre, ou aucune");
    }
    match annee {
        Some(annee) if errors.is_empty() => Ok(Decidee { titre, annee, clot_le, campagne }),
        _ => Err(errors),
    }
}

/// A part, and the place where it is wanted among the others, from 1.
pub fn read_rubrique((titre, phrase, place): (&str, &str, &str), besoins: Vec<String>) -> Result<(Rubrique, usize), FieldErrors> {
    let mut errors = FieldErrors::default();
    let (titre, phrase) = (text::some(titre).unwrap_or_default(), text::some(phrase).unwrap_or_default());
    if titre.is_empty() || titre.chars().count() > TITRE {
        errors.add("titre", format!("donnez un titre, de {TITRE} signes au plus"));
    }
    if phrase.chars().count() > PHRASE {
        errors.add("phrase", format!("cette phrase est trop longue : {PHRASE} signes au plus"));
    }
    if besoins.is_empty() || besoins.iter().any(|code| Taxonomie::get().find(code).is_none()) {
        errors.add("besoins", "cochez au moins un besoin : c’est ce qui range les structures dans la rubrique");
    }
    let place = place.trim().parse().ok().filter(|place| (1..=RUBRIQUES).contains(place));
    if place.is_none() {
        errors.add("place", format!("écrivez la place de la rubrique, de 1 à {RUBRIQUES}"));
    }
    match place {
        Some(place) if errors.is_empty() => Ok((Rubrique { titre, phrase, besoins }, place)),
        _ => Err(errors),
    }
}

/// Puts a part where it is wanted, and says at which rank it came; `known` is where it was, none for a new one. Refused when there are as
/// many as there are signs for.
pub fn place_rubrique(
    mut rubriques: Vec<Rubrique>,
    known: Option<usize>,
    (rubrique, place): (Rubrique, usize),
) -> Option<(Vec<Rubrique>, usize)> {
    if let Some(known) = known.filter(|known| *known < rubriques.len()) {
        rubriques.remove(known);
    }
    let at = (place - 1).min(rubriques.len());
    rubriques.insert(at, rubrique);
    (rubriques.len() <= RUBRIQUES).then_some((rubriques, at))
}

/// A page; one without a text is not printed.
pub fn read_page(nature: NaturePage, titre: &str, texte: &str) -> Result<PageEditoriale, FieldErrors> {
    let mut errors = FieldErrors::default();
    let titre = text::some(titre).unwrap_or_else(|| nature.label().to_string());
    let texte = text::tidy(texte);
    if titre.chars().count() > TITRE {
        errors.add("titre", format!("ce titre est trop long : {TITRE} signes au plus"));
    }
    if texte.chars().count() > TEXTE {
        errors.add("texte", format!("ce texte est trop long : {} signes au plus", ui::format::nombre(TEXTE)));
    }
    if errors.is_empty() { Ok(PageEditoriale { nature, titre, texte }) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields<T: std::fmt::Debug>(read: Result<T, FieldErrors>) -> Vec<&'static str> {
        read.unwrap_err().iter().map(|one| one.field).collect()
    }

    #[test]
    fn what_is_wrong_is_said_of_each_field() {
        assert_eq!(fields(read_edition(("", "vingt", "2026-02-31"), &[2026], ("zz", &[]))), ["titre", "annee", "clot_le", "campagne"]);
        assert_eq!(fields(read_edition(("Répertoire", "2026", ""), &[2024, 2026], ("", &[]))), ["annee"]);
        let read = read_edition((" Répertoire ", "2026", "2026-06-30"), &[2024], ("", &[])).unwrap();
        assert_eq!(
            (read.titre.as_str(), read.annee, read.clot_le.map(|day| day.to_string())),
            ("Répertoire", 2026, Some("2026-06-30".into()))
        );
        assert_eq!(fields(read_rubrique(("", "", "0"), vec!["rien".into()])), ["titre", "besoins", "place"]);
        assert_eq!(fields(read_page(NaturePage::Edito, "", &"x".repeat(TEXTE + 1))), ["texte"]);
        assert_eq!(read_page(NaturePage::Edito, "", "").unwrap().titre, "L’édito");
    }

    #[test]
    fn a_part_moves_to_the_place_that_is_wanted() {
        let rubrique = |titre: &str| Rubrique { titre: titre.into(), phrase: String::new(), besoins: vec![] };
        let three = || ["a", "b", "c"].map(rubrique).to_vec();
        let order =
            |placed: Option<(Vec<Rubrique>, usize)>| placed.map(|(all, at)| (all.into_iter().map(|one| one.titre).collect::<String>(), at));
        assert_eq!(order(place_rubrique(three(), Some(0), (rubrique("a"), 3))), Some(("bca".into(), 2)));
        assert_eq!(order(place_rubrique(three(), None, (rubrique("d"), 1))), Some(("dabc".into(), 0)));
        assert_eq!(order(place_rubrique(three(), Some(9), (rubrique("d"), 26))), Some(("abcd".into(), 3)));
        assert_eq!(place_rubrique(vec![rubrique("a"); RUBRIQUES], None, (rubrique("d"), 1)), None);
    }
}
