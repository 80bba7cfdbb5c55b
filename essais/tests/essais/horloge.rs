//! The clock of the machine jumps: nobody is thrown out for good, nothing runs twice, everything goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::Site;
use kit::{Instant, sql};

const HOUR: i64 = 3_600;
const YEAR: i64 = 365 * 24 * HOUR;

fn at(jump: i64) -> Instant {
    testkit::NOON.plus_seconds(jump)
}

#[tokio::test]
async fn the_service_goes_on_whatever_the_clock_says() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        for (rang, jump) in [HOUR, -HOUR, YEAR, -YEAR, 0].into_iter().enumerate() {
            site.app.clock.set(at(jump));
            site.app.refresh().await.unwrap();
            for path in ["/val-de-drome", "/api/v1/orientations?commune=26165&besoin=menage", "/sante/pret"] {
                assert_eq!(site.get(path).await.status, 200, "{path} after a jump of {jump} s");
            }
            let body = format!(r#"{{"commune":"26165","besoin":"menage","cle":"{rang}"}}"#);
            assert_eq!(site.post_json("/api/v1/demandes", body.as_bytes()).await.status, 201);
        }
        let numbered = sql::number(db.read(), "SELECT MAX(numero) FROM accueil_demande", []).await.unwrap();
        assert_eq!(numbered, 5, "numbers follow each other, whatever the dates");
    }
}

#[tokio::test]
async fn a_wrong_clock_closes_sessions_as_time_would_and_only_while_it_lasts() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, "val-de-drome").await;
        let page = "/val-de-drome/equipe/demandes";
        // Half an hour idle closes: an hour ahead looks the same. Nothing is deleted: the hour mended, all are in again.
        for (jump, is_in) in [(HOUR, false), (-HOUR, true), (YEAR, false), (0, true), (-YEAR, true), (0, true)] {
            site.app.clock.set(at(jump));
            assert_eq!(site.get(page).await.status == 200, is_in, "after a jump of {jump} s");
        }
    }
}
