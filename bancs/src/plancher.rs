//! The floor: the same bytes for every question, through the same server. What is above it is the cost of Maillage.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use maillage::serveur::Limites;
use tokio::net::TcpListener;

/// Serves the bytes of `corps` at `adresse` until it is killed.
pub fn run(adresse: SocketAddr, corps: &Path, nature: &str) -> Result<()> {
    let bytes = std::fs::read(corps).with_context(|| format!("lecture de {}", corps.display()))?;
    let router = router(bytes.into(), nature)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async { serve(TcpListener::bind(adresse).await?, router).await })
}

/// A bare handler: no database, no question read, one answer.
pub fn router(corps: Bytes, nature: &str) -> Result<Router> {
    let nature = HeaderValue::from_str(nature)?;
    Ok(Router::new().fallback(move || async move { ([(CONTENT_TYPE, nature.clone())], corps.clone()) }))
}

pub async fn serve(listener: TcpListener, router: Router) -> Result<()> {
    maillage::serveur::serve(listener, router, Limites::default(), std::future::pending()).await
}
