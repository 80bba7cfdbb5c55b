//! Points by criterion and the one thing to mend; counted on both databases after an edit, a file, a merge and its undoing.

use std::sync::Arc;

use kit::{Id, Instant};
use territoire::{CodeInsee, Territoire};

use super::rattrapage::{catch_up, catch_up_few};
use super::secteur::{Secteur, group};
use super::{Critere, Qualite, count_manques, find_commune, find_correction};
use crate::acte::{Main, mend};
use crate::fiche::Fiche;
use crate::recensement::Cible;
use crate::retour::{merge, revoke};
use crate::storage::historique::Cause;
use crate::storage::qualite::{Choix, Demandees, FicheNotee, count_by_commune, count_fraicheur, list_notees};
use crate::storage::recensement::count_cible;
use crate::storage::verification::insert_verification;
use crate::tests::fiche::{find, list_ids, open, take};
use crate::tests::territoire;
use crate::{Annuaire, Categorie, Contact, Lieu, Structure, VerificationFiche, Voie};

const DAY: i64 = 86_400;
const NOW: Instant = testkit::NOON;

fn empty() -> Fiche {
    Fiche {
        structure: Structure {
            id: Id::from_name("s"),
            source: "essai".into(),
            source_id: "s".into(),
            nom: "Entraide".into(),
            categorie: Categorie::Association,
            description: None,
            siret: None,
            contact: Contact::default(),
            exemple: false,
        },
        reseaux: vec![],
        identifiants: vec![],
        interlocuteurs: [].into(),
        lieux: [].into(),
        services: [].into(),
        regimes: [].into(),
        informations: [].into(),
    }
}

/// A record that says everything: a service for « ménage » in Allex, a place with hours, a contact, a sentence.
async fn whole() -> Fiche {
    let db = testkit::databases().await.remove(0);
    let (annuaire, _) = open(&db).await;
    let mut fiche = find(&annuaire, list_ids(&annuaire).await[0]).await.fiche;
    fiche.structure.contact.courriel = Some("contact@example.org".into());
    fiche.structure.description = Some("Aide les personnes âgées chez elles, chaque jour de la semaine.".into());
    fiche.lieux.values_mut().for_each(|lieu| lieu.horaires = Some("Mo-Fr 09:00-12:00".into()));
    fiche.settle_lieux();
    fiche
}

fn points(fiche: &Fiche) -> Vec<u8> {
    Qualite::of(fiche, &territoire(), (None, NOW)).notes.iter().map(|note| note.points).collect()
}

#[tokio::test]
async fn each_thing_that_misses_takes_its_points() {
    let whole = whole().await;
    assert_eq!(points(&whole), [15, 15, 20, 15, 10, 0]);
    assert_eq!(points(&empty()), [0; 6]);
    let but = |mend: &dyn Fn(&mut Fiche)| {
        let mut made = whole.clone();
        mend(&mut made);
        points(&made)
    };
    assert_eq!(but(&|one| one.services.values_mut().for_each(|service| service.besoins = vec!["inconnu".into()])), [0, 15, 20, 15, 10, 0]);
    let far = "commune:36173".parse::<crate::rules::couverture::Couverture>().unwrap();
    assert_eq!(but(&|one| one.services.values_mut().for_each(|service| service.couverture = far.clone())), [15, 0, 20, 15, 10, 0]);
    assert_eq!(but(&|one| one.structure.contact.telephone = None), [15, 15, 5, 15, 10, 0]);
    assert_eq!(but(&|one| one.structure.contact.courriel = None), [15, 15, 15, 15, 10, 0]);
    assert_eq!(but(&|one| one.lieux.values_mut().for_each(|lieu| lieu.horaires = None)), [15, 15, 20, 0, 10, 0]);
    assert_eq!(but(&|one| one.structure.description = Some("Aide à domicile".into())), [15, 15, 20, 15, 5, 0]);
    let more = |one: &mut Fiche| {
        let id = Id::from_name("autre lieu");
        one.lieux.insert(id, Lieu { id, adresse: None, commune: CodeInsee::parse("26165").unwrap(), point: None, horaires: None });
    };
    assert_eq!(but(&more), [15, 15, 20, 7, 10, 0], "one place of two has hours");
}

