//! How often one address may ask what is dear or what is guessed: programs, sign-ins, public forms.
//! Counted at the door, before a handler runs; in memory, for this process.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use kit::{Appelant, Clock, Failure, Frein, Instant};
use ui::ErrorPage;

use super::adresses::network;
use crate::shell;

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Classe {
    /// 120 in a minute: a program that asks for a whole territoire takes its time.
    Api,
    /// 40 in an hour: a whole team behind one address, not somebody who tries passwords.
    Connexion,
    /// 60 in an hour: a maison France services that leaves demandes for people all day.
    Formulaire,
}

/// The counts of all addresses.
#[derive(Debug)]
pub struct Debits {
    clock: Clock,
    mandataires: Vec<IpAddr>,
    api: Frein,
    connexions: Frein,
    formulaires: Frein,
}

const MINUTE: i64 = 60;
const HEURE: i64 = 3_600;

impl Debits {
    pub fn new(clock: Clock, mandataires: Vec<IpAddr>) -> Self {
        Self { clock, mandataires, api: Frein::new(120, MINUTE), connexions: Frein::new(40, HEURE), formulaires: Frein::new(60, HEURE) }
    }

    /// The answer to somebody who asks too often; none while they may. Each request asked here is counted.
    pub fn refuse<B>(&self, peer: IpAddr, request: &Request<B>) -> Option<Response<Body>> {
        let classe = classify(request.method(), request.uri().path())?;
        let key = self.name_caller(peer, request).0?;
        let frein = match classe {
            Classe::Api => &self.api,
            Classe::Connexion => &self.connexions,
            Classe::Formulaire => &self.formulaires,
        };
        let now = self.clock.now();
        match frein.until(&key, now) {
            Some(again) => Some(draw(classe, again, now)),
            None => {
                frein.count(&key, now);
                None
            }
        }
    }

    /// Who asks, as they are counted.
    pub fn name_caller<B>(&self, peer: IpAddr, request: &Request<B>) -> Appelant {
        Appelant(self.find_caller(peer.to_canonical(), request.headers()).map(|caller| network(caller).to_string()))
    }

    /// Who asks: the peer, or whom a reverse proxy of ours says it speaks for. None for this machine itself.
    fn find_caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.mandataires.contains(&peer) {
            return Some(peer);
        }
        // The last one was written by our own proxy; those before it are what the caller claims.
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?;
        last.trim().parse().ok().map(|caller: IpAddr| caller.to_canonical())
    }
}

fn classify(method: &Method, path: &str) -> Option<Classe> {
    if path.starts_with("/api/v1/") {
        return Some(Classe::Api);
    }
    if *method != Method::POST {
        // Leaving for the identity provider writes a line and calls outside: the only reading that costs.
        return path.split('/').skip(2).eq(["connexion", "fournisseur"]).then_some(Classe::Connexion);
    }
    match path.split('/').nth(2) {
        // The first half of a sign-in by passkey: the second one counts as a sign-in.
        Some("connexion") if path.ends_with("/cle-acces/debut") => Some(Classe::Formulaire),
        Some("connexion" | "invitation") => Some(Classe::Connexion),
        Some("demandes" | "ma-demande" | "structures" | "inscription" | "recensement" | "epreuve") => Some(Classe::Formulaire),
        _ => None,
    }
}

fn draw(classe: Classe, again: Instant, now: Instant) -> Response<Body> {
    let seconds = again.0.saturating_sub(now.0).max(1);
    let detail = match classe {
        Classe::Api => format!("120 demandes par minute et par adresse : recommencez dans {seconds} secondes."),
        Classe::Connexion => format!("Trop de connexions depuis cette adresse : recommencez à {}.", ui::format::heure(again.paris())),
        Classe::Formulaire => {
            format!("Trop d’envois depuis cette adresse : recommencez à {}, ou appelez la ligne.", ui::format::heure(again.paris()))
        }
    };
    let failure = Failure::new(StatusCode::TOO_MANY_REQUESTS, "C’est trop pour l’instant.", detail);
    let mut response = if classe == Classe::Api { failure.into_problem() } else { ErrorPage::respond(&failure, None) };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    shell::add_headers_to(&mut response);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn debits() -> Debits {
        Debits::new(Clock::stopped_at(Instant(1_794_913_200)), vec![PROXY])
    }

    fn ask(method: &str, path: &str, forwarded: Option<&str>) -> Request<()> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        request.body(()).unwrap()
    }

    #[test]
    fn an_address_that_asks_too_often_waits_and_the_others_do_not() {
        let (debits, api) = (debits(), "/api/v1/orientations?commune=26165");
        let (one, other) = (IpAddr::from([203, 0, 113, 1]), IpAddr::from([203, 0, 113, 2]));
        assert!((0..120).all(|_| debits.refuse(one, &ask("GET", api, None)).is_none()));
        let refused = debits.refuse(one, &ask("GET", api, None)).unwrap();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "60");
        assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert!(debits.refuse(other, &ask("GET", api, None)).is_none());
        assert!(debits.refuse(one, &ask("GET", "/brenne", None)).is_none(), "pages are not counted");
        debits.clock.set(Instant(1_794_913_260));
        assert!(debits.refuse(one, &ask("GET", api, None)).is_none());
    }

    #[test]
    fn behind_a_proxy_the_address_it_adds_counts_and_not_those_it_was_told() {
        let (debits, path) = (debits(), "/brenne/connexion");
        for claimed in 0..40 {
            let forwarded = format!("198.51.100.{claimed}, 203.0.113.9");
            assert!(debits.refuse(PROXY, &ask("POST", path, Some(&forwarded))).is_none());
        }
        assert!(debits.refuse(PROXY, &ask("POST", path, Some("203.0.113.9"))).is_some());
        assert!(debits.refuse(PROXY, &ask("GET", path, Some("203.0.113.9"))).is_none(), "reading the page is free");
        assert!(debits.refuse(PROXY, &ask("POST", path, Some("2001:db8::1"))).is_none());
        assert!((0..200).all(|_| debits.refuse(PROXY, &ask("POST", path, None)).is_none()), "this machine itself");
        let stranger = IpAddr::from([203, 0, 113, 50]);
        assert_eq!(
            debits.find_caller(stranger, ask("POST", path, Some("192.0.2.1")).headers()),
            Some(stranger),
            "a stranger is believed in nothing"
        );
    }

    #[test]
    fn ipv4_seen_through_an_ipv6_socket_is_ipv4_and_a_block_of_ipv6_is_one_address() {
        let (debits, path) = (debits(), "/brenne/connexion");
        let from = |adresse: &str| debits.refuse(adresse.parse().unwrap(), &ask("POST", path, None)).is_some();
        assert!((0..40).all(|_| !from("::ffff:203.0.113.1")) && from("203.0.113.1"), "the same caller");
        assert!(!from("::ffff:203.0.113.2"), "not everybody at once");
        assert!((0..200).all(|_| !from("::ffff:127.0.0.1")), "this machine itself");
        assert!((0..40).all(|_| !from("2001:db8:1:2::1")) && from("2001:db8:1:2:ffff::9") && !from("2001:db8:1:3::1"));
    }
}
