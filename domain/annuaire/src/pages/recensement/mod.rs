//! What a letter's link opens, on a telephone and without an account: « tout est juste », places in a tap, or the short form.

pub(super) mod campagne;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, FieldErrors, Id, Result, secret};
use ui::{Frame, show_with};

use super::structure::{ServiceMontre, describe_lieu, describe_service};
use crate::acte::{Enregistrement, Entretemps, Main, mend, mend_from};
use crate::fiche::Fiche;
use crate::recensement::name_a_relire;
use crate::rules::couverture_saisie::{read_lines, write_lines};
use crate::rules::presentation;
use crate::rules::saisie::{Saisie, date_capacite};
use crate::storage::fiche::{FicheTenue, find_fiche};
use crate::storage::historique::Cause;
use crate::storage::recensement::{find_lien, list_a_relire};
use crate::storage::suggestion::insert_suggestion;
use crate::storage::verification::{find_verification, insert_verification};
use crate::suggestion::{Objet, Parole};
use crate::{Annuaire, Disponibilite, Presentation, VerificationFiche, Voie};

const AUTEUR: &str = "la structure, par le lien de son courriel";

#[derive(Template)]
#[template(path = "annuaire/recensement.html")]
struct RecensementPage {
    frame: Frame,
    base: String,
    fiche: Fiche,
    services: Vec<ServiceMontre>,
    lieux: Vec<super::structure::LieuMontre>,
    /// « le mardi 3 mars 2026 »: somebody said so by this link or otherwise.
    verifiee: Option<String>,
    /// « vos horaires, vos prix ».
    a_relire: Option<String>,
}

/// The record as a short form.
#[derive(Template)]
#[template(path = "annuaire/recensement_corriger.html")]
struct CorrigerPage {
    frame: Frame,
    base: String,
    fiche: Fiche,
    version: i64,
    saisie: Saisie,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
    now: kit::Instant,
}

/// A link that opens nothing any more says so, and what to do.
async fn open(annuaire: &Annuaire, visite: &Visite, code: &str) -> Result<FicheTenue> {
    let (territoire, closed) = (&visite.territoire, || {
        let phone = visite.territoire.ligne.telephone.as_deref().map(|number| format!(" Appelez le {number}.")).unwrap_or_default();
        Error::Gone(format!("Ce lien ne sert plus : la campagne est finie, ou le temps a passé. Votre fiche est toujours là.{phone}"))
    });
    let structure = find_lien(&annuaire.db, territoire.id, &secret::fingerprint(code), visite.now).await?.ok_or_else(closed)?;
    find_fiche(annuaire.db.read(), territoire.id, structure).await?.ok_or_else(closed)
}

fn href(visite: &Visite, code: &str) -> String {
    format!("/{}/recensement/{code}", visite.territoire.slug)
}

pub async fn show_lien(visite: Visite, State(annuaire): State<Annuaire>, Path((_, code)): Path<(String, String)>) -> Result<Response> {
    let fiche = open(&annuaire, &visite, &code).await?.fiche;
    let last = find_verification(&annuaire.db, visite.territoire.id, fiche.structure.id).await?;
    let asked = list_a_relire(&annuaire.db, visite.territoire.id, &secret::fingerprint(&code)).await?;
    let page = RecensementPage {
        a_relire: name_a_relire(&asked),
        frame: visite.frame(format!("La fiche de {}", fiche.structure.nom)),
        base: href(&visite, &code),
        services: fiche.list_services().into_iter().map(|service| describe_service(service.clone(), &visite.territoire)).collect(),
        lieux: fiche.lieux.values().map(|lieu| describe_lieu(lieu, visite.now)).collect(),
        verifiee: last.filter(|last| last.at.day() == visite.now.day()).map(|last| ui::format::date(last.at.day())),
        fiche,
    };
    show_with(StatusCode::OK, &page)
}

async fn confirm(annuaire: &Annuaire, visite: &Visite, structure: Id) -> Result<()> {
    let verification = VerificationFiche { at: visite.now, compte_id: None, voie: Voie::LibreService };
    let tx = annuaire.db.begin().await?;
    insert_verification(&tx, visite.territoire.id, structure, &verification).await?;
    Ok(tx.commit().await?)
}

/// « Tout est juste », in one gesture.
pub async fn create_confirmation(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response> {
    let structure = open(&annuaire, &visite, &code).await?.fiche.structure.id;
    confirm(&annuaire, &visite, structure).await?;
    Ok(Redirect::to(&href(&visite, &code)).into_response())
}

fn main(visite: &Visite) -> Main<'_> {
    Main { territoire: &visite.territoire, auteur_id: None, auteur: AUTEUR, cause: Cause::Campagne, now: visite.now }
}

