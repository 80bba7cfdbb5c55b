//! « Ma structure »: the record as the public reads it, « tout est juste », and what may be mended.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirSaStructure;
use comptes::storage::{list_comptes, list_referents, list_structures_of};
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::FieldErrors;
use kit::journal::{self, Acte};
use kit::{Error, Id, Result};
use serde::Deserialize;
use ui::{Frame, show, show_with};

use super::structure::{ServiceMontre, describe_service, describe_verification};
use crate::acces::StructureTenue;
use crate::rules::presentation::{describe_change, read};
use crate::storage::fiche::{Fiche, find_fiche, insert_verification, list_noms, update_presentation};
use crate::storage::find_structure;
use crate::{Annuaire, Presentation, VerificationFiche, Voie};

#[derive(Template)]
#[template(path = "annuaire/mes_structures.html")]
struct MiennesPage {
    frame: Frame,
    slug: String,
    structures: Vec<(Id, String)>,
}

/// With a single structure, its record is the page.
pub async fn show_miennes(equipier: Autorise<TenirSaStructure>, State(annuaire): State<Annuaire>) -> Result<Response> {
    let (territoire, slug) = (equipier.territoire.id, equipier.territoire.slug.clone());
    let miennes = list_structures_of(&annuaire.db, territoire, equipier.compte_id).await?;
    let structures = list_noms(&annuaire.db, territoire, &miennes).await?;
    if let [(only, _)] = structures.as_slice() {
        return Ok(Redirect::to(&format!("/{slug}/equipe/structures/{only}")).into_response());
    }
    show(&MiennesPage { frame: equipier.frame("Mes structures", Menu::Structures), slug, structures })
}

/// What the form sends; `version` is what it was filled from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PresentationInput {
    telephone: String,
    courriel: String,
    site_web: String,
    description: String,
    version: i64,
}

impl PresentationInput {
    fn of(fiche: &Fiche) -> Self {
        let Presentation { contact, description } = fiche.presentation.clone();
        Self {
            telephone: contact.telephone.unwrap_or_default(),
            courriel: contact.courriel.unwrap_or_default(),
            site_web: contact.site_web.unwrap_or_default(),
            description: description.unwrap_or_default(),
            version: fiche.version,
        }
    }

    fn parse(&self) -> Result<Presentation, FieldErrors> {
        read(&self.telephone, &self.courriel, &self.site_web, &self.description)
    }
}

#[derive(Template)]
#[template(path = "annuaire/fiche.html")]
struct FichePage {
    frame: Frame,
    slug: String,
    fiche: Fiche,
    services: Vec<ServiceMontre>,
    /// « le 3 mars 2026, par téléphone, par Camille Renard ».
    verifiee: Option<String>,
    referents: Vec<String>,
    /// Somebody of the structure itself says how they know by being who they are.
    voies: &'static [Voie],
    input: PresentationInput,
    errors: FieldErrors,
}

pub async fn show_fiche(tenue: StructureTenue, State(annuaire): State<Annuaire>) -> Result<Response> {
    show_with_input(&tenue, &annuaire, None).await
}

async fn find(annuaire: &Annuaire, tenue: &StructureTenue) -> Result<Fiche> {
    find_fiche(&annuaire.db, tenue.territoire.id, tenue.structure).await?.ok_or(Error::NotFound)
}

async fn show_with_input(
    tenue: &StructureTenue,
    annuaire: &Annuaire,
    refused: Option<(PresentationInput, FieldErrors)>,
) -> Result<Response> {
    let (territoire, fiche) = (&tenue.territoire, find(annuaire, tenue).await?);
    let services = find_structure(&annuaire.db, territoire.id, fiche.id).await?.map(|(_, services)| services).unwrap_or_default();
    let referents = list_referents(&annuaire.db, territoire.id, fiche.id).await?;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (input, errors) = refused.unwrap_or_else(|| (PresentationInput::of(&fiche), FieldErrors::default()));
    let page = FichePage {
        frame: tenue.frame(fiche.nom.clone(), menu(tenue)),
        slug: territoire.slug.clone(),
        services: services.into_iter().map(|service| describe_service(service, territoire)).collect(),
        verifiee: describe_auteur(annuaire, tenue, fiche.verification.as_ref()).await?,
        referents: referents.into_iter().filter(|one| one.desactive_at.is_none()).map(|one| one.nom).collect(),
        voies: list_voies(tenue),
        fiche,
        input,
        errors,
    };
    show_with(status, &page)
}

