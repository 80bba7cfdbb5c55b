//! How heavy an archive becomes once open, counted while opening it: what its table of contents declares is not believed.

use std::io::{Cursor, Read};

use super::{COLONNES, LIGNES, Refus};

/// All entries together: a list of 60 000 lines weighs some 40 MB.
const OCTETS: u64 = 400 * 1024 * 1024;
const ENTREES: usize = 2_000;

/// Opens every entry without keeping it; `repetee`, the sheet of an ODS, is looked at for cells repeated without end.
pub fn check(contenu: &[u8], repetee: Option<&str>) -> Result<(), Refus> {
    let mut archive = zip::ZipArchive::new(Cursor::new(contenu)).map_err(|_| Refus::Illisible)?;
    if archive.len() > ENTREES {
        return Err(Refus::TropLourd);
    }
    let (mut left, mut buffer) = (OCTETS, vec![0_u8; 64 * 1024]);
    for place in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(place) else { return Err(Refus::Protege) };
        let is_sheet = repetee.is_some_and(|name| entry.name().is_ok_and(|own| own == name));
        let mut repetitions = Repetitions::default();
        loop {
            let read = entry.read(&mut buffer).map_err(|_| Refus::Illisible)?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(read as u64).ok_or(Refus::TropLourd)?;
            if is_sheet {
                repetitions.add(buffer.get(..read).unwrap_or_default())?;
            }
        }
    }
    Ok(())
}

/// « number-rows-repeated="1048576" » ends every sheet, over empty cells: harmless. Over full ones, it is a trap.
#[derive(Default)]
struct Repetitions {
    tail: Vec<u8>,
    rows: usize,
    columns: usize,
}

impl Repetitions {
    fn add(&mut self, bytes: &[u8]) -> Result<(), Refus> {
        self.tail.extend_from_slice(bytes);
        let kept = self.tail.iter().rposition(|byte| *byte == b'<').unwrap_or_default();
        let rest = self.tail.split_off(kept);
        let text = std::mem::replace(&mut self.tail, rest);
        for tag in text.split(|byte| *byte == b'<') {
            self.look(tag)?;
        }
        Ok(())
    }

    fn look(&mut self, tag: &[u8]) -> Result<(), Refus> {
        if tag.starts_with(b"table:table-row") {
            self.rows = find_number(tag, b"number-rows-repeated=\"");
        } else if tag.starts_with(b"table:table-cell") {
            self.columns = find_number(tag, b"number-columns-repeated=\"");
            let is_full = find(tag, b"office:value").is_some();
            return if is_full { self.check() } else { Ok(()) };
        } else if tag.starts_with(b"text:p") {
            return self.check();
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Refus> {
        if self.rows > LIGNES || self.columns > COLONNES || self.rows.saturating_mul(self.columns.max(1)) > 2_000_000 {
            return Err(Refus::TropGrand);
        }
        Ok(())
    }
}

fn find(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len()).position(|window| window == sought)
}

fn find_number(tag: &[u8], name: &[u8]) -> usize {
    let Some(at) = find(tag, name) else { return 1 };
    let digits: Vec<u8> = tag.iter().skip(at + name.len()).take_while(|byte| byte.is_ascii_digit()).take(18).copied().collect();
    String::from_utf8_lossy(&digits).parse().unwrap_or(usize::MAX)
}
