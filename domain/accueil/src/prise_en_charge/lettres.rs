//! What a structure and the coordination are written. A letter never says who the person is.

use annuaire::storage::adresse::{Correspondant, find_correspondant};
use askama::Template;
use comptes::{Lettre, Role};
use kit::{Id, Instant, Result, secret};
use sea_orm::ConnectionTrait;
use territoire::Territoire;

use super::{Etat, PriseEnCharge, storage};
use crate::Accueil;
use crate::mots::{libelle_de_besoin, nom_de_commune};

/// What it is, in the list of messages.
const CAUSE: &str = "prise en charge";

#[derive(Template)]
#[template(path = "courriels/prise_en_charge.txt")]
struct Demande<'a> {
    a: &'a str,
    structure: &'a str,
    besoin: &'a str,
    commune: &'a str,
    territoire: &'a str,
    lien: &'a str,
    avant: &'a str,
    is_relance: bool,
    telephone: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "courriels/prise_suite.txt")]
struct Suite<'a> {
    besoin: &'a str,
    commune: &'a str,
    territoire: &'a str,
    etat: Etat,
    lien: Option<&'a str>,
    telephone: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "courriels/prise_retard.txt")]
struct Retard<'a> {
    numero: i64,
    structure: &'a str,
    besoin: &'a str,
    commune: &'a str,
    depuis: &'a str,
    territoire: &'a str,
    page: &'a str,
}

/// What a letter is about.
pub(super) struct Sujet<'a> {
    pub territoire: &'a Territoire,
    pub commune: &'a str,
    pub besoin: &'a str,
    pub now: Instant,
}

impl<'a> Sujet<'a> {
    pub fn new(territoire: &'a Territoire, demande: &'a crate::Demande, besoin: &'a str, now: Instant) -> Self {
        Self { territoire, commune: demande.detail.commune.as_str(), besoin, now }
    }
}

/// « lundi 3 mars 2025, 14 h 05 ».
fn say_moment(at: Instant) -> String {
    format!("{}, {}", ui::format::date(at.day()), ui::format::heure(at.paris()))
}

async fn find_address(accueil: &Accueil, territoire: Id, structure: Id) -> Result<Option<(Correspondant, String)>> {
    let found = find_correspondant(&accueil.db, territoire, structure).await?;
    Ok(found.and_then(|one| one.courriel.clone().map(|courriel| (one, courriel))))
}

/// A link that nobody has yet; none while the program does not know where people reach it.
async fn make_lien(
    accueil: &Accueil,
    tx: &impl ConnectionTrait,
    (territoire, now): (&Territoire, Instant),
    prise: Id,
) -> Result<Option<String>> {
    let Some(origine) = accueil.comptes.origine().filter(|_| accueil.comptes.envoie()) else { return Ok(None) };
    let code = secret::hex(&secret::random::<16>()?);
    storage::insert_lien_in(tx, territoire.id, (&secret::fingerprint(&code), prise), now).await?;
    Ok(Some(format!("{origine}/{}/prise-en-charge/{code}", territoire.slug)))
}

/// Asks, or asks again; false when there is no address, or nothing leaves: the structure is then called.
pub(super) async fn write_demande(
    accueil: &Accueil,
    tx: &impl ConnectionTrait,
    sujet: &Sujet<'_>,
    (prise, structure, echeance_at, is_relance): (Id, Id, Instant, bool),
) -> Result<bool> {
    let territoire = sujet.territoire;
    let Some((correspondant, courriel)) = find_address(accueil, territoire.id, structure).await? else { return Ok(false) };
    let Some(lien) = make_lien(accueil, tx, (territoire, sujet.now), prise).await? else { return Ok(false) };
    let (besoin, commune) = (libelle_de_besoin(sujet.besoin), nom_de_commune(sujet.commune));
    let lettre = Demande {
        a: correspondant.nom.as_deref().unwrap_or_default(),
        structure: &correspondant.structure,
        besoin: &besoin,
        commune: &commune,
        territoire: &territoire.nom,
        lien: &lien,
        avant: &say_moment(echeance_at),
        is_relance,
        telephone: territoire.ligne.telephone.as_deref(),
    };
    let objet = format!("{}{besoin}, {commune} : pouvez-vous aider une personne ?", if is_relance { "Rappel : " } else { "" });
    let texte = lettre.render().map_err(anyhow::Error::from)?;
    accueil.comptes.post(tx, (territoire.id, sujet.now), Lettre { cause: CAUSE, a: &courriel, objet: &objet, texte: &texte }).await?;
    Ok(true)
}

/// Tells a structure what followed: retained, closed, withdrawn.
pub(super) async fn write_suite(
    accueil: &Accueil,
    tx: &impl ConnectionTrait,
    sujet: &Sujet<'_>,
    (one, etat): (&PriseEnCharge, Etat),
) -> Result<()> {
    let territoire = sujet.territoire;
    let Some((_, courriel)) = find_address(accueil, territoire.id, one.structure_id).await? else { return Ok(()) };
    let lien = if etat == Etat::Retenue { make_lien(accueil, tx, (territoire, sujet.now), one.id).await? } else { None };
    let (besoin, commune) = (libelle_de_besoin(sujet.besoin), nom_de_commune(sujet.commune));
    let lettre = Suite {
        besoin: &besoin,
        commune: &commune,
        territoire: &territoire.nom,
        etat,
        lien: lien.as_deref(),
        telephone: territoire.ligne.telephone.as_deref(),
    };
    let objet = match etat {
        Etat::Retenue => format!("{besoin}, {commune} : la personne vous a choisis"),
        _ => format!("{besoin}, {commune} : merci, ce n’est plus nécessaire"),
    };
    let texte = lettre.render().map_err(anyhow::Error::from)?;
    accueil.comptes.post(tx, (territoire.id, sujet.now), Lettre { cause: CAUSE, a: &courriel, objet: &objet, texte: &texte }).await
}

/// Tells each coordinator that a structure has been silent past the end.
pub(super) async fn write_retard(
    accueil: &Accueil,
    tx: &impl ConnectionTrait,
    sujet: &Sujet<'_>,
    (numero, one): (i64, &PriseEnCharge),
) -> Result<()> {
    let Some(origine) = accueil.comptes.origine() else { return Ok(()) };
    let territoire = sujet.territoire;
    let (besoin, commune) = (libelle_de_besoin(sujet.besoin), nom_de_commune(sujet.commune));
    let lettre = Retard {
        numero,
        structure: &one.structure_nom,
        besoin: &besoin,
        commune: &commune,
        depuis: &say_moment(one.envoyee_at),
        territoire: &territoire.nom,
        page: &format!("{origine}/{}/equipe/prises-en-charge?etat={}", territoire.slug, storage::EN_RETARD),
    };
    let objet = format!("Sans réponse : {} (demande n° {numero})", one.structure_nom);
    let texte = lettre.render().map_err(anyhow::Error::from)?;
    for courriel in list_coordination(accueil, territoire.id).await? {
        let lettre = Lettre { cause: "retard de prise en charge", a: &courriel, objet: &objet, texte: &texte };
        accueil.comptes.post(tx, (territoire.id, sujet.now), lettre).await?;
    }
    Ok(())
}

/// Where those who coordinate are written to.
pub(crate) async fn list_coordination(accueil: &Accueil, territoire: Id) -> Result<Vec<String>> {
    let comptes = comptes::storage::list_comptes(&accueil.db, territoire).await?;
    let open = comptes.into_iter().filter(|one| one.desactive_at.is_none() && one.roles.contains(&Role::Coordination));
    Ok(open.map(|one| one.courriel).collect())
}
