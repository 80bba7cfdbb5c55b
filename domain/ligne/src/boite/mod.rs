//! A mail box that receives what an answering machine records, or what people write to the line: read every minute over IMAP. An
//! e-mail is marked as read after its message is written: a stop in between reads it again, and finds it known. Two processes that
//! read the same box write each message once.

mod lettre;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use kit::Instant;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use url::Url;

use crate::Ligne;
use crate::rules::{SON_MAXIMUM, TROP_LOURD};
use crate::storage;
use lettre::read_lettre;

/// One mail box, of one territoire.
#[derive(Clone, PartialEq, Eq)]
pub struct Boite {
    /// The name of the territoire in the addresses.
    pub territoire: String,
    host: String,
    port: u16,
    is_tls: bool,
    user: String,
    password: String,
    mailbox: String,
}

/// Without the password.
impl fmt::Debug for Boite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boite").field("territoire", &self.territoire).field("host", &self.host).finish_non_exhaustive()
    }
}

const EVERY: Duration = Duration::from_secs(60);
/// For one whole look at a box: a server that says one word from time to time does not hold the others.
const PATIENCE: Duration = Duration::from_secs(120);
/// E-mails taken at one look; the others at the next one.
const AT_ONCE: usize = 50;
/// A sound that is kept weighs a third more once it is attached.
const LETTRE: usize = SON_MAXIMUM / 3 * 4 + (1 << 18);

impl Boite {
    /// `imaps://nom:motdepasse@serveur/INBOX`. Fails in French. In clear only towards this machine itself, for a tunnel or a trial.
    pub fn parse(territoire: &str, adresse: &str) -> anyhow::Result<Self> {
        let refused = "l’adresse de la boîte ne se lit pas : imaps://nom:motdepasse@serveur/INBOX, où « @ » du nom s’écrit %40";
        let url = Url::parse(adresse).ok().context(refused)?;
        let host = url.host_str().context(refused)?.to_string();
        let is_tls = match (url.scheme(), host.as_str()) {
            ("imaps", _) => true,
            ("imap", "localhost" | "127.0.0.1") => false,
            ("imap", _) => bail!("la boîte se lit par imaps:// : sans chiffrement, son mot de passe passerait en clair"),
            _ => bail!(refused),
        };
        let mailbox = match url.path().trim_matches('/') {
            "" => "INBOX".to_string(),
            path => decode(path),
        };
        let (user, password) = (decode(url.username()), decode(url.password().context(refused)?));
        let port = url.port().unwrap_or(if is_tls { 993 } else { 143 });
        Ok(Self { territoire: territoire.to_string(), host, port, is_tls, user, password, mailbox })
    }

    /// Reads this box for ever. A server or a database away is waited for.
    pub async fn go_round(self, ligne: Ligne) {
        loop {
            if let Err(error) = self.do_once(&ligne).await {
                tracing::warn!(
                    cause = format!("{error:#}"),
                    host = self.host,
                    territoire = self.territoire,
                    "the mail box of the line is put off"
                );
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Takes what nobody has read; gives how many messages were written.
    pub async fn do_once(&self, ligne: &Ligne) -> anyhow::Result<usize> {
        tokio::time::timeout(PATIENCE, self.look(ligne)).await.context("la boîte a trop tardé")?
    }

    async fn look(&self, ligne: &Ligne) -> anyhow::Result<usize> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.context("la boîte ne répond pas")?;
        if !self.is_tls {
            return self.read(ligne, stream).await;
        }
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(self.host.clone())?;
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.context("le certificat de la boîte est refusé")?;
        self.read(ligne, stream).await
    }

    async fn read<T: AsyncRead + AsyncWrite + Unpin + fmt::Debug + Send>(&self, ligne: &Ligne, stream: T) -> anyhow::Result<usize> {
        let territoire = ligne.accueil.comptes.territoires.find(&self.territoire).context("ce territoire n’existe pas, ou a fermé")?;
        let mut client = Client::new(stream);
        client.read_response().await?.context("la boîte s’est tue")?;
        // The error holds the client, and its debug form what was sent: only what the server said is kept.
        let mut session = client.login(&self.user, &self.password).await.map_err(|(error, _)| anyhow!("la boîte refuse : {error}"))?;
        session.select(&self.mailbox).await?;
        let mut unseen: Vec<u32> = session.uid_search("UNSEEN").await?.into_iter().collect();
        unseen.sort_unstable();
        let mut written = 0;
        for uid in unseen.into_iter().take(AT_ONCE) {
            let Some((raw, received_at, why_cut)) = fetch(&mut session, uid).await? else { continue };
            let received_at = received_at.unwrap_or(ligne.accueil.clock.now());
            if let Some(message) = read_lettre(territoire.id, &raw, received_at, why_cut) {
                let tx = ligne.accueil.db.begin().await?;
                written += usize::from(storage::insert_message(&tx, &ligne.accueil.coffre, &message).await?.is_some());
                tx.commit().await?;
            }
            let _flags: Vec<_> = session.uid_store(uid.to_string(), "+FLAGS.SILENT (\\Seen)").await?.try_collect().await?;
        }
        session.logout().await?;
        Ok(written)
    }
}

/// An e-mail, when the server received it, and why what is attached was left where it is.
type Lue = (Vec<u8>, Option<Instant>, Option<&'static str>);

/// One e-mail, without marking it as read; of one that is too heavy, the head alone.
async fn fetch<T: AsyncRead + AsyncWrite + Unpin + fmt::Debug + Send>(session: &mut Session<T>, uid: u32) -> anyhow::Result<Option<Lue>> {
    let sizes: Vec<_> = session.uid_fetch(uid.to_string(), "(UID RFC822.SIZE INTERNALDATE)").await?.try_collect().await?;
    let Some(size) = sizes.first() else { return Ok(None) };
    let received_at = size.internal_date().map(|date| Instant(date.timestamp()));
    let is_heavy = size.size.is_some_and(|size| usize::try_from(size).is_ok_and(|size| size > LETTRE));
    let (what, why_cut) = if is_heavy { ("(UID BODY.PEEK[HEADER])", Some(TROP_LOURD)) } else { ("(UID BODY.PEEK[])", None) };
    let parts: Vec<_> = session.uid_fetch(uid.to_string(), what).await?.try_collect().await?;
    let raw = parts.iter().find_map(|part| if is_heavy { part.header() } else { part.body() });
    Ok(raw.map(|raw| (raw.to_vec(), received_at, why_cut)))
}

/// What an address of a box writes as `%40`.
fn decode(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_read_encrypted_and_its_name_may_hold_anything() {
        let boite = Boite::parse("brenne", "imaps://ligne%40exemple.fr:m%3At+%20@imap.exemple.fr/INBOX/Ligne").unwrap();
        assert_eq!((boite.user.as_str(), boite.password.as_str(), boite.port), ("ligne@exemple.fr", "m:t+ ", 993));
        assert_eq!(boite.mailbox, "INBOX/Ligne");
        assert!(!format!("{boite:?}").contains("m:t"), "the password is never written");
        for refused in ["imap://a:b@imap.exemple.fr/", "imaps://imap.exemple.fr/", "https://a:b@exemple.fr/", "boîte"] {
            assert!(Boite::parse("brenne", refused).is_err(), "{refused}");
        }
        assert!(Boite::parse("brenne", "imap://a:b@127.0.0.1:1143/").is_ok());
    }
}
