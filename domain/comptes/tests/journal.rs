//! The end of the lines of the journal, on both databases: emptied when they are due, and the chain still says what was touched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use kit::journal::{self, Acte, Echeances, Recherche, Verdict, count_echues, purge, verify};
use kit::{Db, Id, Instant, sql, values};
use sha2::{Digest, Sha256};
use testkit::NOON;

const DAY: i64 = 86_400;

fn ici() -> Id {
    Id::from_name("brenne")
}

/// A year for somebody, five for the rest.
fn echeances(now: Instant) -> Echeances {
    Echeances { sans_personne: &["import"], personne: now.plus_seconds(-365 * DAY), autre: now.plus_seconds(-5 * 365 * DAY) }
}

async fn write(db: &Db, territoire: Id, objet: &'static str, at: Instant) {
    let acte = Acte { auteur: Some(Id::from_name("camille")), acte: "lecture", objet: (objet, Id::from_name("objet")), detail: "motif" };
    journal::record_alone(db, territoire, at, &acte).await.unwrap();
}

async fn tamper(db: &Db, harm: &str) {
    let tx = db.begin().await.unwrap();
    assert!(sql::execute(&tx, harm, []).await.unwrap() > 0, "{harm}");
    tx.commit().await.unwrap();
}

/// Lines of six years ago, of two years ago, of a year ago and a second, of a year ago to the second, of today:
/// each time one about somebody, one not.
async fn fill(db: &Db) {
    for ago in [6 * 365 * DAY, 2 * 365 * DAY, 365 * DAY + 1, 365 * DAY, 0] {
        for objet in ["demande", "import"] {
            write(db, ici(), objet, NOON.plus_seconds(-ago)).await;
        }
    }
}

#[tokio::test]
async fn old_lines_are_counted_then_emptied_each_at_its_own_age() {
    for db in testkit::databases().await {
        fill(&db).await;
        assert_eq!(count_echues(&db, ici(), &echeances(NOON)).await.unwrap(), 4);
        assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Intact(10), "counting changes nothing");
        assert_eq!(purge(&db, ici(), NOON, &echeances(NOON)).await.unwrap(), 4);
        let lignes = journal::list(&db, ici(), &Recherche::default(), (None, 100)).await.unwrap();
        let mut emptied: Vec<i64> = lignes.iter().filter(|one| one.purge == Some(11)).map(|one| one.numero).collect();
        emptied.sort_unstable();
        assert_eq!(emptied, [1, 2, 3, 5], "a year and a second is due for somebody, a year to the second is not");
        for ligne in lignes.iter().filter(|one| one.purge.is_some()) {
            assert!(ligne.auteur_id.is_empty() && ligne.objet_id.is_empty() && ligne.detail.is_empty() && ligne.sel.is_empty());
            assert!(!ligne.empreinte.is_empty() && ligne.at > 0);
        }
        assert!(
            lignes[0].objet == "journal" && lignes[0].detail.starts_with("4 ligne(s) vidée(s), de la n° 1 à la n° 5"),
            "{:?}",
            lignes[0]
        );
        assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Intact(11));
        assert_eq!(purge(&db, ici(), NOON, &echeances(NOON)).await.unwrap(), 0, "a second run finds nothing and writes nothing");
        assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Intact(11));
    }
}

#[tokio::test]
async fn in_the_end_nothing_of_anybody_is_left_but_the_chain() {
    for db in testkit::databases().await {
        fill(&db).await;
        purge(&db, ici(), NOON, &echeances(NOON)).await.unwrap();
        let later = NOON.plus_seconds(10 * 365 * DAY);
        assert_eq!(purge(&db, ici(), later, &echeances(later)).await.unwrap(), 6, "all but the line that says what was emptied");
        assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Intact(12));
        for trace in ["motif", &Id::from_name("camille").to_string(), &Id::from_name("objet").to_string()] {
            assert_eq!(testkit::find_text(&db, trace).await.unwrap(), Vec::<String>::new(), "{trace}");
        }
        write(&db, Id::from_name("ailleurs"), "demande", Instant(0)).await;
        purge(&db, ici(), later, &echeances(later)).await.unwrap();
        assert_eq!(testkit::find_text(&db, "motif").await.unwrap(), ["kit_journal.detail"], "another territoire is left alone");
    }
}

