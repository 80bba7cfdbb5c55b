//! Who comes to one commune: its services, the nearest first, where they come from.

use std::collections::BTreeSet;

use territoire::{Commune, Point, Referentiel, Territoire};

use super::{Carte, CommuneTracee, LieuTrace, Ligne, Tableau, Teinte};
use crate::aiguillage::{Aiguillage, FicheService};
use crate::besoin::{Besoin, Taxonomie};

/// Places farther than this are in the list only: the map would show nothing else.
const RAYON_MAXIMUM_M: f64 = 40_000.0;
const RAYON_MINIMUM_M: f64 = 8_000.0;
/// Two marks closer than this part of the map would cover each other.
const MEME_LIEU: f64 = 0.06;

/// The map of a commune, for one need or for all of them.
pub fn map_commune(aiguillage: &Aiguillage, (territoire, commune): (&Territoire, &'static Commune), besoin: Option<&Besoin>) -> Carte {
    let services = list_services(aiguillage, commune, besoin);
    let numerotes: Vec<(usize, &Venu)> = (1..).zip(&services).collect();
    let is_near = |(_, one): &(usize, &Venu)| one.distance_m.is_some_and(|distance| distance <= RAYON_MAXIMUM_M);
    let near: Vec<(usize, &Venu)> = numerotes.iter().copied().filter(is_near).collect();
    let farthest = near.iter().filter_map(|(_, one)| one.distance_m).fold(RAYON_MINIMUM_M, f64::max);
    let quoi = besoin.map_or_else(String::new, |besoin| format!(", pour «\u{a0}{}\u{a0}»", besoin.libelle));
    Carte {
        titre: format!("Services {}{quoi}", commune.a()),
        phrases: write_phrases(&services, near.len(), (territoire, commune)),
        communes: list_alentours(commune, farthest * 1.15),
        lieux: list_lieux(&near, farthest * MEME_LIEU),
        classes: vec![],
        tableau: Tableau::write(
            "Services, du plus proche au plus lointain",
            &["Structure", "Numéro", "Service", "Besoins", "Vient de", "Distance", "Téléphone"],
            &numerotes,
            |(numero, one)| one.write(*numero),
        ),
    }
}

/// A service that comes, and from how far.
struct Venu<'a> {
    service: &'a FicheService,
    structure: &'a crate::aiguillage::FicheStructure,
    distance_m: Option<f64>,
}

fn list_services<'a>(aiguillage: &'a Aiguillage, commune: &Commune, besoin: Option<&Besoin>) -> Vec<Venu<'a>> {
    let desservants = aiguillage.desservants(commune);
    let mut rangs = BTreeSet::new();
    let needs: Vec<u8> = match besoin {
        Some(one) => vec![one.rang],
        None => Taxonomie::get().iter().map(|one| one.rang).collect(),
    };
    for need in needs {
        desservants.visit(need, |entree| {
            rangs.insert(entree.service);
        });
    }
    let describe = |rang: u32| {
        let service = aiguillage.service(rang)?;
        let distance_m = service.point.zip(commune.point).map(|(from, to)| from.distance_m(&to));
        Some(Venu { service, structure: aiguillage.structure(service.structure)?, distance_m })
    };
    let mut services: Vec<Venu> = rangs.into_iter().filter_map(describe).collect();
    services.sort_by(|one, other| {
        let far = |venu: &Venu| venu.distance_m.unwrap_or(f64::INFINITY);
        far(one).total_cmp(&far(other)).then_with(|| (&one.structure.nom, one.service.id).cmp(&(&other.structure.nom, other.service.id)))
    });
    services
}

