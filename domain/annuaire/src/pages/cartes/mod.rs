//! The pages of maps: a drawing that needs no script, its legend, its table; the same as GeoJSON and on paper.

mod commune;
mod papier;
mod service;
mod zones;

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use comptes::{Equipier, Menu};
use kit::{Error, Result};
use serde::Deserialize;
use territoire::contours::MENTION;
use territoire::{Commune, Territoire};
use ui::{Frame, show};

use crate::Annuaire;
use crate::besoin::{Besoin, Taxonomie};
use crate::cartes::{Carte, Fond, Ligne, Trace, write_geojson, write_marque, write_motif};

pub use commune::show_commune;
pub use service::{show_service, show_service_public};
pub use zones::show_zones;

/// How a map is read.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Forme {
    #[default]
    Page,
    Geojson,
    Pdf,
}

/// What one chooses above the map.
#[derive(Default)]
struct Filtre {
    /// What was typed for the commune; none on a map that asks for none.
    ou: Option<String>,
    besoins: Vec<&'static Besoin>,
    choisi: Option<&'static Besoin>,
    /// Communes that the words may mean: one is to be chosen.
    sens: Vec<&'static Commune>,
}

/// Where a map is: its own address, to which `forme` is added, and where one comes back.
struct Adresse {
    ici: String,
    retour: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "annuaire/carte.html")]
struct CartePage {
    frame: Frame,
    slug: String,
    carte: Carte,
    trace: Option<Trace>,
    filtre: Filtre,
    adresse: Adresse,
    fond: Option<Fond>,
    /// How many lines of the table are shown.
    limite: usize,
    mention: &'static str,
}

impl CartePage {
    fn is_chosen(&self, besoin: &Besoin) -> bool {
        self.filtre.choisi.is_some_and(|known| known.rang == besoin.rang)
    }

    fn shown(&self) -> &[Ligne] {
        let lignes = &self.carte.tableau.lignes;
        lignes.get(..self.limite.min(lignes.len())).unwrap_or_default()
    }

    fn omises(&self) -> usize {
        self.carte.tableau.lignes.len() - self.shown().len() + self.carte.tableau.omises
    }

    /// The same map, read otherwise.
    fn forme(&self, forme: &str) -> String {
        let link = if self.adresse.ici.contains('?') { '&' } else { '?' };
        format!("{}{link}forme={forme}", self.adresse.ici)
    }

    /// Numbers stand on the right of their column, in one piece.
    fn is_nombre(&self, rang: &usize) -> bool {
        matches!(self.carte.tableau.colonnes.get(*rang), Some(&("Habitants" | "Communes sans personne" | "Distance" | "Téléphone")))
    }
}

/// The need that a query names, or none; one that does not exist is said.
fn find_besoin(code: &str) -> Result<Option<&'static Besoin>> {
    match code {
        "" => Ok(None),
        code => {
            let found = Taxonomie::get().find(code);
            found.map(Some).ok_or_else(|| Error::Unknown(format!("Le besoin « {code} » n’existe pas.")))
        }
    }
}

/// A map is drawn away from the threads that answer: a whole country takes a while.
async fn work<T: Send + 'static>(make: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    Ok(tokio::task::spawn_blocking(make).await.map_err(anyhow::Error::from)?)
}

/// The map in the form asked, for somebody of the team.
async fn respond(
    (annuaire, equipier): (&Annuaire, &Equipier),
    (carte, forme): (Carte, Forme),
    (filtre, adresse): (Filtre, Adresse),
) -> Result<Response> {
    match forme {
        Forme::Page => {
            let (trace, carte) = work(move || (Trace::draw(&carte), carte)).await?;
            let (slug, fond) = (equipier.territoire.slug.clone(), annuaire.fond.clone());
            let frame = equipier.frame(carte.titre.clone(), Menu::Annuaire);
            show(&CartePage { frame, slug, carte, trace, filtre, adresse, fond, limite: usize::MAX, mention: MENTION })
        }
        Forme::Geojson => {
            let body = work(move || write_geojson(&carte)).await?.map_err(anyhow::Error::from)?;
            Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json"))], body).into_response())
        }
        Forme::Pdf => respond_pdf(carte, &equipier.territoire, equipier.now).await,
    }
}

async fn respond_pdf(carte: Carte, territoire: &Territoire, now: kit::Instant) -> Result<Response> {
    let name = format!("attachment; filename=\"carte-{}-{}.pdf\"", territoire.slug, now.day());
    let pdf = papier::write_pdf(carte, territoire, now).await?;
    let name = HeaderValue::from_str(&name).map_err(anyhow::Error::from)?;
    let kind = HeaderValue::from_static("application/pdf");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], pdf).into_response())
}
