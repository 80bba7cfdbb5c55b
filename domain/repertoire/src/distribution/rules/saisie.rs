//! What people type of places and copies, read and refused field by field.

use annuaire::rules::commune_dite;
use chrono::{Days, NaiveDate};
use kit::argent::read_cents;
use kit::{FieldErrors, Id, text};
use serde::Deserialize;
use territoire::{Referentiel, Territoire};

use crate::distribution::{NatureMouvement, NaturePoint, Point, Tirage};

const NOM: usize = 120;
const ADRESSE: usize = 200;
const TOURNEE: usize = 60;
const ELEVES: i32 = 10_000;
const ORDRE: i32 = 999;
/// Copies at a place.
const EXEMPLAIRES: i64 = 100_000;
const TIRAGE: i64 = 1_000_000;
/// Ten million euros, in cents: more is a mistake of typing.
const SOMME: i64 = 1_000_000_000;
/// A movement is noted at most two years after.
const ANCIENNETE: Days = Days::new(730);

/// The form of a place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PointInput {
    pub nom: String,
    pub nature: String,
    pub commune: String,
    pub adresse: String,
    pub eleves: String,
    pub tournee: String,
    pub ordre: String,
}

/// The form, filled.
pub fn write_point(point: &Point) -> PointInput {
    let commune = Referentiel::get().find_commune(point.commune);
    PointInput {
        nom: point.nom.clone(),
        nature: point.nature.code().into(),
        commune: commune.map_or_else(|| point.commune.to_string(), commune_dite::write),
        adresse: point.adresse.clone().unwrap_or_default(),
        eleves: point.eleves.map(|eleves| eleves.to_string()).unwrap_or_default(),
        tournee: point.tournee.clone(),
        ordre: point.ordre.to_string(),
    }
}

/// A place as its form says it, in use.
pub fn read_point(input: &PointInput, id: Id, territoire: &Territoire) -> Result<Point, FieldErrors> {
    let mut errors = FieldErrors::default();
    let nom = read_text(("nom", &input.nom, NOM), &mut errors);
    if nom.is_none() && errors.is_empty() {
        errors.add("nom", "donnez un nom : « École Jules-Ferry »");
    }
    let nature = NaturePoint::from_code(&input.nature);
    if nature.is_none() {
        errors.add("nature", "dites ce que c’est : une école, une mairie, un commerce…");
    }
    let commune = commune_dite::read(&input.commune, Some(territoire)).filter(|commune| territoire.contains(commune.rang));
    if commune.is_none() {
        errors
            .add("commune", "cette commune n’est pas du territoire, ou n’est pas reconnue : écrivez son nom en entier, ou son code INSEE");
    }
    let adresse = read_text(("adresse", &input.adresse, ADRESSE), &mut errors);
    let eleves = read_optional(("eleves", &input.eleves, ELEVES), &mut errors);
    let tournee = read_text(("tournee", &input.tournee, TOURNEE), &mut errors).unwrap_or_default();
    let ordre = read_optional(("ordre", &input.ordre, ORDRE), &mut errors).unwrap_or_default();
    match (nom, nature, commune) {
        (Some(nom), Some(nature), Some(commune)) if errors.is_empty() => {
            Ok(Point { id, nom, nature, commune: commune.code, adresse, eleves, tournee, ordre, retire_at: None })
        }
        _ => Err(errors),
    }
}

