//! A PDF read back by a program that did not write it: how it is promised to be read aloud, and with what it is printed.

mod accessible;
mod arbre;
mod encres;
mod images;
mod marques;
mod presse;
mod signes;

pub use accessible::list_faults;
pub use images::list_images;
pub use lopdf;
pub use presse::list_print_faults;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// What an entry of a dictionary points to.
fn find<'a>(document: &'a Document, dict: &'a Dictionary, name: &str) -> Option<&'a Object> {
    let (_, found) = document.dereference(dict.get(name.as_bytes()).ok()?).ok()?;
    (!found.is_null()).then_some(found)
}

fn find_dict<'a>(document: &'a Document, dict: &'a Dictionary, name: &str) -> Option<&'a Dictionary> {
    match find(document, dict, name)? {
        Object::Dictionary(found) => Some(found),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

fn find_name<'a>(document: &'a Document, dict: &'a Dictionary, name: &str) -> Option<&'a [u8]> {
    find(document, dict, name)?.as_name().ok()
}

/// What a page names, by itself or through what holds it.
fn find_resources<'a>(document: &'a Document, page: &'a Dictionary) -> Option<&'a Dictionary> {
    find_dict(document, page, "Resources").or_else(|| find_resources(document, find_dict(document, page, "Parent")?))
}

fn list_pages(document: &Document) -> Vec<(u32, ObjectId, &Dictionary)> {
    let pages = document.get_pages().into_iter();
    pages.filter_map(|(number, id)| Some((number, id, document.get_dictionary(id).ok()?))).collect()
}

/// Every dictionary, of streams and within others too: what is written in the page itself has no object of its own.
fn list_dicts(document: &Document) -> Vec<&Dictionary> {
    let (mut dicts, mut left) = (vec![], document.objects.values().collect::<Vec<_>>());
    while let Some(object) = left.pop() {
        match object {
            Object::Array(parts) => left.extend(parts),
            Object::Dictionary(dict) | Object::Stream(Stream { dict, .. }) => {
                dicts.push(dict);
                left.extend(dict.iter().map(|(_, entry)| entry));
            }
            _ => {}
        }
    }
    dicts
}

/// Something drawn, with what it names: a page, or a drawing that pages place.
struct Trace<'a> {
    /// « page 3 », « a drawing ».
    nom: String,
    id: ObjectId,
    dict: &'a Dictionary,
    resources: Option<&'a Dictionary>,
    operations: Vec<Operation>,
    is_page: bool,
}

fn list_traces(document: &Document) -> Vec<Trace<'_>> {
    let pages = list_pages(document).into_iter().map(|(number, id, dict)| Trace {
        nom: format!("page {number}"),
        id,
        dict,
        resources: find_resources(document, dict),
        operations: read_operations(&document.get_page_content(id)),
        is_page: true,
    });
    let streams = document.objects.iter().filter_map(|(id, object)| Some((*id, object.as_stream().ok()?)));
    let placed =
        streams.filter(|(_, stream)| find_name(document, &stream.dict, "Subtype") == Some(b"Form") || stream.dict.has(b"PatternType"));
    let placed = placed.map(|(id, Stream { dict, .. })| (id, dict)).map(|(id, dict)| Trace {
        nom: "a drawing".into(),
        id,
        dict,
        resources: find_dict(document, dict, "Resources"),
        operations: read_stream(document, id),
        is_page: false,
    });
    pages.chain(placed).collect()
}

fn read_stream(document: &Document, id: ObjectId) -> Vec<Operation> {
    let stream = document.get_object(id).and_then(Object::as_stream).expect("a drawing");
    read_operations(&stream.get_plain_content().expect("a content"))
}

/// To the last one: the lenient reading stops without a word at the first act that it does not know, and what follows would pass unseen.
fn read_operations(bytes: &[u8]) -> Vec<Operation> {
    Content::decode_strict(bytes).expect("a content that reads").operations
}
