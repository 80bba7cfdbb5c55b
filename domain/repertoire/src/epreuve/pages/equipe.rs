//! The proof round for the coordination: who approved, who asks for a correction, who is silent, and what is heard by telephone.

use std::collections::BTreeMap;

use annuaire::storage::adresse::{find_correspondant, list_courriels};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Instant, Result, journal};
use serde::Deserialize;
use ui::{Frame, show, show_with};

use super::{Ouverte, dire_reponse, open};
use crate::Repertoire;
use crate::contenu::need_edition;
use crate::epreuve::lettres::send;
use crate::epreuve::rules::{ReponseInput, fingerprint_said, is_due, is_open, read_reponse, tell};
use crate::epreuve::storage::{list_epreuves, save_reponse};
use crate::epreuve::{Relue, Statut, VoieReponse};
use crate::model::{Edition, Etat};
use crate::pages::{acte, address};
use crate::storage::notice::{list_notices, read_notices};

/// Every structure that the edition prints, and where its proof stands: what asks for a gesture first, then by name.
pub async fn list_relues(room: &Repertoire, territoire: &territoire::Territoire, edition: &Edition) -> Result<Vec<Relue>> {
    let db = &room.db;
    let notices = async {
        match edition.etat {
            Etat::Figee => list_notices(db, territoire.id, edition.id).await,
            Etat::Preparation | Etat::Relecture => read_notices(db, territoire).await,
        }
    };
    let (notices, mut epreuves, mut courriels) =
        tokio::try_join!(notices, list_epreuves(db, territoire.id, edition.id), list_courriels(db, territoire.id))?;
    let read = |notice: crate::Notice| {
        let (epreuve, courriel) = (epreuves.remove(&notice.structure).unwrap_or_default(), courriels.remove(&notice.structure));
        let empreinte = fingerprint_said(&notice, epreuve.telephone)?;
        let statut = tell(&epreuve, &empreinte, courriel.as_deref());
        let (structure, nom, telephone) = (notice.structure, notice.nom, notice.telephone);
        Ok(Relue { structure, nom, is_personne: notice.is_personne, courriel, telephone, empreinte, epreuve, statut })
    };
    let mut relues: Vec<Relue> = notices.into_iter().map(read).collect::<Result<_>>()?;
    relues.sort_by_cached_key(|one| (one.statut, kit::text::fold(&one.nom), one.structure));
    Ok(relues)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FiltreInput {
    statut: String,
    page: usize,
}

/// Lines of a page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "repertoire/epreuves.html")]
struct EpreuvesPage {
    frame: Frame,
    base: String,
    edition: Edition,
    comptes: BTreeMap<Statut, usize>,
    total: usize,
    /// Letters that the button writes.
    dues: usize,
    envoie: bool,
    is_open: bool,
    choisi: Option<Statut>,
    montrees: Vec<Relue>,
    /// Number of the page, and how many there are.
    page: (usize, usize),
    now: Instant,
}

impl EpreuvesPage {
    fn dit(&self, relue: &Relue) -> String {
        dire_reponse(relue, self.now)
    }

    fn clot_le(&self) -> Option<String> {
        self.edition.clot_le.map(ui::format::date)
    }

    fn is_choisi(&self, statut: &Statut) -> bool {
        self.choisi.as_ref() == Some(statut)
    }

    fn code_choisi(&self) -> &'static str {
        self.choisi.map(Statut::code).unwrap_or_default()
    }

    fn compte(&self, statut: &Statut) -> usize {
        self.comptes.get(statut).copied().unwrap_or_default()
    }
}

pub async fn show_epreuves(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
    Query(input): Query<FiltreInput>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    let relues = list_relues(&room, &equipier.territoire, &edition).await?;
    let mut comptes = BTreeMap::new();
    relues.iter().for_each(|one| *comptes.entry(one.statut).or_default() += 1);
    let choisi = Statut::from_code(&input.statut);
    let (total, dues) = (relues.len(), relues.iter().filter(|one| is_due(one, equipier.now)).count());
    let chosen: Vec<Relue> = relues.into_iter().filter(|one| choisi.is_none_or(|statut| statut == one.statut)).collect();
    let pages = chosen.len().div_ceil(PAGE).max(1);
    let page = input.page.clamp(1, pages);
    show(&EpreuvesPage {
        frame: equipier.frame(format!("Épreuves {}", edition.annee), Menu::Repertoire),
        base: address(&equipier, edition.id),
        comptes,
        total,
        dues,
        envoie: room.comptes.envoie(),
        is_open: is_open(&edition, equipier.now.day()),
        choisi,
        montrees: chosen.into_iter().skip((page - 1) * PAGE).take(PAGE).collect(),
        page: (page, pages),
        edition,
        now: equipier.now,
    })
}

