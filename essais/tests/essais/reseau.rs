//! What territoires share with the network: with their consent only, of a year that they published, never a person nor a commune.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use accueil::Issue;
use comptes::Role;
use essais::{MOT_DE_PASSE, Site};
use kit::fait::{Fait, insert_fait};
use kit::{Db, Id, Instant, sql};
use testkit::NOON;

const ICI: &str = "brenne";
/// 20 August 2025: in the last year that is over.
const AOUT: Instant = Instant(1_755_684_000);

async fn count(db: &Db, slug: &str, (besoin, issue): (&str, Issue), (times, at): (usize, Instant)) {
    let tx = db.begin().await.unwrap();
    for _ in 0..times {
        let dimensions = vec![("besoin", besoin.to_string()), ("issue", issue.code().to_string())];
        let code_insee = Some("36173".to_string());
        let fait = Fait {
            territoire_id: Id::from_name(slug),
            code: "issue",
            at,
            code_insee,
            sexe: None,
            tranche_age: None,
            quantite: 1,
            dimensions,
        };
        insert_fait(&tx, &fait).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn fill(db: &Db, slug: &str) {
    for (besoin, issue, times) in [
        ("menage", Issue::Orientee, 12),
        ("menage", Issue::SansSolution, 3),
        ("jardinage", Issue::Orientee, 7),
        ("jardinage", Issue::Information, 5),
        ("portage-repas", Issue::Orientee, 2),
        ("portage-repas", Issue::SansSolution, 3),
    ] {
        count(db, slug, (besoin, issue), (times, AOUT)).await;
    }
}

async fn open(db: &Db) -> Site {
    let site = Site::open(db).await;
    for slug in [ICI, "val-de-drome"] {
        fill(db, slug).await;
    }
    for (courriel, role) in [("administration@example.org", Role::Administration), ("elue@example.org", Role::Lecture)] {
        let tx = db.begin().await.unwrap();
        comptes::storage::insert_compte(&tx, Id::from_name(ICI), (courriel, "Camille"), (MOT_DE_PASSE, &[role]), NOON).await.unwrap();
        tx.commit().await.unwrap();
    }
    site
}

async fn share(site: &mut Site, partage: &str) {
    site.cookie = Some(site.sign_in(ICI, "administration@example.org").await);
    assert_eq!(site.post(&format!("/{ICI}/equipe/reseau/partage"), &format!("partage={partage}")).await.status, 303);
    site.cookie = None;
}

async fn publish(site: &mut Site) {
    site.cookie = Some(site.sign_in(ICI, "administration@example.org").await);
    assert_eq!(site.post(&format!("/{ICI}/equipe/observatoire/bilan/2025/publication"), "").await.status, 303);
    site.cookie = None;
}

#[tokio::test]
async fn a_territoire_shares_when_it_consents_and_no_longer_when_it_does_not() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        let read = async |site: &Site| serde_json::from_str::<serde_json::Value>(&site.get("/api/v1/reseau").await.body).unwrap();
        assert_eq!(read(&site).await["territoires"], serde_json::json!([]), "nobody has consented");
        share(&mut site, "oui").await;
        let shared = read(&site).await;
        assert_eq!(shared["annee"], 2025);
        assert_eq!(shared["territoires"].as_array().unwrap().len(), 1);
        assert_eq!((&shared["territoires"][0]["territoire"], &shared["territoires"][0]["publie"]), (&ICI.into(), &false.into()));
        publish(&mut site).await;
        assert_eq!(read(&site).await["territoires"][0]["publie"], true);
        share(&mut site, "non").await;
        assert_eq!(read(&site).await["territoires"], serde_json::json!([]));
        let journal = "SELECT acte FROM kit_journal WHERE objet = 'territoire' AND acte LIKE '%partage%' ORDER BY numero";
        let journal = sql::texts(db.read(), journal, []).await.unwrap();
        assert_eq!(journal, ["accord pour partager les chiffres avec le réseau", "retrait de l’accord de partage des chiffres"]);
    }
}

#[tokio::test]
async fn what_is_shared_holds_no_person_no_commune_and_no_small_count() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        share(&mut site, "oui").await;
        publish(&mut site).await;
        let answer = site.get("/api/v1/reseau?annee=2025").await;
        assert!(!answer.body.contains("36173"), "{}", answer.body);
        let shared: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let one = &shared["territoires"][0];
        let besoins = one["besoins"].as_array().unwrap();
        let numbers = |one: &serde_json::Value| {
            let issues = Issue::ALL.iter().map(|issue| one["issues"][issue.code()].as_i64());
            issues.chain([one["total"].as_i64()]).flatten().collect::<Vec<_>>()
        };
        assert!(besoins.iter().flat_map(numbers).all(|count| count == 0 || count >= 5), "{}", answer.body);
        assert_eq!(one["total"], 32, "the whole of a published year is told: {}", answer.body);
        // What comes late is told nowhere: today's figures less yesterday's would be somebody.
        count(&db, ICI, ("menage", Issue::SansSolution), (3, AOUT)).await;
        assert_eq!(site.get("/api/v1/reseau?annee=2025").await.body, answer.body);
        for (wrong, status) in [("2026", 409), ("2027", 409), ("26", 400), ("2025-T3", 400), ("%27", 400)] {
            let refused = site.get(&format!("/api/v1/reseau?annee={wrong}")).await;
            assert!(
                refused.status == status && refused.headers.contains("problem+json"),
                "{wrong}: {} {}",
                refused.status,
                refused.headers
            );
        }
    }
}

#[tokio::test]
async fn an_elected_official_reads_what_is_shared_and_decides_nothing() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        share(&mut site, "oui").await;
        publish(&mut site).await;
        site.cookie = Some(site.sign_in(ICI, "elue@example.org").await);
        let page = site.get(&format!("/{ICI}/equipe/reseau")).await;
        assert!(page.status == 200 && page.body.contains("masqué") && page.body.contains("<option selected>2025"), "{}", page.body);
        assert!(!page.body.contains("Ne plus partager"));
        assert_eq!(site.post(&format!("/{ICI}/equipe/reseau/partage"), "partage=non").await.status, 403);
        assert_eq!(site.get(&format!("/{ICI}/equipe/reseau?annee=2026")).await.status, 409);
    }
}
