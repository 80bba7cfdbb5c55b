//! Signing in: an account that exists is told by nothing, not even by the time it takes, and twenty at once stop no page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use essais::{COURRIEL, MOT_DE_PASSE, Programme, Reponse, ask, get, is_long};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
/// What must hold on a machine that does nothing else: measured by the long form. The short one shares its machine, and
/// looks only for what could not be noise: a password that is not hashed shows a gap of nine tenths.
const GAP: f64 = 0.05;
const HASH_WITHIN: Duration = Duration::from_millis(400);
const PAGE_WITHIN: Duration = Duration::from_millis(100);

/// How much of noise the short form allows.
fn noise() -> u32 {
    if is_long() { 1 } else { 5 }
}

const AT_ONCE: usize = 20;

fn sign_in(at: SocketAddr, courriel: &str, mot_de_passe: &str) -> (Reponse, Duration) {
    let form = format!("courriel={}&mot_de_passe={}", courriel.replace('@', "%40"), mot_de_passe.replace(' ', "+"));
    let start = Instant::now();
    let answer = ask(at, ("POST", "/brenne/connexion"), &[FORM], &form).unwrap();
    (answer, start.elapsed())
}

/// Four wrong passwords and a right one: the brake of an account, which is the same for both, never acts.
fn fail(at: SocketAddr, courriel: &str, times: usize) -> Vec<(Reponse, Duration)> {
    (0..times).map(|_| sign_in(at, courriel, "pas le bon mot de passe")).collect()
}

fn mean(times: &[Duration]) -> f64 {
    // Without the slowest tenth: what the machine was doing meanwhile is no sign of an account.
    let mut sorted: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
    sorted.sort_by(f64::total_cmp);
    let kept = &sorted[..sorted.len() * 9 / 10];
    kept.iter().sum::<f64>() / kept.len() as f64
}

/// The mean times of failures, for an account that exists and for one that does not, asked in turn.
fn measure(at: SocketAddr, (first, rounds): (usize, usize)) -> (Vec<Duration>, Vec<Duration>) {
    let (mut known, mut unknown) = (vec![], vec![]);
    for round in 0..rounds {
        let nobody = format!("personne{:04}@example.org", first + round / 4);
        let mut pair = [(COURRIEL, &mut known), (nobody.as_str(), &mut unknown)];
        if round % 2 == 1 {
            pair.reverse();
        }
        for (courriel, times) in pair {
            let (answer, time) = fail(at, courriel, 1).remove(0);
            assert_eq!(answer.status, 422);
            assert!(answer.body.contains("n’est pas le bon"));
            times.push(time);
        }
        if round % 4 == 3 {
            assert_eq!(sign_in(at, COURRIEL, MOT_DE_PASSE).0.status, 303, "the brake is released");
            // What a sign-in writes is over before the next measure.
            fail(at, &format!("autre{:04}@example.org", first + round), 1);
        }
    }
    (known, unknown)
}

#[test]
fn an_account_that_exists_is_told_by_nothing() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let (known, unknown) = (fail(programme.at, COURRIEL, 1).remove(0).0, fail(programme.at, "nobody@example.org", 1).remove(0).0);
    assert_eq!(known.body.replace(COURRIEL, "?"), unknown.body.replace("nobody@example.org", "?"), "the same words");
    assert_eq!(sign_in(programme.at, COURRIEL, MOT_DE_PASSE).0.status, 303);
    let rounds = if is_long() { 400 } else { 60 };
    // A machine that others use too may blur one measure, not three.
    let mut gaps = vec![];
    for attempt in 0..3 {
        let (known, unknown) = measure(programme.at, (1_000 * attempt, rounds));
        let (known, unknown) = (mean(&known), mean(&unknown));
        let gap = (known - unknown).abs() / known.max(unknown);
        eprintln!(
            "sign-ins that fail, {rounds} of each: {:.1} ms known, {:.1} ms unknown, gap {:.2} %",
            known * 1e3,
            unknown * 1e3,
            gap * 100.0
        );
        gaps.push(gap);
        if gap < GAP {
            break;
        }
    }
    assert!(gaps.iter().any(|gap| *gap < GAP * f64::from(noise())), "{gaps:?}");
}

#[test]
fn twenty_people_who_sign_in_at_once_stop_no_page() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let at = programme.at;
    let (_, alone) = sign_in(at, COURRIEL, MOT_DE_PASSE);
    // What pages load at their first reading is not what sign-ins cost.
    for _ in 0..20 {
        assert_eq!(get(at, "/brenne/orientation/36173/menage").unwrap().status, 200);
    }
    let memory = programme.memory_kib();
    let is_over = AtomicBool::new(false);
    let (mut pages, sign_ins) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_pages(at, &is_over));
        let rounds = if is_long() { 10 } else { 1 };
        let mut sign_ins = vec![];
        for _ in 0..rounds {
            let people: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(move || sign_in(at, COURRIEL, MOT_DE_PASSE))).collect();
            sign_ins.extend(people.into_iter().map(|one| one.join().unwrap()));
        }
        is_over.store(true, Ordering::Relaxed);
        (reader.join().unwrap(), sign_ins)
    });
    pages.sort();
    let (p99, last) = (pages[pages.len() * 99 / 100], sign_ins.iter().map(|(_, time)| *time).max().unwrap());
    let more = programme.memory_kib().saturating_sub(memory);
    eprintln!(
        "{} sign-ins, {AT_ONCE} at once: one alone {alone:?}, the last of twenty {last:?}; meanwhile {} pages, p99 {p99:?}; memory +{more} KiB",
        sign_ins.len(),
        pages.len()
    );
    assert!(sign_ins.iter().all(|(answer, _)| answer.status == 303));
    assert!(p99 < PAGE_WITHIN * noise(), "pages wait {p99:?}");
    // Two hashes of 19 MiB at once, whatever the crowd.
    assert!(more < 3 * 19 * 1_024 + 16 * 1_024, "{more} KiB");
    assert!(alone < HASH_WITHIN * noise(), "one sign-in takes {alone:?}");
}

fn read_pages(at: SocketAddr, is_over: &AtomicBool) -> Vec<Duration> {
    let mut times = vec![];
    while !is_over.load(Ordering::Relaxed) || times.len() < 100 {
        let start = Instant::now();
        assert_eq!(get(at, "/brenne/orientation/36173/menage").unwrap().status, 200);
        times.push(start.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
    times
}
