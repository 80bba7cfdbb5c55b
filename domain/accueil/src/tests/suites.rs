//! What follows a demande: its code, a solution that opens, the call of quality, the grid; on both databases.

use annuaire::storage::historique::{Cause, Trace};
use kit::{Coffre, Db, Error, Id, Instant, sql, values};

use super::acte::{demande, open};
use super::chiffrement::bavarde;
use super::effacement::complete;
use super::monde::{inscription, territoire};
use crate::analyse::rules::read_question;
use crate::analyse::storage::{list_constats, list_questions, replace_questions_in, set_constats};
use crate::analyse::{Constat, rules::read_constats};
use crate::model::{Demande, Issue, Motif, NouvelleDemande, Reglage};
use crate::prise_en_charge::rules::add_ouvres;
use crate::qualite::rules::{QualiteInput, window};
use crate::qualite::storage::{BilanQualite, count_bilan, find_appel, insert_appel, list_a_appeler};
use crate::sans_solution::storage::{find_note, list_lignes, set_suite};
use crate::sans_solution::{Suite, raise};
use crate::storage::rechiffrement::rechiffrer;
use crate::storage::{find_demande, find_demande_by_acces, find_reglage, insert_demande, list_reglages, set_reglage_in};
use crate::suivi::storage::{find_by_code, find_promesse, list_promesses};
use crate::{Accueil, suivi};

const NOW: Instant = testkit::NOON;
const DAY: i64 = 86_400;

async fn leave(accueil: &Accueil, demande: &NouvelleDemande) -> Demande {
    let recorded = insert_demande(&accueil.db, &accueil.coffre, demande).await.unwrap();
    find(accueil, recorded.id).await
}

async fn find(accueil: &Accueil, id: Id) -> Demande {
    find_demande(&accueil.db, &accueil.coffre, territoire().id, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn six_characters_and_four_digits_open_a_demande_and_nothing_less_does() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let here = territoire().id;
        let held = leave(&accueil, &bavarde("1")).await;
        let other = leave(&accueil, &demande("2", "menage")).await;
        let code = suivi::code_of(db.read(), &accueil.coffre, here, held.id).await.unwrap().unwrap();
        let plain = suivi::code_of(db.read(), &accueil.coffre, here, other.id).await.unwrap().unwrap();
        assert_ne!(code, plain);
        assert!(testkit::find_text(&db, &code.replace('\u{a0}', "")).await.unwrap().is_empty(), "not readable in the database");
        let lien = suivi::open(&accueil, here, (&code.to_lowercase(), "56 78"), NOW).await.unwrap().unwrap();
        assert_eq!(find_demande_by_acces(&db, &accueil.coffre, here, &lien).await.unwrap().unwrap().id, held.id);
        assert!(suivi::open(&accueil, here, (&plain, ""), NOW).await.unwrap().is_some(), "without a telephone, none is asked");
        for (typed, digits) in [(code.as_str(), "5679"), (&code, ""), ("AAAAAA", "5678"), ("", "")] {
            assert!(suivi::open(&accueil, here, (typed, digits), NOW).await.unwrap().is_none(), "{typed} {digits}");
        }
        assert!(suivi::open(&accueil, Id::from_name("ailleurs"), (&code, "5678"), NOW).await.unwrap().is_none());
        crate::acte::effacer(&accueil, &held, (None, NOW)).await.unwrap();
        assert!(suivi::open(&accueil, here, (&code, "5678"), NOW).await.unwrap().is_none(), "it goes with the demande");
    }
}

#[tokio::test]
async fn a_code_made_with_the_old_key_opens_before_and_after_everything_is_encrypted_again() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let (here, held) = (territoire().id, leave(&accueil, &demande("1", "menage")).await);
        let code = suivi::code_of(db.read(), &accueil.coffre, here, held.id).await.unwrap().unwrap().replace('\u{a0}', "");
        let keys = "essai AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nneuve HxwdGhsYGRYXFBUSExAREA4PDA0KCwgJBgcEBQIDAAE=";
        let (both, newest) = (Coffre::parse(keys).unwrap(), Coffre::parse(keys.lines().last().unwrap()).unwrap());
        let opens = async |coffre: &Coffre| find_by_code(&db, coffre, here, &code).await.unwrap() == Some(held.id);
        assert!(opens(&both).await && !opens(&newest).await);
        rechiffrer(&db, &both).await.unwrap();
        assert!(opens(&both).await && opens(&newest).await, "the old key is no longer needed");
    }
}

