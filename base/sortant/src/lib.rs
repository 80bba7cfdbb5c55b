//! Calls that leave the program, towards addresses that somebody typed: over https, to the public Internet only, without following
//! redirections, ten seconds and one megabyte at most. A name that leads to a machine of the inside is refused when it is
//! resolved, so that changing its address between two lookups gains nothing.
//! Hosts that the installation names itself (its own identity provider, a trial) are let through, over http too.
//! Public face: `Sortant`, `Refus`, `is_public`.

mod adresses;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Request};
use url::{Host, Url};

pub use adresses::is_public;

/// Why a call did not leave, or brought nothing back.
#[derive(Debug, thiserror::Error)]
pub enum Refus {
    #[error("« {0} » n’est pas une adresse à laquelle ce programme s’adresse : il faut https et un nom public")]
    Adresse(String),
    #[error("la réponse est trop longue")]
    TropLong,
    #[error("l’appel n’a pas abouti : {0}")]
    Echec(#[from] reqwest::Error),
}

/// The one client of the program; cloning shares its connections.
#[derive(Clone, Debug)]
pub struct Sortant {
    client: Client,
    permis: Arc<[String]>,
}

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST: usize = 1 << 20;

impl Sortant {
    /// `permis`: hosts let through wherever they lead, named by the installation.
    pub fn new(permis: &[String]) -> Result<Self, Refus> {
        let permis: Arc<[String]> = permis.iter().map(|host| host.to_lowercase()).collect();
        let client = Client::builder()
            .dns_resolver(Arc::new(Resolveur { permis: permis.clone() }))
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .user_agent("Maillage")
            .build()?;
        Ok(Self { client, permis })
    }

    /// Whether an address may be called at all; where its name leads is looked at when the call leaves.
    pub fn check(&self, url: &Url) -> Result<(), Refus> {
        let is_permis = url.host_str().is_some_and(|host| self.permis.iter().any(|one| one == host));
        let is_right_host = match url.host() {
            Some(Host::Ipv4(address)) => is_public(address.into()),
            Some(Host::Ipv6(address)) => is_public(address.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        let is_plain = url.username().is_empty() && url.password().is_none();
        let is_right = is_plain && (is_permis && url.scheme() == "http" || url.scheme() == "https" && (is_permis || is_right_host));
        if is_right { Ok(()) } else { Err(Refus::Adresse(url.to_string())) }
    }

    /// Sends a request and reads its answer whole.
    pub async fn call(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Refus> {
        self.call_within(request, LARGEST).await
    }

    /// The same, for an answer that may be larger: `largest` bytes.
    pub async fn call_within(&self, request: http::Request<Vec<u8>>, largest: usize) -> Result<http::Response<Vec<u8>>, Refus> {
        let request = Request::try_from(request)?;
        self.check(request.url())?;
        let mut answer = self.client.execute(request).await?;
        let mut whole = http::Response::new(Vec::new());
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = std::mem::take(answer.headers_mut());
        while let Some(chunk) = answer.chunk().await? {
            if whole.body().len() + chunk.len() > largest {
                return Err(Refus::TropLong);
            }
            whole.body_mut().extend_from_slice(&chunk);
        }
        Ok(whole)
    }
}

/// Resolves as the system does, and refuses a name of which one address is not public.
#[derive(Debug)]
struct Resolveur {
    permis: Arc<[String]>,
}

impl Resolve for Resolveur {
    fn resolve(&self, name: Name) -> Resolving {
        let permis = self.permis.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let is_permis = permis.iter().any(|one| one == name.as_str());
            if !is_permis && !found.iter().map(SocketAddr::ip).all(is_public) {
                return Err(Refus::Adresse(name.as_str().to_string()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sortant() -> Sortant {
        Sortant::new(&["localhost".into()]).unwrap()
    }

    #[test]
    fn only_public_hosts_are_called_and_over_https() {
        for refused in [
            "http://exemple.fr/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://nom:secret@exemple.fr/",
            "file:///etc/passwd",
            "ftp://exemple.fr/",
            "https://10.1.2.3/",
        ] {
            assert!(sortant().check(&Url::parse(refused).unwrap()).is_err(), "{refused}");
        }
        for open in ["https://exemple.fr/", "https://8.8.8.8/", "http://localhost:3000/", "https://LOCALHOST/"] {
            assert!(sortant().check(&Url::parse(open).unwrap()).is_ok(), "{open}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let strict = Sortant::new(&[]).unwrap();
        let request = http::Request::get("https://localhost:9/").body(vec![]).unwrap();
        let refused = strict.call(request).await.unwrap_err();
        assert!(format!("{refused:?}").contains("Adresse"), "{refused:?}");
    }

    #[tokio::test]
    async fn neither_a_redirection_nor_an_endless_answer_is_followed() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut asked = [0_u8; 1_024];
                let read = socket.read(&mut asked).await.unwrap_or(0);
                let is_away = asked[..read].starts_with(b"GET /ailleurs");
                let head = if is_away { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n" } else { "HTTP/1.1 200 OK\r\n\r\n" };
                let _ = socket.write_all(head.as_bytes()).await;
                while !is_away && socket.write_all(&[b'a'; 65_536]).await.is_ok() {}
            }
        });
        let get = |path: &str| http::Request::get(format!("http://localhost:{port}{path}")).body(vec![]).unwrap();
        assert_eq!(sortant().call(get("/ailleurs")).await.unwrap().status(), 302);
        assert!(matches!(sortant().call(get("/sans-fin")).await, Err(Refus::TropLong)));
    }
}
