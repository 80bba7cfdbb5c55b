//! Spreadsheets made by hand, right and harmful.

use std::io::{Cursor, Write};
use std::time::Instant;

use super::{Format, Refus, find_format, read};

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Feuille1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const SHEETS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

fn xlsx(rows: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    );
    archive(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", SHEETS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="F">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    const MANIFEST: &str = r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"#;
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", MANIFEST.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

fn text(cell: &str, value: &str) -> String {
    format!(r#"<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>"#)
}

#[test]
fn cells_are_read_as_people_see_them_and_formulas_are_not_run() {
    let rows = format!(
        r#"<row r="1">{}{}</row><row r="3"><c r="A3"><v>73282932000074</v></c><c r="C3" s="1"><v>46348</v></c><c r="D3" t="str"><f>HYPERLINK("http://x")</f><v>vu</v></c><c r="E3"><v>46.7015</v></c><c r="F3" t="b"><v>1</v></c></row>"#,
        text("A1", "SIRET"),
        text("B1", "Été &amp; Cie")
    );
    let read = read(&xlsx(&rows)).unwrap();
    assert_eq!(read[0], (1, vec!["SIRET".to_string(), "Été & Cie".into()]));
    assert_eq!(read[1], (3, ["73282932000074", "", "2026-11-22", "vu", "46.7015", "oui"].map(String::from).to_vec()));
}

#[test]
fn an_open_document_is_read_too_and_its_empty_end_does_not_count() {
    let cell = |value: &str| format!(r#"<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>"#);
    let rows = format!(
        r#"<table:table-row>{}{}</table:table-row><table:table-row>{}<table:table-cell office:value-type="float" office:value="26165"><text:p>26165</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
        cell("nom"),
        cell("code"),
        cell("ADMR")
    );
    let read = read(&ods(&rows)).unwrap();
    assert_eq!(read, [(1, vec!["nom".to_string(), "code".into()]), (2, vec!["ADMR".into(), "26165".into()])]);
}

#[test]
fn what_would_fill_the_memory_is_refused() {
    let zeros = vec![b' '; 500 * 1024 * 1024];
    let bomb = archive(&[("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 1_000_000);
    assert_eq!(read(&bomb), Err(Refus::TropLourd));
    let full = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>"#;
    assert_eq!(read(&ods(full)), Err(Refus::TropGrand));
    let wide = r#"<table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>"#;
    assert_eq!(read(&ods(wide)), Err(Refus::TropGrand));
    let corner = format!(r#"<row r="1">{}</row><row r="1048576">{}</row>"#, text("A1", "a"), text("XFD1048576", "b"));
    assert_eq!(read(&xlsx(&corner)), Err(Refus::TropGrand));
    let last = format!(r#"<row r="1">{}</row><row r="1048576">{}</row>"#, text("A1", "a"), text("B1048576", "b"));
    assert_eq!(read(&xlsx(&last)).unwrap().len(), 2);
}

#[test]
fn what_is_not_a_spreadsheet_says_so() {
    assert_eq!(read(b"PK\x03\x04"), Err(Refus::Illisible));
    assert_eq!(read(&archive(&[("a.txt", b"x")])), Err(Refus::Illisible));
    assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1"), Err(Refus::Protege));
    assert_eq!(read(&xlsx("")), Err(Refus::Vide));
    assert_eq!(find_format(b"a;b"), None);
    assert_eq!(find_format(&xlsx("")), Some(Format::Xlsx));
    let whole = xlsx(&format!(r#"<row r="1">{}</row>"#, text("A1", "a")));
    for at in 0..whole.len() {
        let _ = read(&whole[..at]);
    }
}

#[test]
fn sixty_thousand_lines_are_read_in_seconds() {
    let rows: String = (1..=60_000)
        .map(|row| {
            format!(
                r#"<row r="{row}">{}</row>"#,
                (0..10).map(|column| text(&format!("{}{row}", char::from(b'A' + column)), "Une valeur ordinaire")).collect::<String>()
            )
        })
        .collect();
    let file = xlsx(&rows);
    let started = Instant::now();
    assert_eq!(read(&file).unwrap().len(), 60_000);
    println!("60 000 lines of 10 cells: {:?}", started.elapsed());
}
