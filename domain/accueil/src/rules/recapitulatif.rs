//! What a person leaves the call with: the names given, how to reach them, and the number of their demande.

use crate::model::Orientation;

/// How the person wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remise {
    Sms(String),
    Courriel(String),
}

/// How the person follows their demande.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suivi {
    pub code: String,
    pub page: String,
}

/// How many names a message holds: more would cost a third part.
const NOMS: usize = 4;

/// What was given; all that was proposed when nothing was.
pub fn list_nommees(orientations: &[Orientation]) -> Vec<&Orientation> {
    let given: Vec<&Orientation> = orientations.iter().filter(|one| one.donnee).collect();
    if given.is_empty() { orientations.iter().collect() } else { given }
}

/// In plain words, one structure a line.
pub fn write((ligne, telephone): (&str, Option<&str>), (numero, suivi): (i64, Option<&Suivi>), orientations: &[Orientation]) -> String {
    let named = list_nommees(orientations);
    let lines = named.iter().take(NOMS).map(|one| match &one.telephone {
        Some(telephone) => format!("- {} : {telephone}\n", one.structure_nom),
        None => format!("- {}\n", one.structure_nom),
    });
    let names: String = lines.collect();
    let said = if names.is_empty() { "Nous n’avons pas encore de nom à vous donner.\n".to_string() } else { names };
    let call = telephone.map(|telephone| format!(" Nous joindre : {telephone}.")).unwrap_or_default();
    let follow = suivi.map(|suivi| format!("\nSuivre : code {} sur {}", suivi.code, suivi.page)).unwrap_or_default();
    format!("{ligne}, demande n° {numero}\n{said}Rien ne vous engage.{call}{follow}")
}

#[cfg(test)]
mod tests {
    use kit::Id;

    use super::*;

    fn orientation(nom: &str, telephone: Option<&str>, donnee: bool) -> Orientation {
        Orientation {
            service_id: Id::from_name(nom),
            structure_id: Id::from_name(nom),
            structure_nom: nom.into(),
            service_nom: "Ménage".into(),
            telephone: telephone.map(str::to_string),
            raisons: String::new(),
            donnee,
        }
    }

    #[test]
    fn what_was_given_is_named_and_only_that() {
        let both = [orientation("ADMR", Some("02 54 00 00 01"), true), orientation("CCAS", Some("02 54 00 00 02"), false)];
        let said = write(("Brenne", Some("02 54 28 12 12")), (12, None), &both);
        assert_eq!(said, "Brenne, demande n° 12\n- ADMR : 02 54 00 00 01\nRien ne vous engage. Nous joindre : 02 54 28 12 12.");
    }

    #[test]
    fn the_code_to_follow_it_comes_last() {
        let suivi = Suivi { code: "K7M 4PX".into(), page: "https://ligne.exemple.fr/brenne/suivi".into() };
        assert!(
            write(("Brenne", None), (1, Some(&suivi)), &[]).ends_with("\nSuivre : code K7M 4PX sur https://ligne.exemple.fr/brenne/suivi")
        );
    }

    #[test]
    fn with_nothing_given_all_is_named_and_with_nothing_at_all_it_says_so() {
        assert!(write(("Brenne", None), (1, None), &[orientation("CCAS", None, false)]).contains("- CCAS\n"));
        assert!(write(("Brenne", None), (1, None), &[]).contains("pas encore de nom"));
    }
}