#[test]
fn a_verification_is_worth_less_with_time() {
    let fraicheur = |age: i64| Qualite::with_fraicheur([15, 15, 20, 15, 10], (Some(NOW.plus_seconds(-age)), NOW)).score() - 75;
    assert_eq!([fraicheur(0), fraicheur(183 * DAY), fraicheur(183 * DAY + 1)], [25, 25, 15]);
    assert_eq!([fraicheur(365 * DAY), fraicheur(365 * DAY + 1), fraicheur(4_000 * DAY)], [15, 5, 5]);
    assert_eq!(Qualite::with_fraicheur([15, 15, 20, 15, 10], (None, NOW)).score(), 75);
    assert_eq!(Critere::ALL.iter().map(|one| i64::from(one.maximum())).sum::<i64>(), 100);
}

#[test]
fn a_description_can_wait_and_half_of_the_hours_too() {
    assert_eq!([[15, 15, 20, 15, 10], [15, 15, 15, 7, 0], [15, 15, 20, 0, 10], [0, 0, 5, 0, 0]].map(count_manques), [0, 0, 1, 4]);
}

#[test]
fn what_misses_most_comes_first_completed_before_it_is_confirmed() {
    let first =
        |contenu, verifiee: Option<Instant>| Qualite::with_fraicheur(contenu, (verifiee, NOW)).find_premier().map(|one| one.critere);
    assert_eq!(first([0, 0, 5, 0, 0], None), Some(Critere::Besoins), "the first of those that lose as much");
    assert_eq!(first([15, 15, 0, 0, 0], None), Some(Critere::Contact));
    assert_eq!(first([15, 15, 20, 15, 0], None), Some(Critere::Description), "a record is completed, then confirmed");
    assert_eq!(first([15, 15, 15, 15, 5], None), Some(Critere::Fraicheur), "small things wait");
    assert_eq!(first([15, 15, 15, 15, 10], Some(NOW)), Some(Critere::Contact));
    assert_eq!(first([15, 15, 20, 15, 10], Some(NOW)), None);
}

#[tokio::test]
async fn each_link_leads_to_what_mends() {
    let mut fiche = whole().await;
    let link = |fiche: &Fiche, critere: Critere| find_correction(critere, fiche, &territoire());
    let (lieu, service) = (*fiche.lieux.keys().next().unwrap(), *fiche.services.keys().next().unwrap());
    fiche.lieux.values_mut().for_each(|one| one.horaires = None);
    fiche.services.values_mut().for_each(|one| one.besoins = vec![]);
    fiche.structure.contact.telephone = None;
    assert_eq!(link(&fiche, Critere::Horaires), format!("/lieux/{lieu}#jour"));
    assert_eq!(link(&fiche, Critere::Besoins), format!("/services/{service}#besoins"));
    assert_eq!(link(&fiche, Critere::Contact), "#telephone");
    let empty = [link(&empty(), Critere::Horaires), link(&empty(), Critere::Besoins), link(&empty(), Critere::Couverture)];
    assert_eq!(empty, ["/lieux/nouveau", "/services/nouveau", "/services/nouveau"]);
    assert_eq!((find_commune(&fiche).map(|code| code.to_string()), find_commune(&self::empty())), (Some("26006".into()), None));
}

#[test]
fn a_territoire_is_cut_by_bassin_or_else_by_epci() {
    let here = territoire();
    assert_eq!(Secteur::of("26165", &here).code, "livron-loriol");
    assert_eq!(Secteur::of("26006", &here).code, "ailleurs", "of the territoire, of no bassin");
    assert_eq!(Secteur::of("", &here).code, "ailleurs");
    let without = Territoire { bassins: vec![], ..here };
    assert_eq!(Secteur::of("26006", &without).code, "242600252");
    assert_eq!(Secteur::of("36173", &without).code, "ailleurs");
}

async fn list(annuaire: &Annuaire, territoire: &Arc<Territoire>, choix: Choix) -> Vec<FicheNotee> {
    assert!(!catch_up(annuaire, territoire).await.unwrap());
    list_notees(&annuaire.db, territoire.id, &Demandees { choix, communes: None, offset: 0, most: 50 }, NOW).await.unwrap()
}

fn main(territoire: &Arc<Territoire>) -> Main<'_> {
    Main { territoire, auteur_id: None, auteur: "Camille Renard", cause: Cause::Equipe, now: NOW }
}

