//! What the coordination sets of its accueil: delays, calls of quality, the grid of analysis.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::ReglerAccueil;
use comptes::{Autorise, Equipier, Menu};
use kit::{FieldErrors, Result, journal};
use ui::{Frame, show_with};

use crate::Accueil;
use crate::analyse::Question;
use crate::analyse::rules::{QUESTIONS, read_question};
use crate::analyse::storage::{list_questions, replace_questions_in};
use crate::model::Reglage;
use crate::storage::{list_reglages, set_reglage_in};

/// As it was typed.
#[derive(Debug, Default)]
struct ReglagesInput {
    /// In the order of [`Reglage::ALL`].
    valeurs: Vec<String>,
    /// A question, and its choices one a line.
    questions: Vec<(String, String)>,
}

type Lu = (Vec<(Reglage, u32)>, Vec<Question>);

impl ReglagesInput {
    fn read(form: &[(String, String)]) -> Self {
        let find = |wanted: &str| form.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()).unwrap_or_default();
        Self {
            valeurs: Reglage::ALL.iter().map(|one| find(one.code())).collect(),
            questions: (0..QUESTIONS).map(|rang| (find(&format!("question{rang}")), find(&format!("choix{rang}")))).collect(),
        }
    }

    fn parse(&self) -> Result<Lu, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut reglages = vec![];
        for (reglage, typed) in Reglage::ALL.iter().zip(&self.valeurs) {
            let (least, _, most) = reglage.bornes();
            match typed.trim().parse().ok().filter(|valeur| (least..=most).contains(valeur)) {
                Some(valeur) => reglages.push((*reglage, valeur)),
                None => errors.add(reglage.code(), format!("{} : écrivez un nombre entre {least} et {most}.", reglage.label())),
            }
        }
        let mut questions = vec![];
        for (libelle, choix) in &self.questions {
            match read_question((libelle, choix)) {
                Ok(question) => questions.extend(question),
                Err(sentence) => errors.add("question0", sentence),
            }
        }
        if errors.is_empty() { Ok((reglages, questions)) } else { Err(errors) }
    }
}

#[derive(Template)]
#[template(path = "accueil/reglages_accueil.html")]
struct ReglagesPage {
    frame: Frame,
    slug: String,
    input: ReglagesInput,
    errors: FieldErrors,
}

impl ReglagesPage {
    fn reglages(&self) -> impl Iterator<Item = (&Reglage, &String)> {
        Reglage::ALL.iter().zip(&self.input.valeurs)
    }
}

fn show_form(equipier: &Equipier, input: ReglagesInput, errors: FieldErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let frame = equipier.frame("Réglages de l’accueil", Menu::Demandes);
    show_with(status, &ReglagesPage { frame, slug: equipier.territoire.slug.clone(), input, errors })
}

pub async fn show_reglages(equipier: Autorise<ReglerAccueil>, State(accueil): State<Accueil>) -> Result<Response> {
    let reglages = list_reglages(&accueil.db, equipier.territoire.id).await?;
    let questions = list_questions(&accueil.db, equipier.territoire.id).await?;
    let mut typed: Vec<(String, String)> = questions.into_iter().map(|one| (one.libelle, one.choix.join("\n"))).collect();
    typed.resize(QUESTIONS, (String::new(), String::new()));
    let input = ReglagesInput { valeurs: reglages.into_iter().map(|(_, valeur)| valeur.to_string()).collect(), questions: typed };
    show_form(&equipier, input, FieldErrors::default())
}

pub async fn update_reglages(
    equipier: Autorise<ReglerAccueil>,
    State(accueil): State<Accueil>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let input = ReglagesInput::read(&form);
    let (reglages, questions) = match input.parse() {
        Ok(read) => read,
        Err(errors) => return show_form(&equipier, input, errors),
    };
    let (territoire, tx) = (equipier.territoire.id, accueil.db.begin().await?);
    for one in reglages {
        set_reglage_in(&tx, territoire, one).await?;
    }
    replace_questions_in(&tx, territoire, &questions).await?;
    let acte = journal::Acte {
        auteur: Some(equipier.compte_id),
        acte: "changement des réglages de l’accueil",
        objet: ("territoire", territoire),
        detail: "",
    };
    journal::record(&tx, territoire, equipier.now, &acte).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/reglages-accueil", equipier.territoire.slug)).into_response())
}
