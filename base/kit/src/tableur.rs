//! A file for a spreadsheet. What people typed stays text there: a cell that a spreadsheet would compute is given an
//! apostrophe first, which it shows as text (OWASP, « CSV Injection »).

use std::borrow::Cow;

use anyhow::Context;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::Result;

/// The mark by which French spreadsheets read UTF-8.
const UTF8: &str = "\u{feff}";
/// How a formula begins, for one spreadsheet or another; those of full width count too, in Japanese ones.
const FORMULES: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Rows being written, semicolons between cells.
#[derive(Debug)]
pub struct Tableur {
    rows: csv::Writer<Vec<u8>>,
}

impl Tableur {
    pub fn new(titres: &[&str]) -> Result<Self> {
        let rows = csv::WriterBuilder::new().delimiter(b';').from_writer(UTF8.as_bytes().to_vec());
        let mut tableur = Self { rows };
        tableur.push(titres)?;
        Ok(tableur)
    }

    pub fn push(&mut self, cells: &[&str]) -> Result<()> {
        let shielded = cells.iter().map(|cell| shield(cell).into_owned());
        Ok(self.rows.write_record(shielded).map_err(anyhow::Error::from)?)
    }

    fn finish(self) -> Result<Vec<u8>> {
        Ok(self.rows.into_inner().map_err(|error| anyhow::anyhow!("csv: {error}"))?)
    }

    /// The file, to be saved under this name: ASCII of ours, never what somebody typed.
    pub fn respond(self, nom: &str) -> Result<Response> {
        let disposition = format!("attachment; filename=\"{nom}\"").parse().with_context(|| format!("file name {nom:?}"))?;
        let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], self.finish()?).into_response();
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        Ok(response)
    }
}

/// A cell as it can be put in any file for a spreadsheet.
pub fn shield(cell: &str) -> Cow<'_, str> {
    if is_computed(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Whether a spreadsheet would take a cell for a formula. A number is not one, negative or not.
fn is_computed(cell: &str) -> bool {
    // Spreadsheets skip what is blank before they look.
    let seen = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}', '\0']);
    seen.starts_with(FORMULES) && seen.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(cell: &str) -> String {
        let mut tableur = Tableur::new(&["a", "b"]).unwrap();
        tableur.push(&[cell, "fin"]).unwrap();
        let text = String::from_utf8(tableur.finish().unwrap()).unwrap();
        text.strip_prefix("\u{feff}a;b\n").unwrap().strip_suffix(";fin\n").unwrap().to_string()
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_shown_as_text() {
        for cell in ["=1+1", "+33 2", "-2+3", "@SUM(A1)", "\t=1", " =1", "\u{a0}=1", "＝1", "\0=1", "-", "=cmd|' /C calc'!A0"] {
            assert_eq!(write(cell), format!("'{cell}"), "{cell:?}");
        }
        assert_eq!(write("\r=1"), "\"'\r=1\"");
        assert_eq!(write("=HYPERLINK(\"http://a\";1)"), "\"'=HYPERLINK(\"\"http://a\"\";1)\"");
    }

    #[test]
    fn words_and_numbers_stay_as_they_are() {
        for cell in ["", "Livron-sur-Drôme", "26165", "-12", "-1.5", "+3", "a=b", "2026-11-22 10:00:00"] {
            assert_eq!(write(cell), cell);
        }
        assert_eq!(write("un ; deux \"trois\"\n"), "\"un ; deux \"\"trois\"\"\n\"");
    }
}
