//! « Ma demande »: what a person sees, takes away, withdraws and erases, with the secret link they were given. No account, no script.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, Instant, Result, journal};
use territoire::Territoire;
use ui::{Frame, show};

use crate::acces::CodeAcces;
use crate::dossier::{Dossier, write_json};
use crate::imprime::write_pdf;
use crate::model::{Demande, Finalite};
use crate::rules::consentement::is_given;
use crate::{Accueil, acte, storage};

/// The address is the secret: it is kept by no cache, told to no other site, and read by no search engine.
const PRIVATE: [(HeaderName, &str); 3] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

pub(super) fn keep_private(mut response: Response) -> Response {
    for (name, value) in PRIVATE {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The code of a link that opens nothing is not found, like any other address that does not exist.
async fn find(accueil: &Accueil, visite: &Visite, code: &str) -> Result<Demande> {
    let code = CodeAcces::parse(code).ok_or(Error::NotFound)?;
    storage::find_demande_by_acces(&accueil.db, &accueil.coffre, visite.territoire.id, &code).await?.ok_or(Error::NotFound)
}

#[derive(Template)]
#[template(path = "accueil/ma_demande.html")]
struct MaDemandePage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    base: String,
    dossier: Dossier,
    is_rappel_given: bool,
    traces: Vec<Trace>,
    now: Instant,
}

/// Something that was done with the demande.
struct Trace {
    quand: String,
    qui: String,
    acte: String,
}

/// Who opened and changed the demande: the person may know it by name. A hundred lines say enough.
async fn list_traces(accueil: &Accueil, visite: &Visite, demande: &Demande) -> Result<Vec<Trace>> {
    let recherche = journal::Recherche { objet: Some(("demande".into(), demande.id)), ..Default::default() };
    let lignes = journal::list(&accueil.db, visite.territoire.id, &recherche, (None, 100)).await?;
    let comptes = comptes::storage::list_comptes(&accueil.db, visite.territoire.id).await?;
    let name = |id: &str| comptes.iter().find(|compte| compte.id.to_string() == id).map(|compte| compte.nom.clone());
    let described = lignes.into_iter().map(|ligne| Trace {
        quand: ui::format::moment(&Instant(ligne.at), &visite.now),
        qui: if ligne.auteur_id.is_empty() {
            "vous, ou le service".to_string()
        } else {
            name(&ligne.auteur_id).unwrap_or("l’équipe".into())
        },
        acte: ligne.acte,
    });
    Ok(described.collect())
}

pub async fn show_ma_demande(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    let durees = storage::find_durees(&accueil.db, visite.territoire.id).await?;
    show(&MaDemandePage {
        frame: visite.frame("Ma demande"),
        territoire: &visite.territoire,
        base: format!("/{slug}/ma-demande/{code}"),
        dossier: Dossier::new(&demande, durees, visite.now)?,
        traces: list_traces(&accueil, &visite, &demande).await?,
        is_rappel_given: is_given(&demande.detail.consentements, Finalite::Rappel),
        now: visite.now,
    })
    .map(keep_private)
}

pub async fn show_json(visite: Visite, State(accueil): State<Accueil>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    Ok(respond_json(&demande, &visite.territoire))
}

pub(super) fn respond_json(demande: &Demande, territoire: &Territoire) -> Response {
    respond_file(demande, "json", "application/json", format!("{:#}\n", write_json(demande, territoire)))
}

fn respond_file(demande: &Demande, extension: &str, kind: &str, content: impl IntoResponse) -> Response {
    let name = format!("attachment; filename=\"demande-{}.{extension}\"", demande.numero);
    let headers = [(header::CONTENT_TYPE, kind.to_string()), (header::CONTENT_DISPOSITION, name)];
    keep_private((headers, content).into_response())
}

#[derive(Template)]
#[template(path = "accueil/dossier.html")]
struct DossierPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    dossier: Dossier,
    le: String,
    now: Instant,
}

/// Made to be read, or printed from the browser.
pub async fn show_document(visite: Visite, State(accueil): State<Accueil>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    respond_document(&accueil, &demande, (&visite.territoire, visite.now)).await
}

pub(super) async fn respond_document(accueil: &Accueil, demande: &Demande, (territoire, now): (&Territoire, Instant)) -> Result<Response> {
    let durees = storage::find_durees(&accueil.db, territoire.id).await?;
    let dossier = Dossier::new(demande, durees, now)?;
    let frame = Frame::public(format!("Demande n° {}", demande.numero), comptes::site(territoire));
    let page = DossierPage { frame, territoire, dossier, le: ui::format::date(now.day()), now };
    show(&page).map(keep_private)
}

pub async fn show_pdf(visite: Visite, State(accueil): State<Accueil>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    respond_pdf(&accueil, &demande, (&visite.territoire, visite.now)).await
}

pub(super) async fn respond_pdf(accueil: &Accueil, demande: &Demande, (territoire, now): (&Territoire, Instant)) -> Result<Response> {
    let durees = storage::find_durees(&accueil.db, territoire.id).await?;
    let pdf = write_pdf(&Dossier::new(demande, durees, now)?, territoire, now).await?;
    Ok(respond_file(demande, "pdf", "application/pdf", pdf))
}

pub async fn create_retrait(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    storage::withdraw_consentement(&accueil.db, (visite.territoire.id, demande.id), Finalite::Rappel, (None, visite.now)).await?;
    Ok(keep_private(Redirect::to(&format!("/{slug}/ma-demande/{code}")).into_response()))
}

#[derive(Template)]
#[template(path = "accueil/effacement.html")]
struct EffacementPage {
    frame: Frame,
    numero: i64,
    /// Where one comes back without erasing.
    retour: String,
}

/// What will be erased, before it is.
pub async fn show_effacement(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    respond_effacement(visite.frame("Effacer ma demande"), demande.numero, format!("/{slug}/ma-demande/{code}"))
}

pub(super) fn respond_effacement(frame: Frame, numero: i64, retour: String) -> Result<Response> {
    show(&EffacementPage { frame, numero, retour }).map(keep_private)
}

pub async fn create_effacement(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    acte::effacer(&accueil, &demande, (None, visite.now)).await?;
    Ok(keep_private(Redirect::to(&format!("/{slug}/ma-demande/effacee")).into_response()))
}

#[derive(Template)]
#[template(path = "accueil/effacee.html")]
struct EffaceePage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
}

/// The link no longer leads anywhere: this page says so to whoever has just erased.
pub async fn show_effacee(visite: Visite) -> Result<Response> {
    show(&EffaceePage { frame: visite.frame("Demande effacée"), territoire: &visite.territoire })
}
