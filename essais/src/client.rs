//! A client of forty lines: one request, one connection, no surprise.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What came back.
#[derive(Debug, Clone)]
pub struct Reponse {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

/// GET, or the reason why nothing came back.
pub fn get(at: SocketAddr, path: &str) -> std::io::Result<Reponse> {
    get_with(at, path, "")
}

/// GET with headers of one's own, each ended by a line break.
pub fn get_with(at: SocketAddr, path: &str, headers: &str) -> std::io::Result<Reponse> {
    send(at, &format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{headers}\r\n"))
}

/// POST of a body of the given kind.
pub fn post(at: SocketAddr, path: &str, kind: &str, body: &str) -> std::io::Result<Reponse> {
    let length = body.len();
    send(
        at,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
}

fn send(at: SocketAddr, request: &str) -> std::io::Result<Reponse> {
    let mut stream = TcpStream::connect_timeout(&at, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = vec![];
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let cut = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the answer is cut short");
    let (headers, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = headers.split_whitespace().nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
    Ok(Reponse { status, headers: headers.to_string(), body: body.to_string() })
}
