//! The portrait of a commune, one page that can be handed to its mayor: who comes, what is asked, what lacks, and around.

use std::collections::HashSet;

use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::{Besoin, Taxonomie};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Menu};
use kit::{Error, Id, Result};
use territoire::{Commune, Referentiel, Territoire};
use ui::{Frame, show};

use super::chiffre::{Lecteur, say_effectif};
use super::dessins::{Serree, draw_ligne, say_pas};
use super::plage::PlageInput;
use crate::Observatoire;
use crate::bilan::DessinBilan;
use crate::demandes::{Compteur, Demandes, list_demandes_of};
use crate::indicateurs::Unite;
use crate::indicateurs::calcul::{Compte, Valeur};
use crate::indicateurs::lecture::Comptees;
use crate::pistes::regard::list_desservantes;
use crate::rules::mois::Plage;
use crate::storage::besoin::sum_commune_by_mois;

/// A need: what was asked, what found nothing, who comes today.
struct LigneBesoin {
    code: String,
    libelle: String,
    demandes: i64,
    sans_solution: i64,
    structures: usize,
}

/// A commune around.
struct Voisine {
    code: String,
    nom: String,
    km: u32,
    demandes: Compte,
    structures: usize,
}

#[derive(Template)]
#[template(path = "observatoire/commune.html")]
struct CommunePage {
    frame: Frame,
    slug: String,
    commune: &'static Commune,
    bassin: Option<String>,
    plage: Plage,
    /// The years that are published, for those who read nothing else: they are not told needs commune by commune.
    annees: Option<Vec<i32>>,
    demandes: Compte,
    sans_solution: Compte,
    structures: usize,
    besoins: Vec<LigneBesoin>,
    /// Needs of which nobody comes, those that were asked first.
    manques: Vec<String>,
    voisines: Vec<Voisine>,
    /// Demandes by month: small counts, for those who read the demandes.
    courbe: Option<DessinBilan>,
}

impl CommunePage {
    /// « 12 demandes », « demandes : masqué ».
    fn count(&self, count: &Compte, one: &str, many: &str) -> String {
        match count {
            Ok(count) => ui::format::compte(*count, one, many),
            Err(why) => format!("{many}\u{a0}: {}", why.label()),
        }
    }

    /// « 12,4 »; none where it would say a number that is hidden, or divide by nobody.
    fn pour_mille(&self) -> Option<String> {
        let demandes = self.demandes.ok().filter(|_| self.commune.population > 0)?;
        let tenths = demandes * 10_000 / i64::from(self.commune.population);
        Some(format!("{},{}", tenths / 10, tenths % 10))
    }
}

const VOISINES: usize = 5;
const MANQUES: usize = 12;

pub async fn show_commune(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(input): Query<PlageInput>,
) -> Result<Response> {
    let territoire = &equipier.territoire;
    let commune = Referentiel::get().resolve_code(&code).map_err(|_| Error::NotFound)?.commune;
    if !territoire.contains(commune.rang) {
        return Err(Error::NotFound);
    }
    let lecteur = Lecteur::open(&room, &equipier, &input).await?;
    let plage = lecteur.comparaison.plage;
    let (asked, courbe) = match lecteur.annees {
        Some(_) => (Demandes::default(), None),
        None => (
            list_demandes_of(&room.db, territoire.id, commune.code.as_str(), plage).await?,
            draw_months(&room, (territoire, commune), plage.points(equipier.now.day())).await?,
        ),
    };
    let aiguillage = room.aiguillages.get(territoire.id);
    let source = lecteur.source(&room, (&equipier, &aiguillage));
    let by_commune = source.read_communes("demande", plage).await?;
    let unmet = source.read_communes("issue:sans_solution", plage).await?;
    let demandes_of = |one: &Commune| find(&by_commune, one);
    let served = list_served(&aiguillage, commune);
    let voisines = list_voisines(territoire, commune).into_iter().map(|(voisine, km)| Voisine {
        code: voisine.code.to_string(),
        nom: voisine.nom.to_string(),
        km,
        demandes: demandes_of(voisine),
        structures: count_structures(&list_served(&aiguillage, voisine)),
    });
    let (besoins, manques) = list_besoins(commune, &served, &asked);
    show(&CommunePage {
        frame: equipier.frame(format!("{}, portrait", commune.nom), Menu::Chiffres),
        slug: territoire.slug.clone(),
        bassin: territoire.find_bassin(commune.rang).map(|bassin| bassin.nom.clone()),
        plage,
        demandes: demandes_of(commune),
        sans_solution: find(&unmet, commune),
        structures: count_structures(&served),
        besoins,
        manques,
        voisines: voisines.collect(),
        courbe,
        annees: lecteur.annees,
        commune,
    })
}

