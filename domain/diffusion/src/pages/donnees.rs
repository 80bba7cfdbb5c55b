//! The public page, and the files.

use std::io::Read;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use flate2::read::GzDecoder;
use kit::{DATA_ONLY, Error, Instant, Result};
use ui::{Frame, show};

use crate::reponse::{is_known, write_date};
use crate::storage::edition::{FichierContenu, FichierPublie, find_contenu, list_editions, list_fichiers};
use crate::{Diffusion, Edition};

/// An edition, in words.
pub(super) struct EditionMontree {
    pub nom: String,
    pub quand: String,
    pub contenu: String,
    pub fichiers: Vec<FichierMontre>,
}

pub(super) struct FichierMontre {
    pub nom: String,
    pub sens: &'static str,
    pub poids: String,
}

#[derive(Template)]
#[template(path = "diffusion/donnees.html")]
struct DonneesPage {
    frame: Frame,
    slug: String,
    nom: String,
    /// The last one, all its files; then the others.
    derniere: Option<EditionMontree>,
    anterieures: Vec<EditionMontree>,
}

pub async fn show_donnees(visite: Visite, State(room): State<Diffusion>) -> Result<Response> {
    let mut editions = list_montrees(&room, visite.territoire.id, visite.now).await?.into_iter();
    show(&DonneesPage {
        frame: visite.frame("Données ouvertes"),
        slug: visite.territoire.slug.clone(),
        nom: visite.territoire.nom.clone(),
        derniere: editions.next(),
        anterieures: editions.collect(),
    })
}

pub(super) async fn list_montrees(room: &Diffusion, territoire: kit::Id, now: Instant) -> Result<Vec<EditionMontree>> {
    let fichiers = list_fichiers(&room.db, territoire).await?;
    let editions = list_editions(room.db.read(), territoire).await?;
    Ok(editions.iter().map(|edition| describe(edition, &fichiers, now)).collect())
}

fn describe(edition: &Edition, fichiers: &[FichierPublie], now: Instant) -> EditionMontree {
    let structures = ui::format::compte(edition.structures, "structure", "structures");
    let services = ui::format::compte(edition.services, "service", "services");
    let of_it = fichiers.iter().filter(|fichier| fichier.edition == edition.nom);
    let describe =
        |fichier: &FichierPublie| FichierMontre { nom: fichier.nom.clone(), sens: sens(&fichier.nom), poids: poids(fichier.octets) };
    EditionMontree {
        nom: edition.nom.clone(),
        quand: ui::format::moment(&Instant(edition.created_at), &now),
        contenu: format!("{structures}, {services}"),
        fichiers: of_it.map(describe).collect(),
    }
}

/// What a file is for.
fn sens(nom: &str) -> &'static str {
    match nom {
        "annuaire.csv" => "une ligne par service, pour un tableur ou un autre Maillage",
        "annuaire.xlsx" => "la même chose, en classeur",
        "annuaire.geojson" => "un point par service, pour une carte",
        "data-inclusion-structures.json" => "structures, au format data·inclusion v1",
        "data-inclusion-services.json" => "services, au format data·inclusion v1",
        "hsds-organizations.json" => "structures et leurs services, au format HSDS 3.1",
        "hsds-services.json" => "services, au format HSDS 3.1",
        "hsds-tabulaire.zip" => "les tables de HSDS 3.1 (CSV et datapackage.json)",
        _ => "",
    }
}

fn poids(octets: i64) -> String {
    match octets {
        0..1_024 => ui::format::compte(octets, "octet", "octets"),
        1_024..1_048_576 => format!("{}\u{a0}ko", ui::format::nombre(octets / 1_024)),
        _ => format!("{}\u{a0}Mo", ui::format::nombre(octets / 1_048_576)),
    }
}

/// The name under which the last edition is always found.
const DERNIERE: &str = "derniere";

pub async fn show_fichier(
    visite: Visite,
    State(room): State<Diffusion>,
    Path((slug, edition, nom)): Path<(String, String, String)>,
    asked: HeaderMap,
) -> Result<Response> {
    let territoire = visite.territoire.id;
    if edition == DERNIERE {
        let last = list_editions(room.db.read(), territoire).await?.into_iter().next().ok_or(Error::NotFound)?;
        find_contenu(&room.db, territoire, &last.nom, &nom).await?.ok_or(Error::NotFound)?;
        let to = Redirect::temporary(&format!("/{slug}/donnees/{}/{nom}", last.nom));
        return Ok(([(header::CACHE_CONTROL, "no-cache")], to).into_response());
    }
    let found = find_contenu(&room.db, territoire, &edition, &nom).await?.ok_or(Error::NotFound)?;
    respond(found, (&slug, &edition, &nom), &asked)
}

/// Frozen: whoever has it never asks again. Sent as it is kept to those who open it themselves.
fn respond(found: FichierContenu, (slug, edition, nom): (&str, &str, &str), asked: &HeaderMap) -> Result<Response> {
    let (tag, created_at) = (format!("\"{}\"", found.empreinte), Instant(found.created_at));
    let kept = [
        (header::ETAG, tag.clone()),
        (header::LAST_MODIFIED, write_date(created_at)),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".into()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".into()),
        (header::VARY, "accept-encoding".into()),
    ];
    if is_known(asked, &tag, created_at) {
        return Ok((StatusCode::NOT_MODIFIED, DATA_ONLY, kept).into_response());
    }
    let named = [
        (header::CONTENT_TYPE, kind(nom).to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{slug}-{edition}-{nom}\"")),
    ];
    let opens_gzip = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("gzip"));
    if opens_gzip {
        return Ok((DATA_ONLY, kept, named, [(header::CONTENT_ENCODING, "gzip")], found.contenu).into_response());
    }
    let mut open = vec![];
    GzDecoder::new(found.contenu.as_slice()).read_to_end(&mut open).map_err(anyhow::Error::from)?;
    Ok((DATA_ONLY, kept, named, open).into_response())
}

fn kind(nom: &str) -> &'static str {
    match nom.rsplit('.').next().unwrap_or_default() {
        "csv" => "text/csv; charset=utf-8",
        "geojson" => "application/geo+json",
        "json" => "application/json",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
