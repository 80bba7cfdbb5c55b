//! Records saved, told apart, taken back, merged: on both databases.

use std::sync::Arc;

use comptes::{Comptes, SecondFacteur};
use kit::{Clock, Coffre, Db, Id};
use territoire::{Referentiel, Territoire, Territoires};

use super::territoire;
use crate::Annuaire;
use crate::acte::{Main, list_entretemps, mend};
use crate::aiguillage::Aiguillages;
use crate::fiche::{Information, NatureInformation, compare};
use crate::import::{import_lot, verify};
use crate::retour::{Bilan, merge, revoke};
use crate::storage::changement::list_changees;
use crate::storage::fiche::{FicheTenue, find_fiche};
use crate::storage::historique::{Cause, list_versions};
use crate::storage::{list_revisions, redirection};

const HEADER: &str = "structure_id;structure;code_insee;besoins;mode;couverture;service_id;telephone";
const FILE: &str = "s1;Entraide d’Allex;26006;menage;a_domicile;epci:242600252;m1;04 75 00 00 01
s2;Entr’aide Allex;26006;jardinage;a_domicile;epci:242600252;m1;04 75 00 00 02";

pub async fn open(db: &Db) -> (Annuaire, Arc<Territoire>) {
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire(), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
    let comptes = Comptes::new(
        db.clone(),
        Clock::stopped_at(testkit::NOON),
        Territoires::default(),
        (Coffre::ephemeral().unwrap(), SecondFacteur::Exige),
    );
    let annuaire = Annuaire::new(db.clone(), comptes, Aiguillages::default());
    take(&annuaire, "lot 1", FILE).await;
    (annuaire, Arc::new(territoire()))
}

pub async fn take(annuaire: &Annuaire, lot: &str, lines: &str) {
    let verification = verify(format!("{HEADER}\n{lines}\n").as_bytes(), "essai.csv", &territoire(), &|_, _| {});
    import_lot(&annuaire.db, &territoire(), &verification, (Id::from_name(lot), "Camille", testkit::NOON), &|_, _| {}).await.unwrap();
}

fn main(territoire: &Arc<Territoire>) -> Main<'_> {
    Main { territoire, auteur_id: None, auteur: "Camille Renard", cause: Cause::Equipe, now: testkit::NOON.plus_seconds(60) }
}

pub async fn list_ids(annuaire: &Annuaire) -> Vec<Id> {
    let text = "SELECT id FROM annuaire_structure WHERE territoire_id = $1 ORDER BY source_id";
    kit::sql::texts(annuaire.db.read(), text, kit::values![territoire().id]).await.unwrap().iter().map(|id| id.parse().unwrap()).collect()
}

pub async fn find(annuaire: &Annuaire, id: Id) -> FicheTenue {
    find_fiche(annuaire.db.read(), territoire().id, id).await.unwrap().unwrap()
}

fn serves(annuaire: &Annuaire, besoin: &str) -> usize {
    let rang = crate::besoin::Taxonomie::get().find(besoin).unwrap().rang;
    let allex = Referentiel::get().resolve_code("26006").unwrap().commune;
    annuaire.aiguillages.get(territoire().id).list_desservants(allex, rang).len()
}

#[tokio::test]
async fn a_save_leaves_a_version_and_a_second_one_from_the_same_page_is_refused() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let id = list_ids(&annuaire).await[0];
        let avant = find(&annuaire, id).await;
        let mut apres = avant.fiche.clone();
        apres.structure.contact.telephone = Some("04 75 00 00 09".into());
        apres.services.values_mut().next().unwrap().tarif = Some("24 €".into());
        assert!(mend(&annuaire, main(&territoire), (&avant, &apres)).await.unwrap());
        let known = find(&annuaire, id).await;
        assert_eq!((known.version, &known.fiche), (2, &apres));
        let mut other = avant.fiche.clone();
        other.structure.nom = "Autre".into();
        assert!(!mend(&annuaire, main(&territoire), (&avant, &other)).await.unwrap(), "somebody saved since");
        assert_eq!(find(&annuaire, id).await.fiche.structure.nom, "Entraide d’Allex");
        let between = list_entretemps(&annuaire, &territoire, (id, avant.version)).await.unwrap();
        assert_eq!(between.len(), 1);
        assert!(between[0].changements.iter().any(|one| one == "téléphone : 04 75 00 00 01 devient 04 75 00 00 09"), "{between:?}");
        assert!(between[0].changements.iter().any(|one| one.ends_with("prix : rien devient 24 €")), "{between:?}");
        let versions = list_versions(&db, territoire.id, id, 0).await.unwrap();
        assert_eq!(versions.iter().map(|one| (one.version, one.cause)).collect::<Vec<_>>(), [(2, Cause::Equipe), (1, Cause::Import)]);
        assert_eq!(versions[0].avant.as_ref(), Some(&avant.fiche));
    }
}

