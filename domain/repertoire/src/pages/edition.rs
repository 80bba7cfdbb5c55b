//! Editions: the list, a new one, and the page of one, from which everything of it is reached.

use annuaire::recensement::regles::count;
use annuaire::recensement::{Avancee, Campagne};
use annuaire::storage::recensement::{list_campagnes, list_destinataires};
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
use crate::contenu::{Contenu, find_precedente, need_edition};
use crate::epreuve::Statut;
use crate::epreuve::pages::equipe::list_relues;
use crate::model::{Edition, Etat, NaturePage};
use crate::papier::Forme;
use crate::rules::cadre::Cadre;
use crate::rules::depart;
use crate::rules::ecarts::{Ecarts, compare};
use crate::rules::livre::Zone;
use crate::rules::saisie::{Decidee, read_edition};
use crate::storage::edition::{
    delete_edition, hold_ouverte, insert_edition, is_annee_libre, list_editions, list_pages, list_rubriques, move_edition, save_cadre,
    save_pages, save_rubriques, update_edition,
};
use crate::storage::logo::{insert_logos, read_logos};
use crate::storage::notice::{insert_notices, list_notices};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EditionInput {
    titre: String,
    annee: String,
    clot_le: String,
    /// Id of a census campaign; empty: none.
    campagne: String,
}

impl EditionInput {
    /// `others`: the editions that there are besides this one. A year has one: the public finds its books by it.
    fn read(&self, campagnes: &[Campagne], others: &[Edition]) -> Result<Decidee, FieldErrors> {
        let known: Vec<Id> = campagnes.iter().map(|one| one.id).collect();
        let years: Vec<i32> = others.iter().map(|one| one.annee).collect();
        read_edition((&self.titre, &self.annee, &self.clot_le), &years, (&self.campagne, &known))
    }

    fn has(&self, campagne: &Campagne) -> bool {
        self.campagne == campagne.id.to_string()
    }
}

#[derive(Template)]
#[template(path = "repertoire/editions.html")]
struct EditionsPage {
    frame: Frame,
    base: String,
    editions: Vec<Edition>,
    campagnes: Vec<Campagne>,
    input: EditionInput,
    errors: FieldErrors,
}

const TITRE: &str = "Répertoire des services à la population";

pub async fn show_editions(equipier: Autorise<TenirAnnuaire>, State(room): State<Repertoire>) -> Result<Response> {
    let annee = equipier.now.day().year().to_string();
    let input = EditionInput { titre: TITRE.into(), annee, ..EditionInput::default() };
    respond((&room, &equipier), input, FieldErrors::default()).await
}

