//! Pictures made of points, and how fine they are once placed on the page.

use lopdf::content::Operation;
use lopdf::{Dictionary, Document, Object};

use super::{find, find_dict, find_name, find_resources, list_pages, read_operations};

/// Pictures made of points: page, points across, and how many of them an inch holds, across and down.
pub fn list_images(document: &Document) -> Vec<(u32, i64, [f64; 2])> {
    let mut images = vec![];
    for (number, id, page) in list_pages(document) {
        let Some(resources) = find_resources(document, page) else { continue };
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
