//! By what right a structure exercises: acts (declaration, agrément, autorisation), each for activities of D7231-1.
//!
//! A record keeps one `Regime` per activity (what changes on its own); people know the act that covers several of them: `ActeRegime`.
//! `activite` holds the list, `saisie` reads the form. Nothing here stops a proposal: what lacks is said to those who can complete it.

mod activite;
mod saisie;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use kit::Id;

pub use activite::{Activite, Exigence};
pub use saisie::{read_acte, write_acte};

use crate::besoin::Taxonomie;
use crate::fiche::{Fiche, NatureRegime, Regime};

/// An act and the activities that it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActeRegime {
    /// The rows of the record that say it.
    pub lignes: Vec<Id>,
    /// What the rows have in common; its `activite` is the first.
    pub regime: Regime,
    /// In the order of D7231-1.
    pub activites: Vec<&'static Activite>,
}

/// How far an act reaches in time, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validite {
    AVenir,
    EnCours,
    /// Within six months: time to ask again.
    BientotEchu,
    Echu,
}

const PREAVIS_JOURS: i64 = 183;

impl Regime {
    /// Whether two rows say the same act, each for an activity.
    fn is_of_same_acte(&self, other: &Self) -> bool {
        Self { activite: String::new(), ..self.clone() } == Self { activite: String::new(), ..other.clone() }
    }

    pub fn validite(&self, jour: NaiveDate) -> Validite {
        match (self.du, self.au) {
            (_, Some(au)) if au < jour => Validite::Echu,
            (Some(du), _) if jour < du => Validite::AVenir,
            (_, Some(au)) if (au - jour).num_days() < PREAVIS_JOURS => Validite::BientotEchu,
            _ => Validite::EnCours,
        }
    }

    /// « Agrément SAP123456789, mandataire, par le préfet de la Drôme, départements 26, 07, du 1er mars 2024 au 28 février 2029 ».
    pub fn describe(&self) -> String {
        let numero = self.numero.as_deref().map(|numero| format!(" {numero}")).unwrap_or_default();
        let mut said = vec![format!("{}{numero}", self.nature.label())];
        said.extend(self.intervention.map(|one| one.label().to_string()));
        said.extend(self.public.map(|one| format!("pour {}", one.label())));
        said.extend(self.autorite.as_deref().map(|autorite| format!("par {autorite}")));
        if !self.departements.is_empty() {
            let word = if self.departements.len() == 1 { "département" } else { "départements" };
            said.push(format!("{word} {}", self.departements.join(", ")));
        }
        let date = ui::format::date;
        said.extend(match (self.du, self.au) {
            (Some(du), Some(au)) => Some(format!("du {} au {}", date(du), date(au))),
            (Some(du), None) => Some(format!("depuis le {}", date(du))),
            (None, Some(au)) => Some(format!("jusqu’au {}", date(au))),
            (None, None) => None,
        });
        ui::format::phrase(&said.join(", "))
    }

    /// What deserves a second look; a number is checked and never refused.
    pub fn doute(&self) -> Option<&'static str> {
        let is_sap = |numero: &str| {
            let compact: String = numero.chars().filter(|sign| sign.is_ascii_alphanumeric()).collect::<String>().to_uppercase();
            let siren = compact.strip_prefix("SAP").unwrap_or_default();
            siren.len() == 9 && siren.bytes().all(|digit| digit.is_ascii_digit())
        };
        let is_of_prefet = self.nature != NatureRegime::Autorisation;
        (is_of_prefet && self.numero.as_deref().is_some_and(|numero| !is_sap(numero)))
            .then_some("Le numéro s’écrit d’ordinaire SAP, suivi des neuf chiffres du SIREN : vérifiez-le.")
    }
}

/// The acts of a record: those that end first are read first, those without an end last.
pub fn list_actes(fiche: &Fiche) -> Vec<ActeRegime> {
    let mut actes: Vec<ActeRegime> = vec![];
    for (id, regime) in &fiche.regimes {
        let found = match actes.iter_mut().position(|acte| acte.regime.is_of_same_acte(regime)) {
            Some(place) => actes.get_mut(place),
            None => {
                actes.push(ActeRegime { lignes: vec![], regime: regime.clone(), activites: vec![] });
                actes.last_mut()
            }
        };
        if let Some(acte) = found {
            acte.lignes.push(*id);
            acte.activites.extend(Activite::find(&regime.activite));
        }
    }
    actes.iter_mut().for_each(|acte| acte.activites.sort_by_key(|activite| activite.place));
    actes.sort_by_key(|acte| (acte.regime.au.unwrap_or(NaiveDate::MAX), acte.regime.nature.code(), acte.lignes.first().copied()));
    actes
}

/// Activities that the services of a record call for (their needs say so) and for which no act is in force on that day.
pub fn list_manquantes(fiche: &Fiche, jour: NaiveDate) -> Vec<&'static Activite> {
    let besoins = fiche.services.values().flat_map(|service| &service.besoins).filter_map(|code| Taxonomie::get().find(code));
    let mut called: Vec<&'static Activite> = besoins.flat_map(|besoin| &besoin.activites).filter_map(|code| Activite::find(code)).collect();
    called.sort_by_key(|activite| activite.place);
    called.dedup_by_key(|activite| activite.place);
    let is_covered = |activite: &Activite| {
        fiche.regimes.values().any(|regime| *regime.activite == *activite.code && regime.validite(jour) != Validite::Echu)
    };
    called.retain(|activite| !is_covered(activite));
    called
}
