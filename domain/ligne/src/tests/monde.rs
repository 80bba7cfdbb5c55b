//! A territoire with a line, for the tests of this room.

use accueil::{Accueil, Tours};
use annuaire::aiguillage::Aiguillages;
use comptes::{Comptes, SecondFacteur};
use kit::{Clock, Coffre, Db, Id};
use territoire::{Couleurs, LigneUnique, Referentiel, Territoire, Territoires};

use crate::model::{NatureMessage, NouveauMessage, NouveauSon};
use crate::{Ligne, Telephonie};

/// Seed 002: « ouverte du lundi au vendredi de 9h à 12h et de 14h à 17h sauf le jeudi après-midi ».
pub const HORAIRES: &str = "Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00; PH off";
pub const NUMERO: &str = "02 54 28 12 12";

pub fn territoire() -> Territoire {
    let epci = Referentiel::get().find_epci("242600252").unwrap();
    Territoire {
        id: Id::from_name("val-de-drome"),
        slug: "val-de-drome".into(),
        nom: "Val de Drôme".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique { telephone: Some(NUMERO.into()), horaires: Some(HORAIRES.into()), ..LigneUnique::default() },
        communes: epci.communes.clone(),
        bassins: vec![],
        logo: None,
        fermeture: None,
    }
}

pub fn telephonie() -> Telephonie {
    Telephonie {
        compte: "ACessai".into(),
        jeton: "secret".into(),
        origine: "https://ligne.exemple.fr".into(),
        serveur: "https://api.exemple.fr".into(),
        prix_sms: 500,
    }
}

/// Everything in place, at noon on Tuesday 17 November 2026.
pub async fn open(db: &Db) -> Ligne {
    let (territoire, tx) = (territoire(), db.begin().await.unwrap());
    territoire::storage::insert_territoire(&tx, &territoire, testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
    let (clock, coffre, territoires) = (Clock::stopped_at(testkit::NOON), Coffre::ephemeral().unwrap(), Territoires::default());
    territoires.refresh(db).await.unwrap();
    let comptes = Comptes::new(db.clone(), clock.clone(), territoires, (coffre.clone(), SecondFacteur::Facultatif));
    let (aiguillages, tours) = (Aiguillages::default(), Tours::default());
    let accueil = Accueil { db: db.clone(), clock, coffre, comptes, aiguillages, tours };
    Ligne { accueil, telephonie: Some(telephonie()) }
}

/// A voice left by a known number.
pub fn vocal(cle: &str) -> NouveauMessage {
    NouveauMessage {
        territoire_id: territoire().id,
        cle: cle.into(),
        nature: NatureMessage::MessageVocal,
        received_at: testkit::NOON,
        numero: Some("+33612345678".into()),
        expediteur: None,
        texte: None,
        duree: Some(42),
        son: NouveauSon::Recu { mime: "audio/wav".into(), contenu: SON.to_vec() },
    }
}

pub const SON: &[u8] = b"RIFF\x24\0\0\0WAVEfmt Marqueur-de-voix";
