//! The one error that crosses the HTTP boundary, and what a person is told about it.

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::{DbErr, RuntimeErr, SqlxError};

use crate::reference;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong on the way to an answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or this person may not know that it does.
    #[error("introuvable")]
    NotFound,
    /// What was sent can be read, and names something that does not exist here; the sentence says what.
    #[error("{0}")]
    Unknown(String),
    /// Nobody is signed in where somebody must be.
    #[error("connexion nécessaire")]
    Unauthenticated,
    /// Known, but not theirs to do.
    #[error("accès refusé")]
    Forbidden,
    /// What was sent cannot be understood; the sentence says why and what to do.
    #[error("{0}")]
    Unreadable(String),
    /// It was there and has left for good; the sentence says what to do.
    #[error("{0}")]
    Gone(&'static str, String),
    /// Understood and refused by a rule or by somebody else's change; the sentence says which.
    #[error("{0}")]
    Conflict(String),
    /// The database does not answer: nothing was written, one may try again.
    #[error("base de données injoignable : {0}")]
    Unavailable(String),
    /// Our fault: logged once with its reference, never shown.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if is_out_of_reach(&error) {
            return Self::Unavailable(error.to_string());
        }
        Self::Fault(error.into())
    }
}

/// Tells a database that cannot be reached or written from a query that is wrong.
fn is_out_of_reach(error: &DbErr) -> bool {
    let sqlx = match error {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) => e,
        DbErr::Conn(_) => return true,
        _ => return false,
    };
    match sqlx.as_ref() {
        SqlxError::Io(_) | SqlxError::PoolTimedOut | SqlxError::PoolClosed | SqlxError::WorkerCrashed | SqlxError::Protocol(_) => true,
        SqlxError::Database(e) => e.code().is_some_and(|code| is_code_out_of_reach(&code)),
        _ => false,
    }
}

/// PostgreSQL: connection exceptions (08), shutdown (57P), disk full (53). SQLite: busy, locked, read-only, I/O, full, cannot open.
fn is_code_out_of_reach(code: &str) -> bool {
    if code.len() == 5 {
        return code.starts_with("08") || code.starts_with("57P") || code.starts_with("53");
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14))
}

/// What the shell of the program shows for an error: it travels in the response's extensions and is drawn
/// as a page or as problem+json by whoever knows which of the two was asked.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: StatusCode,
    /// One sentence: what happened.
    pub title: &'static str,
    /// One sentence: what to do now.
    pub detail: String,
    /// To be quoted to the operator; the log holds the cause beside it.
    pub reference: Option<String>,
}

impl Failure {
    pub fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, title, detail: detail.into(), reference: None }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new(
                StatusCode::NOT_FOUND,
                "Cette page est introuvable.",
                "L’adresse est peut-être incomplète, ou la fiche a été retirée. Revenez à l’accueil pour reprendre votre recherche.",
            ),
            Error::Gone(title, sentence) => Self::new(StatusCode::GONE, title, sentence),
            Error::Unauthenticated => Self::new(
                StatusCode::UNAUTHORIZED,
                "Il faut se connecter.",
                "Ces pages sont réservées à l’équipe : connectez-vous, puis recommencez.",
            ),
            Error::Forbidden => Self::new(
                StatusCode::FORBIDDEN,
                "Cette action ne vous est pas ouverte.",
                "Demandez à la coordination de votre territoire si vous devez y avoir accès.",
            ),
            Error::Unreadable(sentence) => Self::new(StatusCode::BAD_REQUEST, "La demande n’a pas pu être comprise.", sentence),
            Error::Unknown(sentence) => Self::new(StatusCode::NOT_FOUND, "Ce qui est demandé n’existe pas ici.", sentence),
            Error::Conflict(sentence) => Self::new(StatusCode::CONFLICT, "Ce n’est pas possible en l’état.", sentence),
            Error::Unavailable(cause) => {
                let reference = reference::current();
                tracing::error!(%reference, %cause, "database out of reach");
                Self {
                    reference: Some(reference),
                    ..Self::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "L’enregistrement est momentanément impossible.",
                        "Rien n’a été enregistré et rien n’est perdu : gardez cette page ouverte et recommencez dans une minute.",
                    )
                }
            }
            Error::Fault(cause) => {
                let reference = reference::current();
                tracing::error!(%reference, cause = format!("{cause:#}"), "fault");
                Self {
                    reference: Some(reference),
                    ..Self::new(
                        StatusCode::INTERNAL_SERVER_ERROR,
                        "Une erreur s’est produite de notre côté.",
                        "Recommencez ; si cela persiste, signalez la référence ci-dessous à la personne qui administre le service.",
                    )
                }
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.detail.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Failure::from(self).into_response()
    }
}

/// An error on its way to a program: drawn as problem+json (RFC 9457) on the spot, without a layer around the route.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        Failure::from(self.0).into_problem()
    }
}

/// What goes with every answer to a program: it is data, and no browser makes a page of it.
pub const DATA_ONLY: [(HeaderName, &str); 2] =
    [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'")];

impl Failure {
    /// The failure as programs read it.
    pub fn into_problem(self) -> Response {
        let problem = serde_json::json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "reference": self.reference,
        });
        (self.status, DATA_ONLY, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_database_is_told_apart_from_a_wrong_query() {
        assert!(matches!(Error::from(DbErr::Conn(RuntimeErr::Internal("gone".into()))), Error::Unavailable(_)));
        assert!(matches!(Error::from(DbErr::Custom("syntax".into())), Error::Fault(_)));
        assert!(is_code_out_of_reach("57P01") && is_code_out_of_reach("13") && is_code_out_of_reach("522"));
        assert!(!is_code_out_of_reach("23505") && !is_code_out_of_reach("2067"));
    }

    #[test]
    fn a_fault_shows_a_reference_and_never_its_cause() {
        let failure = Failure::from(Error::Fault(anyhow::anyhow!("table secrète")));
        assert!(failure.reference.is_some());
        assert!(!failure.detail.contains("secrète"));
    }
}
