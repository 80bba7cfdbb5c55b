//! What changed: each with its reason, « vu », and the way to open a piste.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::{LireChiffres, MenerPistes};
use comptes::{Autorise, Droit, Menu};
use kit::journal::{self, Acte};
use kit::{Error, Id, Instant, Result};
use ui::{Frame, show};

use super::Observatoire;
use crate::alertes::phrases::{say_pourquoi, say_titre};
use crate::storage::alerte::{find_alerte, list_alertes, mark_vue as write_vue};

#[derive(Template)]
#[template(path = "observatoire/alertes.html")]
struct AlertesPage {
    frame: Frame,
    slug: String,
    a_voir: Vec<AlerteDite>,
    vues: Vec<AlerteDite>,
    mene: bool,
    now: Instant,
}

struct AlerteDite {
    id: Id,
    titre: String,
    pourquoi: String,
    trouvee_at: Instant,
    vue_at: Option<Instant>,
}

pub async fn show_alertes(equipier: Autorise<LireChiffres>, State(room): State<Observatoire>) -> Result<Response> {
    let is_masque = !equipier.can(Droit::LireDemandes);
    let said = list_alertes(&room.db, equipier.territoire.id).await?.into_iter().map(|one| AlerteDite {
        id: one.id,
        titre: say_titre(&one, &equipier.territoire),
        pourquoi: say_pourquoi(&one, is_masque),
        trouvee_at: one.trouvee_at,
        vue_at: one.vue_at,
    });
    let (vues, a_voir) = said.partition(|one: &AlerteDite| one.vue_at.is_some());
    show(&AlertesPage {
        frame: equipier.frame("Alertes", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        a_voir,
        vues,
        mene: equipier.can(Droit::MenerPistes),
        now: equipier.now,
    })
}

/// Two clicks mark it once.
pub async fn mark_vue(
    equipier: Autorise<MenerPistes>,
    State(room): State<Observatoire>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let alerte = find_alerte(&room.db, territoire, id.parse()?).await?.ok_or(Error::NotFound)?;
    let tx = room.db.begin().await?;
    if write_vue(&tx, (territoire, alerte.id), (equipier.compte_id, equipier.now)).await? {
        let acte = Acte { auteur: Some(equipier.compte_id), acte: "alerte vue", objet: ("alerte", alerte.id), detail: &alerte.besoin };
        journal::record(&tx, territoire, equipier.now, &acte).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{slug}/equipe/observatoire/alertes")).into_response())
}
