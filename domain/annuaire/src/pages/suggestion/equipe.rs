//! Suggestions waiting: what each would change, accepted, or refused with a reason. The team settles all of them, a structure its own.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{Error, Id, Result};
use serde::Deserialize;
use ui::{Frame, show_with};

use crate::Annuaire;
use crate::acces::StructureTenue;
use crate::acte::{Main, describe, mend};
use crate::fiche::{Fiche, compare};
use crate::pages::fiche;
use crate::storage::fiche::{FicheTenue, find_fiche, insert_fiche, list_fiches};
use crate::storage::historique::{Cause, Trace};
use crate::storage::suggestion::{find_suggestion, list_suggestions, list_suggestions_of, list_traitees, settle};
use crate::suggestion::regles::{apply, make_fiche, read_raison};
use crate::suggestion::{Parole, Suggestion, Suite};

/// A suggestion, in words.
struct Ligne {
    id: String,
    titre: String,
    /// The record it is about.
    fiche: Option<String>,
    quand: String,
    /// What it says.
    parole: String,
    /// What accepting changes at once; empty: the record is then to be mended by hand.
    changements: Vec<String>,
    /// Why the refusal that was just sent is not taken.
    erreur: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "annuaire/suggestions.html")]
struct SuggestionsPage {
    frame: Frame,
    base: String,
    /// The structure whose suggestions these are; none: all of the territoire.
    de: Option<(Id, String)>,
    /// Where each is settled, less its id.
    action: String,
    lignes: Vec<Ligne>,
    /// What was settled of that structure, the last first.
    traitees: Vec<String>,
}

/// The suggestion that was just refused without a reason.
type Oubli = Option<Id>;

pub async fn show_suggestions(equipier: Autorise<TenirAnnuaire>, State(annuaire): State<Annuaire>) -> Result<Response> {
    show_all(&annuaire, &equipier, None).await
}

async fn show_all(annuaire: &Annuaire, equipier: &Equipier, oubli: Oubli) -> Result<Response> {
    let waiting = list_suggestions(&annuaire.db, equipier.territoire.id).await?;
    let base = format!("/{}/equipe", equipier.territoire.slug);
    let page = SuggestionsPage {
        frame: equipier.frame("Suggestions", Menu::Annuaire),
        action: format!("{base}/annuaire/suggestions"),
        base,
        de: None,
        lignes: describe_lines(annuaire, equipier, (&waiting, oubli)).await?,
        traitees: vec![],
    };
    show_with(status(oubli), &page)
}

/// Those of one structure, for its référent·e.
pub async fn show_siennes(tenue: StructureTenue, State(annuaire): State<Annuaire>) -> Result<Response> {
    show_of(&annuaire, &tenue, None).await
}

async fn show_of(annuaire: &Annuaire, tenue: &StructureTenue, oubli: Oubli) -> Result<Response> {
    let (territoire, structure) = (tenue.territoire.id, tenue.structure);
    let nom = fiche::find(annuaire, tenue).await?.fiche.structure.nom;
    let waiting = list_suggestions_of(&annuaire.db, territoire, structure).await?;
    let settled = list_traitees(&annuaire.db, territoire, structure).await?;
    let base = format!("/{}/equipe", tenue.territoire.slug);
    let page = SuggestionsPage {
        frame: tenue.frame(format!("Suggestions pour {nom}"), fiche::menu(tenue)),
        action: format!("{base}/structures/{structure}/suggestions"),
        base,
        de: Some((structure, nom)),
        lignes: describe_lines(annuaire, tenue, (&waiting, oubli)).await?,
        traitees: settled.iter().map(|one| one.describe(tenue.now)).collect(),
    };
    show_with(status(oubli), &page)
}

