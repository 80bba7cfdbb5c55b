//! The counters on both databases: each fact once, whatever the order, the moment and who counts. See `essais` for the pages.

use annuaire::aiguillage::Aiguillage;
use kit::fait::{Fait, insert_fait};
use kit::{Db, Id, Instant, sql};
use territoire::{Couleurs, LigneUnique, Referentiel, Territoire};

use crate::indicateurs::lecture::{Comptes, Source, read, read_whole};
use crate::indicateurs::mensuel::read_points;
use crate::indicateurs::{Axe, find_indicateur};
use crate::storage::bilan::sum_by_axe;
use crate::storage::cumul::{Mois, Plage, catch_up, count_all, list_cumuls, sum_cumuls};
use crate::storage::ligne::{cross, cross_communes};
use crate::storage::{Periode, count_by_besoin};

pub(crate) fn territoire() -> Territoire {
    Territoire {
        id: Id::from_name("brenne"),
        slug: "brenne".into(),
        nom: "Brenne".into(),
        couleurs: Couleurs { principale: "#1d4e6b".into(), accent: "#8a3b1e".into() },
        ligne: LigneUnique::default(),
        communes: Referentiel::get().find_epci("243600319").unwrap().communes.clone(),
        bassins: vec![],
        logo: None,
        fermeture: None,
    }
}

const ROSNAY: &str = "36173";

pub(crate) fn issue(at: Instant, (issue, quantite): (&str, i64), sexe: Option<&'static str>) -> Fait {
    Fait {
        territoire_id: territoire().id,
        code: "issue",
        at,
        code_insee: Some(ROSNAY.into()),
        sexe,
        tranche_age: Some("75_84"),
        quantite,
        dimensions: vec![("besoin", "menage".into()), ("issue", issue.into())],
    }
}

