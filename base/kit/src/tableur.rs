//! A file for a spreadsheet. What people typed stays text there: a cell that a spreadsheet would compute is given an
//! apostrophe first, which it shows as text (OWASP, « CSV Injection »).

use anyhow::Context;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::Result;

/// The mark by which French spreadsheets read UTF-8.
const UTF8: &str = "\u{feff}";
const SEPARATEUR: char = ';';
/// How a formula begins, for one spreadsheet or another; those of full width count too, in Japanese ones.
const FORMULES: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Rows being written, semicolons between cells.
#[derive(Clone, Debug)]
pub struct Tableur {
    text: String,
}

impl Tableur {
    pub fn new(titres: &[&str]) -> Self {
        let mut tableur = Self { text: UTF8.to_string() };
        tableur.push(titres);
        tableur
    }

    pub fn push(&mut self, cells: &[&str]) {
        for (rang, cell) in cells.iter().enumerate() {
            if rang > 0 {
                self.text.push(SEPARATEUR);
            }
            self.push_cell(cell);
        }
        self.text.push('\n');
    }

    fn push_cell(&mut self, cell: &str) {
        let shield = if is_computed(cell) { "'" } else { "" };
        if cell.contains([SEPARATEUR, '"', '\n', '\r']) {
            self.text.push('"');
            self.text.push_str(shield);
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(shield);
            self.text.push_str(cell);
        }
    }

    /// The file, to be saved under this name: ASCII of ours, never what somebody typed.
    pub fn respond(self, nom: &str) -> Result<Response> {
        let disposition = format!("attachment; filename=\"{nom}\"").parse().with_context(|| format!("file name {nom:?}"))?;
        let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], self.text).into_response();
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        Ok(response)
    }
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
        let mut tableur = Tableur::new(&["a", "b"]);
        tableur.push(&[cell, "fin"]);
        tableur.text.strip_prefix("\u{feff}a;b\n").unwrap().strip_suffix(";fin\n").unwrap().to_string()
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
