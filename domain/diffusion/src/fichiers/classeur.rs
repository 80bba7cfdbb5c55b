//! The tables as a workbook. Rows go to the disk as they come; every cell is a text, which no spreadsheet computes.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use rust_xlsxwriter::{Format, Workbook};

use crate::rules::tableau;

/// A workbook of one sheet, being written.
pub struct Classeur {
    workbook: Workbook,
    path: PathBuf,
    next: u32,
}

/// A cell of a workbook holds no more.
const CELL: usize = 32_767;
/// A sheet has no more rows.
const ROWS: u32 = 1_048_576;

impl Classeur {
    pub fn open(path: PathBuf) -> Result<Self> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?.set_name("Annuaire")?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, titre) in (0_u16..).zip(tableau::titres()) {
            sheet.set_column_width(column, 18)?;
            sheet.write_string_with_format(0, column, titre, &bold)?;
        }
        Ok(Self { workbook, path, next: 1 })
    }

    pub fn push(&mut self, cells: &[String]) -> Result<()> {
        if self.next >= ROWS {
            bail!("un classeur n’a pas plus de {ROWS} lignes : choisissez le format csv");
        }
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let cut: String = kit::shield(cell).chars().take(CELL).collect();
            sheet.write_string(self.next, column, cut)?;
        }
        self.next += 1;
        Ok(())
    }

    pub fn finish(mut self) -> Result<PathBuf> {
        self.workbook.save(&self.path).with_context(|| format!("{} ne s’écrit pas", self.path.display()))?;
        Ok(self.path)
    }
}
