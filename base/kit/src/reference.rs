//! The short name of a request: in the log beside everything that happens during it, and shown to the person when it fails.

use std::future::Future;

use uuid::Uuid;

tokio::task_local! {
    static REFERENCE: String;
}

/// A new one, eight characters that can be read over the telephone.
pub fn draw() -> String {
    Uuid::new_v4().simple().to_string()[..8].to_string()
}

/// That of the request being answered; a new one outside of any.
pub fn current() -> String {
    REFERENCE.try_with(Clone::clone).unwrap_or_else(|_| draw())
}

/// Answers a request under its reference.
pub async fn scope<F: Future>(reference: String, answer: F) -> F::Output {
    REFERENCE.scope(reference, answer).await
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn a_request_keeps_its_reference_and_outside_there_is_always_a_new_one() {
        let inside = super::scope("abcd1234".into(), async { (super::current(), super::current()) }).await;
        assert_eq!(inside, ("abcd1234".into(), "abcd1234".into()));
        assert_ne!(super::current(), super::current());
    }
}
