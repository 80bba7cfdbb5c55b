//! What one service reaches: the communes exactly, exceptions told apart, and the place it comes from.

use std::collections::BTreeSet;

use territoire::{Commune, Referentiel, Territoire};

use super::{Carte, CommuneTracee, LieuTrace, Ligne, Tableau, Teinte};
use crate::rules::couverture::{Couverture, Desserte, resolve};
use crate::rules::couverture_dite::describe_couverture;
use crate::{Mode, Service};

/// What a service reaches beyond the territoire is drawn up to here; farther than that, it is said.
const DEHORS: usize = 400;

/// The map of a service of `structure`.
pub fn map_service(service: &Service, structure: &str, territoire: &Territoire) -> Carte {
    let national = Referentiel::get();
    let siege = national.find_commune(service.lieu.commune);
    let point = service.lieu.point.or_else(|| siege?.point);
    let reach = |couverture: &Couverture| resolve(couverture, territoire, point).unwrap_or_default();
    let atteinte = Atteinte {
        desserte: reach(&service.couverture),
        sans_exception: reach(&Couverture { exclues: vec![], ..service.couverture.clone() }),
    };
    let is_here = |commune: &&Commune| territoire.contains(commune.rang);
    let dehors: Vec<&Commune> = national.communes().iter().filter(|one| !is_here(one) && atteinte.desserte.covers(one)).collect();
    let beyond: &[&Commune] = if dehors.len() <= DEHORS { &dehors } else { &[] };
    let rangs: BTreeSet<u16> = territoire.communes.iter().copied().chain(beyond.iter().map(|one| one.rang)).collect();
    let mut communes: Vec<(Teinte, &'static Commune)> =
        rangs.iter().filter_map(|rang| national.commune(*rang)).map(|one| (atteinte.teinte(one), one)).collect();
    communes.sort_by_key(|(teinte, one)| (*teinte, std::cmp::Reverse(one.population), one.rang));
    let dites: Vec<(Teinte, &Commune)> = communes.iter().copied().filter(|(teinte, _)| *teinte != Teinte::Ailleurs).collect();
    let lieu = point.map(|point| LieuTrace {
        point,
        numero: String::new(),
        dit: format!("{structure}, {}", siege.map_or_else(String::new, Commune::a)),
    });
    Carte {
        titre: format!("{}\u{a0}: communes desservies", service.nom),
        phrases: write_phrases(service, (structure, territoire), &communes, dehors.len()),
        tableau: Tableau::write("Communes desservies et exceptées", &["Commune", "Habitants", "Ce service y vient"], &dites, write_ligne),
        communes: communes
            .into_iter()
            .map(|(teinte, commune)| CommuneTracee { commune, teinte, dit: format!("{}\u{a0}: {}", commune.nom, said(teinte)) })
            .collect(),
        lieux: lieu.into_iter().collect(),
        classes: vec![],
    }
}

/// A coverage, and what it would be without its exceptions.
struct Atteinte {
    desserte: Desserte,
    sans_exception: Desserte,
}

impl Atteinte {
    fn teinte(&self, commune: &Commune) -> Teinte {
        match (self.desserte.covers(commune), self.sans_exception.covers(commune)) {
            (true, _) => Teinte::Desservie,
            (false, true) => Teinte::Exceptee,
            (false, false) => Teinte::Ailleurs,
        }
    }
}

const fn said(teinte: Teinte) -> &'static str {
    match teinte {
        Teinte::Desservie => "oui",
        Teinte::Exceptee => "non, exceptée",
        _ => "non",
    }
}

fn write_ligne((teinte, commune): &(Teinte, &Commune)) -> Ligne {
    Ligne {
        vers: None,
        is_forte: *teinte == Teinte::Exceptee,
        cellules: vec![commune.nom_complet(), ui::format::nombre(commune.population), said(*teinte).into()],
    }
}

fn write_phrases(
    service: &Service,
    (structure, territoire): (&str, &Territoire),
    communes: &[(Teinte, &Commune)],
    dehors: usize,
) -> Vec<String> {
    let here = |teinte: Teinte| communes.iter().filter(move |(known, one)| *known == teinte && territoire.contains(one.rang));
    let habitants: u64 = here(Teinte::Desservie).map(|(_, one)| u64::from(one.population)).sum();
    let mut phrases = vec![
        format!("{structure} dessert\u{a0}: {}.", describe_couverture(&service.couverture, territoire)),
        format!(
            "Sur le territoire\u{a0}: {} sur {}, soit {}.",
            ui::format::compte(here(Teinte::Desservie).count(), "commune", "communes"),
            ui::format::nombre(territoire.communes.len()),
            ui::format::compte(habitants, "habitant", "habitants")
        ),
    ];
    match here(Teinte::Exceptee).count() {
        0 => {}
        many => phrases.push(format!("{}.", ui::format::compte(many, "commune exceptée", "communes exceptées"))),
    }
    if dehors > 0 {
        let also = ui::format::compte(dehors, "commune", "communes");
        let unseen = if dehors > DEHORS { ", qui ne sont pas dessinées" } else { "" };
        phrases.push(format!("Au-delà du territoire\u{a0}: {also}{unseen}."));
    }
    if service.mode == Mode::ADistance {
        phrases.push("Ce service est rendu à distance.".into());
    }
    phrases
}