#[tokio::test]
async fn a_late_process_is_told_which_structures_changed_unless_a_file_came() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let revision = async || list_revisions(&db, testkit::NOON.day()).await.unwrap()[0].1;
        let changees = async |after: i64| list_changees(&db, territoire.id, (after, revision().await)).await.unwrap();
        let (ids, before) = (list_ids(&annuaire).await, revision().await);
        assert_eq!(changees(before).await, None, "nothing was written");
        for (tour, id) in [ids[0], ids[1], ids[0]].into_iter().enumerate() {
            let avant = find(&annuaire, id).await;
            let mut apres = avant.fiche.clone();
            apres.structure.nom = format!("Renommée {tour}");
            assert!(mend(&annuaire, main(&territoire), (&avant, &apres)).await.unwrap());
        }
        assert_eq!(changees(before).await, Some(ids.iter().copied().collect()));
        let said = annuaire.aiguillages.get(territoire.id);
        let mut names: Vec<&str> = said.structures().iter().map(|one| &*one.nom).collect();
        names.sort_unstable();
        assert_eq!(names, ["Renommée 1", "Renommée 2"], "the snapshot went on with what changed");
        take(&annuaire, "lot 2", FILE).await;
        assert_eq!(changees(before).await, None, "a file is about many: everything is read again");
    }
}

#[tokio::test]
async fn a_file_replaces_what_nobody_mended_and_is_taken_back_whole() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let ids = list_ids(&annuaire).await;
        let avant = find(&annuaire, ids[0]).await;
        let mut apres = avant.fiche.clone();
        apres.services.values_mut().next().unwrap().tarif = Some("24 €".into());
        assert!(mend(&annuaire, main(&territoire), (&avant, &apres)).await.unwrap());
        let before: Vec<_> = [find(&annuaire, ids[0]).await.fiche, find(&annuaire, ids[1]).await.fiche].into();
        take(
            &annuaire,
            "lot 2",
            &format!("{}\ns3;Nouvelle;26006;menage;a_domicile;france;m1;", FILE.replace("epci:242600252;m1;04 75", "france;m1;04 76")),
        )
        .await;
        let first = find(&annuaire, ids[0]).await.fiche;
        assert_eq!(first.structure.contact.telephone.as_deref(), Some("04 76 00 00 01"), "the telephone was nobody’s");
        assert_eq!(first.services, before[0].services, "the service was mended by hand");
        assert_eq!(find(&annuaire, ids[1]).await.fiche.list_services()[0].couverture.to_string(), "france");
        let bilan = revoke(&annuaire, main(&territoire), Id::from_name("lot 2")).await.unwrap();
        assert_eq!(bilan, Bilan { revenues: 3, laissees: vec![] });
        assert_eq!(list_ids(&annuaire).await, ids, "the structure that the file created is gone");
        for (id, before) in ids.iter().zip(&before) {
            assert_eq!(compare(Some(before), Some(&find(&annuaire, *id).await.fiche)), []);
        }
        assert_eq!(revoke(&annuaire, main(&territoire), Id::from_name("lot 2")).await.unwrap().revenues, 0, "taken back once");
    }
}

#[tokio::test]
async fn a_record_changed_since_is_left_when_its_file_is_taken_back() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let avant = find(&annuaire, list_ids(&annuaire).await[0]).await;
        let mut apres = avant.fiche.clone();
        apres.structure.description = Some("Tenue à jour".into());
        mend(&annuaire, main(&territoire), (&avant, &apres)).await.unwrap();
        let bilan = revoke(&annuaire, main(&territoire), Id::from_name("lot 1")).await.unwrap();
        assert_eq!(bilan, Bilan { revenues: 1, laissees: vec!["Entraide d’Allex".into()] });
        assert_eq!(list_ids(&annuaire).await.len(), 1);
    }
}

