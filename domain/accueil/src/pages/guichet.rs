//! « Au guichet »: somebody of a mairie, a France services, a CMS writes down the demande of the person in front of them. They leave
//! what was asked and read nothing of the others.

use annuaire::besoin::{Besoin, Taxonomie};
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::DeposerDemande;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Result};
use serde::Deserialize;
use territoire::Commune;
use ui::{Frame, show_with};

use super::liste::list_communes;
use crate::model::{Canal, Finalite, Issue, Motif, Sexe, TrancheAge, Urgence};
use crate::rules::consentement::texte;
use crate::saisie::{Circonstance, DemandeInput};
use crate::{Accueil, acte};

#[derive(Template)]
#[template(path = "accueil/guichet.html")]
struct GuichetPage {
    frame: Frame,
    slug: String,
    communes: Vec<&'static Commune>,
    input: DemandeInput,
    errors: FieldErrors,
    enregistree: Option<EnregistreeInput>,
    panne: Option<&'static str>,
}

impl GuichetPage {
    fn besoins(&self) -> impl Iterator<Item = &'static Besoin> {
        Taxonomie::get().iter()
    }

    fn texte_consentement(&self) -> String {
        ui::format::typographie(texte(Finalite::Rappel, Canal::Guichet))
    }
}

/// The demande just recorded: its number, and what the list to hand over is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EnregistreeInput {
    numero: u64,
    commune: String,
    besoin: String,
}

pub async fn show_guichet(equipier: Autorise<DeposerDemande>, Query(input): Query<EnregistreeInput>) -> Result<Response> {
    let enregistree = Some(input).filter(|one| one.numero > 0);
    let fresh = DemandeInput { cle: Id::new(equipier.now).to_string(), ..DemandeInput::default() };
    show_page(&equipier, (StatusCode::OK, FieldErrors::default(), None), fresh, enregistree)
}

fn show_page(
    equipier: &Equipier,
    (status, errors, panne): (StatusCode, FieldErrors, Option<&'static str>),
    input: DemandeInput,
    enregistree: Option<EnregistreeInput>,
) -> Result<Response> {
    let (frame, communes) = (equipier.frame("Au guichet", Menu::Guichet), list_communes(&equipier.territoire));
    show_with(status, &GuichetPage { frame, slug: equipier.territoire.slug.clone(), communes, input, errors, enregistree, panne })
}

/// « À rappeler »: the line calls the person; anything else means that they leave with the list, were it empty: « sans solution ».
pub async fn create_guichet(
    equipier: Autorise<DeposerDemande>,
    State(accueil): State<Accueil>,
    Form(mut input): Form<DemandeInput>,
) -> Result<Response> {
    let is_rappel = input.issue == Issue::ARappeler.code();
    input.issue = if is_rappel { Issue::ARappeler } else { Issue::Information }.code().into();
    let (territoire, now) = (equipier.territoire.id, equipier.now);
    let circonstance = Circonstance { territoire_id: territoire, canal: Canal::Guichet, now, compte_id: Some(equipier.compte_id) };
    let (parsed, mut errors) = match input.parse(circonstance) {
        Ok(demande) => (Some(demande), FieldErrors::default()),
        Err(errors) => (None, errors),
    };
    if is_rappel && input.rappel_telephone.trim().is_empty() && input.rappel_courriel.trim().is_empty() {
        errors.add("rappel_telephone", "Pour que la ligne rappelle, il faut un numéro.");
    }
    let Some(mut demande) = parsed.filter(|_| errors.is_empty()) else {
        return show_page(&equipier, (StatusCode::UNPROCESSABLE_ENTITY, errors, None), input, None);
    };
    if !is_rappel && acte::answer(&accueil.aiguillages.get(territoire), &demande)?.propositions.is_empty() {
        (demande.issue, demande.motif) = (Some(Issue::SansSolution), Some(Motif::AucunService));
    }
    demande.tour = acte::draw_tour(&accueil, territoire, &demande.besoins).await;
    match acte::record(&accueil, demande, &[]).await {
        Ok(recorded) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("numero", &recorded.numero.to_string())
                .append_pair("commune", &input.commune)
                .append_pair("besoin", &input.besoin)
                .finish();
            Ok(Redirect::to(&format!("/{}/equipe/guichet?{query}", equipier.territoire.slug)).into_response())
        }
        Err(Error::Unavailable(cause)) => {
            tracing::error!(%cause, "demande of a desk not recorded");
            let panne = "La demande n’a pas pu être enregistrée à l’instant. Rien n’est perdu : tout est encore à l’écran. Recommencez dans une minute.";
            show_page(&equipier, (StatusCode::SERVICE_UNAVAILABLE, FieldErrors::default(), Some(panne)), input, None)
        }
        Err(error) => Err(error),
    }
}
