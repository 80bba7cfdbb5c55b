//! What the program says of itself to Prometheus, and the line that each page leaves in the log.
//! Orientations are not observed one by one: they pass through no layer, and the server counts them with all the rest.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use kit::routes::{Routes, Tous};
use kit::{Error, Result, reference};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Instrument;

use crate::App;

const SECONDS: &str = "maillage_page_secondes";
/// From a page out of memory to the second past which somebody has waited.
const BUCKETS: [f64; 8] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0];
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Clone)]
struct Releve {
    app: App,
    handle: PrometheusHandle,
    jeton: String,
}

/// Starts measuring; gives the page where it is read, by whoever shows `jeton`.
pub fn start(app: &App, jeton: &str) -> anyhow::Result<Routes> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.into()), &BUCKETS)?;
    let handle = builder.install_recorder()?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        // Nobody may ever read them: without this, what is measured would pile up.
        loop {
            tokio::time::sleep(UPKEEP_EVERY).await;
            upkeep.run_upkeep();
        }
    });
    let releve = Releve { app: app.clone(), handle, jeton: jeton.to_string() };
    Ok(Routes::new().get("/metriques", show_metriques).with_state(releve))
}

/// Without the right token the page does not exist.
async fn show_metriques(_: Tous, State(releve): State<Releve>, headers: HeaderMap) -> Result<String> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    if !shown.is_some_and(|shown| is_same(shown.as_bytes(), releve.jeton.as_bytes())) {
        return Err(Error::NotFound);
    }
    let app = &releve.app;
    let reachable = app.db.ping().await.is_ok();
    metrics::gauge!("maillage_base_joignable").set(if reachable { 1.0 } else { 0.0 });
    metrics::gauge!("maillage_instantanes_age_secondes").set(app.fraicheur.age().as_secs_f64());
    if let Ok(Some(passage)) = sauvegarde::storage::find_dernier_verifie(&app.db, app.clock.now()).await {
        metrics::gauge!("maillage_sauvegarde_verifiee_epoch").set(passage.began_at as f64);
    }
    Ok(releve.handle.render())
}

/// In a time that does not depend on where the first difference is.
fn is_same(shown: &[u8], expected: &[u8]) -> bool {
    shown.len() == expected.len() && shown.iter().zip(expected).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}

/// Gives a request its reference, times it, and leaves one line of it. The line holds the route, never the address:
/// what people type is in the address.
pub async fn observe(request: Request, next: Next) -> Response {
    let (reference, start) = (reference::draw(), Instant::now());
    let route = request.extensions().get::<MatchedPath>().map_or("inconnue", MatchedPath::as_str).to_string();
    let method = request.method().clone();
    let span = tracing::info_span!("requete", %reference);
    let mut response = reference::scope(reference.clone(), next.run(request)).instrument(span).await;
    let (seconds, status) = (start.elapsed().as_secs_f64(), response.status().as_u16());
    // Asked every few seconds by a machine: their lines would hide the others.
    if !route.starts_with("/sante") {
        tracing::info!(target: "maillage::acces", %reference, %method, route, status, ms = seconds * 1_000.0, "page");
    }
    metrics::counter!("maillage_pages_total", "route" => route.clone(), "statut" => status.to_string()).increment(1);
    metrics::histogram!(SECONDS, "route" => route).record(seconds);
    if let Ok(value) = HeaderValue::from_str(&reference) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn only_the_whole_token_opens() {
        assert!(is_same(b"secret", b"secret"));
        assert!(!is_same(b"secre", b"secret") && !is_same(b"secres", b"secret") && !is_same(b"", b"secret"));
    }
}
