//! « Que contient chaque colonne ? »: asked when titles are not recognised, remembered for the next file that has the same.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, Id, Result};
use ui::{Frame, show_with};

use crate::import::{Appris, Association, Colonne, Feuille, read_feuille};
use crate::lots::{Etat, Lot};
use crate::storage::colonnes::{list_appris, save_association};
use crate::storage::lot::{find_contenu, find_lot};
use crate::{Annuaire, lots};

/// A column of the file, some of what it holds, and what it is thought to be.
struct ColonneLue {
    rang: usize,
    titre: String,
    exemples: String,
    choix: Option<Colonne>,
}

impl ColonneLue {
    fn is(&self, colonne: &Colonne) -> bool {
        self.choix == Some(*colonne)
    }
}

#[derive(Template)]
#[template(path = "annuaire/colonnes.html")]
struct ColonnesPage {
    frame: Frame,
    slug: String,
    lot: Lot,
    colonnes: Vec<ColonneLue>,
    refus: Option<String>,
}

pub async fn show_colonnes(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let (lot, feuille) = find(&annuaire, &equipier, &id).await?;
    let appris = list_appris(&annuaire.db, equipier.territoire.id).await?;
    let colonnes = describe(&feuille, |titre| propose(&appris, &feuille, titre));
    show(&equipier, lot, (colonnes, None))
}

/// Keeps what was said and verifies the file again.
pub async fn update_colonnes(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (lot, feuille) = find(&annuaire, &equipier, &id).await?;
    let chosen =
        |rang: usize| input.iter().find(|(name, _)| *name == format!("colonne-{rang}")).and_then(|(_, code)| Colonne::from_code(code));
    let choix: Vec<(String, Option<Colonne>)> =
        feuille.titres.iter().enumerate().map(|(rang, titre)| (titre.clone(), chosen(rang))).collect();
    let association = match Association::read(&choix) {
        Ok(association) => association,
        Err(refus) => {
            let colonnes = describe(&feuille, |titre| choix.iter().find(|(known, _)| known == titre).and_then(|(_, colonne)| *colonne));
            return show(&equipier, lot, (colonnes, Some(refus.to_string())));
        }
    };
    save_association(&annuaire.db, equipier.territoire.id, (&feuille.titres, &association), equipier.compte_id, equipier.now).await?;
    lots::verify_again(&annuaire, &equipier, &lot).await?;
    Ok(Redirect::to(&format!("/{}/equipe/annuaire/imports/{}", equipier.territoire.slug, lot.id)).into_response())
}

/// The file, while it waits: once written, its columns are past.
async fn find(annuaire: &Annuaire, equipier: &Equipier, id: &str) -> Result<(Lot, Feuille)> {
    let (territoire, id) = (equipier.territoire.id, id.parse::<Id>()?);
    let lot = find_lot(&annuaire.db, territoire, id).await?.ok_or(Error::NotFound)?;
    if !matches!(lot.etat, Etat::Verifie | Etat::Refuse) {
        return Err(Error::Conflict(format!("Ce fichier est « {} » : ses colonnes ne se changent plus.", lot.etat.label())));
    }
    let contenu = find_contenu(&annuaire.db, territoire, id).await?.ok_or(Error::NotFound)?;
    let fichier = lot.fichier.clone();
    let read = tokio::task::spawn_blocking(move || read_feuille(&contenu, &fichier)).await.map_err(anyhow::Error::from)?;
    Ok((lot, read.map_err(|probleme| Error::Conflict(format!("Ce fichier n’a pas de colonnes à reconnaître : {}.", probleme.conseil)))?))
}

fn propose(appris: &Appris, feuille: &Feuille, titre: &str) -> Option<Colonne> {
    appris.find(&feuille.titres).and_then(|known| known.find(titre)).unwrap_or_else(|| Colonne::recognise(titre))
}

const EXEMPLES: usize = 3;

fn describe(feuille: &Feuille, choose: impl Fn(&str) -> Option<Colonne>) -> Vec<ColonneLue> {
    let sample = |rang: usize| {
        let cells = feuille.rangees.iter().take(200).filter_map(|(_, cases)| cases.get(rang)).map(|cell| cell.trim());
        let mut kept: Vec<String> = vec![];
        for cell in cells.filter(|cell| !cell.is_empty()) {
            let short: String = cell.chars().take(60).collect();
            if kept.len() < EXEMPLES && !kept.contains(&short) {
                kept.push(short);
            }
        }
        kept.join(" · ")
    };
    let colonnes = feuille.titres.iter().enumerate();
    colonnes.map(|(rang, titre)| ColonneLue { rang, titre: titre.clone(), exemples: sample(rang), choix: choose(titre) }).collect()
}

fn show(equipier: &Equipier, lot: Lot, (colonnes, refus): (Vec<ColonneLue>, Option<String>)) -> Result<Response> {
    let status = if refus.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = equipier.frame("Que contient chaque colonne\u{202f}?", Menu::Annuaire);
    show_with(status, &ColonnesPage { frame, slug: equipier.territoire.slug.clone(), lot, colonnes, refus })
}
