//! How often one address may ask, on the real program behind a reverse proxy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Programme, ask};

const ELLE: [(&str, &str); 1] = [("X-Forwarded-For", "203.0.113.7")];
const AUTRE: [(&str, &str); 1] = [("X-Forwarded-For", "203.0.113.8")];
const COMMUNES: &str = "/api/v1/communes?q=livron";

#[test]
fn a_program_is_slowed_down_and_its_neighbours_are_not() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let statuses: Vec<u16> = (0..125).map(|_| ask(programme.at, ("GET", COMMUNES), &ELLE, "").unwrap().status).collect();
    assert!(statuses[..120].iter().all(|status| *status == 200), "{statuses:?}");
    let refused = ask(programme.at, ("GET", COMMUNES), &ELLE, "").unwrap();
    assert_eq!(refused.status, 429);
    assert!(refused.headers.contains("retry-after: ") && refused.body.contains("120 demandes par minute"), "{refused:?}");
    assert_eq!(ask(programme.at, ("GET", COMMUNES), &AUTRE, "").unwrap().status, 200);
    assert_eq!(ask(programme.at, ("GET", "/brenne"), &ELLE, "").unwrap().status, 200, "pages go on");
}

#[test]
fn whoever_tries_passwords_from_one_address_waits_an_hour() {
    let programme = Programme::start("demo", &testkit::sqlite_path());
    let sign_in = |headers: &[(&str, &str)], who: usize| {
        let form = [&[("Content-Type", "application/x-www-form-urlencoded")], headers].concat();
        ask(programme.at, ("POST", "/brenne/connexion"), &form, &format!("courriel=p{who}%40example.org&mot_de_passe=essai")).unwrap()
    };
    assert!((0..40).all(|who| sign_in(&ELLE, who).status == 422));
    let refused = sign_in(&ELLE, 41);
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("recommencez à") && refused.headers.contains("content-security-policy"), "{refused:?}");
    assert_eq!(sign_in(&AUTRE, 42).status, 422);
}
