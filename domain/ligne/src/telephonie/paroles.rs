//! What the telephone says, decided without a database: the welcome, the hours, the place among those who wait.

use annuaire::rules::horaires::en_francais;
use annuaire::rules::horaires_ligne::{EtatLigne, dire_jour, list_annonces};
use kit::Instant;
use territoire::Territoire;

/// The sentence of the coordination, or ours.
pub fn bienvenue(territoire: &Territoire, ecrite: &str) -> String {
    match ecrite.trim() {
        "" => format!("Bonjour, vous êtes bien à la ligne {}.", territoire.nom),
        ecrite => ecrite.to_string(),
    }
}

/// Why nobody answers now, and when somebody will.
pub fn fermeture(territoire: &Territoire, etat: &EtatLigne, now: Instant) -> String {
    let mut said = match etat {
        EtatLigne::Fermee { ouvre: Some(ouvre) } => {
            format!("La ligne est fermée en ce moment. Elle ouvre {}. ", speak(&dire_jour(*ouvre, now)))
        }
        EtatLigne::Fermee { ouvre: None } | EtatLigne::Inconnue => "Personne ne peut vous répondre en ce moment. ".to_string(),
        EtatLigne::Ouverte { .. } => "Tous nos postes sont occupés. ".to_string(),
    };
    let is_today = |one: &&&territoire::ExceptionLigne| one.covers(now.day()) && !one.message.is_empty();
    if let Some(one) = list_annonces(&territoire.ligne, now).iter().find(is_today) {
        said.push_str(&format!("Aujourd’hui : {}. ", one.message));
    }
    if let (EtatLigne::Fermee { .. }, Some(horaires)) = (etat, &territoire.ligne.horaires) {
        said.push_str(&format!("Elle est ouverte {}. ", speak(&en_francais(horaires))));
    }
    said
}

pub const LAISSEZ_UN_MESSAGE: &str =
    "Laissez votre nom, votre commune, ce dont vous avez besoin et votre numéro après le signal : nous vous rappellerons.";
pub const MESSAGE_RECU: &str = "Votre message est enregistré. Nous vous rappellerons. Au revoir.";
pub const NUMERO_INCONNU: &str = "Ce numéro n’est relié à aucune ligne. Au revoir.";

/// The place of somebody who waits; nothing for the first one, whose call rings at once.
pub fn attente(before: i64, postes: usize) -> Option<String> {
    let place = before - i64::try_from(postes).unwrap_or(i64::MAX) + 1;
    (place > 0).then(|| format!("Toutes les personnes qui répondent sont en ligne. Vous êtes en position {place}. Restez en ligne."))
}

/// Hours as a voice reads them: « 9 heures à 12 heures », not « 9 h–12 h ».
fn speak(hours: &str) -> String {
    let spaced = hours.replace(['\u{a0}', '\u{202f}'], " ").replace('–', " à ").replace(" :", ",").replace(" ;", ".");
    let words = spaced.split(' ').map(|word| match word {
        "h" => "heures",
        other => other,
    });
    words.collect::<Vec<_>>().join(" ").replace(" h,", " heures,").replace(" h.", " heures.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_aloud() {
        let said = speak(&en_francais("Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00"));
        assert_eq!(said, "lundi, mardi, mercredi, vendredi, 9 heures à 12 heures et 14 heures à 17 heures. jeudi, 9 heures à 12 heures");
    }

    #[test]
    fn the_place_is_told_to_those_for_whom_no_telephone_is_free() {
        assert_eq!(attente(0, 2), None);
        assert_eq!(attente(1, 2), None);
        assert!(attente(2, 2).unwrap().contains("position 1"));
        assert!(attente(3, 2).unwrap().contains("position 2"));
    }
}
