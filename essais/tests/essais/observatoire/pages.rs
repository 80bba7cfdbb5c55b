//! The pages of needs and of indicators: drawings beside their tables, workbooks, objectives, periods that somebody chose.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use comptes::Role;
use comptes::storage::insert_compte;
use essais::{COURRIEL, MOT_DE_PASSE, Site};
use kit::{Db, Id, sql, values};

use super::{ICI, PERIODE, path, record, text};

/// Three demandes of ménage, one of them without a solution; one of garde de nuit.
async fn open(db: &Db) -> Site {
    let site = Site::signed_in(db, ICI).await;
    record(&site, ("Livron", "menage", "issue=orientee"), 0).await;
    record(&site, ("Livron", "menage", "issue=orientee"), 1).await;
    record(&site, ("Loriol", "menage", "issue=sans_solution&motif=trop_cher"), 2).await;
    record(&site, ("Loriol", "garde+de+nuit", "issue=sans_solution&motif=aucun_service"), 3).await;
    site
}

async fn sign_in_as(db: &Db, site: &mut Site, (courriel, role): (&str, Role)) {
    let tx = db.begin().await.unwrap();
    insert_compte(&tx, Id::from_name(ICI), (courriel, "Autre"), (MOT_DE_PASSE, &[role]), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
    site.cookie = Some(site.sign_in(ICI, courriel).await);
}

#[tokio::test]
async fn the_page_of_a_need_says_who_asks_how_it_ends_and_where_nobody_comes() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        let html = site.get(&path(&format!("/besoins/menage?{PERIODE}"))).await.body;
        let page = text(&html);
        assert!(page.contains("3 demandes") && page.contains("Femmes : 3 (100"), "{page}");
        assert!(page.contains("orientée 2 , les demandes 67") && page.contains("sans solution 1 , les demandes 33"), "{page}");
        assert!(page.contains("trop cher 1"), "{page}");
        assert!(page.contains("Livron-sur-Drôme 2") && page.contains("Loriol-sur-Drôme 1"), "{page}");
        assert!(html.contains("carte-communes") && html.contains("class=\"graphique\""), "a map and a line");
        assert!(html.contains("/pistes/nouvelle?besoin=menage"), "the way to act");
        let rows = site.get(&format!("/{ICI}/equipe/demandes?besoin=menage&issue=orientee&du=2026-01-01&au=2026-12-31")).await.body;
        assert!(html.contains("besoin=menage&#38;du=2026-01-01&#38;au=2026-12-31&#38;issue=orientee"), "{html}");
        assert_eq!(rows.matches("<tr><th scope=\"row\">").count(), 2);
        let empty = text(&site.get(&path("/besoins/menage?de=1999-01&a=1999-02")).await.body);
        assert!(empty.contains("0 demande"), "{empty}");
        for wrong in ["/besoins/nulle-part", "/besoins/%3Cb%3E"] {
            assert_eq!(site.get(&path(wrong)).await.status, 404, "{wrong}");
        }
        sign_in_as(&db, &mut site, ("elus@essai.example", Role::Lecture)).await;
        let outside = site.get(&path(&format!("/besoins/menage?{PERIODE}"))).await.body;
        assert!(text(&outside).contains("n’est dit, besoin par besoin, qu’à ceux qui lisent les demandes"), "{outside}");
        assert!(!outside.contains("/equipe/demandes?") && !outside.contains("3 demandes") && !outside.contains("carte-communes"));
    }
}