fn find(counts: &Comptees, commune: &Commune) -> Compte {
    match counts {
        Err(why) => Err(*why),
        Ok(counts) => counts.get(commune.code.as_str()).map_or(Ok(0), |count| count.total),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far under 2^52")]
async fn draw_months(
    room: &Observatoire,
    (territoire, commune): (&Territoire, &Commune),
    points: Vec<Plage>,
) -> Result<Option<DessinBilan>> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(None) };
    let plage = Plage { de: first.de, a: last.a };
    let rows = sum_commune_by_mois(&room.db, territoire.id, commune.code.as_str(), plage).await?;
    let count = |point: &Plage| rows.iter().filter(|(mois, _)| point.contains(*mois)).map(|(_, count)| *count).sum::<i64>().max(0);
    let valeurs: Vec<Valeur> = points.iter().map(|point| Ok(count(point) as f64)).collect();
    if valeurs.iter().all(|valeur| *valeur == Ok(0.0)) {
        return Ok(None);
    }
    let serree = Serree { cle: "mois", titre: format!("Demandes {}", say_pas(&points)), unite: Unite::Nombre };
    Ok(draw_ligne(&serree, (&points, &valeurs), None))
}

/// By need, the structures that come to a commune or receive there.
type Served = Vec<(&'static Besoin, Vec<Id>)>;

fn list_served(aiguillage: &Aiguillage, commune: &'static Commune) -> Served {
    let of_besoin = |besoin: &'static Besoin| {
        let serving = list_desservantes(aiguillage, &besoin.code, &[commune]);
        (besoin, serving.into_iter().map(|one| one.structure).collect())
    };
    Taxonomie::get().hors_familles().map(of_besoin).collect()
}

fn count_structures(served: &Served) -> usize {
    served.iter().flat_map(|(_, structures)| structures).collect::<HashSet<_>>().len()
}

/// What was asked, the most first; then the needs of which nobody comes, those that were asked first.
fn list_besoins(commune: &Commune, served: &Served, asked: &Demandes) -> (Vec<LigneBesoin>, Vec<String>) {
    let mut lignes: Vec<LigneBesoin> = served
        .iter()
        .map(|(besoin, structures)| {
            let Compteur { demandes, sans_solution } = asked.find(&besoin.code, commune.code.as_str());
            let (demandes, sans_solution) = (demandes.max(0), sans_solution.max(0));
            LigneBesoin {
                code: besoin.code.to_string(),
                libelle: besoin.libelle.to_string(),
                demandes,
                sans_solution,
                structures: structures.len(),
            }
        })
        .collect();
    lignes.sort_by_key(|one| (std::cmp::Reverse(one.demandes), one.libelle.clone()));
    let absents = lignes.iter().filter(|one| one.structures == 0).take(MANQUES).map(|one| one.libelle.clone()).collect();
    lignes.retain(|one| one.demandes > 0);
    (lignes, absents)
}

/// The nearest communes of the territoire, in kilometres.
fn list_voisines(territoire: &Territoire, commune: &Commune) -> Vec<(&'static Commune, u32)> {
    let Some(here) = commune.point else { return vec![] };
    let others = territoire.list_communes().filter(|one| one.rang != commune.rang);
    let mut found: Vec<(&'static Commune, f64)> = others.filter_map(|one| Some((one, one.point?.distance_m(&here)))).collect();
    found.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance in a territoire, in kilometres")]
    let km = |metres: f64| (metres / 1_000.0).round() as u32;
    found.into_iter().take(VOISINES).map(|(one, metres)| (one, km(metres))).collect()
}
