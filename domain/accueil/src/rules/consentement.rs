//! The words by which a person agrees: what a form shows is what is kept.

use crate::model::{Canal, Consentement, Finalite};

/// Beside the box to tick, and kept with the agreement.
pub const fn texte(finalite: Finalite, canal: Canal) -> &'static str {
    match (finalite, canal) {
        (Finalite::Rappel, Canal::Telephone | Canal::Guichet | Canal::MessageVocal | Canal::Sms | Canal::Courriel) => {
            "La personne est d’accord pour que son nom et ses coordonnées soient gardés le temps de répondre à cette demande"
        }
        (Finalite::Transmission, _) => {
            "La personne est d’accord pour que son nom et son numéro soient gardés, et donnés à la structure qui l’aidera, à elle seule, pour qu’elle l’appelle"
        }
        (Finalite::Rappel, Canal::Web | Canal::Api) => {
            "J’accepte que mon nom et mes coordonnées soient gardés le temps de répondre à cette demande ; je peux changer d’avis à tout moment"
        }
    }
}

/// Whether the person still agrees.
pub fn is_given(consentements: &[Consentement], finalite: Finalite) -> bool {
    consentements.iter().any(|one| one.finalite == finalite && one.retire_at.is_none())
}
