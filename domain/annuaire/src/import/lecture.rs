//! Bytes made lines: encoding, separator, header, and the ways a file can be broken.

use std::collections::HashMap;

use super::{Colonne, Probleme};

/// One line of the file, by column; absent columns are empty.
pub struct Ligne {
    /// From 1, the header being line 1.
    pub numero: u64,
    cases: Vec<String>,
    colonnes: std::sync::Arc<HashMap<Colonne, usize>>,
    /// How many cells the line has, and the header: they must agree.
    pub attendues: usize,
}

impl Ligne {
    /// What the line says in this column, tidied.
    pub fn case(&self, colonne: Colonne) -> String {
        let cell = self.colonnes.get(&colonne).and_then(|position| self.cases.get(*position));
        cell.map(|cell| kit::text::tidy(cell)).unwrap_or_default()
    }

    /// A line cut short, or with a separator too many.
    pub fn is_broken(&self) -> bool {
        self.cases.len() != self.attendues
    }

    pub fn cells(&self) -> usize {
        self.cases.len()
    }
}

/// The lines of a file, or the one reason for which it cannot be read at all.
pub fn read(contenu: &[u8], fichier: &str) -> Result<Vec<Ligne>, Box<Probleme>> {
    let whole = |conseil: &str| Box::new(problem_of_file(fichier, conseil.to_string()));
    if contenu.is_empty() {
        return Err(whole(
            "le fichier est vide : choisissez un fichier CSV qui contient au moins une ligne de titres et une ligne de service",
        ));
    }
    if contenu.contains(&0) || contenu.starts_with(b"PK") || contenu.starts_with(b"%PDF") {
        return Err(whole(
            "ce n’est pas un fichier CSV : dans votre tableur, choisissez « Enregistrer sous », puis « CSV (séparateur : point-virgule) »",
        ));
    }
    let text = decode(contenu);
    if let Some(ligne) = find_open_quote(&text) {
        let conseil =
            "un guillemet ouvert à cette ligne n’est jamais refermé : le fichier est sans doute coupé, envoyez-le à nouveau en entier";
        return Err(Box::new(Probleme { ligne, ..problem_of_file(fichier, conseil.into()) }));
    }
    let mut reader = csv::ReaderBuilder::new().delimiter(find_delimiter(&text)).flexible(true).from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers().map(|headers| headers.iter().map(str::to_string).collect()).unwrap_or_default();
    let colonnes = std::sync::Arc::new(find_columns(&headers, fichier)?);
    let records = reader.records().filter_map(Result::ok);
    let lines = records.map(|record| Ligne {
        numero: record.position().map_or(0, csv::Position::line),
        cases: record.iter().map(str::to_string).collect(),
        colonnes: colonnes.clone(),
        attendues: headers.len(),
    });
    let lines: Vec<Ligne> = lines.filter(|line| line.cases.iter().any(|cell| !cell.trim().is_empty())).collect();
    if lines.is_empty() {
        return Err(whole("le fichier n’a que des titres : ajoutez au moins une ligne de service"));
    }
    Ok(lines)
}

fn problem_of_file(fichier: &str, conseil: String) -> Probleme {
    Probleme { fichier: fichier.to_string(), ligne: 0, colonne: String::new(), valeur: String::new(), conseil, bloquant: true }
}

/// UTF-8, with or without its mark, else Windows-1252: what French spreadsheets write.
fn decode(contenu: &[u8]) -> String {
    let bytes = contenu.strip_prefix(b"\xef\xbb\xbf").unwrap_or(contenu);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    // The reader counts a Windows line end as two: every line number would be wrong.
    text.replace("\r\n", "\n")
}

fn find_delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: char| header.matches(delimiter).count();
    [(count(','), b','), (count('\t'), b'\t'), (count(';'), b';')].into_iter().max().map_or(b';', |(_, delimiter)| delimiter)
}

/// The line of a quote that nothing closes.
fn find_open_quote(text: &str) -> Option<u64> {
    let (mut line, mut opened) = (1, None);
    for c in text.chars() {
        match c {
            '"' => opened = if opened.is_some() { None } else { Some(line) },
            '\n' => line += 1,
            _ => {}
        }
    }
    opened
}

fn find_columns(headers: &[String], fichier: &str) -> Result<HashMap<Colonne, usize>, Box<Probleme>> {
    let mut found = HashMap::new();
    for (position, header) in headers.iter().enumerate() {
        if let Some(colonne) = Colonne::recognise(header) {
            found.entry(colonne).or_insert(position);
        }
    }
    let mut missing: Vec<&str> =
        Colonne::REQUISES.iter().filter(|colonne| !found.contains_key(colonne)).map(|colonne| colonne.code()).collect();
    if !found.contains_key(&Colonne::CodeInsee) && !found.contains_key(&Colonne::Commune) {
        missing.push("code_insee ou commune");
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let conseil = format!("il manque la colonne : {}. Ajoutez-la, ou corrigez son titre à la première ligne", missing.join(", "));
    let valeur = headers.join(" ; ").chars().take(200).collect();
    Err(Box::new(Probleme { ligne: 1, valeur, ..problem_of_file(fichier, conseil) }))
}
