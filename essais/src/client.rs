//! A small client: one request, one connection, no surprise.

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

impl Reponse {
    /// The values of a header, whose name is given in lower case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.lines().filter_map(move |line| line.split_once(": ").filter(|(known, _)| *known == name).map(|(_, value)| value))
    }

    /// The header of this name, or nothing.
    pub fn header<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// Where it sends on to.
    ///
    /// # Panics
    /// When it sends nowhere: a form was refused, and the trial shows why.
    pub fn location(&self) -> String {
        let to = self.header("location");
        assert!(!to.is_empty(), "{} {}", self.status, self.body);
        to.to_string()
    }
}

/// GET, or the reason why nothing came back.
pub fn get(at: SocketAddr, path: &str) -> std::io::Result<Reponse> {
    ask(at, ("GET", path), &[], "")
}

/// POST of a body of the given kind.
pub fn post(at: SocketAddr, path: &str, kind: &str, body: &str) -> std::io::Result<Reponse> {
    ask(at, ("POST", path), &[("Content-Type", kind)], body)
}

/// Any request, with the headers that a trial makes its own.
pub fn ask(at: SocketAddr, (method, path): (&str, &str), headers: &[(&str, &str)], body: &str) -> std::io::Result<Reponse> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
    send(at, head.as_bytes())
}

/// These very bytes, and what comes back: for what no well-behaved client would send.
pub fn send(at: SocketAddr, request: &[u8]) -> std::io::Result<Reponse> {
    let mut stream = connect(at)?;
    stream.write_all(request)?;
    read(stream)
}

/// A body that never ends, poured until the other side has had enough: how many bytes it took, and what it said.
pub fn pour(at: SocketAddr, head: &str, (piece, total): (&[u8], usize)) -> std::io::Result<(usize, Reponse)> {
    let mut stream = connect(at)?;
    stream.write_all(head.as_bytes())?;
    let listening = stream.try_clone()?;
    let answer = std::thread::spawn(move || read(listening));
    let mut poured = 0;
    while poured < total && !answer.is_finished() && stream.write_all(piece).is_ok() {
        poured += piece.len();
    }
    let answer = answer.join().map_err(|_| std::io::Error::other("the reading stopped"))??;
    Ok((poured, answer))
}

fn connect(at: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&at, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.set_write_timeout(Some(Duration::from_secs(20)))?;
    Ok(stream)
}

/// A server that refuses early may cut the line after its answer: what was read is kept.
fn read(mut stream: TcpStream) -> std::io::Result<Reponse> {
    let mut bytes = vec![];
    if let Err(error) = stream.read_to_end(&mut bytes)
        && bytes.is_empty()
    {
        return Err(error);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let cut = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the answer is cut short");
    let (headers, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = headers.split_whitespace().nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
    Ok(Reponse { status, headers: headers.to_string(), body: body.to_string() })
}
