//! When the line opens and who answers it: the week in French, the days set apart, the telephones in order, the first sentence.

use annuaire::rules::horaires::en_francais;
use annuaire::rules::horaires_ligne::{self, dire, etat};
use annuaire::rules::horaires_saisie::read_jour;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use comptes::permission::TenirLigne;
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{FieldErrors, Id, Instant, Result, text};
use serde::Deserialize;
use territoire::{ExceptionLigne, Territoire};
use ui::{Frame, show_with};

use crate::Ligne;
use crate::model::Poste;
use crate::storage;

/// What the forms of the page send, one at a time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HorairesInput {
    du: String,
    au: String,
    heures: String,
    message: String,
    nom: String,
    numero: String,
    bienvenue: String,
    /// What a button of a line is about.
    id: String,
    action: String,
}

/// Templates pass everything by reference.
fn dire_exception(one: &ExceptionLigne, now: &Instant) -> String {
    horaires_ligne::dire_exception(one, *now)
}

fn dire_semaine(horaires: &str) -> String {
    ui::format::phrase(&en_francais(horaires))
}

#[derive(Template)]
#[template(path = "ligne/horaires.html")]
struct HorairesPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    now: Instant,
    postes: Vec<Poste>,
    input: HorairesInput,
    errors: FieldErrors,
    can_regler: bool,
}

impl HorairesPage<'_> {
    fn etat(&self) -> String {
        dire(&etat(&self.territoire.ligne, self.now), self.now)
    }

    fn action(&self, what: &str) -> String {
        format!("/{}/equipe/ligne/horaires/{what}", self.territoire.slug)
    }
}

const MESSAGE_MAXIMUM: usize = 200;
const NOM_MAXIMUM: usize = 60;
const BIENVENUE_MAXIMUM: usize = 400;

pub async fn show_horaires(equipier: Autorise<TenirLigne>, State(ligne): State<Ligne>) -> Result<Response> {
    let bienvenue = storage::find_bienvenue(&ligne.accueil.db, equipier.territoire.id).await?;
    show_page(&ligne, &equipier, HorairesInput { bienvenue, ..HorairesInput::default() }, FieldErrors::default()).await
}

async fn show_page(ligne: &Ligne, equipier: &Equipier, input: HorairesInput, errors: FieldErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let postes = storage::list_postes(&ligne.accueil.db, equipier.territoire.id).await?;
    let frame = equipier.frame("La ligne : quand et qui", Menu::Ligne);
    let can_regler = equipier.can(Droit::ReglerTerritoire);
    show_with(status, &HorairesPage { frame, territoire: &equipier.territoire, now: equipier.now, postes, input, errors, can_regler })
}

/// Adds days set apart, or takes some away.
pub async fn update_exceptions(
    equipier: Autorise<TenirLigne>,
    State(ligne): State<Ligne>,
    Form(input): Form<HorairesInput>,
) -> Result<Response> {
    let (territoire, now) = (equipier.territoire.id, equipier.now);
    let tx = ligne.accueil.db.begin().await?;
    if input.action == "retirer" {
        if let Ok(id) = input.id.parse::<Id>() {
            territoire::storage::delete_exception(&tx, territoire, id).await?;
            record(&tx, &equipier, "retrait d’un jour particulier de la ligne").await?;
        }
    } else {
        match read_exception(&input, now) {
            Ok(one) => territoire::storage::insert_exception(&tx, territoire, &one).await?,
            Err(errors) => {
                drop(tx);
                return show_page(&ligne, &equipier, keep(&ligne, &equipier, input).await?, errors).await;
            }
        }
        record(&tx, &equipier, "ajout d’un jour particulier de la ligne").await?;
    }
    tx.commit().await?;
    ligne.accueil.comptes.territoires.refresh(&ligne.accueil.db).await?;
    Ok(back(&equipier))
}

/// What was typed in one form, with what the other one holds.
async fn keep(ligne: &Ligne, equipier: &Equipier, input: HorairesInput) -> Result<HorairesInput> {
    Ok(HorairesInput { bienvenue: storage::find_bienvenue(&ligne.accueil.db, equipier.territoire.id).await?, ..input })
}

fn back(equipier: &Equipier) -> Response {
    Redirect::to(&format!("/{}/equipe/ligne/horaires", equipier.territoire.slug)).into_response()
}