async fn verify(annuaire: &Annuaire, structure: Id, at: Instant) {
    let tx = annuaire.db.begin().await.unwrap();
    let verification = VerificationFiche { at, compte_id: None, voie: Voie::LibreService };
    insert_verification(&tx, territoire().id, structure, &verification).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_board_follows_a_verification_an_edit_and_a_file() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let ids = list_ids(&annuaire).await;
        verify(&annuaire, ids[1], NOW.plus_seconds(-400 * DAY)).await;
        let shown = list(&annuaire, &territoire, Choix::AVerifier).await;
        assert_eq!(shown.iter().map(|one| (one.structure, one.qualite.score())).collect::<Vec<_>>(), [(ids[0], 45), (ids[1], 50)]);
        assert_eq!(list(&annuaire, &territoire, Choix::ACompleter).await.len(), 2, "both miss their hours");
        verify(&annuaire, ids[1], NOW).await;
        assert_eq!(list(&annuaire, &territoire, Choix::AVerifier).await.iter().map(|one| one.structure).collect::<Vec<_>>(), [ids[0]]);
        let avant = find(&annuaire, ids[0]).await;
        let mut apres = avant.fiche.clone();
        apres.lieux.values_mut().for_each(|lieu| lieu.horaires = Some("Mo-Fr 09:00-12:00".into()));
        apres.settle_lieux();
        assert!(mend(&annuaire, main(&territoire), (&avant, &apres)).await.unwrap());
        assert_eq!(list(&annuaire, &territoire, Choix::ACompleter).await.iter().map(|one| one.structure).collect::<Vec<_>>(), [ids[1]]);
        take(&annuaire, "lot 2", "s3;Nouvelle;26165;menage;a_domicile;france;m1;").await;
        assert_eq!(list(&annuaire, &territoire, Choix::ACompleter).await.len(), 2, "a file brought one more");
        let secteurs = group(&count_by_commune(&db, territoire.id, NOW).await.unwrap(), &territoire);
        let counts: Vec<_> = secteurs.iter().map(|one| (one.secteur.code.as_str(), one.compte.fiches, one.compte.a_verifier)).collect();
        assert_eq!(counts, [("livron-loriol", 1, 1), ("ailleurs", 2, 1)]);
        let bassin = Demandees { choix: Choix::AVerifier, communes: Some(&secteurs[0].communes), offset: 0, most: 50 };
        assert_eq!(list_notees(&db, territoire.id, &bassin, NOW).await.unwrap().len(), 1);
        let cible = |communes: &[String], a_completer| Cible { communes: communes.to_vec(), a_completer, ..Cible::default() };
        let mut counted = vec![];
        for one in [cible(&[], false), cible(&secteurs[0].communes, false), cible(&[], true), cible(&secteurs[1].communes, true)] {
            counted.push(count_cible(&db, territoire.id, &one).await.unwrap());
        }
        assert_eq!(counted, [3, 1, 2, 1], "a campaign writes to those that the board shows");
    }
}

#[tokio::test]
async fn what_is_to_complete_is_counted_before_anybody_opens_the_board() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let count =
            async || count_fraicheur(&annuaire.db, territoire.id, NOW).await.unwrap().iter().map(|one| one.a_completer).sum::<i64>();
        assert_eq!(count().await, 0, "nothing is known of them yet");
        assert!(catch_up_few(&db, &territoire).await.unwrap());
        assert_eq!(count().await, 2, "both miss their hours");
    }
}

#[tokio::test]
async fn a_merge_its_undoing_and_a_file_taken_back_leave_the_right_points() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let ids = list_ids(&annuaire).await;
        let before = list(&annuaire, &territoire, Choix::AVerifier).await;
        let lot = merge(&annuaire, main(&territoire), (ids[0], ids[1])).await.unwrap();
        assert_eq!(list(&annuaire, &territoire, Choix::AVerifier).await.len(), 1);
        revoke(&annuaire, main(&territoire), lot).await.unwrap();
        assert_eq!(list(&annuaire, &territoire, Choix::AVerifier).await, before);
        take(&annuaire, "lot 2", "s3;Nouvelle;26165;menage;a_domicile;france;m1;\ns1;Entraide;26006;menage;a_domicile;france;m2;").await;
        assert_eq!(list(&annuaire, &territoire, Choix::AVerifier).await.len(), 3);
        revoke(&annuaire, main(&territoire), Id::from_name("lot 2")).await.unwrap();
        assert_eq!(list(&annuaire, &territoire, Choix::AVerifier).await, before);
    }
}

#[tokio::test]
async fn a_large_annuaire_is_counted_behind_the_page_which_says_so() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let lines: Vec<String> = (0..2_100).map(|rang| format!("n{rang};Structure {rang};26006;menage;a_domicile;france;m1;")).collect();
        take(&annuaire, "grand lot", &lines.join("\n")).await;
        assert!(catch_up(&annuaire, &territoire).await.unwrap(), "more than the page waits for");
        while catch_up(&annuaire, &territoire).await.unwrap() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let counted: i64 = count_by_commune(&db, territoire.id, NOW).await.unwrap().iter().map(|one| one.fiches).sum();
        assert_eq!(counted, 2_102);
    }
}
