//! A map as GeoJSON (RFC 7946), for what draws it in the browser: outlines, else points; what is said of each, and the legend.

use serde_json::{Value, json};
use territoire::{Point, contours};

use super::{COMMUNES_DETAILLEES, Carte, CommuneTracee, Hachure, Teinte, list_dessinees};

/// The whole map. Colours and hatches travel with it: they are decided in one place.
pub fn write_geojson(carte: &Carte) -> Value {
    let dessinees = list_dessinees(&carte.communes);
    let is_detailed = dessinees.len() <= COMMUNES_DETAILLEES;
    let communes = dessinees.into_iter().filter_map(|one| write_commune(one, is_detailed));
    let lieux = carte
        .lieux
        .iter()
        .map(|lieu| json!({"type": "Feature", "geometry": write_point(&lieu.point), "properties": {"lieu": lieu.numero, "dit": lieu.dit}}));
    let features: Vec<Value> = communes.chain(lieux).collect();
    json!({
        "type": "FeatureCollection",
        "features": features,
        "titre": carte.titre,
        "legende": carte.legende().into_iter().map(write_teinte).collect::<Vec<_>>(),
        "mention": contours::MENTION,
    })
}

fn write_teinte(teinte: Teinte) -> Value {
    let hachure = teinte.hachure().map(|(sens, couleur)| json!({"couleur": couleur, "montante": sens == Hachure::Montante}));
    json!({"code": teinte.code(), "label": teinte.label(), "couleur": teinte.couleur(), "hachure": hachure})
}

fn write_commune(one: &CommuneTracee, is_detailed: bool) -> Option<Value> {
    let outline = if is_detailed { contours::find_contour(one.commune.code) } else { None };
    let geometry = outline.as_deref().map(write_polygones).or_else(|| one.commune.point.as_ref().map(write_point))?;
    let mut properties = json!({"nom": one.commune.nom, "teinte": one.teinte.code(), "dit": one.dit});
    if let Some(point) = &one.commune.point
        && is_detailed
    {
        properties["centre"] = write_position(point);
        properties["habitants"] = one.commune.population.into();
    }
    Some(json!({"type": "Feature", "geometry": geometry, "properties": properties}))
}

fn write_point(point: &Point) -> Value {
    json!({"type": "Point", "coordinates": write_position(point)})
}

/// Ten thousandths of a degree, as outlines are kept.
fn write_position(point: &Point) -> Value {
    let round = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
    json!([round(point.lon()), round(point.lat())])
}

/// A ring that lies in an odd number of others is a hole of the innermost of them; each other one begins a polygon.
fn write_polygones(rings: &[Vec<Point>]) -> Value {
    let lies_in = |ring: &[Point], other: &[Point]| !std::ptr::eq(ring, other) && ring.first().is_some_and(|first| is_inside(first, other));
    let depth = |ring: &[Point]| rings.iter().filter(|other| lies_in(ring, other)).count();
    let outers = rings.iter().filter(|ring| depth(ring) % 2 == 0).map(|outer| {
        let is_hole = |ring: &&Vec<Point>| lies_in(ring, outer) && depth(ring) == depth(outer) + 1;
        let holes = rings.iter().filter(is_hole).map(|hole| write_ring(hole, false));
        Value::Array(std::iter::once(write_ring(outer, true)).chain(holes).collect())
    });
    json!({"type": "MultiPolygon", "coordinates": outers.collect::<Vec<_>>()})
}

/// Counterclockwise outside, clockwise inside, as the standard asks.
fn write_ring(ring: &[Point], is_outer: bool) -> Value {
    let sides = ring.iter().zip(ring.iter().skip(1));
    let area: f64 = sides.map(|(from, to)| from.lon() * to.lat() - to.lon() * from.lat()).sum();
    let mut positions: Vec<Value> = ring.iter().map(write_position).collect();
    if (area > 0.0) != is_outer {
        positions.reverse();
    }
    Value::Array(positions)
}

fn is_inside(point: &Point, ring: &[Point]) -> bool {
    let sides = ring.iter().zip(ring.iter().skip(1));
    let crossed = sides.filter(|(from, to)| {
        let crosses = (from.lat() > point.lat()) != (to.lat() > point.lat());
        crosses && point.lon() < (to.lon() - from.lon()) * (point.lat() - from.lat()) / (to.lat() - from.lat()) + from.lon()
    });
    crossed.count() % 2 == 1
}
