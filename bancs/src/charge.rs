//! The load: so many connections, each asking again as soon as it is answered (a closed loop), over HTTP/1.1 kept alive.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const TAMPON: usize = 64 * 1024;
const SILENCE: Duration = Duration::from_secs(10);

/// What a load gave.
#[derive(Default)]
pub struct Charge {
    pub duree: Duration,
    /// One per answer, in nanoseconds, in no order.
    pub latences: Vec<u64>,
}

/// Requests as they go on the wire, prepared before the clock starts.
pub struct Requetes(Vec<Vec<u8>>);

impl Requetes {
    pub fn new(adresse: SocketAddr, chemins: &[String]) -> Self {
        Self(chemins.iter().map(|chemin| write_request(adresse, chemin)).collect())
    }
}

fn write_request(adresse: SocketAddr, chemin: &str) -> Vec<u8> {
    format!("GET {chemin} HTTP/1.1\r\nHost: {adresse}\r\nAccept: application/json\r\n\r\n").into_bytes()
}

/// Loads `adresse` through `connexions` connections for `duree`; each answer must be a 200.
pub async fn load(adresse: SocketAddr, requetes: &Arc<Requetes>, connexions: usize, duree: Duration) -> Result<Charge> {
    let mut opened = vec![];
    for _ in 0..connexions {
        opened.push(Connexion::open(adresse).await?);
    }
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (rang, connexion) in opened.into_iter().enumerate() {
        // Each starts elsewhere in the list, so that they do not ask the same thing at the same time.
        let first = rang * requetes.0.len() / connexions;
        tasks.spawn(ask_until(connexion, requetes.clone(), first, start + duree));
    }
    let mut charge = Charge::default();
    while let Some(done) = tasks.join_next().await {
        charge.latences.extend(done??);
    }
    charge.duree = start.elapsed();
    ensure!(!charge.latences.is_empty(), "aucune réponse de {adresse}");
    Ok(charge)
}

