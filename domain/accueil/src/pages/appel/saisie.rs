//! The call as it was typed, read back from its form.

use kit::{FieldErrors, Id};

use crate::model::Canal;
use crate::rules::recapitulatif::Remise;
use crate::saisie::DemandeInput;

/// The call as it stands on the screen.
#[derive(Clone, Debug, Default)]
pub struct AppelInput {
    /// The words typed for the place and the need.
    pub ou: String,
    pub quoi: String,
    /// Services named to the person.
    pub donnees: Vec<Id>,
    pub demande: DemandeInput,
    pub(super) contraintes: Vec<String>,
    pub(super) besoins: Vec<String>,
    /// The need for which the turn was drawn: another need takes another turn.
    pub(super) tour_besoin: String,
    /// `besoin:issue:motif` of each need that ends in its own way.
    pub(super) issues: Vec<String>,
    pub canal: String,
    /// `sms`, `courriel`, or nothing; and to which number or address.
    pub recap: String,
    pub recap_a: String,
}

impl AppelInput {
    pub(super) fn read(form: &[u8]) -> Self {
        let mut input = Self::default();
        for (name, value) in form_urlencoded::parse(form) {
            input.set(&name, value.into_owned());
        }
        input.demande.contraintes = input.contraintes.join(" ");
        input.demande.issues = input.issues.join(" ");
        input
    }

    fn set(&mut self, name: &str, value: String) {
        let demande = &mut self.demande;
        match name {
            "ou" => self.ou = value,
            "quoi" => self.quoi = value,
            "commune" => demande.commune = value,
            "besoin" => self.besoins.push(value),
            "contraintes" => self.contraintes.push(value),
            "donnee" => self.donnees.extend(value.parse::<Id>()),
            "tour" => demande.tour = value,
            "tour_besoin" => self.tour_besoin = value,
            "cle" => demande.cle = value,
            "pour_qui" => demande.pour_qui = value,
            "tranche_age" => demande.tranche_age = value,
            "sexe" => demande.sexe = value,
            "urgence" => demande.urgence = value,
            "note" => demande.note = value,
            "rappel_nom" => demande.rappel_nom = value,
            "rappel_telephone" => demande.rappel_telephone = value,
            "rappel_moment" => demande.rappel_moment = value,
            "consentement" => demande.consentement = value,
            "issue" => demande.issue = value,
            "motif" => demande.motif = value,
            "foyer" => demande.foyer = value,
            "origine" => demande.origine = value,
            "duree" => demande.duree = value,
            "issue_besoin" => self.issues.extend(Some(value).filter(|value| !value.is_empty())),
            "rappel_courriel" => demande.rappel_courriel = value,
            "canal" => self.canal = value,
            "recap" => self.recap = value,
            "recap_a" => self.recap_a = value,
            _ => {}
        }
    }

    pub(super) fn asks(&self, contrainte: &str) -> bool {
        self.contraintes.iter().any(|asked| asked == contrainte)
    }

    /// How it came to the team: by telephone unless it is said otherwise. A form of the site or of a program is not theirs to fill.
    pub(super) fn canal(&self) -> Canal {
        match Canal::from_code(&self.canal) {
            Some(known @ (Canal::Guichet | Canal::MessageVocal | Canal::Sms | Canal::Courriel)) => known,
            Some(Canal::Telephone | Canal::Web | Canal::Api) | None => Canal::Telephone,
        }
    }

    /// Where the summary goes; the number or the address to be called back at unless another was typed.
    pub(super) fn read_remise(&self, errors: &mut FieldErrors) -> Option<Remise> {
        let typed = |usual: &str| kit::text::some(&self.recap_a).unwrap_or_else(|| usual.to_string());
        let read = match self.recap.as_str() {
            "sms" => kit::telephone::read(&typed(&self.demande.rappel_telephone)).map(Remise::Sms),
            "courriel" => Some(typed(&self.demande.rappel_courriel))
                .filter(|address| kit::text::is_courriel(address))
                .map(Remise::Courriel)
                .ok_or_else(|| "Ce n’est pas une adresse électronique : elle s’écrit nom@domaine.fr.".to_string()),
            _ => return None,
        };
        read.map_err(|sentence| errors.add("recap_a", sentence)).ok()
    }
}
