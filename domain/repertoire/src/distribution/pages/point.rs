//! Places where copies are left: the list, a new one, one that changes or is no longer served.

use std::collections::BTreeSet;

use annuaire::rules::commune_dite;
use askama::Template;
use axum::extract::{Form, Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{Error, FieldErrors, Id, Instant, Result};
use serde::Deserialize;
use territoire::{CodeInsee, Referentiel};
use ui::{Frame, show_with};

use super::need_point;
use crate::Repertoire;
use crate::distribution::rules::fichier::{Fichier, list_titres, read_fichier};
use crate::distribution::rules::import::read_lines;
use crate::distribution::rules::saisie::{PointInput, read_point, write_point};
use crate::distribution::storage::{has_mouvements, insert_points, list_points, retire_point, update_point};
use crate::distribution::{NaturePoint, Point};
use crate::rules::zone::find_livret;

#[derive(Template)]
#[template(path = "repertoire/points.html")]
struct PointsPage {
    frame: Frame,
    slug: String,
    base: String,
    apport: Apport,
    points: Vec<Point>,
    retires: Vec<Point>,
    choix: Choix,
    input: PointInput,
    /// A list that was pasted.
    lignes: String,
    errors: FieldErrors,
}

impl PointsPage {
    fn eleves(&self) -> i32 {
        self.points.iter().filter(|one| one.nature == NaturePoint::Ecole).filter_map(|one| one.eleves).sum()
    }
}

/// What a form proposes while one types.
struct Choix {
    communes: Vec<String>,
    tournees: BTreeSet<String>,
}

impl Choix {
    fn of(equipier: &Equipier, points: &[Point]) -> Self {
        let communes = equipier.territoire.list_communes().map(commune_dite::write).collect();
        Self { communes, tournees: points.iter().map(|one| one.tournee.clone()).filter(|nom| !nom.is_empty()).collect() }
    }
}

pub(in crate::distribution) fn name_commune(code: CodeInsee) -> String {
    Referentiel::get().find_commune(code).map_or_else(|| code.to_string(), |commune| commune.nom.to_string())
}

fn points_address(equipier: &Equipier) -> String {
    format!("/{}/equipe/repertoire/points", equipier.territoire.slug)
}

/// What a list or a file has just brought.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Apport {
    ajoutes: Option<usize>,
}

pub async fn show_points(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Query(apport): Query<Apport>,
) -> Result<Response> {
    respond_with((&room, &equipier), apport, (PointInput::default(), String::new()), FieldErrors::default()).await
}

async fn respond(here: (&Repertoire, &Equipier), typed: (PointInput, String), errors: FieldErrors) -> Result<Response> {
    respond_with(here, Apport::default(), typed, errors).await
}

async fn respond_with(
    (room, equipier): (&Repertoire, &Equipier),
    apport: Apport,
    (input, lignes): (PointInput, String),
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let all = list_points(room.db.read(), equipier.territoire.id).await?;
    let choix = Choix::of(equipier, &all);
    let (points, retires) = all.into_iter().partition(|one| one.retire_at.is_none());
    let frame = equipier.frame("Points de diffusion", Menu::Repertoire);
    let (slug, base) = (equipier.territoire.slug.clone(), points_address(equipier));
    show_with(status, &PointsPage { frame, slug, base, apport, points, retires, choix, input, lignes, errors })
}

