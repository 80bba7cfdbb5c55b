//! The outlines of communes, for the départements whose contours are embedded (`donnees/README.md`): enough to draw a territoire.

use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::GzDecoder;

use crate::{CodeInsee, Point};

const CONTOURS: &[u8] = include_bytes!("../../../donnees/contours.csv.gz");

/// What a page that draws them must say.
pub const MENTION: &str = "Contours : IGN ADMIN EXPRESS COG, Licence Ouverte";

/// Longitudes and latitudes are kept in ten thousandths of a degree: 11 m.
const UNITE: f64 = 10_000.0;

static ANNEAUX: LazyLock<HashMap<CodeInsee, Box<str>>> = LazyLock::new(|| {
    let mut text = String::new();
    // An embedded file that does not open leaves pages without their map: a test counts what is there.
    let _ = GzDecoder::new(CONTOURS).read_to_string(&mut text);
    let read = |line: &str| {
        let (code, rings) = line.split_once(';')?;
        Some((CodeInsee::parse(code).ok()?, Box::from(rings)))
    };
    text.lines().skip(1).filter_map(read).collect()
});

/// The rings of a commune, outer and inner alike; none when its département is not embedded.
pub fn find_contour(code: CodeInsee) -> Option<Vec<Vec<Point>>> {
    Some(ANNEAUX.get(&code)?.split('|').map(read_ring).filter(|ring| ring.len() > 2).collect())
}

fn read_ring(text: &str) -> Vec<Point> {
    let numbers: Vec<i64> = text.split(' ').filter_map(|number| number.parse().ok()).collect();
    let mut at = (0, 0);
    let mut ring = vec![];
    for pair in numbers.chunks_exact(2) {
        if let [east, north] = pair {
            at = (at.0 + east, at.1 + north);
            #[allow(clippy::cast_precision_loss, reason = "degrees, in ten thousandths")]
            ring.extend(Point::new(at.1 as f64 / UNITE, at.0 as f64 / UNITE));
        }
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Referentiel;

    #[test]
    fn every_commune_of_the_three_departements_has_its_outline_around_its_town_hall() {
        let national = Referentiel::get();
        let drawn: Vec<_> = national.communes().iter().filter_map(|commune| Some((commune, find_contour(commune.code)?))).collect();
        assert_eq!(drawn.len(), 1_490);
        for (commune, rings) in drawn {
            let (point, first) = (commune.point.unwrap(), rings.first().unwrap());
            let near = rings.iter().flatten().any(|corner| corner.distance_m(&point) < 20_000.0);
            assert!(near && first.first() == first.last(), "{}", commune.nom);
        }
        assert!(find_contour(CodeInsee::parse("75056").unwrap()).is_none());
    }
}
