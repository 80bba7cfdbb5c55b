//! An indicator for a territoire and a period: its counters read, its quotient computed.

use std::collections::BTreeMap;

use annuaire::aiguillage::Aiguillage;
use kit::{Db, Instant, Result};
use territoire::{Commune, Referentiel, Territoire};

use super::calcul::{Absence, Effectif, Resultat, compute};
use super::formule::{Compteur, Formule, Population, Terme};
use super::{Axe, Indicateur, offre};
use crate::storage::cumul::{Plage, Somme, sum_cumuls};

/// Where figures are read from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub db: &'a Db,
    pub territoire: &'a Territoire,
    pub aiguillage: &'a Aiguillage,
    pub now: Instant,
}

type Effectifs = BTreeMap<String, Effectif>;

/// By the values of an axis, the greatest count first; one line without a value when none is asked.
pub async fn read(source: Source<'_>, (indicateur, axe): (&Indicateur, Option<Axe>), plage: Plage) -> Result<Vec<Resultat>> {
    let numerateur = read_formule(source, (&indicateur.numerateur, axe), plage).await?;
    let denominateur = match &indicateur.denominateur {
        Some(formule) => Some(read_formule(source, (formule, axe), plage).await?),
        None => None,
    };
    let mut results = compute(indicateur, &numerateur, denominateur.as_ref());
    // An inhabitant is in a commune of the territoire; a demande may come from elsewhere.
    if matches!(axe, Some(Axe::Commune | Axe::Bassin | Axe::Epci)) && denominateur.is_some() {
        results.retain(|one| one.denominateur.is_none_or(|below| below != Effectif::ZERO));
    }
    if indicateur.wants_whole_years() && plage.whole_years(source.now.day()).is_none() {
        results.iter_mut().for_each(|one| one.ensemble = Err(Absence::AnneePartielle));
    }
    results.sort_by_key(|one| (std::cmp::Reverse(one.numerateur.total), one.valeur.clone()));
    Ok(results)
}

/// For the whole territoire.
pub async fn read_whole(source: Source<'_>, indicateur: &Indicateur, plage: Plage) -> Result<Option<Resultat>> {
    Ok(read(source, (indicateur, None), plage).await?.pop())
}

async fn read_formule(source: Source<'_>, (formule, axe): (&Formule, Option<Axe>), plage: Plage) -> Result<Effectifs> {
    let mut sum = Effectifs::new();
    for terme in &formule.termes {
        let counts = match terme {
            Terme::Compteur(compteur) => read_compteur(source, (compteur, axe), plage).await?,
            Terme::Population(population) => count_population(source.territoire, *population),
            Terme::Offre(offre) => offre::count(*offre, axe, (source.aiguillage, source.territoire)),
            Terme::Gestion(gestion) => gestion.count(axe, source, plage).await?,
        };
        let counts = match (axe, terme) {
            (Some(Axe::Commune), _) | (_, Terme::Offre(_)) => counts,
            (Some(Axe::Bassin), _) => group(counts, |code| source.bassin_of(code)),
            (Some(Axe::Epci), _) => group(counts, |code| source.epci_of(code)),
            (None, Terme::Population(_)) => group(counts, |_| Some(String::new())),
            _ => counts,
        };
        for (valeur, count) in counts {
            let known = sum.entry(valeur).or_insert(Effectif::ZERO);
            *known = known.plus(count);
        }
    }
    // Nothing counted is a count of nought, for all.
    if axe.is_none() {
        sum.entry(String::new()).or_insert(Effectif::ZERO);
    }
    Ok(sum)
}

async fn read_compteur(source: Source<'_>, (compteur, axe): (&Compteur, Option<Axe>), plage: Plage) -> Result<Effectifs> {
    let Some(lecture) = axe.map_or_else(|| Some(compteur.whole()), |axe| compteur.find_axe(axe)) else { return Ok(Effectifs::new()) };
    let rows = sum_cumuls(source.db, source.territoire.id, (&compteur.mesure, &lecture.axe), plage).await?;
    let mut counts = Effectifs::new();
    for row in &rows {
        let Some(kept) = lecture.keep(&row.valeur) else { continue };
        let place = if axe.is_none() { "" } else { kept };
        let known = counts.entry(place.to_string()).or_insert(Effectif::ZERO);
        *known = known.plus(count_of(row));
    }
    Ok(counts)
}

/// A fact taken back in a later month may be alone there: nobody is counted less than no times.
fn count_of(row: &Somme) -> Effectif {
    Effectif { femmes: Some(row.femmes.max(0)), hommes: Some(row.hommes.max(0)), total: Some(row.total.max(0)) }
}

pub(super) fn count_population(territoire: &Territoire, population: Population) -> Effectifs {
    let count = |commune: &Commune| match population {
        // 0 is what the référentiel writes of a commune that nobody counted.
        Population::Tous => Some(u64::from(commune.population)).filter(|people| *people > 0),
        Population::PlusDe65 => commune.population_age.map(|age| u64::from(age.plus_de_65)),
    };
    territoire.list_communes().map(|commune| (commune.code.to_string(), Effectif::people(std::iter::once(count(commune))))).collect()
}

/// The same counts under fewer names.
fn group(counts: Effectifs, name: impl Fn(&str) -> Option<String>) -> Effectifs {
    let mut grouped = Effectifs::new();
    for (valeur, count) in counts {
        let Some(name) = name(&valeur) else { continue };
        let known = grouped.entry(name).or_insert(Effectif::ZERO);
        *known = known.plus(count);
    }
    grouped
}

impl Source<'_> {
    /// The code of the bassin of a commune of the territoire.
    fn bassin_of(&self, code_insee: &str) -> Option<String> {
        let rang = Referentiel::get().resolve_code(code_insee).ok()?.commune.rang;
        self.territoire.find_bassin(rang).map(|bassin| bassin.code.clone())
    }

    /// The code of the EPCI of a commune of the territoire.
    fn epci_of(&self, code_insee: &str) -> Option<String> {
        let commune = Referentiel::get().resolve_code(code_insee).ok()?.commune;
        let epci = Referentiel::get().epci(commune.epci?)?;
        self.territoire.contains(commune.rang).then(|| epci.code.to_string())
    }
}
