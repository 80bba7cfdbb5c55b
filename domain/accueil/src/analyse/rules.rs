//! What a grid may hold, and which answers are of it.

use kit::text;

use super::{Constat, Question};

/// Beyond, it is no longer a first welcome.
pub const QUESTIONS: usize = 8;
const CHOIX: usize = 8;
const LONGUEUR: usize = 120;

/// The words that a grid without health does not need; a coordination that means something else says it otherwise.
const SANTE: [&str; 14] = [
    "sante",
    "maladie",
    "malade",
    "handicap",
    "handicape",
    "medicament",
    "traitement",
    "diagnostic",
    "pathologie",
    "convalescence",
    "hopital",
    "hospitalisation",
    "gir",
    "medecin",
];

/// One question as it was typed, its choices one a line: none when it is empty; or why it is refused.
pub fn read_question((libelle, choix): (&str, &str)) -> Result<Option<Question>, String> {
    let choix: Vec<String> = choix.lines().filter_map(text::some).collect();
    let Some(libelle) = text::some(libelle) else {
        return if choix.is_empty() { Ok(None) } else { Err("Écrivez la question de ces réponses.".into()) };
    };
    if choix.len() < 2 || choix.len() > CHOIX {
        return Err(format!("« {libelle} » : écrivez de 2 à {CHOIX} réponses, une par ligne."));
    }
    let texts = || std::iter::once(&libelle).chain(&choix);
    if texts().any(|text| text.chars().count() > LONGUEUR) {
        return Err(format!("« {libelle} » : gardez {LONGUEUR} signes au plus par ligne."));
    }
    let folded: Vec<String> = texts().map(|text| text::fold(text)).collect();
    if folded.iter().flat_map(|text| text.split(' ')).any(|word| SANTE.contains(&word)) {
        return Err(format!("« {libelle} » touche à la santé : le premier accueil n’en garde rien."));
    }
    Ok(Some(Question { libelle, choix }))
}

/// The answers of a form that the grid knows: `answered` gives the rank of the choice of each question.
pub fn read_constats(questions: &[Question], answered: impl Fn(usize) -> Option<usize>) -> Vec<Constat> {
    let found = questions.iter().enumerate().filter_map(|(rang, question)| {
        let choix = question.choix.get(answered(rang)?)?;
        Some(Constat { question: question.libelle.clone(), choix: choix.clone() })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_has_two_choices_at_least_and_nothing_about_health() {
        let read = read_question(("Vit seul·e ?", "oui\n\n non \n")).unwrap().unwrap();
        assert_eq!((read.libelle.as_str(), read.choix), ("Vit seul·e ?", vec!["oui".to_string(), "non".to_string()]));
        assert_eq!(read_question((" ", "\n")), Ok(None));
        for (libelle, choix) in [("", "oui\nnon"), ("Seul ?", "oui"), ("Une maladie ?", "oui\nnon"), ("Aide ?", "GIR 4\nautre")] {
            assert!(read_question((libelle, choix)).is_err(), "{libelle}");
        }
    }

    #[test]
    fn only_choices_of_the_grid_are_answers() {
        let question = read_question(("Véhicule ?", "oui\nnon")).unwrap().unwrap();
        let other = Question { libelle: "Internet ?".into(), ..question.clone() };
        let read = read_constats(&[question, other], |rang| if rang == 0 { Some(1) } else { Some(9) });
        assert_eq!(read, [Constat { question: "Véhicule ?".into(), choix: "non".into() }]);
    }
}
