//! A part of the book: its title, its sentence, its needs and its place.

use annuaire::besoin::{Besoin, Taxonomie};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Result};
use ui::{Frame, show_with};

use super::edition::{begin_ouverte, refuse_figee};
use super::livre::write_adresse;
use super::{address, answer_unfinished};
use crate::Repertoire;
use crate::apercu::{Cherche, Vue};
use crate::contenu::{Contenu, need_edition};
use crate::model::{Edition, Rubrique};
use crate::rules::saisie::{place_rubrique, read_rubrique};
use crate::storage::edition::{list_rubriques, save_rubriques};

/// In addresses: a part that is not yet.
const NOUVELLE: &str = "nouvelle";

#[derive(Template)]
#[template(path = "repertoire/rubrique.html")]
struct RubriquePage {
    frame: Frame,
    base: String,
    edition: Edition,
    /// Its place among the others, or « nouvelle ».
    rang: String,
    is_nouvelle: bool,
    /// Its title as it is kept, whatever is being typed; empty for a new one.
    connue: String,
    rubrique: Rubrique,
    place: String,
    familles: Vec<(&'static Besoin, Vec<&'static Besoin>)>,
    errors: FieldErrors,
    /// Once it is asked: the pages as they print.
    vue: Option<Vue>,
}

impl RubriquePage {
    /// Where this page is.
    fn ici(&self) -> String {
        format!("{}/rubriques/{}", self.base, self.rang)
    }

    /// Whether something is ticked in a family.
    fn is_open(&self, famille: &Besoin, besoins: &[&Besoin]) -> bool {
        self.holds(famille) || besoins.iter().any(|one| self.holds(one))
    }

    fn holds(&self, besoin: &Besoin) -> bool {
        self.rubrique.besoins.iter().any(|code| **code == *besoin.code)
    }
}

/// Where a part is among those of the edition; none for a new one.
fn read_rang(rang: &str, rubriques: &[Rubrique]) -> Result<Option<usize>> {
    if rang == NOUVELLE {
        return Ok(None);
    }
    let place = rang.parse::<usize>().ok().and_then(|rang| rang.checked_sub(1)).filter(|rang| *rang < rubriques.len());
    place.map(Some).ok_or(Error::NotFound)
}

pub async fn show_rubrique(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, rang)): Path<(String, String, String)>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    let rubriques = list_rubriques(room.db.read(), equipier.territoire.id, edition.id).await?;
    let known = read_rang(&rang, &rubriques)?;
    let rubrique = known.and_then(|at| rubriques.get(at).cloned()).unwrap_or_default();
    let place = known.unwrap_or(rubriques.len()) + 1;
    let input = RubriqueInput { connue: rubrique.titre.clone(), rubrique, place: place.to_string() };
    respond(&equipier, edition, (rang, input), (FieldErrors::default(), None))
}

fn respond(
    equipier: &Equipier,
    edition: Edition,
    (rang, input): (String, RubriqueInput),
    (errors, vue): (FieldErrors, Option<Vue>),
) -> Result<Response> {
    let taxonomie = Taxonomie::get();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = RubriquePage {
        frame: equipier.frame("Rubrique du répertoire", Menu::Repertoire),
        base: address(equipier, edition.id),
        is_nouvelle: rang == NOUVELLE,
        edition,
        rang,
        connue: input.connue,
        rubrique: input.rubrique,
        place: input.place,
        familles: taxonomie.familles().map(|famille| (famille, taxonomie.list_by_famille(famille.rang))).collect(),
        errors,
        vue,
    };
    show_with(status, &page)
}

/// What was typed of a part.
struct RubriqueInput {
    rubrique: Rubrique,
    place: String,
    /// The title that the page was shown for: a part is known by its place, where somebody else may have put another one since.
    connue: String,
}

impl RubriqueInput {
    fn new(champs: &[(String, String)]) -> Self {
        let one = |name: &str| champs.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let besoins = champs.iter().filter(|(field, _)| field == "besoins").map(|(_, code)| code.clone()).collect();
        Self { rubrique: Rubrique { titre: one("titre"), phrase: one("phrase"), besoins }, place: one("place"), connue: one("connue") }
    }

