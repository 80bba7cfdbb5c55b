//! The call screen: commune, need, person, live proposals, what was given, the outcome. Keyboard from end to end.

mod numero;
mod recapitulatif;
mod reperes;
mod saisie;
mod structures;
mod volet;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::PrendreAppel;
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Result};
use ui::{Frame, show, show_with};

use crate::model::{Canal, Finalite, Foyer, Issue, Motif, Origine, PourQui, Sexe, TrancheAge, Urgence};
use crate::rules::consentement::texte;
use crate::rules::issue::whole;
use crate::saisie::Circonstance;
use crate::storage::reperes::list_phrases;
use crate::suivi::code_of;
use crate::{Accueil, acte};

use numero::NumeroVolet;
pub use numero::show_numero;
pub use recapitulatif::show_recapitulatif;
pub use reperes::{create_repere, delete_repere, show_reperes};
pub use saisie::AppelInput;
pub use structures::show_structures;
use volet::{choose_besoins, choose_lieu, understand};

#[derive(Template)]
#[template(path = "accueil/appel.html")]
struct AppelPage {
    frame: Frame,
    slug: String,
    input: AppelInput,
    errors: FieldErrors,
    volet: String,
    /// What else came from the number, were it given.
    numero: String,
    enregistree: Option<Enregistree>,
    /// What the coordination asks to say.
    phrases: Vec<String>,
    /// Whether this one may write them.
    can_ecrire: bool,
    /// By which doors a summary may leave.
    envoie: (bool, bool),
    panne: Option<&'static str>,
}

/// The demande that has just been recorded, as the address of the next call says it.
#[derive(Clone, Debug)]
struct Enregistree {
    numero: String,
    cle: String,
    demande: Id,
    /// To read to the person.
    code: Option<String>,
}

impl Enregistree {
    fn read(query: &[u8]) -> Option<Self> {
        let find = |wanted: &str| form_urlencoded::parse(query).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        Some(Self { numero: find("enregistree")?, cle: find("cle")?, demande: find("demande")?.parse().ok()?, code: None })
    }
}

impl AppelPage {
    fn texte_consentement(&self) -> String {
        ui::format::typographie(texte(Finalite::Rappel, Canal::Telephone))
    }
}

pub async fn show_appel(equipier: Autorise<PrendreAppel>, State(accueil): State<Accueil>, RawQuery(query): RawQuery) -> Result<Response> {
    let query = query.unwrap_or_default();
    let mut input = AppelInput::read(query.as_bytes());
    let mut enregistree = Enregistree::read(query.as_bytes());
    if let Some(one) = &mut enregistree {
        one.code = code_of(accueil.db.read(), &accueil.coffre, equipier.territoire.id, one.demande).await?;
    }
    // A message that waits brings its own key: answered twice, it is one demande.
    if enregistree.is_some() || input.demande.cle.is_empty() {
        input.demande.cle = Id::new(equipier.now).to_string();
    }
    show_page(&equipier, &accueil, input, (StatusCode::OK, FieldErrors::default(), None), enregistree).await
}

/// Without a script, « Proposer » sends the call as it stands and shows it again with its proposals; nothing is recorded.
pub async fn show_again(equipier: Autorise<PrendreAppel>, State(accueil): State<Accueil>, body: Bytes) -> Result<Response> {
    show_page(&equipier, &accueil, AppelInput::read(&body), (StatusCode::OK, FieldErrors::default(), None), None).await
}

type Verdict = (StatusCode, FieldErrors, Option<&'static str>);

async fn show_page(
    equipier: &Equipier,
    accueil: &Accueil,
    input: AppelInput,
    (status, errors, panne): Verdict,
    enregistree: Option<Enregistree>,
) -> Result<Response> {
    let volet = understand(equipier, accueil, &input).await?.render().map_err(anyhow::Error::from)?;
    let numero = NumeroVolet::find(equipier, accueil, &input.demande.rappel_telephone).await?;
    let page = AppelPage {
        frame: equipier.frame("Prendre un appel", Menu::Appel),
        slug: equipier.territoire.slug.clone(),
        phrases: list_phrases(&accueil.db, equipier.territoire.id).await?,
        can_ecrire: equipier.can(Droit::TenirAnnuaire),
        envoie: (accueil.comptes.envoie_sms(), accueil.comptes.envoie()),
        input,
        errors,
        volet,
        numero: numero.render().map_err(anyhow::Error::from)?,
        enregistree,
        panne,
    };
    show_with(status, &page)
}

/// What is understood so far: asked again at each pause of the typing.
pub async fn show_propositions(
    equipier: Autorise<PrendreAppel>,
    State(accueil): State<Accueil>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let input = AppelInput::read(query.unwrap_or_default().as_bytes());
    show(&understand(&equipier, &accueil, &input).await?)
}

/// Records the call. What is understood without a click counts as chosen; a structure given means « orientée ».
pub async fn create_demande(equipier: Autorise<PrendreAppel>, State(accueil): State<Accueil>, body: Bytes) -> Result<Response> {
    let mut input = AppelInput::read(&body);
    if let Some(commune) = choose_lieu(&input, &equipier).0 {
        input.demande.commune = commune.code.to_string();
    }
    let chosen: Vec<&str> = choose_besoins(&input).0.iter().map(|besoin| &*besoin.code).collect();
    input.demande.besoin = chosen.join(",");
    input.demande.besoin_texte = input.quoi.clone();
    if input.demande.issue.is_empty() && !input.donnees.is_empty() {
        input.demande.issue = Issue::Orientee.code().into();
    } else if input.demande.issue.is_empty()
        && let Some((issue, motif)) = whole(&input.demande.read_issues())
    {
        input.demande.issue = issue.code().into();
        input.demande.motif = motif.map(Motif::code).unwrap_or_default().into();
    }
    let circonstance = Circonstance {
        territoire_id: equipier.territoire.id,
        canal: input.canal(),
        now: equipier.now,
        compte_id: Some(equipier.compte_id),
    };
    let (parsed, mut errors) = match input.demande.parse(circonstance) {
        Ok(demande) => (Some(demande), FieldErrors::default()),
        Err(errors) => (None, errors),
    };
    let remise = input.read_remise(&mut errors);
    let Some(demande) = parsed.filter(|_| errors.is_empty()) else {
        return show_page(&equipier, &accueil, input, (StatusCode::UNPROCESSABLE_ENTITY, errors, None), None).await;
    };
    let cle = demande.cle.clone();
    match acte::record_call(&accueil, demande, &input.donnees, remise.map(|remise| (&*equipier.territoire, remise))).await {
        Ok(recorded) => {
            let slug = &equipier.territoire.slug;
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("enregistree", &recorded.numero.to_string())
                .append_pair("cle", &cle)
                .append_pair("demande", &recorded.id.to_string())
                .finish();
            Ok(Redirect::to(&format!("/{slug}/equipe/appel?{query}")).into_response())
        }
        Err(Error::Unavailable(cause)) => {
            tracing::error!(%cause, "call not recorded");
            let panne = "L’appel n’a pas pu être enregistré à l’instant. Rien n’est perdu : tout est encore à l’écran. Recommencez dans une minute.";
            show_page(&equipier, &accueil, input, (StatusCode::SERVICE_UNAVAILABLE, FieldErrors::default(), Some(panne)), None).await
        }
        Err(error) => Err(error),
    }
}
