//! What is kept too long: the rule at its limits, then both databases.

use chrono::NaiveDate;
use kit::{Db, Id, Instant, sql, values};

use super::acte::open;
use super::effacement::complete;
use super::monde::territoire;
use crate::acte;
use crate::conservation::{apply, list_echues};
use crate::model::{Demande, Issue, NouvelleDemande};
use crate::rules::conservation::{DureeRefusee, Durees, Echeance, Objet, Suivi, check_mois, decide};
use crate::storage::{find_demande, find_durees, insert_demande, update_duree, update_issue};

const DUREES: Durees = Durees { demande: 24, rappel: 3 };

fn at(year: i32, month: u32, day: u32) -> Instant {
    Instant::from_paris(NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(12, 0, 0).unwrap()).unwrap()
}

fn suivi(dernier_contact: Instant, issue: Option<Issue>) -> Suivi {
    Suivi { dernier_contact, issue, has_rappel: true }
}

#[test]
fn a_demande_is_due_at_the_second_its_months_are_over() {
    let waiting = suivi(at(2024, 11, 17), None);
    assert_eq!(decide(&waiting, DUREES, at(2026, 11, 17).plus_seconds(-1)), None);
    assert_eq!(decide(&waiting, DUREES, at(2026, 11, 17)), Some(Echeance::Anonymiser));
}

#[test]
fn months_are_those_of_the_calendar() {
    let one = Durees { demande: 1, rappel: 1 };
    assert_eq!(decide(&suivi(at(2026, 1, 31), None), one, at(2026, 2, 28).plus_seconds(-1)), None);
    assert_eq!(decide(&suivi(at(2026, 1, 31), None), one, at(2026, 2, 28)), Some(Echeance::Anonymiser));
    // Across the change of October: noon stays noon.
    assert_eq!(decide(&suivi(at(2026, 10, 1), None), one, at(2026, 11, 1).plus_seconds(-1)), None);
    assert_eq!(decide(&suivi(at(2026, 10, 1), None), one, at(2026, 11, 1)), Some(Echeance::Anonymiser));
}

#[test]
fn how_to_call_back_goes_once_the_answer_is_given_and_not_before() {
    let (asked, due) = (at(2026, 8, 17), at(2026, 11, 17));
    for issue in [Issue::Orientee, Issue::Information, Issue::SansSolution] {
        assert_eq!(decide(&suivi(asked, Some(issue)), DUREES, due), Some(Echeance::EffacerRappel), "{issue:?}");
        assert_eq!(decide(&suivi(asked, Some(issue)), DUREES, due.plus_seconds(-1)), None);
    }
    for issue in [None, Some(Issue::ARappeler)] {
        assert_eq!(decide(&suivi(asked, issue), DUREES, due), None, "{issue:?}");
    }
    let nothing_left = Suivi { has_rappel: false, ..suivi(asked, Some(Issue::Orientee)) };
    assert_eq!(decide(&nothing_left, DUREES, due), None);
}

#[test]
fn a_duration_goes_from_one_to_thirty_six_months() {
    assert_eq!((check_mois(0), check_mois(1), check_mois(36), check_mois(37)), (Err(DureeRefusee), Ok(1), Ok(36), Err(DureeRefusee)));
}

/// A demande with everything in it, received some months ago and answered or not.
async fn leave(db: &Db, accueil: &crate::Accueil, (cle, received_at): (&str, Instant), issue: Option<Issue>) -> Demande {
    let demande = NouvelleDemande { received_at, issue, ..complete(cle) };
    let id = insert_demande(db, &accueil.coffre, &demande).await.unwrap().id;
    find_demande(db, &accueil.coffre, territoire().id, id).await.unwrap().unwrap()
}

async fn count_faits(db: &Db) -> i64 {
    sql::number(db.read(), "SELECT COUNT(*) FROM kit_fait WHERE territoire_id = $1", values![territoire().id]).await.unwrap()
}

#[tokio::test]
async fn what_is_due_is_listed_then_erased_and_the_rest_is_left() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let old = leave(&db, &accueil, ("vieille", at(2024, 11, 1)), None).await;
        let answered = leave(&db, &accueil, ("répondue", at(2026, 8, 1)), Some(Issue::Orientee)).await;
        let recent = leave(&db, &accueil, ("récente", at(2026, 11, 1)), Some(Issue::Orientee)).await;
        let (here, now, faits) = (territoire().id, testkit::NOON, count_faits(&db).await);
        let echues = list_echues(&db, here, now).await.unwrap();
        let listed: Vec<_> = echues.iter().map(|(suivie, echeance)| (suivie.numero, *echeance)).collect();
        assert_eq!(listed, [(1, Echeance::Anonymiser), (2, Echeance::EffacerRappel)]);
        let find = async |demande: &Demande| find_demande(&db, &accueil.coffre, here, demande.id).await.unwrap().unwrap();
        assert_eq!(find(&old).await, old, "listing changes nothing");

        for echue in &echues {
            assert!(apply(&db, here, echue, now).await.unwrap());
        }
        let left = find(&old).await;
        assert!(left.efface_at == Some(now) && left.detail.note.is_none() && left.detail.rappel.is_empty() && left.detail.sexe.is_none());
        assert_eq!((left.numero, left.detail.commune, &left.detail.besoins), (1, old.detail.commune, &old.detail.besoins));
        let left = find(&answered).await;
        assert!(left.efface_at.is_none() && left.detail.note.is_some() && left.detail.rappel.is_empty());
        assert_eq!(find(&recent).await, recent);
        let written = "SELECT objet_id FROM kit_journal WHERE acte = 'fin de conservation' AND auteur_id = '' ORDER BY numero";
        let written = sql::texts(db.read(), written, []).await.unwrap();
        assert_eq!(written, [old.id.to_string(), answered.id.to_string()], "the journal says so");
        assert!(list_echues(&db, here, now).await.unwrap().is_empty(), "a second run finds nothing");
        assert_eq!(count_faits(&db).await, faits, "the figures do not move");
        assert!(list_echues(&db, kit::Id::from_name("elsewhere"), now).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_demande_changed_since_it_was_listed_is_left_alone() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let old = leave(&db, &accueil, ("vieille", at(2024, 11, 1)), None).await;
        let echues = list_echues(&db, territoire().id, testkit::NOON).await.unwrap();
        update_issue(&db, &old, (Issue::ARappeler, None), (Id::from_name("somebody"), testkit::NOON)).await.unwrap();
        assert!(!apply(&db, territoire().id, &echues[0], testkit::NOON).await.unwrap());
        let left = find_demande(&db, &accueil.coffre, territoire().id, old.id).await.unwrap().unwrap();
        assert!(left.efface_at.is_none() && left.detail.rappel == old.detail.rappel);
        acte::effacer(&accueil, &left, (None, testkit::NOON)).await.unwrap();
    }
}

#[tokio::test]
async fn a_territoire_has_the_durations_of_the_register_until_it_sets_its_own() {
    for db in testkit::databases().await {
        open(&db).await;
        assert_eq!(find_durees(&db, territoire().id).await.unwrap(), DUREES);
        for mois in [6, 12] {
            update_duree(&db, territoire().id, Objet::Demande, mois).await.unwrap();
        }
        assert_eq!(find_durees(&db, territoire().id).await.unwrap(), Durees { demande: 12, rappel: 3 });
        assert_eq!(find_durees(&db, kit::Id::from_name("elsewhere")).await.unwrap(), DUREES);
    }
}
