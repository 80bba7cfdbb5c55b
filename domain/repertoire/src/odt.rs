//! The book as a text document (OpenDocument), for a territoire that lays it out elsewhere: what is a heading is a heading, so that
//! styles alone change its look, and both indexes follow the pages of their entries.

use std::io::{Cursor, Write};

use kit::Result;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::model::PageEditoriale;
use crate::papier::{Maquette, dire_ligne};
use crate::rules::blocs::read_blocs;
use crate::rules::livre::{Entree, Livre, PrestationImprimee, Renvoi, RubriqueImprimee};
use crate::rules::texte::{begin, finir};

const MEDIA: &str = "application/vnd.oasis.opendocument.text";
const STYLES: &str = include_str!("../modeles/styles.xml");
const ESPACES: &str = concat!(
    r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" "#,
    r#"xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" "#,
    r#"xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0""#
);
const DEBUT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// The file of a book.
pub fn write_odt(maquette: Maquette<'_>) -> Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(vec![]));
    // Whoever opens the file reads its kind at a fixed place, before anything else: first, and not deflated.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let parts = [
        ("mimetype", MEDIA.to_string(), stored),
        ("META-INF/manifest.xml", write_manifeste(), SimpleFileOptions::default()),
        ("meta.xml", write_meta(maquette), SimpleFileOptions::default()),
        ("styles.xml", STYLES.to_string(), SimpleFileOptions::default()),
        ("content.xml", write_contenu(maquette), SimpleFileOptions::default()),
    ];
    for (name, text, options) in parts {
        archive.start_file(name, options).map_err(anyhow::Error::from)?;
        archive.write_all(text.as_bytes()).map_err(anyhow::Error::from)?;
    }
    Ok(archive.finish().map_err(anyhow::Error::from)?.into_inner())
}

