//! What somebody hostile sends, to the real program over a plain socket: cookies, headers, addresses, bodies, cells of a spreadsheet.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

mod chemins;
mod corps;
mod entetes;
mod session;
mod tableur;

use std::net::SocketAddr;

use essais::{MOT_DE_PASSE, Programme, Reponse, ask};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const ADMINISTRATION: &str = "administration@example.org";

fn demo() -> Programme {
    Programme::start("demo", &testkit::sqlite_path())
}

/// The sign-in form of the demo's team, sent with these cookies.
fn sign_in_with(at: SocketAddr, (courriel, suite): (&str, &str), cookie: &str) -> Reponse {
    let form = format!("courriel={courriel}&mot_de_passe={}&suite={suite}", MOT_DE_PASSE.replace(' ', "+"));
    ask(at, ("POST", "/brenne/connexion"), &[FORM, ("Cookie", cookie)], &form).unwrap()
}

/// A session of the demo: `name=token`.
fn sign_in(at: SocketAddr, courriel: &str) -> String {
    let answer = sign_in_with(at, (courriel, ""), "");
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("set-cookie").split(';').next().unwrap().to_string()
}

fn get_as(at: SocketAddr, path: &str, cookie: &str) -> Reponse {
    ask(at, ("GET", path), &[("Cookie", cookie)], "").unwrap()
}
