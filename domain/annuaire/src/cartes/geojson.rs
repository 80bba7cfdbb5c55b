//! A map as GeoJSON (RFC 7946), for what draws it in the browser: outlines, else points; what is said of each, and the legend.

use serde::Serialize;
use serde_json::{Value, json};
use territoire::{Point, contours};

use super::{COMMUNES_DETAILLEES, Carte, CommuneTracee, Teinte, list_dessinees};

/// A document of RFC 7946. Values with names, not a tree: of a whole country there are 35 000 communes.
#[derive(Serialize)]
struct Collection<'a> {
    r#type: &'static str,
    features: Vec<Trait<'a>>,
    titre: &'a str,
    legende: Vec<Value>,
    mention: &'static str,
}

#[derive(Serialize)]
struct Trait<'a> {
    r#type: &'static str,
    geometry: Geometrie,
    properties: Proprietes<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometrie {
    Point(Position),
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

type Position = [f64; 2];

#[derive(Default, Serialize)]
struct Proprietes<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    nom: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    teinte: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lieu: Option<&'a str>,
    dit: &'a str,
    /// Where its name is written, and how much it counts: known of a map whose communes are told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    centre: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    habitants: Option<u32>,
}

/// The whole map, as text. Colours and hatches travel with it: they are decided in one place.
pub fn write_geojson(carte: &Carte) -> Result<String, serde_json::Error> {
    let dessinees = list_dessinees(&carte.communes);
    let is_detailed = dessinees.len() <= COMMUNES_DETAILLEES;
    let communes = dessinees.into_iter().filter_map(|one| write_commune(one, is_detailed));
    let lieux = carte.lieux.iter().map(|lieu| Trait {
        r#type: "Feature",
        geometry: Geometrie::Point(write_position(&lieu.point)),
        properties: Proprietes { lieu: Some(&lieu.numero), dit: &lieu.dit, ..Proprietes::default() },
    });
    serde_json::to_string(&Collection {
        r#type: "FeatureCollection",
        features: communes.chain(lieux).collect(),
        titre: &carte.titre,
        legende: carte.legende().into_iter().map(|teinte| write_teinte(carte, teinte)).collect(),
        mention: contours::MENTION,
    })
}

fn write_teinte(carte: &Carte, teinte: Teinte) -> Value {
    let hachure = teinte.hachure().map(|(sens, couleur)| json!({"couleur": couleur, "montante": sens.is_montante()}));
    json!({"code": teinte.code(), "label": carte.label(teinte), "couleur": teinte.couleur(), "hachure": hachure})
}

fn write_commune(one: &CommuneTracee, is_detailed: bool) -> Option<Trait<'_>> {
    let outline = if is_detailed { contours::find_contour(one.commune.code) } else { None };
    let point = one.commune.point.as_ref().map(write_position);
    let geometry = outline.as_deref().map(write_polygones).or(point.map(Geometrie::Point))?;
    let centre = point.filter(|_| is_detailed);
    let properties = Proprietes {
        nom: Some(&one.commune.nom),
        teinte: Some(one.teinte.code()),
        dit: &one.dit,
        centre,
        habitants: centre.map(|_| one.commune.population),
        ..Proprietes::default()
    };
    Some(Trait { r#type: "Feature", geometry, properties })
}

/// Ten thousandths of a degree, as outlines are kept.
fn write_position(point: &Point) -> Position {
    let round = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
    [round(point.lon()), round(point.lat())]
}

/// A ring that lies in an odd number of others is a hole of the innermost of them; each other one begins a polygon.
fn write_polygones(rings: &[Vec<Point>]) -> Geometrie {
    let lies_in = |ring: &[Point], other: &[Point]| !std::ptr::eq(ring, other) && ring.first().is_some_and(|first| is_inside(first, other));
    let depth = |ring: &[Point]| rings.iter().filter(|other| lies_in(ring, other)).count();
    let outers = rings.iter().filter(|ring| depth(ring) % 2 == 0).map(|outer| {
        let is_hole = |ring: &&Vec<Point>| lies_in(ring, outer) && depth(ring) == depth(outer) + 1;
        let holes = rings.iter().filter(is_hole).map(|hole| write_ring(hole, false));
        std::iter::once(write_ring(outer, true)).chain(holes).collect()
    });
    Geometrie::MultiPolygon(outers.collect())
}

/// Counterclockwise outside, clockwise inside, as the standard asks.
fn write_ring(ring: &[Point], is_outer: bool) -> Vec<Position> {
    let sides = ring.iter().zip(ring.iter().skip(1));
    let area: f64 = sides.map(|(from, to)| from.lon() * to.lat() - to.lon() * from.lat()).sum();
    let mut positions: Vec<Position> = ring.iter().map(write_position).collect();
    if (area > 0.0) != is_outer {
        positions.reverse();
    }
    positions
}

fn is_inside(point: &Point, ring: &[Point]) -> bool {
    let sides = ring.iter().zip(ring.iter().skip(1));
    let crossed = sides.filter(|(from, to)| {
        let crosses = (from.lat() > point.lat()) != (to.lat() > point.lat());
        crosses && point.lon() < (to.lon() - from.lon()) * (point.lat() - from.lat()) / (to.lat() - from.lat()) + from.lon()
    });
    crossed.count() % 2 == 1
}
