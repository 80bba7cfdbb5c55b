//! The sheets that are easy to read, need by need: their words, mended with persons concerned, and who read them.

use std::collections::BTreeMap;

use annuaire::besoin::{Besoin, Taxonomie};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::routes::Routes;
use kit::{Error, FieldErrors, Id, Result};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use ui::{Frame, show, show_with};

use super::mots::{MotsInput, RELUE_PAR, advise, read_mots, read_relecture, tell_mots};
use super::storage::{delete_tenus, find_tenus, list_tenus, save_tenus};
use super::{Mots, MotsTenus, Relecture, find_besoin};
use crate::Repertoire;
use crate::contenu::find_imprime;
use crate::rules::zone::name_livres;
use crate::storage::edition::list_editions;

pub(crate) fn routes() -> Routes<Repertoire> {
    Routes::new()
        .get("/{territoire}/equipe/repertoire/fiches", show_fiches)
        .get("/{territoire}/equipe/repertoire/fiches/{besoin}", show_fiche)
        .post("/{territoire}/equipe/repertoire/fiches/{besoin}", update_mots)
        .post("/{territoire}/equipe/repertoire/fiches/{besoin}/relecture", create_relecture)
        .post("/{territoire}/equipe/repertoire/fiches/{besoin}/retrait", create_retrait)
}

fn address(equipier: &Equipier) -> String {
    format!("/{}/equipe/repertoire/fiches", equipier.territoire.slug)
}

#[derive(Template)]
#[template(path = "repertoire/fiches.html")]
struct FichesPage {
    frame: Frame,
    base: String,
    /// Where the editions are.
    editions: String,
    familles: Vec<(&'static Besoin, Vec<&'static Besoin>)>,
    tenus: BTreeMap<String, MotsTenus>,
}

impl FichesPage {
    fn relecture(&self, besoin: &Besoin) -> Option<&Relecture> {
        self.tenus.get(&*besoin.code)?.relecture.as_ref()
    }

    fn has_own(&self, besoin: &Besoin) -> bool {
        self.tenus.contains_key(&*besoin.code)
    }

    fn relues(&self) -> usize {
        self.tenus.values().filter(|one| one.relecture.is_some()).count()
    }

    fn total(&self) -> usize {
        self.familles.iter().map(|(_, besoins)| besoins.len()).sum()
    }
}

pub async fn show_fiches(equipier: Autorise<TenirAnnuaire>, State(room): State<Repertoire>) -> Result<Response> {
    let taxonomie = Taxonomie::get();
    show(&FichesPage {
        frame: equipier.frame("Fiches faciles à lire", Menu::Repertoire),
        base: address(&equipier),
        editions: format!("/{}/equipe/repertoire", equipier.territoire.slug),
        familles: taxonomie.familles().map(|famille| (famille, taxonomie.list_by_famille(famille.rang))).collect(),
        tenus: list_tenus(&room.db, equipier.territoire.id).await?,
    })
}

#[derive(Template)]
#[template(path = "repertoire/fiche.html")]
struct FichePage {
    frame: Frame,
    base: String,
    besoin: &'static Besoin,
    /// What prints today.
    mots: Mots,
    /// Whether they are other than those proposed.
    is_own: bool,
    relecture: Option<Relecture>,
    conseils: Vec<String>,
    input: MotsInput,
    relue: RelectureInput,
    /// The last edition, and its books, that print the sheet.
    edition: Option<String>,
    livres: Vec<(String, String)>,
    errors: FieldErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RelectureInput {
    par: String,
    le: String,
    /// Fingerprint of the words that were shown.
    lus: String,
}

/// A need that has a sheet, what is proposed for it, and what prints today.
struct Ouverte {
    besoin: &'static Besoin,
    propose: &'static Mots,
    tenus: Option<MotsTenus>,
}

impl Ouverte {
    async fn find(db: &impl ConnectionTrait, territoire: Id, code: &str) -> Result<Self> {
        let (besoin, propose) = find_besoin(code).ok_or(Error::NotFound)?;
        Ok(Self { besoin, propose, tenus: find_tenus(db, territoire, code).await? })
    }

