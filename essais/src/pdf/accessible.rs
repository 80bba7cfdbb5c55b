//! The checks that stand for veraPDF, which no registry has: what a program can tell of PDF/UA-1 (ISO 14289-1, Matterhorn Protocol), each
//! with the number of its checkpoint. What only a person can tell (is the alternative right?) is not here.

use lopdf::{Dictionary, Document, Object};

use super::arbre::Arbre;
use super::marques::check_marques;
use super::signes::check_signes;
use super::{find, find_dict, find_name, list_dicts, list_pages, list_traces};

/// What is wrong, one sentence each; empty when all holds.
pub fn list_faults(document: &Document) -> Vec<String> {
    let Ok(catalog) = document.catalog() else { return vec!["no catalog".into()] };
    let (mut faults, traces) = (check_promises(document, catalog), list_traces(document));
    match Arbre::read(document, catalog) {
        Some(arbre) => {
            faults.extend(check_tree(document, &arbre));
            faults.extend(check_links(document, &arbre));
            faults.extend(traces.iter().flat_map(|trace| check_marques(document, &arbre, trace)));
        }
        None => faults.push("01: no tree of the structure".into()),
    }
    faults.extend(check_fonts(document));
    faults.extend(check_signes(document, &traces));
    faults
}

fn check_promises(document: &Document, catalog: &Dictionary) -> Vec<String> {
    let has_text =
        |dict: &Dictionary, name: &str| find(document, dict, name).and_then(|one| one.as_str().ok()).is_some_and(|text| !text.is_empty());
    let is_true = |dict: Option<&Dictionary>, name: &str| {
        dict.and_then(|dict| find(document, dict, name)).is_some_and(|one| matches!(one, Object::Boolean(true)))
    };
    let metadata = find(document, catalog, "Metadata").and_then(|one| one.as_stream().ok()).and_then(|one| one.get_plain_content().ok());
    let metadata = String::from_utf8_lossy(&metadata.unwrap_or_default()).into_owned();
    let outlines = find_dict(document, catalog, "Outlines");
    let told = [
        (is_true(find_dict(document, catalog, "MarkInfo"), "Marked"), "06: /MarkInfo does not say /Marked true"),
        (metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "06-002: the metadata do not promise PDF/UA-1"),
        (has_title(&metadata), "06-003: the metadata have no dc:title"),
        (is_true(find_dict(document, catalog, "ViewerPreferences"), "DisplayDocTitle"), "07-001: /DisplayDocTitle is not true"),
        (has_text(catalog, "Lang"), "11-006: the document has no /Lang"),
        (outlines.is_some_and(|one| one.has(b"First")), "no bookmark"),
    ];
    told.into_iter().filter(|(holds, _)| !holds).map(|(_, fault)| fault.to_string()).collect()
}

/// Words between the marks of the title, not the marks alone.
fn has_title(metadata: &str) -> bool {
    let title = metadata.split_once("<dc:title>").and_then(|(_, rest)| rest.split_once("</dc:title>"));
    title.is_some_and(|(title, _)| title.split('<').filter_map(|part| part.split_once('>')).any(|(_, text)| !text.trim().is_empty()))
}

/// Headings do not skip a level, figures have their words.
fn check_tree(document: &Document, arbre: &Arbre<'_>) -> Vec<String> {
    let (mut faults, mut last, mut headings) = (vec![], 0, 0);
    for (role, element) in &arbre.elements {
        if let Some(level) = role.strip_prefix('H').and_then(|level| level.parse::<u8>().ok()) {
            if level > last + 1 {
                faults.push(format!("14-003: a heading of level {level} after one of level {last}"));
            }
            (last, headings) = (level, headings + 1);
        }
        let mut words = ["Alt", "ActualText"].into_iter().filter_map(|name| find(document, element, name)?.as_str().ok());
        if matches!(role.as_str(), "Figure" | "Formula") && !words.any(|text| !text.is_empty()) {
            faults.push(format!("13-004: a {role} without its words"));
        }
    }
    if headings == 0 {
        faults.push("14: no heading".into());
    }
    faults
}

/// Links say where they lead, and an element of the tree holds each.
fn check_links(document: &Document, arbre: &Arbre<'_>) -> Vec<String> {
    let mut faults = vec![];
    for (number, _, page) in list_pages(document) {
        let annotations = find(document, page, "Annots").map_or(&[][..], |all| all.as_array().expect("a list of annotations"));
        if !annotations.is_empty() && find_name(document, page, "Tabs") != Some(b"S") {
            faults.push(format!("28-008: page {number} has links, and no /Tabs /S"));
        }
        for annotation in annotations {
            let (id, annotation) = document.dereference(annotation).expect("an annotation");
            let annotation = annotation.as_dict().expect("an annotation");
            if find_name(document, annotation, "Subtype") != Some(b"Link") {
                continue;
            }
            let said = find(document, annotation, "Contents").and_then(|one| one.as_str().ok()).unwrap_or_default();
            if said.is_empty() {
                faults.push(format!("28-012: a link of page {number} has no /Contents"));
            }
            if !arbre.holds_lien(id, annotation) {
                faults.push(format!("28-011: a link of page {number} is not in the tree"));
            }
        }
    }
    faults
}

/// Every font is in the file, and says what its signs are.
fn check_fonts(document: &Document) -> Vec<String> {
    let mut faults = vec![];
    for font in list_dicts(document).into_iter().filter(|dict| dict.has_type(b"Font")) {
        let name = String::from_utf8_lossy(find_name(document, font, "BaseFont").unwrap_or(b"?")).into_owned();
        let subtype = find_name(document, font, "Subtype").unwrap_or_default();
        if !subtype.starts_with(b"CIDFont") && find(document, font, "ToUnicode").is_none() {
            faults.push(format!("10-001: the font {name} does not say its signs (/ToUnicode)"));
        }
        let descriptor = find_dict(document, font, "FontDescriptor");
        let is_inside =
            descriptor.is_some_and(|one| ["FontFile", "FontFile2", "FontFile3"].iter().any(|file| find(document, one, file).is_some()));
        if subtype != b"Type0" && subtype != b"Type3" && !is_inside {
            faults.push(format!("31-009: the font {name} is not in the file"));
        }
    }
    faults
}
