//! What a place is. No input or output here.

use std::fmt;
use std::sync::Arc;

use crate::{CodeDepartement, CodeEpci, CodeInsee, CodePostal, CodeRegion, Point};

/// A commune of the current Code officiel géographique.
#[derive(Clone, Debug)]
pub struct Commune {
    /// Position in the national list. Changes with each vintage: store [`Commune::code`] instead.
    pub rang: u16,
    pub code: CodeInsee,
    pub nom: Box<str>,
    /// In the order of La Poste; empty for five communes without inhabitants.
    pub codes_postaux: Box<[CodePostal]>,
    /// Legal municipal population; 0 when unknown.
    pub population: u32,
    /// None when the census does not tell ages: the 17 of Mayotte, 7 that were re-established since, the overseas collectivities.
    pub population_age: Option<PopulationAge>,
    /// Rang of the EPCI, none for four islands and the overseas collectivities.
    pub epci: Option<u16>,
    pub departement: CodeDepartement,
    /// Rang of the département in the national list.
    pub departement_rang: u16,
    pub region: CodeRegion,
    /// The town hall when known, else the middle of the territory; none in the overseas collectivities.
    pub point: Option<Point>,
    pub(crate) departement_nom: Arc<str>,
    pub(crate) is_homonyme: bool,
}

impl Commune {
    /// « à Rosnay », « au Blanc », « aux Rives », « à La Châtre ».
    pub fn a(&self) -> String {
        match (self.nom.strip_prefix("Le "), self.nom.strip_prefix("Les ")) {
            (Some(rest), _) => format!("au {rest}"),
            (_, Some(rest)) => format!("aux {rest}"),
            _ => format!("à {}", self.nom),
        }
    }

    /// « Livron-sur-Drôme (26250) », « Lyon (69) » when it has several postal codes,
    /// « Saint-Marcel (36200, Indre) » when other communes have the same name.
    pub fn nom_complet(&self) -> String {
        let repere = match &*self.codes_postaux {
            [seul] => seul.as_str(),
            _ => self.departement.as_str(),
        };
        if self.is_homonyme { format!("{} ({repere}, {})", self.nom, self.departement_nom) } else { format!("{} ({repere})", self.nom) }
    }
}

/// The inhabitants of a commune by age, at the census of 2021 (not the year of [`Commune::population`]); rounded apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PopulationAge {
    pub total: u32,
    /// From 0 to 19.
    pub moins_de_20: u32,
    /// 65 and over.
    pub plus_de_65: u32,
}

/// An intercommunality with its own taxation (communauté de communes, d'agglomération, métropole).
#[derive(Clone, Debug)]
pub struct Epci {
    /// Position in the national list, of this vintage.
    pub rang: u16,
    pub code: CodeEpci,
    pub nom: Box<str>,
    /// Rangs of its communes, ascending. They may belong to several départements.
    pub communes: Vec<u16>,
}

/// A département, or an overseas collectivity.
#[derive(Clone, Debug)]
pub struct Departement {
    /// Position in the national list, of this vintage.
    pub rang: u16,
    pub code: CodeDepartement,
    pub nom: Arc<str>,
    /// Rangs of its communes, ascending.
    pub communes: Vec<u16>,
}

/// A code that is no longer, or never was, that of a commune in its own right.
#[derive(Clone, Debug)]
pub struct AncienneCommune {
    pub code: CodeInsee,
    /// None for the vanished codes, of which only the number is known.
    pub nom: Option<Box<str>>,
    pub nature: NatureAncienne,
    /// Rang of the commune it belongs to today.
    pub commune: u16,
}

impl fmt::Display for AncienneCommune {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.nom {
            Some(nom) => write!(f, "{nom}, {}", self.nature.label()),
            None => write!(f, "{}, {}", self.code, self.nature.label()),
        }
    }
}

/// What an [`AncienneCommune`] is within the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatureAncienne {
    AncienCode,
    ArrondissementMunicipal,
    CommuneAssociee,
    CommuneDeleguee,
}

impl NatureAncienne {
    pub(crate) fn parse(texte: &str) -> Option<Self> {
        match texte {
            "ancien-code" => Some(Self::AncienCode),
            "arrondissement-municipal" => Some(Self::ArrondissementMunicipal),
            "commune-associee" => Some(Self::CommuneAssociee),
            "commune-deleguee" => Some(Self::CommuneDeleguee),
            _ => None,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::AncienCode => "ancien code",
            Self::ArrondissementMunicipal => "arrondissement municipal",
            Self::CommuneAssociee => "commune associée",
            Self::CommuneDeleguee => "commune déléguée",
        }
    }
}

/// A commune found from a code, and the old code it was mapped from, if any.
#[derive(Clone, Copy, Debug)]
pub struct CommuneResolue<'a> {
    pub commune: &'a Commune,
    pub ancienne: Option<&'a AncienneCommune>,
}