fn refuse_closed(edition: &Edition, equipier: &Equipier) -> Result<()> {
    match edition.etat {
        _ if is_open(edition, equipier.now.day()) => Ok(()),
        Etat::Preparation => Err(Error::Conflict("cette édition est en préparation : passez-la d’abord à la relecture".into())),
        Etat::Relecture => Err(Error::Conflict("le dernier jour pour corriger est passé : changez-le, ou figez l’édition".into())),
        Etat::Figee => Err(Error::Conflict("cette édition est figée : ce qui est imprimé ne change plus".into())),
    }
}

/// The letters that are due leave: the first one of each, then reminders. Two clicks write them once.
pub async fn create_envoi(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let (territoire, now) = (&equipier.territoire, equipier.now);
    let edition = need_edition(&room.db, territoire.id, &id).await?;
    refuse_closed(&edition, &equipier)?;
    let relues = list_relues(&room, territoire, &edition).await?;
    let written = send(&room, territoire, (&edition, &relues), now).await?;
    let detail = ui::format::compte(written, "courriel", "courriels");
    journal::record_alone(&room.db, territoire.id, now, &acte(&equipier, "épreuves envoyées", (edition.id, &detail))).await?;
    Ok(Redirect::to(&format!("{}/epreuves", address(&equipier, edition.id))).into_response())
}

#[derive(Template)]
#[template(path = "repertoire/epreuve_equipe.html")]
struct EpreuveEquipePage {
    frame: Frame,
    base: String,
    slug: String,
    ouverte: Ouverte,
    statut: Statut,
    is_open: bool,
    input: ReponseInput,
    errors: FieldErrors,
    now: Instant,
}

pub async fn show_epreuve(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, structure)): Path<(String, String, String)>,
) -> Result<Response> {
    let ouverte = find(&room, &equipier, (&id, &structure)).await?;
    respond((&room, &equipier), ouverte, (ReponseInput::default(), FieldErrors::default())).await
}

async fn find(room: &Repertoire, equipier: &Equipier, (id, structure): (&str, &str)) -> Result<Ouverte> {
    let structure: Id = structure.parse()?;
    let edition = need_edition(&room.db, equipier.territoire.id, id).await?;
    open(room, &equipier.territoire, (edition, structure)).await?.ok_or(Error::NotFound)
}

async fn respond(
    (room, equipier): (&Repertoire, &Equipier),
    ouverte: Ouverte,
    (input, errors): (ReponseInput, FieldErrors),
) -> Result<Response> {
    let ouverte = ouverte.draw(room, equipier.now).await?;
    let courriel = find_correspondant(&room.db, equipier.territoire.id, ouverte.notice.structure).await?.and_then(|one| one.courriel);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = EpreuveEquipePage {
        frame: equipier.frame(format!("Épreuve de {}", ouverte.notice.nom), Menu::Repertoire),
        base: address(equipier, ouverte.edition.id),
        slug: equipier.territoire.slug.clone(),
        statut: ouverte.statut(courriel.as_deref()),
        is_open: is_open(&ouverte.edition, equipier.now.day()),
        ouverte,
        input,
        errors,
        now: equipier.now,
    };
    show_with(status, &page)
}

/// What a structure said by telephone.
pub async fn create_reponse(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, structure)): Path<(String, String, String)>,
    Form(input): Form<ReponseInput>,
) -> Result<Response> {
    let (territoire, now) = (equipier.territoire.id, equipier.now);
    let ouverte = find(&room, &equipier, (&id, &structure)).await?;
    refuse_closed(&ouverte.edition, &equipier)?;
    let lue = match read_reponse(&input, ouverte.notice.is_personne) {
        Ok(lue) => lue,
        Err(errors) => return respond((&room, &equipier), ouverte, (input, errors)).await,
    };
    let (edition, structure) = (ouverte.edition.id, ouverte.notice.structure);
    let (dite, telephone) = ouverte.answer(lue, (VoieReponse::Telephone, now))?;
    let detail = format!("{} : {}", ouverte.notice.nom, dite.reponse.label());
    let tx = room.db.begin().await?;
    save_reponse(&tx, territoire, (edition, structure), (&dite, telephone)).await?;
    journal::record(&tx, territoire, now, &acte(&equipier, "épreuve notée au téléphone", (edition, &detail))).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}/epreuves", address(&equipier, edition))).into_response())
}
