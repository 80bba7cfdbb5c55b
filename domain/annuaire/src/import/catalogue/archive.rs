//! The objects of a file: JSON alone, or an archive (ZIP) of JSON and CSV files read one after the other.

use std::io::{Cursor, Read};

use serde_json::{Map, Value};
use zip::ZipArchive;

use crate::import::lecture::{OUVERT, decode, find_delimiter, measure};

/// None: neither JSON nor an archive of such files.
pub fn list_objects(contenu: &[u8]) -> Option<Result<Vec<Value>, String>> {
    if contenu.starts_with(b"PK") {
        return list_archive(contenu);
    }
    let first = contenu.strip_prefix(b"\xef\xbb\xbf").unwrap_or(contenu).trim_ascii_start().first()?;
    matches!(first, b'{' | b'[').then(|| read_json(contenu).map(|value| vec![value]))
}

fn read_json(contenu: &[u8]) -> Result<Value, String> {
    serde_json::from_str(&decode(contenu)).map_err(|error| {
        format!(
            "le fichier n’est pas du JSON lisible à sa ligne {} : il est sans doute coupé, envoyez-le à nouveau en entier",
            error.line()
        )
    })
}

/// None: a spreadsheet, or an archive of something else.
fn list_archive(contenu: &[u8]) -> Option<Result<Vec<Value>, String>> {
    let mut archive = ZipArchive::new(Cursor::new(contenu)).ok()?;
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| is_table(name) && !name.starts_with("__MACOSX"))
        .map(String::from)
        .collect();
    if names.is_empty() || archive.index_for_name("[Content_Types].xml").is_some() || archive.index_for_name("content.xml").is_some() {
        return None;
    }
    names.sort();
    let (mut objects, mut rest) = (vec![], OUVERT);
    for name in names {
        match read_entry(&mut archive, &name, &mut rest) {
            Ok(bytes) if name.to_lowercase().ends_with(".csv") => objects.push(read_csv(&bytes)),
            Ok(bytes) => match read_json(&bytes) {
                Ok(value) => objects.push(value),
                Err(why) => return Some(Err(format!("{name} : {why}"))),
            },
            Err(why) => return Some(Err(format!("{name} : {why}"))),
        }
    }
    Some(Ok(objects))
}

fn is_table(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with(".json") || name.ends_with(".csv")
}

/// The bytes of one file, counted before they are kept: what an archive says of its sizes is not believed.
fn read_entry(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, rest: &mut u64) -> Result<Vec<u8>, &'static str> {
    let (closed, broken) = (
        "ce fichier de l’archive ne s’ouvre pas : refaites l’archive sans mot de passe",
        "ce fichier de l’archive est abîmé : refaites l’archive",
    );
    let size = measure(archive.by_name(name).map_err(|_| closed)?, *rest).map_err(|_| broken)?;
    *rest -= size.ok_or("l’archive est trop lourde une fois ouverte : découpez-la")?;
    let mut bytes = vec![];
    archive.by_name(name).map_err(|_| closed)?.read_to_end(&mut bytes).map_err(|_| broken)?;
    Ok(bytes)
}

/// Rows made objects, each cell under its title.
fn read_csv(bytes: &[u8]) -> Value {
    let text = decode(bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(find_delimiter(&text)).flexible(true).from_reader(text.as_bytes());
    let titres: Vec<String> = reader.headers().map(|headers| headers.iter().map(str::to_string).collect()).unwrap_or_default();
    let object = |record: csv::StringRecord| -> Map<String, Value> {
        let filled = titres.iter().zip(record.iter()).filter(|(_, cell)| !cell.trim().is_empty());
        filled.map(|(titre, cell)| (titre.clone(), Value::String(cell.to_string()))).collect()
    };
    Value::Array(reader.records().filter_map(Result::ok).map(object).map(Value::Object).collect())
}
