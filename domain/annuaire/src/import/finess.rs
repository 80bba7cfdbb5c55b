//! The stock extract of FINESS (« etalab-cs1100507-stock »): no titles, one line for an establishment, another for its point,
//! in Windows-1252. Only what the annuaire keeps is read: columns by their place, as the extract's own description gives them.

use std::collections::HashMap;

use super::lecture::Feuille;

/// Places in a line « structureet ».
const NUMERO: usize = 1;
const NOM: usize = 3;
const NOM_LONG: usize = 4;
const VOIE: std::ops::RangeInclusive<usize> = 7..=10;
const LIEU_DIT: usize = 11;
const COMMUNE: usize = 12;
const DEPARTEMENT: usize = 13;
const ACHEMINEMENT: usize = 15;
const TELEPHONE: usize = 16;
const CATEGORIE: usize = 18;
const SIRET: usize = 22;

const TITRES: [&str; 11] = [
    "source",
    "structure_id",
    "structure",
    "categorie",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "latitude",
    "longitude",
    "telephone",
];

/// Whether a text is such an extract.
pub fn is_finess(text: &str) -> bool {
    text.starts_with("finess;") || text.starts_with("structureet;") || text.starts_with("geolocalisation;")
}

/// The establishments as a table of structures; lines of other kinds are left out.
pub fn read(text: &str) -> Feuille {
    let mut points: HashMap<&str, (f64, f64)> = HashMap::new();
    for line in text.lines().filter(|line| line.starts_with("geolocalisation;")) {
        let cells: Vec<&str> = line.split(';').collect();
        if let [_, numero, x, y, rest @ ..] = cells.as_slice() {
            let is_lambert =
                rest.first().is_none_or(|source| source.to_uppercase().contains("LAMBERT") || !source.to_uppercase().contains("UTM"));
            if let Some((x, y)) = x.parse().ok().zip(y.parse().ok()).filter(|_| is_lambert) {
                points.extend(from_lambert93(x, y).map(|point| (*numero, point)));
            }
        }
    }
    let mut rangees = vec![];
    for (number, line) in (1_u64..).zip(text.lines()).filter(|(_, line)| line.starts_with("structureet;")) {
        let cells: Vec<&str> = line.split(';').map(|cell| cell.trim_matches('"').trim()).collect();
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
        let point = points.get(cell(NUMERO));
        let degrees = |value: Option<f64>| value.map(|value| format!("{value:.6}")).unwrap_or_default();
        let (postal, town) = split_acheminement(cell(ACHEMINEMENT));
        let street: Vec<&str> = VOIE.map(cell).filter(|part| !part.is_empty()).collect();
        let street = if street.is_empty() { cell(LIEU_DIT).to_string() } else { street.join(" ") };
        let nom = if cell(NOM_LONG).is_empty() { cell(NOM) } else { cell(NOM_LONG) };
        rangees.push((
            number,
            vec![
                "finess".into(),
                cell(NUMERO).into(),
                nom.into(),
                find_nature(cell(CATEGORIE)).into(),
                street,
                postal,
                town,
                find_insee(cell(DEPARTEMENT), cell(COMMUNE)),
                degrees(point.map(|point| point.0)),
                degrees(point.map(|point| point.1)),
                find_telephone(cell(TELEPHONE)),
                cell(SIRET).into(),
            ],
        ));
    }
    let titres = TITRES.iter().map(|titre| (*titre).to_string()).chain(["siret".into()]).collect();
    Feuille { titres, rangees }
}

/// The codes of category that the annuaire has a kind for.
fn find_nature(code: &str) -> &'static str {
    match code {
        "500" | "501" | "502" => "ehpad",
        "207" => "accueil_de_jour",
        "354" => "ssiad",
        "460" | "461" | "209" => "saad",
        _ => "autre",
    }
}

/// « 26200 MONTELIMAR CEDEX 9 » : a postal code of its own for large receivers, and the name of the town.
fn split_acheminement(line: &str) -> (String, String) {
    let (postal, town) = line.split_once(' ').unwrap_or(("", line));
    let town = town.split(" CEDEX").next().unwrap_or_default().trim();
    (postal.into(), town.into())
}

/// The extract says overseas départements in its own way: 9A for Guadeloupe… 9F for Mayotte.
fn find_insee(departement: &str, commune: &str) -> String {
    let is_overseas = departement.len() == 2 && departement.starts_with('9') && departement.ends_with(|c: char| c.is_ascii_alphabetic());
    match (departement, commune) {
        (_, "") | ("", _) => String::new(),
        _ if is_overseas => format!("97{commune}"),
        _ => format!("{departement}{commune}"),
    }
}

/// A number whose first zero was lost by a spreadsheet.
fn find_telephone(written: &str) -> String {
    if written.len() == 9 && !written.starts_with('0') { format!("0{written}") } else { written.into() }
}

/// Lambert 93 (RGF93, IGN's parameters) to degrees; none outside the map of metropolitan France.
fn from_lambert93(x: f64, y: f64) -> Option<(f64, f64)> {
    const N: f64 = 0.725_607_765_053_267;
    const C: f64 = 11_754_255.426_096;
    const XS: f64 = 700_000.0;
    const YS: f64 = 12_655_612.049_876;
    const E: f64 = 0.081_819_191_042_816;
    if !(0.0..=1_300_000.0).contains(&x) || !(6_000_000.0..=7_200_000.0).contains(&y) {
        return None;
    }
    let radius = (x - XS).hypot(y - YS);
    let gamma = ((x - XS) / (YS - y)).atan();
    let isometric = -(radius / C).abs().ln() / N;
    let mut latitude = 2.0 * isometric.exp().atan() - std::f64::consts::FRAC_PI_2;
    for _ in 0..8 {
        let sine = E * latitude.sin();
        latitude = 2.0 * (((1.0 + sine) / (1.0 - sine)).powf(E / 2.0) * isometric.exp()).atan() - std::f64::consts::FRAC_PI_2;
    }
    Some((latitude.to_degrees(), 3.0 + (gamma / N).to_degrees()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The origin of the projection is at 46.5° N, 3° E; the Eiffel tower is known by everybody.
    #[test]
    fn a_point_of_the_map_is_where_it_is() {
        let (lat, lon) = from_lambert93(700_000.0, 6_600_000.0).unwrap();
        assert!((lat - 46.5).abs() < 1e-6 && (lon - 3.0).abs() < 1e-9, "{lat} {lon}");
        let (lat, lon) = from_lambert93(648_237.0, 6_862_271.0).unwrap();
        assert!((lat - 48.858_4).abs() < 2e-4 && (lon - 2.294_5).abs() < 2e-4, "{lat} {lon}");
        assert_eq!(from_lambert93(0.0, 0.0), None);
    }

    #[test]
    fn communes_telephones_and_towns_are_said_in_the_extract_s_own_way() {
        assert_eq!(
            (find_insee("26", "165"), find_insee("2A", "004"), find_insee("9D", "411")),
            ("26165".into(), "2A004".into(), "97411".into())
        );
        assert_eq!(split_acheminement("26200 MONTELIMAR CEDEX 9"), ("26200".into(), "MONTELIMAR".into()));
        assert_eq!(find_telephone("475616161"), "0475616161");
    }
}
