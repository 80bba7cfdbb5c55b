//! The line of the demo: two posts, a day of training to come, and what was left while nobody answered. The voice is two soft tones,
//! made here: nobody's.

use ::ligne::storage::{Etape, begin_appel, insert_message, insert_poste, mark_appel, update_bienvenue};
use ::ligne::{NatureMessage, NouveauMessage, NouveauSon, Poste};
use accueil::NatureRepere;
use accueil::storage::reperes::insert_repere;
use chrono::Days;
use kit::{Id, Instant, Result};
use territoire::storage::insert_exception;
use territoire::{ExceptionLigne, Territoire};

use crate::App;

const HOUR: i64 = 3_600;

pub async fn record(app: &App, territoire: &Territoire, now: Instant) -> Result<()> {
    let tx = app.db.begin().await?;
    for (nom, numero) in [("Accueil, bureau du bas", "02 61 91 30 11"), ("Accueil, bureau de l’étage", "02 61 91 30 12")] {
        let id = Id::from_name(&format!("{}/{nom}", territoire.slug));
        insert_poste(&tx, territoire.id, &Poste { id, nom: nom.into(), numero: numero.into() }).await?;
    }
    let bienvenue = format!("Bonjour, vous êtes bien à la ligne des services à domicile, {}.", territoire.nom);
    update_bienvenue(&tx, territoire.id, &bienvenue).await?;
    let jour = now.day().checked_add_days(Days::new(9)).unwrap_or(now.day());
    let formation =
        ExceptionLigne { id: Id::new(now), du: jour, au: jour, plages: vec![], message: "formation de l’équipe (exemple)".into() };
    insert_exception(&tx, territoire.id, &formation).await?;
    for message in list_messages(territoire.id, now) {
        insert_message(&tx, &app.coffre, &message).await?;
    }
    // A month of calls: five out of six were answered.
    for rang in 0..24_i64 {
        let (cle, at) = (format!("exemple d’appel {rang}"), now.plus_seconds(-(rang + 1) * 29 * HOUR));
        begin_appel(&tx, territoire.id, &cle, at).await?;
        if rang % 6 > 0 {
            mark_appel(&tx, territoire.id, &cle, (Etape::Repondu, at.plus_seconds(15))).await?;
        }
        mark_appel(&tx, territoire.id, &cle, (Etape::Fini, at.plus_seconds(120))).await?;
    }
    tx.commit().await?;
    write_reperes(app, territoire.id, now).await
}

/// What the coordination asks to say, and what it is good to know.
async fn write_reperes(app: &App, territoire: Id, now: Instant) -> Result<()> {
    let reperes = [
        (NatureRepere::Phrase, "", "Bonjour, ligne des services à domicile. Dans quelle commune habitez-vous ?"),
        (NatureRepere::Phrase, "", "Je vous donne les noms de ceux qui desservent votre commune : vous choisissez, rien ne vous engage."),
        (
            NatureRepere::Note,
            "portage-repas",
            "Les tournées de repas passent avant midi ; les régimes sont à préciser à la structure, pas ici (exemple).",
        ),
        (
            NatureRepere::Note,
            "aide-domicile",
            "Après 60 ans, l’APA se demande au Département : le CCAS aide à remplir le dossier (exemple).",
        ),
    ];
    // Each a second after the one before: they are read in the order in which they were written.
    for (rang, (nature, besoin, texte)) in (0..).zip(reperes) {
        insert_repere(&app.db, (territoire, now.plus_seconds(rang)), nature, (besoin, texte)).await?;
    }
    Ok(())
}

fn list_messages(territoire_id: Id, now: Instant) -> [NouveauMessage; 3] {
    let usual = |cle: &str, nature, hours: i64| NouveauMessage {
        territoire_id,
        cle: cle.into(),
        nature,
        received_at: now.plus_seconds(-hours * HOUR),
        numero: None,
        expediteur: None,
        texte: None,
        duree: None,
        son: NouveauSon::Aucun,
    };
    [
        NouveauMessage {
            numero: Some("02 61 91 20 21".into()),
            duree: Some(i64::from(SECONDS)),
            son: NouveauSon::Recu { mime: "audio/wav".into(), contenu: write_wav() },
            ..usual("exemple de message vocal", NatureMessage::MessageVocal, 15)
        },
        NouveauMessage { numero: Some("02 61 91 20 34".into()), ..usual("exemple d’appel manqué", NatureMessage::AppelManque, 3) },
        NouveauMessage {
            expediteur: Some("Suzanne Exemple <suzanne@example.org>".into()),
            texte: Some(COURRIEL.into()),
            ..usual("exemple de courriel", NatureMessage::Courriel, 20)
        },
    ]
}

const COURRIEL: &str = "Bonjour,\n\nMon père rentre de l’hôpital vendredi et ne pourra plus préparer ses repas pendant quelques semaines. \
                        Qui pourrait lui en apporter le midi ? Il préfère qu’on l’appelle plutôt le matin.\n\nMerci de votre aide,\nSuzanne (exemple)";

const RATE: u32 = 8_000;
const SECONDS: u32 = 3;

/// Two soft tones one after the other, in 16-bit mono.
fn write_wav() -> Vec<u8> {
    let samples = RATE * SECONDS;
    let length = samples * 2;
    let mut wav = Vec::with_capacity(44 + length as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + length).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&RATE.to_le_bytes());
    wav.extend_from_slice(&(RATE * 2).to_le_bytes());
    wav.extend_from_slice(b"\x02\0\x10\0data");
    wav.extend_from_slice(&length.to_le_bytes());
    for n in 0..samples {
        let (at, tone) = (f64::from(n) / f64::from(RATE), if n < samples / 2 { 440.0 } else { 550.0 });
        let swell = (at / f64::from(SECONDS) * std::f64::consts::PI * 2.0).sin().abs();
        let sample = (at * tone * std::f64::consts::TAU).sin() * swell * 6_000.0;
        wav.extend_from_slice(&(sample as i16).to_le_bytes());
    }
    wav
}
