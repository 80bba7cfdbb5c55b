//! One structure, and the list of them.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use comptes::permission::LireAnnuaire;
use comptes::{Autorise, Droit, Menu, Visite};
use kit::{Error, Result};
use serde::Deserialize;
use territoire::{Referentiel, Territoire};
use ui::{Frame, show};

use crate::besoin::Taxonomie;
use crate::rules::couverture::{Couverture, Part};
use crate::rules::horaires::{Horaires, Ouverture, en_francais};
use crate::storage::fiche::find_verification;
use crate::storage::seule::list_lieux;
use crate::storage::{StructureListee, count_structures, find_structure, list_structures};
use crate::{Annuaire, Categorie, Service, Structure, VerificationFiche};

#[derive(Template)]
#[template(path = "annuaire/structure.html")]
struct StructurePage {
    frame: Frame,
    slug: String,
    structure: Structure,
    services: Vec<ServiceMontre>,
    lieux: Vec<LieuMontre>,
    /// « le 3 mars 2026, par la structure elle-même ».
    verifiee: Option<String>,
}

/// A service, in words.
pub(super) struct ServiceMontre {
    pub service: Service,
    pub besoins: String,
    pub couverture: String,
    pub modalites: String,
}

/// A place, in words.
struct LieuMontre {
    adresse: String,
    horaires: Option<String>,
    ouverture: Option<(&'static str, String)>,
}

pub async fn show_structure(visite: Visite, State(annuaire): State<Annuaire>, Path((_, id)): Path<(String, String)>) -> Result<Response> {
    let (structure, services) = find_structure(&annuaire.db, visite.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)?;
    let verification = find_verification(&annuaire.db, visite.territoire.id, structure.id).await?;
    let mut lieux: Vec<crate::Lieu> = services.iter().map(|service| service.lieu.clone()).collect();
    lieux.dedup_by_key(|lieu| lieu.id);
    if services.is_empty() {
        lieux = list_lieux(&annuaire.db, visite.territoire.id, structure.id).await?;
    }
    let lieux = lieux.iter().map(|lieu| describe_lieu(lieu, &visite)).collect();
    show(&StructurePage {
        frame: visite.frame(&*structure.nom),
        slug: visite.territoire.slug.clone(),
        lieux,
        verifiee: verification.map(|last| describe_verification(&last)),
        services: services.into_iter().map(|service| describe_service(service, &visite.territoire)).collect(),
        structure,
    })
}

/// « le lundi 3 mars 2025, par la structure elle-même ».
pub(super) fn describe_verification(verification: &VerificationFiche) -> String {
    format!("le {}, {}", ui::format::date(verification.at.day()), verification.voie.label())
}

fn describe_lieu(lieu: &crate::Lieu, visite: &Visite) -> LieuMontre {
    let commune = Referentiel::get().find_commune(lieu.commune).map(|commune| commune.nom_complet()).unwrap_or_default();
    let today = lieu.horaires.as_deref().map(|texte| Horaires::new(texte).ouverture(visite.now.paris()));
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

/// « la CC Brenne – Val de Creuse, sauf Rosnay ».
fn describe_couverture(couverture: &Couverture, territoire: &Territoire) -> String {
    let list = |parts: &[Part]| parts.iter().map(|part| describe_part(part, territoire)).collect::<Vec<_>>().join(", ");
    match couverture.exclues.as_slice() {
        [] => list(&couverture.incluses),
        exclues => format!("{}, sauf {}", list(&couverture.incluses), list(exclues)),
    }
}

fn describe_part(part: &Part, territoire: &Territoire) -> String {
    let national = Referentiel::get();
    let commune = |code: &territoire::CodeInsee| {
        national.resolve_code(code.as_str()).map_or_else(|_| code.to_string(), |found| found.commune.nom.to_string())
    };
    match part {
        Part::France => "toute la France".into(),
        Part::Departement(code) => {
            national.find_departement(code).map_or_else(|| code.clone(), |one| format!("le département {} ({code})", one.nom))
        }
        Part::Epci(code) => national.find_epci(code).map_or_else(|| code.clone(), |one| one.nom.to_string()),
        Part::Bassin(code) => {
            territoire.bassins.iter().find(|one| one.code == *code).map_or_else(|| code.clone(), |one| format!("le bassin {}", one.nom))
        }
        Part::Commune(code) => commune(code),
        Part::Rayon(km, None) => format!("{km} km autour du lieu"),
        Part::Rayon(km, Some(code)) => format!("{km} km autour de {}", commune(code)),
    }
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
    show(&StructuresPage { frame, slug: equipier.territoire.slug.clone(), input, structures, total, tient })
}

impl StructuresPage {
    fn is_full(&self) -> bool {
        self.structures.len() == PAGE as usize
    }
}

fn categorie_label(code: &str) -> &'static str {
    Categorie::from_code(code).map(Categorie::label).unwrap_or_default()
}
