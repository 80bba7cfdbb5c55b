//! The lock « en ligne »: who deals with somebody who waits, so that two people never call the same person.

mod storage;

use askama::Template;
use comptes::Equipier;
use kit::{Db, Id, Instant, Result};

pub use storage::{Prise, list_prises, release, take};

/// What the lock of a demande is on.
pub fn cle_de_demande(demande: Id) -> String {
    format!("demande-{demande}")
}

/// Who is « en ligne », as a page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnLigne {
    pub nom: String,
    pub depuis: Instant,
    pub is_moi: bool,
}

impl EnLigne {
    /// « Camille Roux, depuis 10 h 12 ».
    pub fn say(&self) -> String {
        format!("{}, depuis {}", self.nom, ui::format::heure(self.depuis.paris()))
    }
}

/// At the head of a page where a person can be called: somebody of the team is on it, or the button that says « I am ».
#[derive(Template)]
#[template(path = "accueil/en_ligne.html")]
pub struct Bandeau {
    slug: String,
    objet: String,
    en_ligne: Option<EnLigne>,
}

impl Bandeau {
    pub async fn find(db: &Db, equipier: &Equipier, objet: String) -> Result<Self> {
        let en_ligne = list_en_ligne(db, equipier).await?.into_iter().find(|(one, _)| *one == objet).map(|(_, en_ligne)| en_ligne);
        Ok(Self { slug: equipier.territoire.slug.clone(), objet, en_ligne })
    }
}

/// Everybody who is « en ligne », each with what they deal with, as `equipier` reads it.
pub async fn list_en_ligne(db: &Db, equipier: &Equipier) -> Result<Vec<(String, EnLigne)>> {
    let prises = list_prises(db, equipier.territoire.id, equipier.now).await?;
    if prises.is_empty() {
        return Ok(vec![]);
    }
    let equipe = comptes::storage::list_comptes(db, equipier.territoire.id).await?;
    let name = |prise: Prise| {
        let nom = equipe.iter().find(|one| one.id == prise.compte_id).map_or("quelqu’un", |one| one.nom.as_str()).to_string();
        (prise.objet, EnLigne { nom, depuis: prise.depuis, is_moi: prise.compte_id == equipier.compte_id })
    };
    Ok(prises.into_iter().map(name).collect())
}
