//! The demandes: all of them, one of them, and those without a solution.

use annuaire::besoin::Taxonomie;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::LireDemandes;
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::{Error, Id, Instant, Result, journal};
use serde::Deserialize;
use territoire::{Commune, Referentiel, Territoire};
use ui::{Frame, show, show_with};

use crate::Accueil;
use crate::filtre::{Filtre, FiltreInput, NOUVELLE};
use crate::model::{Canal, Demande, Finalite, Issue, Motif};
use crate::rules::consentement::is_given;
use crate::saisie::parse_issue;
use crate::storage::{self, DemandeListee, PAGE, SansSolutionGroupe};
use crate::trace;

#[derive(Template)]
#[template(path = "accueil/demandes.html")]
struct DemandesPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    input: FiltreInput,
    filtre: Filtre,
    demandes: Vec<DemandeListee>,
    total: i64,
    now: Instant,
}

impl DemandesPage<'_> {
    fn communes(&self) -> Vec<&'static Commune> {
        list_communes(self.territoire)
    }

    /// The address of another page of the same list, when there is one.
    fn href_page(&self, step: i64) -> Option<String> {
        let page = i64::from(self.filtre.page) + step;
        if page < 0 || page * PAGE >= self.total {
            return None;
        }
        let FiltreInput { issue, commune, besoin, canal, du, au, .. } = &self.input;
        let pairs = [("issue", issue), ("commune", commune), ("besoin", besoin), ("canal", canal), ("du", du), ("au", au)];
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()))
            .append_pair("page", &page.to_string())
            .finish();
        Some(format!("?{query}"))
    }
}

/// The communes of a territoire, in the order of the alphabet.
pub(super) fn list_communes(territoire: &Territoire) -> Vec<&'static Commune> {
    let mut communes: Vec<&Commune> = territoire.communes.iter().filter_map(|rang| Referentiel::get().commune(*rang)).collect();
    communes.sort_by_key(|commune| kit::text::fold(&commune.nom));
    communes
}

/// « Rosnay », or the code when it is no longer one.
pub(crate) fn nom_de_commune(code: &str) -> String {
    Referentiel::get().resolve_code(code).map_or_else(|_| code.to_string(), |found| found.commune.nom.to_string())
}

/// « à Rosnay », « au Blanc ».
fn a_la_commune(code: &str) -> String {
    Referentiel::get().resolve_code(code).map_or_else(|_| code.to_string(), |found| found.commune.a())
}

/// « Portage de repas », or the code when the taxonomy no longer has it.
pub(crate) fn libelle_de_besoin(code: &str) -> String {
    Taxonomie::get().find(code).map_or_else(|| code.to_string(), |besoin| besoin.libelle.to_string())
}

/// « Ménage, jardinage ».
pub fn libelles_de_besoins(codes: &[String]) -> String {
    codes.iter().map(|code| libelle_de_besoin(code)).collect::<Vec<_>>().join(", ")
}

pub async fn show_demandes(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Query(input): Query<FiltreInput>,
) -> Result<Response> {
    let filtre = input.parse();
    let (demandes, total) = storage::list_demandes(&accueil.db, equipier.territoire.id, &filtre).await?;
    let frame = equipier.frame("Demandes", Menu::Demandes);
    show(&DemandesPage { frame, territoire: &equipier.territoire, input, filtre, demandes, total, now: equipier.now })
}

#[derive(Template)]
#[template(path = "accueil/demande.html")]
struct DemandePage {
    frame: Frame,
    slug: String,
    demande: Demande,
    now: Instant,
    refus: Option<String>,
    can_repondre: bool,
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
    show_one(&equipier, demande, (StatusCode::OK, None))
}

async fn find(accueil: &Accueil, equipier: &Equipier, id: &str) -> Result<Demande> {
    storage::find_demande(&accueil.db, &accueil.coffre, equipier.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)
}

fn show_one(equipier: &Equipier, demande: Demande, (status, refus): (StatusCode, Option<String>)) -> Result<Response> {
    let frame = equipier.frame(format!("Demande n° {}", demande.numero), Menu::Demandes);
    let can_repondre = equipier.can(Droit::RepondrePersonne);
    show_with(status, &DemandePage { frame, slug: equipier.territoire.slug.clone(), demande, now: equipier.now, refus, can_repondre })
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
        Err((_, sentence)) => return show_one(&equipier, demande, (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence.into()))),
    };
    demande.version = input.version;
    match storage::update_issue(&accueil.db, &demande, (issue, motif), (equipier.compte_id, equipier.now)).await {
        Ok(()) => Ok(Redirect::to(&format!("/{}/equipe/demandes/{id}", equipier.territoire.slug)).into_response()),
        Err(Error::Conflict(sentence)) => {
            let fresh = find(&accueil, &equipier, &id).await?;
            show_one(&equipier, fresh, (StatusCode::CONFLICT, Some(sentence)))
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "accueil/sans_solution.html")]
struct SansSolutionPage {
    frame: Frame,
    slug: String,
    groupes: Vec<SansSolutionGroupe>,
    total: i64,
    now: Instant,
}

/// Seed 002: « toute demande infructueuse est listée ».
pub async fn show_sans_solution(equipier: Autorise<LireDemandes>, State(accueil): State<Accueil>) -> Result<Response> {
    let groupes = storage::list_sans_solution(&accueil.db, equipier.territoire.id).await?;
    let total = groupes.iter().map(|groupe| groupe.demandes).sum();
    let frame = equipier.frame("Demandes sans solution", Menu::SansSolution);
    show(&SansSolutionPage { frame, slug: equipier.territoire.slug.clone(), groupes, total, now: equipier.now })
}

impl SansSolutionPage {
    /// The demandes of one group.
    fn href(&self, groupe: &SansSolutionGroupe) -> String {
        format!(
            "/{}/equipe/demandes?issue={}&commune={}&besoin={}",
            self.slug,
            Issue::SansSolution.code(),
            groupe.code_insee,
            groupe.besoin
        )
    }
}

/// Codes are those of this program; one that is not is left empty.
fn motif_label(code: Option<&String>) -> &'static str {
    code.and_then(|code| Motif::from_code(code)).map(Motif::label).unwrap_or_default()
}

impl DemandePage {
    fn id(&self) -> Id {
        self.demande.id
    }

    fn is_rappel_given(&self) -> bool {
        is_given(&self.demande.detail.consentements, Finalite::Rappel)
    }
}