#[tokio::test]
async fn still_no_solution_is_a_promise_with_a_date_that_an_outcome_ends() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let here = territoire().id;
        let held = leave(&accueil, &NouvelleDemande { issue: Some(Issue::Orientee), ..demande("1", "menage") }).await;
        let promised = suivi::reopen(&accueil, &held, (None, NOW)).await.unwrap();
        assert_eq!(promised, add_ouvres(NOW, 2));
        let again = find(&accueil, held.id).await;
        assert_eq!(again.detail.issue, Some(Issue::ARappeler));
        assert_eq!(suivi::reopen(&accueil, &again, (None, NOW.plus_seconds(DAY))).await.unwrap(), promised, "the first date stands");
        let listed = list_promesses(&db, here).await.unwrap();
        assert_eq!((listed.len(), listed[0].numero, listed[0].due_at, listed[0].besoin.as_str()), (1, 1, promised.0, "menage"));
        let who = (Id::from_name("equipe"), NOW);
        crate::storage::update_issue(&db, &again, (Issue::Orientee, None), who).await.unwrap();
        assert_eq!(find_promesse(&db, here, held.id).await.unwrap(), None);
        assert!(list_promesses(&db, here).await.unwrap().is_empty());
        let gone = find(&accueil, held.id).await;
        crate::acte::effacer(&accueil, &gone, (None, NOW)).await.unwrap();
        assert!(matches!(suivi::reopen(&accueil, &find(&accueil, held.id).await, (None, NOW)).await, Err(Error::Conflict(_))));
    }
}

/// A service opens, and the snapshot takes it up.
async fn open_service(accueil: &Accueil, db: &Db, nom: &str, besoin: &str) {
    let tx = db.begin().await.unwrap();
    let trace = Trace { auteur_id: None, auteur: "essai", cause: Cause::Import, lot: None };
    let services = [inscription(nom, besoin, "france")];
    annuaire::storage::save_inscriptions(&tx, territoire().id, (&services, &[]), (&trace, NOW), &|_| {}).await.unwrap();
    tx.commit().await.unwrap();
    accueil.aiguillages.refresh(db, &accueil.comptes.territoires.list(), NOW).await.unwrap();
}

fn sans(cle: &str, besoin: &str, motif: Motif) -> NouvelleDemande {
    NouvelleDemande { issue: Some(Issue::SansSolution), motif: Some(motif), ..bavarde_for(cle, besoin) }
}

fn bavarde_for(cle: &str, besoin: &str) -> NouvelleDemande {
    NouvelleDemande { besoins: vec![besoin.into()], ..bavarde(cle) }
}

#[tokio::test]
async fn a_service_that_opens_raises_once_the_demandes_it_answers_and_no_other() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let here = territoire();
        let waits = leave(&accueil, &sans("1", "jardinage", Motif::AucunService)).await;
        leave(&accueil, &sans("2", "garde-nuit", Motif::AucunService)).await;
        leave(&accueil, &sans("3", "jardinage", Motif::HorsChamp)).await;
        let closed = leave(&accueil, &sans("4", "jardinage", Motif::AucunService)).await;
        let who = (Id::from_name("equipe"), NOW);
        set_suite(&db, &accueil.coffre, &closed, (Suite::Close, None), who).await.unwrap();
        assert_eq!(raise(&accueil, &here, NOW).await.unwrap(), 0, "nothing opened");
        open_service(&accueil, &db, "Les Iris", "jardinage").await;
        let (a, b) = tokio::join!(raise(&accueil, &here, NOW), raise(&accueil, &here, NOW));
        assert_eq!(a.unwrap() + b.unwrap(), 1, "two processes raise it once");
        let raised: Vec<_> = list_lignes(&db, here.id).await.unwrap().into_iter().filter(|one| one.levee.is_some()).collect();
        assert_eq!((raised.len(), raised[0].demande, raised[0].levee.as_deref()), (1, waits.id, Some("Les Iris")));
        assert!(raised[0].is_joignable);
    }
}

