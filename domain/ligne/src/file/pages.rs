//! The queue on screen. Whom to call is shown once somebody has taken the person: two people never call the same.

use accueil::en_ligne::{EnLigne, list_en_ligne, release, take};
use accueil::mots::{a_la_commune, libelles_de_besoins};
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::PrendreAppel;
use comptes::{Autorise, Equipier, Menu};
use kit::routes::Routes;
use kit::{Id, Instant, Result};
use serde::Deserialize;
use ui::{Frame, show_with};

use super::{EnAttente, Objet, list_file};
use crate::Ligne;
use crate::model::NatureMessage;

pub fn routes(ligne: Ligne) -> Routes {
    Routes::new()
        .get("/{territoire}/equipe/file", show_file)
        .post("/{territoire}/equipe/file/prise", create_prise)
        .post("/{territoire}/equipe/file/abandon", delete_prise)
        .with_state(ligne)
}

struct Rang {
    cle: String,
    quoi: String,
    detail: String,
    recue: String,
    promesse: String,
    is_late: bool,
    /// Who is on it.
    en_ligne: Option<EnLigne>,
}

impl Rang {
    /// Somebody else of the team, who is on it now.
    fn other(&self) -> Option<&EnLigne> {
        self.en_ligne.as_ref().filter(|one| !one.is_moi)
    }
}

#[derive(Template)]
#[template(path = "ligne/file.html")]
struct FilePage {
    frame: Frame,
    slug: String,
    lignes: Vec<Rang>,
    retards: usize,
    refus: Option<String>,
}

async fn show_file(equipier: Autorise<PrendreAppel>, State(ligne): State<Ligne>) -> Result<Response> {
    show_page(&ligne, &equipier, (StatusCode::OK, None)).await
}

async fn show_page(ligne: &Ligne, equipier: &Equipier, (status, refus): (StatusCode, Option<String>)) -> Result<Response> {
    let (db, now) = (&ligne.accueil.db, equipier.now);
    let file = list_file(ligne, &equipier.territoire, now).await?;
    let en_ligne = list_en_ligne(db, equipier).await?;
    let who = |one: &EnAttente| en_ligne.iter().find(|(objet, _)| *objet == one.objet.cle()).map(|(_, who)| who.clone());
    let lignes: Vec<Rang> = file.iter().map(|one| describe(one, now, who(one))).collect();
    let retards = lignes.iter().filter(|one| one.is_late).count();
    let frame = equipier.frame("File d’attente", Menu::File);
    show_with(status, &FilePage { frame, slug: equipier.territoire.slug.clone(), lignes, retards, refus })
}

fn to_do(nature: NatureMessage) -> &'static str {
    match nature {
        NatureMessage::MessageVocal => "à écouter, puis à rappeler",
        NatureMessage::AppelManque => "à rappeler",
        NatureMessage::Courriel => "à lire, puis à répondre",
    }
}

fn describe(one: &EnAttente, now: Instant, en_ligne: Option<EnLigne>) -> Rang {
    let (quoi, detail) = match &one.objet {
        Objet::Message { nature, .. } => (ui::format::phrase(nature.label()).trim_end_matches('.').to_string(), to_do(*nature).to_string()),
        Objet::Demande(demande) => {
            let why = if demande.issue.is_some() { "à rappeler" } else { "personne ne s’en est encore occupé" };
            (
                format!("Demande n° {} ({})", ui::format::nombre(demande.numero), demande.canal.label()),
                format!("{}, {} ; {why}", libelles_de_besoins(&demande.besoins), a_la_commune(&demande.code_insee)),
            )
        }
        Objet::Suite { numero, quoi, .. } => (format!("Demande n° {}", ui::format::nombre(*numero)), quoi.clone()),
    };
    Rang {
        cle: one.objet.cle(),
        quoi,
        detail,
        recue: ui::format::moment(&one.recue_at, &now),
        promesse: ui::format::moment(&one.promesse, &now),
        is_late: one.promesse < now,
        en_ligne,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PriseInput {
    objet: String,
}

/// « Je m’en occupe »: takes it, and leads to where it is dealt with.
async fn create_prise(equipier: Autorise<PrendreAppel>, State(ligne): State<Ligne>, Form(input): Form<PriseInput>) -> Result<Response> {
    let slug = &equipier.territoire.slug;
    let Some(to) = read_objet(&input.objet) else {
        return show_page(&ligne, &equipier, (StatusCode::UNPROCESSABLE_ENTITY, Some("Choisissez quelqu’un dans la liste.".into()))).await;
    };
    let who = (equipier.territoire.id, equipier.compte_id);
    if take(&ligne.accueil.db, who, &input.objet, equipier.now).await? {
        return Ok(Redirect::to(&format!("/{slug}/equipe/{to}")).into_response());
    }
    let refus = "Quelqu’un de l’équipe est déjà en ligne avec cette personne : choisissez la suivante.";
    show_page(&ligne, &equipier, (StatusCode::CONFLICT, Some(refus.into()))).await
}

/// Where what waits is dealt with.
fn read_objet(objet: &str) -> Option<String> {
    let (kind, id) = objet.split_once('-')?;
    let id: Id = id.parse().ok()?;
    match kind {
        "message" => Some(format!("ligne/messages/{id}")),
        "demande" => Some(format!("demandes/{id}")),
        _ => None,
    }
}

/// « Je rends »: somebody else may call.
async fn delete_prise(equipier: Autorise<PrendreAppel>, State(ligne): State<Ligne>, Form(input): Form<PriseInput>) -> Result<Response> {
    release(&ligne.accueil.db, (equipier.territoire.id, equipier.compte_id), &input.objet).await?;
    Ok(Redirect::to(&format!("/{}/equipe/file", equipier.territoire.slug)).into_response())
}
