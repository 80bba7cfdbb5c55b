//! The API: what it answers, and how it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::Site;
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn an_orientation_has_the_announced_shape() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let answer = site.get("/api/v1/orientations?commune=26165&besoin=femme%20de%20m%C3%A9nage").await;
        assert_eq!(answer.status, 200);
        let body = json(&answer.body);
        assert_eq!(body["commune"], serde_json::json!({"code_insee": "26165", "nom": "Livron-sur-Drôme"}));
        assert_eq!(body["besoins"][0]["code"], "menage");
        assert_eq!(body["propositions"].as_array().unwrap().len(), 2);
        let first = &body["propositions"][0];
        for field in ["structure", "service", "mode", "telephone", "distance_m", "raisons"] {
            assert!(!first[field].is_null(), "{field}: {first}");
        }
        assert!(body["sans_solution"].is_null());
    }
}

#[tokio::test]
async fn an_old_commune_code_is_answered_for_the_commune_of_today() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        // An arrondissement of Paris, which is of no territoire here: that is said.
        let body = json(&site.get("/api/v1/orientations?commune=75101&besoin=menage").await.body);
        assert_eq!(body["commune"]["code_insee"], "75056");
        assert_eq!(body["sans_solution"]["motif"], "hors_territoire");
    }
}

#[tokio::test]
async fn every_bad_question_is_refused_in_french_as_problem_json() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let huge = "a".repeat(10_000);
        let cases = [
            ("", 400, "commune"),
            ("commune=26165", 400, "besoin"),
            ("commune=26165&besoin=", 400, "besoin"),
            ("commune=26165&besoin=xyzzy", 404, "reconnu"),
            ("commune=26400&besoin=menage", 404, "code postal"),
            ("commune=99999&besoin=menage", 404, "99999"),
            ("commune=2616&besoin=menage", 400, "zéro"),
            ("commune=%F0%9F%99%82&besoin=menage", 400, "cinq caractères"),
            ("commune=26165&besoin=%FF%FE", 404, "reconnu"),
            ("commune=26165&besoin=%3Cscript%3E", 404, "reconnu"),
            ("commune=26165&besoin=menage&limite=0", 400, "limite"),
            ("commune=26165&besoin=menage&limite=51", 400, "limite"),
            ("commune=26165&besoin=menage&limite=dix", 400, "limite"),
            ("commune=26165&besoin=menage&tour=-1", 400, "tour"),
            ("commune=26165&besoin=menage&contraintes=lundi", 400, "lundi"),
            ("commune=26165&besoin=menage&contraintes=sur_place,a_distance", 409, "contredit"),
            ("commune=26165&besoin=menage&quand=31+f%C3%A9vrier", 400, "quand"),
            ("commune=26165&besoin=menage&territoire=ailleurs", 404, "ailleurs"),
        ];
        for (query, status, expected) in cases {
            let answer = site.get(&format!("/api/v1/orientations?{query}")).await;
            assert_eq!(answer.status, status, "{query}");
            assert!(answer.headers.contains("application/problem+json"), "{query}");
            let problem = json(&answer.body);
            assert!(problem["detail"].as_str().unwrap().contains(expected), "{query}: {problem}");
        }
        assert_eq!(site.get(&format!("/api/v1/orientations?commune=26165&besoin={huge}")).await.status, 404);
        assert_eq!(site.get(&format!("/api/v1/communes?q={huge}")).await.status, 200);
        assert_eq!(site.get(&format!("/api/v1/besoins?q={huge}")).await.status, 200);
    }
}

#[tokio::test]
async fn a_demande_is_recorded_once_for_one_key() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let body = br#"{"commune":"26165","besoin":"menage","cle":"c-1"}"#;
        let (first, second) = (site.post_json("/api/v1/demandes", body).await, site.post_json("/api/v1/demandes", body).await);
        assert_eq!((first.status, second.status), (201, 200), "{}", first.body);
        let (first, second) = (json(&first.body), json(&second.body));
        assert_eq!((&first["numero"], &first["id"]), (&second["numero"], &second["id"]));
        assert_eq!(first["orientation"]["propositions"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn equals_take_turns_from_one_recorded_demande_to_the_next() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let mut first = vec![];
        for _ in 0..4 {
            let answer = site.post_json("/api/v1/demandes", br#"{"commune":"26165","besoin":"menage"}"#).await;
            first.push(json(&answer.body)["orientation"]["propositions"][0]["structure"]["nom"].as_str().unwrap().to_string());
        }
        assert!(first[0] != first[1] && first[0] == first[2] && first[1] == first[3], "{first:?}");
    }
}

#[tokio::test]
async fn bodies_that_are_not_a_demande_are_refused_and_write_nothing() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let deep = "[".repeat(10_000);
        for body in ["", "{", "[]", "null", "{\"commune\":26165}", "\u{0}", &deep, r#"{"besoin":"menage"}"#, r#"{"commune":"26165"}"#] {
            let answer = site.post_json("/api/v1/demandes", body.as_bytes()).await;
            assert_eq!(answer.status, 400, "{body}");
            assert!(answer.headers.contains("application/problem+json"));
        }
        for refused in
            [r#""rappel_nom":"Anne""#, r#""rappel_telephone":"12","consentement":"oui""#, r#""rappel_courriel":"a","consentement":"oui""#]
        {
            let body = format!(r#"{{"commune":"26165","besoin":"menage",{refused}}}"#);
            assert_eq!(site.post_json("/api/v1/demandes", body.as_bytes()).await.status, 409, "{refused}");
        }
        for absent in [
            r#"{"commune":"99999","besoin":"menage"}"#,
            r#"{"commune":"75056","besoin":"menage"}"#,
            r#"{"commune":"26165","besoin":"xyzzy"}"#,
        ] {
            assert_eq!(site.post_json("/api/v1/demandes", absent.as_bytes()).await.status, 404, "{absent}");
        }
        let whole = br#"{"commune":"26165","besoin":"menage"}"#;
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            assert_eq!(site.post_kind("/api/v1/demandes", kind, whole).await.status, 415, "{kind}");
        }
        assert_eq!(site.post_kind("/api/v1/demandes", "Application/JSON; charset=utf-8", b"{").await.status, 400);
        assert_eq!(site.post_json("/api/v1/demandes", b"{\"commune\":\"\xff\"}").await.status, 400);
        assert_eq!(site.post_json("/api/v1/demandes", &vec![b' '; 3_000_000]).await.status, 413);
        assert_eq!(json(&site.post_json("/api/v1/demandes", br#"{"commune":"26165","besoin":"menage"}"#).await.body)["numero"], 1);
    }
}

#[tokio::test]
async fn the_description_lists_the_operations() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let description = json(&site.get("/api/openapi.json").await.body);
        assert!(description["openapi"].as_str().unwrap().starts_with("3.1"), "{}", description["openapi"]);
        let paths: Vec<&String> = description["paths"].as_object().unwrap().keys().collect();
        assert_eq!(
            paths,
            [
                "/api/v1/besoins",
                "/api/v1/chiffres",
                "/api/v1/communes",
                "/api/v1/demandes",
                "/api/v1/ligne",
                "/api/v1/orientations",
                "/api/v1/reseau",
                "/api/v1/services",
                "/api/v1/structures"
            ]
        );
    }
}
