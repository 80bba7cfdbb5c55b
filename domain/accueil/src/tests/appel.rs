//! What a call of several needs leaves, on both databases.

use kit::envoi::{self, Porte};
use kit::{Id, sql};

use super::acte::{demande, open};
use super::monde::{inscription, territoire};
use crate::en_ligne::{cle_de_demande, list_prises, release, take};
use crate::model::{Contexte, Foyer, Issue, IssueDeBesoin, Motif, NouvelleDemande, Origine};
use crate::rules::recapitulatif::Remise;
use crate::saisie::{Circonstance, DemandeInput};
use crate::sans_solution::storage::list_lignes;
use crate::storage::{find_demande, update_issue};
use crate::{Canal, acte};

fn two_needs(cle: &str) -> NouvelleDemande {
    let own = IssueDeBesoin { besoin: "jardinage".into(), issue: Issue::SansSolution, motif: Some(Motif::PasDePlace) };
    let contexte = Contexte { foyer: Some(Foyer::Seul), origine: Some(Origine::Mairie), duree: Some(95) };
    let besoins = vec!["menage".into(), "jardinage".into()];
    NouvelleDemande { besoins, issue: Some(Issue::Orientee), issues: vec![own], contexte, ..demande(cle, "menage") }
}

#[tokio::test]
async fn each_need_ends_in_its_own_way_and_is_counted_so() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let recorded = acte::record(&accueil, two_needs("1"), &[]).await.unwrap();
        let found = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        assert_eq!((found.detail.issues.clone(), found.detail.contexte), (two_needs("1").issues, two_needs("1").contexte));
        let lignes = list_lignes(&db, territoire().id).await.unwrap();
        assert_eq!(lignes.iter().map(|one| (one.besoin.as_str(), one.motif)).collect::<Vec<_>>(), [("jardinage", Some(Motif::PasDePlace))]);
        let counted = "SELECT b.valeur || ' ' || i.valeur FROM kit_fait f
             JOIN kit_fait_dimension b ON b.fait_id = f.id AND b.nom = 'besoin' JOIN kit_fait_dimension i ON i.fait_id = f.id AND i.nom = 'issue'
             WHERE f.code = 'issue' GROUP BY b.valeur, i.valeur HAVING SUM(f.quantite) > 0 ORDER BY 1";
        assert_eq!(sql::texts(db.read(), counted, []).await.unwrap(), ["jardinage sans_solution", "menage orientee"]);
        update_issue(&db, &found, (Issue::Information, None), (Id::from_name("x"), testkit::NOON)).await.unwrap();
        assert_eq!(sql::texts(db.read(), counted, []).await.unwrap(), ["jardinage information", "menage information"]);
        assert!(list_lignes(&db, territoire().id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_summary_leaves_with_the_call_once_and_its_number_is_kept_nowhere_else() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let given = inscription("A", "menage", "france").service.id;
        let ici = territoire();
        let remise = || Some((&ici, Remise::Sms("06 12 34 56 78".into())));
        let first = acte::record_call(&accueil, demande("1", "menage"), &[given], remise()).await.unwrap();
        let second = acte::record_call(&accueil, demande("1", "menage"), &[given], remise()).await.unwrap();
        assert_eq!((first.id, second.is_doublon), (second.id, true));
        let plis =
            envoi::take(&db, &accueil.coffre, (testkit::NOON, testkit::NOON.plus_seconds(60)), (&[Porte::Sms], false, 5)).await.unwrap();
        let [pli] = plis.as_slice() else { panic!("one message: {plis:?}") };
        assert_eq!(pli.destinataire, "+33612345678");
        assert!(pli.texte.contains("demande n° 1\n- ") && pli.texte.contains("Rien ne vous engage"), "{}", pli.texte);
        let found = find_demande(&db, &accueil.coffre, ici.id, first.id).await.unwrap().unwrap();
        assert!(found.detail.rappel.is_empty());
    }
}

#[test]
fn the_ends_of_needs_are_read_and_what_is_none_is_left() {
    let input = DemandeInput {
        commune: "26165".into(),
        besoin: "menage,jardinage".into(),
        issue: "orientee".into(),
        issues: "menage:orientee jardinage:sans_solution:trop_cher portage-repas:orientee jardinage:sans_solution menage:bientot".into(),
        duree: "99999999".into(),
        ..DemandeInput::default()
    };
    let circonstance = Circonstance {
        territoire_id: Id::from_name("t"),
        canal: Canal::Telephone,
        now: testkit::NOON,
        compte_id: Some(Id::from_name("c")),
    };
    let read = input.parse(circonstance).unwrap();
    let ends: Vec<_> = read.issues.iter().map(|one| (one.besoin.as_str(), one.issue, one.motif)).collect();
    assert_eq!(ends, [("menage", Issue::Orientee, None), ("jardinage", Issue::SansSolution, Some(Motif::TropCher))]);
    assert_eq!(read.contexte.duree, None, "a screen left open is not a call");
}

#[tokio::test]
async fn two_operators_are_never_en_ligne_with_the_same_person() {
    for db in testkit::databases().await {
        open(&db).await;
        let (claire, denis, ici) = (Id::from_name("claire"), Id::from_name("denis"), territoire().id);
        let objet = cle_de_demande(Id::from_name("demande"));
        let later = testkit::NOON.plus_seconds(19 * 60);
        assert!(take(&db, (ici, claire), &objet, testkit::NOON).await.unwrap());
        assert!(!take(&db, (ici, denis), &objet, later).await.unwrap());
        assert!(take(&db, (ici, claire), &objet, later).await.unwrap(), "one’s own, for as long again");
        let forgotten = later.plus_seconds(20 * 60);
        assert_eq!(list_prises(&db, ici, later).await.unwrap().len(), 1);
        assert_eq!(list_prises(&db, ici, forgotten).await.unwrap(), []);
        assert!(take(&db, (ici, denis), &objet, forgotten).await.unwrap(), "somebody forgot");
        release(&db, (ici, claire), &objet).await.unwrap();
        assert_eq!(list_prises(&db, ici, forgotten).await.unwrap()[0].compte_id, denis, "one gives back one’s own only");
    }
}
