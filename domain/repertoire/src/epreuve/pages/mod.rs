//! The proof round on screen: what a letter's link opens, and where the coordination sees who answered what.

pub mod equipe;
pub mod lien;

use std::sync::Arc;

use kit::{Id, Instant, Result};
use territoire::Territoire;

use super::rules::Lue;
use super::rules::{fingerprint, fingerprint_said};
use super::storage::find_epreuve;
use super::{Dite, Epreuve, Relue, VoieReponse, rules};
use crate::Repertoire;
use crate::apercu::FicheVue;
use crate::contenu::Contenu;
use crate::model::{Edition, Etat, Notice};
use crate::pages::livre::write_adresse;
use crate::storage::logo::{list_logos, read_logo};
use crate::storage::notice::read_notice;

/// The proof of a structure, opened.
pub struct Ouverte {
    pub edition: Edition,
    pub epreuve: Epreuve,
    /// Of the entry as it prints today.
    pub empreinte: String,
    /// The record, with what is not to be printed of a person.
    pub notice: Notice,
    /// One for each way that books print it, once they are drawn; none: no part of the edition does.
    pub fiches: Vec<FicheVue>,
    /// The edition that prints it.
    contenu: Contenu,
}

/// What an edition prints of a structure, as it stands today or as it was frozen; none when it prints nothing.
pub async fn open(room: &Repertoire, territoire: &Arc<Territoire>, (edition, structure): (Edition, Id)) -> Result<Option<Ouverte>> {
    let db = &room.db;
    let epreuve = find_epreuve(db, territoire.id, (edition.id, structure)).await?;
    let contenu = Contenu::read(db, territoire, edition).await?;
    let is_it = |one: &&Notice| one.structure == structure;
    let Some(printed) = contenu.notices.iter().find(is_it) else { return Ok(None) };
    let empreinte = fingerprint(printed)?;
    let notice = match contenu.edition.etat {
        Etat::Figee => Some(printed.clone()),
        Etat::Preparation | Etat::Relecture => read_notice(db, territoire, structure).await?,
    };
    let Some(notice) = notice else { return Ok(None) };
    Ok(Some(Ouverte { edition: contenu.edition.clone(), epreuve, empreinte, notice, fiches: vec![], contenu }))
}

impl Ouverte {
    /// Composes the pages that show it: for who looks, not for who answers.
    pub async fn draw(mut self, room: &Repertoire, now: Instant) -> Result<Self> {
        let (db, territoire, structure) = (&room.db, &self.contenu.territoire, self.notice.structure);
        self.contenu.logos = match self.edition.etat {
            Etat::Figee => list_logos(db, territoire.id, self.edition.id).await?,
            Etat::Preparation | Etat::Relecture => read_logo(db, territoire.id, structure).await?.into_iter().collect(),
        };
        let adresse = write_adresse(room, &self.contenu.territoire.slug);
        self.fiches = self.contenu.look_at(structure, (&adresse, now)).await?;
        Ok(self)
    }

    /// An answer of now; `telephone` is said with it, else it stays as it was.
    pub fn answer(&self, (reponse, remarque, telephone): Lue, (voie, at): (VoieReponse, Instant)) -> Result<(Dite, Option<bool>)> {
        let empreinte = fingerprint_said(&self.notice, telephone.or(self.epreuve.telephone))?;
        Ok((Dite { reponse, voie, at, remarque, empreinte }, telephone))
    }

    pub fn statut(&self, courriel: Option<&str>) -> super::Statut {
        rules::tell(&self.epreuve, &self.empreinte, courriel)
    }
}

/// « bonne à imprimer, par son lien, 3 mars, 10 h 12 ».
pub fn dire_reponse(relue: &Relue, now: Instant) -> String {
    let Some(dite) = &relue.epreuve.dite else { return String::new() };
    format!("{}, {}, {}", dite.reponse.label(), dite.voie.label(), ui::format::moment(&dite.at, &now))
}
