//! One structure, and the list of them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::LireAnnuaire;
use comptes::{Autorise, Droit, Menu, Visite};
use kit::{Error, Instant, Result};
use serde::Deserialize;
use territoire::{Referentiel, Territoire};
use ui::{Frame, show};

use crate::besoin::Taxonomie;
use crate::fiche::{Fiche, Information, Interlocuteur, Visibilite};
use crate::regime::{ActeRegime, Activite, Validite, list_actes};
use crate::rules::couverture_dite::describe_couverture;
use crate::rules::horaires::{Horaires, Ouverture, en_francais};
use crate::storage::fiche::find_fiche;
use crate::storage::logo::{LogoConnu, find_logo};
use crate::storage::redirection;
use crate::storage::suggestion::count_suggestions;
use crate::storage::verification::find_verification;
use crate::storage::{StructureListee, count_structures, list_structures};
use crate::{Annuaire, Categorie, Service, VerificationFiche};

#[derive(Template)]
#[template(path = "annuaire/structure.html")]
struct StructurePage {
    frame: Frame,
    slug: String,
    fiche: Fiche,
    services: Vec<ServiceMontre>,
    lieux: Vec<LieuMontre>,
    /// What is true today and not always.
    informations: Vec<String>,
    interlocuteurs: Vec<Interlocuteur>,
    /// Acts in force, in words, and the activities that each covers.
    actes: Vec<(String, Vec<&'static Activite>)>,
    /// « le 3 mars 2026, par la structure elle-même ».
    verifiee: Option<String>,
    logo: Option<LogoConnu>,
}

/// A service, in words.
pub(super) struct ServiceMontre {
    pub service: Service,
    pub besoins: String,
    pub couverture: String,
    pub modalites: String,
}

/// A place, in words.
pub(super) struct LieuMontre {
    pub adresse: String,
    pub horaires: Option<String>,
    pub ouverture: Option<(&'static str, String)>,
}

/// A structure that was merged into another one leads there.
pub async fn show_structure(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response> {
    let (territoire, id) = (&visite.territoire, id.parse()?);
    let Some(tenue) = find_fiche(annuaire.db.read(), territoire.id, id).await? else {
        let known = redirection::find(&annuaire.db, territoire.id, id).await?.ok_or(Error::NotFound)?;
        return Ok(Redirect::permanent(&format!("/{slug}/structures/{known}")).into_response());
    };
    let fiche = tenue.fiche;
    let verification = find_verification(&annuaire.db, territoire.id, id).await?;
    show(&StructurePage {
        frame: visite.frame(&*fiche.structure.nom),
        slug,
        lieux: fiche.lieux.values().map(|lieu| describe_lieu(lieu, visite.now)).collect(),
        informations: fiche.list_informations(visite.now.day()).into_iter().map(|one| describe_information(one, &fiche)).collect(),
        interlocuteurs: fiche.interlocuteurs.values().filter(|one| one.visibilite == Visibilite::Publique).cloned().collect(),
        actes: list_publies(&fiche, visite.now),
        verifiee: verification.map(|last| describe_verification(&last)),
        logo: find_logo(&annuaire.db, territoire.id, id).await?,
        services: fiche.list_services().into_iter().map(|service| describe_service(service.clone(), territoire)).collect(),
        fiche,
    })
}

/// What gives the right to exercise today: an act that ended, or that is yet to come, is nobody's business but the structure's.
fn list_publies(fiche: &Fiche, now: Instant) -> Vec<(String, Vec<&'static Activite>)> {
    let is_published = |acte: &ActeRegime| matches!(acte.regime.validite(now.day()), Validite::EnCours | Validite::BientotEchu);
    list_actes(fiche).into_iter().filter(is_published).map(|acte| (acte.regime.describe(), acte.activites)).collect()
}

/// « Ménage : service suspendu jusqu’au mardi 3 mars 2026. Reprise en mars. »
pub(super) fn describe_information(information: &Information, fiche: &Fiche) -> String {
    let service = information.service.and_then(|id| fiche.services.get(&id)).map(|service| format!("{}\u{a0}: ", service.nom));
    ui::format::phrase(&format!("{}{}", service.unwrap_or_default(), information.words()))
}

/// « le lundi 3 mars 2025, par la structure elle-même ».
pub(super) fn describe_verification(verification: &VerificationFiche) -> String {
    format!("le {}, {}", ui::format::date(verification.at.day()), verification.voie.label())
}

pub(super) fn describe_lieu(lieu: &crate::Lieu, now: Instant) -> LieuMontre {
    let commune = Referentiel::get().find_commune(lieu.commune).map(|commune| commune.nom_complet()).unwrap_or_default();
    let today = lieu.horaires.as_deref().map(|texte| Horaires::new(texte).ouverture(now.paris()));
    LieuMontre {
        adresse: lieu.adresse.as_deref().map_or_else(|| commune.clone(), |adresse| format!("{adresse}, {commune}")),
        horaires: lieu.horaires.as_deref().map(en_francais),
        ouverture: today.and_then(describe_ouverture),
    }
}

fn describe_ouverture(ouverture: Ouverture) -> Option<(&'static str, String)> {
    match ouverture {
        Ouverture::Ouvert(_) | Ouverture::OuvreA(_) | Ouverture::Ferme => {
            let class = if matches!(ouverture, Ouverture::Ouvert(_)) { "est-ouvert" } else { "est-ferme" };
            Some((class, ouverture.to_string()))
        }
        Ouverture::Inconnue => None,
    }
}

pub(super) fn describe_service(service: Service, territoire: &Territoire) -> ServiceMontre {
    let taxonomie = Taxonomie::get();
    let besoins =
        service.besoins.iter().filter_map(|code| taxonomie.find(code)).map(|besoin| &*besoin.libelle).collect::<Vec<_>>().join(", ");
    let mut modalites: Vec<&str> = vec![service.mode.label()];
    modalites.extend(service.intervention.iter().map(|value| value.label()));
    modalites.extend(service.creneaux.iter().map(|value| value.label()));
    modalites.push(service.disponibilite.label());
    ServiceMontre { besoins, couverture: describe_couverture(&service.couverture, territoire), modalites: modalites.join(", "), service }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RechercheInput {
    q: String,
    page: u32,
}

#[derive(Template)]
#[template(path = "annuaire/structures.html")]
struct StructuresPage {
    frame: Frame,
    slug: String,
    input: RechercheInput,
    structures: Vec<StructureListee>,
    total: i64,
    /// Whether to lead to the record that one keeps.
    tient: bool,
    /// Suggestions that wait for somebody.
    attente: i64,
}

/// As many as `list_structures` gives at once.
const PAGE: u32 = 100;

pub async fn show_structures(
    equipier: Autorise<LireAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(input): Query<RechercheInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let structures = list_structures(&annuaire.db, territoire, &input.q, input.page.saturating_mul(PAGE)).await?;
    let total = count_structures(&annuaire.db, territoire).await?;
    let (frame, tient) = (equipier.frame("Annuaire", Menu::Annuaire), equipier.can(Droit::TenirAnnuaire));
    let attente = if tient { count_suggestions(&annuaire.db, territoire).await? } else { 0 };
    show(&StructuresPage { frame, slug: equipier.territoire.slug.clone(), input, structures, total, tient, attente })
}

impl StructuresPage {
    fn is_full(&self) -> bool {
        self.structures.len() == PAGE as usize
    }
}

fn categorie_label(code: &str) -> &'static str {
    Categorie::from_code(code).map(Categorie::label).unwrap_or_default()
}
