//! Builds a snapshot, one service at a time.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use kit::Id;
use territoire::{Referentiel, Territoire};

use super::greffe::Reprise;
use super::postings::{Inscrite, Postings};
use super::{Aiguillage, Drapeaux, Entree, FicheService, FicheStructure};
use crate::besoin::Taxonomie;
use crate::rules::couverture::{Desserte, resolve};
use crate::rules::horaires::Horaires;
use crate::{Service, Structure};

/// A service and its structure, as they are read from the annuaire.
#[derive(Clone, Debug)]
pub struct Inscription {
    pub structure: Structure,
    pub service: Service,
}

/// A snapshot being built.
pub struct Batisseur<'a> {
    territoire: &'a Territoire,
    pub(super) made: Aiguillage,
    structures: HashMap<Id, u32>,
    horaires: HashMap<String, u32>,
    entrees: Vec<Inscrite>,
    /// What is kept of the snapshot it goes on from.
    pub(super) reprise: Option<Reprise<'a>>,
}

impl<'a> Batisseur<'a> {
    pub fn new(territoire: &'a Territoire, revision: i64) -> Self {
        let made = Aiguillage { revision, ..Aiguillage::default() };
        Self { territoire, made, structures: HashMap::new(), horaires: HashMap::new(), entrees: vec![], reprise: None }
    }

    /// Adds a service. A coverage that no longer resolves (a commune code gone in January) reaches nobody:
    /// the record is kept, and its structure page still shows it.
    pub fn add(&mut self, inscription: &Inscription) {
        let commune = Referentiel::get().find_commune(inscription.service.lieu.commune);
        // The place's own point, else that of its commune.
        let point = inscription.service.lieu.point.or_else(|| commune?.point);
        let desserte = resolve(&inscription.service.couverture, self.territoire, point).unwrap_or_default();
        let structure = self.find_or_add_structure(&inscription.structure);
        let rang = u32::try_from(self.made.services.len()).unwrap_or(u32::MAX);
        let horaires = inscription.service.lieu.horaires.as_deref().map(|texte| self.find_or_add_horaires(texte));
        let drapeaux = Drapeaux::new(inscription, !desserte.exclues.is_empty(), horaires);
        let besoins = Taxonomie::get().extend(&inscription.service.besoins);
        self.add_entrees(&desserte, &besoins, Entree { service: rang, structure, position: point.into(), drapeaux });
        if !desserte.exclues.is_empty() {
            self.made.exclusions.extend(desserte.exclues.iter().map(|commune| (rang, *commune)));
        }
        self.write_corps(inscription);
        self.made.services.push(Arc::new(FicheService {
            id: inscription.service.id,
            structure,
            nom: inscription.service.nom.as_str().into(),
            telephone: telephone(inscription).map(Into::into),
            tarif: inscription.service.tarif.as_deref().map(Into::into),
            adresse: inscription.service.lieu.adresse.as_deref().map(Into::into),
            commune: commune.map(|commune| commune.rang).unwrap_or_default(),
            point,
            besoins,
            drapeaux,
        }));
    }

    /// Orders the postings: the snapshot is ready to answer.
    pub fn finish(mut self) -> Aiguillage {
        let places = self.order_structures();
        self.made.exclusions.sort_unstable();
        self.made.postings = match &self.reprise {
            Some(reprise) => reprise.merge(&places, self.entrees),
            None => Postings::build(self.entrees),
        };
        self.made.corps.shrink_to_fit();
        self.made
    }

    /// Structures by their identifiers: among equals, the order does not depend on the order of reading. Gives where each went.
    fn order_structures(&mut self) -> Vec<Option<u32>> {
        let structures = std::mem::take(&mut self.made.structures);
        let mut places = vec![None; structures.len()];
        let is_kept = |(rang, _): &(u32, FicheStructure)| self.reprise.as_ref().is_none_or(|reprise| reprise.has_structure(*rang));
        let mut order: Vec<(u32, FicheStructure)> = (0_u32..).zip(structures).filter(is_kept).collect();
        order.sort_by_key(|(_, structure)| structure.id);
        for (rang, (former, _)) in (0_u32..).zip(&order) {
            places[*former as usize] = Some(rang);
        }
        self.made.structures = order.into_iter().map(|(_, structure)| structure).collect();
        let place = |former: u32| places.get(former as usize).copied().flatten().unwrap_or(former);
        for service in &mut self.made.services {
            let to = place(service.structure);
            // One that stays where it is stays shared.
            if to != service.structure {
                Arc::make_mut(service).structure = to;
            }
        }
        self.entrees.iter_mut().for_each(|(_, _, entree)| entree.structure = place(entree.structure));
        places
    }

    fn find_or_add_structure(&mut self, structure: &Structure) -> u32 {
        if let Some(rang) = self.structures.get(&structure.id) {
            return *rang;
        }
        let rang = u32::try_from(self.made.structures.len()).unwrap_or(u32::MAX);
        self.structures.insert(structure.id, rang);
        self.made.structures.push(FicheStructure {
            id: structure.id,
            nom: structure.nom.as_str().into(),
            categorie: structure.categorie,
            exemple: structure.exemple,
        });
        rang
    }

    fn find_or_add_horaires(&mut self, texte: &str) -> u32 {
        if let Some(rang) = self.horaires.get(texte) {
            return *rang;
        }
        let rang = u32::try_from(self.made.horaires.len()).unwrap_or(u32::MAX);
        self.made.horaires.push(Arc::new(Horaires::new(texte)));
        self.horaires.insert(texte.to_string(), rang);
        rang
    }

    fn add_entrees(&mut self, desserte: &Desserte, besoins: &[u8], entree: Entree) {
        for besoin in besoins {
            self.entrees.extend(desserte.zones.iter().map(|zone| (*zone, *besoin, entree)));
        }
    }

    fn write_corps(&mut self, inscription: &Inscription) {
        let text = |value: &str| serde_json::to_string(value).unwrap_or_default();
        let (structure, service) = (&inscription.structure, &inscription.service);
        let _infallible = write!(
            self.made.corps,
            r#""structure":{{"id":"{}","nom":{}}},"service":{{"id":"{}","nom":{}}},"mode":"{}","telephone":{}"#,
            structure.id,
            text(&structure.nom),
            service.id,
            text(&service.nom),
            service.mode.code(),
            telephone(inscription).map_or_else(|| "null".to_string(), text),
        );
        self.made.fins.push(u32::try_from(self.made.corps.len()).unwrap_or(u32::MAX));
    }
}

fn telephone(inscription: &Inscription) -> Option<&str> {
    inscription.service.telephone.as_deref().or(inscription.structure.contact.telephone.as_deref())
}
