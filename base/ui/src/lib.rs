//! The frame of every page, the files it needs, French formatting, and how a page becomes a response.
//! Knows no word of the field: capabilities fill a `Frame` and extend `cadre.html` with their own templates.
//! Public face: `Frame`, `Site`, `show`, `show_with`, `format`, `graphique`, `assets`, `ErrorPage`.

pub mod assets;
mod error_page;
pub mod format;
mod frame;
pub mod graphique;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

pub use error_page::ErrorPage;
pub use frame::{Audience, Frame, MenuItem, Phone, Site, User};

/// A page, found.
pub fn show(page: &impl Template) -> kit::Result<Response> {
    show_with(StatusCode::OK, page)
}

/// A page with a status of its own: 422 for a form to mend, 409 for a refusal.
pub fn show_with(status: StatusCode, page: &impl Template) -> kit::Result<Response> {
    let body = page.render().map_err(anyhow::Error::from)?;
    Ok((status, Html(body)).into_response())
}
