//! The tree of the structure, read both ways: from its elements to what they hold on pages, and from pages back to elements.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{find, find_dict, find_name};

/// What the tree holds.
pub(super) struct Arbre<'a> {
    document: &'a Document,
    root: &'a Dictionary,
    /// Elements, in the order in which they are read aloud, each with its role.
    pub elements: Vec<(String, &'a Dictionary)>,
    /// What is marked on a page (or in a drawing), under which number, and the element that holds it.
    marques: BTreeMap<(ObjectId, i64), Option<ObjectId>>,
    /// Annotations that an element of role Link holds.
    liens: BTreeMap<ObjectId, Option<ObjectId>>,
}

impl<'a> Arbre<'a> {
    pub fn read(document: &'a Document, catalog: &'a Dictionary) -> Option<Self> {
        let root = find_dict(document, catalog, "StructTreeRoot")?;
        let mut arbre = Self { document, root, elements: vec![], marques: BTreeMap::new(), liens: BTreeMap::new() };
        arbre.walk(None, root, "");
        Some(arbre)
    }

    fn walk(&mut self, id: Option<ObjectId>, element: &'a Dictionary, role: &str) {
        let page = element.get(b"Pg").and_then(Object::as_reference).ok();
        let kids = match find(self.document, element, "K") {
            Some(Object::Array(kids)) => kids.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        for kid in kids {
            match self.document.dereference(kid) {
                Ok((_, Object::Integer(number))) => self.marques.extend(page.map(|page| ((page, *number), id))),
                Ok((found, Object::Dictionary(held))) if held.has(b"S") => {
                    let role = self.read_role(held);
                    self.elements.push((role.clone(), held));
                    self.walk(found, held, &role);
                }
                Ok((_, Object::Dictionary(held))) => self.note(id, held, (page, role)),
                _ => {}
            }
        }
    }

    /// What is held by its name: content of a page or of a drawing, or an annotation.
    fn note(&mut self, id: Option<ObjectId>, held: &Dictionary, (page, role): (Option<ObjectId>, &str)) {
        let find_id = |name: &[u8]| held.get(name).and_then(Object::as_reference).ok();
        if let Ok(number) = held.get(b"MCID").and_then(Object::as_i64) {
            let place = find_id(b"Stm").or(find_id(b"Pg")).or(page);
            self.marques.extend(place.map(|place| ((place, number), id)));
        }
        if role == "Link" {
            self.liens.extend(find_id(b"Obj").map(|lien| (lien, id)));
        }
    }

    /// Its role, or the known one that stands for it.
    fn read_role(&self, element: &Dictionary) -> String {
        let role = String::from_utf8_lossy(find_name(self.document, element, "S").unwrap_or_default()).into_owned();
        let map = find_dict(self.document, self.root, "RoleMap");
        map.and_then(|map| find_name(self.document, map, &role)).map_or(role.clone(), |known| String::from_utf8_lossy(known).into_owned())
    }

    /// What is wrong with what is marked under this number; none when the tree holds it, and is found back from the page.
    pub fn refuse_marque(&self, place: (ObjectId, &Dictionary), number: i64) -> Option<&'static str> {
        let Some(element) = self.marques.get(&(place.0, number)) else { return Some("no element of the tree holds it") };
        let parents = self.find_parent(place.1, "StructParents").and_then(|one| one.as_array().ok());
        let parent = usize::try_from(number).ok().and_then(|number| parents?.get(number)?.as_reference().ok());
        (parent.is_none() || parent != *element).then_some("/ParentTree does not lead to its element")
    }

    pub fn holds_lien(&self, id: Option<ObjectId>, lien: &Dictionary) -> bool {
        let parent = self.find_parent(lien, "StructParent").and_then(|one| one.as_reference().ok());
        parent.is_some() && id.and_then(|id| self.liens.get(&id)).is_some_and(|element| *element == parent)
    }

    /// What the tree of parents has under the number that a page or an annotation tells; as it is written there.
    fn find_parent(&self, child: &Dictionary, name: &str) -> Option<&'a Object> {
        let number = find(self.document, child, name)?.as_i64().ok()?;
        let found = self.find_number(find_dict(self.document, self.root, "ParentTree")?, number)?;
        // An element is known by its reference, a list of them by what it holds.
        let (_, read) = self.document.dereference(found).ok()?;
        Some(if read.as_array().is_ok() { read } else { found })
    }

    fn find_number(&self, node: &'a Dictionary, number: i64) -> Option<&'a Object> {
        if let Some(pairs) = find(self.document, node, "Nums").and_then(|one| one.as_array().ok()) {
            return pairs.as_chunks::<2>().0.iter().find(|[key, _]| key.as_i64().ok() == Some(number)).map(|[_, value]| value);
        }
        let kids = find(self.document, node, "Kids")?.as_array().ok()?;
        kids.iter().find_map(|kid| self.find_number(self.document.dereference(kid).ok()?.1.as_dict().ok()?, number))
    }
}