fn status(oubli: Oubli) -> StatusCode {
    if oubli.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

async fn describe_lines(annuaire: &Annuaire, equipier: &Equipier, (waiting, oubli): (&[Suggestion], Oubli)) -> Result<Vec<Ligne>> {
    let named: Vec<_> = waiting.iter().filter_map(about).collect();
    let fiches = list_fiches(annuaire.db.read(), equipier.territoire.id, &named).await?;
    let described = waiting.iter().map(|one| Ligne {
        erreur: oubli.filter(|id| *id == one.id).map(|_| "dites en quelques mots pourquoi, en 300 signes au plus"),
        ..describe_line(one, about(one).and_then(|id| fiches.get(&id)), equipier)
    });
    Ok(described.collect())
}

fn about(suggestion: &Suggestion) -> Option<Id> {
    match &suggestion.parole {
        Parole::Erreur { structure, .. } => Some(*structure),
        Parole::Inscription(_) => None,
    }
}

fn describe_line(suggestion: &Suggestion, known: Option<&FicheTenue>, equipier: &Equipier) -> Ligne {
    let quand = ui::format::moment(&suggestion.created_at, &equipier.now);
    let (id, erreur) = (suggestion.id.to_string(), None);
    match &suggestion.parole {
        Parole::Inscription(made) => Ligne {
            id,
            titre: format!("{} demande à figurer dans l’annuaire", made.nom),
            fiche: None,
            quand,
            parole: format!("{}. {}", ui::format::phrase(made.categorie.label()).trim_end_matches('.'), made.description),
            changements: vec!["une fiche est créée, sans service encore : vous les écrivez ensuite".into()],
            erreur,
        },
        Parole::Erreur { structure, objet, valeur } => {
            let changements = known.and_then(|known| {
                let apres = apply(&known.fiche, *objet, valeur)?;
                let all = compare(Some(&known.fiche), Some(&apres));
                Some(all.iter().map(|one| describe(one, (&known.fiche, &apres), &equipier.territoire)).collect())
            });
            Ligne {
                id,
                titre: known.map_or("Une fiche qui n’existe plus".into(), |known| known.fiche.structure.nom.clone()),
                fiche: known.map(|_| structure.to_string()),
                quand,
                parole: format!("À revoir : {}. {valeur}", objet.label()),
                changements: changements.unwrap_or_default(),
                erreur,
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SuiteInput {
    /// « acceptee » or « refusee ».
    suite: String,
    /// Why it is refused.
    raison: String,
}

/// Accepts or refuses. Accepted, what can be changed at once is; else the record opens, to be mended by hand.
pub async fn update_suggestion(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<SuiteInput>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let suggestion = find_suggestion(&annuaire.db, territoire.id, id.parse()?).await?.ok_or(Error::NotFound)?;
    match answer(&annuaire, &equipier, &suggestion, &input).await? {
        Reponse::Faite(to) => {
            Ok(Redirect::to(&to.unwrap_or_else(|| format!("/{}/equipe/annuaire/suggestions", territoire.slug))).into_response())
        }
        Reponse::SansRaison => show_all(&annuaire, &equipier, Some(suggestion.id)).await,
    }
}

/// The same, by the référent·e, of what is said of its own structure.
pub async fn update_sienne(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, id)): Path<(String, String, String)>,
    Form(input): Form<SuiteInput>,
) -> Result<Response> {
    let found = find_suggestion(&annuaire.db, tenue.territoire.id, id.parse()?).await?;
    let suggestion = found.filter(|one| about(one) == Some(tenue.structure)).ok_or(Error::NotFound)?;
    match answer(&annuaire, &tenue, &suggestion, &input).await? {
        Reponse::Faite(to) => {
            let list = || format!("/{}/equipe/structures/{}/suggestions", tenue.territoire.slug, tenue.structure);
            Ok(Redirect::to(&to.unwrap_or_else(list)).into_response())
        }
        Reponse::SansRaison => show_of(&annuaire, &tenue, Some(suggestion.id)).await,
    }
}

/// What came of an answer.
enum Reponse {
    /// Refused without a reason: nothing is settled.
    SansRaison,
    /// Settled; the page of the record, when it is to be mended by hand.
    Faite(Option<String>),
}

async fn answer(annuaire: &Annuaire, equipier: &Equipier, suggestion: &Suggestion, input: &SuiteInput) -> Result<Reponse> {
    let Some(suite) = Suite::from_code(&input.suite).filter(|suite| *suite != Suite::ATraiter) else {
        return Err(Error::Unreadable("Acceptez ou refusez la suggestion.".into()));
    };
    let raison = read_raison(&input.raison);
    if suite == Suite::Refusee && raison.is_none() {
        return Ok(Reponse::SansRaison);
    }
    close(annuaire, equipier, suggestion, (suite, raison.filter(|_| suite == Suite::Refusee))).await?;
    let fiche = if suite == Suite::Acceptee { accept(annuaire, equipier, &suggestion.parole).await? } else { None };
    Ok(Reponse::Faite(fiche.map(|id| format!("/{}/equipe/structures/{id}", equipier.territoire.slug))))
}

async fn close(annuaire: &Annuaire, equipier: &Equipier, suggestion: &Suggestion, (suite, raison): (Suite, Option<String>)) -> Result<()> {
    let tx = annuaire.db.begin().await?;
    let by = (suite, raison.as_deref(), equipier.compte_id);
    if !settle(&tx, equipier.territoire.id, suggestion.id, by, equipier.now).await? {
        return Err(Error::Conflict(format!("Quelqu’un a déjà traité cette suggestion : elle est {}.", suggestion.suite.label())));
    }
    let detail = raison.map_or_else(|| suite.label().to_string(), |raison| format!("{} : {raison}", suite.label()));
    let acte =
        Acte { auteur: Some(equipier.compte_id), acte: "suggestion traitée", objet: ("suggestion", suggestion.id), detail: &detail };
    journal::record(&tx, equipier.territoire.id, equipier.now, &acte).await?;
    Ok(tx.commit().await?)
}

/// The record to open then; none when all is done.
async fn accept(annuaire: &Annuaire, equipier: &Equipier, parole: &Parole) -> Result<Option<Id>> {
    let territoire = &equipier.territoire;
    let main = Main { territoire, auteur_id: Some(equipier.compte_id), auteur: &equipier.nom, cause: Cause::Suggestion, now: equipier.now };
    match parole {
        Parole::Inscription(made) => {
            let fiche: Fiche = make_fiche(made, equipier.now).ok_or(Error::NotFound)?;
            let trace = Trace { auteur_id: main.auteur_id, auteur: main.auteur, cause: main.cause, lot: None };
            let tx = annuaire.db.begin().await?;
            insert_fiche(&tx, territoire.id, &fiche, &trace, equipier.now).await?;
            tx.commit().await?;
            Ok(Some(fiche.structure.id))
        }
        Parole::Erreur { structure, objet, valeur } => {
            let Some(known) = find_fiche(annuaire.db.read(), territoire.id, *structure).await? else { return Ok(None) };
            match apply(&known.fiche, *objet, valeur) {
                Some(apres) if mend(annuaire, main, (&known, &apres)).await? => Ok(None),
                _ => Ok(Some(*structure)),
            }
        }
    }
}
