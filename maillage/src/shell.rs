//! What surrounds every route: defences, errors drawn as a page or as problem+json, the first page, the health checks.

use annuaire::cartes::Fond;
use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use kit::routes::{Routes, Tous};
use kit::{Error, Failure, Result};
use territoire::Territoires;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use ui::{ErrorPage, Frame, show};

use crate::{App, metriques};

/// The first page and the health checks.
pub fn routes(app: App) -> Routes {
    Routes::new()
        .get("/", show_territoires)
        .get("/sante", show_sante)
        .get("/sante/vivant", show_vivant)
        .get("/sante/pret", show_pret)
        .with_state(app)
}

/// One of the territoires of the installation, as the first page lists it.
struct TerritoireListe {
    href: String,
    nom: String,
    communes: String,
    habitants: String,
}

#[derive(Template)]
#[template(path = "territoires.html")]
struct TerritoiresPage {
    frame: Frame,
    territoires: Vec<TerritoireListe>,
}

/// With a single territoire, its site is the first page.
async fn show_territoires(_: Tous, State(app): State<App>) -> Result<Response> {
    let territoires = app.territoires.list();
    if let [only] = territoires.as_slice() {
        return Ok(Redirect::to(&format!("/{}", only.slug)).into_response());
    }
    let listed = territoires.iter().map(|territoire| TerritoireListe {
        href: format!("/{}", territoire.slug),
        nom: territoire.nom.clone(),
        communes: ui::format::compte(territoire.communes.len(), "commune", "communes"),
        habitants: ui::format::compte(territoire.population(), "habitant", "habitants"),
    });
    show(&TerritoiresPage { frame: Frame::bare("Les territoires"), territoires: listed.collect() })
}

/// 200 once the snapshots are loaded and while the database answers.
async fn show_sante(_: Tous, State(app): State<App>) -> Result<&'static str> {
    app.db.ping().await?;
    Ok("ok\n")
}

/// 200 while the program answers at all: what a supervisor asks before it starts it again.
async fn show_vivant(_: Tous) -> &'static str {
    "ok\n"
}

/// 200 while everything works: what a load balancer asks before it sends anybody here.
async fn show_pret(_: Tous, State(app): State<App>) -> Result<&'static str> {
    if app.fraicheur.is_late() {
        return Err(Error::Unavailable("the snapshots are no longer refreshed".into()));
    }
    app.db.ping().await?;
    Ok("ok\n")
}

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; \
                   worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    // Read by browsers over https only: the reverse proxy has the certificate.
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
];

/// Pages: cross-site posts refused, compressed, a panic turned into an apology.
pub fn wrap(site: Router, territoires: Territoires, fond: Option<&Fond>) -> Router {
    site.fallback(async || Error::NotFound)
        .layer(CatchPanicLayer::custom(|_| Error::Fault(anyhow::anyhow!("a handler panicked")).into_response()))
        .layer(CsrfLayer::new().with_insecure_bypass(|_, uri| accueil::pages::is_secret_address(uri.path())).with_rejection_response(
            |_| {
                Failure::new(
                    StatusCode::FORBIDDEN,
                    "Cet envoi vient d’un autre site.",
                    "Ouvrez la page du service et recommencez depuis là.",
                )
                .into_response()
            },
        ))
        .layer(from_fn_with_state(territoires, draw_failures))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(fond.and_then(open_to), add_headers))
        .layer(from_fn(metriques::observe))
}

/// For a route that is neither a page nor compressed, and still carries its defences.
pub fn defend(routes: Router) -> Router {
    routes.layer(from_fn_with_state(None, add_headers))
}

/// The policy of the team's pages when their maps have a background: its host is opened, and no other.
fn open_to(fond: &Fond) -> Option<HeaderValue> {
    let open = |csp: String, source: &str| csp.replace(source, &format!("{source} {}", fond.origine));
    HeaderValue::from_str(&open(open(CSP.into(), "img-src 'self' data:"), "connect-src 'self'")).ok()
}

async fn add_headers(State(ouverte): State<Option<HeaderValue>>, request: Request, next: Next) -> Response {
    let is_equipe = request.uri().path().split('/').nth(2) == Some("equipe");
    let mut response = next.run(request).await;
    if is_equipe {
        // After signing out, « Précédent » on a shared computer shows nobody's file.
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if let Some(csp) = ouverte {
            response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(csp);
        }
    }
    add_headers_to(&mut response);
    response
}

/// What every page carries, those that are refused at the door too.
pub fn add_headers_to(response: &mut Response) {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Draws an error as what was asked for: a page for people, problem+json (RFC 9457) for programs.
async fn draw_failures(State(territoires): State<Territoires>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path.starts_with("/api/") || path.split('/').skip(1).take(2).any(|step| step == "hsds");
    let site = path.split('/').nth(1).and_then(|slug| territoires.find(slug)).map(|territoire| comptes::site(&territoire));
    let response = next.run(request).await;
    match response.extensions().get::<Failure>().cloned().or_else(|| rephrase(&response)) {
        Some(failure) if is_api => failure.into_problem(),
        Some(failure) => ErrorPage::respond(&failure, site),
        None => response,
    }
}

/// What the framework refuses by itself, in French: a method that does not exist here, a form it cannot read.
fn rephrase(response: &Response) -> Option<Failure> {
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    let detail = match response.status() {
        status if !(status.is_client_error() || status.is_server_error()) || is_page => return None,
        StatusCode::METHOD_NOT_ALLOWED => "Cette adresse existe, mais pas pour cette action.",
        StatusCode::PAYLOAD_TOO_LARGE => "Ce qui est envoyé est trop volumineux : réduisez-le, puis recommencez.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Le format de ce qui est envoyé n’est pas celui attendu.",
        _ => "Ce qui est envoyé n’a pas pu être lu. Revenez en arrière, vérifiez la saisie, puis recommencez.",
    };
    Some(Failure::new(response.status(), "La demande n’a pas pu être comprise.", detail))
}