#[tokio::test]
async fn what_passes_to_a_plan_keeps_its_note_encrypted_and_leaves_a_fact() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let (here, who) = (territoire().id, (Id::from_name("equipe"), NOW));
        let held = leave(&accueil, &sans("1", "jardinage", Motif::AucunService)).await;
        set_suite(&db, &accueil.coffre, &held, (Suite::Transferee, Some("manque un jardinier")), who).await.unwrap();
        assert!(testkit::find_text(&db, "jardinier").await.unwrap().is_empty());
        assert_eq!(find_note(&db, &accueil.coffre, here, held.id).await.unwrap().as_deref(), Some("manque un jardinier"));
        assert_eq!(list_lignes(&db, here).await.unwrap()[0].suite, Suite::Transferee);
        let fact = "SELECT COUNT(*) FROM kit_fait_dimension WHERE nom = 'suite' AND valeur = 'transferee'";
        assert_eq!(sql::number(db.read(), fact, []).await.unwrap(), 1);
        let other = leave(&accueil, &demande("2", "menage")).await;
        assert!(matches!(set_suite(&db, &accueil.coffre, &other, (Suite::Close, None), who).await, Err(Error::Conflict(_))));
    }
}

#[tokio::test]
async fn only_people_who_agreed_and_left_a_number_are_called_once_and_silence_is_counted() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let here = territoire().id;
        let old = NOW.plus_seconds(-20 * DAY);
        let of = |cle: &str| NouvelleDemande { issue: Some(Issue::Orientee), received_at: old, ..complete(cle) };
        let (first, second) = (leave(&accueil, &of("1")).await, leave(&accueil, &of("2")).await);
        leave(&accueil, &NouvelleDemande { consentements: vec![], ..of("3") }).await;
        leave(&accueil, &NouvelleDemande { received_at: NOW, ..of("4") }).await;
        let due = async || list_a_appeler(&db, here, window(15, NOW)).await.unwrap().iter().map(|one| one.numero).collect::<Vec<_>>();
        assert_eq!(due().await, [1, 2]);
        let who = (Id::from_name("equipe"), NOW);
        let yes = QualiteInput {
            reponse: "repondu".into(),
            solution: "en_partie".into(),
            satisfaction: "4".into(),
            commentaire: "aimable".into(),
            ..QualiteInput::default()
        };
        let appel = yes.parse(&[]).unwrap();
        insert_appel(&db, &accueil.coffre, &first, &appel, who).await.unwrap();
        assert!(matches!(insert_appel(&db, &accueil.coffre, &first, &appel, who).await, Err(Error::Conflict(_))), "called once");
        let silent = QualiteInput { reponse: "ne_repond_pas".into(), ..QualiteInput::default() }.parse(&[]).unwrap();
        insert_appel(&db, &accueil.coffre, &second, &silent, who).await.unwrap();
        assert!(due().await.is_empty());
        let expected = BilanQualite { appels: 2, reponses: 1, solutions: 0, partielles: 1, notees: 1, notes: 4 };
        assert_eq!(count_bilan(&db, here, old).await.unwrap(), expected);
        assert!(testkit::find_text(&db, "aimable").await.unwrap().is_empty());
        assert_eq!(find_appel(&db, &accueil.coffre, here, first.id).await.unwrap(), Some(appel));
    }
}

#[tokio::test]
async fn what_was_answered_keeps_its_words_when_the_grid_changes_and_is_not_readable() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let (here, held) = (territoire().id, leave(&accueil, &demande("1", "menage")).await);
        let set = async |libelle: &str| {
            let question = read_question((libelle, "toute seule\navec quelqu’un")).unwrap().unwrap();
            let tx = db.begin().await.unwrap();
            replace_questions_in(&tx, here, &[question]).await.unwrap();
            tx.commit().await.unwrap();
        };
        set("Vit comment ?").await;
        let constats = read_constats(&list_questions(&db, here).await.unwrap(), |_| Some(0));
        set_constats(&db, &accueil.coffre, &held, &constats, (Id::from_name("equipe"), NOW)).await.unwrap();
        set("Autre question ?").await;
        let said = [Constat { question: "Vit comment ?".into(), choix: "toute seule".into() }];
        assert_eq!(list_constats(&db, &accueil.coffre, here, held.id).await.unwrap(), said);
        let stored = "SELECT COUNT(*) FROM accueil_demande WHERE constats LIKE $1";
        assert_eq!(sql::number(db.read(), stored, values!["%seule%"]).await.unwrap(), 0);
        assert_eq!(list_questions(&db, here).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_territoire_has_the_delays_of_the_program_until_it_sets_its_own() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let here = territoire().id;
        assert_eq!(find_reglage(&db, here, Reglage::DelaiJours).await.unwrap(), 3);
        let tx = accueil.db.begin().await.unwrap();
        set_reglage_in(&tx, here, (Reglage::DelaiJours, 5)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find_reglage(&db, here, Reglage::DelaiJours).await.unwrap(), 5);
        assert!(list_reglages(&db, here).await.unwrap().contains(&(Reglage::QualiteJours, 15)));
    }
}
