//! What an e-mail says to the line: a voice when a sound is attached, as answering machines send them; a text otherwise.

use kit::secret::fingerprint_of;
use kit::{Id, Instant};
use mail_parser::{Address, Message, MessageParser};

use crate::model::{NatureMessage, NouveauMessage, NouveauSon};
use crate::rules::{read_numero, recognise_son};

/// A demande that somebody writes is shorter; the rest is a chain of answers.
const TEXTE: usize = 10_000;

/// None when it is no e-mail at all. `why_cut`: what was attached was not fetched.
pub fn read_lettre(territoire_id: Id, raw: &[u8], received_at: Instant, why_cut: Option<&str>) -> Option<NouveauMessage> {
    let lettre = MessageParser::default().parse(raw)?;
    let objet = lettre.subject().unwrap_or_default().trim().to_string();
    let corps = lettre.body_text(0).map(|text| text.trim().to_string()).unwrap_or_default();
    let texte: String = [objet.as_str(), corps.as_str()].join("\n\n").trim().chars().take(TEXTE).collect();
    let attached = lettre.attachments().map(|part| part.contents()).find(|contenu| recognise_son(contenu).is_some());
    let son = match (attached, why_cut) {
        (Some(contenu), _) => NouveauSon::Recu { mime: recognise_son(contenu).unwrap_or_default().to_string(), contenu: contenu.to_vec() },
        (None, Some(why)) => NouveauSon::Refuse(why.to_string()),
        (None, None) => NouveauSon::Aucun,
    };
    let nature = if attached.is_some() { NatureMessage::MessageVocal } else { NatureMessage::Courriel };
    let cle = match lettre.message_id() {
        Some(id) => format!("courriel {id}"),
        None => format!("courriel {}", fingerprint_of(raw)),
    };
    Some(NouveauMessage {
        territoire_id,
        cle,
        nature,
        received_at,
        // Answering machines write the caller in the subject; in what a person writes, a number may be anybody's.
        numero: (nature == NatureMessage::MessageVocal).then(|| find_numero(&objet)).flatten(),
        expediteur: find_expediteur(&lettre),
        texte: (!texte.is_empty()).then_some(texte),
        duree: None,
        son,
    })
}

/// « Zoé Dupont <zoe@example.org> ».
fn find_expediteur(lettre: &Message) -> Option<String> {
    let one = lettre.from().and_then(Address::first)?;
    match (one.name(), one.address()) {
        (Some(nom), Some(address)) => Some(format!("{nom} <{address}>")),
        (nom, address) => nom.or(address).map(str::to_string),
    }
}

/// The first run of digits that is a number.
fn find_numero(objet: &str) -> Option<String> {
    let runs = objet.split(|c: char| !(c.is_ascii_digit() || "+. \u{a0}".contains(c)));
    runs.map(str::trim).filter(|run| kit::telephone::read(run).is_ok() && run.len() > 6).find_map(read_numero)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ICI: &str = "ici";

    fn read(raw: &str) -> NouveauMessage {
        read_lettre(Id::from_name(ICI), raw.replace('\n', "\r\n").as_bytes(), testkit::NOON, None).unwrap()
    }

    #[test]
    fn a_sound_makes_a_voice_whatever_it_is_called() {
        let raw = "From: repondeur@box.example\nSubject: Nouveau message de 06 12 34 56 78 (0:12)\nMessage-ID: <1@box>\nMIME-Version: 1.0\n\
                   Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nVoir le fichier joint.\n\
                   --x\nContent-Type: application/octet-stream; name=msg0001.dat\nContent-Disposition: attachment\n\
                   Content-Transfer-Encoding: base64\n\nUklGRgAAAABXQVZFZm10IA==\n--x--\n";
        let message = read(raw);
        assert_eq!((message.nature, message.numero.as_deref()), (NatureMessage::MessageVocal, Some("06 12 34 56 78")));
        assert!(matches!(message.son, NouveauSon::Recu { ref mime, .. } if mime == "audio/wav"), "{:?}", message.son);
        assert_eq!(message.cle, "courriel 1@box");
    }

    #[test]
    fn what_a_person_writes_is_a_text_and_the_number_in_it_is_nobody_s() {
        let message = read("From: =?utf-8?Q?Zo=C3=A9?= <zoe@example.org>\nSubject: Repas\n\nAppelez le 06 12 34 56 78.\n");
        assert_eq!((message.nature, message.numero.as_deref()), (NatureMessage::Courriel, None));
        assert_eq!(message.expediteur.as_deref(), Some("Zoé <zoe@example.org>"));
        assert_eq!(message.texte.as_deref(), Some("Repas\n\nAppelez le 06 12 34 56 78."));
    }
}
