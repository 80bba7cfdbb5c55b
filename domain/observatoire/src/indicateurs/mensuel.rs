//! An indicator month by month, or year by year: what its line is drawn from, and what makes periods of different lengths comparable.

use std::collections::BTreeMap;

use kit::Result;

use super::calcul::{Effectif, Resultat, Valeur, compute};
use super::formule::{Formule, Terme};
use super::lecture::{Source, count_population};
use super::{Indicateur, Unite};
use crate::rules::mois::Plage;
use crate::storage::cumul::list_cumuls;

/// By the first month of each point.
type ParPoint = BTreeMap<String, Effectif>;

/// For the whole territoire, one value a point (`Plage::points`), a quotient of the sums of its months; none for what is of today or
/// costs.
pub async fn read_points(source: Source<'_>, indicateur: &Indicateur, points: &[Plage]) -> Result<Option<Vec<Valeur>>> {
    let Some(numerateur) = read_formule(source, &indicateur.numerateur, points).await? else { return Ok(None) };
    let denominateur = match &indicateur.denominateur {
        None => None,
        Some(formule) => match read_formule(source, formule, points).await? {
            None => return Ok(None),
            known => known,
        },
    };
    let results = compute(indicateur, &numerateur, denominateur.as_ref());
    let find = |point: &Plage| results.iter().find(|one| one.valeur == key(*point)).map(|one| one.ensemble);
    Ok(points.iter().map(find).collect())
}

fn key(point: Plage) -> String {
    point.de.to_string()
}

async fn read_formule(source: Source<'_>, formule: &Formule, points: &[Plage]) -> Result<Option<ParPoint>> {
    let mut sum: ParPoint = points.iter().map(|point| (key(*point), count(0))).collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(None) };
    for terme in &formule.termes {
        match terme {
            Terme::Compteur(compteur) => {
                let lecture = compteur.whole();
                let rows = list_cumuls(source.db, source.territoire.id, (&compteur.mesure, &lecture.axe), (first.de, last.a)).await?;
                for row in rows.iter().filter(|row| lecture.keep(&row.valeur).is_some()) {
                    let Some(point) = points.iter().find(|point| point.contains(row.mois)) else { continue };
                    sum.entry(key(*point)).and_modify(|known| *known = known.plus(count(row.quantite)));
                }
            }
            Terme::Population(population) => {
                let people = count_population(source.territoire, *population).into_values().fold(count(0), |sum, one| sum.plus(one));
                sum.values_mut().for_each(|known| *known = known.plus(people));
            }
            Terme::Offre(_) | Terme::Gestion(_) => return Ok(None),
        }
    }
    // A fact taken back in a later month may be alone there.
    let told = |known: Effectif| Effectif { total: known.total.map(|total| total.max(0)), ..known };
    Ok(Some(sum.into_iter().map(|(point, known)| (point, told(known))).collect()))
}

fn count(quantite: i64) -> Effectif {
    Effectif { total: Ok(quantite), ..Effectif::INCONNU }
}

/// Whether twice as many months make twice as much: a share does not grow with time.
pub fn grows_with_time(unite: Unite) -> bool {
    match unite {
        Unite::Nombre | Unite::Pour1000 => true,
        Unite::Pourcent | Unite::Rapport | Unite::Euros => false,
    }
}

/// The mean of a month; the counts that it rests on stay what they are.
pub fn per_month(resultat: &Resultat, months: i32) -> Resultat {
    let mean = |valeur: Valeur| valeur.map(|valeur| valeur / f64::from(months.max(1)));
    Resultat { ensemble: mean(resultat.ensemble), femmes: mean(resultat.femmes), hommes: mean(resultat.hommes), ..resultat.clone() }
}