/// Places, a waiting list or full: one tap.
pub async fn update_disponibilite(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code, service)): Path<(String, String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let known = open(&annuaire, &visite, &code).await?;
    let mut apres = known.fiche.clone();
    let service = apres.services.get_mut(&service.parse()?).ok_or(Error::NotFound)?;
    let former = service.clone();
    service.disponibilite = Disponibilite::from_code(Saisie(sent).one("disponibilite")).ok_or(Error::NotFound)?;
    date_capacite(service, &former, visite.now);
    if !mend(&annuaire, main(&visite), (&known, &apres)).await? {
        return Err(Error::Conflict("Quelqu’un vient de modifier cette fiche : revenez en arrière et recommencez.".into()));
    }
    Ok(Redirect::to(&href(&visite, &code)).into_response())
}

fn write(fiche: &Fiche, visite: &Visite) -> Saisie {
    let contact = fiche.structure.contact.clone();
    let mut fields = vec![
        ("telephone".to_string(), contact.telephone.unwrap_or_default()),
        ("courriel".to_string(), contact.courriel.unwrap_or_default()),
        ("site_web".to_string(), contact.site_web.unwrap_or_default()),
        ("description".to_string(), fiche.structure.description.clone().unwrap_or_default()),
    ];
    for service in fiche.services.values() {
        fields.push((format!("disponibilite-{}", service.id), service.disponibilite.code().to_string()));
        fields.push((format!("tarif-{}", service.id), service.tarif.clone().unwrap_or_default()));
        fields.push((format!("couverture-{}", service.id), write_lines(&service.couverture, &visite.territoire)));
    }
    Saisie(fields)
}

fn show_corriger(
    visite: &Visite,
    code: &str,
    known: FicheTenue,
    saisie: Saisie,
    (errors, entretemps): (FieldErrors, Vec<Entretemps>),
) -> Result<Response> {
    let status = super::fiche::status(&errors, &entretemps);
    let frame = visite.frame(format!("Corriger la fiche de {}", known.fiche.structure.nom));
    let base = href(visite, code);
    show_with(
        status,
        &CorrigerPage { frame, base, fiche: known.fiche, version: known.version, saisie, errors, entretemps, now: visite.now },
    )
}

pub async fn show_formulaire(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response> {
    let known = open(&annuaire, &visite, &code).await?;
    let saisie = write(&known.fiche, &visite);
    show_corriger(&visite, &code, known, saisie, (FieldErrors::default(), vec![]))
}

/// Mends and says right at once: whoever corrects has read the whole.
pub async fn update_fiche(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, code)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (saisie, known) = (Saisie(sent), open(&annuaire, &visite, &code).await?);
    let apres = match read(&saisie, &known.fiche, &visite) {
        Ok(apres) => apres,
        Err(errors) => return show_corriger(&visite, &code, known, saisie, (errors, vec![])),
    };
    let version: i64 = saisie.one("version").parse().unwrap_or_default();
    let structure = known.fiche.structure.id;
    if let Enregistrement::Devance(entretemps) = mend_from(&annuaire, main(&visite), version, (&known, &apres)).await? {
        let known = open(&annuaire, &visite, &code).await?;
        return show_corriger(&visite, &code, known, saisie, (FieldErrors::default(), entretemps));
    }
    confirm(&annuaire, &visite, structure).await?;
    if let Some(valeur) = kit::text::some(saisie.one("autre")) {
        let valeur = valeur.chars().take(500).collect();
        insert_suggestion(&annuaire.db, visite.territoire.id, &Parole::Erreur { structure, objet: Objet::Autre, valeur }, visite.now)
            .await?;
    }
    Ok(Redirect::to(&href(&visite, &code)).into_response())
}

fn read(saisie: &Saisie, fiche: &Fiche, visite: &Visite) -> Result<Fiche, FieldErrors> {
    let read = presentation::read(saisie.one("telephone"), saisie.one("courriel"), saisie.one("site_web"), saisie.one("description"));
    let (Presentation { contact, description }, mut errors) = match read {
        Ok(read) => (read, FieldErrors::default()),
        Err(errors) => (Presentation::default(), errors),
    };
    let mut made = fiche.clone();
    made.structure.contact = contact;
    made.structure.description = description;
    for service in made.services.values_mut() {
        let known = service.clone();
        let one = |name: &str| saisie.one(&format!("{name}-{}", known.id));
        if one("retire") == "oui" {
            continue;
        }
        service.disponibilite = Disponibilite::from_code(one("disponibilite")).unwrap_or(known.disponibilite);
        service.tarif = kit::text::some(one("tarif")).map(|tarif| tarif.chars().take(200).collect());
        match read_lines(one("couverture"), &visite.territoire) {
            Ok(couverture) => service.couverture = couverture,
            Err(why) => errors.add("services", format!("{} : {why}", known.nom)),
        }
        date_capacite(service, &known, visite.now);
    }
    made.services.retain(|id, _| saisie.one(&format!("retire-{id}")) != "oui");
    if errors.is_empty() { Ok(made) } else { Err(errors) }
}
