//! A body that must arrive, and as it is: a first delay, then a rate that any rural line keeps; nothing that would have to be unfolded.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use hyper::body::{Body, Frame, SizeHint};
use kit::Failure;
use tokio::time::Sleep;
use ui::ErrorPage;

use crate::shell;

/// Enough for a form on a bad line; a large file earns more as it arrives.
const FIRST_DELAY: Duration = Duration::from_secs(20);
const BYTES_PER_SECOND: u64 = 4_096;

/// The answer to a compressed body: none is read, so that none can hide a thousand times its size.
pub fn refuse_encoded<B: Body>(request: &Request<B>) -> Option<Response> {
    if request.body().is_end_stream() || !request.headers().contains_key(header::CONTENT_ENCODING) {
        return None;
    }
    let detail = "Un envoi compressé (Content-Encoding) n’est pas lu : envoyez-le tel quel.";
    let failure = Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "La demande n’a pas pu être comprise.", detail);
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = if is_api { failure.into_problem() } else { ErrorPage::respond(&failure, None) };
    shell::add_headers_to(&mut response);
    Some(response)
}

/// A body that fails once it is late.
pub struct CorpsAttendu<B> {
    body: B,
    deadline: Pin<Box<Sleep>>,
}

impl<B> CorpsAttendu<B> {
    pub fn new(body: B) -> Self {
        Self { body, deadline: Box::pin(tokio::time::sleep(FIRST_DELAY)) }
    }
}

impl<B> Body for CorpsAttendu<B>
where
    B: Body<Data = Bytes, Error: Into<axum::BoxError>> + Unpin,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()).and_then(Frame::data_ref) {
                let earned = Duration::from_millis(data.len() as u64 * 1_000 / BYTES_PER_SECOND);
                let later = self.deadline.deadline() + earned;
                self.deadline.as_mut().reset(later);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        match self.deadline.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
