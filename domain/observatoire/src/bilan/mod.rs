//! The bilan of a year (seed 002: calls, needs, costs): one value, made from the counters and from the annuaire, that three thin
//! writers show: the page, the PDF, the workbook. It is meant to be handed out: small counts are hidden in it (`publication`), and who
//! does not read the demandes reads the bilan of a published year only.
//! Public face: `Bilan`, `Lecture`, `Source`, `read_bilan`, `write_pdf`, `write_classeur`, `write_html`.

mod annee;
mod classeur;
mod document;
mod lecture;
mod papier;
mod saisie;
mod sections;
#[cfg(test)]
mod tests;

pub use annee::Compteurs;
pub use classeur::write_classeur;
pub use document::write_html;
pub use lecture::{Lecture, Source, read_bilan, read_public, read_publication};
pub use papier::write_pdf;
pub use saisie::{LETTRES, parse_couts, write_saisie};

use crate::indicateurs::calcul::{Absence, Compte};
use crate::rules::mois::Plage;

/// What is handed to elected officials and funders.
#[derive(Clone, Debug)]
pub struct Bilan {
    pub territoire: String,
    pub annee: i32,
    pub plage: Plage,
    /// « du 1er janvier au 31 octobre 2026 : l’année n’est pas finie… »
    pub periode: String,
    pub edite_le: String,
    /// When it was published; none: it is still a draft.
    pub publie_le: Option<String>,
    pub seuil: i64,
    pub couts: Couts,
    pub sections: Vec<SectionBilan>,
}

impl Bilan {
    /// What months it tells, and whether it may be handed out.
    pub fn say_statut(&self) -> String {
        match &self.publie_le {
            Some(le) => format!("{} Publié le {le}\u{a0}: ces chiffres ne changent plus.", self.periode),
            None => format!("{} Document de travail, à ne pas distribuer\u{a0}: l’année n’est pas publiée.", self.periode),
        }
    }
}

/// One part of a bilan.
#[derive(Clone, Debug, Default)]
pub struct SectionBilan {
    pub code: &'static str,
    pub titre: &'static str,
    pub phrases: Vec<String>,
    pub chiffres: Vec<ChiffreCle>,
    pub dessins: Vec<DessinBilan>,
    pub tables: Vec<TableBilan>,
    pub definition: &'static str,
    pub commentaire: String,
    /// What was written of it last year.
    pub precedent: String,
}

/// A figure, with last year's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChiffreCle {
    pub nom: &'static str,
    pub valeur: String,
    pub avant: String,
}

/// A drawing and what it says.
#[derive(Clone, Debug)]
pub struct DessinBilan {
    pub titre: String,
    pub alternative: String,
    pub svg: String,
    /// Of a map: the sample and the words of each colour, and who must be credited.
    pub legende: Vec<(String, String)>,
    pub mention: &'static str,
}

/// A table: the first cell names its line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableBilan {
    pub titre: String,
    pub colonnes: Vec<String>,
    pub lignes: Vec<Vec<Case>>,
}

/// Beyond, a page shows the table when it is asked for.
const LIGNES_D_ABORD: usize = 15;

impl TableBilan {
    pub fn is_longue(&self) -> bool {
        self.lignes.len() > LIGNES_D_ABORD
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    Texte(String),
    Nombre(i64),
    Masque,
    /// There is nothing to say: « – ».
    Vide,
}

impl Case {
    pub fn say(&self) -> String {
        match self {
            Self::Texte(texte) => texte.clone(),
            Self::Nombre(nombre) => ui::format::nombre(nombre),
            Self::Masque => "masqué".into(),
            Self::Vide => "–".into(),
        }
    }

    pub fn is_texte(&self) -> bool {
        matches!(self, Self::Texte(_))
    }
}

impl From<Compte> for Case {
    fn from(count: Compte) -> Self {
        match count {
            Ok(count) => Self::Nombre(count),
            Err(Absence::Masque) => Self::Masque,
            Err(why) => Self::Texte(why.label().into()),
        }
    }
}

/// What a year of the line cost, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Couts {
    pub fonctionnement: Option<i64>,
    pub communication: Option<i64>,
}
