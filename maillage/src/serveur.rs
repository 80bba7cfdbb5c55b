//! The HTTP server: connections that send their headers or their body too slowly are closed, and there is an end to
//! how many are held, in all and for one address, and to how often one address may ask what is dear.

mod adresses;
mod corps;
mod debits;

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Method;
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use kit::Clock;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use adresses::Adresses;
use corps::{CorpsAttendu, refuse_encoded};
use debits::Debits;

/// How much the server holds for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limites {
    pub connexions: usize,
    pub connexions_par_adresse: usize,
    /// The reverse proxies: everybody comes through them, so they are not counted as one address.
    pub mandataires: Vec<IpAddr>,
}

impl Default for Limites {
    fn default() -> Self {
        let this_machine = vec![IpAddr::from([127, 0, 0, 1]), std::net::Ipv6Addr::LOCALHOST.into()];
        Self { connexions: 4_096, connexions_par_adresse: 128, mandataires: this_machine }
    }
}

const HEADERS_WITHIN: Duration = Duration::from_secs(10);
const LAST_ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Serves `router` until `shutdown`, then lets the answers under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limites: Limites,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let places = Arc::new(Semaphore::new(limites.connexions));
    let adresses = Adresses::new(&limites);
    let debits = Arc::new(Debits::new(Clock::system(), limites.mandataires.clone()));
    let (held, refused) = (metrics::gauge!("maillage_connexions"), metrics::counter!("maillage_connexions_refusees_total"));
    let answered = metrics::counter!("maillage_requetes_total");
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer, place) = tokio::select! {
            accepted = accept(&listener, &places) => accepted?,
            () = &mut shutdown => break,
        };
        let Some(share) = adresses.take(peer) else {
            refused.increment(1);
            continue;
        };
        let watched = graceful.watch(connect((stream, peer), router.clone(), debits.clone(), answered.clone()));
        let held = held.clone();
        tokio::spawn(async move {
            held.increment(1.0);
            if let Err(error) = watched.await {
                tracing::debug!(%error, "connection");
            }
            held.decrement(1.0);
            drop((share, place));
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(LAST_ANSWERS_WITHIN) => tracing::warn!("some answers were cut short"),
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> anyhow::Result<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Ok((stream, peer.ip(), place)),
            // Out of file descriptors, or a connection already gone: neither is a reason to stop serving.
            Err(error) => {
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn connect(
    (stream, peer): (TcpStream, IpAddr),
    router: Router,
    debits: Arc<Debits>,
    answered: metrics::Counter,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    // Answers are written whole: waiting to fill a packet only delays them.
    let _best_effort = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        answered.increment(1);
        if request.method() == Method::POST {
            let appelant = debits.name_caller(peer, &request);
            request.extensions_mut().insert(appelant);
        }
        let refused = debits.refuse(peer, &request).or_else(|| refuse_encoded(&request));
        let router = router.clone();
        async move {
            match refused {
                Some(response) => Ok(response),
                None => router.oneshot(request.map(attend)).await,
            }
        }
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .serve_connection(TokioIo::new(stream), service)
}

/// A request without a body, as nearly all are, pays for no timer.
fn attend(incoming: Incoming) -> Body {
    if incoming.is_end_stream() { Body::empty() } else { Body::new(CorpsAttendu::new(incoming)) }
}
