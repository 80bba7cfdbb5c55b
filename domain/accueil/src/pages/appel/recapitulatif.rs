//! The summary of a call on paper, for the post.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use comptes::permission::PrendreAppel;
use comptes::{Autorise, Menu};
use kit::{Error, Instant, Result, journal};
use territoire::Territoire;
use ui::{Frame, show};

use crate::model::{Demande, Orientation};
use crate::mots::libelle_de_besoin;
use crate::rules::recapitulatif::list_nommees;
use crate::suivi::code_of;
use crate::{Accueil, storage, trace};

#[derive(Template)]
#[template(path = "accueil/recapitulatif.html")]
struct RecapitulatifPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    demande: Demande,
    now: Instant,
    /// The page and the code by which the person follows it.
    suivi: Option<(String, String)>,
}

impl RecapitulatifPage<'_> {
    fn besoins(&self) -> String {
        self.demande.detail.besoins.iter().map(|code| libelle_de_besoin(code)).collect::<Vec<_>>().join(", ")
    }

    fn nommees(&self) -> Vec<&Orientation> {
        list_nommees(&self.demande.detail.orientations)
    }
}

pub async fn show_recapitulatif(
    equipier: Autorise<PrendreAppel>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let found = storage::find_demande(&accueil.db, &accueil.coffre, equipier.territoire.id, id.parse()?).await?;
    let demande = found.ok_or(Error::NotFound)?;
    let acte = trace::acte(Some(equipier.compte_id), trace::LECTURE, demande.id, "récapitulatif");
    journal::record_alone(&accueil.db, equipier.territoire.id, equipier.now, &acte).await?;
    let code = code_of(accueil.db.read(), &accueil.coffre, equipier.territoire.id, demande.id).await?;
    let site = accueil.comptes.origine().unwrap_or_default();
    let suivi = code.map(|code| (format!("{site}/{}/suivi", equipier.territoire.slug), code));
    let frame = equipier.frame(format!("Récapitulatif de la demande n° {}", demande.numero), Menu::Appel);
    show(&RecapitulatifPage { frame, territoire: &equipier.territoire, demande, now: equipier.now, suivi })
}
