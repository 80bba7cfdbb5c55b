//! The book of a bassin: notices under the parts of the edition, and who comes where.

use std::collections::BTreeMap;

use annuaire::besoin::Taxonomie;
use kit::Id;
use kit::text::fold;
use territoire::Commune;

use super::communes::{Etendue, dire};
use super::notice::{write_bare, write_lien};
use super::texte::abreger;
pub use super::zone::Zone;
use crate::model::{Notice, Prestation, Rubrique};

/// What an entry has room for, so that it never breaks across pages: the live page has the rest.
const PRESTATIONS: usize = 5;
const AUTRES: usize = 300;
const TELEPHONES: usize = 3;
const LIEUX: usize = 3;

/// A book, ready to be laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Livre {
    pub rubriques: Vec<RubriqueImprimee>,
    pub partout: Vec<Renvoi>,
    pub communes: Vec<CommuneImprimee>,
    pub structures: Vec<Renvoi>,
}

/// A part of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RubriqueImprimee {
    /// Its rank in the edition: parts without an entry are not in the book.
    pub place: usize,
    /// Its rank in the book, which its letter and its colour say.
    pub rang: usize,
    pub titre: String,
    pub phrase: String,
    /// Code of the family of its needs, which has a pictogram.
    pub famille: Option<String>,
    pub entrees: Vec<Entree>,
}

/// A structure under a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entree {
    /// Its mark in the layout, which indexes turn into a page: the rank of its part, its structure, its first service.
    pub cle: String,
    pub structure: Id,
    pub nom: String,
    pub nature: String,
    pub prestations: Vec<PrestationImprimee>,
    /// The names of what there was no room for.
    pub autres: Option<String>,
    /// Said once when all that it does here reaches the same communes.
    pub communes: Option<String>,
    pub telephones: Vec<String>,
    pub courriel: Option<String>,
    /// As people type it.
    pub site_web: Option<String>,
    /// Where a link to it goes.
    pub site_lien: Option<String>,
    pub lieux: Vec<String>,
    /// One flag a commune of the book.
    pub desservies: Vec<bool>,
}

impl Entree {
    /// Whether it reaches the commune of this rank in the book.
    pub fn reaches(&self, commune: usize) -> bool {
        self.desservies.get(commune) == Some(&true)
    }
}

/// What it does there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrestationImprimee {
    pub nom: String,
    pub texte: Option<String>,
    /// How, and at what price.
    pub details: String,
    /// When it reaches other communes than the rest of the entry.
    pub communes: Option<String>,
}

/// A name of an index, and the entries that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renvoi {
    /// Two structures may have one name.
    pub structure: Id,
    pub nom: String,
    pub cles: Vec<String>,
}

/// « Chez moi, qui vient ? »: who reaches a commune, and not the whole book, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommuneImprimee {
    pub nom: String,
    /// Rank of the part, and who.
    pub rubriques: Vec<(usize, Vec<Renvoi>)>,
}

impl Livre {
    /// What the book says of one structure: its entries, where they stand; without indexes.
    pub fn keep(mut self, structure: Id) -> Self {
        for rubrique in &mut self.rubriques {
            rubrique.entrees.retain(|entree| entree.structure == structure);
        }
        self.rubriques.retain(|rubrique| !rubrique.entrees.is_empty());
        Self { rubriques: self.rubriques, ..Self::default() }
    }

    /// Whether another book prints the same entries under the same letters, whatever they are next to.
    pub fn says_as(&self, other: &Self) -> bool {
        let said = |livre: &Self| -> Vec<(usize, Entree)> {
            let entrees = livre.rubriques.iter().flat_map(|one| one.entrees.iter().map(|entree| (one.rang, entree.clone())));
            entrees.map(|(rang, entree)| (rang, Entree { cle: String::new(), desservies: vec![], ..entree })).collect()
        };
        said(self) == said(other)
    }
}

/// Lays notices under their parts. A part without an entry is left out.
pub fn compose(rubriques: &[Rubrique], notices: &[Notice], zone: &Zone) -> Livre {
    let mut sorted: Vec<&Notice> = notices.iter().collect();
    sorted.sort_by_cached_key(|notice| (fold(&notice.nom), notice.structure));
    let (mut livre, mut indexes) = (Livre::default(), Indexes::new(zone));
    for (place, rubrique) in rubriques.iter().enumerate() {
        let rang = livre.rubriques.len();
        let codes = list_codes(rubrique);
        let entrees: Vec<Entree> = sorted
            .iter()
            .filter_map(|notice| {
                let here = list_prestations(notice, &codes, zone);
                let (first, _) = here.first()?;
                let cle = format!("r{rang}-{}-{}", notice.structure, first.service);
                let entree = write_entree(notice, &here, (cle, zone));
                indexes.add(rang, &entree);
                Some(entree)
            })
            .collect();
        if !entrees.is_empty() {
            let (titre, phrase, famille) = (rubrique.titre.clone(), rubrique.phrase.clone(), find_famille(rubrique));
            livre.rubriques.push(RubriqueImprimee { place, rang, titre, phrase, famille, entrees });
        }
    }
    indexes.write(livre)
}

fn find_famille(rubrique: &Rubrique) -> Option<String> {
    let taxonomie = Taxonomie::get();
    let besoin = taxonomie.find(rubrique.besoins.first()?)?;
    Some(taxonomie.besoin(besoin.famille.unwrap_or(besoin.rang))?.code.to_string())
}

/// Needs of a part, those of its families included.
fn list_codes(rubrique: &Rubrique) -> Vec<&str> {
    let taxonomie = Taxonomie::get();
    let known = rubrique.besoins.iter().filter_map(|code| taxonomie.find(code));
    let own = known.flat_map(|besoin| std::iter::once(besoin).chain(taxonomie.list_by_famille(besoin.rang)));
    own.filter(|besoin| !besoin.is_famille()).map(|besoin| &*besoin.code).collect()
}

