//! Pistes: the list by next step, and a new one.

pub mod une_piste;

use accueil::mots::libelle_de_besoin;
use annuaire::besoin::{Besoin, Taxonomie};
use annuaire::rules::commune_dite;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use comptes::permission::{LireChiffres, MenerPistes};
use comptes::rules::droits::allows;
use comptes::storage::list_comptes;
use comptes::{Autorise, Compte, Droit, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{FieldErrors, Id, Result};
use serde::Deserialize;
use territoire::{Referentiel, Territoire};
use ui::{Frame, show, show_with};

use super::Observatoire;
use super::manques::find_lacunes;
use crate::alertes::phrases::say_pourquoi;
use crate::demandes::{douze_mois, list_demandes};
use crate::pistes::manques::NatureLacune;
use crate::pistes::model::{Avant, EtatPiste, Piste, Portee};
use crate::pistes::regard::list_desservantes;
use crate::pistes::rules::{NouvellePiste, PisteInput, SuiteInput, order};
use crate::storage::alerte::find_alerte;
use crate::storage::piste::{insert_piste, list_pistes};

/// Those who may follow a piste: whose account is open, by name.
pub(super) async fn list_pilotes(room: &Observatoire, territoire: Id) -> Result<Vec<Compte>> {
    let all = list_comptes(&room.db, territoire).await?;
    Ok(all.into_iter().filter(|one| one.desactive_at.is_none() && allows(&one.roles, Droit::MenerPistes)).collect())
}

fn acte<'a>(equipier: &Equipier, acte: &'a str, (id, besoin): (Id, &'a str)) -> Acte<'a> {
    Acte { auteur: Some(equipier.compte_id), acte, objet: ("piste", id), detail: besoin }
}

#[derive(Template)]
#[template(path = "observatoire/pistes.html")]
struct PistesPage {
    frame: Frame,
    slug: String,
    ouvertes: Vec<LignePiste>,
    closes: Vec<LignePiste>,
    en_retard: usize,
    mene: bool,
}

struct LignePiste {
    piste: Piste,
    ou: String,
    pilote: String,
    is_late: bool,
}

pub async fn show_pistes(equipier: Autorise<LireChiffres>, State(room): State<Observatoire>) -> Result<Response> {
    let (territoire, today) = (&equipier.territoire, equipier.now.day());
    let mut pistes = list_pistes(&room.db, territoire.id).await?;
    order(&mut pistes);
    let comptes = list_comptes(&room.db, territoire.id).await?;
    let lignes = pistes.into_iter().map(|piste| LignePiste {
        ou: piste.etendue.label(territoire),
        pilote: name_compte(&comptes, piste.pilote),
        is_late: piste.is_late(today),
        piste,
    });
    let (ouvertes, closes): (Vec<_>, Vec<_>) = lignes.partition(|one| one.piste.is_open());
    show(&PistesPage {
        frame: equipier.frame("Pistes", Menu::Chiffres),
        slug: territoire.slug.clone(),
        en_retard: ouvertes.iter().filter(|one| one.is_late).count(),
        ouvertes,
        closes,
        mene: equipier.can(Droit::MenerPistes),
    })
}

/// Accounts are closed, never erased: a name is always found, unless the piste came from another base.
pub(super) fn name_compte(comptes: &[Compte], id: Id) -> String {
    comptes.iter().find(|one| one.id == id).map_or_else(|| "quelqu’un qui n’est plus de l’équipe".into(), |one| one.nom.clone())
}

/// What a new piste is about, when a page that told of it led here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrigineInput {
    besoin: String,
    /// Code of the kind of gap.
    manque: String,
    alerte: String,
}

#[derive(Template)]
#[template(path = "observatoire/piste_nouvelle.html")]
struct NouvellePage {
    frame: Frame,
    slug: String,
    input: PisteInput,
    errors: FieldErrors,
    familles: Vec<(&'static str, Vec<&'static Besoin>)>,
    /// Codes of places, and their names.
    portees: Vec<(String, String)>,
    pilotes: Vec<Compte>,
}

/// Filled with the communes of the gap, or with what the alert says.
pub async fn show_nouvelle(
    equipier: Autorise<MenerPistes>,
    State(room): State<Observatoire>,
    Query(origine): Query<OrigineInput>,
) -> Result<Response> {
    let mut input = PisteInput {
        besoin: origine.besoin.clone(),
        portee: Portee::Communes.code(),
        suite: SuiteInput { pilote: equipier.compte_id.to_string(), etape_le: in_two_weeks(equipier.now.day()), ..SuiteInput::default() },
        ..PisteInput::default()
    };
    if let Some(nature) = NatureLacune::from_code(&origine.manque) {
        let lacunes = find_lacunes(&room, &equipier).await?;
        if let Some(lacune) = lacunes.iter().find(|one| one.nature == nature && one.besoin == origine.besoin) {
            input.communes = lacune.communes.iter().map(|one| commune_dite::write(one.commune)).collect::<Vec<_>>().join("\n");
        }
    } else if let Ok(id) = origine.alerte.parse::<Id>()
        && let Some(alerte) = find_alerte(&room.db, equipier.territoire.id, id).await?
    {
        // The reason is read by whoever reads figures.
        input.raison = say_pourquoi(&alerte, true);
        input.portee = alerte.etendue.portee.code();
        if alerte.etendue.portee == Portee::Communes {
            input.communes = write_communes(&alerte.etendue.communes);
        }
        input.besoin = alerte.besoin;
    }
    show_form((&room, &equipier), input, FieldErrors::default()).await
}

fn in_two_weeks(today: NaiveDate) -> String {
    today.checked_add_days(Days::new(14)).unwrap_or(today).to_string()
}

fn write_communes(codes: &[String]) -> String {
    let communes = codes.iter().filter_map(|code| Referentiel::get().resolve_code(code).ok());
    communes.map(|found| commune_dite::write(found.commune)).collect::<Vec<_>>().join("\n")
}

async fn show_form((room, equipier): (&Observatoire, &Equipier), input: PisteInput, errors: FieldErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let taxonomie = Taxonomie::get();
    let page = NouvellePage {
        frame: equipier.frame("Ouvrir une piste", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        input,
        errors,
        familles: taxonomie.familles().map(|famille| (&*famille.libelle, taxonomie.list_by_famille(famille.rang))).collect(),
        portees: list_portees(&equipier.territoire),
        pilotes: list_pilotes(room, equipier.territoire.id).await?,
    };
    show_with(status, &page)
}

fn list_portees(territoire: &Territoire) -> Vec<(String, String)> {
    let bassins = territoire.bassins.iter().map(|one| (Portee::Bassin(one.code.clone()).code(), format!("Bassin {}", one.nom)));
    let communes = (Portee::Communes.code(), "Les communes écrites ci-dessous".to_string());
    let whole = (Portee::Territoire.code(), "Tout le territoire".to_string());
    [communes, whole].into_iter().chain(bassins).collect()
}

pub async fn create_piste(
    equipier: Autorise<MenerPistes>,
    State(room): State<Observatoire>,
    Form(input): Form<PisteInput>,
) -> Result<Response> {
    let pilotes = list_pilotes(&room, equipier.territoire.id).await?;
    let nouvelle = match input.parse(&equipier.territoire, (&pilotes, equipier.now.day())) {
        Ok(nouvelle) => nouvelle,
        Err(errors) => return show_form((&room, &equipier), input, errors).await,
    };
    let piste = open_piste(&room, &equipier.territoire, nouvelle, equipier.now).await?;
    let tx = room.db.begin().await?;
    insert_piste(&tx, equipier.territoire.id, &piste, equipier.compte_id).await?;
    journal::record(&tx, equipier.territoire.id, equipier.now, &acte(&equipier, "piste ouverte", (piste.id, &piste.besoin))).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/observatoire/pistes/{}", equipier.territoire.slug, piste.id)).into_response())
}

/// The figures of before are those that the page of what is missing shows on that day.
pub async fn open_piste(room: &Observatoire, territoire: &Territoire, nouvelle: NouvellePiste, now: kit::Instant) -> Result<Piste> {
    let periode = douze_mois(now.day());
    let demandes = list_demandes(&room.db, territoire.id, periode).await?;
    let asked = demandes.sum(&nouvelle.besoin.code, &nouvelle.etendue.communes);
    let serving = list_desservantes(&room.aiguillages.get(territoire.id), &nouvelle.besoin.code, &nouvelle.communes);
    Ok(Piste {
        id: Id::new(now),
        besoin: nouvelle.besoin.code.to_string(),
        etendue: nouvelle.etendue,
        raison: nouvelle.raison,
        pilote: nouvelle.suite.pilote,
        etat: EtatPiste::Ouverte,
        etape: nouvelle.suite.etape,
        etape_le: nouvelle.suite.etape_le,
        ouverte_at: now,
        close_at: None,
        avant: Avant {
            du: periode.0.first_day(),
            demandes: asked.demandes,
            sans_solution: asked.sans_solution,
            structures: serving.into_iter().map(|one| one.structure).collect(),
        },
    })
}
