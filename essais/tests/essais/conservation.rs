//! Retention, as an operator runs it: listed, then erased, and never a name on the terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Programme, post};
use kit::journal::{self, Acte, Verdict};
use kit::{Db, Id, sql, tache};
use maillage::conservation::{TACHE, do_today};

fn run(arguments: &[&str]) -> (bool, String) {
    let output = Programme::run(arguments);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_too_long_is_listed_then_erased() {
    let base = testkit::sqlite_path();
    let (is_right, said) = run(&["territoire", "creer", "--slug", "brenne", "--nom", "Brenne", "--epci", "243600319", "--base", &base]);
    assert!(is_right, "{said}");
    let mut programme = Programme::start("servir", &base);
    let form = r#"{"commune":"36173","besoin":"menage","rappel_nom":"Zoé Marqueur","consentement":"oui"}"#;
    assert_eq!(post(programme.at, "/api/v1/demandes", "application/json", form).unwrap().status, 201);
    programme.kill();
    let db = Db::open(&base).await.unwrap();
    let tx = db.begin().await.unwrap();
    // Two years and a half earlier.
    let age = "UPDATE accueil_demande SET received_at = received_at - 78900000, updated_at = updated_at - 78900000";
    sql::execute(&tx, age, []).await.unwrap();
    tx.commit().await.unwrap();
    let count_names =
        async || sql::number(db.read(), "SELECT COUNT(*) FROM accueil_demande WHERE rappel_nom IS NOT NULL", []).await.unwrap();

    let (is_right, said) = run(&["conservation", "regler", "demande", "36", "--base", &base]);
    assert!(is_right && said.contains("36 mois"), "{said}");
    let (is_right, said) = run(&["conservation", "--base", &base]);
    assert!(is_right && said.contains("0\u{a0}demande échue"), "{said}");
    let (is_right, said) = run(&["conservation", "regler", "demande", "24", "--territoire", "brenne", "--base", &base]);
    assert!(is_right, "{said}");
    let (is_right, said) = run(&["conservation", "--base", &base]);
    assert!(is_right && said.contains("n° 1, reçue le ") && said.contains("Rien n’a été effacé") && !said.contains("Zoé"), "{said}");
    assert_eq!(count_names().await, 1);
    let (is_right, said) = run(&["conservation", "--appliquer", "--base", &base]);
    assert!(is_right && said.contains("1\u{a0}demande traitée") && !said.contains("Zoé"), "{said}");
    assert_eq!(count_names().await, 0);

    let (is_right, said) = run(&["conservation", "regler", "journal", "18", "--base", &base]);
    assert!(is_right && said.contains("18 mois pour les lignes du journal"), "{said}");
    let (is_right, said) = run(&["conservation", "--base", &base]);
    assert!(is_right && said.contains("journal : 18 mois (60 quand") && said.contains("0\u{a0}ligne échue"), "{said}");

    for (arguments, sentence) in [
        (["demande", "37"], "de 1 à 36 mois"),
        (["journal", "5"], "de 6 à 36 mois"),
        (["note", "12"], "choisissez parmi demande, rappel, journal, journal_autre"),
    ] {
        let (is_right, said) = run(&[&["conservation", "regler"][..], &arguments, &["--base", &base]].concat());
        assert!(!is_right && said.contains(sentence), "{said}");
    }
    let (is_right, said) = run(&["conservation", "--territoire", "ailleurs", "--base", &base]);
    assert!(!is_right && said.contains("n’existe pas"), "{said}");
}

const DAY: i64 = 86_400;

/// This day, at an hour of Paris.
fn at(hour: i64) -> kit::Instant {
    testkit::NOON.plus_seconds((hour - 12) * 3_600)
}

#[tokio::test]
async fn the_daily_erasing_is_done_once_a_day_by_one_process_and_not_in_the_night() {
    for db in testkit::databases().await {
        let site = essais::Site::open(&db).await;
        let (ici, old) = (Id::from_name("brenne"), testkit::NOON.plus_seconds(-400 * DAY));
        let acte = Acte { auteur: None, acte: "lecture", objet: ("demande", ici), detail: "" };
        journal::record_alone(&db, ici, old, &acte).await.unwrap();
        for hour in [0, 2, 3] {
            assert_eq!(do_today(&db, at(hour)).await.unwrap(), None, "{hour} h");
        }
        // Eight processes that look at the same second.
        let mut looks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let db = db.clone();
            looks.spawn(async move { do_today(&db, at(4)).await.unwrap() });
        }
        let done: Vec<_> = looks.join_all().await.into_iter().flatten().collect();
        assert_eq!((done.len(), done[0].lignes), (1, 1), "{done:?}");
        assert_eq!(journal::verify(&db, ici).await.unwrap(), Verdict::Intact(2));
        assert_eq!(do_today(&db, at(23)).await.unwrap(), None);
        let last = tache::find_derniere(&db, TACHE, testkit::NOON.day()).await.unwrap().unwrap();
        assert_eq!(last.resultat.as_deref(), Some("0\u{a0}demande traitée, 1\u{a0}ligne du journal vidée, 0\u{a0}message oublié"));
        let constats = maillage::etat::list_constats(&site.app.installation(), at(23)).await;
        let constat = constats.iter().find(|one| one.sujet == "conservation").unwrap();
        assert!(constat.phrase.starts_with("faite le 17/11/2026 à 04:00 : 0\u{a0}demande traitée"), "{constat}");
        assert!(do_today(&db, at(4 + 24)).await.unwrap().is_some(), "and again the next day");
    }
}

