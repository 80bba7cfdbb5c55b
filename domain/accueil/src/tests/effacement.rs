//! A person put everywhere, then erased: no trace, and last year's figures unchanged.

use kit::{Db, Id, sql, values};
use schema::colonnes::{Colonne, Personne, list_colonnes};

use super::acte::{demande, open};
use super::chiffrement::{bavarde, holds, list_bytes};
use super::monde::territoire;
use crate::model::{Demande, Finalite, Issue, NouvelleDemande, PourQui, TrancheAge};
use crate::prise_en_charge::storage::{insert_lien_in, list_of_demande};
use crate::prise_en_charge::{Envoi, send};
use crate::qualite::rules::QualiteInput;
use crate::qualite::storage::insert_appel;
use crate::rules::consentement::is_given;
use crate::storage::{find_demande, find_demande_by_acces, list_demandes, update_issue, withdraw_consentement};
use crate::{Accueil, FiltreInput, acte};

const MARK: &str = "Marqueur-de-personne";
const NUMBER: i64 = 987_654_321;

/// The columns that the register says to be about people who ask.
fn list_personal() -> Vec<Colonne> {
    list_colonnes().unwrap().into_iter().filter(|one| one.personne == Personne::Demandeur).collect()
}

/// Writes the mark in every one of these columns, of every row.
async fn mark(db: &Db) {
    let real = testkit::list_columns(db).await.unwrap();
    let tx = db.begin().await.unwrap();
    for Colonne { table, colonne, .. } in list_personal() {
        let is_text = real.iter().any(|one| one.table_name == table && one.column_name == colonne && one.is_text());
        let value = if is_text { format!("'{MARK}'") } else { NUMBER.to_string() };
        let touched = sql::execute(&tx, &format!("UPDATE {table} SET {colonne} = {value}"), []).await.unwrap();
        assert!(touched > 0, "no person of this test is in {table}: insert one, and erase it in acte::effacer");
    }
    tx.commit().await.unwrap();
}

async fn list_traces(db: &Db) -> Vec<String> {
    let mut found = testkit::find_text(db, MARK).await.unwrap();
    for column in testkit::list_columns(db).await.unwrap().iter().filter(|column| column.data_type.contains("int")) {
        let text = format!("SELECT COUNT(*) FROM {} WHERE {} = {NUMBER}", column.table_name, column.column_name);
        if sql::number(db.read(), &text, []).await.unwrap() > 0 {
            found.push(format!("{}.{}", column.table_name, column.column_name));
        }
    }
    found
}

pub fn complete(cle: &str) -> NouvelleDemande {
    let consentements = crate::DemandeInput {
        commune: "26165".into(),
        besoin: "menage".into(),
        rappel_nom: "Zoé".into(),
        consentement: "oui".into(),
        ..Default::default()
    };
    let circonstance =
        crate::Circonstance { territoire_id: territoire().id, canal: crate::Canal::Api, now: testkit::NOON, compte_id: None };
    NouvelleDemande {
        consentements: consentements.parse(circonstance).unwrap().consentements,
        pour_qui: Some(PourQui::Parent),
        tranche_age: Some(TrancheAge::Plus85),
        ..bavarde(cle)
    }
}

/// What the rooms above hold of the same person: the message from which the demande came, and its sound.
async fn leave_message(db: &Db, demande: Id) {
    let (territoire, tx) = (territoire().id, db.begin().await.unwrap());
    let message =
        "INSERT INTO ligne_message (territoire_id, id, cle, nature, received_at, demande_id) VALUES ($1, 'm', 'c', 'courriel', 0, $2)";
    sql::execute(&tx, message, values![territoire, demande]).await.unwrap();
    let son = "INSERT INTO ligne_enregistrement (territoire_id, message_id, du_at, essais, mime, taille, erreur)
               VALUES ($1, 'm', 0, 0, 'audio/wav', 0, '')";
    sql::execute(&tx, son, values![territoire]).await.unwrap();
    tx.commit().await.unwrap();
}

/// A structure is asked, by a link, and the person called to know what became of it.
async fn ask_structure(accueil: &Accueil, demande: &Demande) {
    let services = demande.detail.orientations.iter().take(1).map(|one| one.service_id).collect();
    let envoi = Envoi { services, is_transmise: true, nom: None, telephone: Some("02 54 37 00 01".into()) };
    send(accueil, &territoire(), demande, &envoi, (None, testkit::NOON)).await.unwrap();
    let appel = QualiteInput { reponse: "ne_repond_pas".into(), ..QualiteInput::default() }.parse(&[]).unwrap();
    insert_appel(&accueil.db, &accueil.coffre, demande, &appel, (Id::from_name("equipe"), testkit::NOON)).await.unwrap();
    let tx = accueil.db.begin().await.unwrap();
    let prise = list_of_demande(&tx, territoire().id, demande.id).await.unwrap().remove(0);
    insert_lien_in(&tx, territoire().id, (&demande.id.to_string(), prise.id), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
}

async fn list_faits(db: &Db) -> Vec<String> {
    let all = "SELECT f.code || ' ' || f.jour || ' ' || COALESCE(f.sexe, '') || ' ' || COALESCE(f.tranche_age, '') || ' ' || d.valeur
               FROM kit_fait f JOIN kit_fait_dimension d ON d.fait_id = f.id ORDER BY 1";
    sql::texts(db.read(), all, []).await.unwrap()
}

#[tokio::test]
async fn a_person_who_was_everywhere_leaves_no_trace_and_the_figures_do_not_move() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let (recorded, code) = acte::record_with_acces(&accueil, complete("1")).await.unwrap();
        let found = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        ask_structure(&accueil, &found).await;
        let faits = list_faits(&db).await;
        leave_message(&db, recorded.id).await;
        mark(&db).await;
        assert_eq!(list_traces(&db).await.len(), list_personal().len(), "the mark is everywhere");
        let (other, other_code) = acte::record_with_acces(&accueil, complete("2")).await.unwrap();
        ask_structure(&accueil, &find_demande(&db, &accueil.coffre, territoire().id, other.id).await.unwrap().unwrap()).await;

        acte::effacer(&accueil, &found, (None, testkit::NOON.plus_seconds(60))).await.unwrap();
        assert_eq!(list_traces(&db).await, [] as [&str; 0]);
        assert_eq!(faits.len() * 2, list_faits(&db).await.len(), "those of both demandes are there");
        assert!(find_demande_by_acces(&db, &accueil.coffre, territoire().id, &code.unwrap()).await.unwrap().is_none());

        let left = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        assert_eq!(left.efface_at, Some(testkit::NOON.plus_seconds(60)));
        assert_eq!((left.numero, left.detail.besoins, left.detail.orientations.len()), (1, vec!["menage".to_string()], 2));
        assert_eq!((left.detail.received_at, left.detail.commune.as_str()), (testkit::NOON, "26165"));

        let kept = find_demande_by_acces(&db, &accueil.coffre, territoire().id, &other_code.unwrap()).await.unwrap().unwrap();
        assert_eq!((kept.id, kept.detail.rappel.nom.as_deref()), (other.id, Some("Zoé Marqueur")), "nobody else is erased");
    }
}