    /// The parts of the edition once this one is among them, and its rank there.
    fn place(&self, rubriques: Vec<Rubrique>, known: Option<usize>) -> Result<(Vec<Rubrique>, usize), FieldErrors> {
        let Self { rubrique, place, .. } = self;
        let wanted = read_rubrique((&rubrique.titre, &rubrique.phrase, place), rubrique.besoins.clone())?;
        place_rubrique(rubriques, known, wanted).ok_or_else(|| {
            let mut errors = FieldErrors::default();
            errors.add("titre", "le livre a déjà vingt-six rubriques : réunissez-en deux");
            errors
        })
    }
}

/// The first pages of a part as it is typed; nothing is written down.
pub async fn preview_rubrique(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((slug, id, rang)): Path<(String, String, String)>,
    headers: HeaderMap,
    Form(champs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let edition = need_edition(&room.db, equipier.territoire.id, &id).await?;
    refuse_figee(&edition)?;
    let mut contenu = Contenu::read(&room.db, &equipier.territoire, edition).await?.with_logos(&room.db).await?;
    let (known, input) = (read_rang(&rang, &contenu.rubriques)?, RubriqueInput::new(&champs));
    let at = match input.place(std::mem::take(&mut contenu.rubriques), known) {
        Ok((rubriques, at)) => {
            contenu.rubriques = rubriques;
            at
        }
        Err(errors) => return Ok(answer_unfinished(&headers, respond(&equipier, contenu.edition, (rang, input), (errors, None))?)),
    };
    let adresse = write_adresse(&room, &slug);
    let vue = contenu.look(Cherche::Rubrique(at), (&adresse, equipier.now)).await?;
    respond(&equipier, contenu.edition, (rang, input), (FieldErrors::default(), Some(vue)))
}

/// When somebody else has moved the parts since the page was shown, the one that stands there is another.
fn refuse_moved(rubriques: &[Rubrique], known: Option<usize>, connue: &str) -> Result<()> {
    match known.and_then(|at| rubriques.get(at)) {
        Some(here) if !connue.is_empty() && here.titre != connue => {
            Err(Error::Conflict("quelqu’un vient de déplacer les rubriques : revenez à l’édition, et rouvrez celle-ci".into()))
        }
        _ => Ok(()),
    }
}

pub async fn update_rubrique(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, rang)): Path<(String, String, String)>,
    Form(champs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    refuse_figee(&edition)?;
    let input = RubriqueInput::new(&champs);
    let tx = begin_ouverte(&room, territoire, &edition).await?;
    let rubriques = list_rubriques(&tx, territoire, edition.id).await?;
    let known = read_rang(&rang, &rubriques)?;
    refuse_moved(&rubriques, known, &input.connue)?;
    let rubriques = match input.place(rubriques, known) {
        Ok((rubriques, _)) => rubriques,
        Err(errors) => return respond(&equipier, edition, (rang, input), (errors, None)),
    };
    save_rubriques(&tx, territoire, edition.id, &rubriques).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#rubriques", address(&equipier, edition.id))).into_response())
}

pub async fn delete_rubrique(
    equipier: Autorise<TenirAnnuaire>,
    State(room): State<Repertoire>,
    Path((_, id, rang)): Path<(String, String, String)>,
    Form(champs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let edition = need_edition(&room.db, territoire, &id).await?;
    refuse_figee(&edition)?;
    let tx = begin_ouverte(&room, territoire, &edition).await?;
    let mut rubriques = list_rubriques(&tx, territoire, edition.id).await?;
    let known = read_rang(&rang, &rubriques)?.ok_or(Error::NotFound)?;
    refuse_moved(&rubriques, Some(known), &RubriqueInput::new(&champs).connue)?;
    rubriques.remove(known);
    save_rubriques(&tx, territoire, edition.id, &rubriques).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}#rubriques", address(&equipier, edition.id))).into_response())
}
