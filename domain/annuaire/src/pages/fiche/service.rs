//! One service of a record: its whole form, and its availability in one tap.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use kit::{Error, FieldErrors, Id, Result};
use territoire::Referentiel;
use ui::{Frame, show_with};

use super::{back, find, main, menu, status};
use crate::acces::StructureTenue;
use crate::acte::{Enregistrement, Entretemps, mend, mend_from};
use crate::besoin::Taxonomie;
use crate::rules::saisie::{Saisie, date_capacite, new_service, read_service, write_service};
use crate::storage::fiche::FicheTenue;
use crate::{Annuaire, Disponibilite, Lieu, Service};

#[derive(Template)]
#[template(path = "annuaire/service.html")]
struct ServicePage {
    frame: Frame,
    /// The record, where one comes back.
    retour: String,
    action: String,
    /// Whether it exists already, and may be taken away.
    is_known: bool,
    version: i64,
    saisie: Saisie,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
    /// « 3 rue de la Gare, Crest », with the id of the place.
    lieux: Vec<(Id, String)>,
    taxonomie: &'static Taxonomie,
    now: kit::Instant,
}

impl ServicePage {
    /// Whether a need of this family is ticked: its part is shown open.
    fn has_besoin(&self, famille: &u8) -> bool {
        let ticked = |code: &str| self.saisie.has("besoins", code);
        let own = self.taxonomie.besoin(*famille).is_some_and(|one| ticked(&one.code));
        own || self.taxonomie.list_by_famille(*famille).iter().any(|besoin| ticked(&besoin.code))
    }
}

const NOUVEAU: &str = "nouveau";

/// The service that the path names, or one that does not exist yet.
fn choose(tenue: &StructureTenue, known: &FicheTenue, named: &str) -> Result<Service> {
    if named == NOUVEAU {
        let nowhere = || Error::Conflict("Dites d’abord où est la structure : ajoutez un lieu à sa fiche.".into());
        let lieu = known.fiche.lieux.values().next().cloned().ok_or_else(nowhere)?;
        return Ok(new_service((tenue.structure, lieu), tenue.now));
    }
    known.fiche.services.get(&named.parse()?).cloned().ok_or(Error::NotFound)
}

pub async fn show_service(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
) -> Result<Response> {
    let known = find(&annuaire, &tenue).await?;
    let saisie = write_service(&choose(&tenue, &known, &named)?, &tenue.territoire);
    show(&tenue, &known, (&named, saisie), (FieldErrors::default(), vec![]))
}

fn show(
    tenue: &StructureTenue,
    known: &FicheTenue,
    (named, saisie): (&str, Saisie),
    (errors, entretemps): (FieldErrors, Vec<Entretemps>),
) -> Result<Response> {
    let retour = format!("/{}/equipe/structures/{}", tenue.territoire.slug, tenue.structure);
    let status = status(&errors, &entretemps);
    let title = if named == NOUVEAU { "Nouveau service".to_string() } else { format!("Service de {}", known.fiche.structure.nom) };
    let page = ServicePage {
        frame: tenue.frame(title, menu(tenue)),
        action: format!("{retour}/services/{named}"),
        retour,
        is_known: named != NOUVEAU,
        version: known.version,
        saisie,
        errors,
        entretemps,
        lieux: known.fiche.lieux.iter().map(|(id, lieu)| (*id, describe_lieu(lieu))).collect(),
        taxonomie: Taxonomie::get(),
        now: tenue.now,
    };
    show_with(status, &page)
}

fn describe_lieu(lieu: &Lieu) -> String {
    let commune = Referentiel::get().find_commune(lieu.commune).map(|commune| commune.nom.to_string()).unwrap_or_default();
    lieu.adresse.iter().cloned().chain([commune]).collect::<Vec<_>>().join(", ")
}

pub async fn update_service(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (saisie, avant) = (Saisie(sent), find(&annuaire, &tenue).await?);
    let service = choose(&tenue, &avant, &named)?;
    let made = match read_service(&saisie, &service, (&tenue.territoire, tenue.now)) {
        Ok(made) => made,
        Err(errors) => return show(&tenue, &avant, (&named, saisie), (errors, vec![])),
    };
    let version = saisie.one("version").parse().unwrap_or_default();
    let mut apres = avant.fiche.clone();
    let lieu = saisie.one("lieu").parse().ok().and_then(|id: Id| apres.lieux.get(&id)).cloned().unwrap_or_else(|| made.lieu.clone());
    apres.lieux.insert(lieu.id, lieu.clone());
    apres.services.insert(made.id, Service { lieu, ..made });
    match mend_from(&annuaire, main(&tenue), version, (&avant, &apres)).await? {
        Enregistrement::Fait => Ok(back(&tenue)),
        Enregistrement::Devance(entretemps) => {
            show(&tenue, &find(&annuaire, &tenue).await?, (&named, saisie), (FieldErrors::default(), entretemps))
        }
    }
}

/// Taken out of the record; the history keeps it.
pub async fn delete_service(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
) -> Result<Response> {
    let avant = find(&annuaire, &tenue).await?;
    let mut apres = avant.fiche.clone();
    // Two clicks take it away once.
    apres.services.retain(|id, _| id.to_string() != named);
    saved(mend(&annuaire, main(&tenue), (&avant, &apres)).await?)?;
    Ok(back(&tenue))
}

/// One tap: places, a waiting list, or full.
pub async fn update_disponibilite(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (saisie, avant) = (Saisie(sent), find(&annuaire, &tenue).await?);
    let Some(disponibilite) = Disponibilite::from_code(saisie.one("disponibilite")) else {
        return Err(Error::Unreadable("Dites s’il y a des places, une liste d’attente, ou si c’est complet.".into()));
    };
    let mut apres = avant.fiche.clone();
    let service = apres.services.get_mut(&named.parse()?).ok_or(Error::NotFound)?;
    let known = service.clone();
    service.disponibilite = disponibilite;
    date_capacite(service, &known, tenue.now);
    saved(mend(&annuaire, main(&tenue), (&avant, &apres)).await?)?;
    Ok(back(&tenue))
}

fn saved(is_saved: bool) -> Result<()> {
    if is_saved {
        Ok(())
    } else {
        Err(Error::Conflict("Quelqu’un vient de modifier cette fiche : rechargez la page, puis recommencez.".into()))
    }
}
