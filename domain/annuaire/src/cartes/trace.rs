//! A map as a drawing in the page: no script, no tile, printed as it is shown.

use std::fmt::Write;

use kit::text::fold;
use territoire::{Point, contours};

use super::{COMMUNES_DETAILLEES, Carte, CommuneTracee, Hachure, LieuTrace, Teinte, list_dessinees};

/// Width of the drawing; its height follows from what it shows.
const LARGEUR: f64 = 1_000.0;
const HAUTEUR_MAXIMUM: f64 = 900.0;
/// Around what is drawn, so that names and circles are not cut.
const MARGE: f64 = 24.0;
/// A lone commune still stands somewhere: never less than this, in degrees.
const ETENDUE_MINIMUM: f64 = 0.08;
const NOMS: usize = 14;
const NUMEROS: usize = 60;
const LETTRE: f64 = 12.5;
const LIGNE: f64 = 30.0;
const ENCRE: &str = "#1e2823";
const PAPIER: &str = "#fffefb";
const CONTOUR: &str = "#78817a";

/// What was drawn, and of how many communes nothing could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub svg: String,
    pub absentes: usize,
}

impl Trace {
    /// The drawing of a map; none when nothing of it has a place.
    pub fn draw(carte: &Carte) -> Option<Self> {
        Self::draw_named(carte, NOMS).map(|(trace, _)| trace)
    }

    /// The same where every commune is told, by its name or, where names would cover one another, by a number (none when there would be
    /// more than sixty); and the communes that have a number, in its order.
    pub fn draw_numbered(carte: &Carte) -> Option<(Self, Vec<&str>)> {
        Self::draw_named(carte, usize::MAX)
    }

    fn draw_named(carte: &Carte, most: usize) -> Option<(Self, Vec<&str>)> {
        let dessinees = list_dessinees(&carte.communes);
        let absentes = carte.communes.len() - dessinees.len();
        let is_detailed = dessinees.len() <= COMMUNES_DETAILLEES;
        let find_outline = |one: &CommuneTracee| if is_detailed { contours::find_contour(one.commune.code) } else { None };
        let outlines: Vec<(&CommuneTracee, Option<Vec<Vec<Point>>>)> = dessinees.into_iter().map(|one| (one, find_outline(one))).collect();
        let corners = outlines.iter().flat_map(|(one, rings)| match rings {
            Some(rings) => rings.iter().flatten().copied().collect::<Vec<_>>(),
            None => one.commune.point.into_iter().collect(),
        });
        let plan = Plan::around(corners.chain(carte.lieux.iter().map(|lieu| lieu.point)))?;
        let mut svg = plan.open(carte);
        if is_detailed {
            // Beside outlines, a circle is only a neighbour of which nothing more is known.
            let share = if outlines.iter().any(|(_, rings)| rings.is_some()) { 0.4 } else { 1.0 };
            let radius = plan.radius(outlines.len()) * share;
            outlines.iter().for_each(|(one, rings)| plan.add_commune(&mut svg, one, rings.as_deref(), radius));
        } else {
            let seen: Vec<&CommuneTracee> = outlines.iter().map(|(one, _)| *one).collect();
            carte.legende().into_iter().for_each(|teinte| plan.add_dots(&mut svg, &seen, teinte));
        }
        let seen: Vec<&CommuneTracee> = outlines.iter().map(|(one, _)| *one).collect();
        let (named, taken) = plan.add_names(&mut svg, &seen, most);
        let mut numbered: Vec<&CommuneTracee> = vec![];
        if most == usize::MAX {
            numbered = seen.into_iter().filter(|one| one.commune.point.is_some() && !named.contains(&one.commune.rang)).collect();
            numbered.sort_by_cached_key(|one| fold(&one.commune.nom));
            // More of them would be a map of numbers: the list beside it names them all.
            if numbered.len() > NUMEROS {
                numbered.clear();
            }
            plan.add_numbers(&mut svg, &numbered, taken);
        }
        carte.lieux.iter().for_each(|lieu| plan.add_lieu(&mut svg, lieu));
        svg.push_str("</svg>");
        Some((Self { svg, absentes }, numbered.into_iter().map(|one| &*one.commune.nom).collect()))
    }
}

/// A sample of a colour, for the legend.
pub fn write_motif(teinte: Teinte) -> String {
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="motif" width="28" height="18" viewBox="0 0 28 18" aria-hidden="true"><rect x=".5" y=".5" width="27" height="17" fill="{}" stroke="{CONTOUR}"/>"#,
        teinte.couleur()
    );
    if let Some((hachure, couleur)) = teinte.hachure() {
        let path = match hachure {
            Hachure::Montante => "M2 17 14 1M10 17 22 1M18 17 27 5",
            Hachure::Descendante => "M2 1 14 17M10 1 22 17M18 1 27 13",
            Hachure::Claire => "M2 17 14 1M18 17 27 5",
            Hachure::Serree => "M1 10 8 1M2 17 14 1M6 17 18 1M10 17 22 1M14 17 26 1M18 17 27 5M22 17 27 11",
            Hachure::Pointille => "M5 5h2M13 5h2M21 5h2M5 12h2M13 12h2M21 12h2",
        };
        let _infallible = write!(svg, r#"<path d="{path}" stroke="{couleur}" stroke-width="2" fill="none"/>"#);
    }
    svg.push_str("</svg>");
    svg
}