async fn respond((room, equipier): (&Repertoire, &Equipier), input: EditionInput, errors: FieldErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = EditionsPage {
        frame: equipier.frame("Répertoire", Menu::Repertoire),
        base: format!("/{}/equipe/repertoire", equipier.territoire.slug),
        editions: list_editions(&room.db, equipier.territoire.id).await?,
        campagnes: list_campagnes(&room.db, equipier.territoire.id).await?,
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
    let (territoire, now) = (equipier.territoire.id, equipier.now);
    let known = list_campagnes(&room.db, territoire).await?;
    let editions = list_editions(&room.db, territoire).await?;
    let decidee = match input.read(&known, &editions) {
        Ok(decidee) => decidee,
        Err(errors) => return respond((&room, &equipier), input, errors).await,
    };
    let edition = Edition {
        id: Id::new(now),
        titre: decidee.titre,
        annee: decidee.annee,
        clot_le: decidee.clot_le,
        campagne: decidee.campagne,
        etat: Etat::Preparation,
        created_at: now,
        figee_at: None,
    };
    let (rubriques, pages) = match editions.first() {
        Some(last) => (list_rubriques(room.db.read(), territoire, last.id).await?, list_pages(&room.db, territoire, last.id).await?),
        None => (depart::list_rubriques(), depart::list_pages()),
    };
    let tx = room.db.begin().await?;
    journal::record(&tx, territoire, now, &acte(&equipier, "édition commencée", (edition.id, &edition.titre))).await?;
    if !is_annee_libre(&tx, territoire, (edition.id, edition.annee)).await? {
        tx.rollback().await?;
        return respond((&room, &equipier), input, annee_prise(edition.annee)).await;
    }
    insert_edition(&tx, territoire, &edition).await?;
    save_rubriques(&tx, territoire, edition.id, &rubriques).await?;
    save_pages(&tx, territoire, edition.id, &pages).await?;
    tx.commit().await?;
    Ok(Redirect::to(&address(&equipier, edition.id)).into_response())
}

/// A book of the edition: what it holds, and where it is.
struct LigneLivre {
    nom: String,
    /// That of its bassin, « tout », « hors-bassin ».
    code: String,
    entrees: usize,
    rubriques: usize,
}

#[derive(Template)]
#[template(path = "repertoire/edition.html")]
struct EditionPage {
    frame: Frame,
    base: String,
    /// Where the pages of the annuaire are.
    annuaire: String,
    contenu: Contenu,
    livres: Vec<LigneLivre>,
    communes: Vec<&'static Commune>,
    /// Structures that no part holds, for want of a need that is printed.
    sans_rubrique: usize,
    ecarts: Option<(i32, Ecarts)>,
    campagnes: Vec<Campagne>,
    /// The campaign of the edition, and where it stands.
    campagne: Option<(Campagne, Avancee)>,
    /// Whether the last day to mend has passed.
    is_close: bool,
    /// While it is read again: how many structures have approved their entry as it stands.
    approuvees: Option<usize>,
    input: EditionInput,
    errors: FieldErrors,
}

impl EditionPage {
    fn is_figee(&self) -> bool {
        self.contenu.edition.etat == Etat::Figee
    }

    /// Where the words of the sheets are.
    fn fiches(&self) -> String {
        format!("{}/fiches", self.base.rsplit_once('/').map(|(room, _)| room).unwrap_or_default())
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
    let write = |(code, nom): (&str, String)| {
        let livre = contenu.livre(&Zone::of(&contenu.territoire, Some(code)));
        let entrees = livre.rubriques.iter().map(|one| one.entrees.len()).sum();
        LigneLivre { nom, code: code.into(), entrees, rubriques: livre.rubriques.len() }
    };
    let livres = contenu.list_livres().into_iter().map(write).collect();
    let whole = Zone::of(&contenu.territoire, None);
    let printed = contenu.livre(&whole).structures.len();
    let ecarts = match find_precedente(db, territoire.id, &contenu.edition).await? {
        Some(before) => Some((before.annee, compare(&list_notices(db, territoire.id, before.id).await?, &contenu.notices))),
        None => None,
    };
    let approuvees = match contenu.edition.etat {
        Etat::Relecture => {
            let relues = list_relues(room, territoire, &contenu.edition).await?;
            Some(relues.iter().filter(|one| one.statut == Statut::Approuvee).count())
        }
        Etat::Preparation | Etat::Figee => None,
    };
    let campagnes = list_campagnes(db, territoire.id).await?;
    let campagne = match campagnes.iter().find(|one| Some(one.id) == contenu.edition.campagne) {
        Some(one) => Some((one.clone(), count(&list_destinataires(db, territoire.id, one).await?))),
        None => None,
    };
    let status = if refused.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let known = &contenu.edition;
    let (input, errors) = refused.unwrap_or_else(|| {
        let clot_le = known.clot_le.map(|day| day.to_string()).unwrap_or_default();
        let campagne = known.campagne.map(|id| id.to_string()).unwrap_or_default();
        (EditionInput { titre: known.titre.clone(), annee: known.annee.to_string(), clot_le, campagne }, FieldErrors::default())
    });
    let page = EditionPage {
        frame: equipier.frame(format!("{} {}", known.titre, known.annee), Menu::Repertoire),
        base: address(equipier, known.id),
        annuaire: format!("/{}/equipe/annuaire", territoire.slug),
        sans_rubrique: contenu.notices.len().saturating_sub(printed),
        livres,
        communes: whole.communes,
        ecarts,
        campagnes,
        campagne,
        approuvees,
        is_close: known.clot_le.is_some_and(|last| equipier.now.day() > last),
        input,
        errors,
        contenu,
    };
    if status == StatusCode::OK { show(&page) } else { show_with(status, &page) }
}

/// Somebody else has just taken the year.
fn annee_prise(annee: i32) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add("annee", format!("il y a déjà une édition {annee}"));
    errors
}

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
    let known = list_campagnes(&room.db, territoire).await?;
    let mut others = list_editions(&room.db, territoire).await?;
    others.retain(|one| one.id != edition.id);
    let decidee = match input.read(&known, &others) {
        Ok(decidee) => decidee,
        Err(errors) => return respond_edition((&room, &equipier), edition, Some((input, errors))).await,
    };
    let edition = Edition { titre: decidee.titre, annee: decidee.annee, clot_le: decidee.clot_le, campagne: decidee.campagne, ..edition };
    let tx = begin_ouverte(&room, territoire, &edition).await?;
    journal::record(&tx, territoire, equipier.now, &acte(&equipier, "édition réglée", (edition.id, &edition.titre))).await?;
    if !is_annee_libre(&tx, territoire, (edition.id, edition.annee)).await? {
        tx.rollback().await?;
        let errors = annee_prise(edition.annee);
        return respond_edition((&room, &equipier), edition, Some((input, errors))).await;
    }
    update_edition(&tx, territoire, &edition).await?;
    tx.commit().await?;
    Ok(Redirect::to(&address(&equipier, edition.id)).into_response())
}

/// An edition that was begun by mistake.
pub async fn create_suppression(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let (territoire, now) = (&equipier.territoire, equipier.now);
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    let tx = room.db.begin().await?;
    if !delete_edition(&tx, territoire.id, edition.id).await? {
        return Err(Error::Conflict(
            "on ne supprime qu’une édition en préparation, que personne n’a relue et dont rien n’est imprimé".into(),
        ));
    }
    let detail = format!("{}, édition {}", edition.titre, edition.annee);
    journal::record(&tx, territoire.id, now, &acte(&equipier, "édition supprimée", (edition.id, &detail))).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/repertoire", territoire.slug)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EtatInput {
    etat: String,
    /// « oui » from the page that says what freezing does.
    confirme: String,
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
    if to == Etat::Figee && input.confirme != "oui" {
        return Ok(Redirect::to(&format!("{}/figer", address(&equipier, edition.id))).into_response());
    }
    let (notices, logos) = if to == Etat::Figee {
        (Contenu::read(&room.db, territoire, edition.clone()).await?.notices, read_logos(&room.db, territoire.id).await?)
    } else {
        (vec![], vec![])
    };
    let tx = room.db.begin().await?;
    if move_edition(&tx, territoire.id, edition.id, (edition.etat, to), now).await? {
        if to == Etat::Figee {
            save_cadre(&tx, territoire.id, edition.id, &Cadre::of(territoire)).await?;
        }
        insert_notices(&tx, territoire.id, edition.id, &notices).await?;
        insert_logos(&tx, territoire.id, edition.id, &logos).await?;
        journal::record(&tx, territoire.id, now, &acte(&equipier, "édition déplacée", (edition.id, to.code()))).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&address(&equipier, edition.id)).into_response())
}
