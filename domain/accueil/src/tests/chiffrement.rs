//! What people say is not readable in the database, and stays readable in the program.

use kit::{Coffre, Db, Engine, sql, values};

use super::acte::{demande, open};
use super::monde::territoire;
use crate::model::{NouvelleDemande, Rappel};
use crate::storage::rechiffrement::{Rechiffrement, rechiffrer};
use crate::storage::{COLONNES_CHIFFREES, find_demande, insert_demande};

const TEXTES: [&str; 6] =
    ["quelqu’un pour Zoé", "préfère Zoé le matin", "Zoé Marqueur", "06 12 34 56 78", "zoe.marqueur@example.org", "après Zoé"];

pub fn bavarde(cle: &str) -> NouvelleDemande {
    let text = |rang: usize| Some(TEXTES[rang].to_string());
    NouvelleDemande {
        besoin_texte: text(0),
        note: text(1),
        rappel: Rappel { nom: text(2), telephone: text(3), courriel: text(4), moment: text(5) },
        ..demande(cle, "menage")
    }
}

fn list_textes(detail: &NouvelleDemande) -> [Option<&str>; 6] {
    let rappel = &detail.rappel;
    [&detail.besoin_texte, &detail.note, &rappel.nom, &rappel.telephone, &rappel.courriel, &rappel.moment].map(|text| text.as_deref())
}

#[test]
fn the_encrypted_columns_are_those_that_the_register_says_to_be_free_texts_and_ways_to_reach_people() {
    use schema::colonnes::{Nature, Personne, list_colonnes};
    let mut expected: Vec<String> = list_colonnes()
        .unwrap()
        .into_iter()
        .filter(|one| one.table == crate::storage::TABLE && one.personne == Personne::Demandeur)
        .filter(|one| matches!(one.nature, Nature::Libre | Nature::Contact) || ["rappel_nom", "suivi_code"].contains(&one.colonne.as_str()))
        .map(|one| one.colonne)
        .filter(|colonne| colonne != "cle")
        .collect();
    let mut sealed = COLONNES_CHIFFREES.map(str::to_string).to_vec();
    expected.sort();
    sealed.sort();
    assert_eq!(sealed, expected, "`cle` aside, which finds a demande again");
}

#[tokio::test]
async fn nothing_that_was_said_is_readable_in_the_database() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let recorded = insert_demande(&db, &accueil.coffre, &bavarde("1")).await.unwrap();
        for needle in ["Zoé", "06 12", "marqueur", "préfère", "example.org"] {
            assert!(testkit::find_text(&db, needle).await.unwrap().is_empty(), "{needle}");
        }
        assert!(!testkit::find_text(&db, "menage").await.unwrap().is_empty(), "what is not personal is found");
        let found = find_demande(&db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        assert_eq!(list_textes(&found.detail), TEXTES.map(Some));
        if db.engine() == Engine::Sqlite {
            let files = list_bytes(&db).await;
            assert!(files.iter().all(|bytes| !holds(bytes, "marqueur") && !holds(bytes, "06 12 34")), "the files themselves");
        }
    }
}

/// The bytes of the SQLite file and of its log.
pub async fn list_bytes(db: &Db) -> Vec<Vec<u8>> {
    let path = sql::texts(db.read(), "SELECT file FROM pragma_database_list WHERE name = 'main'", []).await.unwrap().remove(0);
    [path.clone(), format!("{path}-wal")].iter().map(|path| std::fs::read(path).unwrap()).collect()
}

pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

#[tokio::test]
async fn a_lost_key_hides_the_texts_and_leaves_the_rest_of_the_demande() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let recorded = insert_demande(&db, &accueil.coffre, &bavarde("1")).await.unwrap();
        let other = Coffre::ephemeral().unwrap();
        let found = find_demande(&db, &other, territoire().id, recorded.id).await.unwrap().unwrap();
        assert_eq!(list_textes(&found.detail), [Some("(illisible : clé manquante)"); 6]);
        assert_eq!((found.numero, found.detail.besoins), (1, vec!["menage".to_string()]));
    }
}

#[tokio::test]
async fn texts_swapped_between_two_demandes_do_not_open() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let first = insert_demande(&db, &accueil.coffre, &bavarde("1")).await.unwrap();
        insert_demande(&db, &accueil.coffre, &bavarde("2")).await.unwrap();
        let tx = db.begin().await.unwrap();
        let swap =
            "UPDATE accueil_demande SET note = (SELECT autre.note FROM accueil_demande autre WHERE autre.numero = 2) WHERE numero = 1";
        sql::execute(&tx, swap, []).await.unwrap();
        tx.commit().await.unwrap();
        let found = find_demande(&db, &accueil.coffre, territoire().id, first.id).await.unwrap().unwrap();
        assert_eq!(found.detail.note.as_deref(), Some("(illisible : clé manquante)"));
        assert_eq!(found.detail.rappel.nom.as_deref(), Some(TEXTES[2]));
    }
}

#[tokio::test]
async fn texts_are_encrypted_again_with_the_newest_key_and_a_second_run_finds_nothing_to_do() {
    for db in testkit::databases().await {
        let accueil = open(&db).await;
        let mut last = None;
        for rang in 0..230 {
            last = Some(insert_demande(&db, &accueil.coffre, &bavarde(&rang.to_string())).await.unwrap().id);
        }
        let tx = db.begin().await.unwrap();
        sql::execute(&tx, "UPDATE accueil_demande SET note = 'en clair' WHERE numero = 7", []).await.unwrap();
        sql::execute(&tx, "UPDATE accueil_demande SET note = 'v1.perdue.AAAA' WHERE numero = 8", []).await.unwrap();
        tx.commit().await.unwrap();
        let turned =
            Coffre::parse("essai AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nneuve HxwdGhsYGRYXFBUSExAREA4PDA0KCwgJBgcEBQIDAAE=")
                .unwrap();
        assert_eq!(rechiffrer(&db, &turned).await.unwrap(), Rechiffrement { rechiffrees: 229, illisibles: 1 });
        assert_eq!(rechiffrer(&db, &turned).await.unwrap(), Rechiffrement { rechiffrees: 0, illisibles: 1 });
        let newest = Coffre::parse("neuve HxwdGhsYGRYXFBUSExAREA4PDA0KCwgJBgcEBQIDAAE=").unwrap();
        let found = find_demande(&db, &newest, territoire().id, last.unwrap()).await.unwrap().unwrap();
        assert_eq!(list_textes(&found.detail), TEXTES.map(Some), "the old key is no longer needed");
        let clear = sql::number(db.read(), "SELECT COUNT(*) FROM accueil_demande WHERE note = $1", values!["en clair"]).await.unwrap();
        assert_eq!(clear, 0, "what was in clear is encrypted");
    }
}
