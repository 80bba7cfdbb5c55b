//! The objective of an indicator: said to all who read it, set and taken away by those who follow pistes.

use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::MenerPistes;
use comptes::storage::list_comptes;
use comptes::{Autorise, Equipier};
use kit::journal::{self, Acte};
use kit::{Error, Result};

use super::super::pistes::{list_pilotes, name_compte};
use super::tableau::Ligne;
use super::{IndicateurInput, Question, respond};
use crate::Observatoire;
use crate::indicateurs::objectif::{Atteinte, Objectif, ObjectifInput};
use crate::indicateurs::{Indicateur, find_indicateur};
use crate::storage::cible::{delete_objectif, save_objectif};

/// An objective, as the page says it.
pub struct ObjectifDit {
    pub phrase: String,
    pub atteinte: Option<Atteinte>,
    pub responsable: String,
}

pub async fn say_objectif(
    room: &Observatoire,
    equipier: &Equipier,
    (objectif, indicateur, ensemble): (&Objectif, &Indicateur, Option<&Ligne>),
) -> Result<ObjectifDit> {
    let comptes = list_comptes(&room.db, equipier.territoire.id).await?;
    Ok(ObjectifDit {
        phrase: objectif.say(indicateur.unite),
        atteinte: ensemble.and_then(|one| objectif.judge((indicateur.unite, one.comparee.now.valeurs()[0]), equipier.now.day())),
        responsable: name_compte(&comptes, objectif.responsable),
    })
}

pub async fn write_objectif(
    equipier: Autorise<MenerPistes>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(asked): Query<IndicateurInput>,
    Form(input): Form<ObjectifInput>,
) -> Result<Response> {
    let question = Question::read(&code, &asked, (&room, &equipier)).await?;
    let territoire = equipier.territoire.id;
    if !question.indicateur.has_whole() {
        return Err(Error::Conflict("cet indicateur ne se dit que par besoin : il n’a pas d’objectif pour tout le territoire".into()));
    }
    let pilotes = list_pilotes(&room, territoire).await?;
    let objectif = match input.parse(question.indicateur.unite, (&pilotes, equipier.now.day())) {
        Ok(objectif) => objectif,
        Err(errors) => return respond((&room, &equipier), question, Some((input, errors))).await,
    };
    let tx = room.db.begin().await?;
    save_objectif(&tx, territoire, &question.indicateur.code, &objectif).await?;
    let detail = format!("{}\u{a0}: {}", question.indicateur.code, objectif.say(question.indicateur.unite));
    journal::record(&tx, territoire, equipier.now, &acte(&equipier, "objectif fixé", &detail)).await?;
    tx.commit().await?;
    Ok(back(&equipier, &question))
}

/// Taking it away twice takes it away once.
pub async fn create_retrait(
    equipier: Autorise<MenerPistes>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(asked): Query<IndicateurInput>,
) -> Result<Response> {
    let indicateur = find_indicateur(&code).ok_or(Error::NotFound)?;
    let tx = room.db.begin().await?;
    if delete_objectif(&tx, equipier.territoire.id, &indicateur.code).await? {
        journal::record(&tx, equipier.territoire.id, equipier.now, &acte(&equipier, "objectif retiré", &indicateur.code)).await?;
    }
    tx.commit().await?;
    Ok(back(&equipier, &Question::read(&code, &asked, (&room, &equipier)).await?))
}

fn acte<'a>(equipier: &Equipier, acte: &'a str, detail: &'a str) -> Acte<'a> {
    Acte { auteur: Some(equipier.compte_id), acte, objet: ("territoire", equipier.territoire.id), detail }
}

fn back(equipier: &Equipier, question: &Question) -> Response {
    let (slug, code) = (&equipier.territoire.slug, &question.indicateur.code);
    Redirect::to(&format!("/{slug}/equipe/observatoire/indicateurs/{code}?{}#objectif", question.query())).into_response()
}
