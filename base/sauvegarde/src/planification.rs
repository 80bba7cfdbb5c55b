//! The backups that the program makes by itself, once a day.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chrono::{NaiveTime, Timelike};
use kit::{Clock, Db, Instant};

use crate::rotation::{self, Garde};
use crate::storage::{Passage, find_dernier_passage, find_dernier_verifie, insert_passage};
use crate::{Cle, Sauvegarde, write_sauvegarde};

/// What is saved, where, when, and how long it is kept.
#[derive(Clone)]
pub struct Plan {
    pub base: String,
    pub cle: Cle,
    pub dossier: PathBuf,
    pub heure: NaiveTime,
    pub garde: Garde,
}

const LOOK_EVERY: Duration = Duration::from_secs(30);
/// After a failure: often enough to succeed in the night, seldom enough not to be a storm.
const RETRY_AFTER: Duration = Duration::from_secs(3_600);

/// `03:30`. Nothing is planned between two and three: one night a year that hour happens twice, another it does not.
pub fn read_heure(text: &str) -> Result<NaiveTime> {
    let heure = NaiveTime::parse_from_str(text, "%H:%M").with_context(|| format!("« {text} » n’est pas une heure : écrivez 03:30"))?;
    if heure.hour() == 2 {
        bail!("entre 2 h et 3 h, une nuit par an l’heure passe deux fois : choisissez une autre heure que « {text} »");
    }
    Ok(heure)
}

/// Whether the backup of the day is to be made: its hour has passed, and nothing verified was begun since.
pub fn is_due(now: Instant, heure: NaiveTime, dernier_verifie: Option<Instant>, dernier_passage: Option<Instant>) -> bool {
    let Some(echeance) = Instant::from_paris(now.day().and_time(heure)) else { return false };
    let is_done = dernier_verifie.is_some_and(|at| at >= echeance);
    let is_too_soon = dernier_passage.is_some_and(|at| now < at.plus_seconds(RETRY_AFTER.as_secs() as i64));
    now >= echeance && !is_done && !is_too_soon
}

/// Saves once a day, for ever. A failure is written down and tried again an hour later.
pub async fn keep_saved(db: Db, clock: Clock, plan: Plan) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = clock.now();
        match is_due_in(&db, &plan, now).await {
            Ok(false) => {}
            Ok(true) => {
                let outcome = save(&db, &plan, &clock).await;
                // Measured on a clock that nobody moves: a base that cannot even note the failure is not asked twice a minute.
                if let Err(error) = outcome {
                    tracing::error!(cause = format!("{error:#}"), "the backup failed");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            }
            Err(error) => tracing::warn!(%error, "backup put off"),
        }
    }
}

async fn is_due_in(db: &Db, plan: &Plan, now: Instant) -> kit::Result<bool> {
    let verified = find_dernier_verifie(db, now).await?.map(|passage| Instant(passage.began_at));
    let last = find_dernier_passage(db, now).await?.map(|passage| Instant(passage.began_at));
    Ok(is_due(now, plan.heure, verified, last))
}

async fn save(db: &Db, plan: &Plan, clock: &Clock) -> Result<()> {
    let saved = save_once(db, plan, clock).await?;
    tracing::info!(archive = %saved.archive.display(), octets = saved.octets, "backup verified");
    delete_old(plan)
}

/// Saves, and writes down what came of it.
pub async fn save_once(db: &Db, plan: &Plan, clock: &Clock) -> Result<Sauvegarde> {
    let began_at = clock.now();
    let outcome = write_sauvegarde(db, &plan.base, &plan.cle, &plan.dossier, began_at).await;
    record(db, began_at, clock.now(), &outcome).await?;
    outcome
}

/// Notes an attempt in the base, so that everybody sees when the last verified one was.
pub async fn record(db: &Db, began_at: Instant, ended_at: Instant, outcome: &Result<Sauvegarde>) -> Result<()> {
    let passage = Passage {
        began_at: began_at.0,
        ended_at: ended_at.0,
        archive: outcome.as_ref().ok().map(|saved| saved.archive.display().to_string()),
        octets: outcome.as_ref().ok().and_then(|saved| i64::try_from(saved.octets).ok()),
        verified_at: outcome.as_ref().ok().map(|_| ended_at.0),
        erreur: outcome.as_ref().err().map(|error| format!("{error:#}")),
    };
    Ok(insert_passage(db, &passage).await?)
}

