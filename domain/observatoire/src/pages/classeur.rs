//! A table as a workbook: numbers as numbers, and a sheet that says what they are.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kit::Result;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// A cell of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Cellule {
    Texte(String),
    Nombre(f64),
    Vide,
}

impl From<&str> for Cellule {
    fn from(texte: &str) -> Self {
        Self::Texte(texte.into())
    }
}

impl Cellule {
    /// As a file of text has it: a number as programs write it.
    pub fn write(&self) -> String {
        match self {
            Self::Texte(texte) => texte.clone(),
            Self::Nombre(nombre) => nombre.to_string(),
            Self::Vide => String::new(),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a sheet knows no other number")]
    pub fn count(count: i64) -> Self {
        Self::Nombre(count as f64)
    }
}

/// What is written: a table, and each thing that must be known of it with its words.
pub struct Feuille {
    pub nom: &'static str,
    pub colonnes: Vec<String>,
    pub lignes: Vec<Vec<Cellule>>,
    pub definition: Vec<(&'static str, String)>,
}

/// Under which anybody may use our figures.
pub const LICENCE: &str = "Licence Ouverte 2.0 (Etalab) ; citer le territoire, Maillage et la date.";

impl Feuille {
    /// The workbook, to be saved under this name: ASCII of ours, never what somebody typed.
    pub fn respond(&self, nom: &str) -> Result<Response> {
        let nom = HeaderValue::from_str(&format!("attachment; filename=\"{nom}\"")).map_err(anyhow::Error::from)?;
        let kind = HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        let body = self.write().map_err(anyhow::Error::from)?;
        Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, nom)], body).into_response())
    }

    fn write(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let (mut workbook, bold) = (Workbook::new(), Format::new().set_bold());
        self.write_table(workbook.add_worksheet().set_name(self.nom)?, &bold)?;
        let sheet = workbook.add_worksheet().set_name("Définition")?;
        sheet.set_column_width(0, 20)?.set_column_width(1, 100)?;
        for (row, (title, words)) in (0..).zip(&self.definition) {
            sheet.write_string_with_format(row, 0, *title, &bold)?;
            sheet.write_string(row, 1, words)?;
        }
        workbook.save_to_buffer()
    }

    fn write_table(&self, sheet: &mut Worksheet, bold: &Format) -> std::result::Result<(), XlsxError> {
        sheet.set_column_width(0, 36)?.set_freeze_panes(1, 0)?;
        for (column, title) in (0..).zip(&self.colonnes) {
            sheet.write_string_with_format(0, column, title, bold)?;
        }
        for (row, ligne) in (1..).zip(&self.lignes) {
            for (column, cellule) in (0..).zip(ligne) {
                match cellule {
                    Cellule::Texte(texte) => sheet.write_string(row, column, texte)?,
                    Cellule::Nombre(nombre) => sheet.write_number(row, column, *nombre)?,
                    Cellule::Vide => continue,
                };
            }
        }
        Ok(())
    }
}