#[tokio::test]
async fn a_territoire_without_bassins_and_of_one_epci_is_not_offered_to_be_read_by_them() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        let page = site.get(&path(&format!("/indicateurs/demandes-pour-1000?{PERIODE}"))).await.body;
        assert!(page.contains("<option value=\"commune\" selected>"), "{page}");
        assert!(!page.contains("value=\"bassin\"") && !page.contains("value=\"epci\""), "{page}");
        for (axe, said) in [("bassin", "Val de Drôme n’a pas de bassin"), ("epci", "Val de Drôme sont d’un seul EPCI")] {
            let answer = site.get(&path(&format!("/indicateurs/demandes-pour-1000?{PERIODE}&axe={axe}"))).await;
            assert!(answer.status == 200 && answer.body.contains(said) && !answer.body.contains("<table>"), "{}", answer.body);
            let csv = site.get(&path(&format!("/indicateurs/demandes-pour-1000/tableau.csv?{PERIODE}&axe={axe}"))).await;
            assert!(csv.status == 200 && csv.body.lines().count() == 2, "the whole alone: {}", csv.body);
        }
    }
}

#[tokio::test]
async fn the_bilan_tells_the_records_to_complete_though_nobody_opened_the_board_of_quality() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        let bilan = text(&site.get(&path("/bilan/2026")).await.body);
        assert!(bilan.contains("Fiches à compléter 2"), "both miss their hours: {bilan}");
        assert!(bilan.contains("Structures par besoin") && !bilan.contains("par bassin"), "{bilan}");
    }
}

#[tokio::test]
async fn beyond_three_years_a_line_is_drawn_year_by_year() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        for page in ["/indicateurs/demandes", "/indicateurs/part-sans-solution", "/besoins/menage", "/communes/26165"] {
            let years = site.get(&path(&format!("{page}?de=2020-06&a=2026-10"))).await.body;
            let is_drawn = years.contains("par an (années entières)");
            // Nothing was asked before this year, which is not over: what has nothing to say is not drawn.
            assert!(is_drawn == (page != "/indicateurs/part-sans-solution" && page != "/communes/26165"), "{page}: {years}");
            assert!(!years.contains("par mois"), "{page}");
        }
    }
}

#[tokio::test]
async fn an_indicator_is_drawn_and_its_table_is_a_workbook() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        let html = site.get(&path(&format!("/indicateurs/demandes?{PERIODE}&axe=commune"))).await.body;
        assert!(html.contains("carte-communes") && html.contains("class=\"graphique\""), "a map and a line");
        let bars = site.get(&path(&format!("/indicateurs/besoins?{PERIODE}&axe=besoin"))).await.body;
        assert!(bars.contains("Besoins exprimés, par besoin") && bars.contains("observatoire/besoins/menage"), "{bars}");
        let answer = site.get(&path(&format!("/indicateurs/part-sans-solution/tableau.xlsx?{PERIODE}&axe=besoin"))).await;
        assert_eq!(answer.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        let book = site.get_bytes(&path(&format!("/indicateurs/part-sans-solution/tableau.xlsx?{PERIODE}&axe=besoin"))).await;
        let rows = tableur::read(&book).unwrap();
        let find = |nom: &str| rows.iter().find(|(_, row)| row[0] == nom).map(|(_, row)| row[1..4].to_vec()).unwrap();
        assert_eq!(find("ensemble"), ["2", "4", "50"]);
        assert_eq!(find("Garde de nuit"), ["1", "1", "100"]);
        let lacks = tableur::read(&site.get_bytes(&path("/manques.xlsx")).await).unwrap();
        assert_eq!(lacks[0].1[0], "nature");
        assert!(lacks.iter().any(|(_, row)| row[1] == "garde-nuit" && row[4] == "Loriol-sur-Drôme" && row[6] == "1"), "{lacks:?}");
    }
}

