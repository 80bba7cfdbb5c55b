//! The books of frozen editions, for anybody: what was printed, to be read on a screen, listened to, or printed at home.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use comptes::Visite;
use kit::{Db, Error, Id, Result};
use ui::{Frame, show};

use super::livre::write_adresse;
use crate::Repertoire;
use crate::contenu::{Contenu, find_imprime};
use crate::model::{Edition, Etat};
use crate::papier::Forme;
use crate::rules::zone::name_livres;
use crate::storage::edition::list_editions;
use crate::storage::livre::{find_livre, insert_livre};

/// Of those that are made, what a person without a print shop reads.
const FORMES: [Forme; 2] = [Forme::Livret, Forme::GrandsCaracteres];

#[derive(Template)]
#[template(path = "repertoire/public.html")]
struct PublicPage {
    frame: Frame,
    base: String,
    /// The last one first; of each book, its code in addresses and its name.
    editions: Vec<(Edition, Vec<(String, String)>)>,
    telephone: Option<String>,
}

impl PublicPage {
    fn accueil(&self) -> &str {
        self.frame.site.as_ref().map(|site| site.home.as_str()).unwrap_or_default()
    }
}

/// Those that were printed, the last one first: an address that somebody wrote down stays good.
async fn list_figees(db: &Db, territoire: Id) -> Result<Vec<Edition>> {
    let mut figees = list_editions(db, territoire).await?;
    figees.retain(|one| one.etat == Etat::Figee);
    figees.sort_by_key(|one| std::cmp::Reverse(one.figee_at));
    Ok(figees)
}

pub async fn show_public(visite: Visite, State(room): State<Repertoire>) -> Result<Response> {
    let territoire = &visite.territoire;
    let mut editions = vec![];
    for edition in list_figees(&room.db, territoire.id).await? {
        let livres = name_livres(&*find_imprime(&room.db, territoire, &edition).await?);
        editions.push((edition, livres));
    }
    show(&PublicPage {
        frame: visite.frame("Le répertoire des services, à lire ou à imprimer"),
        base: format!("/{}/repertoire", territoire.slug),
        editions,
        telephone: territoire.ligne.telephone.clone(),
    })
}

/// A book of a frozen edition: composed the first time that it is asked for, kept since.
pub async fn show_livre(
    visite: Visite,
    State(room): State<Repertoire>,
    Path((slug, annee, bassin, forme)): Path<(String, String, String, String)>,
) -> Result<Response> {
    let territoire = &visite.territoire;
    let forme = Forme::from_code(&forme).filter(|forme| FORMES.contains(forme)).ok_or(Error::NotFound)?;
    let figees = list_figees(&room.db, territoire.id).await?;
    let edition = figees.into_iter().find(|one| one.annee.to_string() == annee).ok_or(Error::NotFound)?;
    let key = (edition.id, bassin.as_str(), forme);
    let pdf = match find_livre(&room.db, territoire.id, key).await? {
        Some(kept) => kept,
        None => {
            let contenu = Contenu::read(&room.db, territoire, edition).await?.with_logos(&room.db).await?;
            contenu.find_zone(&bassin).ok_or(Error::NotFound)?;
            let made = contenu.print((Some(&bassin), forme), (&write_adresse(&room, &slug), visite.now)).await?.pdf;
            insert_livre(&room.db, territoire.id, key, &made).await?;
            made
        }
    };
    let name = format!("inline; filename=\"repertoire-{slug}-{annee}-{bassin}-{}.pdf\"", forme.code());
    let disposition = HeaderValue::from_str(&name).map_err(anyhow::Error::from)?;
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    let kept = (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    Ok(([kind, kept, (header::CONTENT_DISPOSITION, disposition)], pdf).into_response())
}
