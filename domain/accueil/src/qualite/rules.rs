//! Whom to call, and what the form says.

use kit::{FieldErrors, Id, Instant, text};

use super::{AppelQualite, ReponseQualite, Solution};

/// Whether a demande is of the part that is called: one in `sur`, always the same ones; 0: nobody.
pub fn is_sampled(demande: Id, sur: u32) -> bool {
    sur > 0 && demande.as_u128().is_multiple_of(u128::from(sur))
}

/// For that many days after it is due, the call still has a sense.
const FENETRE: i64 = 45;
const DAY: i64 = 86_400;

/// Between which moments the demandes to call about were received.
pub fn window(jours: u32, now: Instant) -> (Instant, Instant) {
    let until = now.plus_seconds(-i64::from(jours) * DAY);
    (until.plus_seconds(-FENETRE * DAY), until)
}

/// What the form sends.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct QualiteInput {
    pub reponse: String,
    pub solution: String,
    pub structure: String,
    pub satisfaction: String,
    pub commentaire: String,
}

const COMMENTAIRE: usize = 1_000;

impl QualiteInput {
    /// What was said; `proposees` are the structures that may be named.
    pub fn parse(&self, proposees: &[Id]) -> Result<AppelQualite, FieldErrors> {
        let mut errors = FieldErrors::default();
        let reponse = ReponseQualite::from_code(&self.reponse);
        if reponse.is_none() {
            errors.add("reponse", "Dites si la personne a répondu.");
        }
        let has_answered = reponse == Some(ReponseQualite::Repondu);
        let solution = Solution::from_code(&self.solution).filter(|_| has_answered);
        if has_answered && solution.is_none() {
            errors.add("solution", "Dites si une solution a été trouvée.");
        }
        let satisfaction: Option<u8> = self.satisfaction.parse().ok().filter(|note| has_answered && (1..=5).contains(note));
        if has_answered && satisfaction.is_none() && !self.satisfaction.is_empty() {
            errors.add("satisfaction", "La satisfaction va de 1 à 5.");
        }
        let commentaire = text::some(&self.commentaire);
        if commentaire.as_ref().is_some_and(|text| text.chars().count() > COMMENTAIRE) {
            errors.add("commentaire", format!("Gardez {COMMENTAIRE} signes au plus."));
        }
        let structure = self.structure.parse().ok().filter(|id| proposees.contains(id) && solution.is_some_and(|one| one != Solution::Non));
        match reponse {
            Some(reponse) if errors.is_empty() => Ok(AppelQualite { reponse, solution, structure, satisfaction, commentaire }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_called_always_the_same_and_none_when_it_is_zero() {
        let all: Vec<Id> = (0..3_000).map(|n| Id::from_name(&n.to_string())).collect();
        let count = |sur| all.iter().filter(|id| is_sampled(**id, sur)).count();
        assert_eq!((count(0), count(1)), (0, 3_000));
        assert!((900..1_100).contains(&count(3)), "{}", count(3));
    }

    #[test]
    fn a_demande_is_due_at_fifteen_days_and_no_longer_two_months_later() {
        let (from, until) = window(15, testkit::NOON);
        assert_eq!((until, from), (testkit::NOON.plus_seconds(-15 * DAY), testkit::NOON.plus_seconds(-60 * DAY)));
    }

    #[test]
    fn an_answer_says_whether_a_solution_was_found_and_silence_says_nothing_else() {
        let (a, b) = (Id::from_name("a"), Id::from_name("b"));
        let whole = QualiteInput {
            reponse: "repondu".into(),
            solution: "oui".into(),
            structure: a.to_string(),
            satisfaction: "4".into(),
            commentaire: " bien ".into(),
        };
        let read = whole.parse(&[a]).unwrap();
        assert_eq!((read.structure, read.satisfaction, read.commentaire.as_deref()), (Some(a), Some(4), Some("bien")));
        assert_eq!(whole.parse(&[b]).unwrap().structure, None, "only one of those proposed");
        let no = QualiteInput { solution: "non".into(), ..whole.clone() };
        assert_eq!(no.parse(&[a]).unwrap().structure, None);
        assert!(QualiteInput { solution: String::new(), ..whole.clone() }.parse(&[a]).is_err());
        assert!(QualiteInput { satisfaction: "9".into(), ..whole.clone() }.parse(&[a]).is_err());
        let silent = QualiteInput { reponse: "ne_repond_pas".into(), ..whole }.parse(&[a]).unwrap();
        assert_eq!((silent.solution, silent.structure, silent.satisfaction), (None, None, None));
        assert!(QualiteInput::default().parse(&[a]).is_err());
    }
}
