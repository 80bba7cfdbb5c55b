//! Cookies that somebody else chose, made up, cut, or brought from elsewhere.

use essais::{COURRIEL, get};
use kit::{Db, sql};

use super::{demo, get_as, sign_in, sign_in_with};

const RESERVE: &str = "/brenne/equipe/demandes";

#[test]
fn a_cookie_given_before_signing_in_is_never_the_session_after() {
    let programme = demo();
    let planted = format!("__Host-maillage-brenne={}", "ab".repeat(32));
    assert!(get_as(programme.at, "/brenne/connexion", &planted).header("set-cookie").is_empty(), "nobody has a session before signing in");
    let answer = sign_in_with(programme.at, (COURRIEL, ""), &planted);
    let given = answer.header("set-cookie").to_string();
    assert!(given.starts_with("__Host-maillage-brenne=") && !given.contains(&"ab".repeat(32)), "{given}");
    for word in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(given.contains(word), "{given}");
    }
    assert_eq!(get_as(programme.at, RESERVE, &planted).status, 303, "what was planted opens nothing");
    let own = given.split(';').next().unwrap();
    assert_eq!(get_as(programme.at, RESERVE, own).status, 200);
    let again = sign_in_with(programme.at, (COURRIEL, ""), own);
    assert_ne!(again.header("set-cookie").split(';').next().unwrap(), own, "signing in again gives another token");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_was_made_up_cut_or_brought_from_elsewhere_opens_nothing() {
    let base = testkit::sqlite_path();
    let programme = essais::Programme::start("demo", &base);
    let cookie = sign_in(programme.at, COURRIEL);
    let (name, token) = cookie.split_once('=').unwrap();
    assert_eq!(get_as(programme.at, RESERVE, &cookie).status, 200);
    let db = Db::open(&base).await.unwrap();
    let stored = sql::texts(db.read(), "SELECT empreinte FROM comptes_session", []).await.unwrap();
    let last = if token.ends_with('0') { '1' } else { '0' };
    let mut forged = vec![
        format!("{name}="),
        format!("{name}=' OR 1=1 --"),
        format!("{name}=*"),
        format!("{name}={}", "0".repeat(64)),
        format!("{name}={}{last}", &token[..63]),
        format!("{name}={}", &token[..63]),
        format!("{name}={}", &token[..32]),
        format!("{name}={token}0"),
        format!("{name}={}", token.to_uppercase()),
        format!("{name}=\"{token}\""),
        format!("{name}={token}%00"),
        format!("{}={token}", name.to_uppercase()),
        format!("{}={token}", name.trim_start_matches("__Host-")),
        format!("maillage-poste-brenne={token}"),
        token.to_string(),
        format!("{name}={}", "a".repeat(6_000)),
    ];
    forged.extend(stored.iter().map(|empreinte| format!("{name}={empreinte}")));
    for cookie in &forged {
        assert_eq!(get_as(programme.at, RESERVE, cookie).status, 303, "{cookie}");
    }
    let elsewhere = format!("__Host-maillage-val-de-drome={token}");
    for cookie in [&cookie, &elsewhere] {
        assert_eq!(get_as(programme.at, "/val-de-drome/equipe/demandes", cookie).status, 303, "a session opens its territoire only");
    }
    assert_eq!(get(programme.at, RESERVE).unwrap().status, 303);
    assert_eq!(get_as(programme.at, RESERVE, &cookie).status, 200, "nothing of this closed the session");
    eprintln!("{} forged cookies, none opens", forged.len() + 2);
}
