//! The activities of services à la personne (D7231-1): five that need an agrément or an autorisation, twenty-one that are declared.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::Intervention;
use crate::fiche::NatureRegime;

const ACTIVITES: &str = include_str!("../../../../donnees/activites.csv");

/// One activity of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activite {
    /// « SAP-II-01 ».
    pub code: Box<str>,
    /// « D7231-1 II ».
    pub article: Box<str>,
    pub libelle: Box<str>,
    /// What it asks for beyond a declaration.
    pub exigence: Exigence,
    /// Its rank in the list, from 0.
    pub place: usize,
}

/// What an activity asks for (L7232-1, D7231-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exigence {
    /// A declaration opens the tax advantage, and nothing else is asked.
    Declaration,
    Agrement,
    /// Agrément for those who place or lend the person who comes; autorisation for those who employ them.
    SelonIntervention,
}

#[derive(Deserialize)]
struct Ligne {
    code: Box<str>,
    article: Box<str>,
    libelle: Box<str>,
    regime: Box<str>,
}

static LISTE: LazyLock<Vec<Activite>> = LazyLock::new(|| {
    // A line that does not read is absent: a test counts those that are there.
    let lignes = csv::Reader::from_reader(ACTIVITES.as_bytes()).into_deserialize::<Ligne>().filter_map(Result::ok);
    lignes.enumerate().map(|(place, ligne)| read(place, ligne)).collect()
});

fn read(place: usize, ligne: Ligne) -> Activite {
    let exigence = match &*ligne.regime {
        "déclaration" => Exigence::Declaration,
        "agrément" => Exigence::Agrement,
        _ => Exigence::SelonIntervention,
    };
    Activite { code: ligne.code, article: ligne.article, libelle: ui::format::typographie(&ligne.libelle).into(), exigence, place }
}

impl Activite {
    pub fn list() -> &'static [Self] {
        &LISTE
    }

    pub fn find(code: &str) -> Option<&'static Self> {
        LISTE.iter().find(|activite| &*activite.code == code)
    }

    /// Whether an act of this nature can cover the activity, exercised that way; the sentence says what is asked instead.
    /// A declaration always can: it is what the tax advantage asks for, beside the agrément or the autorisation.
    pub fn check(&self, nature: NatureRegime, intervention: Option<Intervention>) -> Result<(), &'static str> {
        match (nature, self.exigence, intervention) {
            (NatureRegime::Declaration, _, _) | (NatureRegime::Agrement, Exigence::Agrement, _) => Ok(()),
            (_, Exigence::Declaration, _) => Err("se déclare, sans agrément ni autorisation"),
            (NatureRegime::Autorisation, Exigence::Agrement, _) => Err("demande un agrément du préfet, non une autorisation"),
            (_, Exigence::SelonIntervention, None) => {
                Err("demande un agrément ou une autorisation selon la manière d’intervenir : dites laquelle")
            }
            (NatureRegime::Agrement, Exigence::SelonIntervention, Some(Intervention::Prestataire)) => {
                Err("demande une autorisation du Département quand on est prestataire")
            }
            (NatureRegime::Autorisation, Exigence::SelonIntervention, Some(Intervention::Prestataire))
            | (NatureRegime::Agrement, Exigence::SelonIntervention, Some(_)) => Ok(()),
            (NatureRegime::Autorisation, Exigence::SelonIntervention, Some(_)) => {
                Err("demande un agrément du préfet quand on est mandataire ou qu’on met à disposition")
            }
        }
    }
}