pub async fn create_point(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Form(input): Form<PointInput>,
) -> Result<Response> {
    let point = match read_point(&input, Id::new(equipier.now), &equipier.territoire) {
        Ok(point) => point,
        Err(errors) => return respond((&room, &equipier), (input, String::new()), errors).await,
    };
    let tx = room.db.begin().await?;
    insert_points(&tx, equipier.territoire.id, &[point]).await?;
    tx.commit().await?;
    Ok(Redirect::to(&points_address(&equipier)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ImportInput {
    lignes: String,
}

/// A list pasted from a spreadsheet: all of it, or none.
pub async fn create_import(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Form(input): Form<ImportInput>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let tx = room.db.begin().await?;
    let known = list_points(&tx, territoire.id).await?;
    let points = match read_lines(&input.lignes, &known, (territoire, equipier.now)) {
        Ok(points) => points,
        Err(errors) => {
            tx.rollback().await?;
            return respond((&room, &equipier), (PointInput::default(), input.lignes), errors).await;
        }
    };
    insert_points(&tx, territoire.id, &points).await?;
    tx.commit().await?;
    Ok(tell_apport(&equipier, points.len()))
}

/// The same list as a file, by its titles.
pub async fn create_fichier(equipier: Autorise<TenirAnnuaire>, State(room): State<Repertoire>, form: Multipart) -> Result<Response> {
    let received = receive(form).await?;
    // Opening a workbook keeps a processor busy: away from the threads that answer pages, and before anybody waits for the database.
    let open = move || received.ok_or_else(sans_fichier).and_then(|(nom, contenu)| Fichier::open(nom, &contenu));
    let opened = tokio::task::spawn_blocking(open).await.map_err(anyhow::Error::from)?;
    let tx = room.db.begin().await?;
    let known = list_points(&tx, equipier.territoire.id).await?;
    match opened.and_then(|fichier| read_fichier(&fichier, &known, (&equipier.territoire, equipier.now))) {
        Ok(points) => {
            insert_points(&tx, equipier.territoire.id, &points).await?;
            tx.commit().await?;
            Ok(tell_apport(&equipier, points.len()))
        }
        Err(errors) => {
            tx.rollback().await?;
            respond((&room, &equipier), (PointInput::default(), String::new()), errors).await
        }
    }
}

/// Back to the places, with how many are new.
fn tell_apport(equipier: &Equipier, ajoutes: usize) -> Response {
    Redirect::to(&format!("{}?ajoutes={ajoutes}", points_address(equipier))).into_response()
}

fn sans_fichier() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add("fichier", "choisissez d’abord un fichier");
    errors
}

/// The name and the bytes of the file; none when nothing was chosen.
async fn receive(mut form: Multipart) -> Result<Option<(String, Vec<u8>)>> {
    let broken = |_| Error::Unreadable("L’envoi du fichier s’est interrompu, ou il pèse plus de deux mégaoctets : recommencez.".into());
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("fichier") {
            let name = field.file_name().map(kit::text::tidy).unwrap_or_default();
            file = Some((name, field.bytes().await.map_err(broken)?.to_vec()));
        }
    }
    Ok(file.filter(|(name, _)| !name.is_empty()))
}

#[derive(Template)]
#[template(path = "repertoire/point.html")]
struct PointPage {
    frame: Frame,
    base: String,
    point: Point,
    choix: Choix,
    input: PointInput,
    errors: FieldErrors,
}

pub async fn show_point(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let point = need_point(room.db.read(), equipier.territoire.id, &id).await?;
    let input = write_point(&point);
    respond_point((&room, &equipier), point, (input, FieldErrors::default())).await
}

async fn respond_point(
    (room, equipier): (&Repertoire, &Equipier),
    point: Point,
    (input, errors): (PointInput, FieldErrors),
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let choix = Choix::of(equipier, &list_points(room.db.read(), equipier.territoire.id).await?);
    let frame = equipier.frame(point.nom.clone(), Menu::Repertoire);
    show_with(status, &PointPage { frame, base: points_address(equipier), point, choix, input, errors })
}

/// A place where copies were carried stays among those of its book: what was counted would change.
pub async fn change_point(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<PointInput>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let tx = room.db.begin().await?;
    let known = need_point(&tx, territoire.id, &id).await?;
    let read = read_point(&input, known.id, territoire);
    let moves = |made: &Point| find_livret(territoire, made.commune) != find_livret(territoire, known.commune);
    let read = match read {
        // Written before it is known to be allowed: from then on nobody carries copies there until it is settled.
        Ok(made) => {
            update_point(&tx, territoire.id, &made).await?;
            if moves(&made) && has_mouvements(&tx, territoire.id, known.id).await? { Err(refuse_move()) } else { Ok(()) }
        }
        Err(errors) => Err(errors),
    };
    match read {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&points_address(&equipier)).into_response())
        }
        Err(errors) => {
            tx.rollback().await?;
            respond_point((&room, &equipier), known, (input, errors)).await
        }
    }
}

fn refuse_move() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add("commune", "des exemplaires y ont été portés, et cette commune reçoit un autre livret : retirez ce point et ajoutez-en un");
    errors
}

pub async fn create_retrait(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    settle((&room, &equipier), &id, (Some(equipier.now), "point de diffusion retiré")).await
}

/// The way back from a withdrawal.
pub async fn create_remise(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    settle((&room, &equipier), &id, (None, "point de diffusion remis")).await
}

async fn settle((room, equipier): (&Repertoire, &Equipier), id: &str, (at, acte): (Option<Instant>, &str)) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let tx = room.db.begin().await?;
    let point = need_point(&tx, territoire, id).await?;
    if retire_point(&tx, territoire, point.id, at).await? {
        let acte = Acte { auteur: Some(equipier.compte_id), acte, objet: ("point", point.id), detail: &point.nom };
        journal::record(&tx, territoire, equipier.now, &acte).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&points_address(equipier)).into_response())
}
