//! Communes by cells of a tenth of a degree, so that « around here » does not read all of France.

use crate::{Commune, Point};

const CELLS_PER_DEGREE: f64 = 10.0;
/// Metres in a degree of latitude, rounded down so that the box is never too small.
const METRES_PER_DEGREE: f64 = 111_000.0;

/// A commune and the cell it is in: row (latitude), column (longitude), rang.
type Case = (i16, i16, u16);

/// Cells sorted by row then column: a row of the box is one slice.
#[derive(Debug)]
pub(crate) struct Grille(Vec<Case>);

impl Grille {
    pub fn build(communes: &[Commune]) -> Self {
        let mut cases: Vec<Case> = communes
            .iter()
            .filter_map(|commune| {
                let point = commune.point?;
                Some((cell(point.lat()), cell(point.lon()), commune.rang))
            })
            .collect();
        cases.sort_unstable();
        Self(cases)
    }

    /// Rangs of the communes in a box that contains the disc; some are outside the disc.
    pub fn list_around(&self, point: Point, rayon_m: f64) -> Vec<u16> {
        let lat_span = rayon_m / METRES_PER_DEGREE;
        let (south, north) = (point.lat() - lat_span, point.lat() + lat_span);
        // A degree of longitude is shortest on the side of the box nearest to a pole.
        let shortest = south.abs().max(north.abs()).min(90.0).to_radians().cos();
        let lon_span = (lat_span / shortest.max(1e-6)).min(360.0);
        let (west, east) = (cell(point.lon() - lon_span), cell(point.lon() + lon_span));
        let rows = cell(south.max(-90.0))..=cell(north.min(90.0));
        rows.flat_map(|row| self.row(row, west, east)).collect()
    }

    fn row(&self, row: i16, west: i16, east: i16) -> impl Iterator<Item = u16> {
        let start = self.0.partition_point(|(r, c, _)| (*r, *c) < (row, west));
        let end = self.0.partition_point(|(r, c, _)| (*r, *c) <= (row, east));
        self.0[start..end].iter().map(|(_, _, rang)| *rang)
    }
}

fn cell(degrees: f64) -> i16 {
    (degrees * CELLS_PER_DEGREE).floor() as i16
}
