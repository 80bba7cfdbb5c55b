//! The database goes away while people are there: they are told, nothing is lost, and it resumes by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use essais::{Programme, get, is_long, leave, post};

/// A door in front of PostgreSQL that a test closes and opens.
struct Door {
    at: SocketAddr,
    is_open: Arc<AtomicBool>,
}

impl Door {
    fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (at, is_open) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(true)));
        let watched = is_open.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if watched.load(Ordering::Relaxed) {
                    let server = TcpStream::connect(server).unwrap();
                    pump(client.try_clone().unwrap(), server.try_clone().unwrap(), watched.clone());
                    pump(server, client, watched.clone());
                }
            }
        });
        Self { at, is_open }
    }
}

/// Copies one way, and cuts both as soon as the door closes.
fn pump(mut from: TcpStream, mut to: TcpStream, is_open: Arc<AtomicBool>) {
    from.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    std::thread::spawn(move || {
        use std::io::{ErrorKind, Read, Write};
        let mut buffer = [0; 16_384];
        while is_open.load(Ordering::Relaxed) {
            match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) if to.write_all(&buffer[..count]).is_ok() => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                _ => break,
            }
        }
        let _gone = from.shutdown(std::net::Shutdown::Both);
        let _gone = to.shutdown(std::net::Shutdown::Both);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_database_is_told_keeps_the_form_and_comes_back_without_a_restart() {
    let Ok(server) = std::env::var(testkit::POSTGRES) else {
        eprintln!("skipped: {} is not set", testkit::POSTGRES);
        return;
    };
    let base = testkit::create_postgres(&server).await;
    let (_, rest) = base.split_once('@').unwrap();
    let (host, name) = rest.split_once('/').unwrap();
    let door = Door::before(host.parse().unwrap());
    let programme = Programme::start("demo", &format!("postgres://postgres@{}/{name}", door.at));
    let form = "commune=36173&besoin=portage-repas&rappel_telephone=0254281212&consentement=oui&note=plut%C3%B4t+le+matin&cle=k1";
    let send = || leave(programme.at, "brenne", form).unwrap();

    door.is_open.store(false, Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(200));
    let answer = get(programme.at, "/api/v1/orientations?commune=36173&besoin=portage-repas").unwrap();
    assert!(answer.status == 200 && answer.body.contains("\"sans_solution\":null"), "answering needs no database");
    let refused = send();
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("Rien n’est perdu") && refused.body.contains("plutôt le matin"), "the form keeps what was typed");
    let api = post(programme.at, "/api/v1/demandes", "application/json", r#"{"commune":"36173","besoin":"menage"}"#).unwrap();
    assert!(api.status == 503 && api.headers.contains("application/problem+json"), "{api:?}");

    let told = if is_long() { stay_away(&programme, Duration::from_secs(30)) } else { 0 };

    door.is_open.store(true, Ordering::Relaxed);
    let back = Instant::now();
    assert_eq!(send().status, 303, "recorded without a restart");
    eprintln!("database away: {told} pages said so in 30 s, then recorded {:?} after its return", back.elapsed());
}

/// Every page that needs the database says that it is away, in good time; gives how many did.
fn stay_away(programme: &Programme, delay: Duration) -> usize {
    let (start, mut told) = (Instant::now(), 0);
    while start.elapsed() < delay {
        let asked = Instant::now();
        assert_eq!(get(programme.at, "/sante/pret").unwrap().status, 503);
        assert!(asked.elapsed() < Duration::from_secs(8), "told after {:?}", asked.elapsed());
        assert_eq!(get(programme.at, "/brenne").unwrap().status, 200, "what needs no database goes on");
        assert_eq!(get(programme.at, "/sante/vivant").unwrap().status, 200);
        told += 1;
        std::thread::sleep(Duration::from_millis(500));
    }
    told
}
