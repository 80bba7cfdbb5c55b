//! Styles, scripts and fonts, embedded in the binary and kept for ever by browsers: their address changes with their content.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kit::routes::{Routes, Tous};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../front/dist"]
struct Files;

/// Content hash of each file, computed once.
static HASHES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let hash =
        |name: &str| Files::get(name).map(|file| file.metadata.sha256_hash()[..6].iter().map(|byte| format!("{byte:02x}")).collect());
    Files::iter().filter_map(|name| Some((name.to_string(), hash(&name)?))).collect()
});

/// The address of a file: `/fichiers/3f2a…/site.css`. One that does not exist keeps a plain address, which answers 404.
pub fn href(name: &str) -> String {
    let hash = HASHES.get(name).map_or("absent", String::as_str);
    format!("/fichiers/{hash}/{name}")
}

/// Serves the files.
pub fn routes() -> Routes {
    Routes::new().get("/fichiers/{hash}/{*name}", show)
}

async fn show(_: Tous, Path((_, name)): Path<(String, String)>) -> Response {
    let Some(file) = Files::get(&name) else { return kit::Error::NotFound.into_response() };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, file.data.into_owned()).into_response()
}
