//! What a print shop looks at: boxes, inks, and how fine pictures are.

use std::collections::BTreeSet;

use lopdf::content::Operation;
use lopdf::{Dictionary, Document, Object};

use super::{find, find_dict, find_name, list_pages, read_operations};

/// The boxes of a page, in millimetres: left, bottom, right, top.
#[derive(Clone, Debug, PartialEq)]
pub struct Boites {
    pub sheet: [f32; 4],
    pub bleed: [f32; 4],
    pub trim: [f32; 4],
}

/// Those of each page.
pub fn list_boites(document: &Document) -> Vec<Boites> {
    let read = |page: &Dictionary, name: &str| -> [f32; 4] {
        let corners = find(document, page, name).and_then(|one| one.as_array().ok()).unwrap_or_else(|| panic!("no {name}"));
        let corners: Vec<f32> = corners.iter().map(|one| one.as_float().expect("a number") * 25.4 / 72.0).collect();
        corners.try_into().expect("four corners")
    };
    let of = |page: &Dictionary| Boites { sheet: read(page, "MediaBox"), bleed: read(page, "BleedBox"), trim: read(page, "TrimBox") };
    list_pages(document).into_iter().map(|(_, _, page)| of(page)).collect()
}

/// Colours that are drawn, pictures included: « CMYK 0.9 0.4 0.45 0.2 », « gray 1 », and « other » for what is no ink.
pub fn list_teintes(document: &Document) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for (_, id, _) in list_pages(document) {
        name_teintes(&read_operations(&document.get_page_content(id)), &mut seen);
    }
    for stream in document.objects.values().filter_map(|object| object.as_stream().ok()) {
        match find_name(document, &stream.dict, "Subtype") {
            Some(b"Form") => name_teintes(&read_operations(&stream.get_plain_content().expect("a content")), &mut seen),
            Some(b"Image") => {
                let space = find_name(document, &stream.dict, "ColorSpace").map(|name| String::from_utf8_lossy(name).into_owned());
                let space = space.unwrap_or_else(|| "a profile".into());
                let is_ink = matches!(space.as_str(), "DeviceCMYK" | "DeviceGray");
                seen.insert(if is_ink { format!("picture {space}") } else { format!("other: picture {space}") });
                if space == "DeviceCMYK" {
                    let heaviest = stream
                        .get_plain_content()
                        .expect("pixels")
                        .chunks(4)
                        .map(|one| one.iter().map(|ink| u32::from(*ink)).sum::<u32>())
                        .max();
                    assert!(heaviest <= Some(3 * 255 + 3), "a picture wets the paper: {heaviest:?}");
                }
            }
            _ => {}
        }
        if stream.dict.has(b"SMask") {
            seen.insert("other: transparency".into());
        }
        if stream.dict.has(b"N") && stream.dict.has(b"Alternate") {
            seen.insert("other: a profile of colours".into());
        }
    }
    seen
}

fn name_teintes(operations: &[Operation], seen: &mut BTreeSet<String>) {
    for act in operations {
        let values: Vec<String> =
            act.operands.iter().map(|one| one.as_float().map_or_else(|_| format!("{one:?}"), |value| format!("{value:.3}"))).collect();
        let values = values.join(" ");
        seen.extend(match act.operator.as_str() {
            "k" | "K" => Some(format!("CMYK {values}")),
            "g" | "G" => Some(format!("gray {values}")),
            "rg" | "RG" | "cs" | "CS" | "sc" | "SC" | "scn" | "SCN" | "sh" => Some(format!("other: {} {values}", act.operator)),
            _ => None,
        });
    }
}

/// Pictures made of points: page, points across, and how many of them an inch holds, across and down.
pub fn list_images(document: &Document) -> Vec<(u32, i64, [f64; 2])> {
    let mut images = vec![];
    for (number, id, page) in list_pages(document) {
        let Some(resources) = find_dict(document, page, "Resources") else { continue };
        let mut found = vec![];
        place(document, (&read_operations(&document.get_page_content(id)), resources), DROIT, &mut found);
        images.extend(found.into_iter().map(|(width, finesse)| (number, width, finesse)));
    }
    images
}

type Matrice = [f64; 6];
const DROIT: Matrice = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn place(document: &Document, (operations, resources): (&[Operation], &Dictionary), from: Matrice, found: &mut Vec<(i64, [f64; 2])>) {
    let (mut now, mut kept) = (from, vec![]);
    for act in operations {
        match act.operator.as_str() {
            "q" => kept.push(now),
            "Q" => now = kept.pop().unwrap_or(from),
            "cm" => now = multiply(read_matrice(&act.operands), now),
            "Do" => {
                let name = String::from_utf8_lossy(act.operands[0].as_name().expect("a name")).into_owned();
                let drawn = find_dict(document, resources, "XObject")
                    .and_then(|all| find(document, all, &name)?.as_stream().ok())
                    .expect("what is drawn");
                let number = |name: &str| find(document, &drawn.dict, name).and_then(|one| one.as_i64().ok());
                if let (Some(b"Image"), Some(width), Some(height)) =
                    (find_name(document, &drawn.dict, "Subtype"), number("Width"), number("Height"))
                {
                    let inches = [now[0].hypot(now[1]), now[2].hypot(now[3])].map(|points| points / 72.0);
                    found.push((width, [width as f64 / inches[0], height as f64 / inches[1]]));
                } else {
                    let matrice =
                        find(document, &drawn.dict, "Matrix").and_then(|one| one.as_array().ok()).map_or(DROIT, |one| read_matrice(one));
                    let inside = find_dict(document, &drawn.dict, "Resources").unwrap_or(resources);
                    let content = drawn.get_plain_content().expect("a content");
                    place(document, (&read_operations(&content), inside), multiply(matrice, now), found);
                }
            }
            _ => {}
        }
    }
}

fn read_matrice(operands: &[Object]) -> Matrice {
    let values: Vec<f64> = operands.iter().map(|one| f64::from(one.as_float().expect("a number"))).collect();
    values.try_into().expect("six numbers")
}

fn multiply(one: Matrice, then: Matrice) -> Matrice {
    let [a, b, c, d, e, f] = one;
    let [p, q, r, s, t, u] = then;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}
