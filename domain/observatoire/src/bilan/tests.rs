use annuaire::storage::load_aiguillage;
use chrono::NaiveDate;
use kit::{Db, Instant};
use testkit::NOON;

use super::annee::say_share;
use super::*;
use crate::Tenu;
use crate::publication::{Groupes, Releves, publish};
use crate::rules::secret::SEUIL;
use crate::storage::bilan::{find_couts, update_commentaire, update_couts};
use crate::storage::cumul::{Somme, catch_up};
use crate::storage::publication::{Publiee, insert_publication};
use crate::tests::{insert, issue, open, territoire};

fn at(day: &str) -> Instant {
    let day: NaiveDate = day.parse().unwrap();
    Instant::from_paris(day.and_hms_opt(12, 0, 0).unwrap()).unwrap()
}

async fn read(db: &Db, annee: i32, now: Instant) -> kit::Result<Bilan> {
    catch_up(db, territoire().id).await.unwrap();
    let aiguillage = load_aiguillage(db, &territoire(), (1, now.day())).await.unwrap();
    let (here, tenu) = (territoire(), Tenu::default());
    read_bilan(Source { db, territoire: &here, aiguillage: &aiguillage, tenu: &tenu }, annee, (Lecture::Equipe, now)).await
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

/// A measure, an axis, its values with how many.
type Compte<'a> = (&'a str, &'a str, &'a [(&'a str, i64)]);

/// Counters of one measure along one axis, and in all.
fn releves(list: &[Compte<'_>]) -> Releves {
    let mut releves = Releves::default();
    for (mesure, axe, valeurs) in list {
        let somme = |(valeur, total): &(&str, i64)| Somme { valeur: (*valeur).into(), femmes: *total, hommes: 0, total: *total };
        releves.sommes.insert(((*mesure).into(), (*axe).into()), valeurs.iter().map(somme).collect());
    }
    releves
}

fn compteurs(cette: &Releves, avant: Option<&Releves>) -> Compteurs {
    let told = |releves: &Releves| publish(releves, Groupes(None), SEUIL);
    let mois = Plage::whole_year(2026).months().collect();
    Compteurs { annee: 2026, seuil: SEUIL, cette: told(cette), avant: avant.map(told), mois }
}

#[test]
fn shares_of_what_is_hidden_are_hidden_and_the_others_rounded() {
    let hidden = Err(Absence::Masque);
    let shares = [(Ok(0), Ok(0)), (hidden, Ok(60)), (Ok(0), Ok(60)), (Ok(30), Ok(60)), (Ok(20), Ok(30)), (Ok(5), hidden)];
    let said = shares.map(|(part, whole)| say_share(part, whole));
    assert_eq!(said, ["non calculable", "masqué", "0\u{202f}%", "50\u{202f}%", "67\u{202f}%", "masqué"]);
}

#[test]
fn an_axis_is_told_with_last_year_beside_even_for_what_nobody_asks_any_more() {
    let cette = releves(&[("demande", "", &[("", 42)]), ("demande", "canal", &[("telephone", 30), ("web", 12)])]);
    let avant = releves(&[("demande", "", &[("", 28)]), ("demande", "canal", &[("guichet", 8), ("telephone", 20)])]);
    let told = |lines: Vec<super::annee::Croisee>| -> Vec<_> {
        lines.into_iter().map(|line| (line.code, line.effectif.total, line.avant)).collect()
    };
    let line = |code: &str, now, before| (code.to_string(), Ok(now), Ok(before));
    assert_eq!(
        told(compteurs(&cette, Some(&avant)).cross("demande", "canal")),
        [line("telephone", 30, 20), line("web", 12, 0), line("guichet", 0, 8), line("", 42, 28)]
    );
    let alone = told(compteurs(&cette, None).cross("demande", "canal"));
    assert!(alone.iter().all(|(_, _, before)| *before == Err(Absence::NonPublie)) && alone.len() == 3, "{alone:?}");
}

#[test]
fn a_month_of_few_is_not_found_by_taking_the_others_from_the_year() {
    let cette = releves(&[("demande", "", &[("", 45)]), ("demande", "mois", &[("2026-01", 12), ("2026-02", 3), ("2026-03", 30)])]);
    let compteurs = compteurs(&cette, None);
    let told = compteurs.months(&compteurs.cette, 0);
    assert_eq!((told[1], told[3]), (None, Some(0)));
    assert_eq!(told.iter().filter(|month| month.is_none()).count(), 2, "another month gives way: {told:?}");
}

#[test]
fn a_figure_does_not_tell_what_its_table_hides() {
    let cette = releves(&[("issue", "", &[("", 33)]), ("issue:orientee", "", &[("", 30)]), ("issue:sans_solution", "", &[("", 3)])]);
    let compteurs = compteurs(&cette, None);
    assert_eq!(compteurs.told("issue:sans_solution"), Err(Absence::Masque));
    for line in compteurs.cross_etats("issue") {
        assert_eq!(line.effectif.total, compteurs.told(&line.code), "the same figure everywhere");
    }
    assert_eq!(compteurs.told("issue:orientee"), Err(Absence::Masque), "33 less 30 is 3");
}

#[tokio::test]
async fn a_year_published_is_told_as_it_was_whatever_comes_later_and_a_draft_is_the_teams() {
    for db in testkit::databases().await {
        open(&db).await;
        let unmet = |day: &str| issue(at(day), ("sans_solution", 1), Some("femme"));
        insert(&db, &(1..=9).map(|day| unmet(&format!("2025-02-{day:02}"))).collect::<Vec<_>>()).await;
        let aiguillage = load_aiguillage(&db, &territoire(), (1, NOON.day())).await.unwrap();
        let here = territoire();
        let tenu = Tenu::default();
        let source = Source { db: &db, territoire: &here, aiguillage: &aiguillage, tenu: &tenu };
        let outside = async || read_bilan(source, 2025, (Lecture::Dehors, NOON)).await;
        assert!(outside().await.unwrap_err().to_string().contains("n’est pas encore publié"));
        assert_eq!(read(&db, 2025, NOON).await.unwrap().publie_le, None);
        let publication = read_publication(&db, &here, Plage::whole_year(2025)).await.unwrap();
        let publiee = Publiee { annee: 2025, publiee_at: NOON, publication };
        let tx = db.begin().await.unwrap();
        assert!(insert_publication(&tx, here.id, &publiee).await.unwrap());
        assert!(!insert_publication(&tx, here.id, &publiee).await.unwrap(), "two clicks publish once");
        tx.commit().await.unwrap();
        insert(&db, &[unmet("2025-02-20")]).await;
        for bilan in [outside().await.unwrap(), read(&db, 2025, NOON).await.unwrap()] {
            assert_eq!(find(&bilan, "sans-solution").chiffres[0].valeur, "9", "a fact that comes late would be told by subtraction");
            assert!(bilan.publie_le.is_some());
        }
    }
}