async fn record(tx: &impl sea_orm::ConnectionTrait, equipier: &Equipier, acte: &str) -> Result<()> {
    let acte = Acte { auteur: Some(equipier.compte_id), acte, objet: ("territoire", equipier.territoire.id), detail: "" };
    journal::record(tx, equipier.territoire.id, equipier.now, &acte).await
}

/// Days set apart, as they were typed: dates as browsers send them, or as people write them.
fn read_exception(input: &HorairesInput, now: Instant) -> Result<ExceptionLigne, FieldErrors> {
    let mut errors = FieldErrors::default();
    let date = |typed: &str| {
        let typed = typed.trim();
        NaiveDate::parse_from_str(typed, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(typed, "%d/%m/%Y")).ok()
    };
    let du = date(&input.du);
    let au = if input.au.trim().is_empty() { du } else { date(&input.au) };
    match (du, au) {
        (None, _) => errors.add("du", "Dites quel jour, comme 24/12/2026."),
        (_, None) => errors.add("au", "Cette date ne se lit pas : écrivez-la comme 02/01/2027, ou laissez vide pour un seul jour."),
        (Some(du), Some(au)) if au < du => errors.add("au", "Le dernier jour vient avant le premier."),
        (_, Some(au)) if au < now.day() => errors.add("au", "Ces jours sont passés."),
        _ => {}
    }
    let plages = read_jour(&input.heures).unwrap_or_else(|| {
        errors.add("heures", "Ces heures ne se lisent pas : écrivez « 9h-12h et 14h-17h », ou rien pour une fermeture.");
        vec![]
    });
    let message = text::tidy(&input.message);
    if message.chars().count() > MESSAGE_MAXIMUM {
        errors.add("message", format!("Ce message est trop long : {MESSAGE_MAXIMUM} signes au plus."));
    }
    match (du, au) {
        (Some(du), Some(au)) if errors.is_empty() => Ok(ExceptionLigne { id: Id::new(now), du, au, plages, message }),
        _ => Err(errors),
    }
}

/// Adds a telephone, takes one away, or makes one ring first.
pub async fn update_postes(
    equipier: Autorise<TenirLigne>,
    State(ligne): State<Ligne>,
    Form(input): Form<HorairesInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let tx = ligne.accueil.db.begin().await?;
    match (input.action.as_str(), input.id.parse::<Id>()) {
        ("retirer", Ok(id)) => storage::delete_poste(&tx, territoire, id).await?,
        ("premier", Ok(id)) => storage::move_poste_first(&tx, territoire, id).await?,
        _ => match read_poste(&input, equipier.now) {
            Ok(poste) => storage::insert_poste(&tx, territoire, &poste).await?,
            Err(errors) => {
                drop(tx);
                return show_page(&ligne, &equipier, keep(&ligne, &equipier, input).await?, errors).await;
            }
        },
    }
    record(&tx, &equipier, "changement des postes de la ligne").await?;
    tx.commit().await?;
    Ok(back(&equipier))
}

fn read_poste(input: &HorairesInput, now: Instant) -> Result<Poste, FieldErrors> {
    let mut errors = FieldErrors::default();
    let nom = text::tidy(&input.nom);
    if nom.is_empty() || nom.chars().count() > NOM_MAXIMUM {
        errors.add("nom", format!("Dites qui répond à ce poste, en {NOM_MAXIMUM} signes au plus."));
    }
    match kit::telephone::read(&input.numero) {
        Ok(numero) if errors.is_empty() => Ok(Poste { id: Id::new(now), nom, numero }),
        Ok(_) => Err(errors),
        Err(why) => {
            errors.add("numero", ui::format::phrase(&why));
            Err(errors)
        }
    }
}

/// The sentence that the telephone says first.
pub async fn update_bienvenue(
    equipier: Autorise<TenirLigne>,
    State(ligne): State<Ligne>,
    Form(input): Form<HorairesInput>,
) -> Result<Response> {
    let bienvenue = text::tidy(&input.bienvenue);
    if bienvenue.chars().count() > BIENVENUE_MAXIMUM {
        let mut errors = FieldErrors::default();
        errors.add("bienvenue", format!("Cette phrase est trop longue pour être écoutée : {BIENVENUE_MAXIMUM} signes au plus."));
        return show_page(&ligne, &equipier, input, errors).await;
    }
    let tx = ligne.accueil.db.begin().await?;
    storage::update_bienvenue(&tx, equipier.territoire.id, &bienvenue).await?;
    record(&tx, &equipier, "changement de ce que dit le téléphone").await?;
    tx.commit().await?;
    Ok(back(&equipier))
}
