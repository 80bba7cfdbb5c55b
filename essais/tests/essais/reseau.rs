//! What territoires share with the network: with their consent only, never a person, and nothing that subtraction gives back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::collections::BTreeSet;

use accueil::Issue;
use comptes::Role;
use essais::{MOT_DE_PASSE, Site};
use kit::fait::{Fait, insert_fait};
use kit::{Db, Id, Instant, sql};
use observatoire::rules::secret::{LigneRelevee, Marges, Releve, SEUIL, mask};
use testkit::NOON;

const ICI: &str = "brenne";
/// 20 August 2026: in the last quarter that is over.
const AOUT: Instant = Instant(1_787_220_000);

/// A published table as somebody outside reads it: lines of cells and their total, the total of all.
struct Lu {
    lignes: Vec<(Vec<Option<i64>>, Option<i64>)>,
    total: Option<i64>,
}

/// The sums that the first lines can reach, line after line.
type Sommes = BTreeSet<i64>;

/// Every way of filling the hidden cells of a line, that its total allows.
fn list_fillings(cells: &[Option<i64>], total: Option<i64>) -> Vec<Vec<i64>> {
    let mut ways: Vec<Vec<i64>> = vec![vec![]];
    for cell in cells {
        let possible: Vec<i64> = cell.map_or_else(|| (1..SEUIL).collect(), |shown| vec![shown]);
        ways = ways.iter().flat_map(|way| possible.iter().map(|value| [&way[..], &[*value]].concat())).collect();
    }
    ways.retain(|way| total.is_none_or(|total| way.iter().sum::<i64>() == total));
    ways
}

fn add(sums: &Sommes, ways: &[Vec<i64>]) -> Sommes {
    let own: Sommes = ways.iter().map(|way| way.iter().sum()).collect();
    sums.iter().flat_map(|sum| own.iter().map(move |one| sum + one)).collect()
}

/// Solves what is published, with everything it says at once; gives what each hidden cell can be.
fn attack(lu: &Lu) -> Vec<BTreeSet<i64>> {
    let fillings: Vec<Vec<Vec<i64>>> = lu.lignes.iter().map(|(cells, total)| list_fillings(cells, *total)).collect();
    let mut found = vec![];
    for (rank, (cells, _)) in lu.lignes.iter().enumerate() {
        let others =
            fillings.iter().enumerate().filter(|(other, _)| *other != rank).fold(Sommes::from([0]), |sums, (_, ways)| add(&sums, ways));
        let is_possible = |way: &&Vec<i64>| lu.total.is_none_or(|total| others.contains(&(total - way.iter().sum::<i64>())));
        let possible: Vec<&Vec<i64>> = fillings[rank].iter().filter(is_possible).collect();
        assert!(!possible.is_empty(), "what is published contradicts itself");
        let hidden = cells.iter().enumerate().filter(|(_, cell)| cell.is_none());
        found.extend(hidden.map(|(place, _)| possible.iter().map(|way| way[place]).collect::<BTreeSet<_>>()));
    }
    found
}

/// A scattered number, the same every time.
fn draw(seed: u64, among: u64) -> u64 {
    let mut mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 32)) % among
}

#[test]
fn subtraction_tells_nothing_of_what_is_hidden_in_three_thousand_tables() {
    let (mut hidden, mut totals) = (0, 0);
    for table in 0..3_000_u64 {
        let lines = 1 + draw(table, 6);
        // Small counts and noughts mostly: where it is hard.
        let cell = |line: u64, rank: u64| {
            draw(table * 1_000 + line * 10 + rank, 4 + draw(table * 7, 12)) as i64 - draw(rank + line + table, 3) as i64
        };
        let line =
            |line: u64| LigneRelevee { code: line.to_string(), groupe: None, cellules: (0..4).map(|rank| cell(line, rank)).collect() };
        let releve = Releve { marges: Marges::DesLignes, lignes: (0..lines).map(line).collect(), publiees: vec![] };
        let tableau = mask(&releve, SEUIL);
        totals += usize::from(tableau.ensemble.total.is_some()) + tableau.lignes.iter().filter(|one| one.total.is_some()).count();
        let lu = Lu { lignes: tableau.lignes.into_iter().map(|one| (one.cellules, one.total)).collect(), total: tableau.ensemble.total };
        for possible in attack(&lu) {
            hidden += 1;
            assert_eq!(possible, (1..SEUIL).collect(), "table {table}");
        }
    }
    println!("{hidden} hidden cells attacked, {totals} totals published");
    assert!(hidden > 5_000 && totals > 3_000, "{hidden} hidden cells, {totals} totals");
}

