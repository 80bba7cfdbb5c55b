//! SMS through the platform of telephony: one call of its API for each, kept within a number a day for each territoire.

use std::fmt;
use std::path::Path;

use base64ct::{Base64, Encoding};
use kit::envoi::Pli;
use sortant::Sortant;

use crate::facteur::Refus;
use crate::rules::gsm;

/// How SMS leave, at what price.
#[derive(Clone)]
pub struct Passerelle {
    pub sortant: Sortant,
    /// `https://api.twilio.com`, another that speaks the same, or a folder where each message becomes a file: for the demo.
    pub serveur: String,
    pub compte: String,
    pub jeton: String,
    /// The number they come from; that of the line of each territoire otherwise.
    pub numero: Option<String>,
    /// Of one part, in ten-thousandths of a euro.
    pub prix: i64,
    /// How many messages a territoire sends in a day at most: a mistake costs no more than that.
    pub par_jour: i64,
}

/// Without the secret.
impl fmt::Debug for Passerelle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passerelle").field("serveur", &self.serveur).field("compte", &self.compte).finish_non_exhaustive()
    }
}

/// What the platform answers with when it is asked too much, or is itself in trouble.
const TOO_MANY: u16 = 429;
/// What is kept of its answer.
const ANSWER_KEPT: usize = 200;

impl Passerelle {
    /// Hands one message over; gives in how many parts it left, and what they cost.
    pub(crate) async fn send(&self, pli: &Pli, from: &str) -> Result<(i32, i64), Refus> {
        let texte = gsm::write(&pli.texte);
        let parties = i32::try_from(gsm::parts(&texte)).unwrap_or(i32::MAX);
        if self.serveur.contains("://") {
            self.call(&pli.destinataire, from, &texte).await?;
        } else {
            let file = Path::new(&self.serveur).join(format!("{}.sms.txt", pli.id));
            let written = tokio::fs::write(file, format!("De : {from}\nÀ : {}\n\n{texte}\n", pli.destinataire)).await;
            written.map_err(|error| Refus::Passager(error.to_string()))?;
        }
        Ok((parties, i64::from(parties) * self.prix))
    }

    async fn call(&self, to: &str, from: &str, texte: &str) -> Result<(), Refus> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs([("To", to), ("From", from), ("Body", texte)]).finish();
        let credentials = Base64::encode_string(format!("{}:{}", self.compte, self.jeton).as_bytes());
        let request = http::Request::post(format!("{}/2010-04-01/Accounts/{}/Messages.json", self.serveur, self.compte))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.into_bytes())
            .map_err(|error| Refus::Definitif(error.to_string()))?;
        let answer = self.sortant.call(request).await.map_err(|refus| Refus::Passager(refus.to_string()))?;
        let said: String = String::from_utf8_lossy(answer.body()).chars().take(ANSWER_KEPT).collect();
        match answer.status().as_u16() {
            200..300 => Ok(()),
            status @ (TOO_MANY | 500..) => Err(Refus::Passager(format!("{status} {said}"))),
            status => Err(Refus::Definitif(format!("{status} {said}"))),
        }
    }

    /// From which number the messages of a territoire leave.
    pub(crate) fn numero(&self, ligne: Option<&str>) -> Option<String> {
        self.numero.as_deref().or(ligne).map(kit::telephone::dial)
    }
}
