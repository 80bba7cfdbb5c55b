//! Where records are, as the coordination divides its work: by bassin de vie, by EPCI in a territoire that has none.

use std::collections::BTreeMap;

use territoire::{Referentiel, Territoire};

use crate::storage::qualite::CompteQualite;

/// A part of the territoire. What is elsewhere comes last, the others by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secteur {
    is_ailleurs: bool,
    pub nom: String,
    pub code: String,
}

const AILLEURS: &str = "ailleurs";

impl Secteur {
    /// Where a commune is: its bassin, else its EPCI; elsewhere when it is not of the territoire, or not known.
    pub fn of(code_insee: &str, territoire: &Territoire) -> Self {
        let named = |code: &str, nom: &str| Self { is_ailleurs: false, nom: nom.to_string(), code: code.to_string() };
        let national = Referentiel::get();
        let known = national.resolve_code(code_insee).ok().map(|found| found.commune);
        let commune = known.filter(|commune| territoire.contains(commune.rang));
        let bassin = commune.and_then(|commune| territoire.find_bassin(commune.rang));
        let epci = commune.filter(|_| territoire.bassins.is_empty()).and_then(|commune| national.epci(commune.epci?));
        match (bassin, epci) {
            (Some(bassin), _) => named(&bassin.code, &bassin.nom),
            (None, Some(epci)) => named(epci.code.as_str(), &epci.nom),
            (None, None) => Self { is_ailleurs: true, nom: "Ailleurs, ou sans adresse".into(), code: AILLEURS.into() },
        }
    }
}

/// What a secteur holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecteurNote {
    pub secteur: Secteur,
    /// Codes of the communes where it has records.
    pub communes: Vec<String>,
    pub compte: CompteQualite,
}

/// Counts by commune, added up by secteur.
pub fn group(counts: &[CompteQualite], territoire: &Territoire) -> Vec<SecteurNote> {
    let mut groups: BTreeMap<Secteur, SecteurNote> = BTreeMap::new();
    for count in counts {
        let secteur = Secteur::of(&count.code_insee, territoire);
        let known =
            groups.entry(secteur.clone()).or_insert_with(|| SecteurNote { secteur, communes: vec![], compte: CompteQualite::default() });
        known.communes.push(count.code_insee.clone());
        known.compte.add(count);
    }
    groups.into_values().collect()
}
