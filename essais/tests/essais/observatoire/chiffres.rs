//! The figures as the team reads them: the same wherever they appear, and the same after people have left.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{COURRIEL, Site};
use kit::{Db, Instant, sql};
use maillage::conservation::do_today;

use super::{ICI, PERIODE, path, record, text};

/// Seven demandes: two of them in another commune, one need without a solution.
async fn open(db: &Db) -> Site {
    let site = Site::signed_in(db, ICI).await;
    for cle in 0..5 {
        record(&site, ("Livron", "menage", "issue=orientee"), cle).await;
    }
    record(&site, ("Loriol", "menage", "issue=orientee"), 5).await;
    record(&site, ("Loriol", "garde+de+nuit", "issue=sans_solution&motif=aucun_service"), 6).await;
    site
}

#[tokio::test]
async fn a_figure_is_the_same_wherever_it_appears() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        let glance = text(&site.get(&path(&format!("?{PERIODE}"))).await.body);
        assert!(glance.contains("Demandes reçues 7"), "{glance}");
        let one = text(&site.get(&path(&format!("/indicateurs/demandes?{PERIODE}&axe=commune"))).await.body);
        assert!(one.contains("7 , de janvier 2026 à décembre 2026"), "{one}");
        let csv = site.get(&path(&format!("/indicateurs/demandes/tableau.csv?{PERIODE}&axe=commune"))).await.body;
        assert!(csv.contains("ensemble;7;") && csv.contains("Livron-sur-Drôme;5;") && csv.contains("Loriol-sur-Drôme;2;"), "{csv}");
        let portrait = text(&site.get(&path(&format!("/communes/26166?{PERIODE}"))).await.body);
        assert!(portrait.contains("2 demandes") && portrait.contains("1 besoin sans solution"), "{portrait}");
        let share = site.get(&path(&format!("/indicateurs/part-sans-solution/tableau.csv?{PERIODE}&axe=besoin"))).await.body;
        assert!(share.contains("Garde de nuit;1;1;100,0\u{202f}%"), "{share}");
        // The rows behind.
        let indicateur = site.get(&path(&format!("/indicateurs/demandes?{PERIODE}&axe=commune"))).await.body;
        let href = indicateur.split("href=\"").find(|one| one.contains("/demandes?commune=26166")).unwrap().split('"').next().unwrap();
        let rows = site.get(&href.replace("&amp;", "&").replace("&#38;", "&")).await.body;
        assert_eq!(rows.matches("<tr><th scope=\"row\">").count(), 2, "{href}");
    }
}

#[tokio::test]
async fn last_year_says_the_same_after_people_have_left() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        let address = path(&format!("/indicateurs/part-sans-solution/tableau.csv?{PERIODE}&axe=commune"));
        let before = site.get(&address).await.body;
        assert!(before.contains("Loriol-sur-Drôme;1;2;50,0"), "{before}");
        let three_years_later = Instant(testkit::NOON.0 + 3 * 366 * 86_400);
        do_today(&db, three_years_later).await.unwrap();
        let left = sql::number(db.read(), "SELECT COUNT(*) FROM accueil_demande WHERE rappel_nom IS NOT NULL", []).await.unwrap();
        assert_eq!(left, 0, "everybody was forgotten");
        // The session was forgotten too.
        site.cookie = Some(site.sign_in(ICI, COURRIEL).await);
        assert_eq!(site.get(&address).await.body, before);
    }
}

#[tokio::test]
async fn nonsense_is_answered_with_something_to_read() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        for query in ["?de=2026-12&a=2026-01", "?de=hier&a=%3Cscript%3E", "?de=2026-02-31", "?de=9999-01&a=0000-00"] {
            assert_eq!(site.get(&path(query)).await.status, 200, "{query}");
        }
        let empty = text(&site.get(&path("")).await.body);
        assert!(empty.contains("non calculable"), "an empty territoire has no share: {empty}");
        assert_eq!(site.get(&path("/indicateurs/nulle-part")).await.status, 404);
        assert_eq!(site.get(&path("/communes/75056")).await.status, 404, "a commune of elsewhere");
        assert_eq!(site.get(&path("/communes/%3Cb%3E")).await.status, 404);
    }
}
