//! A server that speaks just enough SMTP, on a port of this machine.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

pub struct Serveur {
    port: u16,
    conduite: Arc<Conduite>,
}

/// How it behaves, and what it saw.
#[derive(Default)]
struct Conduite {
    /// What it answers to a recipient.
    refus: Option<String>,
    accepts: AtomicBool,
    /// How long it takes over a text.
    lenteur: Duration,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Serveur {
    pub fn refusing(answer: &str) -> Self {
        Self::start(Conduite { refus: Some(answer.to_string()), ..Conduite::default() })
    }

    pub fn taking(lenteur: Duration) -> Self {
        Self::start(Conduite { lenteur, ..Conduite::default() })
    }

    fn start(conduite: Conduite) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, conduite) = (listener.local_addr().unwrap().port(), Arc::new(conduite));
        let shared = conduite.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let conduite = shared.clone();
                std::thread::spawn(move || conduite.talk(&stream));
            }
        });
        Self { port, conduite }
    }

    pub fn adresse(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn accept(&self) {
        self.conduite.accepts.store(true, Ordering::SeqCst);
    }

    /// How many messages it was given side by side.
    pub fn most_at_once(&self) -> usize {
        self.conduite.most.load(Ordering::SeqCst)
    }
}

impl Conduite {
    /// Until the other hangs up.
    fn talk(&self, mut stream: &TcpStream) -> Option<()> {
        let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
        let mut say = |answer: &str| stream.write_all(format!("{answer}\r\n").as_bytes()).ok();
        say("220 essai")?;
        while let Some(line) = lines.next() {
            match line.get(..4).unwrap_or_default() {
                "RCPT" => say(self.refus.as_ref().filter(|_| !self.accepts.load(Ordering::SeqCst)).map_or("250 ok", String::as_str))?,
                "DATA" => {
                    say("354 go on")?;
                    lines.by_ref().find(|line| line == ".")?;
                    self.take_time();
                    say("250 ok")?;
                }
                _ => say("250 ok")?,
            }
        }
        Some(())
    }

    fn take_time(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(self.lenteur);
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}
