//! A PDF read back by a program that did not write it: how it is promised to be read aloud, and with what it is printed.

mod accessible;
mod encres;

pub use accessible::list_faults;
pub use encres::{Boites, list_boites, list_images, list_teintes};
pub use lopdf;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

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

fn list_pages(document: &Document) -> Vec<(u32, ObjectId, &Dictionary)> {
    let pages = document.get_pages().into_iter();
    pages.filter_map(|(number, id)| Some((number, id, document.get_dictionary(id).ok()?))).collect()
}

fn read_operations(bytes: &[u8]) -> Vec<Operation> {
    Content::decode(bytes).expect("a content that reads").operations
}
