//! An indicator for a territoire and a period: its counters read, its quotient computed.

use std::collections::BTreeMap;

use annuaire::aiguillage::Aiguillage;
use kit::{Db, Instant, Result};
use territoire::{Commune, Referentiel, Territoire};

use super::calcul::{Absence, Effectif, Resultat, compute};
use super::formule::{Compteur, Formule, Population, Terme};
use super::{Axe, Indicateur, offre};
use crate::publication::{NON_DIT, Publication, Releves};
use crate::storage::cumul::{Plage, Somme, sum_cumuls};

/// Where figures are read from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub db: &'a Db,
    pub territoire: &'a Territoire,
    pub aiguillage: &'a Aiguillage,
    pub now: Instant,
    pub comptes: Comptes<'a>,
}

/// Where counts of people are read from.
#[derive(Clone, Copy, Debug)]
pub enum Comptes<'a> {
    /// The counters, for the team; those given were read already.
    Tenus(&'a [Releves]),
    /// What is published, by year, for all others.
    Publies(&'a BTreeMap<i32, Publication>),
}

type Effectifs = BTreeMap<String, Effectif>;

/// By the values of an axis, the greatest count first; one line without a value when none is asked, no line when the axis is not published.
pub async fn read(source: Source<'_>, (indicateur, axe): (&Indicateur, Option<Axe>), plage: Plage) -> Result<Vec<Resultat>> {
    // A number of communes without anybody, all needs together, would be nought and say nothing.
    if axe.is_none() && !indicateur.has_whole() {
        return Ok(vec![]);
    }
    let Some(numerateur) = read_formule(source, (&indicateur.numerateur, axe), plage).await? else { return Ok(vec![]) };
    let denominateur = match &indicateur.denominateur {
        None => None,
        Some(formule) => match read_formule(source, (formule, axe), plage).await? {
            None => return Ok(vec![]),
            known => known,
        },
    };
    let mut results = compute(indicateur, &numerateur, denominateur.as_ref());
    // An inhabitant is in a commune of the territoire; a demande may come from elsewhere.
    if matches!(axe, Some(Axe::Commune | Axe::Bassin | Axe::Epci)) && denominateur.is_some() {
        results.retain(|one| one.denominateur.is_none_or(|below| below != Effectif::ZERO));
    }
    if indicateur.wants_whole_years() && plage.whole_years(source.now.day()).is_none() {
        results.iter_mut().for_each(|one| one.ensemble = Err(Absence::AnneePartielle));
    }
    results.sort_by_key(|one| (std::cmp::Reverse(one.numerateur.total.ok()), one.valeur.clone()));
    Ok(results)
}

/// For the whole territoire.
pub async fn read_whole(source: Source<'_>, indicateur: &Indicateur, plage: Plage) -> Result<Option<Resultat>> {
    Ok(read(source, (indicateur, None), plage).await?.pop())
}

/// None: the axis is not published.
async fn read_formule(source: Source<'_>, (formule, axe): (&Formule, Option<Axe>), plage: Plage) -> Result<Option<Effectifs>> {
    let mut sum = Effectifs::new();
    for terme in &formule.termes {
        let counts = match terme {
            Terme::Compteur(compteur) => match (read_compteur(source, (compteur, axe), plage).await?, axe) {
                (Ok(counts), _) => counts,
                (Err(_), Some(_)) => return Ok(None),
                (Err(why), None) => Effectifs::from([(String::new(), Effectif::of(Err(why)))]),
            },
            Terme::Population(population) => count_population(source.territoire, *population),
            Terme::Offre(offre) => offre::count(*offre, axe, (source.aiguillage, source.territoire)),
            Terme::Gestion(gestion) => gestion.count(axe, source, plage).await?,
        };
        let counts = match (axe, terme) {
            (_, Terme::Offre(_)) => counts,
            (Some(Axe::Commune), _) => source.keep_bassins(counts, false),
            // What is published of communes tells their bassins too, where the communes themselves are hidden.
            (Some(Axe::Bassin), Terme::Compteur(_)) if source.reads_publications() => source.keep_bassins(counts, true),
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
    Ok(Some(sum))
}

/// Counts by value of an axis; or why they are not told.
pub type Comptees = std::result::Result<Effectifs, Absence>;

async fn read_compteur(source: Source<'_>, (compteur, axe): (&Compteur, Option<Axe>), plage: Plage) -> Result<Comptees> {
    let lecture = axe.map_or_else(|| Some(compteur.whole()), |axe| compteur.find_axe(axe));
    let Some(lecture) = lecture else { return Ok(Ok(Effectifs::new())) };
    let rows = match source.list((&compteur.mesure, &lecture.axe), plage).await? {
        Ok(rows) => rows,
        Err(why) => return Ok(Err(why)),
    };
    let mut counts = Effectifs::new();
    for (valeur, count) in rows {
        let Some(kept) = lecture.keep(&valeur) else { continue };
        let place = if axe.is_none() { "" } else { kept };
        let known = counts.entry(place.to_string()).or_insert(Effectif::ZERO);
        *known = known.plus(count);
    }
    Ok(Ok(counts))
}

/// A fact taken back in a later month may be alone there: nobody is counted less than no times.
fn count_of(row: &Somme) -> Effectif {
    Effectif { femmes: Ok(row.femmes.max(0)), hommes: Ok(row.hommes.max(0)), total: Ok(row.total.max(0)) }
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

/// The values of an axis with their counts; or why they are not told.
type Valeurs = std::result::Result<Vec<(String, Effectif)>, Absence>;

impl Source<'_> {
    /// A measure by the values of an axis, empty for all.
    async fn list(&self, (mesure, axe): (&str, &str), plage: Plage) -> Result<Valeurs> {
        let write = |rows: &[Somme]| Ok(rows.iter().map(|row| (row.valeur.clone(), count_of(row))).collect());
        match self.comptes {
            Comptes::Publies(years) => Ok(self.list_published(find_published(years, plage), (mesure, axe))),
            // What is crossed, and communes, are not read with the rest.
            Comptes::Tenus(releves) => match releves.iter().find(|one| one.plage == Some(plage)).filter(|one| one.has(axe)) {
                Some(known) => Ok(write(known.list(mesure, axe))),
                None => Ok(write(&sum_cumuls(self.db, self.territoire.id, (mesure, axe), plage).await?)),
            },
        }
    }

    fn list_published(&self, publication: Option<&Publication>, (mesure, axe): (&str, &str)) -> Valeurs {
        let publication = publication.ok_or(Absence::NonPublie)?;
        if axe.is_empty() {
            return Ok(vec![(String::new(), publication.find_whole(mesure))]);
        }
        // A crossing of two axes is never published.
        let lines = publication.list(mesure, axe).ok_or(Absence::NonPublie)?;
        let named = lines.into_iter().filter(|(valeur, _)| *valeur != NON_DIT);
        Ok(named.map(|(valeur, count)| (valeur.to_string(), count)).collect())
    }

    /// A measure by commune.
    pub async fn read_communes(&self, mesure: &str, plage: Plage) -> Result<Comptees> {
        let rows = self.list((mesure, Axe::Commune.code()), plage).await?;
        Ok(rows.map(|rows| self.keep_bassins(rows.into_iter().collect(), false)))
    }

    /// Whether its counts of people are those that are published, for all outside the team.
    fn reads_publications(&self) -> bool {
        matches!(self.comptes, Comptes::Publies(_))
    }

    /// The lines that are bassins, or those that are none.
    fn keep_bassins(&self, mut counts: Effectifs, wanted: bool) -> Effectifs {
        counts.retain(|code, _| self.territoire.bassins.iter().any(|bassin| bassin.code == *code) == wanted);
        counts
    }

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

/// What is published of exactly these months.
fn find_published(years: &BTreeMap<i32, Publication>, plage: Plage) -> Option<&Publication> {
    years.get(&plage.de.annee).filter(|_| plage == Plage::whole_year(plage.de.annee))
}
