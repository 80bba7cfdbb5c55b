//! The bilan as a workbook: a sheet a part, numbers as numbers, what people wrote as text.

use kit::Result;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{Bilan, Case, SectionBilan};

pub fn write_classeur(bilan: &Bilan) -> Result<Vec<u8>> {
    Ok(write(bilan).map_err(anyhow::Error::from)?)
}

fn write(bilan: &Bilan) -> std::result::Result<Vec<u8>, XlsxError> {
    let (mut workbook, bold) = (Workbook::new(), Format::new().set_bold());
    for section in &bilan.sections {
        let sheet = workbook.add_worksheet();
        // A sheet's name has 31 letters, and none of these.
        let name: String = section.titre.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(31).collect();
        sheet.set_name(&name)?.set_column_width(0, 44)?;
        write_sheet(sheet, (bilan, section), &bold)?;
    }
    workbook.save_to_buffer()
}

fn write_sheet(sheet: &mut Worksheet, (bilan, section): (&Bilan, &SectionBilan), bold: &Format) -> std::result::Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, format!("{} – {}, {}", section.titre, bilan.territoire, bilan.annee), bold)?;
    sheet.write_string(1, 0, bilan.say_statut())?;
    let mut row = 2;
    for text in
        section.phrases.iter().map(String::as_str).chain([section.commentaire.as_str(), section.definition]).filter(|text| !text.is_empty())
    {
        sheet.write_string(row, 0, text)?;
        row += 1;
    }
    if !section.chiffres.is_empty() {
        row += 1;
        let before = (bilan.annee - 1).to_string();
        for (column, title) in (0..).zip(["Chiffre", &bilan.annee.to_string(), &before]) {
            sheet.write_string_with_format(row, column, title, bold)?;
        }
        for chiffre in &section.chiffres {
            row += 1;
            for (column, text) in (0..).zip([chiffre.nom, &chiffre.valeur, &chiffre.avant]) {
                sheet.write_string(row, column, text)?;
            }
        }
        row += 1;
    }
    for table in &section.tables {
        row += 1;
        sheet.write_string_with_format(row, 0, &table.titre, bold)?;
        row += 1;
        for (column, title) in (0..).zip(&table.colonnes) {
            sheet.write_string_with_format(row, column, title, bold)?;
        }
        for ligne in &table.lignes {
            row += 1;
            for (column, case) in (0..).zip(ligne) {
                match case {
                    #[expect(clippy::cast_precision_loss, reason = "a sheet knows no other number")]
                    Case::Nombre(nombre) => sheet.write_number(row, column, *nombre as f64)?,
                    other => sheet.write_string(row, column, other.say())?,
                };
            }
        }
        row += 1;
    }
    Ok(())
}
