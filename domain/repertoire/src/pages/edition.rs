//! Editions: the list, a new one, and the page of one, from which everything of it is reached.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Result, journal};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;
use territoire::Commune;
use ui::{Frame, show, show_with};

use super::{acte, address};
use crate::Repertoire;
use crate::contenu::{Contenu, find_precedente, list_livres, need_edition};
use crate::model::{Edition, Etat, NaturePage};
use crate::papier::Forme;
use crate::rules::depart;
use crate::rules::ecarts::{Ecarts, compare};
use crate::rules::livre::Zone;
use crate::rules::saisie::read_edition;
use crate::storage::edition::{
    hold_ouverte, insert_edition, list_editions, list_pages, list_rubriques, move_edition, save_pages, save_rubriques, update_edition,
};
use crate::storage::logo::{insert_logos, read_logos};
use crate::storage::notice::{insert_notices, list_notices, read_notices};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EditionInput {
    titre: String,
    annee: String,
    clot_le: String,
}

#[derive(Template)]
#[template(path = "repertoire/editions.html")]
struct EditionsPage {
    frame: Frame,
    base: String,
    editions: Vec<Edition>,
    input: EditionInput,
    errors: FieldErrors,
}

const TITRE: &str = "Répertoire des services à la population";

pub async fn show_editions(equipier: Autorise<TenirAnnuaire>, State(room): State<Repertoire>) -> Result<Response> {
    let annee = equipier.now.day().year().to_string();
    let input = EditionInput { titre: TITRE.into(), annee, clot_le: String::new() };
    respond((&room, &equipier), input, FieldErrors::default()).await
}

async fn respond((room, equipier): (&Repertoire, &Equipier), input: EditionInput, errors: FieldErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = EditionsPage {
        frame: equipier.frame("Répertoire", Menu::Repertoire),
        base: format!("/{}/equipe/repertoire", equipier.territoire.slug),
        editions: list_editions(&room.db, equipier.territoire.id).await?,
        input,
        errors,
    };
    show_with(status, &page)
}

/// Begins an edition with what the last one said, else with what is proposed.
pub async fn create_edition(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Form(input): Form<EditionInput>,
) -> Result<Response> {
    let decidee = match read_edition((&input.titre, &input.annee, &input.clot_le)) {
        Ok(decidee) => decidee,
        Err(errors) => return respond((&room, &equipier), input, errors).await,
    };
    let (territoire, now) = (equipier.territoire.id, equipier.now);
    let edition = Edition {
        id: Id::new(now),
        titre: decidee.titre,
        annee: decidee.annee,
        clot_le: decidee.clot_le,
        campagne: None,
        etat: Etat::Preparation,
        created_at: now,
        figee_at: None,
    };
    let (rubriques, pages) = match list_editions(&room.db, territoire).await?.first() {
        Some(last) => (list_rubriques(&room.db, territoire, last.id).await?, list_pages(&room.db, territoire, last.id).await?),
        None => (depart::list_rubriques(), depart::list_pages()),
    };
    let tx = room.db.begin().await?;
    insert_edition(&tx, territoire, &edition).await?;
    save_rubriques(&tx, territoire, edition.id, &rubriques).await?;
    save_pages(&tx, territoire, edition.id, &pages).await?;
    journal::record(&tx, territoire, now, &acte(&equipier, "édition commencée", (edition.id, &edition.titre))).await?;
    tx.commit().await?;
    Ok(Redirect::to(&address(&equipier, edition.id)).into_response())
}

/// A book of the edition: what it holds, and where it is.
struct LigneLivre {
    nom: String,
    /// Code of its bassin; « tout » for the whole territoire.
    code: String,
    entrees: usize,
    rubriques: usize,
}

#[derive(Template)]
#[template(path = "repertoire/edition.html")]
struct EditionPage {
    frame: Frame,
    base: String,
    contenu: Contenu,
    livres: Vec<LigneLivre>,
    communes: Vec<&'static Commune>,
    /// Structures that no part holds, for want of a need that is printed.
    sans_rubrique: usize,
    ecarts: Option<(i32, Ecarts)>,
    input: EditionInput,
    errors: FieldErrors,
}

impl EditionPage {
    fn is_figee(&self) -> bool {
        self.contenu.edition.etat == Etat::Figee
    }

    fn clot_le(&self) -> Option<String> {
        self.contenu.edition.clot_le.map(ui::format::date)
    }

    fn moves(&self) -> Vec<Etat> {
        self.contenu.edition.etat.moves()
    }

    /// Signs of a text, to say that there is none.
    fn signes(&self, nature: NaturePage) -> usize {
        self.contenu.pages.iter().find(|one| one.nature == nature).map(|one| one.texte.chars().count()).unwrap_or_default()
    }
}

