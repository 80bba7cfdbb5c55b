//! One demande, for the team: what was asked, proposed, who takes the person in charge, how it ends, what follows.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::LireDemandes;
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::{Error, Id, Instant, Result, journal};
use serde::Deserialize;
use ui::{Frame, show_with};

use crate::analyse::Question;
use crate::complements::Complements;
use crate::en_ligne::{Bandeau, cle_de_demande};
use crate::model::{Demande, Finalite, Issue, Motif, Orientation};
use crate::mots::{a_la_commune, libelle_de_besoin, libelles_de_besoins};
use crate::prise_en_charge::{Etat, MotifRefus, PriseEnCharge};
use crate::qualite::Solution;
use crate::rules::consentement::{is_given, texte};
use crate::saisie::parse_issue;
use crate::sans_solution::Suite;
use crate::{Accueil, analyse, prise_en_charge, sans_solution, storage, suivi, trace};

#[derive(Template)]
#[template(path = "accueil/demande.html")]
struct DemandePage {
    frame: Frame,
    slug: String,
    demande: Demande,
    now: Instant,
    refus: Option<String>,
    can_repondre: bool,
    complements: Complements,
    suite: Suite,
    questions: Vec<Question>,
    /// None for somebody who does not call.
    en_ligne: Option<Bandeau>,
}

pub async fn show_demande(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    // Who reads a file is written before it is shown: without the line, no reading.
    let acte = trace::acte(Some(equipier.compte_id), trace::LECTURE, demande.id, "");
    journal::record_alone(&accueil.db, equipier.territoire.id, equipier.now, &acte).await?;
    show_one(&accueil, &equipier, demande, (StatusCode::OK, None)).await
}