#[tokio::test]
async fn what_is_erased_does_not_stay_in_the_sqlite_file() {
    let db = testkit::databases().await.remove(0);
    let accueil = open(&db).await;
    let (recorded, _) = acte::record_with_acces(&accueil, complete("1")).await.unwrap();
    let stored = sql::texts(db.read(), "SELECT note FROM accueil_demande", []).await.unwrap().remove(0);
    db.settle().await.unwrap();
    assert!(list_bytes(&db).await.iter().any(|bytes| holds(bytes, &stored)), "the file held it");
    let found = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
    acte::effacer(&accueil, &found, (None, testkit::NOON)).await.unwrap();
    db.settle().await.unwrap();
    assert!(list_bytes(&db).await.iter().all(|bytes| !holds(bytes, &stored)));
}

#[tokio::test]
async fn an_erased_demande_no_longer_waits_and_its_outcome_no_longer_changes() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let recorded = acte::record(&accueil, demande("1", "menage"), &[]).await.unwrap();
        let found = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        acte::effacer(&accueil, &found, (None, testkit::NOON)).await.unwrap();
        let waiting = FiltreInput { issue: crate::NOUVELLE.into(), ..Default::default() }.parse();
        assert_eq!(list_demandes(&db, territoire().id, &waiting).await.unwrap().1, 0);
        let left = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        let refusal = update_issue(&db, &left, (Issue::Orientee, None), (Id::from_name("somebody"), testkit::NOON)).await.unwrap_err();
        assert!(refusal.to_string().contains("effacée"), "{refusal}");
        let stale = update_issue(&db, &found, (Issue::Orientee, None), (Id::from_name("somebody"), testkit::NOON)).await;
        assert!(matches!(stale, Err(kit::Error::Conflict(_))), "somebody who had the page open");
    }
}

#[tokio::test]
async fn withdrawing_an_agreement_erases_how_to_call_back_and_nothing_else() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let (recorded, _) = acte::record_with_acces(&accueil, complete("1")).await.unwrap();
        let one = (territoire().id, recorded.id);
        let find = async || find_demande(&db, &accueil.coffre, one.0, one.1).await.unwrap().unwrap();
        assert!(is_given(&find().await.detail.consentements, Finalite::Rappel));
        for seconds in [60, 120] {
            withdraw_consentement(&db, one, Finalite::Rappel, (None, testkit::NOON.plus_seconds(seconds))).await.unwrap();
        }
        let left = find().await.detail;
        assert!(left.rappel.is_empty() && left.note.is_some());
        let [agreed] = left.consentements.as_slice() else { panic!("{:?}", left.consentements) };
        assert_eq!((agreed.donne_at, agreed.retire_at), (testkit::NOON, Some(testkit::NOON.plus_seconds(60))), "the first date is kept");
        assert!(agreed.texte_montre.contains("changer d’avis") && !is_given(&left.consentements, Finalite::Rappel));
    }
}

#[tokio::test]
async fn only_the_code_itself_opens_a_demande_and_it_is_not_in_the_database() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let (_, code) = acte::record_with_acces(&accueil, complete("1")).await.unwrap();
        let code = code.unwrap();
        assert!(testkit::find_text(&db, &code.to_string()).await.unwrap().is_empty());
        let stored = sql::texts(db.read(), "SELECT empreinte FROM accueil_acces", []).await.unwrap().remove(0);
        let wrong = [stored.get(..32).unwrap(), &"0".repeat(32)].map(|text| crate::CodeAcces::parse(text).unwrap());
        for wrong in wrong {
            assert!(find_demande_by_acces(&db, &accueil.coffre, territoire().id, &wrong).await.unwrap().is_none());
        }
        let elsewhere = kit::Id::from_name("elsewhere");
        assert!(find_demande_by_acces(&db, &accueil.coffre, elsewhere, &code).await.unwrap().is_none());
        let (again, none) = acte::record_with_acces(&accueil, complete("1")).await.unwrap();
        assert!(again.is_doublon && none.is_none(), "the key of a form opens nothing");
        let count = sql::number(db.read(), "SELECT COUNT(*) FROM accueil_acces WHERE territoire_id = $1", values![territoire().id]);
        assert_eq!(count.await.unwrap(), 1);
    }
}
