//! What a print shop looks at before it accepts a file: where the paper is cut, how far colours run over the cut, and inks alone.

use lopdf::{Dictionary, Document};

use super::encres::list_teintes;
use super::{find, list_pages};

/// Those of a livret, in millimetres: what is kept, what runs over the cut, what the marks need around.
const PAGE: [f32; 2] = [148.0, 210.0];
const FOND_PERDU: f32 = 3.0;
const MARGE: f32 = 10.0;

/// What is wrong, one sentence each; empty when all holds.
pub fn list_print_faults(document: &Document) -> Vec<String> {
    let pages = list_pages(document);
    let mut faults = vec![];
    if pages.is_empty() || !pages.len().is_multiple_of(4) {
        faults.push(format!("folded in four: {} pages", pages.len()));
    }
    faults.extend(pages.into_iter().flat_map(|(number, _, page)| check_boites(document, number, page)));
    faults.extend(list_teintes(document).into_iter().filter_map(|teinte| check_teinte(&teinte)));
    faults
}

/// Left, bottom, right, top.
type Boite = [f32; 4];

/// Each side by its sign: a bleed within the trim is as far from it as one around it.
fn check_boites(document: &Document, number: u32, page: &Dictionary) -> Vec<String> {
    let read = |name| read_boite(document, page, name);
    let [Some(sheet), Some(bleed), Some(trim)] = ["MediaBox", "BleedBox", "TrimBox"].map(read) else {
        return vec![format!("boxes: page {number} lacks one")];
    };
    let around = |by: f32| [trim[0] - by, trim[1] - by, trim[2] + by, trim[3] + by];
    let told = [
        ("trim", trim, [trim[0], trim[1], trim[0] + PAGE[0], trim[1] + PAGE[1]]),
        ("bleed", bleed, around(FOND_PERDU)),
        ("sheet", sheet, around(MARGE)),
    ];
    let is_near = |found: Boite, wanted: Boite| found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 0.01);
    let wrong = told.into_iter().filter(|(_, found, wanted)| !is_near(*found, *wanted));
    wrong.map(|(name, found, wanted)| format!("{name}: page {number} has {found:?}, not {wanted:?}")).collect()
}

fn read_boite(document: &Document, page: &Dictionary, name: &str) -> Option<Boite> {
    let corners = find(document, page, name)?.as_array().ok()?;
    let corners: Vec<f32> = corners.iter().filter_map(|one| Some(one.as_float().ok()? * 25.4 / 72.0)).collect();
    corners.try_into().ok()
}

fn check_teinte(teinte: &str) -> Option<String> {
    if let Some(other) = teinte.strip_prefix("other: ") {
        return Some(format!("no ink: {other}"));
    }
    let inks = teinte.strip_prefix("CMYK ")?;
    let ink: f32 = inks.split(' ').map(|ink| ink.parse::<f32>().unwrap_or(f32::INFINITY)).sum();
    (ink > 3.0).then(|| format!("the paper is wet: {teinte}"))
}
