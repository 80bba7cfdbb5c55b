//! What a piste is. No input or output here.

use accueil::mots::nom_de_commune;
use kit::{Id, Instant, codes};
use territoire::{Commune, Referentiel, Territoire};

codes! {
    /// Where a piste stands.
    pub enum EtatPiste {
        Ouverte = "ouverte" => "en cours",
        ServiceOuvert = "service_ouvert" => "un service s’est ouvert",
        Abandonnee = "abandonnee" => "abandonnée",
    }
}

codes! {
    /// What a line of the history of a piste tells.
    pub enum NatureEtape {
        Ouverture = "ouverture" => "Piste ouverte",
        Faite = "faite" => "Étape",
        ServiceOuvert = "service_ouvert" => "Service ouvert",
        Abandon = "abandon" => "Piste abandonnée",
    }
}

/// What a group of communes is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Portee {
    Territoire,
    /// Its code.
    Bassin(String),
    /// Those that are named one by one.
    Communes,
}

impl Portee {
    /// `territoire`, `bassin:livron-loriol`, `communes`.
    pub fn code(&self) -> String {
        match self {
            Self::Territoire => "territoire".into(),
            Self::Bassin(code) => format!("bassin:{code}"),
            Self::Communes => "communes".into(),
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "territoire" => Some(Self::Territoire),
            "communes" => Some(Self::Communes),
            other => other.strip_prefix("bassin:").map(|code| Self::Bassin(code.to_string())),
        }
    }

    /// The communes that it names today; none for those that must be named.
    pub fn list_communes(&self, territoire: &Territoire) -> Vec<&'static Commune> {
        let rangs = match self {
            Self::Territoire => territoire.communes.as_slice(),
            Self::Bassin(code) => territoire.bassins.iter().find(|one| one.code == *code).map_or(&[][..], |one| &one.communes),
            Self::Communes => &[],
        };
        rangs.iter().filter_map(|rang| Referentiel::get().commune(*rang)).collect()
    }
}

/// Where something is asked, or missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etendue {
    pub portee: Portee,
    /// Their INSEE codes.
    pub communes: Vec<String>,
}

/// As many names as a sentence bears.
const NOMMEES: usize = 4;

impl Etendue {
    /// « Tout le territoire », « Bassin Livron – Loriol », « Rosnay, Douadic et 3 autres communes ».
    pub fn label(&self, territoire: &Territoire) -> String {
        match &self.portee {
            Portee::Territoire => "Tout le territoire".into(),
            Portee::Bassin(code) => {
                let known = territoire.bassins.iter().find(|one| one.code == *code);
                format!("Bassin {}", known.map_or(code.as_str(), |one| &one.nom))
            }
            Portee::Communes => name_communes(self.communes.iter().map(|code| nom_de_commune(code)).collect()),
        }
    }
}

/// « Rosnay, Douadic et 3 autres communes ».
pub fn name_communes(mut noms: Vec<String>) -> String {
    match noms.len() {
        0 => "aucune commune".into(),
        // Four names and « one other » would be longer than the fifth name.
        count if count <= NOMMEES + 1 => noms.join(", "),
        count => {
            noms.truncate(NOMMEES);
            format!("{} et {}", noms.join(", "), ui::format::compte(count - NOMMEES, "autre commune", "autres communes"))
        }
    }
}

/// What was asked before a piste, and who served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avant {
    /// First day counted; the last is that of the opening.
    pub du: chrono::NaiveDate,
    pub demandes: i64,
    pub sans_solution: i64,
    /// The structures that served at least one of the communes.
    pub structures: Vec<Id>,
}

/// A gap that somebody follows until a service opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piste {
    pub id: Id,
    /// Code of the need.
    pub besoin: String,
    pub etendue: Etendue,
    pub raison: String,
    /// The account that follows it.
    pub pilote: Id,
    pub etat: EtatPiste,
    pub etape: String,
    pub etape_le: chrono::NaiveDate,
    pub ouverte_at: Instant,
    pub close_at: Option<Instant>,
    pub avant: Avant,
}

/// A line of the history of a piste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etape {
    pub at: Instant,
    pub compte: Id,
    pub nature: NatureEtape,
    pub texte: String,
}