#[tokio::test]
async fn merged_records_lead_to_one_in_pages_and_files_and_come_apart_again() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let ids = list_ids(&annuaire).await;
        let mended = find(&annuaire, ids[1]).await;
        let mut apres = mended.fiche.clone();
        apres.services.values_mut().next().unwrap().tarif = Some("24 €".into());
        apres.structure.description = Some("Du lundi au vendredi".into());
        assert!(mend(&annuaire, main(&territoire), (&mended, &apres)).await.unwrap());
        let held = find(&annuaire, ids[1]).await.corriges;
        let before = [find(&annuaire, ids[0]).await.fiche, find(&annuaire, ids[1]).await.fiche];
        assert!(merge(&annuaire, main(&territoire), (ids[0], ids[0])).await.is_err());
        let lot = merge(&annuaire, main(&territoire), (ids[0], ids[1])).await.unwrap();
        assert!(merge(&annuaire, main(&territoire), (ids[1], ids[0])).await.is_err(), "a circle: the other one is no longer there");
        assert_eq!(redirection::find(&db, territoire.id, ids[1]).await.unwrap(), Some(ids[0]));
        let made = find(&annuaire, ids[0]).await.fiche;
        assert_eq!((made.services.len(), made.structure.contact.telephone.as_deref()), (2, Some("04 75 00 00 01")));
        assert_eq!((serves(&annuaire, "menage"), serves(&annuaire, "jardinage")), (1, 1));
        take(&annuaire, "lot 3", FILE).await;
        assert_eq!(list_ids(&annuaire).await, [ids[0]], "the file that still names both writes into the one that stands");
        let fiche = find(&annuaire, ids[0]).await.fiche;
        assert!(
            fiche.services.values().any(|service| service.tarif.as_deref() == Some("24 €")),
            "what was mended by hand moved with its service"
        );
        revoke(&annuaire, main(&territoire), Id::from_name("lot 3")).await.unwrap();
        let known = find(&annuaire, ids[0]).await;
        assert_eq!(compare(Some(&made), Some(&known.fiche)), []);
        assert_eq!(revoke(&annuaire, main(&territoire), lot).await.unwrap(), Bilan { revenues: 2, laissees: vec![] });
        assert_eq!(list_ids(&annuaire).await, ids);
        for (id, before) in ids.iter().zip(&before) {
            assert_eq!(compare(Some(before), Some(&find(&annuaire, *id).await.fiche)), []);
        }
        assert_eq!(find(&annuaire, ids[1]).await.corriges, held, "what was mended by hand still is, once apart");
        assert!(find(&annuaire, ids[1]).await.version > 1, "a record that comes back goes on from its last version");
    }
}

#[tokio::test]
async fn a_service_suspended_or_a_structure_closed_is_not_proposed_until_it_ends() {
    for db in testkit::databases().await {
        let (annuaire, territoire) = open(&db).await;
        let id = list_ids(&annuaire).await[0];
        let avant = find(&annuaire, id).await;
        let today = testkit::NOON.day();
        let mut apres = avant.fiche.clone();
        let closed = Information { nature: NatureInformation::Fermeture, service: None, texte: None, du: today, au: today.succ_opt() };
        apres.informations.insert(Id::from_name("fermeture"), closed);
        assert!(mend(&annuaire, main(&territoire), (&avant, &apres)).await.unwrap());
        assert_eq!((serves(&annuaire, "menage"), serves(&annuaire, "jardinage")), (0, 1));
        let territoires = [territoire.clone()];
        let reopened = testkit::NOON.plus_seconds(3 * 86_400);
        assert_eq!(annuaire.aiguillages.refresh(&db, &territoires, reopened).await.unwrap(), 1, "nobody wrote, but it has ended");
        assert_eq!(serves(&annuaire, "menage"), 1);
        let known = find(&annuaire, id).await;
        let now = list_revisions(&db, today).await.unwrap();
        assert!(mend(&annuaire, main(&territoire), (&known, &avant.fiche)).await.unwrap());
        assert_ne!(list_revisions(&db, today).await.unwrap(), now, "taking an information away is a change too");
    }
}
