//! The figures that anybody may read: a published year, the same as a file, and a few of them for the page of another site.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, header};
use axum::response::Response;
use comptes::Visite;
use kit::{Error, Id, Result, Tableur};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Observatoire;
use crate::bilan::{Bilan, ChiffreCle, read_public};
use crate::publication::ouverture::{list_chiffres, say_part};
use crate::storage::publication::{find_publication, list_annees};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnneeInput {
    annee: String,
}

#[derive(Template)]
#[template(path = "observatoire/publication.html")]
struct PublicationPage {
    frame: Frame,
    slug: String,
    nom: String,
    /// Where this site is, for those who show its figures on theirs.
    origine: String,
    annees: Vec<i32>,
    /// None: no year is published yet.
    bilan: Option<Bilan>,
}

/// The year that is asked when it is published, else the last one.
async fn find_annee(room: &Observatoire, territoire: Id, asked: &str) -> Result<(Vec<i32>, Option<i32>)> {
    let annees = list_annees(&room.db, territoire).await?;
    let asked: Option<i32> = if asked.is_empty() { None } else { Some(asked.parse().map_err(|_| Error::NotFound)?) };
    let annee = match asked {
        Some(annee) if annees.contains(&annee) => Some(annee),
        Some(_) => return Err(Error::NotFound),
        None => annees.first().copied(),
    };
    Ok((annees, annee))
}

pub async fn show_publication(visite: Visite, State(room): State<Observatoire>, Query(input): Query<AnneeInput>) -> Result<Response> {
    let (annees, annee) = find_annee(&room, visite.territoire.id, &input.annee).await?;
    let bilan = match annee {
        Some(annee) => Some(read_public(&room.db, &visite.territoire, annee).await?),
        None => None,
    };
    let titre = annee.map_or_else(|| "Chiffres".to_string(), |annee| format!("Chiffres {annee}"));
    show(&PublicationPage {
        frame: visite.frame(titre),
        slug: visite.territoire.slug.clone(),
        nom: visite.territoire.nom.clone(),
        origine: room.comptes.origine().unwrap_or("https://ADRESSE-DU-SITE").to_string(),
        annees,
        bilan,
    })
}

#[derive(Template)]
#[template(path = "observatoire/publication_cadre.html")]
struct CadrePage {
    slug: String,
    nom: String,
    annee: Option<i32>,
    chiffres: Vec<ChiffreCle>,
}

/// How many figures the frame shows.
const DANS_LE_CADRE: usize = 5;

/// The first figures alone, for the page of any other site: nothing is asked in it, nobody is known by it.
pub async fn show_cadre(visite: Visite, State(room): State<Observatoire>, Query(input): Query<AnneeInput>) -> Result<Response> {
    let (_, annee) = find_annee(&room, visite.territoire.id, &input.annee).await?;
    let chiffres = match annee {
        Some(annee) => read_public(&room.db, &visite.territoire, annee).await?.sections.into_iter().next().map(|one| one.chiffres),
        None => None,
    };
    let chiffres = chiffres.unwrap_or_default().into_iter().take(DANS_LE_CADRE).collect();
    let mut page = show(&CadrePage { slug: visite.territoire.slug.clone(), nom: visite.territoire.nom.clone(), annee, chiffres })?;
    let policy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *";
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy.parse().map_err(anyhow::Error::from)?);
    let of_anybody = (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    page.headers_mut().insert(of_anybody.0, of_anybody.1.parse().map_err(anyhow::Error::from)?);
    Ok(page)
}

/// One figure a row; empty where it is hidden.
pub async fn show_fichier(visite: Visite, State(room): State<Observatoire>, Path((slug, nom)): Path<(String, String)>) -> Result<Response> {
    let annee: i32 = nom.strip_suffix(".csv").and_then(|annee| annee.parse().ok()).ok_or(Error::NotFound)?;
    let territoire = &visite.territoire;
    let publiee = find_publication(&room.db, territoire.id, annee).await?.ok_or(Error::NotFound)?;
    let mut tableur =
        Tableur::new(&["territoire", "annee", "fait", "axe", "valeur", "libelle", "part", "part_libelle", "nombre", "statut"])?;
    for one in list_chiffres(&publiee.publication, territoire) {
        let nombre = one.nombre.map(|count| count.to_string()).unwrap_or_default();
        let statut = if one.nombre.is_some() { "publié" } else { "masqué" };
        let annee = annee.to_string();
        tableur.push(&[&slug, &annee, &one.fait, &one.axe, &one.valeur, &one.libelle, &one.part, &say_part(&one.part), &nombre, statut])?;
    }
    tableur.respond(&format!("chiffres-{slug}-{annee}.csv"))
}