#[tokio::test]
async fn a_line_emptied_or_changed_by_somebody_else_shows() {
    const EMPTIED: &str = "UPDATE kit_journal SET auteur_id = '', objet_id = '', detail = '', sel = ''";
    let harms = [
        (format!("{EMPTIED}, purge = 11 WHERE numero = 7"), 11, "hidden behind a real purge"),
        (format!("{EMPTIED} WHERE numero = 7"), 7, "emptied, and not said"),
        (format!("{EMPTIED}, purge = 99 WHERE numero = 7"), 7, "said by a line that does not exist"),
        (format!("{EMPTIED}, purge = 6 WHERE numero = 7"), 7, "said by a line from before"),
        (format!("{EMPTIED}, purge = 9 WHERE numero = 7"), 9, "said by a line that says something else"),
        ("UPDATE kit_journal SET purge = NULL WHERE numero = 3".into(), 3, "an emptied line taken for a whole one"),
        ("UPDATE kit_journal SET acte = 'autre' WHERE numero = 3".into(), 11, "what stays of an emptied line changed"),
        ("UPDATE kit_journal SET at = at + 1 WHERE numero = 3".into(), 11, "its date changed"),
        ("UPDATE kit_journal SET empreinte = 'ff' WHERE numero = 3".into(), 4, "its fingerprint changed"),
        ("UPDATE kit_journal SET detail = replace(detail, '4 ligne', '5 ligne') WHERE numero = 11".into(), 11, "the purge itself changed"),
        ("UPDATE kit_journal SET sel = 'aa' WHERE numero = 7".into(), 7, "a salt changed"),
        ("DELETE FROM kit_journal WHERE numero = 3".into(), 3, "an emptied line taken away"),
        ("DELETE FROM kit_journal WHERE numero = 11".into(), 1, "the purge taken away"),
    ];
    for (harm, broken, why) in harms {
        for db in testkit::databases().await {
            fill(&db).await;
            purge(&db, ici(), NOON, &echeances(NOON)).await.unwrap();
            assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Intact(11));
            tamper(&db, &harm).await;
            assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Rompu(broken), "{why}");
        }
    }
}

/// A line as the program wrote it before there was a salt: number 1, 1970, no author, `a` on `b` `c`.
const FORMER: &str = "INSERT INTO kit_journal (territoire_id, numero, at, auteur_id, acte, objet, objet_id, detail, empreinte)
     VALUES ($1, 1, 0, '', 'a', 'b', 'c', '', $2)";

#[tokio::test]
async fn every_line_has_its_own_salt_and_those_from_before_are_still_read() {
    for db in testkit::databases().await {
        let fields = ["", "1", "0", "", "a", "b", "c", ""];
        let bytes: Vec<u8> = fields.iter().flat_map(|one| [&(one.len() as u64).to_be_bytes()[..], one.as_bytes()].concat()).collect();
        let empreinte: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let tx = db.begin().await.unwrap();
        sql::execute(&tx, FORMER, values![ici(), empreinte.as_str()]).await.unwrap();
        let head = "INSERT INTO kit_journal_tete (territoire_id, numero, empreinte) VALUES ($1, 1, $2)";
        sql::execute(&tx, head, values![ici(), empreinte.as_str()]).await.unwrap();
        tx.commit().await.unwrap();
        fill(&db).await;
        assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Intact(11));
        let salts = sql::number(db.read(), "SELECT COUNT(DISTINCT sel) FROM kit_journal WHERE sel <> ''", []).await.unwrap();
        assert_eq!(salts, 10);
        assert_eq!(purge(&db, ici(), NOON, &echeances(NOON)).await.unwrap(), 5);
        assert_eq!(verify(&db, ici()).await.unwrap(), Verdict::Intact(12));
    }
}
