//! The calls of quality: whom to call today, what they said, and how many answered.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::LireDemandes;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Instant, Result, journal};
use ui::{Frame, show, show_with};

use super::une_demande::find;
use crate::model::{Demande, Reglage};
use crate::mots::{libelle_de_besoin, nom_de_commune};
use crate::qualite::rules::{QualiteInput, is_sampled, window};
use crate::qualite::storage::{AAppeler, BilanQualite, count_bilan, insert_appel, list_a_appeler};
use crate::qualite::{ReponseQualite, Solution};
use crate::storage::find_reglage;
use crate::{Accueil, trace};

#[derive(Template)]
#[template(path = "accueil/appels_qualite.html")]
struct AppelsPage {
    frame: Frame,
    slug: String,
    jours: u32,
    sur: u32,
    a_appeler: Vec<AAppeler>,
    bilan: BilanQualite,
    now: Instant,
}

/// The figures are those of a year.
const AN: i64 = 365 * 86_400;

pub async fn show_appels(equipier: Autorise<LireDemandes>, State(accueil): State<Accueil>) -> Result<Response> {
    let (db, territoire, now) = (&accueil.db, equipier.territoire.id, equipier.now);
    let jours = find_reglage(db, territoire, Reglage::QualiteJours).await?;
    let sur = find_reglage(db, territoire, Reglage::QualiteSur).await?;
    let mut a_appeler = list_a_appeler(db, territoire, window(jours, now)).await?;
    a_appeler.retain(|one| one.id.parse().is_ok_and(|id| is_sampled(id, sur)));
    let bilan = count_bilan(db, territoire, now.plus_seconds(-AN)).await?;
    let frame = equipier.frame("Appels de qualité", Menu::Demandes);
    show(&AppelsPage { frame, slug: equipier.territoire.slug.clone(), jours, sur, a_appeler, bilan, now })
}

impl AppelsPage {
    /// « 4,2 sur 5 ».
    fn moyenne(&self) -> Option<String> {
        let tenths = (self.bilan.notes * 10).checked_div(self.bilan.notees)?;
        Some(format!("{},{} sur 5", tenths / 10, tenths % 10))
    }
}

#[derive(Template)]
#[template(path = "accueil/appel_qualite.html")]
struct AppelPage {
    frame: Frame,
    slug: String,
    demande: Demande,
    input: QualiteInput,
    errors: FieldErrors,
    refus: Option<String>,
    now: Instant,
}

impl AppelPage {
    /// The structures that were proposed, each once.
    fn structures(&self) -> Vec<(Id, &str)> {
        let mut named: Vec<(Id, &str)> = vec![];
        for one in &self.demande.detail.orientations {
            if !named.iter().any(|(id, _)| *id == one.structure_id) {
                named.push((one.structure_id, &one.structure_nom));
            }
        }
        named
    }
}

fn show_form(
    equipier: &Equipier,
    demande: Demande,
    (input, errors, refus): (QualiteInput, FieldErrors, Option<String>),
    status: StatusCode,
) -> Result<Response> {
    let frame = equipier.frame(format!("Appel de qualité, demande n° {}", demande.numero), Menu::Demandes);
    show_with(status, &AppelPage { frame, slug: equipier.territoire.slug.clone(), demande, input, errors, refus, now: equipier.now })
}

pub async fn show_appel(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    // The page shows a name and a number: who reads them is written first.
    let acte = trace::acte(Some(equipier.compte_id), trace::LECTURE, demande.id, "");
    journal::record_alone(&accueil.db, equipier.territoire.id, equipier.now, &acte).await?;
    show_form(&equipier, demande, (QualiteInput::default(), FieldErrors::default(), None), StatusCode::OK)
}

pub async fn create_appel(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<QualiteInput>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    let proposees: Vec<Id> = demande.detail.orientations.iter().map(|one| one.structure_id).collect();
    let appel = match input.parse(&proposees) {
        Ok(appel) => appel,
        Err(errors) => return show_form(&equipier, demande, (input, errors, None), StatusCode::UNPROCESSABLE_ENTITY),
    };
    match insert_appel(&accueil.db, &accueil.coffre, &demande, &appel, (equipier.compte_id, equipier.now)).await {
        // Nothing was found: the page of the demande offers to take it up again.
        Ok(()) if appel.solution == Some(Solution::Non) => {
            Ok(Redirect::to(&format!("/{}/equipe/demandes/{id}#qualite", equipier.territoire.slug)).into_response())
        }
        Ok(()) => Ok(Redirect::to(&format!("/{}/equipe/appels-qualite", equipier.territoire.slug)).into_response()),
        Err(Error::Conflict(sentence)) => {
            show_form(&equipier, demande, (input, FieldErrors::default(), Some(sentence)), StatusCode::CONFLICT)
        }
        Err(error) => Err(error),
    }
}
