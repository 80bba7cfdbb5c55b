//! Campaigns: chosen, written, sent, followed live, and the list of those to call.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{Error, FieldErrors, Id, Instant, Result};
use ui::{Frame, show, show_with};

use crate::qualite::rattrapage::catch_up;
use crate::qualite::secteur::{SecteurNote, group};
use crate::recensement::regles::{count, list_a_appeler, read_campagne};
use crate::recensement::{ARelire, Avancee, Campagne, Cible, Destinataire, name_a_relire, send};
use crate::rules::saisie::Saisie;
use crate::storage::qualite::count_by_commune;
use crate::storage::recensement::{close_campagne, count_cible, find_campagne, insert_campagne, list_campagnes, list_destinataires};
use crate::{Annuaire, Categorie};

#[derive(Template)]
#[template(path = "annuaire/campagnes.html")]
struct CampagnesPage {
    frame: Frame,
    base: String,
    campagnes: Vec<Campagne>,
    /// Where one may write only: bassins de vie, or EPCI.
    secteurs: Vec<SecteurNote>,
    envoie: bool,
    saisie: Saisie,
    errors: FieldErrors,
    now: Instant,
}

const MESSAGE: &str = "Nous tenons à jour l’annuaire des services du territoire : il sert chaque jour à orienter les habitants vers vous.";

fn base(equipier: &Equipier) -> String {
    format!("/{}/equipe/annuaire/campagnes", equipier.territoire.slug)
}

/// What the board of quality chose comes in the address.
pub async fn show_campagnes(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(mut chosen): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let filled = [("message", MESSAGE), ("relances", "2"), ("relance_jours", "10"), ("mois", "6")];
    chosen.extend(filled.map(|(name, value)| (name.to_string(), value.to_string())));
    let saisie = Saisie(chosen);
    show_form((&equipier, &annuaire), saisie, FieldErrors::default()).await
}

async fn show_form((equipier, annuaire): (&Equipier, &Annuaire), saisie: Saisie, errors: FieldErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = CampagnesPage {
        frame: equipier.frame("Campagnes de recensement", Menu::Annuaire),
        base: base(equipier),
        campagnes: list_campagnes(&annuaire.db, equipier.territoire.id).await?,
        secteurs: list_secteurs(annuaire, equipier).await?,
        envoie: annuaire.comptes.envoie(),
        saisie,
        errors,
        now: equipier.now,
    };
    show_with(status, &page)
}

/// A month, for « not confirmed since ».
const MOIS: i64 = 30 * 86_400;

/// The secteurs that hold records, once their quality is counted.
async fn list_secteurs(annuaire: &Annuaire, equipier: &Equipier) -> Result<Vec<SecteurNote>> {
    catch_up(annuaire, &equipier.territoire).await?;
    let counts = count_by_commune(&annuaire.db, equipier.territoire.id, equipier.now).await?;
    Ok(group(&counts, &equipier.territoire))
}

fn read_cible(saisie: &Saisie, secteurs: Vec<SecteurNote>, now: Instant) -> Cible {
    let chosen = saisie.0.iter().filter(|(name, _)| name == "categorie");
    let mois = saisie.one("mois").trim().parse::<i64>().ok().filter(|mois| (1..=120).contains(mois));
    Cible {
        categories: chosen.filter_map(|(_, code)| Categorie::from_code(code)).collect(),
        avant: mois.map(|mois| now.plus_seconds(-mois * MOIS)),
        communes: secteurs.into_iter().find(|one| one.secteur.code == saisie.one("secteur")).map(|one| one.communes).unwrap_or_default(),
        a_completer: saisie.has("a_completer", "oui"),
    }
}