fn write_manifeste() -> String {
    let entry = |path: &str, media: &str| format!(r#"<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>"#);
    let entries: String = ["meta.xml", "styles.xml", "content.xml"].map(|path| entry(path, "text/xml")).concat();
    let space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
    format!(
        r#"{DEBUT}<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">{}{entries}</manifest:manifest>"#,
        entry("/", MEDIA)
    )
}

fn write_meta(maquette: Maquette<'_>) -> String {
    let titre = escape(&write_titre(maquette));
    let meta = format!("<meta:generator>Maillage</meta:generator><dc:title>{titre}</dc:title><dc:language>fr-FR</dc:language>");
    format!(r#"{DEBUT}<office:document-meta {ESPACES} office:version="1.3"><office:meta>{meta}</office:meta></office:document-meta>"#)
}

fn write_titre(maquette: Maquette<'_>) -> String {
    let titre = &maquette.edition.titre;
    maquette.zone.suite().map_or_else(|| titre.clone(), |part| format!("{titre}, {part}"))
}

fn write_contenu(maquette: Maquette<'_>) -> String {
    let Maquette { edition, territoire, zone, livre, .. } = maquette;
    let state = if edition.figee_at.is_some() { "Fiches arrêtées le" } else { "Épreuve du" };
    let subtitles = [Some(territoire.nom.clone()), zone.intitule(), Some(format!("Édition {}", edition.annee))];
    let mut body = paragraph("Title", &escape(&edition.titre));
    body.extend(subtitles.iter().flatten().map(|line| paragraph("Subtitle", &escape(line))));
    if let Some((telephone, horaires)) = dire_ligne(territoire) {
        body.push_str(&paragraph("Telephone", &escape(&format!("Un seul numéro : {telephone}"))));
        body.push_str(&paragraph("Text_20_body", &escape(&horaires)));
    }
    body.push_str(&paragraph("Text_20_body", &escape(&format!("{state} {}", ui::format::date(maquette.le)))));
    body.extend(maquette.pages.iter().filter(|page| !page.texte.is_empty()).map(write_page));
    let ligne = dire_ligne(territoire).map(|(telephone, _)| format!("{telephone} (la ligne unique)"));
    body.extend(livre.rubriques.iter().map(|rubrique| write_rubrique(rubrique, ligne.as_ref())));
    body.push_str(&write_index_communes(livre, zone.nom()));
    body.push_str(&write_index_structures(livre));
    format!(
        r#"{DEBUT}<office:document-content {ESPACES} office:version="1.3"><office:body><office:text>{body}</office:text></office:body></office:document-content>"#
    )
}

fn write_page(page: &PageEditoriale) -> String {
    let titre = if page.titre.is_empty() { page.nature.label() } else { &page.titre };
    let mut written = heading(("Heading_20_1", 1), &escape(titre));
    for (is_list, lines) in read_blocs(&page.texte) {
        let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
        if is_list {
            let items: String =
                lines.iter().map(|line| format!("<text:list-item>{}</text:list-item>", paragraph("Text_20_body", line))).collect();
            written.push_str(&format!(r#"<text:list text:style-name="Puces">{items}</text:list>"#));
        } else {
            written.push_str(&paragraph("Text_20_body", &lines.join("<text:line-break/>")));
        }
    }
    written
}

fn write_rubrique(rubrique: &RubriqueImprimee, ligne: Option<&String>) -> String {
    let phrase = if rubrique.phrase.is_empty() { String::new() } else { paragraph("Text_20_body", &escape(&rubrique.phrase)) };
    let entrees: String = rubrique.entrees.iter().map(|entree| write_entree(entree, ligne)).collect();
    format!("{}{phrase}{entrees}", heading(("Heading_20_1", 1), &escape(&rubrique.titre)))
}

/// `ligne`: the number of who gives none.
fn write_entree(entree: &Entree, ligne: Option<&String>) -> String {
    let cle = escape(&entree.cle);
    let nom = format!(r#"<text:bookmark-start text:name="{cle}"/>{}<text:bookmark-end text:name="{cle}"/>"#, escape(&entree.nom));
    let lines = |style: &'static str, lines: Vec<String>| lines.into_iter().map(move |line| paragraph(style, &escape(&line)));
    let autres = entree.autres.as_ref().map(|autres| finir(&format!("Et aussi : {autres}")));
    let communes = entree.communes.as_ref().map(|communes| format!("Communes : {communes}"));
    let places = [communes].into_iter().flatten().chain(entree.lieux.clone()).chain(entree.courriel.clone()).chain(entree.site_web.clone());
    let mut written = heading(("Heading_20_2", 2), &nom);
    written.extend(lines("Nature", vec![entree.nature.clone()]));
    written.extend(lines(
        "Telephone",
        if entree.telephones.is_empty() { ligne.cloned().into_iter().collect() } else { entree.telephones.clone() },
    ));
    written.extend(entree.prestations.iter().map(write_prestation));
    written.extend(lines("Prestation", autres.into_iter().collect()));
    written.extend(lines("Coordonnees", places.collect()));
    written
}

fn write_prestation(prestation: &PrestationImprimee) -> String {
    let texte = prestation.texte.as_deref().map(|texte| begin(&finir(texte)));
    let communes = prestation.communes.as_ref().map(|communes| format!("Communes : {communes}."));
    let details = Some(&prestation.details).filter(|details| !details.is_empty()).map(|details| begin(&finir(details)));
    let rest: Vec<String> = [texte, details, communes].into_iter().flatten().map(|part| escape(&part)).collect();
    let nom = escape(&finir(&prestation.nom));
    paragraph("Prestation", &format!(r#"<text:span text:style-name="Strong_20_Emphasis">{nom}</text:span> {}"#, rest.join(" ")))
}

fn write_index_communes(livre: &Livre, zone: &str) -> String {
    if livre.communes.len() < 2 {
        return String::new();
    }
    let mut written = heading(("Heading_20_1", 1), "Chez moi, qui vient\u{202f}?");
    if !livre.partout.is_empty() {
        written.push_str(&paragraph("Text_20_body", &escape(&format!("Ces structures servent {zone} tout entier :"))));
        written.extend(livre.partout.iter().map(|renvoi| paragraph("Index", &write_renvoi(renvoi))));
    }
    for commune in &livre.communes {
        written.push_str(&heading(("Commune", 2), &escape(&commune.nom)));
        if commune.rubriques.is_empty() {
            written.push_str(&paragraph("Index", "Les structures qui servent partout."));
        }
        for (rang, renvois) in &commune.rubriques {
            let titre = livre.rubriques.get(*rang).map(|rubrique| escape(&rubrique.titre)).unwrap_or_default();
            let noms: Vec<String> = renvois.iter().map(write_renvoi).collect();
            written.push_str(&paragraph("Index", &format!("{titre}\u{a0}: {}", noms.join("\u{202f}; "))));
        }
    }
    written
}

fn write_index_structures(livre: &Livre) -> String {
    if livre.structures.is_empty() {
        return String::new();
    }
    let lines = livre.structures.iter().map(|renvoi| paragraph("Index", &write_renvoi(renvoi)));
    std::iter::once(heading(("Heading_20_1", 1), "L’index des structures")).chain(lines).collect()
}

/// A name that leads to its entry, and the pages where its entries are: word processors count them when they open the file.
fn write_renvoi(renvoi: &Renvoi) -> String {
    let page = |cle: &String| {
        let cle = escape(cle);
        format!(r#"<text:bookmark-ref text:reference-format="page" text:ref-name="{cle}">–</text:bookmark-ref>"#)
    };
    let pages: Vec<String> = renvoi.cles.iter().map(page).collect();
    let nom = escape(&renvoi.nom);
    let linked = renvoi.cles.first().map(|cle| format!(r##"<text:a xlink:type="simple" xlink:href="#{}">{nom}</text:a>"##, escape(cle)));
    format!("{}, {}", linked.unwrap_or(nom), pages.join(", "))
}

fn heading((style, level): (&str, u8), inside: &str) -> String {
    format!(r#"<text:h text:style-name="{style}" text:outline-level="{level}">{inside}</text:h>"#)
}

fn paragraph(style: &str, inside: &str) -> String {
    format!(r#"<text:p text:style-name="{style}">{inside}</text:p>"#)
}

/// What somebody typed stays text; signs that XML refuses, even escaped, are left out.
fn escape(text: &str) -> String {
    let text = ui::format::typographie(text);
    let is_written = |sign: &char| matches!(sign, '\t' | '\n' | '\r') || !(sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}'));
    let mut written = String::with_capacity(text.len());
    for sign in text.chars().filter(is_written) {
        match sign {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            other => written.push(other),
        }
    }
    written
}
