//! Recording, on both databases.

use annuaire::storage::historique::{Cause, Trace};
use kit::{Clock, Coffre, Db, Error, Id, sql, values};
use territoire::Territoires;

use super::monde::{inscription, territoire};
use crate::model::{Canal, Issue, Motif};
use crate::saisie::{Circonstance, DemandeInput};
use crate::sans_solution::storage::list_lignes;
use crate::storage::{find_demande, insert_demande, list_demandes, update_issue};
use crate::{Accueil, Filtre, FiltreInput, NouvelleDemande, Tours, acte};

/// The same key all along.
pub fn coffre() -> Coffre {
    Coffre::parse("essai AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

pub async fn open(db: &Db) -> Accueil {
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire(), testkit::NOON).await.unwrap();
    let services = [inscription("A", "menage", "france"), inscription("B", "menage", "france")];
    let trace = Trace { auteur_id: None, auteur: "essai", cause: Cause::Import, lot: None };
    annuaire::storage::save_inscriptions(&tx, territoire().id, (&services, &[]), (&trace, testkit::NOON), &|_| {}).await.unwrap();
    tx.commit().await.unwrap();
    let (clock, territoires) = (Clock::stopped_at(testkit::NOON), Territoires::default());
    territoires.refresh(db).await.unwrap();
    let accueil = Accueil {
        db: db.clone(),
        comptes: comptes::Comptes::new(db.clone(), clock.clone(), territoires.clone(), (coffre(), comptes::SecondFacteur::Facultatif)),
        clock,
        coffre: coffre(),
        aiguillages: annuaire::aiguillage::Aiguillages::default(),
        tours: Tours::default(),
        freins: crate::suivi::Freins::default(),
    };
    accueil.aiguillages.refresh(db, &territoires.list(), testkit::NOON).await.unwrap();
    accueil
}

pub fn demande(cle: &str, besoin: &str) -> NouvelleDemande {
    let input =
        DemandeInput { commune: "26165".into(), besoin: besoin.into(), sexe: "femme".into(), cle: cle.into(), ..DemandeInput::default() };
    input.parse(Circonstance { territoire_id: territoire().id, canal: Canal::Api, now: testkit::NOON, compte_id: None }).unwrap()
}

async fn count_faits(db: &Db, code: &str) -> i64 {
    sql::number(db.read(), "SELECT CAST(COALESCE(SUM(quantite), 0) AS BIGINT) FROM kit_fait WHERE code = $1", values![code]).await.unwrap()
}

#[tokio::test]
async fn a_demande_is_recorded_with_what_was_proposed_and_its_facts() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let given = inscription("A", "menage", "france").service.id;
        let recorded = acte::record(&accueil, demande("1", "menage"), &[given]).await.unwrap();
        let found = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        assert_eq!((found.numero, found.detail.orientations.len()), (1, 2));
        let names: Vec<&str> = found.detail.orientations.iter().filter(|one| one.donnee).map(|one| one.structure_nom.as_str()).collect();
        assert_eq!(names, ["A"]);
        assert_eq!((count_faits(&db, "demande").await, count_faits(&db, "besoin").await, count_faits(&db, "issue").await), (1, 1, 0));
    }
}

#[tokio::test]
async fn the_same_form_sent_twice_at_once_is_one_demande() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let sent: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn({
                    let accueil = accueil.clone();
                    async move { acte::record(&accueil, demande("même", "menage"), &[]).await }
                })
            })
            .collect();
        let mut numeros = vec![];
        for one in sent {
            numeros.push(one.await.unwrap().unwrap().numero);
        }
        assert!(numeros.iter().all(|numero| *numero == 1), "{numeros:?}");
        assert_eq!(count_faits(&db, "demande").await, 1);
        assert_eq!(acte::record(&accueil, demande("autre", "menage"), &[]).await.unwrap().numero, 2, "no hole in the numbers");
    }
}

#[tokio::test]
async fn an_outcome_is_changed_once_by_those_who_saw_it_and_the_facts_follow() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let recorded = acte::record(&accueil, demande("1", "menage"), &[]).await.unwrap();
        let auteur = Id::from_name("somebody");
        let seen = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        update_issue(&db, &seen, (Issue::SansSolution, Some(Motif::PasDePlace)), (auteur, testkit::NOON)).await.unwrap();
        assert!(matches!(update_issue(&db, &seen, (Issue::Orientee, None), (auteur, testkit::NOON)).await, Err(Error::Conflict(_))));
        let listed = list_lignes(&db, territoire().id).await.unwrap();
        assert_eq!((listed.len(), listed[0].demande, listed[0].besoin.as_str()), (1, seen.id, "menage"));
        let again = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        update_issue(&db, &again, (Issue::Orientee, None), (auteur, testkit::NOON)).await.unwrap();
        assert!(list_lignes(&db, territoire().id).await.unwrap().is_empty());
        assert_eq!(count_faits(&db, "issue").await, 1, "the former outcome is taken back");
    }
}

#[tokio::test]
async fn a_list_is_narrowed_by_each_filter() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        acte::record(&accueil, demande("1", "menage"), &[]).await.unwrap();
        acte::record(&accueil, demande("2", "jardinage"), &[]).await.unwrap();
        let count = async |input: FiltreInput| list_demandes(&db, territoire().id, &input.parse()).await.unwrap().1;
        assert_eq!(count(FiltreInput::default()).await, 2);
        assert_eq!(count(FiltreInput { besoin: "menage".into(), ..Default::default() }).await, 1);
        assert_eq!(count(FiltreInput { issue: "nouvelle".into(), ..Default::default() }).await, 2);
        assert_eq!(count(FiltreInput { issue: "orientee".into(), ..Default::default() }).await, 0);
        assert_eq!(count(FiltreInput { canal: "telephone".into(), ..Default::default() }).await, 0);
        assert_eq!(count(FiltreInput { commune: "26166".into(), ..Default::default() }).await, 0);
        assert_eq!(count(FiltreInput { du: "2026-11-17".into(), au: "2026-11-17".into(), ..Default::default() }).await, 2);
        assert_eq!(count(FiltreInput { du: "2026-11-18".into(), ..Default::default() }).await, 0);
        assert_eq!(count(FiltreInput { du: "31 février".into(), page: "-1".into(), ..Default::default() }).await, 2);
        let (listed, _) = list_demandes(&db, territoire().id, &Filtre::default()).await.unwrap();
        assert_eq!(
            listed.iter().map(|one| (one.numero, one.besoins.join(","))).collect::<Vec<_>>(),
            [(2, "jardinage".into()), (1, "menage".to_string())]
        );
    }
}

#[tokio::test]
async fn nobody_sees_the_demandes_of_another_territoire() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let recorded = acte::record(&accueil, demande("1", "menage"), &[]).await.unwrap();
        let elsewhere = kit::Id::from_name("elsewhere");
        assert!(find_demande(&db, &accueil.coffre, elsewhere, recorded.id).await.unwrap().is_none());
        assert_eq!(list_demandes(&db, elsewhere, &Filtre::default()).await.unwrap().1, 0);
    }
}

#[tokio::test]
async fn turns_go_on_after_a_restart() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let first = accueil.tours.draw(&db, territoire().id, "menage").await;
        insert_demande(&db, &accueil.coffre, &NouvelleDemande { tour: first, ..demande("1", "menage") }).await.unwrap();
        assert_eq!(Tours::default().draw(&db, territoire().id, "menage").await, first + 1);
    }
}