/// A sample of the mark of a place.
pub fn write_marque() -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="motif" width="28" height="18" viewBox="0 0 28 18" aria-hidden="true"><circle cx="14" cy="9" r="7.5" fill="{PAPIER}" stroke="{ENCRE}" stroke-width="2"/></svg>"#
    )
}

/// From degrees to the drawing.
struct Plan {
    west: f64,
    north: f64,
    flat: f64,
    scale: f64,
    width: f64,
    height: f64,
}

impl Plan {
    fn around(corners: impl Iterator<Item = Point>) -> Option<Self> {
        let (mut west, mut east, mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
        for corner in corners {
            (west, east) = (west.min(corner.lon()), east.max(corner.lon()));
            (south, north) = (south.min(corner.lat()), north.max(corner.lat()));
        }
        if !west.is_finite() {
            return None;
        }
        let (across, up) = (widen(&mut west, &mut east), widen(&mut south, &mut north));
        let flat = ((south + north) / 2.0).to_radians().cos();
        let scale = ((LARGEUR - 2.0 * MARGE) / (across * flat)).min((HAUTEUR_MAXIMUM - 2.0 * MARGE) / up);
        Some(Self { west, north, flat, scale, width: across * flat * scale + 2.0 * MARGE, height: up * scale + 2.0 * MARGE })
    }

    #[allow(clippy::cast_possible_truncation, reason = "units of a drawing")]
    fn place(&self, point: &Point) -> (i32, i32) {
        let (x, y) = ((point.lon() - self.west) * self.flat * self.scale, (self.north - point.lat()) * self.scale);
        ((x + MARGE).round() as i32, (y + MARGE).round() as i32)
    }

    fn open(&self, carte: &Carte) -> String {
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="carte-communes" viewBox="0 0 {:.0} {:.0}" role="img" aria-label="{}"><defs>"#,
            self.width,
            self.height,
            escape(&format!("{}. Le tableau de la page dit la même chose.", carte.titre))
        );
        for teinte in carte.legende() {
            if let Some((hachure, couleur)) = teinte.hachure() {
                let turn = if hachure.is_montante() { 45 } else { -45 };
                let (code, fond, (pas, epaisseur)) = (teinte.code(), teinte.couleur(), hachure.trame());
                let length = if hachure == Hachure::Pointille { epaisseur } else { pas };
                let _infallible = write!(
                    svg,
                    r#"<pattern id="motif-{code}" width="{pas}" height="{pas}" patternUnits="userSpaceOnUse" patternTransform="rotate({turn})"><rect width="{pas}" height="{pas}" fill="{fond}"/><rect width="{epaisseur}" height="{length}" fill="{couleur}"/></pattern>"#
                );
            }
        }
        svg.push_str("</defs>");
        svg
    }

    /// Circles that nearly touch where communes are evenly spread.
    #[allow(clippy::cast_precision_loss, reason = "units of a drawing")]
    fn radius(&self, communes: usize) -> f64 {
        (0.42 * (self.width * self.height / communes.max(1) as f64).sqrt()).clamp(4.0, 40.0)
    }