fn read_text((field, typed, most): (&'static str, &str, usize), errors: &mut FieldErrors) -> Option<String> {
    // On one line: a list and a sheet of paper have no room for more.
    let read = text::some(&typed.split_whitespace().collect::<Vec<_>>().join(" "));
    if read.as_deref().is_some_and(|read| read.chars().count() > most) {
        errors.add(field, format!("c’est trop long : {most} signes au plus"));
    }
    read
}

fn read_optional((field, typed, most): (&'static str, &str, i32), errors: &mut FieldErrors) -> Option<i32> {
    let typed = text::some(typed)?;
    let read = typed.parse().ok().filter(|number| (0..=most).contains(number));
    if read.is_none() {
        errors.add(field, format!("écrivez un nombre de 0 à {}, ou rien", ui::format::nombre(most)));
    }
    read
}

/// The day that a round was made.
pub fn read_jour(typed: &str, today: NaiveDate) -> Result<NaiveDate, FieldErrors> {
    read_le(typed, today).map_err(|why| refuse("le", why))
}

fn read_le(typed: &str, today: NaiveDate) -> Result<NaiveDate, &'static str> {
    match typed.trim().parse::<NaiveDate>() {
        Err(_) => Err("ce jour n’existe pas : écrivez-le comme 2026-06-30"),
        Ok(day) if day > today => Err("ce jour n’est pas encore venu : notez le mouvement une fois fait"),
        Ok(day) if Some(day) < today.checked_sub_days(ANCIENNETE) => Err("c’était il y a plus de deux ans : vérifiez l’année"),
        Ok(day) => Ok(day),
    }
}

/// Copies planned at a place; nothing typed: none is planned.
pub fn read_prevision(typed: &str) -> Result<Option<i64>, FieldErrors> {
    match text::some(typed) {
        None => Ok(None),
        Some(typed) => read_copies(&typed, (0, EXEMPLAIRES)).map(Some).map_err(|why| refuse("prevus", why)),
    }
}

/// Digits, with the spaces that people put between thousands.
fn read_copies(typed: &str, (least, most): (i64, i64)) -> Result<i64, String> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let read = plain.parse().ok().filter(|number| (least..=most).contains(number));
    read.ok_or_else(|| format!("écrivez un nombre d’exemplaires, de {least} à {}", ui::format::nombre(most)))
}

fn refuse(field: &'static str, why: impl Into<String>) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add(field, why);
    errors
}

/// What was printed of a book, and what it cost.
pub fn read_tirage(exemplaires: &str, cout: &str) -> Result<Tirage, FieldErrors> {
    let mut errors = FieldErrors::default();
    let exemplaires = read_copies(exemplaires, (0, TIRAGE)).map_err(|why| errors.add("exemplaires", why)).ok();
    let cout = read_somme(cout).map_err(|why| errors.add("cout", why)).ok().flatten();
    match exemplaires {
        Some(exemplaires) if errors.is_empty() => Ok(Tirage { exemplaires, cout }),
        _ => Err(errors),
    }
}

/// Nothing typed: no budget.
pub fn read_budget(typed: &str) -> Result<Option<i64>, FieldErrors> {
    read_somme(typed).map_err(|why| refuse("montant", why))
}

fn read_somme(typed: &str) -> Result<Option<i64>, &'static str> {
    let Some(typed) = text::some(typed) else { return Ok(None) };
    read_cents(&typed)
        .filter(|cents| *cents <= SOMME)
        .map(Some)
        .ok_or("écrivez une somme en euros, comme 1 234,50, de dix millions au plus, ou rien")
}

/// The form of a movement.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MouvementInput {
    /// Given by the page: a form that is sent twice is written once.
    pub id: String,
    pub nature: String,
    pub exemplaires: String,
    pub le: String,
}

pub fn read_mouvement(input: &MouvementInput, today: NaiveDate) -> Result<(NatureMouvement, i64, NaiveDate), FieldErrors> {
    let mut errors = FieldErrors::default();
    let nature = NatureMouvement::from_code(&input.nature);
    if nature.is_none() {
        errors.add("mouvement", "dites si vous livrez, réassortissez ou reprenez");
    }
    let exemplaires = read_copies(&input.exemplaires, (1, EXEMPLAIRES)).map_err(|why| errors.add("exemplaires", why)).ok();
    let le = read_le(&input.le, today).map_err(|why| errors.add("le", why)).ok();
    match (nature, exemplaires, le) {
        (Some(nature), Some(exemplaires), Some(le)) if errors.is_empty() => Ok((nature, exemplaires, le)),
        _ => Err(errors),
    }
}