/// Only after a verified backup: one never deletes an archive for having failed to make another.
fn delete_old(plan: &Plan) -> Result<()> {
    let names: Vec<String> = std::fs::read_dir(&plan.dossier)?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    for name in rotation::list_a_effacer(&names, plan.garde) {
        std::fs::remove_file(plan.dossier.join(&name)).with_context(|| format!("l’ancienne sauvegarde {name} ne s’efface pas"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;
    const YEAR: i64 = 365 * 24 * HOUR;

    fn heure() -> NaiveTime {
        read_heure("11:00").unwrap()
    }

    /// An hour before `NOON`.
    fn echeance() -> Instant {
        testkit::NOON.plus_seconds(-HOUR)
    }

    #[test]
    fn the_backup_of_the_day_is_due_at_its_hour_and_once() {
        assert!(!is_due(echeance().plus_seconds(-1), heure(), None, None));
        assert!(is_due(echeance(), heure(), None, None));
        let yesterday = Some(echeance().plus_seconds(-24 * HOUR));
        assert!(is_due(echeance(), heure(), yesterday, yesterday));
        assert!(is_due(echeance(), heure(), Some(echeance().plus_seconds(-1)), None), "one made by hand in the night does not count");
        assert!(!is_due(testkit::NOON, heure(), Some(echeance()), Some(echeance())));
    }

    #[test]
    fn a_failure_is_tried_again_an_hour_later() {
        let failed = Some(echeance());
        assert!(!is_due(echeance().plus_seconds(HOUR - 1), heure(), None, failed));
        assert!(is_due(echeance().plus_seconds(HOUR), heure(), None, failed));
    }

    #[test]
    fn a_clock_that_jumps_makes_one_backup_and_not_a_storm() {
        for jump in [HOUR, -HOUR, YEAR, -YEAR] {
            let (before, mut verified) = (testkit::NOON, Some(echeance()));
            let mut made = 0;
            // Ten hours of looks after the jump, as `keep_saved` makes them: what is dated in the future is not seen.
            for look in 0..1_200 {
                let now = before.plus_seconds(jump + 30 * look);
                let seen = verified.filter(|at: &Instant| *at <= now);
                if is_due(now, heure(), seen, seen) {
                    made += 1;
                    verified = Some(now);
                }
            }
            assert!(made <= 1, "{made} backups after a jump of {jump} s");
        }
    }

    #[test]
    fn an_hour_that_happens_twice_is_refused() {
        assert!(read_heure("02:00").is_err() && read_heure("02:59").is_err());
        assert!(read_heure("01:59").is_ok() && read_heure("03:00").is_ok());
        assert!(read_heure("25:00").is_err() && read_heure("demain").is_err());
    }

    #[tokio::test]
    async fn old_archives_go_once_a_new_one_is_verified() {
        let base = testkit::sqlite_path();
        let db = Db::open(&base).await.unwrap();
        schema::migrate(&db, testkit::NOON).await.unwrap();
        let dossier = PathBuf::from(format!("{base}.dossier"));
        std::fs::create_dir(&dossier).unwrap();
        let cle = Cle::create(&dossier.join("cle")).unwrap();
        let plan = Plan { base, cle, dossier: dossier.clone(), heure: heure(), garde: Garde { jours: 2, semaines: 0, mois: 0 } };
        for day in 0..4 {
            save(&db, &plan, &Clock::stopped_at(testkit::NOON.plus_seconds(day * 24 * HOUR))).await.unwrap();
        }
        assert_eq!(std::fs::read_dir(&dossier).unwrap().count(), 3, "two archives and the key");
        let now = testkit::NOON.plus_seconds(4 * 24 * HOUR);
        assert_eq!(find_dernier_verifie(&db, now).await.unwrap().unwrap().began_at, now.0 - 24 * HOUR);
    }
}
