//! One piste: what is missing and why, what comes next, what was done, before and after.

use accueil::mots::libelle_de_besoin;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use comptes::permission::{LireChiffres, MenerPistes};
use comptes::storage::list_comptes;
use comptes::{Autorise, Compte, Droit, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Instant, Result, journal};
use territoire::{Commune, Referentiel};
use ui::{Frame, show_with};

use super::super::Observatoire;
use super::super::chiffre::say_compte;
use super::{acte, list_pilotes, name_compte};
use crate::demandes::{Compteur, list_demandes};
use crate::pistes::model::{Etape, NatureEtape, Piste};
use crate::pistes::regard::{Desservante, list_desservantes};
use crate::pistes::rules::{ClotureInput, EtapeInput, SuiteInput, count_by_month};
use crate::rules::mois::Mois;
use crate::storage::piste::{add_etape, close_piste, find_piste, list_etapes};

#[derive(Template)]
#[template(path = "observatoire/piste.html")]
struct PistePage {
    frame: Frame,
    slug: String,
    base: String,
    piste: Piste,
    ou: String,
    pilote: String,
    is_late: bool,
    chiffres: Vec<LigneChiffres>,
    depuis: String,
    /// Those that serve since it was opened.
    nouvelles: Vec<Desservante>,
    etapes: Vec<(Etape, String)>,
    pilotes: Vec<Compte>,
    mene: bool,
    is_masque: bool,
    now: Instant,
    etape: EtapeInput,
    cloture: ClotureInput,
    errors: FieldErrors,
}

/// One figure, before and after.
struct LigneChiffres {
    quoi: &'static str,
    avant: String,
    apres: String,
}

/// What was typed, when it could not be read.
#[derive(Default)]
struct Tape {
    etape: Option<EtapeInput>,
    cloture: ClotureInput,
    errors: FieldErrors,
}

pub async fn show_piste(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let piste = find(&room, &equipier, &id).await?;
    show_one((&room, &equipier), piste, Tape::default()).await
}