    fn add_commune(&self, svg: &mut String, one: &CommuneTracee, rings: Option<&[Vec<Point>]>, radius: f64) {
        let (fill, stroke) = (fill(one.teinte), if one.teinte == Teinte::Ailleurs { "#cfc6b1" } else { PAPIER });
        let said = escape(&one.dit);
        let _infallible = match (rings, &one.commune.point) {
            (Some(rings), _) => {
                let path = self.write_path(rings);
                write!(svg, r#"<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}"><title>{said}</title></path>"#)
            }
            (None, Some(point)) => {
                let (x, y) = self.place(point);
                write!(svg, r#"<circle cx="{x}" cy="{y}" r="{radius:.0}" fill="{fill}" stroke="{CONTOUR}"><title>{said}</title></circle>"#)
            }
            (None, None) => Ok(()),
        };
    }

    /// Steps from corner to corner: half the bytes of absolute places, and neighbours still share their border.
    fn write_path(&self, rings: &[Vec<Point>]) -> String {
        let mut path = String::new();
        for ring in rings {
            let mut from: Option<(i32, i32)> = None;
            for (x, y) in ring.iter().map(|corner| self.place(corner)) {
                let _infallible = match from {
                    None => write!(path, "M{x} {y}l"),
                    Some((x0, y0)) if (x0, y0) == (x, y) => Ok(()),
                    Some((x0, y0)) => write!(path, "{} {} ", x - x0, y - y0),
                };
                from = Some((x, y));
            }
            path.truncate(path.trim_end_matches([' ', 'l']).len());
            path.push('Z');
        }
        path
    }

    /// Thousands of communes of one colour: one path of dots, of a few bytes each.
    fn add_dots(&self, svg: &mut String, seen: &[&CommuneTracee], teinte: Teinte) {
        let mut path = String::new();
        for point in seen.iter().filter(|one| one.teinte == teinte).filter_map(|one| one.commune.point.as_ref()) {
            let (x, y) = self.place(point);
            let _infallible = write!(path, "M{x} {y}h0");
        }
        let width = 2.0 * self.radius(seen.len());
        let _infallible = write!(svg, r#"<path d="{path}" stroke="{}" stroke-width="{width:.0}" stroke-linecap="round"/>"#, fill(teinte));
    }

    /// The communes that people know, by name: those chosen, then the most inhabited, where names do not cover one another. Gives their
    /// ranks, and the places that are taken: a middle, a height and half a width.
    fn add_names(&self, svg: &mut String, seen: &[&CommuneTracee], most: usize) -> (Vec<u16>, Vec<(f64, f64, f64)>) {
        let mut known: Vec<&CommuneTracee> = seen.to_vec();
        known.sort_by_key(|one| (one.teinte != Teinte::Choisie, std::cmp::Reverse(one.commune.population), one.commune.rang));
        let (mut named, mut taken) = (vec![], vec![]);
        let placed = |one: &&CommuneTracee| Some((one.commune.point?, &*one.commune.nom, one.commune.rang));
        for (point, nom, rang) in known.iter().take(most.saturating_mul(4)).filter_map(placed) {
            let ((x, y), half) = (self.place(&point), f64::from(u32::try_from(nom.chars().count()).unwrap_or(u32::MAX)) * LETTRE / 2.0);
            let (x, y) = (f64::from(x), f64::from(y) - 12.0);
            let is_inside = x - half > 2.0 && x + half < self.width - 2.0 && y > LIGNE;
            if is_inside && is_free((x, y, half), &taken) && taken.len() < most {
                taken.push((x, y, half));
                named.push(rang);
                write_text(svg, (x, y), (nom, 400));
            }
        }
        (named, taken)
    }

    /// A number a commune, moved a little where a name stands.
    fn add_numbers(&self, svg: &mut String, numbered: &[&CommuneTracee], mut taken: Vec<(f64, f64, f64)>) {
        for (numero, point) in (1..).zip(numbered.iter().filter_map(|one| one.commune.point.as_ref())) {
            let ((x, y), half) = (self.place(point), LETTRE);
            let (x, y) = (f64::from(x), f64::from(y));
            let around = [(0.0, 8.0), (0.0, 20.0), (0.0, -4.0), (-30.0, 8.0), (30.0, 8.0), (0.0, 32.0), (0.0, -16.0)];
            let around = around.map(|(right, down)| (x + right, y + down, half));
            let place = around.into_iter().find(|place| is_free(*place, &taken)).unwrap_or((x, y + 8.0, half));
            taken.push(place);
            write_text(svg, (place.0, place.1), (&format!("{numero}"), 700));
        }
    }

    fn add_lieu(&self, svg: &mut String, lieu: &LieuTrace) {
        let (x, y) = self.place(&lieu.point);
        let (said, numero) = (escape(&lieu.dit), escape(&lieu.numero));
        let _infallible = write!(
            svg,
            r#"<g><title>{said}</title><circle cx="{x}" cy="{y}" r="17" fill="{PAPIER}" stroke="{ENCRE}" stroke-width="3"/><text x="{x}" y="{}" font-family="Atkinson Hyperlegible, sans-serif" font-size="18" font-weight="700" text-anchor="middle" fill="{ENCRE}">{numero}</text></g>"#,
            y + 6
        );
    }
}

/// Whether a text of this half width covers none of those that stand.
fn is_free((x, y, half): (f64, f64, f64), taken: &[(f64, f64, f64)]) -> bool {
    taken.iter().all(|(x0, y0, half0)| (y - y0).abs() > LIGNE || (x - x0).abs() > half + half0 + 8.0)
}

/// The halo is a text of its own, under the words: what prints does not know in which order to paint one.
fn write_text(svg: &mut String, (x, y): (f64, f64), (words, weight): (&str, u16)) {
    let words = escape(words);
    for encre in [format!(r#"fill="none" stroke="{PAPIER}" stroke-width="5" stroke-linejoin="round""#), format!(r#"fill="{ENCRE}""#)] {
        let _infallible = write!(
            svg,
            r#"<text x="{x:.0}" y="{y:.0}" font-family="Atkinson Hyperlegible, sans-serif" font-size="23" font-weight="{weight}" text-anchor="middle" {encre}>{words}</text>"#
        );
    }
}

/// Grows what is too narrow to be a map; gives how wide it then is.
fn widen(from: &mut f64, to: &mut f64) -> f64 {
    let lacking = (ETENDUE_MINIMUM - (*to - *from)).max(0.0);
    *from -= lacking / 2.0;
    *to += lacking / 2.0;
    *to - *from
}

fn fill(teinte: Teinte) -> String {
    match teinte.hachure() {
        Some(_) => format!("url(#motif-{})", teinte.code()),
        None => teinte.couleur().to_string(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