pub(crate) async fn open(db: &Db) {
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire(), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn insert(db: &Db, faits: &[Fait]) {
    let tx = db.begin().await.unwrap();
    for fait in faits {
        insert_fait(&tx, fait).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn november() -> Plage {
    let mois = Mois::parse("2026-11").unwrap();
    Plage { de: mois, a: mois }
}

async fn say(db: &Db, mesure: &str, axe: &str) -> Vec<String> {
    let sums = sum_cumuls(db, territoire().id, (mesure, axe), november()).await.unwrap();
    sums.into_iter().map(|one| format!("{} {}/{}/{}", one.valeur, one.femmes, one.hommes, one.total)).collect()
}

#[tokio::test]
async fn each_fact_is_counted_once_and_one_taken_back_for_minus_one() {
    for db in testkit::databases().await {
        open(&db).await;
        let noon = testkit::NOON;
        insert(&db, &[issue(noon, ("sans_solution", 1), Some("femme")), issue(noon, ("orientee", 1), Some("homme"))]).await;
        assert!(catch_up(&db, territoire().id).await.unwrap());
        assert!(catch_up(&db, territoire().id).await.unwrap(), "nothing is left, nothing is counted again");
        assert_eq!(say(&db, "issue", "commune").await, ["36173 1/1/2"]);
        assert_eq!(say(&db, "issue:sans_solution", "besoin/commune").await, ["menage/36173 1/0/1"]);
        // Turned out otherwise: the former outcome is taken back, and no line of nought stays.
        insert(&db, &[issue(noon, ("sans_solution", -1), Some("femme")), issue(noon, ("orientee", 1), Some("femme"))]).await;
        catch_up(&db, territoire().id).await.unwrap();
        assert_eq!(say(&db, "issue:sans_solution", "").await, Vec::<String>::new());
        assert_eq!(say(&db, "issue:orientee", "").await, [" 1/1/2"]);
        // A fact of last year, written today.
        insert(&db, &[issue(noon.plus_seconds(-400 * 86_400), ("orientee", 1), None)]).await;
        catch_up(&db, territoire().id).await.unwrap();
        let october = Mois::parse("2025-10").unwrap();
        assert_eq!(list_cumuls(&db, territoire().id, ("issue", "tranche_age"), (october, october)).await.unwrap()[0].quantite, 1);
        assert_eq!(say(&db, "issue", "").await, [" 1/1/2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_count_at_once_count_each_fact_once() {
    for db in testkit::databases().await {
        open(&db).await;
        insert(&db, &vec![issue(testkit::NOON, ("orientee", 1), None); 500]).await;
        let counting: Vec<_> = (0..4)
            .map(|_| {
                tokio::spawn({
                    let db = db.clone();
                    async move { catch_up(&db, territoire().id).await }
                })
            })
            .collect();
        for one in counting {
            one.await.unwrap().unwrap();
        }
        assert_eq!(say(&db, "issue", "").await, [" 0/0/500"]);
    }
}

#[tokio::test]
async fn the_counters_say_what_the_facts_say() {
    for db in testkit::databases().await {
        open(&db).await;
        let outcomes = ["orientee", "sans_solution", "information"];
        let faits: Vec<Fait> = (0..90_u8)
            .map(|rang| {
                let at = testkit::NOON.plus_seconds(-i64::from(rang) * 86_400);
                issue(at, (outcomes[usize::from(rang % 3)], 1), [Some("femme"), Some("homme"), None][usize::from(rang % 7 % 3)])
            })
            .collect();
        insert(&db, &faits).await;
        catch_up(&db, territoire().id).await.unwrap();
        let facts = "SELECT substr(jour, 1, 7) || ' ' || CAST(SUM(quantite) AS TEXT) FROM kit_fait WHERE code = 'issue' GROUP BY substr(jour, 1, 7) ORDER BY 1";
        let counters = "SELECT periode || ' ' || CAST(SUM(quantite) AS TEXT) FROM observatoire_cumul
            WHERE mesure = 'issue' AND axe = '' AND periode LIKE '____-__' GROUP BY periode ORDER BY 1";
        let told = sql::texts(db.read(), counters, []).await.unwrap();
        assert_eq!(told, sql::texts(db.read(), facts, []).await.unwrap());
        assert_eq!(told.len(), 4);
    }
}

/// Eleven hundred days, one fact a day, one in four taken back months later.
#[tokio::test]
async fn whole_years_are_counted_as_their_months_are() {
    for db in testkit::databases().await {
        open(&db).await;
        let day_of = |rang: i64| testkit::NOON.plus_seconds(-rang * 86_400);
        let told = (200..1_300).map(|rang| issue(day_of(rang), ("sans_solution", 1), Some("femme")));
        let taken_back = (0..275).map(|rang| issue(day_of(rang), ("sans_solution", -1), Some("femme")));
        insert(&db, &told.chain(taken_back).collect::<Vec<_>>()).await;
        count_all(&db, territoire().id).await.unwrap();
        let mut count = 0;
        for (de, a) in [("2023-02", "2026-11"), ("2024-01", "2025-12"), ("2024-12", "2026-01"), ("2023-12", "2024-12")] {
            let plage = Plage { de: Mois::parse(de).unwrap(), a: Mois::parse(a).unwrap() };
            let cle = ("issue:sans_solution", "commune");
            let months = list_cumuls(&db, territoire().id, cle, (plage.de, plage.a)).await.unwrap();
            let summed = sum_cumuls(&db, territoire().id, cle, plage).await.unwrap();
            let [one] = summed.as_slice() else { panic!("{summed:?}") };
            assert_eq!(one.total, months.iter().map(|month| month.quantite).sum::<i64>(), "{de} {a}");
            assert_eq!(one.femmes, one.total);
            count = count.max(one.total);
        }
        assert_eq!(count, 1_100 - 275, "the longest holds them all");
    }
}

/// Ninety days, one fact a day: whole months, days around them, days alone.
#[tokio::test]
async fn the_days_of_a_period_are_all_counted_wherever_they_are_read() {
    for db in testkit::databases().await {
        open(&db).await;
        let outcomes = ["orientee", "sans_solution", "information"];
        let day_of = |rang: i64| testkit::NOON.plus_seconds(-rang * 86_400);
        let faits: Vec<Fait> =
            (0..90).map(|rang| issue(day_of(rang), (outcomes[usize::try_from(rang % 3).unwrap()], 1), Some("femme"))).collect();
        insert(&db, &faits).await;
        for (first, last) in [(89, 0), (75, 3), (20, 20), (25, 1)] {
            let periode = Periode { du: day_of(first).day(), au: day_of(last).day() };
            let days = first - last + 1;
            let unmet = (last..=first).filter(|rang| rang % 3 == 1).count();
            let unmet = i64::try_from(unmet).unwrap();
            let by_issue = cross(&db, territoire().id, ("issue", "issue"), periode).await.unwrap();
            assert_eq!(by_issue.iter().map(|one| one.total).sum::<i64>(), days, "{periode:?}");
            assert_eq!(
                by_issue.iter().filter(|one| one.valeur == "sans_solution").map(|one| one.femmes).sum::<i64>(),
                unmet,
                "{periode:?}"
            );
            let by_commune = cross_communes(&db, territoire().id, "issue", periode).await.unwrap();
            assert_eq!(by_commune.iter().map(|one| (one.valeur.as_str(), one.total)).collect::<Vec<_>>(), [(ROSNAY, days)]);
            let besoins = count_by_besoin(&db, territoire().id, periode).await.unwrap();
            let told: Vec<_> = besoins.iter().map(|one| (one.code.as_str(), one.demandes, one.sans_solution)).collect();
            assert_eq!(told, if unmet == 0 { vec![] } else { vec![("menage", 0, unmet)] }, "{periode:?}");
        }
    }
}

#[tokio::test]
async fn what_is_crossed_is_not_read_with_the_rest() {
    for db in testkit::databases().await {
        open(&db).await;
        insert(&db, &[issue(testkit::NOON, ("sans_solution", 1), Some("femme")), issue(testkit::NOON, ("orientee", 1), None)]).await;
        catch_up(&db, territoire().id).await.unwrap();
        let sums = sum_by_axe(&db, territoire().id, november()).await.unwrap();
        let mut told: Vec<_> =
            sums.iter().map(|(mesure, axe, one)| format!("{mesure} {axe} {} {}/{}", one.valeur, one.femmes, one.total)).collect();
        told.sort();
        let wanted = [
            "issue   1/2",
            "issue besoin menage 1/2",
            "issue tranche_age 75_84 1/2",
            "issue:orientee   0/1",
            "issue:orientee besoin menage 0/1",
            "issue:orientee tranche_age 75_84 0/1",
            "issue:sans_solution   1/1",
            "issue:sans_solution besoin menage 1/1",
            "issue:sans_solution tranche_age 75_84 1/1",
        ];
        assert_eq!(told, wanted);
    }
}

#[tokio::test]
async fn an_indicator_is_the_quotient_of_its_counters() {
    for db in testkit::databases().await {
        open(&db).await;
        let (ici, aiguillage) = (territoire(), Aiguillage::default());
        let source = Source { db: &db, territoire: &ici, aiguillage: &aiguillage, now: testkit::NOON, comptes: Comptes::Tenus(&[]) };
        let share = find_indicateur("part-sans-solution").unwrap();
        let empty = read_whole(source, share, november()).await.unwrap().unwrap();
        assert!(empty.ensemble.is_err(), "an empty territoire has no share, not a share of nought");
        let outcomes = [("sans_solution", Some("femme")), ("orientee", Some("femme")), ("orientee", None), ("orientee", Some("homme"))];
        insert(&db, &outcomes.map(|(one, sexe)| issue(testkit::NOON, (one, 1), sexe))).await;
        catch_up(&db, ici.id).await.unwrap();
        let whole = read_whole(source, share, november()).await.unwrap().unwrap();
        assert_eq!((whole.ensemble, whole.femmes, whole.hommes), (Ok(25.0), Ok(50.0), Ok(0.0)));
        for axe in share.axes().into_iter().filter(|axe| *axe != Axe::Bassin) {
            let sum: i64 =
                read(source, (share, Some(axe)), november()).await.unwrap().iter().filter_map(|one| one.numerateur.total.ok()).sum();
            let told = if axe == Axe::Motif { 0 } else { 1 };
            assert_eq!(sum, told, "the same figure by {}", axe.label());
        }
        let rate = find_indicateur("demandes-pour-1000").unwrap();
        let by_commune = read(source, (rate, Some(Axe::Commune)), november()).await.unwrap();
        assert_eq!(by_commune.len(), ici.communes.len(), "each commune, those of which nobody asked too");
        assert!(by_commune.iter().all(|one| one.ensemble == Ok(0.0)));
    }
}

#[tokio::test]
async fn years_drawn_are_quotients_of_their_sums_and_a_year_that_lacks_months_is_left_out() {
    for db in testkit::databases().await {
        open(&db).await;
        let at = |day: &str| Instant::from_paris(day.parse::<chrono::NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap()).unwrap();
        let told = |day: &str, etat: &'static str, count: i64| issue(at(day), (etat, count), None);
        // January 2022: 1 of 1; December: 1 of 9. A mean of both would say 56 %.
        insert(
            &db,
            &[
                told("2022-01-05", "sans_solution", 1),
                told("2022-12-05", "sans_solution", 1),
                told("2022-12-06", "orientee", 8),
                told("2024-06-01", "orientee", 5),
                told("2026-01-10", "sans_solution", 7),
            ],
        )
        .await;
        catch_up(&db, territoire().id).await.unwrap();
        let (here, aiguillage) = (territoire(), Aiguillage::default());
        let source = Source { db: &db, territoire: &here, aiguillage: &aiguillage, now: testkit::NOON, comptes: Comptes::Tenus(&[]) };
        let plage = Plage { de: Mois::parse("2021-07").unwrap(), a: Mois::parse("2026-11").unwrap() };
        let points = plage.points(testkit::NOON.day());
        let years = |one: &str| read_points(source, find_indicateur(one).unwrap(), &points);
        let shares = years("part-sans-solution").await.unwrap().unwrap();
        let rounded: Vec<Option<i64>> = shares.iter().map(|one| one.ok().map(|share| (share * 10.0).round() as i64)).collect();
        assert_eq!(rounded, [Some(200), None, Some(0), None], "2022 to 2025");
    }
}
