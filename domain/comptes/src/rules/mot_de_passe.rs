//! What a password must be: long, and not one that others would try first.

use zxcvbn::{Score, zxcvbn};

/// Why a password is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MotDePasseRefuse {
    #[error("le mot de passe doit avoir au moins {0} caractères : une phrase de quelques mots convient très bien")]
    TropCourt(usize),
    #[error("le mot de passe dépasse 200 caractères")]
    TropLong,
    #[error("le mot de passe contient « {0} », qui se devine en vous connaissant : choisissez d’autres mots")]
    PropreMot(String),
    #[error("ce mot de passe est de ceux qu’on essaie en premier : choisissez quelques mots sans lien entre eux")]
    Devinable,
}

const LONGUEUR: usize = 15;
const LONGUEUR_ADMINISTRATION: usize = 18;
const LONGUEUR_MAXIMALE: usize = 200;
/// Estimating is quadratic, and what follows only makes a password stronger.
const LETTRES_ESTIMEES: usize = 60;
/// Shorter words are in every sentence.
const MOT_PROPRE: usize = 4;

/// How many characters are asked for.
pub const fn longueur(is_administration: bool) -> usize {
    if is_administration { LONGUEUR_ADMINISTRATION } else { LONGUEUR }
}

/// Whether a password may be chosen by somebody of whom `connu` is known: name, address, territoire.
pub fn check(mot_de_passe: &str, connu: &[&str], is_administration: bool) -> Result<(), MotDePasseRefuse> {
    let longueur = longueur(is_administration);
    match mot_de_passe.chars().count() {
        count if count < longueur => return Err(MotDePasseRefuse::TropCourt(longueur)),
        count if count > LONGUEUR_MAXIMALE => return Err(MotDePasseRefuse::TropLong),
        _ => {}
    }
    let folded = kit::text::fold(mot_de_passe);
    let words = connu.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric())).filter(|word| word.chars().count() >= MOT_PROPRE);
    if let Some(word) = words.into_iter().find(|word| folded.contains(&kit::text::fold(word))) {
        return Err(MotDePasseRefuse::PropreMot(word.to_string()));
    }
    let estimated: String = mot_de_passe.chars().take(LETTRES_ESTIMEES).collect();
    if zxcvbn(&estimated, connu).score() < Score::Three { Err(MotDePasseRefuse::Devinable) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_characters_and_eighteen_for_the_administration() {
        assert_eq!(check("tuile bleue vi", &[], false), Err(MotDePasseRefuse::TropCourt(15)));
        assert_eq!(check("tuile bleue vie", &[], false), Ok(()));
        assert_eq!(check("tuile bleue vie", &[], true), Err(MotDePasseRefuse::TropCourt(18)));
        assert_eq!(check("tuile bleue vieille", &[], true), Ok(()));
        assert_eq!(check(&"tuile bleue ".repeat(20), &[], false), Err(MotDePasseRefuse::TropLong));
    }

    #[test]
    fn no_composition_is_asked_for_but_what_is_guessed_first_is_refused() {
        for weak in ["aaaaaaaaaaaaaaaaaaaa", "123456789012345678", "passwordpassword", "azertyuiopazertyuiop"] {
            assert_eq!(check(weak, &[], false), Err(MotDePasseRefuse::Devinable), "{weak}");
        }
        for strong in ["la ligne est ouverte", "éléphant çà et là 🙂🙂", "\u{202e}\u{0}tuile bleue vieille"] {
            assert_eq!(check(strong, &[], false), Ok(()), "{strong}");
        }
    }

    #[test]
    fn the_own_words_of_the_person_are_refused() {
        let connu = ["Hélène Dupré", "helene.dupre@example.org", "Brenne"];
        for own in ["tuile helene bleue vieille", "tuile BRENNE bleue vieille", "dupre dupre tuile bleue"] {
            assert!(matches!(check(own, &connu, false), Err(MotDePasseRefuse::PropreMot(_))), "{own}");
        }
    }
}
