//! Decisions of a campaign, without database or clock.

use kit::{FieldErrors, Instant, text};

use super::{Avancee, Campagne, Destinataire};
use crate::rules::saisie::Saisie;

/// What the form of a campaign says: title, message, reminders, days between them.
pub fn read_campagne(saisie: &Saisie) -> Result<(String, String, u32, u32), FieldErrors> {
    let mut errors = FieldErrors::default();
    let titre = text::some(saisie.one("titre")).filter(|titre| titre.chars().count() <= 120);
    if titre.is_none() {
        errors.add("titre", "donnez un titre, en 120 signes au plus : il est l’objet du courriel");
    }
    let message = text::some(saisie.one("message")).filter(|message| message.chars().count() <= 2_000);
    if message.is_none() {
        errors.add("message", "écrivez quelques lignes aux structures, en 2 000 signes au plus");
    }
    let mut number = |field: &'static str, most: u32| {
        let read = saisie.one(field).trim().parse().ok().filter(|number| *number <= most);
        if read.is_none() {
            errors.add(field, format!("écrivez un nombre entre 0 et {most}"));
        }
        read.unwrap_or_default()
    };
    let (relances, jours) = (number("relances", 5), number("relance_jours", 60));
    if errors.is_empty() && relances > 0 && jours == 0 {
        errors.add("relance_jours", "laissez au moins un jour entre deux courriels");
    }
    if errors.is_empty() { Ok((titre.unwrap_or_default(), message.unwrap_or_default(), relances, jours)) } else { Err(errors) }
}

const DAY: i64 = 86_400;

/// Whether a letter is due to a structure: the first one at once, then one reminder each so many days, to who did not answer.
pub fn is_due(campagne: &Campagne, to: &Destinataire, now: Instant) -> bool {
    if campagne.envoyee_at.is_none() || campagne.close_at.is_some() || to.repondue_at.is_some() || to.courriel.is_none() {
        return false;
    }
    match to.ecrite_at {
        None => true,
        Some(last) => to.lettres <= campagne.relances && last.0 + i64::from(campagne.relance_jours) * DAY <= now.0,
    }
}

/// Where a campaign stands.
pub fn count(all: &[Destinataire]) -> Avancee {
    let of = |is: &dyn Fn(&Destinataire) -> bool| all.iter().filter(|one| is(one)).count();
    Avancee {
        structures: all.len(),
        ecrites: of(&|one| one.lettres > 0),
        repondues: of(&|one| one.repondue_at.is_some()),
        sans_adresse: of(&|one| one.courriel.is_none()),
    }
}

/// Whom to call, the campaign having left: those who did not answer and will not be written to again soon, without an address first.
pub fn list_a_appeler<'a>(campagne: &Campagne, all: &'a [Destinataire]) -> Vec<&'a Destinataire> {
    let mut silent: Vec<&Destinataire> =
        all.iter().filter(|one| one.repondue_at.is_none() && (one.courriel.is_none() || one.lettres > campagne.relances)).collect();
    silent.sort_by_key(|one| (one.courriel.is_some(), one.nom.clone()));
    silent
}

#[cfg(test)]
mod tests {
    use kit::Id;

    use super::*;

    fn campagne() -> Campagne {
        let at = Instant(1_000_000);
        Campagne {
            a_relire: vec![],
            id: Id::from_name("c"),
            titre: "Printemps".into(),
            message: "Merci".into(),
            relances: 2,
            relance_jours: 7,
            created_at: at,
            envoyee_at: Some(at),
            close_at: None,
        }
    }

    fn to(lettres: u32, ecrite_at: Option<i64>) -> Destinataire {
        Destinataire {
            structure: Id::from_name("s"),
            nom: "S".into(),
            courriel: Some("s@example.org".into()),
            telephone: None,
            lettres,
            ecrite_at: ecrite_at.map(Instant),
            repondue_at: None,
        }
    }

    #[test]
    fn a_letter_then_reminders_until_an_answer() {
        let (campagne, now) = (campagne(), Instant(1_000_000 + 7 * DAY));
        assert!(is_due(&campagne, &to(0, None), now));
        assert!(is_due(&campagne, &to(1, Some(1_000_000)), now) && is_due(&campagne, &to(2, Some(1_000_000)), now));
        assert!(!is_due(&campagne, &to(3, Some(1_000_000)), now), "two reminders have left");
        assert!(!is_due(&campagne, &to(1, Some(1_000_001)), now), "not yet seven days");
        let silent = [Destinataire { repondue_at: Some(now), ..to(0, None) }, Destinataire { courriel: None, ..to(0, None) }];
        assert!(silent.iter().all(|one| !is_due(&campagne, one, now)));
        for not_sent in [Campagne { envoyee_at: None, ..campagne.clone() }, Campagne { close_at: Some(now), ..campagne }] {
            assert!(!is_due(&not_sent, &to(0, None), now));
        }
    }

    #[test]
    fn those_without_an_address_are_called_first_then_the_silent() {
        let campagne = campagne();
        let all = [
            to(3, Some(1)),
            Destinataire { courriel: None, nom: "Z".into(), ..to(0, None) },
            to(1, Some(1)),
            Destinataire { repondue_at: Some(Instant(2)), ..to(3, Some(1)) },
        ];
        let names: Vec<&str> = list_a_appeler(&campagne, &all).iter().map(|one| one.nom.as_str()).collect();
        assert_eq!(names, ["Z", "S"]);
        assert_eq!(count(&all), Avancee { structures: 4, ecrites: 3, repondues: 1, sans_adresse: 1 });
    }
}
