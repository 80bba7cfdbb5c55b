//! Spreadsheets that people send (XLSX, ODS) read as text, cell by cell: nothing is computed, a formula gives the value that
//! was saved with it, and a file made to fill the memory is refused before it is read.

mod mesure;
#[cfg(test)]
mod tests;

use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, Xlsx};

/// A table: each row with its number as the spreadsheet shows it, from 1. Empty rows are left out.
pub type Rangees = Vec<(u64, Vec<String>)>;

/// Why a spreadsheet is not read; the sentence says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refus {
    #[error("ce n’est pas un classeur lisible : dans votre tableur, enregistrez-le à nouveau en .xlsx, .ods ou CSV")]
    Illisible,
    #[error("ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe")]
    Protege,
    #[error("ce classeur est trop lourd une fois ouvert : découpez-le, ou enregistrez-le en CSV")]
    TropLourd,
    #[error("ce classeur a plus de {LIGNES} lignes ou de {COLONNES} colonnes : découpez-le, ou enregistrez-le en CSV")]
    TropGrand,
    #[error("ce classeur n’a aucune feuille remplie : placez votre tableau dans la première feuille")]
    Vide,
}

/// More rows than this come as CSV.
pub const LIGNES: usize = 200_000;
/// A wider table is not a list.
pub const COLONNES: usize = 400;
/// Cells that hold something, in one sheet.
const CELLULES: usize = 6_000_000;

/// What the first bytes of a file say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Ods,
    /// A former Excel file, or one protected by a password.
    Ancien,
}

/// The format of a spreadsheet; none when the bytes are something else.
pub fn find_format(contenu: &[u8]) -> Option<Format> {
    if contenu.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some(Format::Ancien);
    }
    if !contenu.starts_with(b"PK") {
        return None;
    }
    let archive = zip::ZipArchive::new(Cursor::new(contenu)).ok()?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.xml") { Some(Format::Xlsx) } else { has("content.xml").then_some(Format::Ods) }
}

/// The first sheet that holds something.
pub fn read(contenu: &[u8]) -> Result<Rangees, Refus> {
    match find_format(contenu).ok_or(Refus::Illisible)? {
        Format::Ancien => Err(Refus::Protege),
        Format::Xlsx => {
            mesure::check(contenu, None)?;
            read_xlsx(contenu)
        }
        Format::Ods => {
            mesure::check(contenu, Some("content.xml"))?;
            read_ods(contenu)
        }
    }
}

/// Cells are read as they come: a sheet with one cell in its last corner would otherwise reserve 17 billion of them.
fn read_xlsx(contenu: &[u8]) -> Result<Rangees, Refus> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(contenu)).map_err(|_| Refus::Illisible)?;
    for name in workbook.sheet_names() {
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else { continue };
        let mut rows = Rows::default();
        while let Some(cell) = cells.next_cell().map_err(|_| Refus::Illisible)? {
            let (row, column) = cell.get_position();
            rows.put(row, column, say(&Data::from(cell.get_value().clone())))?;
        }
        if !rows.made.is_empty() {
            return Ok(rows.made);
        }
    }
    Err(Refus::Vide)
}

fn read_ods(contenu: &[u8]) -> Result<Rangees, Refus> {
    let mut workbook: Ods<_> = Ods::new(Cursor::new(contenu)).map_err(|_| Refus::Illisible)?;
    let ranges = workbook.sheet_names().into_iter().filter_map(|name| workbook.worksheet_range(&name).ok());
    let filled: Option<Range<Data>> = ranges.into_iter().find(|range| !range.is_empty());
    let range = filled.ok_or(Refus::Vide)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut rows = Rows::default();
    for (row, column, value) in range.used_cells() {
        let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(first_row);
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(first_column);
        rows.put(row, column, say(value))?;
    }
    Ok(rows.made)
}

/// Rows being filled, in the order of the file.
#[derive(Default)]
struct Rows {
    made: Rangees,
    cells: usize,
}

impl Rows {
    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), Refus> {
        if text.is_empty() {
            return Ok(());
        }
        self.cells += 1;
        let column = column as usize;
        if column >= COLONNES || self.cells > CELLULES || self.made.len() > LIGNES {
            return Err(Refus::TropGrand);
        }
        let number = u64::from(row) + 1;
        if self.made.last().is_none_or(|(known, _)| *known != number) {
            self.made.push((number, vec![]));
        }
        if let Some((_, cells)) = self.made.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                *cell = text;
            }
        }
        Ok(())
    }
}

/// A cell as a person reads it: a postal code typed as a number keeps its digits, a day is written 2026-11-22.
fn say(value: &Data) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Int(number) => number.to_string(),
        // A whole number beyond 2^53 has lost digits already: a SIRET of 14 digits has not.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => if *yes { "oui" } else { "non" }.into(),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
            if (hour, minute) == (0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
            }
        }
        Data::DateTime(duration) => {
            let minutes = (duration.as_f64() * 1_440.0).round();
            format!("{:02.0}:{:02.0}", (minutes / 60.0).floor(), minutes % 60.0)
        }
        other => other.to_string(),
    }
}