    fn mots(&self) -> Mots {
        tell_mots(self.propose, self.tenus.as_ref())
    }
}

pub async fn show_fiche(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response> {
    let ouverte = Ouverte::find(room.db.read(), equipier.territoire.id, &code).await?;
    let input = MotsInput::of(&ouverte.mots());
    respond((&room, &equipier), ouverte, (input, RelectureInput::default(), FieldErrors::default())).await
}

async fn respond(
    (room, equipier): (&Repertoire, &Equipier),
    ouverte: Ouverte,
    (input, mut relue, errors): (MotsInput, RelectureInput, FieldErrors),
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let territoire = &equipier.territoire;
    let mots = ouverte.mots();
    if relue.le.is_empty() {
        relue.le = equipier.now.day().to_string();
    }
    let editions = list_editions(&room.db, territoire.id).await?;
    let (edition, livres) = match editions.first() {
        Some(one) => (Some(crate::pages::address(equipier, one.id)), name_livres(&*find_imprime(&room.db, territoire, one).await?)),
        None => (None, vec![]),
    };
    let page = FichePage {
        frame: equipier.frame(format!("Fiche facile à lire : {}", ouverte.besoin.libelle), Menu::Repertoire),
        base: address(equipier),
        besoin: ouverte.besoin,
        conseils: advise(&mots),
        is_own: mots.empreinte() != ouverte.propose.empreinte(),
        mots,
        relecture: ouverte.tenus.and_then(|one| one.relecture),
        input,
        relue,
        edition,
        livres,
        errors,
    };
    show_with(status, &page)
}

/// Words that change are to be read again.
pub async fn update_mots(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, code)): Path<(String, String)>,
    Form(input): Form<MotsInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let tx = room.db.begin().await?;
    let ouverte = Ouverte::find(&tx, territoire, &code).await?;
    let mots = match read_mots(&input) {
        Ok(mots) => mots,
        Err(errors) => {
            tx.rollback().await?;
            return respond((&room, &equipier), ouverte, (input, RelectureInput::default(), errors)).await;
        }
    };
    if mots.empreinte() != ouverte.mots().empreinte() {
        refuse_stale(&ouverte, &input.lus)?;
        if mots.empreinte() == ouverte.propose.empreinte() {
            delete_tenus(&tx, territoire, &code).await?;
        } else {
            save_tenus(&tx, territoire, &code, &MotsTenus { mots, relecture: None }).await?;
        }
    }
    tx.commit().await?;
    Ok(back(&equipier, &code))
}

/// Somebody concerned read these very words, and found them clear.
pub async fn create_relecture(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, code)): Path<(String, String)>,
    Form(input): Form<RelectureInput>,
) -> Result<Response> {
    let (territoire, now) = (equipier.territoire.id, equipier.now);
    let tx = room.db.begin().await?;
    let ouverte = Ouverte::find(&tx, territoire, &code).await?;
    let mots = ouverte.mots();
    let relecture = match read_relecture((&input.par, &input.le), now.day()) {
        Ok(relecture) => relecture,
        Err(errors) => {
            tx.rollback().await?;
            return respond((&room, &equipier), ouverte, (MotsInput::of(&mots), input, errors)).await;
        }
    };
    refuse_stale(&ouverte, &input.lus)?;
    save_tenus(&tx, territoire, &code, &MotsTenus { mots, relecture: Some(relecture) }).await?;
    let objet = ("fiche", Id::from_name(&code));
    journal::record(&tx, territoire, now, &Acte { auteur: Some(equipier.compte_id), acte: "fiche relue", objet, detail: &code }).await?;
    tx.commit().await?;
    Ok(back(&equipier, &code))
}

/// Back to the words that are proposed, which nobody has read.
pub async fn create_retrait(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, code)): Path<(String, String)>,
    Form(input): Form<RelectureInput>,
) -> Result<Response> {
    let tx = room.db.begin().await?;
    refuse_stale(&Ouverte::find(&tx, equipier.territoire.id, &code).await?, &input.lus)?;
    delete_tenus(&tx, equipier.territoire.id, &code).await?;
    tx.commit().await?;
    Ok(back(&equipier, &code))
}

/// Words that somebody else has changed since they were shown are not written over.
fn refuse_stale(ouverte: &Ouverte, lus: &str) -> Result<()> {
    if lus == ouverte.mots().empreinte() {
        return Ok(());
    }
    Err(Error::Conflict("les mots de cette fiche viennent de changer : revenez à la fiche et relisez-la".into()))
}

fn back(equipier: &Equipier, code: &str) -> Response {
    Redirect::to(&format!("{}/{code}", address(equipier))).into_response()
}
