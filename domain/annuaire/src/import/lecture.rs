//! Bytes made lines: encoding, separator, header, and the ways a file can be broken.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

use flate2::read::GzDecoder;

use super::catalogue::{self, Catalogue};
use super::{Appris, Colonne, Probleme, finess};

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

    /// Whether the file has this column at all.
    pub fn has(&self, colonne: Colonne) -> bool {
        self.colonnes.contains_key(&colonne)
    }

    /// A line cut short, or with a separator too many.
    pub fn is_broken(&self) -> bool {
        self.cases.len() != self.attendues
    }

    pub fn cells(&self) -> usize {
        self.cases.len()
    }
}

/// What the lines of a file are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    Services,
    /// Structures alone: who is there, not yet what they do for whom.
    Structures,
}

/// A table as it stands in a file, whatever the format: titles, then rows with their line number.
#[derive(Clone, Debug, Default)]
pub struct Feuille {
    pub titres: Vec<String>,
    pub rangees: Vec<(u64, Vec<String>)>,
}

/// What a file holds.
pub enum Contenu {
    /// A table, ours or somebody's.
    Lignes(Nature, Vec<Ligne>),
    /// What another directory publishes.
    Catalogue(Catalogue),
}

/// What a file holds, or the one reason for which it cannot be read at all.
pub fn read(contenu: &[u8], fichier: &str, appris: &Appris) -> Result<Contenu, Box<Probleme>> {
    let whole = |conseil: String| Box::new(problem_of_file(fichier, conseil));
    let opened = open(contenu).map_err(whole)?;
    if let Some(read) = catalogue::read(&opened) {
        return read.map(Contenu::Catalogue).map_err(whole);
    }
    let feuille = read_table(&opened, fichier)?;
    let (nature, colonnes) = find_columns(&feuille.titres, fichier, appris)?;
    Ok(Contenu::Lignes(nature, number(feuille, colonnes)))
}

/// The lines of a table whose titles are our own.
pub fn split(feuille: Feuille) -> Vec<Ligne> {
    let titres = feuille.titres.iter().enumerate();
    let colonnes = titres.filter_map(|(place, titre)| Some((Colonne::recognise(titre)?, place))).collect();
    number(feuille, colonnes)
}

fn number(feuille: Feuille, colonnes: HashMap<Colonne, usize>) -> Vec<Ligne> {
    let (colonnes, attendues) = (std::sync::Arc::new(colonnes), feuille.titres.len());
    let lines = feuille.rangees.into_iter().map(|(numero, cases)| Ligne { numero, cases, colonnes: colonnes.clone(), attendues });
    lines.collect()
}

/// What a compressed file may weigh once open: a list of 200 000 lines weighs some 60 MB.
pub(super) const OUVERT: u64 = 80 * 1024 * 1024;

/// A file compressed alone (« .csv.gz »), opened; any other as it is.
fn open(contenu: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    if !contenu.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(contenu));
    }
    let broken = |_| "le fichier compressé est abîmé ou coupé : envoyez-le à nouveau en entier".to_string();
    if measure(GzDecoder::new(contenu), OUVERT).map_err(broken)?.is_none() {
        return Err("le fichier est trop lourd une fois décompressé : découpez-le".into());
    }
    let mut bytes = vec![];
    GzDecoder::new(contenu).read_to_end(&mut bytes).map_err(broken)?;
    Ok(Cow::Owned(bytes))
}

/// How many bytes come out, nothing of them being kept: a file made to fill the memory is known before it does. None: more than `most`.
pub(super) fn measure(from: impl Read, most: u64) -> std::io::Result<Option<u64>> {
    let size = std::io::copy(&mut from.take(most + 1), &mut std::io::sink())?;
    Ok((size <= most).then_some(size))
}

/// The table of a file, before anything is understood of its columns.
pub fn read_feuille(contenu: &[u8], fichier: &str) -> Result<Feuille, Box<Probleme>> {
    let whole = |conseil: String| Box::new(problem_of_file(fichier, conseil));
    let opened = open(contenu).map_err(whole)?;
    if catalogue::read(&opened).is_some() {
        return Err(whole("ce fichier dit lui-même ce que contient chaque case".into()));
    }
    read_table(&opened, fichier)
}

fn read_table(contenu: &[u8], fichier: &str) -> Result<Feuille, Box<Probleme>> {
    let whole = |conseil: &str| Box::new(problem_of_file(fichier, conseil.to_string()));
    if contenu.is_empty() {
        return Err(whole(
            "le fichier est vide : choisissez un fichier CSV qui contient au moins une ligne de titres et une ligne remplie",
        ));
    }
    let mut feuille = match tableur::find_format(contenu) {
        Some(_) => read_tableur(contenu, fichier)?,
        None if contenu.starts_with(b"PK") => return Err(whole(&tableur::Refus::Illisible.to_string())),
        None if contenu.contains(&0) || contenu.starts_with(b"%PDF") => {
            return Err(whole(
                "ce n’est pas un fichier CSV : dans votre tableur, choisissez « Enregistrer sous », puis « CSV (séparateur : point-virgule) »",
            ));
        }
        None => read_text(&decode(contenu), fichier)?,
    };
    feuille.rangees.retain(|(_, cases)| cases.iter().any(|cell| !cell.trim().is_empty()));
    if feuille.rangees.is_empty() {
        return Err(whole("le fichier n’a que des titres : ajoutez au moins une ligne"));
    }
    Ok(feuille)
}

