use annuaire::storage::load_aiguillage;
use chrono::NaiveDate;
use kit::{Db, Instant};
use testkit::NOON;

use super::*;
use crate::rules::secret::SEUIL;
use crate::storage::bilan::{find_couts, update_commentaire, update_couts};
use crate::storage::cumul::{Somme, catch_up};
use crate::tests::{insert, issue, open, territoire};

fn at(day: &str) -> Instant {
    let day: NaiveDate = day.parse().unwrap();
    Instant::from_paris(day.and_hms_opt(12, 0, 0).unwrap()).unwrap()
}

async fn read(db: &Db, annee: i32, now: Instant) -> kit::Result<Bilan> {
    catch_up(db, territoire().id).await.unwrap();
    let aiguillage = load_aiguillage(db, &territoire(), (1, now.day())).await.unwrap();
    read_bilan((db, &territoire(), &aiguillage), annee, now).await
}

fn find<'a>(bilan: &'a Bilan, code: &str) -> &'a SectionBilan {
    bilan.sections.iter().find(|section| section.code == code).unwrap()
}

#[tokio::test]
async fn a_year_that_is_not_finished_is_compared_with_the_same_months_and_says_so() {
    for db in testkit::databases().await {
        open(&db).await;
        let unmet = |day: &str| issue(at(day), ("sans_solution", 1), Some("femme"));
        insert(&db, &(1..=9).map(|day| unmet(&format!("2025-02-{day:02}"))).collect::<Vec<_>>()).await;
        insert(&db, &(1..=7).map(|day| unmet(&format!("2025-12-{day:02}"))).collect::<Vec<_>>()).await;
        insert(&db, &(1..=6).map(|day| unmet(&format!("2026-03-{day:02}"))).collect::<Vec<_>>()).await;
        let bilan = read(&db, 2026, NOON).await.unwrap();
        assert!(bilan.periode.contains("l’année n’est pas finie") && bilan.periode.contains("aux mêmes mois de 2025"), "{}", bilan.periode);
        let figure = &find(&bilan, "sans-solution").chiffres[0];
        assert_eq!((figure.valeur.as_str(), figure.avant.as_str()), ("6", "9"), "December 2025 is not compared with nothing");
        let whole = read(&db, 2025, NOON).await.unwrap();
        assert_eq!(find(&whole, "sans-solution").chiffres[0].valeur, "16");
        assert!(!whole.periode.contains("pas finie"), "{}", whole.periode);
        for annee in [2027, 1999] {
            assert!(read(&db, annee, NOON).await.is_err(), "{annee} has nothing to tell");
        }
        assert!(read(&db, 2026, at("2026-01-20")).await.is_err(), "no month is over");
    }
}

#[tokio::test]
async fn an_empty_territoire_has_a_bilan_that_divides_nothing_by_nought() {
    for db in testkit::databases().await {
        open(&db).await;
        let bilan = read(&db, 2025, NOON).await.unwrap();
        assert_eq!(bilan.sections.len(), 10);
        let share = find(&bilan, "sans-solution").chiffres.iter().find(|one| one.nom.starts_with("Part")).unwrap();
        assert_eq!(share.valeur, "non calculable");
        assert!(write_pdf(&bilan).await.unwrap().starts_with(b"%PDF-1.7"));
        assert!(write_classeur(&bilan).unwrap().starts_with(b"PK"));
    }
}

#[tokio::test]
async fn one_demande_is_told_by_nothing_in_the_bilan() {
    for db in testkit::databases().await {
        open(&db).await;
        insert(&db, &[issue(at("2025-06-03"), ("sans_solution", 1), Some("femme"))]).await;
        let bilan = read(&db, 2025, NOON).await.unwrap();
        let section = find(&bilan, "sans-solution");
        assert_eq!(section.chiffres[0].valeur, "masqué");
        assert_eq!(section.chiffres[1].valeur, "masqué", "a share would give it back");
        for case in section.tables.iter().flat_map(|table| &table.lignes).flatten() {
            assert!(!matches!(case, Case::Nombre(1..=4)), "{section:?}");
        }
    }
}

