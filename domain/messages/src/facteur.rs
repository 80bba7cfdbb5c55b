//! The one who carries: takes what is due, hands it to the server, writes what became of it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use kit::envoi::{self, Pli, Porte, Sort};
use kit::{Clock, Coffre, Db, Result};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{Address, AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use territoire::Territoires;
use tokio::task::JoinSet;

use crate::passerelle::Passerelle;
use crate::rules::{Silence, hide_addresses, next_try};

/// By which door messages leave, and in whose name.
#[derive(Clone, Debug)]
pub struct Messagerie {
    depart: Depart,
    expediteur: Address,
    pub(crate) patience: Duration,
}

#[derive(Clone, Debug)]
enum Depart {
    Serveur(AsyncSmtpTransport<Tokio1Executor>),
    /// A folder where each message becomes a file: for the demo.
    Dossier(AsyncFileTransport<Tokio1Executor>),
}

/// How long a server may take over a whole message before it is put off, were it to say one word from time to time.
const PATIENCE: Duration = Duration::from_secs(30);

impl Messagerie {
    /// `smtp://…`, `smtps://user:password@host:465`, or a folder. Fails in French on an address or a sender that cannot be read.
    /// To be called, and dropped, inside a Tokio runtime (STACK, trap 8).
    pub fn new(serveur: &str, expediteur: &str) -> anyhow::Result<Self> {
        let expediteur = expediteur.parse().with_context(|| format!("« {expediteur} » n’est pas une adresse électronique"))?;
        let depart = if serveur.contains("://") {
            let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(serveur)
                .context("l’adresse du serveur de courriel ne se lit pas : smtps://nom:motdepasse@serveur:465, ou smtp://serveur:25")?;
            Depart::Serveur(transport.timeout(Some(PATIENCE)).build())
        } else {
            let dossier = PathBuf::from(serveur);
            std::fs::create_dir_all(&dossier).with_context(|| format!("le dossier {} ne se crée pas", dossier.display()))?;
            Depart::Dossier(AsyncFileTransport::new(dossier))
        };
        Ok(Self { depart, expediteur, patience: PATIENCE })
    }

    /// What became of one try.
    async fn send(&self, message: Message) -> std::result::Result<(), Refus> {
        let late = |_| Refus::Passager("le serveur a trop tardé à répondre".to_string());
        tokio::time::timeout(self.patience, self.hand_over(message)).await.map_err(late)?
    }

    async fn hand_over(&self, message: Message) -> std::result::Result<(), Refus> {
        match &self.depart {
            Depart::Serveur(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(Refus::Definitif(error.to_string())),
                Err(error) => Err(Refus::Passager(error.to_string())),
            },
            Depart::Dossier(transport) => transport.send(message).await.map(drop).map_err(|error| Refus::Passager(error.to_string())),
        }
    }
}

pub(crate) enum Refus {
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
    /// None: e-mails stay written down.
    pub messagerie: Option<Messagerie>,
    /// None: SMS stay written down.
    pub passerelle: Option<Passerelle>,
    pub silence: Silence,
}

const EVERY: Duration = Duration::from_secs(2);
const AT_ONCE: i64 = 20;
/// How many messages leave side by side: a slow server holds up its own.
const HANDS: usize = 4;
/// Before writing again what became of a message: one that is gone would leave a second time.
const SETTLE_AGAIN: [Duration; 3] = [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(5)];
/// Why a message was given up without a word of the server.
const PERIME: &str = "périmé";
const DAY: i64 = 24 * 3_600;
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
        let courriel = self.messagerie.is_some().then_some(Porte::Courriel);
        let portes: Vec<Porte> = courriel.into_iter().chain(self.passerelle.is_some().then_some(Porte::Sms)).collect();
        let wanted = (portes.as_slice(), self.silence.covers(now), AT_ONCE);
        let plis = envoi::take(&self.db, &self.coffre, (now, now.plus_seconds(IN_HAND)), wanted).await?;
        let (count, mut hands) = (plis.len(), JoinSet::new());
        for pli in plis {
            if hands.len() == HANDS {
                hands.join_next().await;
            }
            let facteur = self.clone();
            hands.spawn(async move { facteur.carry(&pli).await });
        }
        while hands.join_next().await.is_some() {}
        Ok(count)
    }

    /// One message, to the end: what happens to it happens to no other.
    async fn carry(&self, pli: &Pli) {
        if !pli.attendu
            && let Err(error) = envoi::mark_remise(&self.db, (pli.territoire, pli.id), self.clock.now()).await
        {
            tracing::warn!(envoi = %pli.id, %error, "message put off: its departure cannot be written");
            return;
        }
        let sort = self.deliver(pli).await;
        if let Sort::Remis(_, erreur) | Sort::Abandonne(erreur) = &sort {
            tracing::warn!(envoi = %pli.id, erreur, "message refused");
        }
        let mut waits = SETTLE_AGAIN.iter();
        while let Err(error) = envoi::settle(&self.db, (pli.territoire, pli.id), self.clock.now(), &sort).await {
            tracing::warn!(envoi = %pli.id, %error, "what became of a message is not written");
            let Some(wait) = waits.next() else { return };
            tokio::time::sleep(*wait).await;
        }
    }

    async fn deliver(&self, pli: &Pli) -> Sort {
        if pli.perime_at.is_some_and(|at| at <= self.clock.now()) {
            return Sort::Abandonne(PERIME.to_string());
        }
        match self.hand_over(pli).await {
            Ok(sort) => sort,
            Err(refus) => self.put_off(pli, refus),
        }
    }

    async fn hand_over(&self, pli: &Pli) -> std::result::Result<Sort, Refus> {
        match (pli.porte, &self.messagerie, &self.passerelle) {
            (Porte::Courriel, Some(messagerie), _) => {
                let message = self.write(pli, &messagerie.expediteur).map_err(|error| Refus::Definitif(error.to_string()))?;
                messagerie.send(message).await.map(|()| Sort::Parti)
            }
            (Porte::Sms, _, Some(passerelle)) => self.send_sms(pli, passerelle).await,
            // `take` gives those of the doors that are open only.
            (Porte::Courriel, None, _) | (Porte::Sms, _, None) => Err(Refus::Passager("cette porte n’est pas ouverte".into())),
        }
    }

    async fn send_sms(&self, pli: &Pli, passerelle: &Passerelle) -> std::result::Result<Sort, Refus> {
        let now = self.clock.now();
        let passing = |error: kit::Error| Refus::Passager(error.to_string());
        // The STOP may have come since the message was written.
        if envoi::opposition::is_opposed(self.db.read(), &self.coffre, pli.territoire, &pli.destinataire).await.map_err(passing)? {
            return Err(Refus::Definitif("la personne a répondu STOP".into()));
        }
        let sent = envoi::sum_depense(&self.db, pli.territoire, Porte::Sms, now.plus_seconds(-DAY)).await.map_err(passing)?;
        if sent.messages >= passerelle.par_jour {
            return Err(Refus::Passager(format!("plafond de {} SMS par jour atteint", passerelle.par_jour)));
        }
        let ligne = self.territoires.list().iter().find(|one| one.id == pli.territoire).and_then(|one| one.ligne.telephone.clone());
        let from = passerelle.numero(ligne.as_deref()).ok_or_else(|| Refus::Definitif("la ligne n’a pas de numéro".into()))?;
        passerelle.send(pli, &from).await.map(|(parties, cout)| Sort::Compte(parties, cout))
    }

    /// What to do of a refusal. The server's answer often repeats the address, which is kept nowhere.
    fn put_off(&self, pli: &Pli, refus: Refus) -> Sort {
        let hide = |answer: &str| hide_addresses(answer, &pli.destinataire);
        let answer = match refus {
            Refus::Definitif(answer) => return Sort::Abandonne(hide(&answer)),
            Refus::Passager(answer) => answer,
        };
        match next_try(pli.essais, self.clock.now()) {
            Some(again) if pli.perime_at.is_some_and(|at| at <= again) => Sort::Abandonne(hide(&format!("{PERIME} ; {answer}"))),
            Some(again) => Sort::Remis(again, hide(&answer)),
            None => Sort::Abandonne(hide(&answer)),
        }
    }

    /// In the name of the territoire, from the address of the installation.
    fn write(&self, pli: &Pli, expediteur: &Address) -> anyhow::Result<Message> {
        let nom = self.territoires.list().iter().find(|one| one.id == pli.territoire).map(|one| one.nom.clone());
        let to: Address = pli.destinataire.parse().context("l’adresse de la personne ne se lit pas")?;
        let builder: MessageBuilder = Message::builder()
            .from(Mailbox::new(nom, expediteur.clone()))
            .to(Mailbox::new(None, to))
            .subject(pli.objet.as_str())
            // A second try, or a second sending after a stop, is known for the same message.
            .message_id(Some(format!("<{}@{}>", pli.id, expediteur.domain())))
            .header(ContentType::TEXT_PLAIN);
        let mut message = builder.body(pli.texte.clone())?;
        // Out-of-office programs do not answer a program (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".into()));
        Ok(message)
    }
}
