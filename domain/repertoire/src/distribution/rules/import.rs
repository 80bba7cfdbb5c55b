//! A list of places pasted from a spreadsheet: all of it is taken, or none and each wrong line is said.

use kit::text::fold;
use kit::{FieldErrors, Id, Instant};
use territoire::Territoire;

use super::saisie::{PointInput, read_point};
use crate::distribution::{NaturePoint, Point};

pub(super) const LIGNES: usize = 1_000;
/// Wrong lines that are said at once.
pub(super) const DITES: usize = 10;

/// Places of a list, those that are already `known` (same name, same commune) left out.
pub fn read_lines(typed: &str, known: &[Point], (territoire, now): (&Territoire, Instant)) -> Result<Vec<Point>, FieldErrors> {
    let (mut errors, mut points) = (FieldErrors::default(), vec![]);
    let lines: Vec<(usize, &str)> = (1..).zip(typed.lines()).filter(|(_, line)| !line.trim().is_empty() && !is_head(line)).collect();
    if lines.is_empty() || lines.len() > LIGNES {
        errors.add("lignes", "collez de une à mille lignes, une par lieu");
        return Err(errors);
    }
    for (rang, line) in lines {
        match read_point(&read_cells(line), Id::new(now), territoire) {
            Ok(point) if is_known(&point, known) || is_known(&point, &points) => {}
            Ok(point) => points.push(point),
            Err(why) if errors.iter().count() < DITES => errors.add("lignes", format!("ligne {rang} : {}", join(&why))),
            Err(_) => {}
        }
    }
    if errors.is_empty() { Ok(points) } else { Err(errors) }
}

fn is_head(line: &str) -> bool {
    fold(line).starts_with("nom nature commune")
}

pub(super) fn is_known(point: &Point, known: &[Point]) -> bool {
    known.iter().any(|one| one.commune == point.commune && fold(&one.nom) == fold(&point.nom))
}

fn join(errors: &FieldErrors) -> String {
    errors.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join(" ; ")
}

/// A spreadsheet pastes tabulations; a file of France has semicolons.
fn read_cells(line: &str) -> PointInput {
    let apart = if line.contains('\t') { '\t' } else { ';' };
    let mut cells = line.split(apart).map(|cell| cell.trim().trim_matches('"').to_string());
    let mut next = || cells.next().unwrap_or_default();
    let (nom, nature) = (next(), next());
    PointInput { nom, nature: read_nature(&nature), commune: next(), adresse: next(), eleves: next(), tournee: next(), ordre: next() }
}

/// « École », « France services », « pharmacie ».
pub(super) fn read_nature(typed: &str) -> String {
    let folded = fold(typed);
    // « Cabinet médical ou pharmacie » is said by either of its names.
    let is_it = |one: &&NaturePoint| one.code() == folded.replace(' ', "_") || one.label().split(" ou ").any(|name| fold(name) == folded);
    let found = NaturePoint::ALL.iter().find(is_it).or_else(|| (folded == "autre").then_some(&NaturePoint::Autre));
    found.map_or_else(|| typed.to_string(), |one| one.code().to_string())
}
