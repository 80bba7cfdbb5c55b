//! A JSON array in a file, an element at a time.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::create;

/// An array being written, between an opening and an ending.
pub struct Liste {
    file: BufWriter<File>,
    path: PathBuf,
    end: &'static str,
    is_begun: bool,
}

impl Liste {
    pub fn open(path: PathBuf, start: &str, end: &'static str) -> Result<Self> {
        let mut file = create(&path)?;
        file.write_all(start.as_bytes())?;
        Ok(Self { file, path, end, is_begun: false })
    }

    pub fn push(&mut self, element: &impl Serialize) -> Result<()> {
        self.file.write_all(if self.is_begun { b",\n" } else { b"\n" })?;
        self.is_begun = true;
        Ok(serde_json::to_writer(&mut self.file, element)?)
    }

    pub fn finish(mut self) -> Result<PathBuf> {
        writeln!(self.file, "\n{}", self.end)?;
        self.file.flush()?;
        Ok(self.path)
    }
}
