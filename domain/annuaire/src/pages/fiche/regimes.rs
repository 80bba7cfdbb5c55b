//! « Droit d’exercer »: the acts of a structure, one form for the activities that an act covers.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use kit::{Error, FieldErrors, Id, Instant, Result};
use ui::{Frame, show_with};

use super::{find, main, menu, status};
use crate::Annuaire;
use crate::acces::StructureTenue;
use crate::acte::{Enregistrement, Entretemps, list_entretemps, mend_from};
use crate::fiche::{Fiche, Regime};
use crate::regime::{ActeRegime, Activite, Validite, list_actes, list_manquantes, read_acte, write_acte};
use crate::rules::saisie::Saisie;

#[derive(Template)]
#[template(path = "annuaire/regimes.html")]
struct RegimesPage {
    frame: Frame,
    /// The record, where one comes back.
    retour: String,
    nom: String,
    actes: Vec<ActeMontre>,
    /// Activities of its services that no act covers.
    manquantes: Vec<&'static Activite>,
    /// Where the form goes, and whether it mends an act that is there.
    action: String,
    is_known: bool,
    version: i64,
    saisie: Saisie,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
    now: Instant,
}

/// An act, in words.
struct ActeMontre {
    id: Id,
    dit: String,
    /// « échu », « bientôt échu »; nothing to say when it is in force.
    etat: Option<&'static str>,
    doute: Option<&'static str>,
    activites: Vec<&'static Activite>,
}

impl ActeMontre {
    fn of(acte: ActeRegime, jour: NaiveDate) -> Option<Self> {
        let etat = match acte.regime.validite(jour) {
            Validite::AVenir => Some("à venir"),
            Validite::EnCours => None,
            Validite::BientotEchu => Some("à renouveler"),
            Validite::Echu => Some("échu"),
        };
        let (id, dit, doute) = (*acte.lignes.first()?, acte.regime.describe(), acte.regime.doute());
        Some(Self { id, dit, etat, doute, activites: acte.activites })
    }
}

fn href(tenue: &StructureTenue) -> String {
    format!("/{}/equipe/structures/{}", tenue.territoire.slug, tenue.structure)
}

const NOUVEAU: &str = "nouveau";

/// The row that the path names; none for an act that is not written yet.
fn read_named(named: &str) -> Result<Option<Id>> {
    if named == NOUVEAU { Ok(None) } else { Ok(Some(named.parse()?)) }
}

/// The act that a row of the record belongs to.
fn choose(fiche: &Fiche, regime: Id) -> Result<ActeRegime> {
    list_actes(fiche).into_iter().find(|acte| acte.lignes.contains(&regime)).ok_or(Error::NotFound)
}

pub async fn show_regimes(tenue: StructureTenue, State(annuaire): State<Annuaire>) -> Result<Response> {
    show_again((&tenue, &annuaire), (None, Saisie::default()), (FieldErrors::default(), vec![])).await
}

pub async fn show_acte(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
) -> Result<Response> {
    let saisie = match read_named(&named)? {
        Some(id) => write_acte(&choose(&find(&annuaire, &tenue).await?.fiche, id)?),
        None => Saisie::default(),
    };
    show_again((&tenue, &annuaire), (read_named(&named)?, saisie), (FieldErrors::default(), vec![])).await
}

async fn show_again(
    (tenue, annuaire): (&StructureTenue, &Annuaire),
    (known, saisie): (Option<Id>, Saisie),
    (errors, entretemps): (FieldErrors, Vec<Entretemps>),
) -> Result<Response> {
    let (held, jour, retour) = (find(annuaire, tenue).await?, tenue.now.day(), href(tenue));
    let status = status(&errors, &entretemps);
    let page = RegimesPage {
        frame: tenue.frame(format!("Droit d’exercer de {}", held.fiche.structure.nom), menu(tenue)),
        actes: list_actes(&held.fiche).into_iter().filter_map(|acte| ActeMontre::of(acte, jour)).collect(),
        manquantes: list_manquantes(&held.fiche, jour),
        action: format!("{retour}/regimes/{}", known.map_or_else(|| NOUVEAU.to_string(), |id| id.to_string())),
        is_known: known.is_some(),
        version: held.version,
        nom: held.fiche.structure.nom,
        retour,
        saisie,
        errors,
        entretemps,
        now: tenue.now,
    };
    show_with(status, &page)
}

type Envoi = Form<Vec<(String, String)>>;

pub async fn update_acte(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
    Form(sent): Envoi,
) -> Result<Response> {
    save((&tenue, &annuaire), read_named(&named)?, Saisie(sent)).await
}

/// Writes an act instead of the one that is known. An activity that it still covers keeps its row, and so its history.
async fn save((tenue, annuaire): (&StructureTenue, &Annuaire), known: Option<Id>, saisie: Saisie) -> Result<Response> {
    let avant = find(annuaire, tenue).await?;
    let version = saisie.one("version").parse().unwrap_or_default();
    let replaced = match known.map(|id| choose(&avant.fiche, id)).transpose() {
        Ok(replaced) => replaced,
        Err(_) => return show_gone((tenue, annuaire), version, saisie).await,
    };
    let rows = match read_acte(&saisie) {
        Ok(rows) => rows,
        Err(errors) => return show_again((tenue, annuaire), (known, saisie), (errors, vec![])).await,
    };
    let mut apres = avant.fiche.clone();
    let mut free: Vec<(Id, Regime)> = vec![];
    for ligne in replaced.iter().flat_map(|acte| &acte.lignes) {
        free.extend(apres.regimes.remove_entry(ligne));
    }
    for row in rows {
        let same = free.iter().position(|(_, before)| before.activite == row.activite);
        let id = same.map_or_else(|| Id::new(tenue.now), |place| free.swap_remove(place).0);
        // Sent twice, an act is written once.
        if !apres.regimes.values().any(|other| *other == row) {
            apres.regimes.insert(id, row);
        }
    }
    // A new act competes with nothing; one that is mended does, with whoever mended it meanwhile.
    let version = if known.is_some() { version } else { avant.version };
    match mend_from(annuaire, main(tenue), version, (&avant, &apres)).await? {
        Enregistrement::Fait => Ok(back(tenue)),
        Enregistrement::Devance(entretemps) => show_again((tenue, annuaire), (known, saisie), (FieldErrors::default(), entretemps)).await,
    }
}

/// Somebody took the act away meanwhile: who and what is said, and what was typed stands in the form of a new one.
async fn show_gone((tenue, annuaire): (&StructureTenue, &Annuaire), version: i64, saisie: Saisie) -> Result<Response> {
    let entretemps = list_entretemps(annuaire, &tenue.territoire, (tenue.structure, version)).await?;
    if entretemps.is_empty() {
        return Err(Error::NotFound);
    }
    show_again((tenue, annuaire), (None, saisie), (FieldErrors::default(), entretemps)).await
}

fn back(tenue: &StructureTenue) -> Response {
    Redirect::to(&format!("{}/regimes", href(tenue))).into_response()
}

/// Taken out of the record with all the activities it covered; the history keeps it.
pub async fn delete_acte(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
) -> Result<Response> {
    let (avant, known) = (find(&annuaire, &tenue).await?, read_named(&named)?);
    let mut apres = avant.fiche.clone();
    // Two clicks take it away once.
    let lignes = known.and_then(|id| choose(&avant.fiche, id).ok()).map(|acte| acte.lignes).unwrap_or_default();
    apres.regimes.retain(|ligne, _| !lignes.contains(ligne));
    mend_from(&annuaire, main(&tenue), avant.version, (&avant, &apres)).await?;
    Ok(back(&tenue))
}
