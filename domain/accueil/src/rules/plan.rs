//! The map of where: the commune, its neighbours and the places proposed, as points on a plain drawing.
//! No tile, no script: it prints, it weighs a few kilobytes, and nobody else learns who looked.

use territoire::{Commune, Point, Referentiel};

/// A drawing of `LARGEUR` × `HAUTEUR` units.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub communes: Vec<Repere>,
    pub lieux: Vec<Marque>,
    pub echelle: Echelle,
}

/// A commune on the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Repere {
    pub x: i32,
    pub y: i32,
    pub nom: String,
    /// The commune of the person.
    pub is_centre: bool,
    /// Names that would cover another one are left out.
    pub is_named: bool,
}

/// The place of one or several proposals.
#[derive(Clone, Debug, PartialEq)]
pub struct Marque {
    pub x: i32,
    pub y: i32,
    /// « 1 », or « 1, 4 » for two structures at the same place.
    pub rangs: String,
}

/// A bar that tells distances.
#[derive(Clone, Debug, PartialEq)]
pub struct Echelle {
    pub longueur: i32,
    pub km: u32,
}

pub const LARGEUR: i32 = 460;
pub const HAUTEUR: i32 = 360;
const MARGE: f64 = 46.0;
/// Beyond, a place is not drawn: the card says the distance.
const RAYON_MAXIMUM_M: f64 = 60_000.0;
const RAYON_MINIMUM_M: f64 = 6_000.0;
const VOISINES: usize = 40;
const KM_DE_L_ECHELLE: [u32; 6] = [20, 10, 5, 2, 1, 1];

/// The drawing around a commune; none when its point is unknown. `lieux` are ranks shown to people, with their points.
pub fn draw(commune: &Commune, lieux: &[(usize, Point)]) -> Option<Plan> {
    let centre = commune.point?;
    let near: Vec<&(usize, Point)> = lieux.iter().filter(|(_, point)| centre.distance_m(point) <= RAYON_MAXIMUM_M).collect();
    let farthest = near.iter().map(|(_, point)| centre.distance_m(point)).fold(RAYON_MINIMUM_M, f64::max);
    let scale = (f64::from(HAUTEUR) / 2.0 - MARGE) / farthest;
    let project = |point: &Point| project(centre, point, scale);
    Some(Plan {
        lieux: list_marques(&near, project),
        communes: list_reperes(commune, centre, farthest, project),
        echelle: find_echelle(scale),
    })
}

#[allow(clippy::cast_possible_truncation, reason = "units of a drawing")]
fn project(centre: Point, point: &Point, scale: f64) -> (i32, i32) {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    let east = (point.lon() - centre.lon()) * METRES_PER_DEGREE * centre.lat().to_radians().cos();
    let north = (point.lat() - centre.lat()) * METRES_PER_DEGREE;
    ((f64::from(LARGEUR) / 2.0 + east * scale).round() as i32, (f64::from(HAUTEUR) / 2.0 - north * scale).round() as i32)
}

fn list_marques(near: &[&(usize, Point)], project: impl Fn(&Point) -> (i32, i32)) -> Vec<Marque> {
    const SAME_PLACE: i32 = 20;
    let mut marques: Vec<Marque> = vec![];
    for (rang, point) in near {
        let (x, y) = project(point);
        match marques.iter_mut().find(|known| (known.x - x).abs() < SAME_PLACE && (known.y - y).abs() < SAME_PLACE) {
            Some(known) => known.rangs.push_str(&format!(", {rang}")),
            None => marques.push(Marque { x, y, rangs: rang.to_string() }),
        }
    }
    marques
}

fn list_reperes(commune: &Commune, centre: Point, farthest: f64, project: impl Fn(&Point) -> (i32, i32)) -> Vec<Repere> {
    let mut around = Referentiel::get().list_within(centre, farthest * 1.6);
    // The most populated are those people know: they are named first.
    around.sort_by_key(|(other, _)| (other.code != commune.code, std::cmp::Reverse(other.population)));
    let mut reperes: Vec<Repere> = vec![];
    for (other, _) in around.into_iter().take(VOISINES) {
        let Some((x, y)) = other.point.as_ref().map(&project) else { continue };
        let is_inside = (8..LARGEUR - 8).contains(&x) && (8..HAUTEUR - 24).contains(&y);
        let is_centre = other.code == commune.code;
        let is_named = is_inside && (is_centre || is_readable(&reperes, (x, y), &other.nom));
        if is_inside {
            reperes.push(Repere { x, y, nom: other.nom.to_string(), is_centre, is_named });
        }
    }
    reperes
}

/// Whether a name fits inside and covers no name already there.
fn is_readable(reperes: &[Repere], (x, y): (i32, i32), nom: &str) -> bool {
    let half = half_width(nom);
    let is_free = |other: &Repere| !other.is_named || (other.y - y).abs() > 26 || (other.x - x).abs() > half + half_width(&other.nom) + 6;
    x - half > 0 && x + half < LARGEUR && reperes.iter().all(is_free)
}

/// Half the width of a name on the drawing, generously.
fn half_width(nom: &str) -> i32 {
    i32::try_from(nom.chars().count()).unwrap_or(LARGEUR) * 4
}

#[allow(clippy::cast_possible_truncation, reason = "units of a drawing")]
fn find_echelle(scale: f64) -> Echelle {
    let length = |km: u32| (f64::from(km) * 1_000.0 * scale).round() as i32;
    let km = KM_DE_L_ECHELLE.into_iter().find(|km| length(*km) <= LARGEUR / 4).unwrap_or(1);
    Echelle { longueur: length(km), km }
}
