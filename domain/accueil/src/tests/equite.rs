//! The weekly counters, on both databases: each need once, each structure once, and the same as counting again from the demandes.

use kit::{Db, Id, sql, values};
use sea_orm::ConnectionTrait;

use super::acte::{demande, open};
use super::monde::{inscription, territoire};
use crate::rules::equite::{Compte, find_semaine};
use crate::storage::count_equite;
use crate::{NouvelleDemande, acte};

const MIGRATION: &str = include_str!("../../../../base/schema/migrations/20261122190600_accueil_equite.sql");

async fn list_rows(db: &Db) -> Vec<String> {
    let text = "SELECT besoin || ' ' || semaine || ' ' || structure_id || ' ' || proposees || ' ' || premieres || ' ' || donnees
                FROM accueil_equite WHERE territoire_id = $1 ORDER BY besoin, semaine, structure_id";
    sql::texts(db.read(), text, values![territoire().id]).await.unwrap()
}

#[tokio::test]
async fn what_is_proposed_is_counted_by_need_and_by_week() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let given = inscription("A", "menage", "france").service.id;
        acte::record(&accueil, demande("1", "menage"), &[given]).await.unwrap();
        acte::record(&accueil, demande("1", "menage"), &[]).await.unwrap();
        let both = NouvelleDemande { besoins: vec!["menage".into(), "jardinage".into()], ..demande("2", "menage") };
        acte::record(&accueil, both, &[]).await.unwrap();
        let old = testkit::NOON.plus_seconds(-14 * 86_400);
        acte::record(&accueil, NouvelleDemande { received_at: old, ..demande("3", "menage") }, &[]).await.unwrap();
        let semaine = find_semaine(testkit::NOON);
        let count = async |besoins: &[&str], semaine| {
            let besoins: Vec<String> = besoins.iter().map(|code| code.to_string()).collect();
            let comptes = count_equite(&db, territoire().id, &besoins, semaine).await.unwrap();
            let of = |nom| comptes.structures.get(&Id::from_name(nom)).and_then(|one| one.get("menage")).copied().unwrap_or_default();
            (of("A"), of("B"), comptes.demandes.values().sum::<i64>())
        };
        let (a, b, demandes) = count(&["menage"], semaine).await;
        assert_eq!((a.proposees, a.donnees, b.proposees, b.donnees, demandes), (2, 1, 2, 0, 2), "the form sent twice counts once");
        assert_eq!(a.premieres + b.premieres, 2);
        let (_, _, both) = count(&["menage", "jardinage"], semaine).await;
        assert_eq!(both, 3, "a demande counts once for each need");
        assert_eq!(count(&["menage"], semaine - 2).await.2, 3);
        assert_eq!(count(&["portage-repas"], 0).await, (Compte::default(), Compte::default(), 0));
    }
}

#[tokio::test]
async fn an_installation_of_before_finds_the_same_counters_counted_again_from_its_demandes() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        for rang in 0..40 {
            let one = if rang % 3 == 0 { "menage" } else { "portage-repas" };
            let besoins = if rang % 5 == 0 { vec!["menage".to_string(), "jardinage".to_string()] } else { vec![one.to_string()] };
            let received_at = testkit::NOON.plus_seconds(-rang * 86_400);
            let given = inscription(if rang % 2 == 0 { "A" } else { "B" }, "menage", "france").service.id;
            let made = NouvelleDemande { besoins, received_at, ..demande(&rang.to_string(), one) };
            acte::record(&accueil, made, &[given]).await.unwrap();
        }
        let kept = list_rows(&db).await;
        assert!(kept.len() > 20, "{kept:?}");
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared("DELETE FROM accueil_equite").await.unwrap();
        let inserts = MIGRATION.find("INSERT INTO").unwrap();
        tx.execute_unprepared(&MIGRATION[inserts..]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(list_rows(&db).await, kept);
    }
}
