//! The pages, asked without a browser: who may see them, and what a person does with them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::Site;

const TEAM: [&str; 7] = [
    "/val-de-drome/equipe",
    "/val-de-drome/equipe/appel",
    "/val-de-drome/equipe/demandes",
    "/val-de-drome/equipe/sans-solution",
    "/val-de-drome/equipe/chiffres",
    "/val-de-drome/equipe/annuaire",
    "/val-de-drome/equipe/annuaire/imports",
];

#[tokio::test]
async fn the_pages_of_the_team_are_closed_to_visitors_and_to_other_territoires() {
    for db in testkit::databases().await {
        let stranger = Site::open(&db).await;
        for path in TEAM {
            let answer = stranger.get(path).await;
            assert_eq!(answer.status, 303, "{path}");
            assert!(answer.headers.contains("location: /val-de-drome/connexion?suite="), "{path}");
        }
        assert_eq!(stranger.post("/val-de-drome/equipe/demandes", "ou=Livron&quoi=menage&issue=orientee").await.status, 401);
        assert!(stranger.get("/val-de-drome/equipe/demandes").await.body.is_empty());
    }
}

#[tokio::test]
async fn a_session_opens_its_territoire_and_no_other() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, "val-de-drome").await;
        for path in &TEAM[1..] {
            assert_eq!(site.get(path).await.status, 200, "{path}");
        }
        assert_eq!(site.get("/brenne/equipe/demandes").await.status, 303);
    }
}

#[tokio::test]
async fn two_questions_lead_to_an_answer() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let answer = site.get("/val-de-drome/orientation?ou=livron&quoi=femme+de+menage").await;
        let location = answer.headers.lines().find_map(|line| line.strip_prefix("location: ")).expect("an answer").to_string();
        assert!(location.starts_with("/val-de-drome/orientation/26165/menage?tour="), "{location}");
        let page = site.get(&location).await;
        assert!(page.body.contains("ADMR de Livron") && page.body.contains("tel:+33465710001"));
        assert!(page.body.contains("Entraide &#60;b&#62;d’Allex"), "names are text, never markup");
        assert_eq!(site.get(&location.replace('?', "/feuille?")).await.status, 200);
    }
}

#[tokio::test]
async fn a_call_is_recorded_and_found_again() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, "val-de-drome").await;
        let panel = site.get("/val-de-drome/equipe/appel/propositions?ou=Livron&quoi=menage").await;
        let given = panel
            .body
            .split("name=\"donnee\" id=\"donnee-")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a proposal")
            .to_string();
        let saved = site.post("/val-de-drome/equipe/demandes", &format!("ou=Livron&quoi=menage&donnee={given}&cle=a1&sexe=femme")).await;
        assert!(saved.headers.contains("enregistree=1"), "{}", saved.headers);
        let list = site.get("/val-de-drome/equipe/demandes?issue=orientee").await;
        assert!(list.body.contains("Livron-sur-Drôme") && list.body.contains("orientée"));
    }
}

#[tokio::test]
async fn a_refused_call_keeps_what_was_typed() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, "val-de-drome").await;
        let answer = site.post("/val-de-drome/equipe/demandes", "ou=Livron&quoi=menage&note=pr%C3%A9f%C3%A8re+le+matin&cle=a1").await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("préfère le matin") && answer.body.contains("Dites comment la demande se termine"));
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_and_says_what_to_do() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, "val-de-drome").await;
        let absent = [
            "/nulle-part",
            "/val-de-drome/structures/pas-un-id",
            "/val-de-drome/structures/00000000-0000-0000-0000-000000000000",
            "/val-de-drome/orientation/99999/menage",
            "/val-de-drome/orientation/26165/xyzzy",
            "/val-de-drome/equipe/demandes/00000000-0000-0000-0000-000000000000",
            "/val-de-drome/equipe/annuaire/imports/00000000-0000-0000-0000-000000000000",
        ];
        for path in absent {
            let answer = site.get(path).await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(answer.body.contains("introuvable") && answer.body.contains("Aller à l’accueil"), "{path}");
        }
        assert_eq!(site.get("/val-de-drome/demandes").await.status, 405);
    }
}

#[tokio::test]
async fn every_page_carries_its_defences() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let answer = site.get("/val-de-drome").await;
        for header in ["content-security-policy: default-src 'none'", "x-content-type-options: nosniff", "referrer-policy: same-origin"] {
            assert!(answer.headers.contains(header), "{header}");
        }
        assert!(!answer.body.contains("style=\"") && !answer.body.contains("<style") && !answer.body.contains("onclick"));
    }
}

#[tokio::test]
async fn the_figures_count_what_was_recorded() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, "val-de-drome").await;
        site.post("/val-de-drome/equipe/demandes", "ou=Livron&quoi=menage&issue=orientee&cle=1").await;
        site.post("/val-de-drome/equipe/demandes", "ou=Livron&quoi=garde+de+nuit&issue=sans_solution&motif=aucun_service&cle=2").await;
        let csv = site.get("/val-de-drome/equipe/chiffres.csv").await.body;
        assert!(csv.contains("commune;26165;Livron-sur-Drôme;2;"), "{csv}");
        assert!(csv.contains("besoin;menage;Ménage et repassage;1;0") && csv.contains("besoin;garde-nuit;Garde de nuit;1;1"), "{csv}");
        assert!(site.get("/val-de-drome/equipe/sans-solution").await.body.contains("aucun service ici"));
    }
}
