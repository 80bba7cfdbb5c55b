//! Decisions of the proof round, without database or clock.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{FieldErrors, Id, Instant, Result, secret, text};

use super::{Avis, Dite, Epreuve, Relue, Statut};
use crate::model::{Edition, Etat, Notice};

const DAY: i64 = 86_400;
/// Days that a structure is left between two letters.
const RELANCE_JOURS: i64 = 5;
/// Days during which a link opens the proof.
pub const LIEN_JOURS: i64 = 60;
/// Signs of what is asked to be mended.
const REMARQUE: usize = 1_000;

/// What tells an entry, as it prints, from what it was when it was approved.
pub fn fingerprint(notice: &Notice) -> Result<String> {
    Ok(secret::fingerprint_of(&serde_json::to_vec(notice).map_err(anyhow::Error::from)?))
}

/// Where a proof stands; `empreinte` is that of the entry as it prints today.
pub fn tell(epreuve: &Epreuve, empreinte: &str, courriel: Option<&str>) -> Statut {
    match &epreuve.dite {
        Some(dite) if dite.empreinte != empreinte => Statut::Changee,
        Some(Dite { reponse: Avis::Bonne, .. }) => Statut::Approuvee,
        Some(Dite { reponse: Avis::ACorriger, .. }) => Statut::ACorriger,
        None if courriel.is_none() => Statut::SansAdresse,
        None if epreuve.lettres == 0 => Statut::AEcrire,
        None => Statut::Silencieuse,
    }
}

/// Whether a letter is due: the first one at once, then to who is silent or whose entry changed, some days after the last.
pub fn is_due(relue: &Relue, now: Instant) -> bool {
    let rested = relue.epreuve.ecrite_at.is_none_or(|last| last.0 + RELANCE_JOURS * DAY <= now.0);
    relue.courriel.is_some() && rested && matches!(relue.statut, Statut::AEcrire | Statut::Silencieuse | Statut::Changee)
}

/// Whether structures may still answer: the edition is being read, and its last day has not passed.
pub fn is_open(edition: &Edition, today: NaiveDate) -> bool {
    edition.etat == Etat::Relecture && edition.clot_le.is_none_or(|last| today <= last)
}

/// What may be printed of each: the telephone of a person only once that person said so. The ligne unique stands in its place.
pub fn hush(notices: &mut [Notice], epreuves: &BTreeMap<Id, Epreuve>) {
    for notice in notices {
        hush_one(notice, epreuves.get(&notice.structure).and_then(|one| one.telephone));
    }
}

/// The same of one, `telephone` being what that person said.
pub fn hush_one(notice: &mut Notice, telephone: Option<bool>) {
    if notice.is_personne && telephone != Some(true) {
        (notice.telephone, notice.courriel) = (None, None);
        notice.prestations.iter_mut().for_each(|one| one.telephone = None);
    }
}

/// Fingerprint of what prints of a record, once that person has said this of its telephone.
pub fn fingerprint_said(notice: &Notice, telephone: Option<bool>) -> Result<String> {
    let mut printed = notice.clone();
    hush_one(&mut printed, telephone);
    fingerprint(&printed)
}

/// What was answered, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub struct ReponseInput {
    pub reponse: String,
    pub remarque: String,
    /// « oui », « non »: of a person's telephone.
    pub telephone: String,
}

/// The answer, what is to be mended, and whether a person's telephone may be printed.
pub type Lue = (Avis, Option<String>, Option<bool>);

