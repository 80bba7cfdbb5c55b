//! « Ma structure »: the record as the public reads it, « tout est juste », and what may be mended.

pub(super) mod complements;
pub(super) mod historique;
pub(super) mod lieu;
pub(super) mod logo;
pub(super) mod regimes;
pub(super) mod service;

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirSaStructure;
use comptes::storage::{list_comptes, list_referents, list_structures_of};
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::FieldErrors;
use kit::journal::{self, Acte};
use kit::{Error, Id, Instant, Result};
use serde::Deserialize;
use ui::{Frame, show, show_with};

use super::structure::{LieuMontre, ServiceMontre, describe_information, describe_lieu, describe_service, describe_verification};
use crate::acces::StructureTenue;
use crate::acte::{Enregistrement, Entretemps, Main, mend_from};
use crate::fiche::Fiche;
use crate::qualite::{Critere, Qualite, find_correction};
use crate::regime::list_actes;
use crate::rules::presentation::read;
use crate::storage::fiche::{FicheTenue, find_fiche, list_noms};
use crate::storage::historique::Cause;
use crate::storage::logo::{LogoConnu, find_logo};
use crate::storage::suggestion::count_suggestions_of;
use crate::storage::verification::{find_verification, insert_verification};
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
    fn of(tenue: &FicheTenue) -> Self {
        let (contact, description) = (tenue.fiche.structure.contact.clone(), tenue.fiche.structure.description.clone());
        Self {
            telephone: contact.telephone.unwrap_or_default(),
            courriel: contact.courriel.unwrap_or_default(),
            site_web: contact.site_web.unwrap_or_default(),
            description: description.unwrap_or_default(),
            version: tenue.version,
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
    informations: Vec<(Id, String)>,
    /// Each place, in words, with its id.
    lieux: Vec<(Id, LieuMontre)>,
    /// « le 3 mars 2026, par téléphone, par Camille Renard ».
    verifiee: Option<String>,
    referents: Vec<String>,
    /// By what right it exercises, in words.
    actes: Vec<String>,
    /// Suggestions that wait for an answer.
    attente: i64,
    logo: Option<LogoConnu>,
    qualite: Qualite,
    /// Where each criterion is mended.
    corrections: Vec<(Critere, String)>,
    /// Somebody of the structure itself says how they know by being who they are.
    voies: &'static [Voie],
    input: PresentationInput,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
    now: Instant,
}

impl FichePage {
    fn correction(&self, critere: &Critere) -> &str {
        self.corrections.iter().find(|(one, _)| one == critere).map_or("", |(_, href)| href)
    }
}

/// A form of the page that was refused: shown again with what was typed.
#[derive(Default)]
pub(super) struct Refuse {
    presentation: Option<PresentationInput>,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
}

pub async fn show_fiche(tenue: StructureTenue, State(annuaire): State<Annuaire>) -> Result<Response> {
    show_again(&tenue, &annuaire, Refuse::default()).await
}

pub(super) async fn find(annuaire: &Annuaire, tenue: &StructureTenue) -> Result<FicheTenue> {
    find_fiche(annuaire.db.read(), tenue.territoire.id, tenue.structure).await?.ok_or(Error::NotFound)
}

/// Who mends, as the history will say it.
pub(super) fn main(tenue: &StructureTenue) -> Main<'_> {
    let cause = if tenue.can(Droit::TenirAnnuaire) { Cause::Equipe } else { Cause::Structure };
    Main { territoire: &tenue.territoire, auteur_id: Some(tenue.compte_id), auteur: &tenue.nom, cause, now: tenue.now }
}