fn read_text(text: &str, fichier: &str) -> Result<Feuille, Box<Probleme>> {
    if finess::is_finess(text) {
        return Ok(finess::read(text));
    }
    read_csv(text, fichier)
}

/// Titles are the first row that has several: a sheet often begins with its own title.
fn read_tableur(contenu: &[u8], fichier: &str) -> Result<Feuille, Box<Probleme>> {
    let mut rangees = tableur::read(contenu).map_err(|refus| Box::new(problem_of_file(fichier, refus.to_string())))?;
    let filled = |cases: &[String]| cases.iter().filter(|cell| !cell.trim().is_empty()).count();
    let place = rangees.iter().take(10).position(|(_, cases)| filled(cases) > 1).unwrap_or_default();
    let titres = rangees.drain(..=place).next_back().map(|(_, cases)| cases).unwrap_or_default();
    for (_, cases) in &mut rangees {
        // A spreadsheet does not write the empty cells of the end.
        if cases.len() < titres.len() {
            cases.resize(titres.len(), String::new());
        }
    }
    Ok(Feuille { titres, rangees })
}

fn read_csv(text: &str, fichier: &str) -> Result<Feuille, Box<Probleme>> {
    if let Some(ligne) = find_open_quote(text) {
        let conseil =
            "un guillemet ouvert à cette ligne n’est jamais refermé : le fichier est sans doute coupé, envoyez-le à nouveau en entier";
        return Err(Box::new(Probleme { ligne, ..problem_of_file(fichier, conseil.into()) }));
    }
    let mut reader = csv::ReaderBuilder::new().delimiter(find_delimiter(text)).flexible(true).from_reader(text.as_bytes());
    let titres: Vec<String> = reader.headers().map(|headers| headers.iter().map(str::to_string).collect()).unwrap_or_default();
    let records = reader.records().filter_map(Result::ok);
    let rangees = records.map(|record| {
        let numero = record.position().map_or(0, csv::Position::line);
        (numero, record.iter().map(str::to_string).collect())
    });
    Ok(Feuille { titres, rangees: rangees.collect() })
}

pub(super) fn problem_of_file(fichier: &str, conseil: String) -> Probleme {
    Probleme { fichier: fichier.to_string(), ligne: 0, colonne: String::new(), valeur: String::new(), conseil, bloquant: true }
}

/// UTF-8, with or without its mark, else Windows-1252: what French spreadsheets write.
pub(super) fn decode(contenu: &[u8]) -> String {
    let bytes = contenu.strip_prefix(b"\xef\xbb\xbf").unwrap_or(contenu);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    // The reader counts a Windows line end as two: every line number would be wrong.
    text.replace("\r\n", "\n")
}

pub(super) fn find_delimiter(text: &str) -> u8 {
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

fn find_columns(headers: &[String], fichier: &str, appris: &Appris) -> Result<(Nature, HashMap<Colonne, usize>), Box<Probleme>> {
    let (mut found, known) = (HashMap::new(), appris.find(headers));
    for (position, header) in headers.iter().enumerate() {
        let told = known.and_then(|known| known.find(header));
        if let Some(colonne) = told.unwrap_or_else(|| Colonne::recognise(header)) {
            found.entry(colonne).or_insert(position);
        }
    }
    let has = |colonne: &Colonne| found.contains_key(colonne);
    let nature = if Colonne::DE_SERVICE.iter().any(has) { Nature::Services } else { Nature::Structures };
    let required: &[Colonne] = match nature {
        Nature::Services => &Colonne::REQUISES,
        Nature::Structures => &[Colonne::Structure],
    };
    let mut missing: Vec<&str> = required.iter().filter(|colonne| !has(colonne)).map(|colonne| colonne.code()).collect();
    let is_placed = has(&Colonne::CodeInsee)
        || has(&Colonne::Commune)
        || (nature == Nature::Structures && has(&Colonne::Latitude) && has(&Colonne::Longitude));
    if !is_placed {
        missing.push("code_insee ou commune");
    }
    if missing.is_empty() {
        return Ok((nature, found));
    }
    let conseil = format!("il manque la colonne : {}. Ajoutez-la, ou corrigez son titre à la première ligne", missing.join(", "));
    let conseil = format!("{conseil} ; ou dites dans la page de l’import ce que contient chaque colonne");
    let valeur = headers.join(" ; ").chars().take(200).collect();
    Err(Box::new(Probleme { ligne: 1, valeur, ..problem_of_file(fichier, conseil) }))
}
