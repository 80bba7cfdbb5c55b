//! The folder of a plain box: whole files once each, put away; those being written are left alone.

use std::fs;

use super::monde::{SON, open, territoire};
use crate::model::Son;
use crate::repondeur::Repondeur;
use crate::rules::{SON_MAXIMUM, TROP_LOURD};
use crate::storage;

#[tokio::test]
async fn a_file_is_taken_once_it_is_whole_and_put_away() {
    for db in testkit::databases().await {
        let (ligne, racine) = (open(&db).await, tempfile::tempdir().unwrap());
        let folder = racine.path().join("val-de-drome");
        let mut repondeur = Repondeur::new(ligne.clone(), racine.path().into());
        assert_eq!(repondeur.do_once().await.unwrap(), 0, "no folder yet");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("20261117-120000_0612345678.wav"), SON).unwrap();
        fs::write(folder.join("lisez-moi.txt"), "rien").unwrap();
        assert_eq!(repondeur.do_once().await.unwrap(), 0, "it may still be growing");
        fs::write(folder.join("20261117-120000_0612345678.wav"), [SON, SON].concat()).unwrap();
        assert_eq!(repondeur.do_once().await.unwrap(), 0, "it was");
        assert_eq!(repondeur.do_once().await.unwrap(), 1);
        assert!(folder.join("traites/20261117-120000_0612345678.wav").exists() && folder.join("lisez-moi.txt").exists());
        // The same recording again, under another name: the program may have stopped before it put the file away.
        fs::write(folder.join("copie.wav"), [SON, SON].concat()).unwrap();
        repondeur.do_once().await.unwrap();
        assert_eq!(repondeur.do_once().await.unwrap(), 0);
        assert!(!folder.join("copie.wav").exists());
        let coffre = &ligne.accueil.coffre;
        let waiting = storage::list_waiting(&db, coffre, territoire().id, 10).await.unwrap();
        assert_eq!(
            waiting.iter().map(|one| (one.received_at, one.numero.as_deref())).collect::<Vec<_>>(),
            [(testkit::NOON, Some("06 12 34 56 78"))]
        );
        fs::write(folder.join("lourd.wav"), vec![b'R'; SON_MAXIMUM + 1]).unwrap();
        repondeur.do_once().await.unwrap();
        assert_eq!(repondeur.do_once().await.unwrap(), 1);
        let heavy =
            storage::list_waiting(&db, coffre, territoire().id, 10).await.unwrap().into_iter().find(|one| one.numero.is_none()).unwrap();
        let heavy = storage::find_message(&db, coffre, territoire().id, heavy.id).await.unwrap().unwrap();
        assert_eq!(heavy.son, Son::Absent(TROP_LOURD.into()));
    }
}
