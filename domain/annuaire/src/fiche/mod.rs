//! The whole record of a structure: what its page, its form, its history and a merge read and write as one value.
//!
//! `comparaison` tells two records apart, field by field; `lecture` puts a path and a value in words; `fusion` makes one of two.

mod comparaison;
pub mod fusion;
mod lecture;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{Id, codes};
use serde::{Deserialize, Serialize};

pub use comparaison::{Changement, compare, list_champs};
pub use lecture::{label, show};

use crate::{Intervention, Lieu, Public, Service, Structure};

codes! {
    /// Names under which administrations know a structure.
    pub enum NatureIdentifiant {
        Siret = "siret" => "SIRET",
        Rna = "rna" => "RNA",
        Finess = "finess" => "FINESS",
    }
}

/// An identifier: checked (`rules::identifiant`), never a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifiant {
    pub nature: NatureIdentifiant,
    pub valeur: String,
}

codes! {
    /// Who reads a contact.
    pub enum Visibilite {
        Publique = "publique" => "tout le monde",
        Reseau = "reseau" => "les structures du réseau",
        Equipe = "equipe" => "l’équipe d’accueil",
    }
}

/// Somebody to call in a structure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interlocuteur {
    pub nom: String,
    pub fonction: Option<String>,
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    pub visibilite: Visibilite,
}

codes! {
    /// By what right an activity is exercised (D7231-1, D7232-1; autorisation: code de l’action sociale et des familles).
    pub enum NatureRegime {
        Declaration = "declaration" => "déclaration",
        Agrement = "agrement" => "agrément",
        Autorisation = "autorisation" => "autorisation du Département",
    }
}

/// An activity × a way of intervening × a public, and the act that allows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regime {
    pub nature: NatureRegime,
    /// Code of the list of D7231-1: « SAP-II-01 ».
    pub activite: String,
    pub intervention: Option<Intervention>,
    pub public: Option<Public>,
    pub numero: Option<String>,
    pub autorite: Option<String>,
    pub du: Option<NaiveDate>,
    pub au: Option<NaiveDate>,
    /// Codes; none: everywhere.
    pub departements: Vec<String>,
}

codes! {
    /// What can be true for a time only.
    pub enum NatureInformation {
        Fermeture = "fermeture" => "fermé",
        Horaires = "horaires" => "horaires changés",
        Message = "message" => "à savoir",
        Suspension = "suspension" => "service suspendu",
    }
}

/// Something true for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Information {
    pub nature: NatureInformation,
    /// None: the whole structure.
    pub service: Option<Id>,
    pub texte: Option<String>,
    pub du: NaiveDate,
    /// Last day; none: until somebody says so.
    pub au: Option<NaiveDate>,
}

impl Information {
    pub fn is_active(&self, jour: NaiveDate) -> bool {
        self.du <= jour && self.au.is_none_or(|au| jour <= au)
    }

    /// Whether it is true of a service: of that one, or of the whole structure.
    pub fn concerns(&self, service: Id) -> bool {
        self.service.is_none_or(|known| known == service)
    }

    /// « service suspendu jusqu’au mardi 3 mars 2026. Reprise en mars. », to be put after a name, or made a sentence.
    pub fn words(&self) -> String {
        let until = self.au.map(|au| format!(" jusqu’au {}", ui::format::date(au)));
        let words = self.texte.as_deref().map(|texte| format!(" {texte}"));
        format!("{}{}.{}", self.nature.label(), until.unwrap_or_default(), words.unwrap_or_default())
    }
}

/// The whole record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fiche {
    pub structure: Structure,
    /// Codes of the networks it belongs to: « admr », « una »…
    pub reseaux: Vec<String>,
    pub identifiants: Vec<Identifiant>,
    pub interlocuteurs: BTreeMap<Id, Interlocuteur>,
    pub lieux: BTreeMap<Id, Lieu>,
    pub services: BTreeMap<Id, Service>,
    pub regimes: BTreeMap<Id, Regime>,
    pub informations: BTreeMap<Id, Information>,
}

impl Fiche {
    /// Services as people read them: by name.
    pub fn list_services(&self) -> Vec<&Service> {
        let mut services: Vec<&Service> = self.services.values().collect();
        services.sort_by(|one, other| (&one.nom, one.id).cmp(&(&other.nom, other.id)));
        services
    }

    /// What is true today of the structure, or of one of its services.
    pub fn list_informations(&self, jour: NaiveDate) -> Vec<&Information> {
        self.informations.values().filter(|information| information.is_active(jour)).collect()
    }

    /// Each service stands where its place is written: after a place was changed, or a record read back.
    pub fn settle_lieux(&mut self) {
        for service in self.services.values_mut() {
            if let Some(lieu) = self.lieux.get(&service.lieu.id) {
                service.lieu.clone_from(lieu);
            }
        }
    }
}