pub fn read_reponse(input: &ReponseInput, is_personne: bool) -> Result<Lue, FieldErrors> {
    let mut errors = FieldErrors::default();
    let reponse = Avis::from_code(&input.reponse);
    let remarque = text::some(&input.remarque);
    if reponse.is_none() {
        errors.add("reponse", "dites si la fiche est bonne ou à corriger");
    }
    if reponse == Some(Avis::ACorriger) && remarque.is_none() {
        errors.add("remarque", "écrivez ce qui est à corriger, en quelques mots");
    }
    if remarque.as_ref().is_some_and(|remarque| remarque.chars().count() > REMARQUE) {
        errors.add("remarque", format!("c’est trop long : {} signes au plus", ui::format::nombre(REMARQUE)));
    }
    let telephone = match (is_personne, input.telephone.as_str()) {
        (false, _) => None,
        (true, "oui") => Some(true),
        (true, "non") => Some(false),
        (true, _) => {
            errors.add("telephone", "dites si votre numéro peut être imprimé");
            None
        }
    };
    match reponse {
        Some(reponse) if errors.is_empty() => Ok((reponse, remarque.filter(|_| reponse == Avis::ACorriger), telephone)),
        _ => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epreuve::VoieReponse;

    fn dite(reponse: Avis, empreinte: &str) -> Epreuve {
        let dite = Dite { reponse, voie: VoieReponse::Lien, at: Instant(9), remarque: None, empreinte: empreinte.into() };
        Epreuve { lettres: 1, ecrite_at: Some(Instant(0)), dite: Some(dite), ..Epreuve::default() }
    }

    fn relue(statut: Statut, ecrite_at: Option<i64>) -> Relue {
        Relue {
            structure: Id::from_name("s"),
            nom: "S".into(),
            is_personne: false,
            courriel: Some("s@example.org".into()),
            telephone: None,
            empreinte: "e".into(),
            epreuve: Epreuve { ecrite_at: ecrite_at.map(Instant), ..Epreuve::default() },
            statut,
        }
    }

    #[test]
    fn an_approval_is_void_as_soon_as_the_entry_changes() {
        assert_eq!(tell(&dite(Avis::Bonne, "e"), "e", None), Statut::Approuvee);
        assert_eq!(tell(&dite(Avis::Bonne, "e"), "autre", None), Statut::Changee);
        assert_eq!(tell(&dite(Avis::ACorriger, "e"), "e", None), Statut::ACorriger);
        assert_eq!(tell(&dite(Avis::ACorriger, "e"), "autre", None), Statut::Changee, "mended since: it is read again");
        assert_eq!(tell(&Epreuve::default(), "e", None), Statut::SansAdresse);
        assert_eq!(tell(&Epreuve::default(), "e", Some("s@example.org")), Statut::AEcrire);
        assert_eq!(tell(&Epreuve { lettres: 2, ..Epreuve::default() }, "e", Some("s@example.org")), Statut::Silencieuse);
    }

    #[test]
    fn a_letter_is_due_at_once_then_after_some_days_to_who_has_something_to_say() {
        let later = Instant(RELANCE_JOURS * DAY);
        assert!(is_due(&relue(Statut::AEcrire, None), Instant(0)));
        assert!(is_due(&relue(Statut::Silencieuse, Some(0)), later) && is_due(&relue(Statut::Changee, Some(0)), later));
        assert!(!is_due(&relue(Statut::Silencieuse, Some(1)), later), "not yet five days");
        assert!(!is_due(&relue(Statut::Approuvee, None), later) && !is_due(&relue(Statut::ACorriger, None), later));
        assert!(!is_due(&Relue { courriel: None, ..relue(Statut::Changee, None) }, later));
    }

    #[test]
    fn an_answer_says_what_is_to_be_mended_and_a_person_says_of_its_telephone() {
        let input = |reponse: &str, remarque: &str, telephone: &str| ReponseInput {
            reponse: reponse.into(),
            remarque: remarque.into(),
            telephone: telephone.into(),
        };
        let fields = |input: ReponseInput, is_personne| {
            read_reponse(&input, is_personne).unwrap_err().iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(read_reponse(&input("bonne", "merci", "oui"), false), Ok((Avis::Bonne, None, None)));
        assert_eq!(
            read_reponse(&input("a_corriger", " L’adresse ", "non"), true),
            Ok((Avis::ACorriger, Some("L’adresse".into()), Some(false)))
        );
        assert_eq!(fields(input("a_corriger", " ", "oui"), true), ["remarque"]);
        assert_eq!(fields(input("", &"x".repeat(REMARQUE + 1), ""), true), ["reponse", "remarque", "telephone"]);
    }
}
