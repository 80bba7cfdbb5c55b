//! A place in the distribution of an edition: what is planned there, what was carried there and back.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Result, journal};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;
use territoire::Territoire;
use ui::{Frame, show_with};

use super::diffusion::propose_for;
use super::name_commune;
use super::{diffusion_address, need_point};
use crate::Repertoire;
use crate::contenu::{find_imprime, need_edition};
use crate::distribution::rules::compte::{Compte, count};
use crate::distribution::rules::mouvement::{RefusMouvement, check, check_annulation};
use crate::distribution::rules::saisie::{MouvementInput, read_mouvement, read_prevision};
use crate::distribution::storage::{
    delete_mouvement, delete_prevision, insert_mouvement, list_mouvements, lock, read_suivi, save_previsions,
};
use crate::distribution::{Flux, Mouvement, NatureMouvement, Point};
use crate::model::Edition;
use crate::pages::acte;
use crate::rules::zone::find_livret;

#[derive(Template)]
#[template(path = "repertoire/passage.html")]
struct PassagePage {
    frame: Frame,
    slug: String,
    base: String,
    edition: Edition,
    point: Point,
    livret: Compte,
    flux: Flux,
    /// What is proposed there.
    propose: Option<i64>,
    mouvements: Vec<Mouvement>,
    auteurs: BTreeMap<Id, String>,
    typed: Typed,
    errors: FieldErrors,
}

/// The two forms of the page, as they are or were sent.
#[derive(Default)]
struct Typed {
    prevus: Option<String>,
    mouvement: Option<MouvementInput>,
}

impl PassagePage {
    fn auteur(&self, mouvement: &Mouvement) -> &str {
        self.auteurs.get(&mouvement.auteur).map_or("compte effacé", String::as_str)
    }

    /// « Mairie », to begin a sentence.
    fn nature(&self) -> String {
        ui::format::phrase(self.point.nature.label()).trim_end_matches('.').to_string()
    }

    fn commune(&self) -> String {
        name_commune(self.point.commune)
    }

    fn prevus(&self) -> &str {
        self.typed.prevus.as_deref().unwrap_or_default()
    }

    fn mouvement(&self) -> MouvementInput {
        self.typed.mouvement.clone().unwrap_or_default()
    }
}

/// The edition and the place of an address.
async fn need(room: &Repertoire, equipier: &Equipier, (id, point): (&str, &str)) -> Result<(Edition, Point)> {
    let territoire = equipier.territoire.id;
    Ok((need_edition(&room.db, territoire, id).await?, need_point(room.db.read(), territoire, point).await?))
}

fn passage_address(equipier: &Equipier, edition: Id, point: Id) -> String {
    format!("{}/points/{point}", diffusion_address(equipier, edition))
}

pub async fn show_passage(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, point)): Path<(String, String, String)>,
) -> Result<Response> {
    let known = need(&room, &equipier, (&id, &point)).await?;
    respond((&room, &equipier), known, (Typed::default(), FieldErrors::default())).await
}

async fn respond(
    (room, equipier): (&Repertoire, &Equipier),
    (edition, point): (Edition, Point),
    (typed, errors): (Typed, FieldErrors),
) -> Result<Response> {
    let db = &room.db;
    let territoire = find_imprime(db, &equipier.territoire, &edition).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let suivi = read_suivi(db.read(), territoire.id, edition.id).await?;
    let livret = count(&suivi, &territoire).find(&find_livret(&territoire, point.commune)).cloned().unwrap_or_default();
    let propose = propose_for(&point);
    let planned = suivi.previsions.get(&point.id).map(|copies| copies.to_string()).unwrap_or_default();
    let empty =
        || MouvementInput { id: Id::new(equipier.now).to_string(), le: equipier.now.day().to_string(), ..MouvementInput::default() };
    let page = PassagePage {
        frame: equipier.frame(point.nom.clone(), Menu::Repertoire),
        slug: territoire.slug.clone(),
        base: diffusion_address(equipier, edition.id),
        flux: suivi.flux.get(&point.id).copied().unwrap_or_default(),
        mouvements: list_mouvements(db.read(), territoire.id, edition.id, point.id).await?,
        auteurs: comptes::storage::list_comptes(db, territoire.id).await?.into_iter().map(|one| (one.id, one.nom)).collect(),
        typed: Typed { prevus: typed.prevus.or(Some(planned)), mouvement: Some(typed.mouvement.unwrap_or_else(empty)) },
        edition,
        point,
        livret,
        propose,
        errors,
    };
    show_with(status, &page)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PrevisionInput {
    prevus: String,
}

pub async fn update_prevision(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, point)): Path<(String, String, String)>,
    Form(input): Form<PrevisionInput>,
) -> Result<Response> {
    let (edition, point) = need(&room, &equipier, (&id, &point)).await?;
    let planned = match read_prevision(&input.prevus) {
        Ok(planned) => planned,
        Err(errors) => {
            let typed = Typed { prevus: Some(input.prevus), ..Typed::default() };
            return respond((&room, &equipier), (edition, point), (typed, errors)).await;
        }
    };
    let tx = room.db.begin().await?;
    match planned {
        Some(copies) => save_previsions(&tx, equipier.territoire.id, edition.id, &[(point.id, copies)]).await?,
        None => delete_prevision(&tx, equipier.territoire.id, edition.id, point.id).await?,
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#point-{}", diffusion_address(&equipier, edition.id), point.id)).into_response())
}

pub async fn create_mouvement(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, point)): Path<(String, String, String)>,
    Form(input): Form<MouvementInput>,
) -> Result<Response> {
    let (edition, point) = need(&room, &equipier, (&id, &point)).await?;
    let now = equipier.now;
    let read = read_mouvement(&input, now.day()).map(|(nature, exemplaires, le)| Mouvement {
        id: input.id.parse().unwrap_or_else(|_| Id::new(now)),
        point: point.id,
        nature,
        exemplaires,
        le,
        auteur: equipier.compte_id,
        created_at: now,
    });
    let written = match read {
        Ok(mouvement) => carry((&room, &equipier), &edition, &mouvement).await?,
        Err(errors) => Err(errors),
    };
    match written {
        Ok(()) => Ok(Redirect::to(&passage_address(&equipier, edition.id, point.id)).into_response()),
        Err(errors) => {
            let typed = Typed { mouvement: Some(input), ..Typed::default() };
            respond((&room, &equipier), (edition, point), (typed, errors)).await
        }
    }
}

