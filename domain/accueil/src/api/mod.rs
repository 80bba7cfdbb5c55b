//! The accueil for programs: orientations read, demandes recorded.

pub mod demande;
pub mod ecriture;
pub mod orientation;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use kit::Failure;
use kit::routes::Routes;
use utoipa::ToSchema;

use crate::Accueil;

/// Every refusal, as programs read it (RFC 9457).
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the body for the documentation")]
pub struct ProblemBody {
    #[schema(example = "about:blank")]
    pub r#type: String,
    /// Ce qui s’est passé.
    pub title: String,
    pub status: u16,
    /// Que faire.
    pub detail: String,
    /// À citer à la personne qui administre le service, quand l’erreur vient de nous.
    pub reference: Option<String>,
}

/// The hottest routes of the program: errors are drawn here, no layer goes around them,
/// and one count of references is all that a request takes.
pub fn routes(accueil: Accueil) -> Routes {
    Routes::new()
        .get("/api/v1/orientations", orientation::show_orientations)
        .post("/api/v1/demandes", demande::create_demande)
        .around(|router| router.method_not_allowed_fallback(refuse_method))
        .with_state(Arc::new(accueil))
}

async fn refuse_method() -> Response {
    let detail = "Cette adresse existe, mais pas pour cette action : voyez /api.";
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, "La demande n’a pas pu être comprise.", detail).into_problem()
}