async fn describe_auteur(annuaire: &Annuaire, tenue: &StructureTenue, last: Option<&VerificationFiche>) -> Result<Option<String>> {
    let Some(last) = last else { return Ok(None) };
    let comptes = list_comptes(&annuaire.db, tenue.territoire.id).await?;
    let nom = comptes.into_iter().find(|compte| compte.id == last.compte_id).map_or("un compte supprimé".into(), |compte| compte.nom);
    Ok(Some(format!("{} ({nom})", describe_verification(last))))
}

fn menu(equipier: &Equipier) -> Menu {
    if equipier.can(Droit::TenirAnnuaire) { Menu::Annuaire } else { Menu::Structures }
}

/// The channels that somebody may say: their own structure's référent·e is the structure itself.
fn list_voies(equipier: &Equipier) -> &'static [Voie] {
    if equipier.can(Droit::TenirAnnuaire) { &[Voie::Appel, Voie::Visite, Voie::Courriel] } else { &[Voie::LibreService] }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VerificationInput {
    voie: String,
}

/// « Tout est juste »: dated, with its author and how they knew; nothing else changes.
pub async fn create_verification(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Form(input): Form<VerificationInput>,
) -> Result<Response> {
    let voies = list_voies(&tenue);
    let said = Voie::from_code(&input.voie).filter(|voie| voies.contains(voie));
    let voie = said.or(voies.first().copied()).ok_or(Error::NotFound)?;
    let verification = VerificationFiche { at: tenue.now, compte_id: tenue.compte_id, voie };
    let tx = annuaire.db.begin().await?;
    insert_verification(&tx, tenue.territoire.id, tenue.structure, &verification).await?;
    journal::record(&tx, tenue.territoire.id, tenue.now, &acte(&tenue, "fiche vérifiée", voie.label())).await?;
    tx.commit().await?;
    Ok(back(&tenue))
}

/// Published at once: the snapshot is taken again.
pub async fn update_fiche(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Form(input): Form<PresentationInput>,
) -> Result<Response> {
    let after = match input.parse() {
        Ok(after) => after,
        Err(errors) => return show_with_input(&tenue, &annuaire, Some((input, errors))).await,
    };
    let change = describe_change(&find(&annuaire, &tenue).await?.presentation, &after);
    if change.is_empty() {
        return Ok(back(&tenue));
    }
    let territoire = &tenue.territoire;
    let tx = annuaire.db.begin().await?;
    if !update_presentation(&tx, territoire.id, (tenue.structure, input.version), &after, tenue.now).await? {
        return Err(Error::Conflict("Quelqu’un vient de modifier cette fiche : rechargez la page, puis recommencez.".into()));
    }
    journal::record(&tx, territoire.id, tenue.now, &acte(&tenue, "fiche corrigée", &change)).await?;
    tx.commit().await?;
    annuaire.aiguillages.refresh(&annuaire.db, std::slice::from_ref(territoire)).await?;
    Ok(back(&tenue))
}

fn acte<'a>(tenue: &StructureTenue, acte: &'a str, detail: &'a str) -> Acte<'a> {
    Acte { auteur: Some(tenue.compte_id), acte, objet: ("structure", tenue.structure), detail }
}

fn back(tenue: &StructureTenue) -> Response {
    Redirect::to(&format!("/{}/equipe/structures/{}", tenue.territoire.slug, tenue.structure)).into_response()
}
