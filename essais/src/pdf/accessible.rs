//! The checks that stand for veraPDF, which no registry has: what a program can tell of PDF/UA-1 (ISO 14289-1, Matterhorn Protocol), each
//! with the number of its checkpoint. What only a person can tell (is the alternative right?) is not here.

use lopdf::{Dictionary, Document, Object};

use super::{find, find_dict, find_name, list_pages, read_operations};

/// What is wrong, one sentence each; empty when all holds.
pub fn list_faults(document: &Document) -> Vec<String> {
    let Ok(catalog) = document.catalog() else { return vec!["no catalog".into()] };
    let mut faults = check_promises(document, catalog);
    faults.extend(check_tree(document, catalog));
    faults.extend(check_pages(document));
    faults.extend(check_fonts(document));
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
        (metadata.contains("<dc:title>"), "06-003: the metadata have no dc:title"),
        (is_true(find_dict(document, catalog, "ViewerPreferences"), "DisplayDocTitle"), "07-001: /DisplayDocTitle is not true"),
        (has_text(catalog, "Lang"), "11-006: the document has no /Lang"),
        (outlines.is_some_and(|one| one.has(b"First")), "no bookmark"),
    ];
    told.into_iter().filter(|(holds, _)| !holds).map(|(_, fault)| fault.to_string()).collect()
}

/// Headings do not skip a level, figures have their words.
fn check_tree(document: &Document, catalog: &Dictionary) -> Vec<String> {
    let Some(root) = find_dict(document, catalog, "StructTreeRoot") else { return vec!["01: no tree of the structure".into()] };
    let (mut faults, mut last, mut headings) = (vec![], 0, 0);
    walk(document, root, &mut |element| {
        let role = find_name(document, element, "S").unwrap_or_default();
        let role = String::from_utf8_lossy(
            find_dict(document, root, "RoleMap").and_then(|map| find_name(document, map, &String::from_utf8_lossy(role))).unwrap_or(role),
        )
        .into_owned();
        if let Some(level) = role.strip_prefix('H').and_then(|level| level.parse::<u8>().ok()) {
            if level > last + 1 {
                faults.push(format!("14-003: a heading of level {level} after one of level {last}"));
            }
            (last, headings) = (level, headings + 1);
        }
        let words = ["Alt", "ActualText"].into_iter().filter_map(|name| find(document, element, name)?.as_str().ok());
        if matches!(role.as_str(), "Figure" | "Formula") && !words.clone().any(|text| !text.is_empty()) {
            faults.push(format!("13-004: a {role} without its words"));
        }
    });
    if headings == 0 {
        faults.push("14: no heading".into());
    }
    faults
}

fn walk(document: &Document, element: &Dictionary, look: &mut impl FnMut(&Dictionary)) {
    let kids = match find(document, element, "K") {
        Some(Object::Array(kids)) => kids.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    for kid in kids.iter().filter_map(|kid| document.dereference(kid).ok()?.1.as_dict().ok()).filter(|kid| kid.has(b"S")) {
        look(kid);
        walk(document, kid, look);
    }
}

/// Links say where they lead and are in the tree; nothing is painted that is neither read aloud nor said to be an ornament.
fn check_pages(document: &Document) -> Vec<String> {
    let mut faults = vec![];
    for (number, id, page) in list_pages(document) {
        let annotations = document.get_page_annotations(id).unwrap_or_default();
        if !annotations.is_empty() && find_name(document, page, "Tabs") != Some(b"S") {
            faults.push(format!("28-008: page {number} has links, and no /Tabs /S"));
        }
        for link in annotations.into_iter().filter(|one| find_name(document, one, "Subtype") == Some(b"Link")) {
            let said = find(document, link, "Contents").and_then(|one| one.as_str().ok()).unwrap_or_default();
            if said.is_empty() {
                faults.push(format!("28-012: a link of page {number} has no /Contents"));
            }
            if !link.has(b"StructParent") {
                faults.push(format!("28-011: a link of page {number} is not in the tree"));
            }
        }
        let mut depth = 0_usize;
        for act in read_operations(&document.get_page_content(id)) {
            match act.operator.as_str() {
                "BDC" | "BMC" => depth += 1,
                "EMC" => depth = depth.saturating_sub(1),
                "Tj" | "TJ" | "Do" | "f" | "f*" | "S" | "B" | "sh" if depth == 0 => {
                    faults.push(format!("01-005: page {number} paints ({}) what is neither tagged nor an ornament", act.operator));
                }
                _ => {}
            }
        }
    }
    faults
}

/// Every font is in the file, and every sign of it is known.
fn check_fonts(document: &Document) -> Vec<String> {
    let dicts = document.objects.values().filter_map(|object| object.as_dict().ok());
    let fonts = dicts.filter(|dict| dict.has_type(b"Font"));
    let mut faults = vec![];
    for font in fonts {
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