#[tokio::test]
async fn an_objective_is_set_judged_kept_when_refused_and_taken_away() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        let own = "SELECT id FROM comptes_compte WHERE courriel = $1 AND territoire_id = $2";
        let compte = sql::texts(db.read(), own, values![COURRIEL, Id::from_name(ICI)]).await.unwrap().remove(0);
        let post = path(&format!("/indicateurs/part-sans-solution/objectif?{PERIODE}"));
        let refused = site.post(&post, &format!("cible=beaucoup&sens=au_plus&echeance=2027-06&responsable={compte}")).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("value=\"beaucoup\"") && refused.body.contains("value=\"2027-06\""), "what was typed stays");
        for typed in
            ["cible=10&sens=?&echeance=2027-06", "cible=10&sens=au_plus&echeance=2020-01", "cible=-1&sens=au_plus&echeance=2027-06", ""]
        {
            assert_eq!(site.post(&post, typed).await.status, 422, "{typed}");
        }
        assert_eq!(site.post(&path("/indicateurs/communes-sans-service/objectif"), "").await.status, 409, "told by need only");
        let taken = site.post(&post, &format!("cible=10&sens=au_plus&echeance=2027-06&responsable={compte}")).await;
        assert_eq!(taken.status, 303, "{}", taken.body);
        let glance = text(&site.get(&path(&format!("?{PERIODE}"))).await.body);
        assert!(glance.contains("au plus 10,0 % d’ici juin 2027 — pas encore"), "{glance}");
        let reached = site.post(&post, &format!("cible=60,5&sens=au_plus&echeance=2027-06&responsable={compte}")).await;
        assert_eq!(reached.status, 303);
        let page = text(&site.get(&path(&format!("/indicateurs/part-sans-solution?{PERIODE}"))).await.body);
        assert!(page.contains("au plus 60,5 % d’ici juin 2027 — atteint"), "{page}");
        assert_eq!(site.post(&path("/indicateurs/part-sans-solution/objectif/retrait"), "").await.status, 303);
        let page = text(&site.get(&path(&format!("/indicateurs/part-sans-solution?{PERIODE}"))).await.body);
        assert!(page.contains("Fixer un objectif"), "{page}");
        let written = sql::number(db.read(), "SELECT COUNT(*) FROM kit_journal WHERE acte LIKE 'objectif %'", []).await.unwrap();
        assert_eq!(written, 3);
    }
}

#[tokio::test]
async fn periods_are_compared_as_somebody_chose() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        let default = text(&site.get(&path(&format!("?{PERIODE}"))).await.body);
        assert!(default.contains("comparé aux mêmes mois de l’année d’avant"), "{default}");
        // Upside down, and not as long: turned, and by month.
        let chosen = text(&site.get(&path(&format!("?{PERIODE}&de2=2025-03&a2=2025-01"))).await.body);
        assert!(chosen.contains("de janvier 2025 à mars 2025") && chosen.contains("comparé par mois"), "{chosen}");
        assert!(chosen.contains("Demandes reçues 4 (0,3 par mois)"), "{chosen}");
        let one = text(&site.get(&path(&format!("/indicateurs/demandes?{PERIODE}&de2=2026-11&a2=2026-11"))).await.body);
        assert!(one.contains("novembre 2026") && one.contains("4 (4,0 par mois)"), "{one}");
        for nonsense in ["de2=hier&a2=%3Cb%3E", "de2=9999-99", "a2=2026-13"] {
            assert_eq!(site.get(&path(&format!("?{PERIODE}&{nonsense}"))).await.status, 200, "{nonsense}");
        }
    }
}

#[tokio::test]
async fn the_line_itself_has_its_indicators() {
    for db in testkit::databases().await {
        let site = open(&db).await;
        let glance = text(&site.get(&path(&format!("?{PERIODE}"))).await.body);
        assert!(glance.contains("Coût d’une demande non calculable"), "the year is not over: {glance}");
        let past = text(&site.get(&path("/indicateurs/cout-par-demande?de=2025-01&a=2025-12")).await.body);
        assert!(past.contains("non connu"), "no cost was said: {past}");
        // Nobody has opened the page of quality, which scores records.
        let fresh = text(&site.get(&path("/indicateurs/part-fiches-fraiches")).await.body);
        assert!(fresh.contains(" % , aujourd’hui"), "{fresh}");
        let turns = site.get(&path(&format!("/indicateurs/equite-orientation?{PERIODE}&axe=besoin"))).await;
        assert_eq!(turns.status, 200);
    }
}
