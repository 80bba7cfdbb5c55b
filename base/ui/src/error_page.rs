//! The page of an error: what happened, what to do now, and two ways out.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kit::Failure;

use crate::{Frame, Site, show_with};

#[derive(Template)]
#[template(path = "erreur.html")]
pub struct ErrorPage<'a> {
    pub frame: Frame,
    pub failure: &'a Failure,
}

impl ErrorPage<'_> {
    /// The page of a failure, inside the site where it happened when there is one.
    pub fn respond(failure: &Failure, site: Option<Site>) -> Response {
        let frame = Frame { site, ..Frame::bare(failure.title) };
        let page = ErrorPage { frame, failure };
        show_with(failure.status, &page).unwrap_or_else(IntoResponse::into_response)
    }
}
