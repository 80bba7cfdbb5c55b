//! What else came from the number that is being typed. A number is not a person: it is offered, no more.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use comptes::permission::PrendreAppel;
use comptes::{Autorise, Equipier};
use kit::{Instant, Result, telephone};
use serde::Deserialize;
use ui::show;

use crate::Accueil;
use crate::storage::{DemandeDeNumero, list_demandes_de_numero};

/// In the body of a request, never in its address: addresses are written in logs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NumeroInput {
    rappel_telephone: String,
}

#[derive(Template)]
#[template(path = "accueil/appel_numero.html")]
pub(super) struct NumeroVolet {
    slug: String,
    now: Instant,
    demandes: Vec<DemandeDeNumero>,
}

impl NumeroVolet {
    /// Nothing while the number is not whole.
    pub(super) async fn find(equipier: &Equipier, accueil: &Accueil, typed: &str) -> Result<Self> {
        let demandes = match telephone::read(typed) {
            Ok(numero) => list_demandes_de_numero(&accueil.db, &accueil.coffre, equipier.territoire.id, &numero).await?,
            Err(_) => vec![],
        };
        Ok(Self { slug: equipier.territoire.slug.clone(), now: equipier.now, demandes })
    }
}

pub async fn show_numero(
    equipier: Autorise<PrendreAppel>,
    State(accueil): State<Accueil>,
    Form(input): Form<NumeroInput>,
) -> Result<Response> {
    show(&NumeroVolet::find(&equipier, &accueil, &input.rappel_telephone).await?)
}
