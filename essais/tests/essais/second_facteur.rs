//! The second proof: required of those who read what people confided, set up once, never accepted twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use comptes::{Role, SecondFacteur};
use essais::{COURRIEL, MOT_DE_PASSE, Reponse, Site};
use kit::{Db, Id, Instant};
use testkit::NOON;
use totp_rs::{Builder, Secret};

const ICI: &str = "/val-de-drome";
const PAGE: &str = "/val-de-drome/equipe/second-facteur";

/// The key that a page gives to a telephone.
fn key_of(page: &str) -> String {
    let after = page.split("cette clé\u{a0}: <code>").nth(1).or(page.split("clé&nbsp;: <code>").nth(1)).expect("a key");
    after.split("</code>").next().unwrap().replace(' ', "")
}

/// The same, sealed, as the form sends it back.
fn propose_of(page: &str) -> &str {
    page.split("name=\"propose\" value=\"").nth(1).expect("a sealed key").split('"').next().unwrap()
}

/// What a telephone shows at a moment, once it was given the key of the page.
fn code_of(page: &str, at: Instant) -> String {
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(key_of(page)).unwrap())
        .with_issuer(Some("Essai"))
        .with_account_name("essai")
        .build()
        .unwrap();
    totp.generate(u64::try_from(at.0).unwrap()).to_string()
}

/// The session goes on under the token that an answer gives.
fn keep_cookie(site: &mut Site, answer: &Reponse) {
    let cookie = answer.headers.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a new token");
    site.cookie = Some(cookie.split(';').next().unwrap().to_string());
}

async fn open(db: &Db) -> Site {
    Site::open_with(db, SecondFacteur::Exige).await
}

#[tokio::test]
async fn a_password_alone_opens_nothing_that_people_confided() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        for path in ["demandes", "appel", "sans-solution", "annuaire", "chiffres", "mon-compte"] {
            let answer = site.get(&format!("{ICI}/equipe/{path}")).await;
            assert_eq!(answer.status, 303, "{path}");
            assert!(answer.headers.contains(&format!("location: {PAGE}?suite={ICI}/equipe/{path}")), "{}", answer.headers);
        }
        let taken =
            site.post(&format!("{ICI}/equipe/mon-compte/mot-de-passe"), "actuel=la+ligne+est+ouverte&nouveau=tuile+bleue+vieille").await;
        assert!(taken.headers.contains(&format!("location: {PAGE}")), "a stolen password does not change the password");
        let tx = db.begin().await.unwrap();
        let who = ("elu@example.org", "Élue");
        comptes::storage::insert_compte(&tx, Id::from_name("val-de-drome"), who, (MOT_DE_PASSE, &[Role::Lecture]), NOON).await.unwrap();
        tx.commit().await.unwrap();
        site.cookie = Some(site.sign_in("val-de-drome", who.0).await);
        assert_eq!(site.get(&format!("{ICI}/equipe/observatoire")).await.status, 200, "aggregates ask for no second proof");
    }
}

#[tokio::test]
async fn a_telephone_is_set_up_once_and_its_codes_serve_once() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        let page = site.get(PAGE).await.body;
        assert!(page.contains("<svg") && !page.contains("<?xml"));
        assert_eq!(site.post(PAGE, "code=000000").await.status, 422);
        let code = code_of(&page, NOON);
        let before = site.cookie.clone();
        let set = site.post(PAGE, &format!("code={code}&propose={}&suite={ICI}/equipe/appel", propose_of(&page))).await;
        assert_eq!(set.status, 200, "{}", set.body);
        let secours: Vec<String> = set.body.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_string()).collect();
        assert_eq!(secours.len(), 10);
        assert!(set.body.contains(&format!("href=\"{ICI}/equipe/appel\"")));
        site.cookie = before;
        assert_eq!(site.get(&format!("{ICI}/equipe/mon-compte")).await.status, 303, "the token of before the proof opens nothing");
        keep_cookie(&mut site, &set);
        assert_eq!(site.get(&format!("{ICI}/equipe/demandes")).await.status, 200);

        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        assert!(!site.get(PAGE).await.body.contains("<svg"), "the key is shown only before it is confirmed");
        assert_eq!(site.post(PAGE, &format!("code={code}")).await.status, 422, "the same code twice");
        site.app.clock.set(NOON.plus_seconds(60));
        let again = site.post(PAGE, &format!("code={}", code_of(&page, NOON.plus_seconds(60)))).await;
        assert_eq!(again.status, 303, "{}", again.body);

        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        let typed = secours[3].to_uppercase().replace('-', "+");
        assert_eq!(site.post(PAGE, &format!("code={typed}")).await.status, 303, "a code kept on paper");
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        assert_eq!(site.post(PAGE, &format!("code={typed}")).await.status, 422, "it served");
    }
}

#[tokio::test]
async fn five_wrong_codes_an_hour_and_the_right_one_waits_too() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        let page = site.get(PAGE).await.body;
        for _ in 0..5 {
            assert_eq!(site.post(PAGE, "code=000000").await.status, 422);
        }
        let code = code_of(&page, NOON);
        let late = site.post(PAGE, &format!("code={code}&propose={}", propose_of(&page))).await;
        assert_eq!(late.status, 429);
        assert!(late.body.contains("Recommencez à"), "{}", late.body);
        site.app.clock.set(NOON.plus_seconds(3_600));
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        let page = site.get(PAGE).await.body;
        let code = code_of(&page, NOON.plus_seconds(3_600));
        assert_eq!(site.post(PAGE, &format!("code={code}&propose={}", propose_of(&page))).await.status, 200);
    }
}

#[tokio::test]
async fn an_account_that_a_passkey_guards_sets_no_telephone_by_a_password_alone() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        let territoire = Id::from_name("val-de-drome");
        let tx = db.begin().await.unwrap();
        kit::sql::execute(
            &tx,
            "INSERT INTO comptes_cle_acces (territoire_id, id, compte_id, identifiant, nom, donnees, created_at)
             SELECT territoire_id, $3, id, 'sa clé', 'téléphone', '{}', 0 FROM comptes_compte WHERE territoire_id = $1 AND courriel = $2",
            kit::values![territoire, COURRIEL, Id::from_name("clé")],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        let page = site.get(PAGE).await;
        assert!(page.body.contains("entrez avec elle") && !page.body.contains("name=\"code\""), "{}", page.body);
        let forced = site.post(PAGE, "code=123456").await;
        assert_eq!(forced.status, 422);
        assert!(forced.body.contains("entrez avec elle"));
    }
}

#[tokio::test]
async fn the_key_shown_in_one_session_is_known_in_no_other() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        let thief = site.get(PAGE).await;
        site.cookie = Some(site.sign_in("val-de-drome", COURRIEL).await);
        let owner = site.get(PAGE).await;
        assert_ne!(key_of(&thief.body), key_of(&owner.body));
        let answer = site.post(PAGE, &format!("code={}&propose={}", code_of(&thief.body, NOON), propose_of(&thief.body))).await;
        assert_eq!(answer.status, 422, "what another session was shown sets nothing");
        let answer = site.post(PAGE, &format!("code={}&propose={}", code_of(&owner.body, NOON), propose_of(&owner.body))).await;
        assert!(answer.body.contains("Codes de secours"), "{}", answer.body);
    }
}
