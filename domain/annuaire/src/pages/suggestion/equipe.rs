//! Suggestions waiting: what each would change, accepted or refused.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{Error, Result};
use serde::Deserialize;
use ui::{Frame, show};

use crate::Annuaire;
use crate::acte::{Main, describe, mend};
use crate::fiche::{Fiche, compare};
use crate::storage::fiche::{FicheTenue, find_fiche, insert_fiche, list_fiches};
use crate::storage::historique::{Cause, Trace};
use crate::storage::suggestion::{find_suggestion, list_suggestions, settle};
use crate::suggestion::regles::{apply, make_fiche};
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
}

#[derive(Template)]
#[template(path = "annuaire/suggestions.html")]
struct SuggestionsPage {
    frame: Frame,
    base: String,
    lignes: Vec<Ligne>,
}

pub async fn show_suggestions(equipier: Autorise<TenirAnnuaire>, State(annuaire): State<Annuaire>) -> Result<Response> {
    let territoire = &equipier.territoire;
    let waiting = list_suggestions(&annuaire.db, territoire.id).await?;
    let named: Vec<_> = waiting.iter().filter_map(about).collect();
    let fiches = list_fiches(annuaire.db.read(), territoire.id, &named).await?;
    let lignes = waiting.iter().map(|one| describe_line(one, about(one).and_then(|id| fiches.get(&id)), &equipier)).collect();
    let base = format!("/{}/equipe", territoire.slug);
    show(&SuggestionsPage { frame: equipier.frame("Suggestions", Menu::Annuaire), base, lignes })
}

fn about(suggestion: &Suggestion) -> Option<kit::Id> {
    match &suggestion.parole {
        Parole::Erreur { structure, .. } => Some(*structure),
        Parole::Inscription(_) => None,
    }
}

fn describe_line(suggestion: &Suggestion, known: Option<&FicheTenue>, equipier: &Equipier) -> Ligne {
    let quand = ui::format::moment(&suggestion.created_at, &equipier.now);
    let id = suggestion.id.to_string();
    match &suggestion.parole {
        Parole::Inscription(made) => Ligne {
            id,
            titre: format!("{} demande à figurer dans l’annuaire", made.nom),
            fiche: None,
            quand,
            parole: format!("{}. {}", ui::format::phrase(made.categorie.label()).trim_end_matches('.'), made.description),
            changements: vec!["une fiche est créée, sans service encore : vous les écrivez ensuite".into()],
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
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SuiteInput {
    /// « acceptee » or « refusee ».
    suite: String,
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
    let Some(suite) = Suite::from_code(&input.suite).filter(|suite| *suite != Suite::ATraiter) else {
        return Err(Error::Unreadable("Acceptez ou refusez la suggestion.".into()));
    };
    close(&annuaire, &equipier, &suggestion, suite).await?;
    let base = format!("/{}/equipe", territoire.slug);
    let fiche = if suite == Suite::Acceptee { accept(&annuaire, &equipier, &suggestion.parole).await? } else { None };
    let to = fiche.map_or_else(|| format!("{base}/annuaire/suggestions"), |id| format!("{base}/structures/{id}"));
    Ok(Redirect::to(&to).into_response())
}

async fn close(annuaire: &Annuaire, equipier: &Equipier, suggestion: &Suggestion, suite: Suite) -> Result<()> {
    let tx = annuaire.db.begin().await?;
    if !settle(&tx, equipier.territoire.id, suggestion.id, (suite, equipier.compte_id, equipier.now)).await? {
        return Err(Error::Conflict(format!("Quelqu’un a déjà traité cette suggestion : elle est {}.", suggestion.suite.label())));
    }
    let acte =
        Acte { auteur: Some(equipier.compte_id), acte: "suggestion traitée", objet: ("suggestion", suggestion.id), detail: suite.label() };
    journal::record(&tx, equipier.territoire.id, equipier.now, &acte).await?;
    Ok(tx.commit().await?)
}

/// The record to open then; none when all is done.
async fn accept(annuaire: &Annuaire, equipier: &Equipier, parole: &Parole) -> Result<Option<kit::Id>> {
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