#[test]
fn the_attack_finds_what_a_naive_table_would_give_away() {
    let naive = Lu { lignes: vec![(vec![Some(12), None, Some(0)], Some(15))], total: Some(15) };
    assert_eq!(attack(&naive), [BTreeSet::from([3])]);
    let by_the_whole = Lu { lignes: vec![(vec![Some(12), None], None), (vec![Some(9), Some(0)], Some(9))], total: Some(23) };
    assert_eq!(attack(&by_the_whole), [BTreeSet::from([2])]);
}

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

#[tokio::test]
async fn a_territoire_shares_when_it_consents_and_no_longer_when_it_does_not() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        let read = async |site: &Site| serde_json::from_str::<serde_json::Value>(&site.get("/api/v1/reseau").await.body).unwrap();
        assert_eq!(read(&site).await["territoires"], serde_json::json!([]), "nobody has consented");
        share(&mut site, "oui").await;
        let shared = read(&site).await;
        assert_eq!((&shared["trimestre"], &shared["du"], &shared["au"]), (&"2026-T3".into(), &"2026-07-01".into(), &"2026-09-30".into()));
        assert_eq!(shared["territoires"].as_array().unwrap().len(), 1);
        assert_eq!(shared["territoires"][0]["territoire"], ICI);
        share(&mut site, "non").await;
        assert_eq!(read(&site).await["territoires"], serde_json::json!([]));
        let journal = "SELECT acte FROM kit_journal WHERE objet = 'territoire' ORDER BY numero";
        let journal = sql::texts(db.read(), journal, []).await.unwrap();
        assert_eq!(journal, ["accord pour partager les chiffres avec le réseau", "retrait de l’accord de partage des chiffres"]);
    }
}

#[tokio::test]
async fn what_is_published_holds_no_person_no_commune_and_nothing_that_subtraction_gives_back() {
    for db in testkit::databases().await {
        let mut site = open(&db).await;
        share(&mut site, "oui").await;
        let answer = site.get("/api/v1/reseau?trimestre=2026-T3").await;
        assert!(!answer.body.contains("36173"), "{}", answer.body);
        let shared: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let one = &shared["territoires"][0];
        let besoins = one["besoins"].as_array().unwrap();
        let cells = |besoin: &serde_json::Value| Issue::ALL.iter().map(|issue| besoin["issues"][issue.code()].as_i64()).collect();
        let lu = Lu { lignes: besoins.iter().map(|one| (cells(one), one["total"].as_i64())).collect(), total: one["total"].as_i64() };
        assert!(attack(&lu).iter().all(|possible| possible.len() == 4), "{}", answer.body);
        let find = |code: &str| besoins.iter().find(|one| one["code"] == code).unwrap();
        assert_eq!((&find("jardinage")["total"], &find("jardinage")["issues"]["sans_solution"]), (&12.into(), &0.into()));
        assert_eq!(
            (&find("menage")["total"], &find("menage")["issues"]["sans_solution"]),
            (&serde_json::Value::Null, &serde_json::Value::Null)
        );
        // 2 and 3 could be 1 and 4; yet the whole is told, and would give the total of the other line back.
        assert_eq!((&find("portage-repas")["total"], one["total"].is_i64()), (&serde_json::Value::Null, true), "{}", answer.body);
        // The quarter that runs is published nowhere: today's figures less yesterday's would be somebody.
        count(&db, ICI, ("menage", Issue::SansSolution), (3, NOON)).await;
        assert_eq!(site.get("/api/v1/reseau?trimestre=2026-T3").await.body, answer.body);
        for (wrong, status) in [("2026-T4", 409), ("2027-T1", 409), ("2026", 400), ("2026-08", 400), ("%27", 400)] {
            let refused = site.get(&format!("/api/v1/reseau?trimestre={wrong}")).await;
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
        site.cookie = Some(site.sign_in(ICI, "elue@example.org").await);
        let page = site.get(&format!("/{ICI}/equipe/reseau")).await;
        assert!(page.status == 200 && page.body.contains("masqué") && page.body.contains("2026-T3"), "{}", page.body);
        assert!(!page.body.contains("Ne plus partager"));
        assert_eq!(site.post(&format!("/{ICI}/equipe/reseau/partage"), "partage=non").await.status, 403);
        assert_eq!(site.get(&format!("/{ICI}/equipe/reseau?trimestre=2026-T4")).await.status, 409);
    }
}