/// What a structure does of a part within the book, and the communes of the book that it reaches.
pub(crate) fn list_prestations<'a>(notice: &'a Notice, codes: &[&str], zone: &Zone) -> Vec<(&'a Prestation, Vec<bool>)> {
    let is_of = |prestation: &Prestation| prestation.besoins.iter().any(|besoin| codes.contains(&besoin.as_str()));
    let here = notice.prestations.iter().filter(|one| is_of(one)).map(|one| (one, zone.flag(&one.communes)));
    here.filter(|(_, reached)| reached.contains(&true)).collect()
}

fn write_entree(notice: &Notice, here: &[(&Prestation, Vec<bool>)], (cle, zone): (String, &Zone)) -> Entree {
    let noms: Vec<&str> = zone.communes.iter().map(|commune| &*commune.nom).collect();
    let say = |reached: &[bool]| dire(Etendue { nom: zone.nom(), communes: &noms }, reached);
    let is_same = here.windows(2).all(|pair| matches!(pair, [(_, one), (_, other)] if one == other));
    let print = |(prestation, reached): &(&Prestation, Vec<bool>)| PrestationImprimee {
        nom: prestation.nom.clone(),
        texte: prestation.texte.clone(),
        details: std::iter::once(&prestation.maniere).chain(&prestation.prix).cloned().collect::<Vec<_>>().join(" · "),
        communes: if is_same { None } else { say(reached) },
    };
    let telephones = here.iter().map(|(one, _)| one.telephone.as_ref().or(notice.telephone.as_ref()));
    let lieu = |one: &Prestation| match (&one.adresse, &one.horaires) {
        (Some(adresse), Some(horaires)) => Some(format!("{adresse} ({horaires})")),
        (one, other) => one.clone().or(other.clone()),
    };
    let desservies = (0..noms.len()).map(|commune| here.iter().any(|(_, reached)| reached.get(commune) == Some(&true))).collect();
    let mut prestations: Vec<PrestationImprimee> = here.iter().take(PRESTATIONS).map(print).collect();
    drop_repeated(&mut prestations);
    let autres = unique(here.iter().skip(PRESTATIONS).map(|(one, _)| one.nom.clone())).join(", ");
    Entree {
        cle,
        structure: notice.structure,
        nom: notice.nom.clone(),
        nature: notice.nature.clone(),
        prestations,
        autres: Some(abreger(&autres, AUTRES)).filter(|autres| !autres.is_empty()),
        communes: if is_same { here.first().and_then(|(_, reached)| say(reached)) } else { None },
        telephones: unique(telephones.flatten().cloned()).into_iter().take(TELEPHONES).collect(),
        courriel: notice.courriel.clone(),
        site_web: notice.site_web.as_deref().map(write_bare).map(str::to_string),
        site_lien: notice.site_web.as_deref().map(write_lien),
        lieux: unique(here.iter().filter_map(|(one, _)| lieu(one))).into_iter().take(LIEUX).collect(),
        desservies,
    }
}

/// The words of a structure, told for each of its services, are printed once.
fn drop_repeated(prestations: &mut [PrestationImprimee]) {
    let mut told: Vec<String> = vec![];
    for prestation in prestations {
        match prestation.texte.take() {
            Some(texte) if !told.contains(&texte) => {
                told.push(texte.clone());
                prestation.texte = Some(texte);
            }
            _ => {}
        }
    }
}

fn unique(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = vec![];
    values.for_each(|value| {
        if !kept.contains(&value) {
            kept.push(value);
        }
    });
    kept
}

/// Both indexes, while the book is composed.
struct Indexes<'a> {
    zone: &'a Zone,
    structures: Vec<Renvoi>,
    partout: Vec<Renvoi>,
    /// By commune of the book, then by part.
    communes: Vec<BTreeMap<usize, Vec<Renvoi>>>,
}

impl<'a> Indexes<'a> {
    fn new(zone: &'a Zone) -> Self {
        Self { zone, structures: vec![], partout: vec![], communes: vec![BTreeMap::new(); zone.communes.len()] }
    }

    fn add(&mut self, rang: usize, entree: &Entree) {
        add(&mut self.structures, entree);
        if entree.desservies.iter().all(|is_reached| *is_reached) {
            return add(&mut self.partout, entree);
        }
        for (_, rubriques) in self.communes.iter_mut().enumerate().filter(|(commune, _)| entree.reaches(*commune)) {
            add(rubriques.entry(rang).or_default(), entree);
        }
    }

    fn write(mut self, livre: Livre) -> Livre {
        self.structures.sort_by_cached_key(|one| fold(&one.nom));
        self.partout.sort_by_cached_key(|one| fold(&one.nom));
        let print = |(commune, rubriques): (&&Commune, BTreeMap<usize, Vec<Renvoi>>)| CommuneImprimee {
            nom: commune.nom.to_string(),
            rubriques: rubriques.into_iter().collect(),
        };
        let communes = self.zone.communes.iter().zip(self.communes).map(print).collect();
        Livre { structures: self.structures, partout: self.partout, communes, ..livre }
    }
}

fn add(renvois: &mut Vec<Renvoi>, entree: &Entree) {
    match renvois.iter_mut().find(|one| one.structure == entree.structure) {
        Some(known) => known.cles.push(entree.cle.clone()),
        None => renvois.push(Renvoi { structure: entree.structure, nom: entree.nom.clone(), cles: vec![entree.cle.clone()] }),
    }
}
