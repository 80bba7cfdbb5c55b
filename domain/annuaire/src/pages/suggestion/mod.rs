//! What anybody says of a record: the forms of everybody, and the list that the team and the structure settle.

pub(super) mod equipe;

use askama::Template;
use axum::extract::{Extension, Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::rules::preuve::ZEROS;
use comptes::{EnvoiRefuse, PreuveInput, Visite};
use kit::{Appelant, Error, FieldErrors, Id, Result};
use ui::{Frame, show, show_with};

use crate::rules::saisie::Saisie;
use crate::storage::fiche::list_noms;
use crate::storage::suggestion::insert_suggestion;
use crate::suggestion::regles::{read_erreur, read_inscription};
use crate::suggestion::{Objet, Parole};
use crate::{Annuaire, Categorie};

/// What a form of everybody shows when it comes back.
struct Retour {
    errors: FieldErrors,
    /// Why it has not left yet, when nothing typed is wrong.
    refus: Option<String>,
    defi: String,
}

impl Retour {
    fn new(annuaire: &Annuaire, visite: &Visite, errors: FieldErrors, refus: Option<String>) -> Result<Self> {
        Ok(Self { errors, refus, defi: annuaire.comptes.make_defi(visite.territoire.id, visite.now)? })
    }

    fn status(&self) -> StatusCode {
        if self.errors.is_empty() && self.refus.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// Whether what came may be taken now, or the sentence that says why not.
fn admit(annuaire: &Annuaire, visite: &Visite, (saisie, appelant): (&Saisie, Option<Extension<Appelant>>)) -> Result<(), EnvoiRefuse> {
    let preuve = PreuveInput::new(saisie.one("defi"), saisie.one("preuve"), saisie.one("site_web"));
    let made_at = annuaire.comptes.read_defi(visite.territoire.id, &preuve);
    annuaire.comptes.gardien.admit(&preuve, (made_at, &appelant.map(|one| one.0).unwrap_or_default()), visite.now)
}

#[derive(Template)]
#[template(path = "annuaire/erreur_signalee.html")]
struct ErreurPage {
    frame: Frame,
    action: String,
    retour_href: String,
    nom: String,
    saisie: Saisie,
    retour: Retour,
}

async fn find_nom(annuaire: &Annuaire, visite: &Visite, id: &str) -> Result<(Id, String)> {
    list_noms(&annuaire.db, visite.territoire.id, &[id.parse()?]).await?.pop().ok_or(Error::NotFound)
}

fn show_erreur(visite: &Visite, (structure, nom): (Id, String), saisie: Saisie, retour: Retour) -> Result<Response> {
    let retour_href = format!("/{}/structures/{structure}", visite.territoire.slug);
    let page = ErreurPage {
        frame: visite.frame("Signaler une erreur"),
        action: format!("/{}/structures/{structure}/signaler", visite.territoire.slug),
        retour_href,
        nom,
        saisie,
        retour,
    };
    show_with(page.retour.status(), &page)
}

pub async fn show_signalement(visite: Visite, State(annuaire): State<Annuaire>, Path((_, id)): Path<(String, String)>) -> Result<Response> {
    let named = find_nom(&annuaire, &visite, &id).await?;
    let retour = Retour::new(&annuaire, &visite, FieldErrors::default(), None)?;
    show_erreur(&visite, named, Saisie::default(), retour)
}

pub async fn create_signalement(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
    appelant: Option<Extension<Appelant>>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (saisie, named) = (Saisie(sent), find_nom(&annuaire, &visite, &id).await?);
    let (objet, valeur) = match read_erreur(&saisie) {
        Ok(read) => read,
        Err(errors) => return show_erreur(&visite, named, saisie, Retour::new(&annuaire, &visite, errors, None)?),
    };
    if let Err(refus) = admit(&annuaire, &visite, (&saisie, appelant)) {
        let retour = Retour::new(&annuaire, &visite, FieldErrors::default(), Some(refus.to_string()))?;
        return show_erreur(&visite, named, saisie, retour);
    }
    insert_suggestion(&annuaire.db, visite.territoire.id, &Parole::Erreur { structure: named.0, objet, valeur }, visite.now).await?;
    Ok(Redirect::to(&format!("/{}/suggestions/merci", visite.territoire.slug)).into_response())
}

#[derive(Template)]
#[template(path = "annuaire/suggestion_merci.html")]
struct MerciPage {
    frame: Frame,
    slug: String,
}

pub async fn show_merci(visite: Visite) -> Result<Response> {
    show(&MerciPage { frame: visite.frame("Merci"), slug: visite.territoire.slug.clone() })
}

#[derive(Template)]
#[template(path = "annuaire/inscription.html")]
struct InscriptionPage {
    frame: Frame,
    action: String,
    saisie: Saisie,
    retour: Retour,
}

fn show_formulaire(visite: &Visite, saisie: Saisie, retour: Retour) -> Result<Response> {
    let action = format!("/{}/inscription", visite.territoire.slug);
    let page = InscriptionPage { frame: visite.frame("Faire connaître une structure"), action, saisie, retour };
    show_with(page.retour.status(), &page)
}

pub async fn show_inscription(visite: Visite, State(annuaire): State<Annuaire>) -> Result<Response> {
    let retour = Retour::new(&annuaire, &visite, FieldErrors::default(), None)?;
    show_formulaire(&visite, Saisie::default(), retour)
}

pub async fn create_inscription(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    appelant: Option<Extension<Appelant>>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let saisie = Saisie(sent);
    let made = match read_inscription(&saisie) {
        Ok(made) => made,
        Err(errors) => return show_formulaire(&visite, saisie, Retour::new(&annuaire, &visite, errors, None)?),
    };
    if let Err(refus) = admit(&annuaire, &visite, (&saisie, appelant)) {
        let retour = Retour::new(&annuaire, &visite, FieldErrors::default(), Some(refus.to_string()))?;
        return show_formulaire(&visite, saisie, retour);
    }
    insert_suggestion(&annuaire.db, visite.territoire.id, &Parole::Inscription(made), visite.now).await?;
    Ok(Redirect::to(&format!("/{}/suggestions/merci", visite.territoire.slug)).into_response())
}