pub(super) async fn show_again(tenue: &StructureTenue, annuaire: &Annuaire, refuse: Refuse) -> Result<Response> {
    let (territoire, known) = (&tenue.territoire, find(annuaire, tenue).await?);
    let referents = list_referents(&annuaire.db, territoire.id, tenue.structure).await?;
    let verification = find_verification(&annuaire.db, territoire.id, tenue.structure).await?;
    let status = status(&refuse.errors, &refuse.entretemps);
    let input = PresentationInput { version: known.version, ..refuse.presentation.unwrap_or_else(|| PresentationInput::of(&known)) };
    let fiche = known.fiche;
    let base = format!("/{}/equipe/structures/{}", territoire.slug, tenue.structure);
    let correct = |critere: &Critere| (*critere, format!("{base}{}", find_correction(*critere, &fiche, territoire)));
    let page = FichePage {
        attente: count_suggestions_of(&annuaire.db, territoire.id, tenue.structure).await?,
        logo: find_logo(&annuaire.db, territoire.id, tenue.structure).await?,
        qualite: Qualite::of(&fiche, territoire, (verification.as_ref().map(|last| last.at), tenue.now)),
        corrections: Critere::ALL.iter().map(correct).collect(),
        frame: tenue.frame(fiche.structure.nom.clone(), menu(tenue)),
        slug: territoire.slug.clone(),
        services: fiche.list_services().into_iter().map(|service| describe_service(service.clone(), territoire)).collect(),
        informations: list_informations(&fiche, tenue.now),
        lieux: fiche.lieux.iter().map(|(id, lieu)| (*id, describe_lieu(lieu, tenue.now))).collect(),
        verifiee: describe_auteur(annuaire, tenue, verification.as_ref()).await?,
        referents: referents.into_iter().filter(|one| one.desactive_at.is_none()).map(|one| one.nom).collect(),
        voies: list_voies(tenue),
        actes: list_actes(&fiche).iter().map(|acte| acte.regime.describe()).collect(),
        fiche,
        input,
        errors: refuse.errors,
        entretemps: refuse.entretemps,
        now: tenue.now,
    };
    show_with(status, &page)
}

/// Temporary information of today and to come, in words, with its id.
pub(super) fn list_informations(fiche: &Fiche, now: Instant) -> Vec<(Id, String)> {
    let still = fiche.informations.iter().filter(|(_, one)| one.au.is_none_or(|au| now.day() <= au));
    still.map(|(id, one)| (*id, format!("{} (à partir du {})", describe_information(one, fiche), ui::format::date(one.du)))).collect()
}

/// The answer to a form that was refused: wrong fields first, then somebody else's save.
pub(super) fn status(errors: &FieldErrors, entretemps: &[Entretemps]) -> StatusCode {
    match (errors.is_empty(), entretemps.is_empty()) {
        (true, true) => StatusCode::OK,
        (true, false) => StatusCode::CONFLICT,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

async fn describe_auteur(annuaire: &Annuaire, tenue: &StructureTenue, last: Option<&VerificationFiche>) -> Result<Option<String>> {
    let Some(last) = last else { return Ok(None) };
    let Some(author) = last.compte_id else { return Ok(Some(format!("{} (par le lien d’un courriel)", describe_verification(last)))) };
    let comptes = list_comptes(&annuaire.db, tenue.territoire.id).await?;
    let nom = comptes.into_iter().find(|compte| compte.id == author).map_or("un compte supprimé".into(), |compte| compte.nom);
    Ok(Some(format!("{} ({nom})", describe_verification(last))))
}

pub(super) fn menu(equipier: &Equipier) -> Menu {
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
    let verification = VerificationFiche { at: tenue.now, compte_id: Some(tenue.compte_id), voie };
    let tx = annuaire.db.begin().await?;
    insert_verification(&tx, tenue.territoire.id, tenue.structure, &verification).await?;
    journal::record(&tx, tenue.territoire.id, tenue.now, &acte(&tenue, "fiche vérifiée", voie.label())).await?;
    tx.commit().await?;
    Ok(back(&tenue))
}

/// Published at once. When somebody saved since, what they changed is shown above what was typed: nothing is lost.
pub async fn update_fiche(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Form(input): Form<PresentationInput>,
) -> Result<Response> {
    let Presentation { contact, description } = match input.parse() {
        Ok(read) => read,
        Err(errors) => return show_again(&tenue, &annuaire, Refuse { presentation: Some(input), errors, ..Refuse::default() }).await,
    };
    let avant = find(&annuaire, &tenue).await?;
    let mut apres = avant.fiche.clone();
    apres.structure.contact = contact;
    apres.structure.description = description;
    match mend_from(&annuaire, main(&tenue), input.version, (&avant, &apres)).await? {
        Enregistrement::Fait => Ok(back(&tenue)),
        Enregistrement::Devance(entretemps) => {
            show_again(&tenue, &annuaire, Refuse { presentation: Some(input), entretemps, ..Refuse::default() }).await
        }
    }
}

fn acte<'a>(tenue: &StructureTenue, acte: &'a str, detail: &'a str) -> Acte<'a> {
    Acte { auteur: Some(tenue.compte_id), acte, objet: ("structure", tenue.structure), detail }
}

pub(super) fn back(tenue: &StructureTenue) -> Response {
    Redirect::to(&format!("/{}/equipe/structures/{}", tenue.territoire.slug, tenue.structure)).into_response()
}
