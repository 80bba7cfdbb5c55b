//! A proposal as a card shows it, on the site, on paper and on the call screen.

use annuaire::aiguillage::Aiguillage;
use annuaire::rules::horaires::Ouverture;
use territoire::{Point, Referentiel};
use ui::format::typographie;

use crate::rules::elargissement::{Nature, SansSolution};
use crate::rules::orientation::{Proposition, Recherche, Reponse};
use crate::rules::plan::{self, Plan};
use crate::rules::raison::{Raison, list_raisons};

/// One card.
pub struct Carte {
    /// From 1, as people count.
    pub rang: usize,
    pub service_id: String,
    pub structure: String,
    pub href: String,
    pub service: String,
    pub categorie: &'static str,
    pub is_exemple: bool,
    pub telephone: Option<(String, String)>,
    pub adresse: String,
    pub tarif: Option<String>,
    /// Class and sentence.
    pub ouverture: Option<(&'static str, String)>,
    pub raisons: Vec<String>,
    point: Option<Point>,
}

/// Cards of one widening.
pub struct GroupeElargi {
    pub titre: String,
    pub cartes: Vec<Carte>,
}

/// The whole answer, ready for a template.
pub struct Cartes {
    pub cartes: Vec<Carte>,
    /// Why nothing answers exactly; none when something does.
    pub manque: Option<String>,
    pub elargissements: Vec<GroupeElargi>,
}

impl Cartes {
    pub fn new(aiguillage: &Aiguillage, recherche: &Recherche, reponse: &Reponse, slug: &str) -> Self {
        let context = Context { aiguillage, recherche, slug };
        let cartes = context.list(&reponse.propositions, 0, false);
        let mut rang = cartes.len();
        let mut widen = |sans_solution: &SansSolution| {
            let groups = sans_solution.elargissements.iter().map(|one| {
                let cartes = context.list(&one.propositions, rang, one.nature == Nature::CommuneVoisine);
                rang += cartes.len();
                GroupeElargi { titre: typographie(one.nature.label()), cartes }
            });
            groups.collect()
        };
        Self {
            elargissements: reponse.sans_solution.as_ref().map(&mut widen).unwrap_or_default(),
            manque: reponse.sans_solution.as_ref().map(|sans_solution| typographie(sans_solution.motif.label())),
            cartes,
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &Carte> {
        self.cartes.iter().chain(self.elargissements.iter().flat_map(|group| &group.cartes))
    }

    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Where all this is.
    pub fn plan(&self, recherche: &Recherche) -> Option<Plan> {
        let lieux: Vec<(usize, Point)> = self.all().filter_map(|carte| Some((carte.rang, carte.point?))).collect();
        plan::draw(recherche.commune, &lieux).filter(|plan| !plan.lieux.is_empty())
    }
}

struct Context<'a> {
    aiguillage: &'a Aiguillage,
    recherche: &'a Recherche<'a>,
    slug: &'a str,
}

impl Context<'_> {
    fn list(&self, propositions: &[Proposition], before: usize, is_neighbour: bool) -> Vec<Carte> {
        propositions
            .iter()
            .enumerate()
            .filter_map(|(rang, proposition)| self.describe(proposition, before + rang + 1, is_neighbour))
            .collect()
    }

    fn describe(&self, proposition: &Proposition, rang: usize, is_neighbour: bool) -> Option<Carte> {
        let service = self.aiguillage.service(proposition.service)?;
        let structure = self.aiguillage.structure(proposition.structure)?;
        let commune = Referentiel::get().commune(service.commune)?;
        let raisons = list_raisons(proposition, self.recherche, is_neighbour);
        let said = raisons.filter(|raison| !matches!(raison, Raison::Ouverture(_)));
        Some(Carte {
            rang,
            service_id: service.id.to_string(),
            structure: structure.nom.to_string(),
            href: format!("/{}/structures/{}", self.slug, structure.id),
            service: service.nom.to_string(),
            categorie: structure.categorie.label(),
            is_exemple: structure.exemple,
            telephone: service.telephone.as_deref().map(|text| (text.to_string(), format!("tel:{}", kit::telephone::dial(text)))),
            adresse: service.adresse.as_deref().map_or_else(|| commune.nom.to_string(), |adresse| format!("{adresse}, {}", commune.nom)),
            tarif: service.tarif.as_deref().map(str::to_string),
            ouverture: self.describe_ouverture(proposition),
            raisons: said.map(|raison| typographie(&raison.to_string())).collect(),
            point: proposition.distance_m.and(service.point),
        })
    }

    /// Whether somebody is there now, and the hours of today; nothing when no hours are known.
    fn describe_ouverture(&self, proposition: &Proposition) -> Option<(&'static str, String)> {
        let class = match proposition.ouverture {
            Ouverture::Ouvert(_) => "est-ouvert",
            Ouverture::OuvreA(_) | Ouverture::Ferme => "est-ferme",
            Ouverture::Inconnue => return None,
        };
        let today = self.aiguillage.horaires(proposition.drapeaux)?.du_jour(self.recherche.wall.date());
        let sentence = match today {
            Some(hours) => format!("{}. Aujourd’hui : {hours}", proposition.ouverture),
            None => "Fermé aujourd’hui".to_string(),
        };
        Some((class, typographie(&sentence)))
    }
}