#[tokio::test]
async fn what_is_written_of_a_year_stays_for_the_next() {
    for db in testkit::databases().await {
        open(&db).await;
        let couts = Couts { fonctionnement: Some(1_725_100), communication: None };
        let tx = db.begin().await.unwrap();
        update_couts(&tx, territoire().id, 2025, couts).await.unwrap();
        update_commentaire(&tx, territoire().id, (2025, "bref"), ("Une bonne année.", NOON)).await.unwrap();
        update_commentaire(&tx, territoire().id, (2025, "couts"), ("À revoir.", NOON)).await.unwrap();
        update_commentaire(&tx, territoire().id, (2025, "couts"), ("", NOON)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find_couts(&db, territoire().id, 2025).await.unwrap(), couts);
        let (last, this) = (read(&db, 2025, NOON).await.unwrap(), read(&db, 2026, NOON).await.unwrap());
        assert_eq!(find(&last, "bref").commentaire, "Une bonne année.");
        assert_eq!((find(&this, "bref").commentaire.as_str(), find(&this, "bref").precedent.as_str()), ("", "Une bonne année."));
        assert_eq!(find(&last, "couts").commentaire, "", "an empty comment leaves nothing");
        assert_eq!(
            (find(&last, "couts").chiffres[0].valeur.as_str(), find(&last, "couts").chiffres[2].valeur.as_str()),
            ("17\u{202f}251\u{a0}€", "non calculable")
        );
        assert_eq!(find(&this, "couts").chiffres[0].avant, "17\u{202f}251\u{a0}€");
    }
}

#[test]
fn shares_that_rest_on_few_are_hidden_and_the_others_rounded() {
    let compteurs = Compteurs { seuil: SEUIL, ..Compteurs::default() };
    let shares = [(0, 0), (3, 60), (57, 60), (0, 60), (30, 60), (20, 30), (2, 2)].map(|(part, whole)| compteurs.share(part, whole));
    assert_eq!(shares, ["non calculable", "masqué", "masqué", "0\u{202f}%", "50\u{202f}%", "67\u{202f}%", "masqué"]);
}

#[test]
fn an_axis_is_told_with_last_year_beside_even_for_what_nobody_asks_any_more() {
    let sommes = |list: &[(&str, i64)]| {
        let list = list.iter().map(|(valeur, total)| Somme { valeur: (*valeur).into(), femmes: *total, hommes: 0, total: *total });
        Annee { sommes: [(("demande".to_string(), "canal".to_string()), list.collect())].into(), mois: vec![] }
    };
    let compteurs = Compteurs {
        annee: 2026,
        seuil: SEUIL,
        cette: sommes(&[("telephone", 30), ("web", 12)]),
        avant: sommes(&[("guichet", 8), ("telephone", 20)]),
        noms_de_mois: vec![],
    };
    let told: Vec<_> = compteurs.cross("demande", "canal", &|_| None).into_iter().map(|line| (line.code, line.total, line.avant)).collect();
    let line = |code: &str, now, before| (code.to_string(), Some(now), Some(before));
    assert_eq!(told, [line("telephone", 30, 20), line("web", 12, 0), line("guichet", 0, 8), line("", 42, 28)]);
}

#[test]
fn a_month_of_few_is_not_found_by_taking_the_others_from_the_year() {
    let compteurs = Compteurs { seuil: SEUIL, ..Compteurs::default() };
    let annee = Annee { mois: vec![12, 3, 30, 0], ..Annee::default() };
    let told = compteurs.months(&annee);
    assert_eq!((told[1], told[3]), (None, Some(0)));
    assert_eq!(told.iter().filter(|month| month.is_none()).count(), 2, "another month gives way: {told:?}");
}

#[test]
fn a_figure_does_not_tell_what_its_table_hides() {
    let state =
        |mesure: &str, total| ((mesure.to_string(), String::new()), vec![Somme { valeur: String::new(), femmes: total, hommes: 0, total }]);
    let annee = Annee { sommes: [state("issue", 33), state("issue:orientee", 30), state("issue:sans_solution", 3)].into(), mois: vec![] };
    let compteurs = Compteurs { seuil: SEUIL, cette: annee.clone(), ..Compteurs::default() };
    assert_eq!(compteurs.told(&annee, "issue:sans_solution"), None);
    let hidden: Vec<_> = compteurs.cross_etats("issue").into_iter().filter(|line| line.total.is_none()).map(|line| line.code).collect();
    assert_eq!(hidden.contains(&"issue:orientee".to_string()), compteurs.told(&annee, "issue:orientee").is_none(), "{hidden:?}");
}
