//! What is painted is read aloud or said to be an ornament: the marks around it in the content of pages.

use lopdf::content::Operation;
use lopdf::{Document, Object};

use super::arbre::Arbre;
use super::{Trace, find, find_dict};

/// What paints: text, paths, shadings, what is placed, and pictures within the content.
const PEINT: [&str; 16] = ["Tj", "TJ", "'", "\"", "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "BI"];

/// What a mark says of what it holds.
#[derive(Clone, Copy, PartialEq)]
enum Marque {
    Ornement,
    /// The tree holds it under this number.
    Lue(i64),
    /// Only a language, or words in place of signs: nothing of the tree.
    Autre,
}

pub(super) fn check_marques(document: &Document, arbre: &Arbre<'_>, trace: &Trace<'_>) -> Vec<String> {
    let (mut faults, mut open, nom) = (vec![], vec![], &trace.nom);
    for act in &trace.operations {
        match act.operator.as_str() {
            "BDC" | "BMC" => {
                let marque = read_marque(document, trace, act);
                faults.extend(refuse(arbre, trace, &open, marque).map(|why| format!("{why} ({nom})")));
                open.push(marque);
            }
            "EMC" if open.pop().is_none() => faults.push(format!("01-005: {nom} closes a mark that is not open")),
            // What a drawing paints is marked where it is placed.
            paints if trace.is_page && PEINT.contains(&paints) && open.iter().all(|one| *one == Marque::Autre) => {
                faults.push(format!("01-005: {nom} paints ({paints}) what is neither tagged nor an ornament"));
            }
            _ => {}
        }
    }
    if !open.is_empty() {
        faults.push(format!("01-005: {nom} leaves a mark open"));
    }
    faults
}

fn read_marque(document: &Document, trace: &Trace<'_>, act: &Operation) -> Marque {
    if act.operands.first().and_then(|tag| tag.as_name().ok()) == Some(b"Artifact") {
        return Marque::Ornement;
    }
    let properties = match act.operands.get(1) {
        Some(Object::Dictionary(written)) => Some(written),
        Some(Object::Name(name)) => {
            let named = trace.resources.and_then(|all| find_dict(document, all, "Properties"));
            named.and_then(|named| find_dict(document, named, &String::from_utf8_lossy(name)))
        }
        _ => None,
    };
    let number = properties.and_then(|all| find(document, all, "MCID")?.as_i64().ok());
    number.map_or(Marque::Autre, Marque::Lue)
}

fn refuse(arbre: &Arbre<'_>, trace: &Trace<'_>, around: &[Marque], marque: Marque) -> Option<String> {
    match marque {
        Marque::Ornement if around.iter().any(|one| matches!(one, Marque::Lue(_))) => Some("01-003: an ornament in what is tagged".into()),
        Marque::Lue(_) if around.contains(&Marque::Ornement) => Some("01-004: something tagged in an ornament".into()),
        Marque::Lue(number) => {
            arbre.refuse_marque((trace.id, trace.dict), number).map(|why| format!("01-005: something is marked (MCID {number}), {why}"))
        }
        Marque::Ornement | Marque::Autre => None,
    }
}
