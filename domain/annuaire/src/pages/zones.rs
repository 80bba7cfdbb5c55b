//! « Zones blanches »: for each need, where nobody goes; as sentences, a table, and a map when outlines are known.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::permission::LireAnnuaire;
use comptes::{Autorise, Menu};
use kit::{Error, Result};
use serde::Deserialize;
use territoire::contours::MENTION;
use ui::{Frame, show};

use crate::Annuaire;
use crate::besoin::{Besoin, Taxonomie};
use crate::zones::{CommuneServie, Desserte, Manque, draw, list_communes, list_manques};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ZonesInput {
    besoin: String,
}

#[derive(Template)]
#[template(path = "annuaire/zones.html")]
struct ZonesPage {
    frame: Frame,
    slug: String,
    besoins: Vec<&'static Besoin>,
    choisi: Option<&'static Besoin>,
    /// Of the need chosen.
    communes: Vec<CommuneServie>,
    carte: Option<String>,
    /// Without a need: what lacks most.
    manques: Vec<(&'static Besoin, Manque)>,
    mention: &'static str,
    total: usize,
}

/// A longer table is read by nobody; a search by need says the rest.
const LIGNES: usize = 2_000;

pub async fn show_zones(
    equipier: Autorise<LireAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(input): Query<ZonesInput>,
) -> Result<Response> {
    let taxonomie = Taxonomie::get();
    let choisi = match input.besoin.as_str() {
        "" => None,
        code => Some(taxonomie.find(code).ok_or_else(|| Error::Unknown(format!("Le besoin « {code} » n’existe pas.")))?),
    };
    let (aiguillage, territoire) = (annuaire.aiguillages.get(equipier.territoire.id), equipier.territoire.clone());
    let work = move || match choisi {
        Some(besoin) => (list_communes(&aiguillage, &territoire, besoin.rang), vec![]),
        None => (vec![], list_manques(&aiguillage, &territoire)),
    };
    let (communes, manques) = tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?;
    let title = choisi.map_or("Zones blanches".to_string(), |besoin| format!("Zones blanches\u{a0}: {}", besoin.libelle));
    show(&ZonesPage {
        frame: equipier.frame(title.clone(), Menu::Annuaire),
        slug: equipier.territoire.slug.clone(),
        besoins: taxonomie.iter().collect(),
        choisi,
        carte: if choisi.is_some() { draw(&communes, &title) } else { None },
        communes,
        manques: manques.into_iter().filter_map(|manque| Some((taxonomie.besoin(manque.besoin)?, manque))).collect(),
        mention: MENTION,
        total: equipier.territoire.communes.len(),
    })
}

impl ZonesPage {
    fn is_chosen(&self, besoin: &Besoin) -> bool {
        self.choisi.is_some_and(|known| known.rang == besoin.rang)
    }

    fn blanches(&self) -> usize {
        self.communes.iter().filter(|one| one.desserte == Desserte::Personne).count()
    }

    fn habitants(&self) -> u64 {
        self.communes.iter().filter(|one| one.desserte == Desserte::Personne).map(|one| u64::from(one.commune.population)).sum()
    }

    fn shown(&self) -> &[CommuneServie] {
        self.communes.get(..LIGNES.min(self.communes.len())).unwrap_or_default()
    }
}