pub(super) async fn find(accueil: &Accueil, equipier: &Equipier, id: &str) -> Result<Demande> {
    storage::find_demande(&accueil.db, &accueil.coffre, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

/// The page of a demande, as it is read or with why something was refused.
pub(super) async fn show_one(
    accueil: &Accueil,
    equipier: &Equipier,
    demande: Demande,
    (status, refus): (StatusCode, Option<String>),
) -> Result<Response> {
    let (db, territoire) = (&accueil.db, equipier.territoire.id);
    let en_ligne = match equipier.can(Droit::PrendreAppel) && demande.detail.rappel.telephone.is_some() {
        true => Some(Bandeau::find(db, equipier, cle_de_demande(demande.id)).await?),
        false => None,
    };
    let page = DemandePage {
        frame: equipier.frame(format!("Demande n° {}", demande.numero), Menu::Demandes),
        slug: equipier.territoire.slug.clone(),
        complements: Complements::find(accueil, territoire, demande.id).await?,
        suite: sans_solution::storage::find_suite(db, territoire, demande.id).await?,
        questions: analyse::storage::list_questions(db, territoire).await?,
        en_ligne,
        now: equipier.now,
        refus,
        can_repondre: equipier.can(Droit::RepondrePersonne),
        demande,
    };
    show_with(status, &page)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct IssueInput {
    issue: String,
    motif: String,
    version: i64,
}

pub async fn update_issue(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<IssueInput>,
) -> Result<Response> {
    let mut demande = find(&accueil, &equipier, &id).await?;
    let (issue, motif) = match parse_issue(&input.issue, &input.motif) {
        Ok(parsed) => parsed,
        Err((_, sentence)) => {
            return show_one(&accueil, &equipier, demande, (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence.into()))).await;
        }
    };
    demande.version = input.version;
    let done = storage::update_issue(&accueil.db, &demande, (issue, motif), (equipier.compte_id, equipier.now)).await;
    respond(&accueil, &equipier, &id, done).await
}

impl DemandePage {
    fn id(&self) -> Id {
        self.demande.id
    }

    fn is_past(&self, at: &Instant) -> bool {
        *at < self.now
    }

    fn is_sans_solution(&self) -> bool {
        self.demande.detail.issue == Some(Issue::SansSolution) && self.demande.efface_at.is_none()
    }

    /// The choice answered for a question, in its words.
    fn is_constate(&self, question: &Question, choix: &str) -> bool {
        self.complements.constats.iter().any(|one| one.question == question.libelle && one.choix == choix)
    }

    /// The name of a structure that was proposed.
    fn nom_de_structure(&self, id: &Id) -> &str {
        let found = self.demande.detail.orientations.iter().find(|one| one.structure_id == *id);
        found.map(|one| one.structure_nom.as_str()).unwrap_or("une autre structure")
    }

    fn is_rappel_given(&self) -> bool {
        is_given(&self.demande.detail.consentements, Finalite::Rappel)
    }

    fn is_transmise(&self) -> bool {
        is_given(&self.demande.detail.consentements, Finalite::Transmission)
    }

    fn texte_transmission(&self) -> String {
        ui::format::typographie(texte(Finalite::Transmission, self.demande.detail.canal))
    }

    /// The structures proposed that are not asked at the moment.
    fn list_a_interroger(&self) -> Vec<&Orientation> {
        let is_asked = |one: &PriseEnCharge| one.etat.is_open() || one.etat.is_willing();
        let asked: Vec<Id> = self.complements.prises.iter().filter(|one| is_asked(one)).map(|one| one.structure_id).collect();
        self.demande.detail.orientations.iter().filter(|one| !asked.contains(&one.structure_id)).collect()
    }

    fn is_asked(&self, one: &PriseEnCharge) -> bool {
        prise_en_charge::is_asked(&self.complements.prises, one)
    }

    fn is_late(&self, one: &PriseEnCharge) -> bool {
        one.etat.is_open() && one.echeance_at <= self.now
    }
}

/// « Toujours pas de solution »: the person said so, on the telephone or at the call of quality.
pub async fn create_reouverture(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    let done = suivi::reopen(&accueil, &demande, (Some(equipier.compte_id), equipier.now)).await;
    respond(&accueil, &equipier, &id, done.map(drop)).await
}

/// Back to the page; or why not, and the page as it is now.
async fn respond(accueil: &Accueil, equipier: &Equipier, id: &str, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/{}/equipe/demandes/{id}", equipier.territoire.slug)).into_response()),
        Err(Error::Conflict(sentence)) => {
            let fresh = find(accueil, equipier, id).await?;
            show_one(accueil, equipier, fresh, (StatusCode::CONFLICT, Some(sentence))).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SuiteInput {
    suite: String,
    note: String,
}

/// What becomes of a demande without a solution.
pub async fn create_suite(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<SuiteInput>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    let Some(suite) = Suite::from_code(&input.suite) else {
        let sentence = "Dites quelle suite est donnée.".to_string();
        return show_one(&accueil, &equipier, demande, (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence))).await;
    };
    if suite == Suite::Promise && demande.detail.rappel.telephone.is_none() {
        let sentence = "Sans numéro gardé avec l’accord de la personne, personne ne pourra la rappeler : rien n’est promis.".to_string();
        return show_one(&accueil, &equipier, demande, (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence))).await;
    }
    let note = kit::text::some(&input.note).map(|note| note.chars().take(NOTE).collect::<String>());
    let who = (equipier.compte_id, equipier.now);
    let done = sans_solution::storage::set_suite(&accueil.db, &accueil.coffre, &demande, (suite, note.as_deref()), who).await;
    respond(&accueil, &equipier, &id, done).await
}

const NOTE: usize = 500;

/// The grid of analysis, answered.
pub async fn create_analyse(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Path((_, id)): Path<(String, String)>,
    Form(input): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let demande = find(&accueil, &equipier, &id).await?;
    let questions = analyse::storage::list_questions(&accueil.db, equipier.territoire.id).await?;
    let answered = |rang: usize| input.iter().find(|(name, _)| *name == format!("q{rang}")).and_then(|(_, choix)| choix.parse().ok());
    let constats = analyse::rules::read_constats(&questions, answered);
    let who = (equipier.compte_id, equipier.now);
    let done = analyse::storage::set_constats(&accueil.db, &accueil.coffre, &demande, &constats, who).await;
    respond(&accueil, &equipier, &id, done).await
}