/// Writes a movement that can be, once.
async fn carry((room, equipier): (&Repertoire, &Equipier), edition: &Edition, mouvement: &Mouvement) -> Result<Result<(), FieldErrors>> {
    let (territoire, now) = (equipier.territoire.id, equipier.now);
    let imprime = find_imprime(&room.db, &equipier.territoire, edition).await?;
    let tx = room.db.begin().await?;
    let etat = read_etat(&tx, &imprime, (edition, mouvement.point)).await?;
    if let Some(known) = etat.mouvements.iter().find(|one| one.id == mouvement.id) {
        // The same form sent twice; or sent again from the page before, with something else in it.
        let said = |one: &Mouvement| (one.nature, one.exemplaires, one.le);
        return if said(known) == said(mouvement) { Ok(Ok(())) } else { Err(already()) };
    }
    if let Err(why) = check(&etat.point, (mouvement.nature, mouvement.exemplaires), (&etat.livret, etat.flux)) {
        let mut errors = FieldErrors::default();
        errors.add("exemplaires", why.to_string());
        return Ok(Err(errors));
    }
    if insert_mouvement(&tx, territoire, edition.id, mouvement).await? {
        let detail = describe(mouvement, &etat.point);
        journal::record(&tx, territoire, now, &acte(equipier, "exemplaires portés", (edition.id, &detail))).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}

fn already() -> Error {
    Error::Conflict("ce mouvement est déjà noté autrement : rechargez la page du lieu, annulez-le, puis notez-le de nouveau".into())
}

fn describe(mouvement: &Mouvement, point: &Point) -> String {
    let copies = ui::format::compte(mouvement.exemplaires, "exemplaire", "exemplaires");
    format!("{} : {} de {copies}", point.nom, mouvement.nature.label())
}

/// What a movement is judged by, held until the transaction ends.
struct Etat {
    point: Point,
    livret: Compte,
    flux: Flux,
    mouvements: Vec<Mouvement>,
}

async fn read_etat(tx: &DatabaseTransaction, territoire: &Territoire, (edition, point): (&Edition, Id)) -> Result<Etat> {
    if !lock(tx, territoire.id, edition.id, Some(point)).await? {
        return Err(Error::NotFound);
    }
    let suivi = read_suivi(tx, territoire.id, edition.id).await?;
    let point = suivi.points.iter().find(|one| one.id == point).cloned().ok_or(Error::NotFound)?;
    Ok(Etat {
        livret: count(&suivi, territoire).find(&find_livret(territoire, point.commune)).cloned().unwrap_or_default(),
        flux: suivi.flux.get(&point.id).copied().unwrap_or_default(),
        mouvements: list_mouvements(tx, territoire.id, edition.id, point.id).await?,
        point,
    })
}

/// Takes back what was noted by mistake.
pub async fn create_annulation(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, point, mouvement)): Path<(String, String, String, String)>,
) -> Result<Response> {
    let (edition, point) = need(&room, &equipier, (&id, &point)).await?;
    let (territoire, wanted) = (equipier.territoire.id, mouvement.parse::<Id>()?);
    let imprime = find_imprime(&room.db, &equipier.territoire, &edition).await?;
    let tx = room.db.begin().await?;
    let etat = read_etat(&tx, &imprime, (&edition, point.id)).await?;
    let known = etat.mouvements.iter().find(|one| one.id == wanted).ok_or(Error::NotFound)?;
    check_annulation(known, (&etat.livret, etat.flux)).map_err(|why: RefusMouvement| Error::Conflict(why.to_string()))?;
    delete_mouvement(&tx, territoire, known.id).await?;
    let detail = describe(known, &etat.point);
    journal::record(&tx, territoire, equipier.now, &acte(&equipier, "mouvement annulé", (edition.id, &detail))).await?;
    tx.commit().await?;
    Ok(Redirect::to(&passage_address(&equipier, edition.id, point.id)).into_response())
}