#[tokio::test]
async fn what_time_has_closed_is_deleted_where_nobody_signs_in_any_more() {
    const HALF_A_DAY: i64 = 12 * 3_600;
    const YEAR: i64 = 365 * DAY;
    for db in testkit::databases().await {
        essais::Site::open(&db).await;
        let (ici, now) = (Id::from_name("brenne"), testkit::NOON.0);
        let tx = db.begin().await.unwrap();
        // Of each, one whose time is over to the second, and one that has a second left.
        for (over, insert) in [
            (now, "INSERT INTO comptes_ceremonie (territoire_id, empreinte, etat, expires_at) VALUES ($1, $3, '', $2)"),
            (
                now,
                "INSERT INTO comptes_lien (territoire_id, empreinte, compte_id, expires_at)
                 SELECT territoire_id, $3, MIN(id), $2 FROM comptes_compte WHERE territoire_id = $1 GROUP BY territoire_id",
            ),
            (
                now,
                "INSERT INTO comptes_invitation (territoire_id, empreinte, compte_id, expires_at)
                 SELECT territoire_id, $3, MIN(id), $2 FROM comptes_compte WHERE territoire_id = $1 GROUP BY territoire_id",
            ),
            (
                now - HALF_A_DAY,
                "INSERT INTO comptes_session (territoire_id, empreinte, compte_id, id, opened_at, seen_at, poste, appareil)
                 SELECT territoire_id, $3, MIN(id), $3, $2, $2, FALSE, '' FROM comptes_compte WHERE territoire_id = $1 GROUP BY territoire_id",
            ),
            (
                now - YEAR - 1,
                "INSERT INTO comptes_navigateur (territoire_id, empreinte, compte_id, seen_at)
                 SELECT territoire_id, $3, MIN(id), $2 FROM comptes_compte WHERE territoire_id = $1 GROUP BY territoire_id",
            ),
        ] {
            assert_eq!(sql::execute(&tx, insert, kit::values![ici, over, "échu"]).await.unwrap(), 1);
            assert_eq!(sql::execute(&tx, insert, kit::values![ici, over + 1, "encore"]).await.unwrap(), 1);
        }
        tx.commit().await.unwrap();
        let bilan = do_today(&db, testkit::NOON).await.unwrap().unwrap();
        assert_eq!(bilan.acces, 5);
        assert!(bilan.to_string().ends_with(", 5\u{a0}accès échus effacés"), "{bilan}");
        let left = "SELECT empreinte FROM comptes_ceremonie UNION ALL SELECT empreinte FROM comptes_lien
                    UNION ALL SELECT empreinte FROM comptes_invitation UNION ALL SELECT empreinte FROM comptes_session
                    UNION ALL SELECT empreinte FROM comptes_navigateur";
        assert_eq!(sql::texts(db.read(), left, []).await.unwrap(), ["encore"; 5]);
    }
}

#[tokio::test]
async fn a_day_that_failed_or_whose_process_died_is_taken_again_an_hour_later() {
    for db in testkit::databases().await {
        let jour = testkit::NOON.day();
        assert!(tache::take(&db, "essai", jour, at(4)).await.unwrap());
        assert!(!tache::take(&db, "essai", jour, at(5).plus_seconds(-1)).await.unwrap(), "it may still be at work");
        assert!(tache::take(&db, "essai", jour, at(5)).await.unwrap(), "nobody works for an hour at that");
        tache::finish(&db, "essai", jour, at(5), Err("base injoignable")).await.unwrap();
        assert!(!tache::take(&db, "essai", jour, at(6).plus_seconds(-1)).await.unwrap());
        assert!(tache::take(&db, "essai", jour, at(6)).await.unwrap());
        tache::finish(&db, "essai", jour, at(6), Ok("fait")).await.unwrap();
        assert!(!tache::take(&db, "essai", jour, at(20)).await.unwrap());
        let last = tache::find_derniere(&db, "essai", jour).await.unwrap().unwrap();
        assert_eq!((last.resultat.as_deref(), last.erreur), (Some("fait"), None));
    }
}

#[test]
fn the_daily_erasing_can_be_switched_off() {
    let base = testkit::sqlite_path();
    let settings = format!("{base}.toml");
    std::fs::write(&settings, "conservation_quotidienne = false").unwrap();
    run(&["migrer", "--base", &base]);
    let (_, said) = run(&["etat", "--base", &base, "--reglages", &settings]);
    assert!(said.contains("désactivée (conservation_quotidienne)"), "{said}");
    let (_, said) = run(&["etat", "--base", &base]);
    assert!(said.contains("elle se fait chaque jour à partir de 4 h"), "{said}");
}
