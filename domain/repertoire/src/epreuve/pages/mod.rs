//! The proof round on screen: what a letter's link opens, and where the coordination sees who answered what.

pub mod equipe;
pub mod lien;

use kit::{Id, Instant, Result};
use territoire::Territoire;

use super::rules::{fingerprint, hush};
use super::storage::find_epreuve;
use super::{Epreuve, Relue, rules};
use crate::Repertoire;
use crate::apercu::FicheVue;
use crate::contenu::Contenu;
use crate::model::{Edition, Etat, Notice};
use crate::pages::livre::write_adresse;
use crate::storage::edition::list_rubriques;
use crate::storage::logo::{list_logos, read_logo};
use crate::storage::notice::{list_notices, read_notice};

/// The proof of a structure, opened.
pub struct Ouverte {
    pub edition: Edition,
    pub epreuve: Epreuve,
    /// Of the entry as it would print today, before anything of it is hushed.
    pub empreinte: String,
    pub notice: Notice,
    /// None: no part of the edition prints it.
    pub fiche: Option<FicheVue>,
}

/// What an edition prints of a structure, as it stands today or as it was frozen; none when it prints nothing.
pub async fn open(
    room: &Repertoire,
    territoire: &Territoire,
    (edition, structure): (Edition, Id),
    now: Instant,
) -> Result<Option<Ouverte>> {
    let db = &room.db;
    let epreuve = find_epreuve(db, territoire.id, (edition.id, structure)).await?;
    let notice = match edition.etat {
        Etat::Figee => list_notices(db, territoire.id, edition.id).await?.into_iter().find(|one| one.structure == structure),
        Etat::Preparation | Etat::Relecture => read_notice(db, territoire, structure).await?,
    };
    let Some(notice) = notice else { return Ok(None) };
    let empreinte = fingerprint(&notice)?;
    let mut printed = [notice.clone()];
    hush(&mut printed, &[(structure, epreuve.clone())].into());
    let logos = match edition.etat {
        Etat::Figee => list_logos(db, territoire.id, edition.id).await?,
        Etat::Preparation | Etat::Relecture => read_logo(db, territoire.id, structure).await?.into_iter().collect(),
    };
    let rubriques = list_rubriques(db.read(), territoire.id, edition.id).await?;
    let contenu = Contenu { edition, rubriques, pages: vec![], notices: printed.to_vec(), logos };
    let adresse = write_adresse(room, &territoire.slug);
    let fiche = contenu.look_at(territoire, structure, (&adresse, now)).await?;
    Ok(Some(Ouverte { edition: contenu.edition, epreuve, empreinte, notice, fiche }))
}

impl Ouverte {
    pub fn statut(&self, courriel: Option<&str>) -> super::Statut {
        rules::tell(&self.epreuve, &self.empreinte, courriel)
    }
}

/// « bonne à imprimer, par son lien, 3 mars, 10 h 12 ».
pub fn dire_reponse(relue: &Relue, now: Instant) -> String {
    let Some(dite) = &relue.epreuve.dite else { return String::new() };
    format!("{}, {}, {}", dite.reponse.label(), dite.voie.label(), ui::format::moment(&dite.at, &now))
}
