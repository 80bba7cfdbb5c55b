//! SMS from end to end, on both databases.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use kit::envoi::{self, Depense, Porte, opposition};
use kit::{Db, Id, Instant, sql};
use territoire::{CodeInsee, Couleurs, LigneUnique, Referentiel, Territoire};
use testkit::{NOON, databases};

use super::{Sms, answer};
use crate::tests::monde;

/// A territoire of these communes.
pub fn territoire_of(codes: &[&str]) -> Territoire {
    let rang = |code: &&str| Referentiel::get().find_commune(CodeInsee::parse(code).unwrap()).unwrap().rang;
    let mut communes: Vec<u16> = codes.iter().map(rang).collect();
    communes.sort_unstable();
    Territoire {
        id: Id::from_name("essai"),
        slug: "essai".into(),
        nom: "Essai".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique::default(),
        communes,
        bassins: vec![],
        logo: None,
        fermeture: None,
    }
}

const NUMERO: &str = "+33612345678";

async fn ask(ligne: &crate::Ligne, cle: &str, texte: &str, now: Instant) -> Option<String> {
    answer(ligne, &monde::territoire(), &Sms { cle, de: NUMERO, texte }, now).await.unwrap()
}

async fn list_demandes(db: &Db) -> Vec<String> {
    sql::texts(db.read(), "SELECT canal || ' ' || code_insee || ' ' || issue FROM accueil_demande ORDER BY numero", []).await.unwrap()
}

#[tokio::test]
async fn an_ambiguous_code_is_asked_again_and_the_figure_answers_it() {
    for db in databases().await {
        let ligne = monde::open(&db).await;
        let asked = ask(&ligne, "SM1", "REPAS 26400", NOON).await.unwrap();
        assert!(asked.starts_with("Quelle commune ? 1 ") && asked.contains(" 2 ") && asked.contains("Répondez par le chiffre"), "{asked}");
        assert!(list_demandes(&db).await.is_empty());
        let first = asked.split(" 1 ").nth(1).unwrap().split(" 2 ").next().unwrap().to_string();
        let said = ask(&ligne, "SM2", "1", NOON.plus_seconds(60)).await.unwrap();
        assert!(said.starts_with("Repas") && said.contains(&first), "{said} about {first}");
        assert_eq!(list_demandes(&db).await.len(), 1);
        let late = ask(&ligne, "SM3", "1", NOON.plus_seconds(3 * 3_600)).await.unwrap();
        assert!(late.contains("ne répond à aucune question"), "{late}");
    }
}

#[tokio::test]
async fn the_same_sms_twice_is_one_demande_and_one_answer_and_its_cost_is_counted_once() {
    for db in databases().await {
        let ligne = monde::open(&db).await;
        let first = ask(&ligne, "SM1", "repas livron sur drome", NOON).await.unwrap();
        assert!(first.contains("personne à vous proposer") && first.contains(monde::NUMERO), "{first}");
        assert_eq!(ask(&ligne, "SM1", "repas livron sur drome", NOON.plus_seconds(30)).await.unwrap(), first);
        assert_eq!(list_demandes(&db).await, ["sms 26165 sans_solution"]);
        let depense = envoi::sum_depense(&db, monde::territoire().id, Porte::Sms, NOON).await.unwrap();
        assert_eq!(depense, Depense { messages: 1, parties: 1, cout: 500 });
        assert!(testkit::find_text(&db, "612345678").await.unwrap().is_empty(), "the number is kept nowhere");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_helped_three_times_an_hour_and_stop_is_heard() {
    for db in databases().await {
        let ligne = monde::open(&db).await;
        for rang in 0..3 {
            let help = ask(&ligne, &format!("SM{rang}"), "zzz", NOON).await.unwrap();
            assert!(help.starts_with("Nous n'avons pas compris. Ecrivez") || help.starts_with("Nous n'avons pas compris. É"), "{help}");
        }
        assert_eq!(ask(&ligne, "SM3", "zzz", NOON).await, None);
        assert!(ask(&ligne, "SM4", "zzz", NOON.plus_seconds(3_601)).await.is_some(), "an hour later");
        let territoire = monde::territoire().id;
        assert!(ask(&ligne, "SM5", "Stop", NOON.plus_seconds(4_000)).await.unwrap().contains("plus de SMS"));
        assert!(opposition::is_opposed(db.read(), &ligne.accueil.coffre, territoire, "06 12 34 56 78").await.unwrap());
        ask(&ligne, "SM6", "start", NOON.plus_seconds(4_001)).await.unwrap();
        assert!(!opposition::is_opposed(db.read(), &ligne.accueil.coffre, territoire, NUMERO).await.unwrap());
    }
}
