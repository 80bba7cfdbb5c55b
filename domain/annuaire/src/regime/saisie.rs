//! The form of an act: one nature, number and dates, and the activities it covers.

use chrono::{Days, Months, NaiveDate};
use kit::FieldErrors;
use territoire::Referentiel;

use super::{ActeRegime, Activite};
use crate::fiche::{NatureRegime, Regime};
use crate::rules::saisie::Saisie;
use crate::{Intervention, Public};

/// The form of an act, filled.
pub fn write_acte(acte: &ActeRegime) -> Saisie {
    let (regime, mut saisie) = (&acte.regime, Saisie::default());
    let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    for (name, value) in [
        ("nature", regime.nature.code().to_string()),
        ("intervention", regime.intervention.map(Intervention::code).unwrap_or_default().to_string()),
        ("public", regime.public.map(Public::code).unwrap_or_default().to_string()),
        ("numero", regime.numero.clone().unwrap_or_default()),
        ("autorite", regime.autorite.clone().unwrap_or_default()),
        ("du", date(regime.du)),
        ("au", date(regime.au)),
        ("departements", regime.departements.join(", ")),
    ] {
        saisie.add(name, value);
    }
    acte.activites.iter().for_each(|activite| saisie.add("activites", &*activite.code));
    saisie
}

/// An act as its form says it: one row for each activity.
pub fn read_acte(saisie: &Saisie) -> Result<Vec<Regime>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let nature = NatureRegime::from_code(saisie.one("nature"));
    if nature.is_none() {
        errors.add("nature", "choisissez : déclaration, agrément ou autorisation");
    }
    let nature = nature.unwrap_or(NatureRegime::Declaration);
    let activites = saisie.list("activites", Activite::find);
    let intervention = Intervention::from_code(saisie.one("intervention"));
    match activites.iter().find_map(|activite| Some((activite, activite.check(nature, intervention).err()?))) {
        _ if activites.is_empty() => errors.add("activites", "cochez au moins une activité"),
        Some((activite, why)) => errors.add("activites", format!("« {} » {why}", activite.libelle)),
        None => {}
    }
    let departements = read_departements(saisie.one("departements"), &mut errors);
    if nature == NatureRegime::Agrement && saisie.one("departements").trim().is_empty() {
        errors.add("departements", "un agrément vaut pour des départements : écrivez leurs numéros, comme 26, 07");
    }
    let du = saisie.date("du", &mut errors);
    let au = saisie.date("au", &mut errors).or_else(|| find_echeance(nature, du?));
    if du.zip(au).is_some_and(|(du, au)| au < du) {
        errors.add("au", "le dernier jour vient avant le premier");
    }
    let acte = Regime {
        nature,
        activite: String::new(),
        intervention,
        public: Public::from_code(saisie.one("public")),
        numero: saisie.text("numero", 60, &mut errors),
        autorite: saisie.text("autorite", 100, &mut errors),
        du,
        au,
        departements,
    };
    let rows = activites.into_iter().map(|activite| Regime { activite: activite.code.to_string(), ..acte.clone() }).collect();
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

fn read_departements(written: &str, errors: &mut FieldErrors) -> Vec<String> {
    let mut codes: Vec<String> = vec![];
    for word in written.split([',', ';', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty()) {
        let word = word.to_uppercase();
        let code = if word.len() == 1 { format!("0{word}") } else { word };
        let known = Referentiel::get().departements().iter().any(|departement| departement.code.as_str() == code);
        match known {
            true if !codes.contains(&code) => codes.push(code),
            true => {}
            false => errors.add("departements", format!("« {code} » n’est pas le numéro d’un département")),
        }
    }
    codes
}

/// An agrément lasts five years (R7232-7), an autorisation fifteen (L313-1 of the code de l’action sociale et des familles): a first
/// day is enough to know the last one. A declaration has no end.
fn find_echeance(nature: NatureRegime, du: NaiveDate) -> Option<NaiveDate> {
    let years = match nature {
        NatureRegime::Declaration => return None,
        NatureRegime::Agrement => 5,
        NatureRegime::Autorisation => 15,
    };
    du.checked_add_months(Months::new(12 * years))?.checked_sub_days(Days::new(1))
}
