//! What a book says of its territoire, kept when the edition is frozen: a number or a bassin that changes afterwards changes no book.

use serde::{Deserialize, Serialize};
use territoire::{Bassin, CodeInsee, LigneUnique, Referentiel, Territoire};

/// The name, the one number to call and the bassins, as they are printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadre {
    nom: String,
    telephone: Option<String>,
    horaires: Option<String>,
    communes: Vec<CodeInsee>,
    bassins: Vec<BassinCadre>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct BassinCadre {
    code: String,
    nom: String,
    communes: Vec<CodeInsee>,
}

impl Cadre {
    pub fn of(territoire: &Territoire) -> Self {
        let bassin = |one: &Bassin| BassinCadre { code: one.code.clone(), nom: one.nom.clone(), communes: list_codes(&one.communes) };
        Self {
            nom: territoire.nom.clone(),
            telephone: territoire.ligne.telephone.clone(),
            horaires: territoire.ligne.horaires.clone(),
            communes: list_codes(&territoire.communes),
            bassins: territoire.bassins.iter().map(bassin).collect(),
        }
    }

    /// The territoire as the edition prints it.
    pub fn apply(self, today: &Territoire) -> Territoire {
        let bassin = |one: BassinCadre| Bassin { code: one.code, nom: one.nom, communes: list_rangs(&one.communes) };
        Territoire {
            nom: self.nom,
            ligne: LigneUnique { telephone: self.telephone, horaires: self.horaires, ..today.ligne.clone() },
            communes: list_rangs(&self.communes),
            bassins: self.bassins.into_iter().map(bassin).collect(),
            ..today.clone()
        }
    }
}

fn list_codes(rangs: &[u16]) -> Vec<CodeInsee> {
    rangs.iter().filter_map(|rang| Referentiel::get().commune(*rang)).map(|commune| commune.code).collect()
}

/// Ranks change from one national list to the next, codes do not; a commune that was joined to another is that other one.
fn list_rangs(codes: &[CodeInsee]) -> Vec<u16> {
    let mut rangs: Vec<u16> =
        codes.iter().filter_map(|code| Referentiel::get().resolve_code(code.as_str()).ok()).map(|found| found.commune.rang).collect();
    rangs.sort_unstable();
    rangs.dedup();
    rangs
}

#[cfg(test)]
mod tests {
    use super::Cadre;
    use crate::formes_tests::territoire;

    #[test]
    fn a_book_keeps_what_was_said_of_its_territoire() {
        let printed = territoire("Brenne", Some("02 54 28 12 12"));
        let written = serde_json::to_string(&Cadre::of(&printed)).unwrap();
        let mut today = territoire("Brenne et Creuse", Some("02 00 00 00 00"));
        today.bassins.clear();
        today.communes.truncate(1);
        today.slug = "autre".into();
        let told = serde_json::from_str::<Cadre>(&written).unwrap().apply(&today);
        assert_eq!((told.nom, told.ligne, told.bassins, told.communes), (printed.nom, printed.ligne, printed.bassins, printed.communes));
        assert_eq!(told.slug, "autre", "where its pages are is of today");
    }
}
