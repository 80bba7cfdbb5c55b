//! Connections that never say what they want, or say it a byte at a time, do not keep honest people waiting.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use essais::{Programme, get};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const HALF_OPEN: usize = 1_000;
const ADDRESSES: usize = 10;
const HONEST: usize = 300;

/// A connection from an address of our choosing: all of 127.0.0.0/8 is this machine.
async fn connect(from: Ipv4Addr, at: SocketAddr, sent: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let mut stream = socket.connect(at).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    stream
}

/// Whether the other side has closed within `delay`, whatever it said before.
async fn is_closed(stream: &mut TcpStream, delay: Duration) -> bool {
    let mut rest = vec![];
    tokio::time::timeout(delay, stream.read_to_end(&mut rest)).await.is_ok()
}

async fn measure_honest(at: SocketAddr) -> Duration {
    let times = tokio::task::spawn_blocking(move || {
        let mut times: Vec<Duration> = (0..HONEST)
            .map(|_| {
                let start = Instant::now();
                assert_eq!(get(at, "/brenne").unwrap().status, 200);
                start.elapsed()
            })
            .collect();
        times.sort();
        times
    });
    times.await.unwrap()[HONEST * 99 / 100]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_half_open_connections_keep_nobody_waiting() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let alone = measure_honest(programme.at).await;
    let before = programme.memory_kib();
    let mut held = vec![];
    for rang in 0..HALF_OPEN {
        let from = Ipv4Addr::new(127, 0, 1, u8::try_from(rang % ADDRESSES).unwrap() + 1);
        held.push(connect(from, programme.at, "GET /brenne HTTP/1.1\r\nHost: a\r\nX-Slow: ").await);
    }
    let p99 = measure_honest(programme.at).await;
    let more = programme.memory_kib().saturating_sub(before);
    eprintln!("{HALF_OPEN} half-open: p99 {p99:?} ({alone:?} without them), memory +{more} KiB");
    assert!(p99 < Duration::from_millis(500), "honest people wait {p99:?}");
    assert!(more < 64 * 1_024, "half-open connections cost {more} KiB");
    for stream in &mut held {
        assert!(is_closed(stream, Duration::from_secs(12)).await, "a half-open connection is closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_holds_its_share_and_no_more() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let from = Ipv4Addr::new(127, 0, 2, 1);
    let mut held = vec![];
    for _ in 0..128 {
        held.push(connect(from, programme.at, "GET /").await);
    }
    let mut refused = connect(from, programme.at, "").await;
    assert!(is_closed(&mut refused, Duration::from_secs(2)).await, "the one too many is closed at once");
    assert!(!is_closed(&mut held[0], Duration::from_millis(50)).await, "the others are held");
    let other = connect(Ipv4Addr::new(127, 0, 2, 2), programme.at, "GET /sante HTTP/1.0\r\n\r\n");
    assert!(is_closed(&mut other.await, Duration::from_secs(2)).await, "another address is served");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_cut() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let head = "POST /api/v1/demandes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n";
    let (mut reading, mut writing) = connect(Ipv4Addr::LOCALHOST, programme.at, head).await.into_split();
    let drips = tokio::spawn(async move {
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await
        }
    });
    let (start, mut answer) = (Instant::now(), vec![]);
    let _reset = reading.read_to_end(&mut answer).await;
    drips.abort();
    assert!((15..30).contains(&start.elapsed().as_secs()), "cut after {:?}", start.elapsed());
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains("problem+json") && answer.contains("interrompu"), "told why: {answer}");
}
