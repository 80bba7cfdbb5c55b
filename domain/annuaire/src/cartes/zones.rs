//! « Zones blanches »: the communes that nobody serves for a need, read from the snapshot, without a query.

use std::collections::HashSet;

use territoire::{Commune, Territoire};

use crate::Mode;
use crate::aiguillage::Aiguillage;
use crate::besoin::{Besoin, Taxonomie};

use super::{Carte, CommuneTracee, Ligne, Tableau, Teinte};

/// How a commune is served for a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    Personne,
    /// Only by services that never come and receive nobody: nothing near.
    ADistance,
    Structures(usize),
}

/// A commune of the territoire and how it is served.
#[derive(Clone, Debug)]
pub struct CommuneServie {
    pub commune: &'static Commune,
    pub presence: Presence,
}

impl Presence {
    pub fn label(self) -> String {
        match self {
            Self::Personne => "personne".into(),
            Self::ADistance => "à distance seulement".into(),
            Self::Structures(count) => ui::format::compte(count, "structure", "structures"),
        }
    }

    const fn teinte(self) -> Teinte {
        match self {
            Self::Personne => Teinte::Personne,
            Self::ADistance => Teinte::ADistance,
            Self::Structures(1) => Teinte::Une,
            Self::Structures(2 | 3) => Teinte::Quelques,
            Self::Structures(_) => Teinte::Nombreuses,
        }
    }
}

/// For one need, how many communes and inhabitants have nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manque {
    /// Rank of the need in the taxonomy.
    pub besoin: u8,
    pub communes: usize,
    pub habitants: u64,
}

/// The map of a need.
pub fn map_besoin(aiguillage: &Aiguillage, territoire: &Territoire, besoin: &Besoin) -> Carte {
    let communes = list_communes(aiguillage, territoire, besoin.rang);
    let blanches: Vec<&CommuneServie> = communes.iter().filter(|one| one.presence == Presence::Personne).collect();
    let habitants: u64 = blanches.iter().map(|one| u64::from(one.commune.population)).sum();
    let phrase = match blanches.len() {
        0 => {
            format!("Chacune des {} du territoire est desservie par quelqu’un.", ui::format::compte(communes.len(), "commune", "communes"))
        }
        many => format!(
            "{} sur {}, soit {}.",
            ui::format::compte(many, "commune n’a personne", "communes n’ont personne"),
            ui::format::nombre(communes.len()),
            ui::format::compte(habitants, "habitant", "habitants")
        ),
    };
    Carte {
        titre: format!("Zones blanches\u{a0}: {}", besoin.libelle),
        phrases: vec![phrase],
        tableau: Tableau::write(
            "Communes et structures qui les desservent",
            &["Commune", "Habitants", "Desservie par"],
            &communes,
            write_commune,
        ),
        communes: communes
            .iter()
            .map(|one| CommuneTracee {
                commune: one.commune,
                teinte: one.presence.teinte(),
                dit: format!("{}\u{a0}: {}", one.commune.nom, one.presence.label()),
            })
            .collect(),
        lieux: vec![],
        classes: vec![],
    }
}

fn write_commune(one: &CommuneServie) -> Ligne {
    Ligne {
        vers: Some(format!("/equipe/annuaire/commune?ou={}", one.commune.code)),
        is_forte: one.presence == Presence::Personne,
        cellules: vec![one.commune.nom_complet(), ui::format::nombre(one.commune.population), one.presence.label()],
    }
}

/// What lacks, without a need chosen: a table alone.
pub fn map_manques(aiguillage: &Aiguillage, territoire: &Territoire) -> Carte {
    let (taxonomie, manques) = (Taxonomie::get(), list_manques(aiguillage, territoire));
    let total = ui::format::nombre(territoire.communes.len());
    let phrase = match manques.len() {
        0 => "Chaque commune est desservie pour chaque besoin.",
        _ => "Ce qui manque au plus grand nombre d’habitants vient d’abord. Choisissez un besoin pour voir la carte des communes.",
    };
    let lignes = manques.iter().filter_map(|manque| {
        let besoin = taxonomie.besoin(manque.besoin)?;
        Some(Ligne {
            vers: Some(format!("/equipe/annuaire/zones-blanches?besoin={}", besoin.code)),
            is_forte: false,
            cellules: vec![
                besoin.libelle.to_string(),
                format!("{} sur {total}", ui::format::nombre(manque.communes)),
                ui::format::nombre(manque.habitants),
            ],
        })
    });
    Carte {
        titre: "Zones blanches".into(),
        phrases: vec![phrase.into()],
        communes: vec![],
        lieux: vec![],
        classes: vec![],
        tableau: Tableau {
            intitule: "Besoins sans personne",
            colonnes: &["Besoin", "Communes sans personne", "Habitants"],
            lignes: lignes.collect(),
            omises: 0,
        },
    }
}

/// Every commune of the territoire for a need, those that nobody serves first, the most inhabited first.
pub fn list_communes(aiguillage: &Aiguillage, territoire: &Territoire, besoin: u8) -> Vec<CommuneServie> {
    let mut list: Vec<CommuneServie> =
        territoire.list_communes().map(|commune| CommuneServie { commune, presence: find_presence(aiguillage, commune, besoin) }).collect();
    list.sort_by_key(|one| (one.presence, std::cmp::Reverse(one.commune.population), one.commune.rang));
    list
}

/// The needs, families left out, that leave some commune without anybody: the most inhabitants first.
pub fn list_manques(aiguillage: &Aiguillage, territoire: &Territoire) -> Vec<Manque> {
    let needs = Taxonomie::get().hors_familles();
    let mut manques: Vec<Manque> = needs.map(|besoin| Manque { besoin: besoin.rang, communes: 0, habitants: 0 }).collect();
    for commune in territoire.list_communes() {
        let desservants = aiguillage.desservants(commune);
        for manque in &mut manques {
            let mut is_served = false;
            desservants.visit(manque.besoin, |_| is_served = true);
            if !is_served {
                manque.communes += 1;
                manque.habitants += u64::from(commune.population);
            }
        }
    }
    manques.retain(|manque| manque.communes > 0);
    manques.sort_by_key(|manque| (std::cmp::Reverse(manque.habitants), std::cmp::Reverse(manque.communes), manque.besoin));
    manques
}

fn find_presence(aiguillage: &Aiguillage, commune: &Commune, besoin: u8) -> Presence {
    let (mut near, mut is_reached) = (HashSet::new(), false);
    aiguillage.desservants(commune).visit(besoin, |entree| {
        is_reached = true;
        if entree.drapeaux.mode() != Mode::ADistance {
            near.insert(entree.structure);
        }
    });
    match (near.len(), is_reached) {
        (0, false) => Presence::Personne,
        (0, true) => Presence::ADistance,
        (structures, _) => Presence::Structures(structures),
    }
}
