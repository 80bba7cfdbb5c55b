//! Twelve people answer at once while the program is killed under them: nothing acknowledged is lost, nothing is written twice, and
//! nobody waits. Short in the tests; `cargo xtask pannes operateurs` kills it every twenty seconds for five minutes, at ten times
//! the three hundred demandes an hour that a département's line takes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

use essais::{Programme, Reponse, ask, is_long};
use kit::{Db, sql};

const OPERATEURS: usize = 12;
/// Between two calls of one of them: 3 000 an hour for all.
const PACE: Duration = Duration::from_millis(14_400);
/// In the tests, where seconds count.
const HURRIED: Duration = Duration::from_millis(600);
const FORM: &str = "application/x-www-form-urlencoded";
/// What the worst of a hundred answers may take.
const SLOWEST: Duration = Duration::from_millis(100);

/// What everybody sees: where the program is now, and what it acknowledged.
struct Journee {
    at: RwLock<SocketAddr>,
    is_over: AtomicBool,
    acknowledged: Mutex<BTreeSet<String>>,
    times: Mutex<Vec<Duration>>,
    retried: Mutex<usize>,
}

fn sign_in(at: SocketAddr) -> String {
    let form = "courriel=accueil%40example.org&mot_de_passe=la+ligne+est+ouverte&suite=";
    let answer = ask(at, ("POST", "/brenne/connexion"), &[("Content-Type", FORM)], form).unwrap();
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("set-cookie").split(';').next().unwrap().to_string()
}

impl Journee {
    /// Asks until the program, killed meanwhile, answers; each answer is timed.
    fn ask(&self, request: (&str, &str), cookie: &str, body: &str) -> Reponse {
        for tries in 0.. {
            assert!(tries < 600, "no answer within a minute");
            let (at, start) = (*self.at.read().unwrap(), Instant::now());
            match ask(at, request, &[("Content-Type", FORM), ("Cookie", cookie)], body) {
                Ok(answer) => {
                    self.times.lock().unwrap().push(start.elapsed());
                    return answer;
                }
                Err(_) => {
                    *self.retried.lock().unwrap() += 1;
                    std::thread::sleep(Duration::from_millis(100));
                }
            }
        }
        unreachable!()
    }

    /// One operator's day: the queue, what is proposed, the record.
    fn answer_calls(&self, operateur: usize, cookie: &str) {
        let pace = if is_long() { PACE } else { HURRIED };
        // Not all at the same moment, as in life.
        std::thread::sleep(pace * u32::try_from(operateur).unwrap() / u32::try_from(OPERATEURS).unwrap());
        let start = Instant::now();
        for rang in 0_u32.. {
            if self.is_over.load(Ordering::Relaxed) {
                return;
            }
            assert_eq!(self.ask(("GET", "/brenne/equipe/file"), cookie, "").status, 200);
            let proposed = self.ask(("GET", "/brenne/equipe/appel/propositions?ou=rosnay&quoi=portage+de+repas"), cookie, "");
            assert!(proposed.body.contains("name=\"donnee\""), "{}", proposed.body);
            let cle = format!("operateur-{operateur}-{rang}");
            let form = format!("ou=rosnay&quoi=portage+de+repas&issue=information&cle={cle}&duree=40&sexe=femme");
            assert_eq!(self.ask(("POST", "/brenne/equipe/demandes"), cookie, &form).status, 303);
            self.acknowledged.lock().unwrap().insert(cle);
            std::thread::sleep((start + pace * (rang + 1)).saturating_duration_since(Instant::now()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_people_answer_while_the_program_dies_and_nothing_is_lost() {
    let base = format!("{}.operateurs", testkit::sqlite_path());
    let (kills, every) = if is_long() { (15, Duration::from_secs(20)) } else { (2, Duration::from_secs(3)) };
    let mut programme = Programme::start("demo", &base);
    let cookies: Vec<String> = (0..OPERATEURS).map(|_| sign_in(programme.at)).collect();
    let journee = Journee {
        at: RwLock::new(programme.at),
        is_over: AtomicBool::new(false),
        acknowledged: Mutex::default(),
        times: Mutex::default(),
        retried: Mutex::default(),
    };
    std::thread::scope(|scope| {
        for (operateur, cookie) in cookies.iter().enumerate() {
            let journee = &journee;
            scope.spawn(move || journee.answer_calls(operateur, cookie));
        }
        for _ in 0..kills {
            std::thread::sleep(every);
            programme.kill();
            programme = Programme::start("demo", &base);
            *journee.at.write().unwrap() = programme.at;
        }
        std::thread::sleep(every);
        journee.is_over.store(true, Ordering::Relaxed);
    });
    check(&journee, &base, kills).await;
}

async fn check(journee: &Journee, base: &str, kills: usize) {
    let db = Db::open(base).await.unwrap();
    let found = sql::texts(db.read(), "SELECT cle FROM accueil_demande WHERE cle LIKE 'operateur-%'", []).await.unwrap();
    let acknowledged = journee.acknowledged.lock().unwrap();
    let once: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(once.len(), found.len(), "none twice");
    assert!(acknowledged.is_subset(&once), "acknowledged and lost: {:?}", acknowledged.difference(&once));
    let mut times = journee.times.lock().unwrap();
    times.sort_unstable();
    let p99 = times[times.len() * 99 / 100];
    eprintln!(
        "{OPERATEURS} operators, {kills} kills: {} demandes acknowledged, 0 lost, 0 double; {} answers, half under {:?}, p99 {p99:?}, worst {:?}; {} tries while it was away",
        acknowledged.len(),
        times.len(),
        times[times.len() / 2],
        times.last().unwrap(),
        journee.retried.lock().unwrap(),
    );
    assert!(!is_long() || p99 < SLOWEST, "p99 {p99:?}");
}
