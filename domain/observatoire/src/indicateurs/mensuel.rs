//! An indicator month by month: what its line is drawn from, and what makes periods of different lengths comparable.

use std::collections::BTreeMap;

use kit::Result;

use super::calcul::{Effectif, Resultat, Valeur, compute};
use super::formule::{Formule, Terme};
use super::lecture::{Source, count_population};
use super::{Indicateur, Unite};
use crate::rules::mois::Plage;
use crate::storage::cumul::list_cumuls;

type ParMois = BTreeMap<String, Effectif>;

/// For the whole territoire, one value a month; none for what is of today or of whole years.
pub async fn read_months(source: Source<'_>, indicateur: &Indicateur, plage: Plage) -> Result<Option<Vec<Valeur>>> {
    let Some(numerateur) = read_formule(source, &indicateur.numerateur, plage).await? else { return Ok(None) };
    let denominateur = match &indicateur.denominateur {
        None => None,
        Some(formule) => match read_formule(source, formule, plage).await? {
            None => return Ok(None),
            known => known,
        },
    };
    let results = compute(indicateur, &numerateur, denominateur.as_ref());
    let find = |mois: String| results.iter().find(|one| one.valeur == mois).map(|one| one.ensemble);
    Ok(plage.months().map(|mois| find(mois.to_string())).collect())
}

async fn read_formule(source: Source<'_>, formule: &Formule, plage: Plage) -> Result<Option<ParMois>> {
    let mut sum: ParMois = plage.months().map(|mois| (mois.to_string(), count(0))).collect();
    for terme in &formule.termes {
        match terme {
            Terme::Compteur(compteur) => {
                let lecture = compteur.whole();
                let rows = list_cumuls(source.db, source.territoire.id, (&compteur.mesure, &lecture.axe), (plage.de, plage.a)).await?;
                for row in rows.iter().filter(|row| lecture.keep(&row.valeur).is_some()) {
                    sum.entry(row.mois.to_string()).and_modify(|known| *known = known.plus(count(row.quantite)));
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
    Ok(Some(sum.into_iter().map(|(mois, known)| (mois, told(known))).collect()))
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
