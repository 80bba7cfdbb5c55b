//! The page of an error: what happened, what to do now, and two ways out.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kit::Failure;

use crate::{Frame, show_with};

#[derive(Template)]
#[template(path = "erreur.html")]
pub struct ErrorPage<'a> {
    pub frame: Frame,
    pub failure: &'a Failure,
}

impl ErrorPage<'_> {
    /// The page of a failure, outside any site.
    pub fn respond(failure: &Failure) -> Response {
        let page = ErrorPage { frame: Frame::bare(failure.title), failure };
        show_with(failure.status, &page).unwrap_or_else(IntoResponse::into_response)
    }
}
