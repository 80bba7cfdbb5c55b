//! The map of a territoire as a drawing in the page: no script, no tile, printed as it is shown.

use std::fmt::Write;

use territoire::{Point, contours};

use super::{CommuneServie, Desserte};

/// Width of the drawing; its height follows from the territoire.
const LARGEUR: f64 = 800.0;

/// An SVG of the communes, darker where more serve them, hatched where nobody does; none when an outline is missing.
/// What each commune is said to be is in its `<title>`, and in the table of the page.
pub fn draw(communes: &[CommuneServie], titre: &str) -> Option<String> {
    let outlines: Vec<(&CommuneServie, Vec<Vec<Point>>)> =
        communes.iter().map(|one| Some((one, contours::find_contour(one.commune.code)?))).collect::<Option<_>>()?;
    let corners = || outlines.iter().flat_map(|(_, rings)| rings.iter().flatten());
    let (west, east) = (least(corners().map(Point::lon)), -least(corners().map(|corner| -corner.lon())));
    let (south, north) = (least(corners().map(Point::lat)), -least(corners().map(|corner| -corner.lat())));
    let flat = ((south + north) / 2.0).to_radians().cos();
    let scale = LARGEUR / ((east - west) * flat);
    let height = (north - south) * scale;
    if !scale.is_finite() || !height.is_finite() {
        return None;
    }
    let mut svg = format!(
        r##"<svg class="carte-communes" viewBox="0 0 {LARGEUR:.0} {height:.0}" role="img" aria-label="{}"><defs><pattern id="personne" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#fff4e5"/><rect width="3" height="7" fill="#8a5a00"/></pattern></defs>"##,
        escape(titre)
    );
    for (one, rings) in &outlines {
        let mut path = String::new();
        for ring in rings {
            for (rang, corner) in ring.iter().enumerate() {
                let (x, y) = ((corner.lon() - west) * flat * scale, (north - corner.lat()) * scale);
                let _infallible = write!(path, "{}{x:.1} {y:.1}", if rang == 0 { 'M' } else { 'L' });
            }
            path.push('Z');
        }
        let said = escape(&format!("{} : {}", one.commune.nom, one.desserte.label()));
        let _infallible = write!(
            svg,
            r##"<path d="{path}" fill="{}" fill-rule="evenodd" stroke="#ffffff" stroke-width="1"><title>{said}</title></path>"##,
            colour(one.desserte)
        );
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

/// Hatches for nobody: colour is never the only sign.
const fn colour(desserte: Desserte) -> &'static str {
    match desserte {
        Desserte::Personne => "url(#personne)",
        Desserte::ADistance => "#f0d9b0",
        Desserte::Structures(1) => "#a9cdbb",
        Desserte::Structures(2 | 3) => "#5c9a7e",
        Desserte::Structures(_) => "#1f5c45",
    }
}

impl Desserte {
    pub fn label(self) -> String {
        match self {
            Self::Personne => "personne".into(),
            Self::ADistance => "à distance seulement".into(),
            Self::Structures(count) => ui::format::compte(count, "structure", "structures"),
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
