//! What is looked at each day, and told once a week.

use std::sync::Arc;

use annuaire::storage::resume_with_retours;
use chrono::{Datelike, Days, NaiveDate};
use kit::{Db, Id, Instant, Result};
use territoire::{Referentiel, Territoire};

use super::couverture::{compare as compare_couvertures, observe};
use super::lettres::write_letters;
use super::model::{Alerte, Comparaison, NatureAlerte};
use super::rules::{Hausse, Paire, compare, find_hausses, months, one_in};
use crate::Observatoire;
use crate::demandes::{Demandes, list_demandes};
use crate::pistes::model::{Etendue, Portee};
use crate::rules::mois::Mois;
use crate::storage::alerte::{insert_alerte, list_alertes, list_couverture, save_ecart, take_for_letter};
use crate::storage::cumul::{catch_up, list_cumuls};

/// Looks at a territoire; gives how many changes are new.
pub async fn look(room: &Observatoire, territoire: &Territoire, now: Instant) -> Result<usize> {
    Ok(look_pertes(room, territoire, now).await? + look_hausses(room, territoire, now).await?)
}

/// The kept counts move with the alerts that they gave: a stop in the middle forgets neither.
async fn look_pertes(room: &Observatoire, territoire: &Territoire, now: Instant) -> Result<usize> {
    let here = Arc::new(territoire.clone());
    let known = room.aiguillages.get(territoire.id);
    // Closed for the holidays, it comes back: that is no loss, and its return no service that opens.
    let aiguillage = resume_with_retours(&room.db, (&here, known), now.day()).await?;
    let today = tokio::task::spawn_blocking(move || observe(&aiguillage, &here)).await.map_err(anyhow::Error::from)?;
    let kept = list_couverture(&room.db, territoire.id).await?;
    let is_here = |code: &str| Referentiel::get().resolve_code(code).is_ok_and(|found| territoire.contains(found.commune.rang));
    let ecart = compare_couvertures(&kept, &today, is_here);
    if ecart.lignes.is_empty() {
        return Ok(0);
    }
    let tx = room.db.begin().await?;
    let mut count = 0;
    for (besoin, communes) in &ecart.pertes {
        let alerte = tell_perte(territoire, (besoin, communes), now);
        count += usize::from(insert_alerte(&tx, territoire.id, &alerte).await?);
    }
    save_ecart(&tx, territoire.id, &ecart).await?;
    tx.commit().await?;
    Ok(count)
}

fn tell_perte(territoire: &Territoire, (besoin, communes): (&str, &[String]), now: Instant) -> Alerte {
    let today = now.day();
    Alerte {
        id: Alerte::identify(territoire, (NatureAlerte::Perte, besoin), &Portee::Communes, today),
        nature: NatureAlerte::Perte,
        besoin: besoin.to_string(),
        etendue: Etendue { portee: Portee::Communes, communes: communes.to_vec() },
        comparaison: Comparaison { recent: (today, today), reference: (today, today) },
        avant: i64::try_from(communes.len()).unwrap_or(i64::MAX),
        apres: 0,
        hasard: 0,
        trouvee_at: now,
        vue_at: None,
    }
}

async fn look_hausses(room: &Observatoire, territoire: &Territoire, now: Instant) -> Result<usize> {
    let Some(comparaison) = compare(now, find_premier(&room.db, territoire.id, now).await?) else { return Ok(0) };
    let recent = list_demandes(&room.db, territoire.id, months(comparaison.recent)).await?;
    let reference = list_demandes(&room.db, territoire.id, months(comparaison.reference)).await?;
    let found = find_hausses(list_paires(territoire, &recent, &reference), comparaison.part());
    let known = list_alertes(&room.db, territoire.id).await?;
    let alertes = found.into_iter().map(|hausse| tell_hausse(territoire, hausse, comparaison, now));
    let news: Vec<Alerte> = alertes.filter(|one| is_news(one, &known)).collect();
    if news.is_empty() {
        return Ok(0);
    }
    let tx = room.db.begin().await?;
    let mut count = 0;
    for alerte in &news {
        count += usize::from(insert_alerte(&tx, territoire.id, alerte).await?);
    }
    tx.commit().await?;
    Ok(count)
}

/// The first month in which anything was asked, as far back as a comparison looks.
async fn find_premier(db: &Db, territoire: Id, now: Instant) -> Result<Option<Mois>> {
    catch_up(db, territoire).await?;
    let this = Mois::of(now.day());
    let cumuls = list_cumuls(db, territoire, ("demande", ""), (this.plus(-24), this)).await?;
    Ok(cumuls.into_iter().filter(|one| one.quantite > 0).map(|one| one.mois).min())
}