impl Venu<'_> {
    fn write(&self, numero: usize) -> Ligne {
        let taxonomie = Taxonomie::get();
        let besoins = self.service.besoins.iter().filter_map(|rang| taxonomie.besoin(*rang)).filter(|besoin| !besoin.is_famille());
        let distance = self.distance_m.map_or_else(String::new, write_distance);
        Ligne {
            vers: Some(format!("/structures/{}", self.structure.id)),
            is_forte: false,
            cellules: vec![
                self.structure.nom.to_string(),
                numero.to_string(),
                self.service.nom.to_string(),
                besoins.map(|besoin| &*besoin.libelle).collect::<Vec<_>>().join(", "),
                self.siege().map(|one| one.nom.to_string()).unwrap_or_default(),
                format!("{distance}{}", if distance.is_empty() { self.service.drapeaux.mode().label() } else { "" }),
                self.service.telephone.as_deref().unwrap_or_default().to_string(),
            ],
        }
    }

    fn siege(&self) -> Option<&'static Commune> {
        Referentiel::get().commune(self.service.commune)
    }
}

/// « sur place », « 800 m », « 12 km ».
fn write_distance(metres: f64) -> String {
    if metres < 50.0 {
        return "sur place".into();
    }
    if metres < 950.0 { format!("{:.0}\u{a0}m", (metres / 100.0).round() * 100.0) } else { format!("{:.0}\u{a0}km", metres / 1_000.0) }
}

fn write_phrases(services: &[Venu], near: usize, (territoire, commune): (&Territoire, &Commune)) -> Vec<String> {
    let structures = services.iter().map(|one| one.structure.id).collect::<BTreeSet<_>>().len();
    let mut phrases = vec![match services.len() {
        0 => "Personne n’y vient.".to_string(),
        many => format!(
            "{} de {} y viennent ou y reçoivent.",
            ui::format::compte(many, "service", "services"),
            ui::format::compte(structures, "structure", "structures")
        ),
    }];
    let unseen = services.len() - near;
    if unseen > 0 {
        let many = ui::format::compte(unseen, "service vient", "services viennent");
        phrases
            .push(format!("{many} de plus de {:.0}\u{a0}km ou sans lieu connu\u{a0}: dans la liste seulement.", RAYON_MAXIMUM_M / 1_000.0));
    }
    if !territoire.contains(commune.rang) {
        phrases.push(format!("{} n’est pas du territoire.", commune.nom));
    }
    phrases
}

/// The commune, and those around it so that one knows where one is.
fn list_alentours(commune: &'static Commune, rayon_m: f64) -> Vec<CommuneTracee> {
    let around = commune.point.map(|point| Referentiel::get().list_within(point, rayon_m)).unwrap_or_default();
    let others = around.into_iter().map(|(other, _)| other).filter(|other| other.rang != commune.rang);
    let mut communes: Vec<CommuneTracee> =
        others.map(|other| CommuneTracee { commune: other, teinte: Teinte::Ailleurs, dit: other.nom.to_string() }).collect();
    // Last: its border is drawn over its neighbours'.
    communes.push(CommuneTracee { commune, teinte: Teinte::Choisie, dit: commune.nom.to_string() });
    communes
}

/// Services that come from one place, or nearly, share a mark.
fn list_lieux(near: &[(usize, &Venu)], apart_m: f64) -> Vec<LieuTrace> {
    let mut lieux: Vec<(Point, Vec<usize>, Vec<String>)> = vec![];
    for (numero, venu) in near {
        let Some(point) = venu.service.point else { continue };
        let said = format!("{numero}. {}", venu.structure.nom);
        match lieux.iter_mut().find(|(known, _, _)| known.distance_m(&point) < apart_m) {
            Some((_, numeros, dits)) => {
                numeros.push(*numero);
                dits.push(said);
            }
            None => lieux.push((point, vec![*numero], vec![said])),
        }
    }
    lieux.into_iter().map(|(point, numeros, dits)| LieuTrace { point, numero: write_numeros(&numeros), dit: dits.join(" – ") }).collect()
}

/// « 4 », or « 4+ » when others come from there too: a mark has room for no more, what is said of it names them all.
fn write_numeros(numeros: &[usize]) -> String {
    let others = if numeros.len() > 1 { "+" } else { "" };
    numeros.first().map_or_else(String::new, |first| format!("{first}{others}"))
}