async fn ask_until(mut connexion: Connexion, requetes: Arc<Requetes>, first: usize, end: Instant) -> Result<Vec<u64>> {
    let mut latences = Vec::with_capacity(1 << 16);
    for requete in requetes.0.iter().cycle().skip(first) {
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        let reponse = connexion.exchange(requete).await?;
        if reponse.statut != 200 {
            bail!(
                "réponse {} à « {} » : {}",
                reponse.statut,
                String::from_utf8_lossy(requete).trim(),
                String::from_utf8_lossy(reponse.corps)
            );
        }
        latences.push(u64::try_from(sent.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    Ok(latences)
}

/// Asks once, on a connection of its own; gives the content type and the body.
pub async fn fetch(adresse: SocketAddr, chemin: &str) -> Result<(String, Vec<u8>)> {
    let mut connexion = Connexion::open(adresse).await?;
    let reponse =
        tokio::time::timeout(SILENCE, connexion.exchange(&write_request(adresse, chemin))).await.context("le serveur ne répond pas")??;
    ensure!(reponse.statut == 200, "réponse {} à {chemin} : {}", reponse.statut, String::from_utf8_lossy(reponse.corps));
    let nature = find_header(reponse.tete, "content-type").unwrap_or("application/octet-stream").to_string();
    Ok((nature, reponse.corps.to_vec()))
}

/// Signs somebody in; gives the cookie of the session.
pub async fn sign_in(adresse: SocketAddr, chemin: &str, formulaire: &str) -> Result<String> {
    let requete = format!(
        "POST {chemin} HTTP/1.1\r\nHost: {adresse}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{formulaire}",
        formulaire.len()
    );
    let mut connexion = Connexion::open(adresse).await?;
    let reponse = connexion.exchange(requete.as_bytes()).await?;
    ensure!(reponse.statut == 303, "réponse {} à {chemin} : {}", reponse.statut, String::from_utf8_lossy(reponse.corps));
    let cookie = find_header(reponse.tete, "set-cookie").and_then(|cookie| cookie.split(';').next()).context("aucune session ouverte")?;
    Ok(cookie.to_string())
}

/// Asks for a page in a session, so many times on one connection; gives the delays.
pub async fn time(adresse: SocketAddr, (chemin, cookie): (&str, &str), fois: usize) -> Result<Vec<u64>> {
    let requete = format!("GET {chemin} HTTP/1.1\r\nHost: {adresse}\r\nCookie: {cookie}\r\n\r\n");
    let mut connexion = Connexion::open(adresse).await?;
    let mut latences = vec![];
    for _ in 0..fois {
        let sent = Instant::now();
        let reponse = connexion.exchange(requete.as_bytes()).await?;
        ensure!(reponse.statut == 200, "réponse {} à {chemin} : {}", reponse.statut, String::from_utf8_lossy(reponse.corps));
        latences.push(u64::try_from(sent.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    Ok(latences)
}

/// One answer, still in the buffer of its connection.
struct Reponse<'a> {
    statut: u16,
    tete: &'a str,
    corps: &'a [u8],
}

/// A connection kept alive, and the bytes of its last answer.
struct Connexion {
    stream: TcpStream,
    tampon: Vec<u8>,
}

impl Connexion {
    async fn open(adresse: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(adresse).await.with_context(|| format!("connexion à {adresse}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, tampon: vec![0; TAMPON] })
    }

    async fn exchange(&mut self, requete: &[u8]) -> Result<Reponse<'_>> {
        self.stream.write_all(requete).await?;
        let mut read = 0;
        let tete = loop {
            read += self.read_more(read).await?;
            if let Some(end) = find_end(&self.tampon[..read]) {
                break end;
            }
        };
        let length: usize = {
            let head = std::str::from_utf8(&self.tampon[..tete])?;
            let written = find_header(head, "content-length").context("réponse sans Content-Length")?;
            written.parse().context("Content-Length illisible")?
        };
        while read < tete + length {
            read += self.read_more(read).await?;
        }
        let head = std::str::from_utf8(&self.tampon[..tete])?;
        let statut = head.get(9..12).and_then(|code| code.parse().ok()).context("réponse sans statut")?;
        Ok(Reponse { statut, tete: head, corps: &self.tampon[tete..tete + length] })
    }

    async fn read_more(&mut self, from: usize) -> Result<usize> {
        if from == self.tampon.len() {
            self.tampon.resize(from * 2, 0);
        }
        let count = self.stream.read(&mut self.tampon[from..]).await?;
        ensure!(count > 0, "le serveur a fermé la connexion");
        Ok(count)
    }
}

/// Where the body starts.
fn find_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|place| place + 4)
}

fn find_header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    let named = |line: &'a str| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    head.lines().find_map(named).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plancher;

    async fn serve_floor(corps: &str) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let adresse = listener.local_addr().expect("an address");
        tokio::spawn(plancher::serve(listener, plancher::router(corps.to_string().into(), "application/json").expect("a type")));
        adresse
    }

    #[tokio::test]
    async fn the_body_comes_whole_even_beyond_the_buffer() {
        let corps = "é".repeat(TAMPON);
        let adresse = serve_floor(&corps).await;
        let (nature, received) = fetch(adresse, "/n-importe-ou").await.expect("an answer");
        assert_eq!((nature.as_str(), received == corps.as_bytes()), ("application/json", true));
    }

    #[tokio::test]
    async fn each_answer_of_each_connection_is_counted() {
        let adresse = serve_floor("{}").await;
        let requetes = Arc::new(Requetes::new(adresse, &["/a".into(), "/b".into()]));
        let charge = load(adresse, &requetes, 4, Duration::from_millis(100)).await.expect("a load");
        assert!(charge.latences.len() >= 4);
        assert!(charge.duree >= Duration::from_millis(100));
    }
}