/// By need, on the whole territoire and in each bassin: what is asked, and what stays without a solution.
fn list_paires(territoire: &Territoire, recent: &Demandes, reference: &Demandes) -> Vec<Paire> {
    let (recent, reference) = (recent.sum_by_bassin(territoire), reference.sum_by_bassin(territoire));
    let keys: std::collections::BTreeSet<_> = recent.keys().chain(reference.keys()).collect();
    let pairs = keys.into_iter().flat_map(|key| {
        let (now, then) = (recent.get(key).copied().unwrap_or_default(), reference.get(key).copied().unwrap_or_default());
        let pair = |nature, recent: i64, reference: i64| Paire {
            nature,
            besoin: key.0.clone(),
            portee: key.1.clone().map_or(Portee::Territoire, Portee::Bassin),
            // A fact taken back in a later month may leave less than nothing.
            recent: recent.max(0),
            reference: reference.max(0),
        };
        [
            pair(NatureAlerte::HausseDemandes, now.demandes, then.demandes),
            pair(NatureAlerte::HausseSansSolution, now.sans_solution, then.sans_solution),
        ]
    });
    pairs.collect()
}

fn tell_hausse(territoire: &Territoire, Hausse { paire, hasard }: Hausse, comparaison: Comparaison, now: Instant) -> Alerte {
    let communes = paire.portee.list_communes(territoire).into_iter().map(|one| one.code.to_string()).collect();
    Alerte {
        id: Alerte::identify(territoire, (paire.nature, &paire.besoin), &paire.portee, comparaison.recent.0),
        nature: paire.nature,
        besoin: paire.besoin,
        etendue: Etendue { portee: paire.portee, communes },
        comparaison,
        avant: paire.reference,
        apres: paire.recent,
        hasard: one_in(hasard),
        trouvee_at: now,
        vue_at: None,
    }
}

/// A rise that lasts is told once: again only when none of the months that told it is counted any more.
fn is_news(alerte: &Alerte, known: &[Alerte]) -> bool {
    let is_same = |one: &&Alerte| one.nature == alerte.nature && one.besoin == alerte.besoin && one.etendue.portee == alerte.etendue.portee;
    !known.iter().filter(is_same).any(|one| one.comparaison.recent.1 >= alerte.comparaison.recent.0)
}

/// Writes to those whom the week concerns what was found and not told yet; gives how many letters.
pub async fn tell(room: &Observatoire, territoire: &Territoire, now: Instant) -> Result<usize> {
    let tx = room.db.begin().await?;
    // Marked even while nothing is sent: what is on the page for months is not told the day a server of mail is set.
    let alertes = take_for_letter(&tx, territoire.id, now).await?;
    let written = if alertes.is_empty() { 0 } else { write_letters(room, &tx, (territoire, now), &alertes).await? };
    tx.commit().await?;
    Ok(written)
}

/// The Monday of a day: a week is told once, on Monday, or on the first day on which the program runs.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hausse(besoin: &str, du: &str, au: &str) -> Alerte {
        let recent: (NaiveDate, NaiveDate) = (du.parse().unwrap(), au.parse().unwrap());
        Alerte {
            id: Id::from_name(&format!("{besoin} {du}")),
            nature: NatureAlerte::HausseDemandes,
            besoin: besoin.into(),
            etendue: Etendue { portee: Portee::Territoire, communes: vec![] },
            comparaison: Comparaison { recent, reference: recent },
            avant: 60,
            apres: 90,
            hasard: 110,
            trouvee_at: testkit::NOON,
            vue_at: None,
        }
    }

    #[test]
    fn a_rise_that_lasts_is_told_again_once_its_months_are_all_new() {
        let known = [hausse("menage", "2026-08-01", "2026-10-31")];
        assert!(!is_news(&hausse("menage", "2026-09-01", "2026-11-30"), &known), "two months of three were told");
        assert!(!is_news(&hausse("menage", "2026-10-01", "2026-12-31"), &known));
        assert!(is_news(&hausse("menage", "2026-11-01", "2027-01-31"), &known));
        assert!(is_news(&hausse("linge", "2026-09-01", "2026-11-30"), &known), "another need");
    }

    #[test]
    fn a_week_begins_on_monday() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(monday(day("2026-11-23")), day("2026-11-23"));
        assert_eq!(monday(day("2026-11-29")), day("2026-11-23"));
    }
}
