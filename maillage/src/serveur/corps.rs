//! A body that must arrive: a first delay, then a rate that any rural line keeps.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

/// Enough for a form on a bad line; a large file earns more as it arrives.
const FIRST_DELAY: Duration = Duration::from_secs(20);
const BYTES_PER_SECOND: u64 = 4_096;

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