pub async fn show_edition(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    respond_edition((&room, &equipier), edition, None).await
}

async fn respond_edition(
    (room, equipier): (&Repertoire, &Equipier),
    edition: Edition,
    refused: Option<(EditionInput, FieldErrors)>,
) -> Result<Response> {
    let (db, territoire) = (&room.db, &equipier.territoire);
    let contenu = Contenu::read(db, territoire, edition).await?;
    let write = |(code, nom): (Option<&str>, String)| {
        let livre = contenu.livre(&Zone::of(territoire, code));
        let entrees = livre.rubriques.iter().map(|one| one.entrees.len()).sum();
        LigneLivre { nom, code: code.unwrap_or(TOUT).into(), entrees, rubriques: livre.rubriques.len() }
    };
    let livres = list_livres(territoire).into_iter().map(write).collect();
    let whole = Zone::of(territoire, None);
    let printed = contenu.livre(&whole).structures.len();
    let ecarts = match find_precedente(db, territoire.id, &contenu.edition).await? {
        Some(before) => Some((before.annee, compare(&list_notices(db, territoire.id, before.id).await?, &contenu.notices))),
        None => None,
    };
    let status = if refused.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let known = &contenu.edition;
    let (input, errors) = refused.unwrap_or_else(|| {
        let clot_le = known.clot_le.map(|day| day.to_string()).unwrap_or_default();
        (EditionInput { titre: known.titre.clone(), annee: known.annee.to_string(), clot_le }, FieldErrors::default())
    });
    let page = EditionPage {
        frame: equipier.frame(format!("{} {}", known.titre, known.annee), Menu::Repertoire),
        base: address(equipier, known.id),
        sans_rubrique: contenu.notices.len().saturating_sub(printed),
        livres,
        communes: whole.communes,
        ecarts,
        input,
        errors,
        contenu,
    };
    if status == StatusCode::OK { show(&page) } else { show_with(status, &page) }
}

/// In addresses: the book of the whole territoire.
pub const TOUT: &str = "tout";

fn figee() -> Error {
    Error::Conflict("cette édition est figée : ce qui est imprimé ne change plus, préparez-en une nouvelle".into())
}

/// An edition that is frozen is changed no more.
pub fn refuse_figee(edition: &Edition) -> Result<()> {
    if edition.etat == Etat::Figee { Err(figee()) } else { Ok(()) }
}

/// The same where it is written: somebody may have frozen it meanwhile.
pub async fn begin_ouverte(room: &Repertoire, territoire: Id, edition: &Edition) -> Result<DatabaseTransaction> {
    let tx = room.db.begin().await?;
    if hold_ouverte(&tx, territoire, edition.id).await? { Ok(tx) } else { Err(figee()) }
}

pub async fn update_decidee(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<EditionInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    refuse_figee(&edition)?;
    let decidee = match read_edition((&input.titre, &input.annee, &input.clot_le)) {
        Ok(decidee) => decidee,
        Err(errors) => return respond_edition((&room, &equipier), edition, Some((input, errors))).await,
    };
    let edition = Edition { titre: decidee.titre, annee: decidee.annee, clot_le: decidee.clot_le, ..edition };
    let tx = begin_ouverte(&room, territoire, &edition).await?;
    update_edition(&tx, territoire, &edition).await?;
    tx.commit().await?;
    Ok(Redirect::to(&address(&equipier, edition.id)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EtatInput {
    etat: String,
}

/// Moves an edition on; freezing it keeps what every structure is printed as.
pub async fn move_etat(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<EtatInput>,
) -> Result<Response> {
    let (territoire, now) = (&equipier.territoire, equipier.now);
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    let wanted = Etat::from_code(&input.etat).filter(|etat| edition.etat.moves().contains(etat));
    let to = wanted.ok_or_else(|| Error::Conflict(format!("cette édition est {} : rechargez la page", edition.etat.label())))?;
    let (notices, logos) = if to == Etat::Figee {
        (read_notices(&room.db, territoire).await?, read_logos(&room.db, territoire.id).await?)
    } else {
        (vec![], vec![])
    };
    let tx = room.db.begin().await?;
    if move_edition(&tx, territoire.id, edition.id, (edition.etat, to), now).await? {
        insert_notices(&tx, territoire.id, edition.id, &notices).await?;
        insert_logos(&tx, territoire.id, edition.id, &logos).await?;
        journal::record(&tx, territoire.id, now, &acte(&equipier, "édition déplacée", (edition.id, to.code()))).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&address(&equipier, edition.id)).into_response())
}