/// Keeps a campaign; nothing leaves before its page has been read.
pub async fn create_campagne(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (saisie, now, territoire) = (Saisie(sent), equipier.now, equipier.territoire.id);
    let cible = read_cible(&saisie, list_secteurs(&annuaire, &equipier).await?, now);
    let (titre, message, relances, relance_jours) = match read_campagne(&saisie) {
        Ok(read) => read,
        Err(errors) => return show_form((&equipier, &annuaire), saisie, errors).await,
    };
    if count_cible(&annuaire.db, territoire, &cible).await? == 0 {
        let mut errors = FieldErrors::default();
        errors.add("mois", "aucune structure ne correspond : toutes ont été confirmées depuis, ou ce secteur et cette nature n’en ont pas");
        return show_form((&equipier, &annuaire), saisie, errors).await;
    }
    let a_relire = saisie.list("a_relire", ARelire::from_code);
    let campagne =
        Campagne { id: Id::new(now), titre, message, a_relire, relances, relance_jours, created_at: now, envoyee_at: None, close_at: None };
    let tx = annuaire.db.begin().await?;
    insert_campagne(&tx, territoire, (&campagne, equipier.compte_id), &cible).await?;
    journal::record(&tx, territoire, now, &acte(&equipier, "campagne préparée", (campagne.id, &campagne.titre))).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/{}", base(&equipier), campagne.id)).into_response())
}

fn acte<'a>(equipier: &Equipier, acte: &'a str, (id, detail): (Id, &'a str)) -> Acte<'a> {
    Acte { auteur: Some(equipier.compte_id), acte, objet: ("campagne", id), detail }
}

#[derive(Template)]
#[template(path = "annuaire/campagne.html")]
struct CampagnePage {
    frame: Frame,
    base: String,
    slug: String,
    campagne: Campagne,
    avancee: Avancee,
    a_appeler: Vec<Destinataire>,
    envoie: bool,
    now: Instant,
}

impl CampagnePage {
    fn a_relire(&self) -> String {
        name_a_relire(&self.campagne.a_relire).unwrap_or_else(|| "toute la fiche".into())
    }

    /// Whether figures still move: letters leave, answers come.
    fn is_live(&self) -> bool {
        self.campagne.envoyee_at.is_some() && self.campagne.close_at.is_none()
    }
}

async fn find(annuaire: &Annuaire, equipier: &Equipier, id: &str) -> Result<Campagne> {
    find_campagne(&annuaire.db, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

pub async fn show_campagne(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let campagne = find(&annuaire, &equipier, &id).await?;
    let all = list_destinataires(&annuaire.db, equipier.territoire.id, &campagne).await?;
    show(&CampagnePage {
        frame: equipier.frame(campagne.titre.clone(), Menu::Annuaire),
        base: format!("{}/{id}", base(&equipier)),
        slug,
        avancee: count(&all),
        a_appeler: list_a_appeler(&campagne, &all).into_iter().cloned().collect(),
        campagne,
        envoie: annuaire.comptes.envoie(),
        now: equipier.now,
    })
}

/// Its letters leave. Two clicks write them once.
pub async fn create_envoi(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let campagne = find(&annuaire, &equipier, &id).await?;
    let written = send(&annuaire, &equipier.territoire, (campagne.id, equipier.now)).await?;
    let detail = format!("{} : {}", campagne.titre, ui::format::compte(written, "courriel", "courriels"));
    journal::record_alone(&annuaire.db, equipier.territoire.id, equipier.now, &acte(&equipier, "campagne envoyée", (campagne.id, &detail)))
        .await?;
    Ok(Redirect::to(&format!("{}/{id}", base(&equipier))).into_response())
}

/// Ends it: no reminder leaves any more, its links open nothing.
pub async fn create_cloture(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let campagne = find(&annuaire, &equipier, &id).await?;
    let tx = annuaire.db.begin().await?;
    close_campagne(&tx, equipier.territoire.id, campagne.id, equipier.now).await?;
    journal::record(&tx, equipier.territoire.id, equipier.now, &acte(&equipier, "campagne close", (campagne.id, &campagne.titre))).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/{id}", base(&equipier))).into_response())
}
