//! The one who carries: takes what is due, hands it to the server, writes what became of it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use kit::envoi::{self, Pli, Sort};
use kit::{Clock, Coffre, Db, Result};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{Address, AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use territoire::Territoires;

use crate::rules::{is_night, next_try};

/// By which door messages leave, and in whose name.
#[derive(Clone, Debug)]
pub struct Messagerie {
    porte: Porte,
    expediteur: Address,
}

#[derive(Clone, Debug)]
enum Porte {
    Serveur(AsyncSmtpTransport<Tokio1Executor>),
    /// A folder where each message becomes a file: for the demo.
    Dossier(AsyncFileTransport<Tokio1Executor>),
}

/// How long a server is listened to before the message is put off.
const PATIENCE: Duration = Duration::from_secs(30);

impl Messagerie {
    /// `smtp://…`, `smtps://user:password@host:465`, or a folder. Fails in French on an address or a sender that cannot be read.
    /// To be called, and dropped, inside a Tokio runtime (STACK, trap 8).
    pub fn new(serveur: &str, expediteur: &str) -> anyhow::Result<Self> {
        let expediteur = expediteur.parse().with_context(|| format!("« {expediteur} » n’est pas une adresse électronique"))?;
        let porte = if serveur.contains("://") {
            let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(serveur)
                .context("l’adresse du serveur de courriel ne se lit pas : smtps://nom:motdepasse@serveur:465, ou smtp://serveur:25")?;
            Porte::Serveur(transport.timeout(Some(PATIENCE)).build())
        } else {
            let dossier = PathBuf::from(serveur);
            std::fs::create_dir_all(&dossier).with_context(|| format!("le dossier {} ne se crée pas", dossier.display()))?;
            Porte::Dossier(AsyncFileTransport::new(dossier))
        };
        Ok(Self { porte, expediteur })
    }

    /// What became of one try.
    async fn send(&self, message: Message) -> std::result::Result<(), Refus> {
        match &self.porte {
            Porte::Serveur(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(Refus::Definitif(error.to_string())),
                Err(error) => Err(Refus::Passager(error.to_string())),
            },
            Porte::Dossier(transport) => transport.send(message).await.map(drop).map_err(|error| Refus::Passager(error.to_string())),
        }
    }
}

enum Refus {
    Passager(String),
    Definitif(String),
}

/// Takes the messages of the whole installation; several processes may each have theirs.
#[derive(Clone, Debug)]
pub struct Facteur {
    pub db: Db,
    pub clock: Clock,
    pub coffre: Coffre,
    pub territoires: Territoires,
    pub messagerie: Messagerie,
}

const EVERY: Duration = Duration::from_secs(2);
const AT_ONCE: i64 = 20;
/// Longer than a whole batch may take: after that, its process is dead.
const IN_HAND: i64 = 15 * 60;

impl Facteur {
    /// Delivers for ever. A database away is waited for.
    pub async fn go_round(self) {
        loop {
            match self.deliver_due().await {
                Ok(count) if count > 0 => {}
                Ok(_) => tokio::time::sleep(EVERY).await,
                Err(error) => {
                    tracing::warn!(%error, "messages put off");
                    tokio::time::sleep(EVERY).await;
                }
            }
        }
    }

    /// Delivers what is due, one batch; gives how many were taken.
    pub async fn deliver_due(&self) -> Result<usize> {
        let now = self.clock.now();
        let plis = envoi::take(&self.db, &self.coffre, (now, now.plus_seconds(IN_HAND)), (is_night(now), AT_ONCE)).await?;
        for pli in &plis {
            let sort = self.deliver(pli).await;
            if let Sort::Remis(_, erreur) | Sort::Abandonne(erreur) = &sort {
                tracing::warn!(envoi = %pli.id, erreur, "message refused");
            }
            envoi::settle(&self.db, (pli.territoire, pli.id), self.clock.now(), &sort).await?;
        }
        Ok(plis.len())
    }

    async fn deliver(&self, pli: &Pli) -> Sort {
        let message = match self.write(pli) {
            Ok(message) => message,
            Err(error) => return Sort::Abandonne(error.to_string()),
        };
        match self.messagerie.send(message).await {
            Ok(()) => Sort::Parti,
            Err(Refus::Definitif(erreur)) => Sort::Abandonne(erreur),
            Err(Refus::Passager(erreur)) => match next_try(pli.essais, self.clock.now()) {
                Some(again) => Sort::Remis(again, erreur),
                None => Sort::Abandonne(erreur),
            },
        }
    }

    /// In the name of the territoire, from the address of the installation.
    fn write(&self, pli: &Pli) -> anyhow::Result<Message> {
        let nom = self.territoires.list().iter().find(|one| one.id == pli.territoire).map(|one| one.nom.clone());
        let to: Address = pli.destinataire.parse().context("l’adresse de la personne ne se lit pas")?;
        let builder: MessageBuilder = Message::builder()
            .from(Mailbox::new(nom, self.messagerie.expediteur.clone()))
            .to(Mailbox::new(None, to))
            .subject(pli.objet.as_str())
            // A second try, or a second sending after a stop, is known for the same message.
            .message_id(Some(format!("<{}@{}>", pli.id, self.messagerie.expediteur.domain())))
            .header(ContentType::TEXT_PLAIN);
        let mut message = builder.body(pli.texte.clone())?;
        // Out-of-office programs do not answer a program (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".into()));
        Ok(message)
    }
}