async fn find(room: &Observatoire, equipier: &Equipier, id: &str) -> Result<Piste> {
    find_piste(&room.db, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

async fn show_one((room, equipier): (&Observatoire, &Equipier), piste: Piste, tape: Tape) -> Result<Response> {
    let territoire = &equipier.territoire;
    let status = if tape.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let is_masque = !equipier.can(Droit::LireDemandes);
    let communes = list_communes(&piste);
    let serving = list_desservantes(&room.aiguillages.get(territoire.id), &piste.besoin, &communes);
    let depuis = counted_from(&piste);
    let apres = count_apres(room, (territoire.id, equipier.now.day()), &piste, depuis).await?;
    let comptes = list_comptes(&room.db, territoire.id).await?;
    let etapes = list_etapes(&room.db, territoire.id, piste.id).await?;
    let suite = SuiteInput { pilote: piste.pilote.to_string(), ..SuiteInput::default() };
    let page = PistePage {
        frame: equipier.frame(format!("Piste : {}", libelle_de_besoin(&piste.besoin)), Menu::Chiffres),
        slug: territoire.slug.clone(),
        base: format!("/{}/equipe/observatoire/pistes/{}", territoire.slug, piste.id),
        ou: piste.etendue.label(territoire),
        pilote: name_compte(&comptes, piste.pilote),
        is_late: piste.is_late(equipier.now.day()),
        chiffres: compare(&piste, apres, (serving.len(), is_masque)),
        depuis: ui::format::date(depuis),
        nouvelles: piste.list_nouvelles(&serving).into_iter().cloned().collect(),
        etapes: etapes.into_iter().map(|one| (name_compte(&comptes, one.compte), one)).map(|(nom, one)| (one, nom)).collect(),
        pilotes: list_pilotes(room, territoire.id).await?,
        mene: equipier.can(Droit::MenerPistes),
        is_masque,
        now: equipier.now,
        etape: tape.etape.unwrap_or(EtapeInput { suite, ..EtapeInput::default() }),
        cloture: tape.cloture,
        errors: tape.errors,
        piste,
    };
    show_with(status, &page)
}

fn list_communes(piste: &Piste) -> Vec<&'static Commune> {
    let found = piste.etendue.communes.iter().filter_map(|code| Referentiel::get().resolve_code(code).ok());
    found.map(|one| one.commune).collect()
}

/// Counters are kept by month: what came after is counted from the first whole month.
fn counted_from(piste: &Piste) -> NaiveDate {
    Mois::of(piste.close_at.unwrap_or(piste.ouverte_at).day()).plus(1).first_day()
}

/// What was asked since, and over how many days; none when no whole month began.
async fn count_apres(
    room: &Observatoire,
    (territoire, today): (Id, NaiveDate),
    piste: &Piste,
    depuis: NaiveDate,
) -> Result<Option<(Compteur, i64)>> {
    if depuis > today {
        return Ok(None);
    }
    let demandes = list_demandes(&room.db, territoire, (Mois::of(depuis), Mois::of(today))).await?;
    Ok(Some((demandes.sum(&piste.besoin, &piste.etendue.communes), (today - depuis).num_days() + 1)))
}

fn compare(piste: &Piste, apres: Option<(Compteur, i64)>, (structures, is_masque): (usize, bool)) -> Vec<LigneChiffres> {
    let days = (piste.ouverte_at.day() - piste.avant.du).num_days() + 1;
    let say = |count: i64, days: i64| match count_by_month(count, days) {
        // What is too small to be told is not told by its rate either.
        Some(tenths) if !is_masque => {
            format!("{} ({},{} par mois)", say_compte(count, is_masque), ui::format::nombre(tenths / 10), tenths % 10)
        }
        _ => say_compte(count, is_masque),
    };
    let after = |of: fn(Compteur) -> i64| apres.map_or_else(|| "pas encore".to_string(), |(count, days)| say(of(count), days));
    vec![
        LigneChiffres { quoi: "Demandes", avant: say(piste.avant.demandes, days), apres: after(|one| one.demandes) },
        LigneChiffres { quoi: "Sans solution", avant: say(piste.avant.sans_solution, days), apres: after(|one| one.sans_solution) },
        LigneChiffres {
            quoi: "Structures qui desservent",
            avant: ui::format::nombre(piste.avant.structures.len()),
            apres: ui::format::nombre(structures),
        },
    ]
}

/// Says what was done and what comes next.
pub async fn create_etape(
    equipier: Autorise<MenerPistes>,
    State(room): State<Observatoire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<EtapeInput>,
) -> Result<Response> {
    let piste = find(&room, &equipier, &id).await?;
    let pilotes = list_pilotes(&room, equipier.territoire.id).await?;
    let (fait, suite) = match input.parse(&pilotes, equipier.now.day()) {
        Ok(read) => read,
        Err(errors) => return show_one((&room, &equipier), piste, Tape { etape: Some(input), errors, ..Tape::default() }).await,
    };
    let etape = Etape { at: equipier.now, compte: equipier.compte_id, nature: NatureEtape::Faite, texte: fait };
    let tx = room.db.begin().await?;
    add_etape(&tx, (equipier.territoire.id, piste.id), &etape, &suite).await?;
    journal::record(&tx, equipier.territoire.id, equipier.now, &acte(&equipier, "étape d’une piste", (piste.id, &piste.besoin))).await?;
    tx.commit().await?;
    Ok(to_piste(&equipier, &piste))
}

/// Ends it: a service opened, or nothing will.
pub async fn create_cloture(
    equipier: Autorise<MenerPistes>,
    State(room): State<Observatoire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<ClotureInput>,
) -> Result<Response> {
    let piste = find(&room, &equipier, &id).await?;
    let (etat, nature, texte) = match input.parse() {
        Ok(read) => read,
        Err(errors) => return show_one((&room, &equipier), piste, Tape { cloture: input, errors, ..Tape::default() }).await,
    };
    let etape = Etape { at: equipier.now, compte: equipier.compte_id, nature, texte };
    let tx = room.db.begin().await?;
    close_piste(&tx, (equipier.territoire.id, piste.id), etat, &etape).await?;
    journal::record(&tx, equipier.territoire.id, equipier.now, &acte(&equipier, "piste close", (piste.id, etat.label()))).await?;
    tx.commit().await?;
    Ok(to_piste(&equipier, &piste))
}

fn to_piste(equipier: &Equipier, piste: &Piste) -> Response {
    Redirect::to(&format!("/{}/equipe/observatoire/pistes/{}", equipier.territoire.slug, piste.id)).into_response()
}
