//! « Ma demande »: what a person sees, takes away, withdraws and erases, with the secret link they were given. No account, no script.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, Instant, Result, journal};
use serde::Deserialize;
use territoire::Territoire;
use ui::{Frame, show};

use crate::acces::CodeAcces;
use crate::complements::Complements;
use crate::dossier::{Dossier, write_json};
use crate::imprime::write_pdf;
use crate::model::{Demande, Finalite, Issue};
use crate::prise_en_charge::{Etat, PriseEnCharge, withdraw_all};
use crate::rules::consentement::is_given;
use crate::{Accueil, acte, storage, suivi};

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
    is_transmise: bool,
    /// What there is to do with it still: neither erased, nor promised already.
    statut: Statut,
    prises: Vec<PriseEnCharge>,
    traces: Vec<Trace>,
    now: Instant,
}

/// Where the demande stands, for the person.
struct Statut {
    phrase: String,
    /// The code by which it is followed on another machine.
    code: Option<String>,
    can_reopen: bool,
}

fn say_statut(demande: &Demande, (promesse, code): (Option<Instant>, Option<String>), now: Instant) -> Statut {
    let phrase = match (demande.detail.issue, promesse) {
        (Some(Issue::ARappeler), Some(at)) if at < now => {
            format!(
                "Nous devions vous rappeler avant le {}. Nous sommes en retard, et nous ne vous oublions pas.",
                ui::format::moment(&at, &now)
            )
        }
        (Some(Issue::ARappeler), Some(at)) => format!("Nous vous rappelons avant le {}.", ui::format::moment(&at, &now)),
        (Some(Issue::ARappeler), None) => "Nous devons vous rappeler.".to_string(),
        (None, _) => "Votre demande est arrivée. Quelqu’un va la lire.".to_string(),
        (Some(Issue::Orientee), _) => "Nous avons cherché qui peut vous aider : voici ce qui vous a été proposé.".to_string(),
        (Some(Issue::Information), _) => "Nous avons répondu à votre question.".to_string(),
        (Some(Issue::SansSolution), _) => "Nous n’avons pas encore trouvé de solution. Votre demande reste dans notre liste.".to_string(),
    };
    Statut { phrase: ui::format::typographie(&phrase), code, can_reopen: promesse.is_none() && demande.detail.issue.is_some() }
}

/// What a structure answered, in plain words.
fn say_prise(one: &PriseEnCharge, is_transmise: bool, now: Instant) -> String {
    let said = match (one.etat, is_transmise) {
        (Etat::Envoyee | Etat::Vue, _) if one.echeance_at <= now => "n’a pas encore répondu : nous l’appelons".to_string(),
        (Etat::Envoyee | Etat::Vue, _) => {
            format!("est interrogée, et doit répondre avant le {}", ui::format::moment(&one.echeance_at, &now))
        }
        (Etat::Acceptee, _) => "peut vous aider : dites-nous si vous la choisissez".to_string(),
        (Etat::Retenue, true) => "vous aide : elle vous appelle".to_string(),
        (Etat::Retenue, false) => "vous aide : vous pouvez l’appeler".to_string(),
        (Etat::Refusee, _) => "ne peut pas vous aider cette fois".to_string(),
        (Etat::Close, _) => "n’est plus interrogée, une autre vous aide".to_string(),
        (Etat::Retiree, _) => "n’est plus interrogée".to_string(),
    };
    ui::format::typographie(&said)
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
        acte: if ligne.detail.is_empty() { ligne.acte } else { format!("{}\u{a0}: {}", ligne.acte, ligne.detail) },
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
    let complements = Complements::find(&accueil, visite.territoire.id, demande.id).await?;
    show(&MaDemandePage {
        dossier: Dossier::new(&demande, &complements, (durees, visite.now))?,
        statut: say_statut(&demande, (complements.promesse, complements.code), visite.now),
        prises: complements.prises,
        is_transmise: is_given(&demande.detail.consentements, Finalite::Transmission),
        frame: visite.frame("Ma demande"),
        territoire: &visite.territoire,
        base: format!("/{slug}/ma-demande/{code}"),
        traces: list_traces(&accueil, &visite, &demande).await?,
        is_rappel_given: is_given(&demande.detail.consentements, Finalite::Rappel),
        now: visite.now,
    })
    .map(keep_private)
}

pub async fn show_json(visite: Visite, State(accueil): State<Accueil>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    respond_json(&accueil, &demande, &visite.territoire).await
}

pub(super) async fn respond_json(accueil: &Accueil, demande: &Demande, territoire: &Territoire) -> Result<Response> {
    let complements = Complements::find(accueil, territoire.id, demande.id).await?;
    Ok(respond_file(demande, "json", "application/json", format!("{:#}\n", write_json(demande, &complements, territoire))))
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
    let complements = Complements::find(accueil, territoire.id, demande.id).await?;
    let dossier = Dossier::new(demande, &complements, (durees, now))?;
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
    let complements = Complements::find(accueil, territoire.id, demande.id).await?;
    let pdf = write_pdf(&Dossier::new(demande, &complements, (durees, now))?, territoire, now).await?;
    Ok(respond_file(demande, "pdf", "application/pdf", pdf))
}

/// « Toujours pas de solution »: the demande is taken up again, with a date.
pub async fn create_toujours(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    suivi::reopen(&accueil, &demande, (None, visite.now)).await?;
    Ok(keep_private(Redirect::to(&format!("/{slug}/ma-demande/{code}")).into_response()))
}

/// Which agreement is withdrawn: to be called back, unless another is named.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RetraitInput {
    finalite: String,
}

pub async fn create_retrait(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((slug, code)): Path<(String, String)>,
    Form(input): Form<RetraitInput>,
) -> Result<Response> {
    let demande = find(&accueil, &visite, &code).await?;
    let finalite = Finalite::from_code(&input.finalite).unwrap_or(Finalite::Rappel);
    withdraw_all(&accueil, &visite.territoire, &demande, (None, visite.now)).await?;
    storage::withdraw_consentement(&accueil.db, (visite.territoire.id, demande.id), finalite, (None, visite.now)).await?;
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
    withdraw_all(&accueil, &visite.territoire, &demande, (None, visite.now)).await?;
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
