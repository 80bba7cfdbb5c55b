//! A figure in words; and who reads which figures: the team those of the day, all others those that are published.

use std::collections::BTreeMap;

use annuaire::aiguillage::Aiguillage;
use comptes::{Droit, Equipier};
use kit::Result;

use super::plage::PlageInput;
use crate::Observatoire;
use crate::indicateurs::calcul::{Absence, Compte, Resultat, Valeur, compare, say};
use crate::indicateurs::lecture::{Comptes, Source};
use crate::indicateurs::{Indicateur, Unite};
use crate::publication::{Publication, Releves, read_releves};
use crate::rules::comparaison::Comparaison;
use crate::rules::mois::{Mois, Plage};
use crate::storage::cumul::{catch_up, find_premier_mois};
use crate::storage::publication::list_publications;

/// Whether they read only what is published: those who read the demandes know what is hidden anyway.
pub fn is_masque(equipier: &Equipier) -> bool {
    !equipier.can(Droit::LireDemandes)
}

/// What somebody reads figures from, and of which months.
#[derive(Debug)]
pub struct Lecteur {
    pub comparaison: Comparaison,
    /// Facts wait to be counted: the figures are not whole yet.
    pub is_counting: bool,
    /// The years that are published, for those who read nothing else, the last one first.
    pub annees: Option<Vec<i32>>,
    releves: Vec<Releves>,
    publications: BTreeMap<i32, Publication>,
}

impl Lecteur {
    /// For the team, the months that are asked, counted up to now; for others a year that is published: the one asked, else the last.
    pub async fn open(room: &Observatoire, equipier: &Equipier, asked: &PlageInput) -> Result<Self> {
        let (today, territoire) = (equipier.now.day(), equipier.territoire.id);
        if is_masque(equipier) {
            let publications: BTreeMap<i32, Publication> =
                list_publications(&room.db, territoire).await?.into_iter().map(|one| (one.annee, one.publication)).collect();
            let last = publications.keys().next_back().copied().unwrap_or(Mois::of(today).annee - 1);
            let asked = asked.compare(today, None);
            let known = |plage: Plage| Some(plage.a.annee).filter(|annee| publications.contains_key(annee));
            let annee = known(asked.plage).unwrap_or(last);
            let avant = known(asked.avant).filter(|_| asked.is_choisie);
            let comparaison = Comparaison::of_years(annee, avant.unwrap_or(annee - 1));
            let annees = Some(publications.keys().rev().copied().collect());
            return Ok(Self { comparaison, is_counting: false, annees, releves: vec![], publications });
        }
        let is_counting = !catch_up(&room.db, territoire).await?;
        let comparaison = asked.compare(today, find_premier_mois(&room.db, territoire).await?);
        let mut releves = vec![];
        for one in [comparaison.plage, comparaison.avant] {
            releves.push(read_releves(&room.db, territoire, one).await?);
        }
        Ok(Self { comparaison, is_counting, annees: None, releves, publications: BTreeMap::new() })
    }

    /// Where its figures are read.
    pub fn source<'a>(&'a self, room: &'a Observatoire, (equipier, aiguillage): (&'a Equipier, &'a Aiguillage)) -> Source<'a> {
        Source { db: &room.db, territoire: &equipier.territoire, aiguillage, now: equipier.now, comptes: self.comptes() }
    }

    fn comptes(&self) -> Comptes<'_> {
        if self.annees.is_some() { Comptes::Publies(&self.publications) } else { Comptes::Tenus(&self.releves) }
    }
}

/// A count of the day, which nobody reads outside the team.
pub fn say_compte(count: i64, is_masque: bool) -> String {
    if is_masque { Absence::NonPublie.label().into() } else { ui::format::nombre(count) }
}

/// A count that is told, or why it is not.
pub fn say_effectif(count: Compte) -> String {
    count.map_or_else(|why| why.label().to_string(), ui::format::nombre)
}

/// A result as it may be told to somebody.
#[derive(Clone, Debug)]
pub struct Chiffre {
    unite: Unite,
    has_sexe: bool,
    resultat: Resultat,
}

impl Chiffre {
    pub fn new(indicateur: &Indicateur, resultat: &Resultat) -> Self {
        Self { unite: indicateur.unite, has_sexe: indicateur.has_sexe(), resultat: resultat.clone() }
    }

    /// What changed since, in words.
    pub fn compare(&self, before: &Self) -> String {
        compare(self.unite, &self.resultat, &before.resultat)
    }

    /// All, women, men.
    pub fn valeurs(&self) -> [Valeur; 3] {
        [self.resultat.ensemble, self.resultat.femmes, self.resultat.hommes]
    }

    pub fn say(&self) -> String {
        say(self.unite, self.resultat.ensemble)
    }

    pub fn say_femmes(&self) -> String {
        if self.has_sexe { say(self.unite, self.resultat.femmes) } else { "–".into() }
    }

    pub fn say_hommes(&self) -> String {
        if self.has_sexe { say(self.unite, self.resultat.hommes) } else { "–".into() }
    }
}
