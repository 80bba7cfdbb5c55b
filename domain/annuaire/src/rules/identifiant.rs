//! Identifiers given by administrations: checked in their shape and key, never trusted as keys.

use super::siret;
use crate::fiche::{Identifiant, NatureIdentifiant};

/// Reads an identifier as people type it, spaces and dots allowed; the sentence says what one looks like.
pub fn read(nature: NatureIdentifiant, written: &str) -> Result<Identifiant, &'static str> {
    let valeur: String = written.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_uppercase();
    let (is_right, advice) = match nature {
        NatureIdentifiant::Siret => (siret::is_plausible(&valeur), "un SIRET a quatorze chiffres, dont une clé : l’un d’eux est faux"),
        NatureIdentifiant::Rna => {
            (is_of(&valeur, 'W', 9) && valeur.len() == 10, "un numéro RNA s’écrit W suivi de neuf chiffres ou lettres : W361000123")
        }
        NatureIdentifiant::Finess => {
            (valeur.len() == 9 && valeur.chars().skip(2).all(|c| c.is_ascii_digit()), "un numéro FINESS a neuf chiffres : 360000123")
        }
    };
    if is_right { Ok(Identifiant { nature, valeur }) } else { Err(advice) }
}

fn is_of(valeur: &str, first: char, others: usize) -> bool {
    valeur.strip_prefix(first).is_some_and(|rest| rest.len() == others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read_as_typed_and_refused_when_their_shape_is_wrong() {
        let read_one = |nature, text: &str| read(nature, text).map(|one| one.valeur);
        assert_eq!(read_one(NatureIdentifiant::Siret, "356 000 000 00048").as_deref(), Ok("35600000000048"));
        assert_eq!(read_one(NatureIdentifiant::Rna, "w361000123").as_deref(), Ok("W361000123"));
        assert_eq!(read_one(NatureIdentifiant::Finess, "2A 000 2006").as_deref(), Ok("2A0002006"));
        for (nature, wrong) in
            [(NatureIdentifiant::Siret, "12345678901235"), (NatureIdentifiant::Rna, "361000123"), (NatureIdentifiant::Finess, "36 000")]
        {
            assert!(read(nature, wrong).is_err(), "{wrong}");
        }
    }
}
