//! Why nobody came in, in words that a log may keep: never a token, an address, nor what a server answered.

use std::error::Error;

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{
    ClaimsVerificationError, DiscoveryError, RequestTokenError, SignatureVerificationError, StandardErrorResponse, UserInfoError,
};

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum Refus {
    #[error("le fournisseur d’identité ne répond pas : {0}")]
    Absent(String),
    /// What does not match, for the log.
    #[error("réponse refusée : {0}")]
    Refuse(String),
    /// The person, or the provider, said no.
    #[error("le fournisseur n’a pas donné son accord : {0}")]
    Decline(String),
}

pub(super) fn refuse(error: impl std::fmt::Display) -> Refus {
    Refus::Refuse(one_line(&error.to_string()))
}

/// The code of an error (RFC 6749, 4.1.2.1), up to what would not be one.
pub(super) fn error_code(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').take(40).collect()
}

pub(super) fn tell_discovery(error: &DiscoveryError<sortant::Refus>) -> String {
    match error {
        DiscoveryError::Request(cause) => tell_causes(cause),
        DiscoveryError::Parse(cause) => one_line(&format!("unreadable at {}", cause.path())),
        other => one_line(&other.to_string()),
    }
}

pub(super) fn refuse_exchange(error: &RequestTokenError<sortant::Refus, StandardErrorResponse<CoreErrorResponseType>>) -> Refus {
    match error {
        RequestTokenError::Request(cause) => Refus::Absent(tell_causes(cause)),
        RequestTokenError::ServerResponse(answer) => Refus::Refuse(format!("code: {}", error_code(answer.error().as_ref()))),
        RequestTokenError::Parse(..) => Refus::Refuse("code: unreadable answer".into()),
        RequestTokenError::Other(why) => refuse(format_args!("code: {why}")),
    }
}

pub(super) fn refuse_userinfo(error: &UserInfoError<sortant::Refus>) -> Refus {
    match error {
        UserInfoError::Request(cause) => Refus::Absent(tell_causes(cause)),
        UserInfoError::ClaimsVerification(error) => Refus::Refuse(format!("userinfo: {}", name_mismatch(error))),
        UserInfoError::Response(status, ..) => Refus::Refuse(format!("userinfo: {status}, or another type than announced")),
        _ => Refus::Refuse("userinfo: unreadable answer".into()),
    }
}

pub(super) fn refuse_identite(error: &ClaimsVerificationError) -> Refus {
    Refus::Refuse(format!("identity: {}", name_mismatch(error)))
}

/// Whether other keys of the same provider might say yes.
pub(super) fn is_about_keys(error: &ClaimsVerificationError) -> bool {
    use SignatureVerificationError::{AmbiguousKeyId, CryptoError, InvalidKey, NoMatchingKey};
    matches!(error, ClaimsVerificationError::SignatureVerification(AmbiguousKeyId(_) | CryptoError(_) | InvalidKey(_) | NoMatchingKey))
}

/// The library quotes the claims in its sentences: only the name of what does not match is kept.
fn name_mismatch(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired, or issued too long ago",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::InvalidSubject(_) => "subject",
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => "unknown key",
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::DisallowedAlg(_)) => "signature algorithm",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "claims",
    }
}

/// A call that failed says why at its last cause only (« connection refused »).
fn tell_causes(error: &sortant::Refus) -> String {
    let mut told = error.to_string();
    let mut cause = error.source().and_then(Error::source);
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    one_line(&told)
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(300).collect()
}
