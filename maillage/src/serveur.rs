//! The HTTP server: connections that never send their headers are closed, and there is an end to how many are held.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

const HEADERS_WITHIN: Duration = Duration::from_secs(10);
const CONNECTIONS: usize = 4_096;
const LAST_ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Serves `router` until `shutdown`, then lets the answers under way finish.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let place = places.clone().acquire_owned().await?;
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of file descriptors, or a connection already gone: neither is a reason to stop serving.
                Err(error) => {
                    tracing::warn!(%error, "accept");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let connection = connect(stream, router.clone());
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "connection");
            }
            drop(place);
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(LAST_ANSWERS_WITHIN) => tracing::warn!("some answers were cut short"),
    }
    Ok(())
}

fn connect(stream: TcpStream, router: Router) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    // Answers are written whole: waiting to fill a packet only delays them.
    let _best_effort = stream.set_nodelay(true);
    let service =
        hyper::service::service_fn(move |request: hyper::Request<Incoming>| router.clone().oneshot(request.map(axum::body::Body::new)));
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .serve_connection(TokioIo::new(stream), service)
}
