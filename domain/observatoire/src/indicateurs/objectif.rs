//! What an indicator must reach, by when, and who sees to it.

use chrono::NaiveDate;
use comptes::Compte;
use kit::{FieldErrors, Id, codes};
use serde::Deserialize;

use super::Unite;
use super::calcul::{Valeur, count_dixiemes, say};
use crate::rules::mois::Mois;

codes! {
    /// On which side of its number an objective is reached.
    pub enum Sens {
        AuMoins = "au_moins" => "au moins",
        AuPlus = "au_plus" => "au plus",
    }
}

/// « au plus 10,0 % d’ici juin 2027 ».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objectif {
    /// Tenths of the unit of the indicator, as it is told.
    pub dixiemes: i64,
    pub sens: Sens,
    /// The last month in which it can be reached.
    pub echeance: Mois,
    /// The account that sees to it.
    pub responsable: Id,
}

codes! {
    /// How far an objective is.
    pub enum Atteinte {
        Atteint = "atteint" => "atteint",
        PasEncore = "pas_encore" => "pas encore",
        Manque = "manque" => "pas atteint à temps",
    }
}

impl Objectif {
    pub fn say(&self, unite: Unite) -> String {
        let echeance = self.echeance.nom();
        let until = if echeance.starts_with(['a', 'o']) { "d’ici à" } else { "d’ici" };
        format!("{} {} {until} {echeance}", self.sens.label(), say(unite, Ok(self.valeur())))
    }

    #[expect(clippy::cast_precision_loss, reason = "what somebody types is far under 2^52")]
    pub fn valeur(&self) -> f64 {
        self.dixiemes as f64 / 10.0
    }

    /// None where there is no figure, or one that is hidden. What is told « 10,0 % » is 10 %.
    pub fn judge(&self, (unite, valeur): (Unite, Valeur), today: NaiveDate) -> Option<Atteinte> {
        let told = count_dixiemes(unite, valeur.ok()?);
        let is_reached = match self.sens {
            Sens::AuMoins => told >= self.dixiemes,
            Sens::AuPlus => told <= self.dixiemes,
        };
        Some(match (is_reached, Mois::of(today) > self.echeance) {
            (true, _) => Atteinte::Atteint,
            (false, false) => Atteinte::PasEncore,
            (false, true) => Atteinte::Manque,
        })
    }
}

/// As it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ObjectifInput {
    pub cible: String,
    pub sens: String,
    pub echeance: String,
    pub responsable: String,
}

const MAXIMUM: i64 = 1_000_000_000;

impl ObjectifInput {
    pub fn of(objectif: &Objectif) -> Self {
        let (whole, tenths) = (objectif.dixiemes / 10, objectif.dixiemes % 10);
        Self {
            cible: if tenths == 0 { whole.to_string() } else { format!("{whole},{tenths}") },
            sens: objectif.sens.code().into(),
            echeance: objectif.echeance.to_string(),
            responsable: objectif.responsable.to_string(),
        }
    }

    pub fn parse(&self, unite: Unite, (pilotes, today): (&[Compte], NaiveDate)) -> Result<Objectif, FieldErrors> {
        let mut errors = FieldErrors::default();
        let dixiemes = read_dixiemes(&self.cible).filter(|tenths| unite != Unite::Nombre || tenths % 10 == 0);
        if dixiemes.is_none() {
            errors.add(
                "cible",
                match unite {
                    Unite::Nombre => "Écrivez un nombre entier\u{a0}: 12.",
                    _ => "Écrivez un nombre, avec une décimale au plus\u{a0}: 12 ou 12,5.",
                },
            );
        }
        let sens = Sens::from_code(&self.sens);
        if sens.is_none() {
            errors.add("sens", "Choisissez « au moins » ou « au plus ».");
        }
        let echeance = Mois::parse(&self.echeance).filter(|mois| *mois >= Mois::of(today));
        if echeance.is_none() {
            errors.add("echeance", "Choisissez un mois, celui-ci ou plus tard.");
        }
        let responsable = pilotes.iter().find(|one| one.id.to_string() == self.responsable).map(|one| one.id);
        if responsable.is_none() {
            errors.add("responsable", "Choisissez qui en répond.");
        }
        match (dixiemes, sens, echeance, responsable) {
            (Some(dixiemes), Some(sens), Some(echeance), Some(responsable)) => Ok(Objectif { dixiemes, sens, echeance, responsable }),
            _ => Err(errors),
        }
    }
}

/// « 12 », « 12,5 », « 1 234 », « 10 % ».
fn read_dixiemes(text: &str) -> Option<i64> {
    let text: String = text.trim().trim_end_matches(['%', '€']).chars().filter(|letter| !letter.is_whitespace()).collect();
    let (whole, rest) = text.split_once([',', '.']).unwrap_or((&text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_digit());
    if !is_digits(whole) || !is_digits(rest) || rest.len() > 1 {
        return None;
    }
    let tenths = whole.parse::<i64>().ok()?.checked_mul(10)?.checked_add(rest.parse().ok()?)?;
    (tenths <= MAXIMUM * 10).then_some(tenths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicateurs::calcul::Absence;

    fn objectif(sens: Sens) -> Objectif {
        Objectif { dixiemes: 100, sens, echeance: Mois::parse("2027-06").unwrap(), responsable: Id::from_name("qui") }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_objective_is_reached_at_its_number_as_it_is_told() {
        let judge = |sens, valeur| objectif(sens).judge((Unite::Pourcent, Ok(valeur)), day("2027-06-30")).unwrap();
        assert_eq!([judge(Sens::AuPlus, 10.04), judge(Sens::AuPlus, 10.06)], [Atteinte::Atteint, Atteinte::PasEncore]);
        assert_eq!([judge(Sens::AuMoins, 9.96), judge(Sens::AuMoins, 9.94)], [Atteinte::Atteint, Atteinte::PasEncore]);
        assert_eq!(
            objectif(Sens::AuPlus).judge((Unite::Pourcent, Ok(12.0)), day("2027-07-01")),
            Some(Atteinte::Manque),
            "its month is over"
        );
        assert_eq!(objectif(Sens::AuPlus).judge((Unite::Pourcent, Err(Absence::Masque)), day("2027-06-30")), None);
    }

    #[test]
    fn an_objective_is_said_in_words() {
        assert_eq!(objectif(Sens::AuPlus).say(Unite::Pourcent), "au plus 10,0\u{202f}% d’ici juin 2027");
        assert_eq!(objectif(Sens::AuMoins).say(Unite::Nombre), "au moins 10 d’ici juin 2027");
    }

    #[test]
    fn what_cannot_be_read_is_said_field_by_field() {
        let input = ObjectifInput { cible: "dix".into(), sens: "?".into(), echeance: "2020-01".into(), responsable: "moi".into() };
        let errors = input.parse(Unite::Pourcent, (&[], day("2026-11-23"))).unwrap_err();
        assert_eq!(errors.iter().map(|one| one.field).collect::<Vec<_>>(), ["cible", "sens", "echeance", "responsable"]);
    }

    #[test]
    fn numbers_are_read_as_the_french_write_them() {
        let read = |text: &str| read_dixiemes(text);
        assert_eq!([read("12"), read(" 12,5 % "), read("1\u{202f}234"), read("0.5")], [Some(120), Some(125), Some(12_340), Some(5)]);
        for text in ["", "-3", "1,25", "1e3", ",5", "99999999999999999999", "1000000001"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
