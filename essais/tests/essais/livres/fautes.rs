//! The checks that stand for veraPDF and for the eye of a print shop are worth something: a right book in which one thing is broken is
//! refused for that thing, and for nothing else.

use essais::pdf::lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use essais::pdf::{list_faults, list_print_faults};

/// Breaks one thing; whether there was something to break.
type Mutation<'a> = &'a dyn Fn(&mut Document) -> bool;

fn tell_each(whole: &Document, list: fn(&Document) -> Vec<String>, mutations: &[(&str, Mutation<'_>)]) {
    for (fault, mutate) in mutations {
        let mut document = whole.clone();
        assert!(mutate(&mut document), "{fault}: nothing to change");
        let said = list(&document);
        assert!(!said.is_empty(), "{fault} is not seen");
        assert!(said.iter().all(|one| one.contains(fault)), "{fault}, and more: {said:?}");
    }
}

pub(super) fn tell_what_a_screen_reader_misses(whole: &Document) {
    let catalog =
        |name: &'static str| move |document: &mut Document| spoil(document, |dict| is(dict, "Type", "Catalog") && remove(dict, name));
    tell_each(
        whole,
        list_faults,
        &[
            ("11-006", &catalog("Lang")),
            ("/Marked", &catalog("MarkInfo")),
            ("07-001", &catalog("ViewerPreferences")),
            ("bookmark", &catalog("Outlines")),
            ("01: no tree", &catalog("StructTreeRoot")),
            ("06-002", &|document| rewrite(document, "Metadata", |text| text.replace("<pdfuaid:part>1<", "<pdfuaid:part>2<"))),
            ("06-003", &|document| rewrite(document, "Metadata", |text| text.replace("dc:title>", "dc:rights>"))),
            ("06-003", &|document| rewrite(document, "Metadata", empty_title)),
            ("13-004", &|document| spoil(document, |dict| is(dict, "S", "Figure") && (remove(dict, "Alt") || remove(dict, "ActualText")))),
            ("14-003", &|document| spoil(document, |dict| is(dict, "S", "H2") && put(dict, "S", "H4"))),
            ("14: no heading", &|document| {
                let is_heading = |dict: &Dictionary| ["H1", "H2", "H3", "H4"].iter().any(|role| is(dict, "S", role));
                spoil_all(document, |dict| is_heading(dict) && put(dict, "S", "P"))
            }),
            ("28-008", &|document| spoil(document, |dict| dict.has(b"Annots") && remove(dict, "Tabs"))),
            ("28-011", &|document| spoil(document, |dict| is(dict, "Subtype", "Link") && remove(dict, "StructParent"))),
            ("28-011", &|document| spoil(document, |dict| is(dict, "S", "Link") && put(dict, "S", "Span"))),
            ("28-011", &|document| spoil(document, |dict| is(dict, "S", "Link") && lose_kid(dict, |kid| kid.as_dict().is_ok()))),
            ("28-012", &|document| spoil(document, |dict| is(dict, "Subtype", "Link") && remove(dict, "Contents"))),
            ("its signs (/ToUnicode)", &|document| spoil(document, |dict| is(dict, "Subtype", "Type0") && remove(dict, "ToUnicode"))),
            ("does not say its sign 0001", &|document| rewrite(document, "CMap", |text| text.replace("<0001> <", "<FFF1> <"))),
            ("does not say its sign 0001", &|document| rewrite(document, "CMap", |text| text.replace("<0001> <00", "<0001> <0000> %"))),
            ("31-009", &|document| spoil(document, |dict| remove(dict, "FontFile2") || remove(dict, "FontFile3"))),
            ("no element of the tree holds it", &|document| {
                spoil(document, |dict| is(dict, "Type", "StructElem") && lose_kid(dict, |kid| kid.as_i64().is_ok()))
            }),
            ("/ParentTree does not lead", &lose_a_parent),
            ("01-005", &|document| paint(document, "/P BMC 0 0 9 9 re f EMC")),
            ("01-005", &|document| paint(document, "/P /rien BDC 0 0 9 9 re f EMC")),
            ("01-005", &|document| paint(document, "/Span <</Lang (fr)>> BDC 0 0 9 9 re f EMC")),
            ("no element of the tree holds it", &|document| paint(document, "/P <</MCID 9999>> BDC 0 0 9 9 re f EMC")),
            ("leaves a mark open", &|document| paint(document, "/Artifact BMC")),
            ("closes a mark", &|document| paint(document, "EMC")),
            ("01-003", &|document| paint(document, "/P <</MCID 0>> BDC /Artifact BMC EMC EMC")),
            ("01-004", &|document| paint(document, "/Artifact BMC /P <</MCID 0>> BDC EMC EMC")),
            ("in a font that it does not have", &|document| paint(document, "/Artifact BMC BT (A) Tj ET EMC")),
        ],
    );
    tell_each_painting(whole);
}

/// Every act that paints is seen where nothing is marked, and none in an ornament.
fn tell_each_painting(whole: &Document) {
    let image = "BI /W 1 /H 1 /BPC 8 /CS /G ID x\nEI";
    let acts = ["() Tj", "[] TJ", "() '", "0 0 () \"", "/x Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "/x sh", image];
    let acts = acts.join("\n");
    let mut document = whole.clone();
    assert!(paint(&mut document, &format!("/Artifact BMC\n{acts}\nEMC")));
    assert_eq!(list_faults(&document), Vec::<String>::new(), "an ornament");
    assert!(paint(&mut document, &acts));
    let said = list_faults(&document);
    let seen: Vec<&str> = said.iter().filter_map(|one| one.strip_prefix("01-005: page 1 paints (")?.split(')').next()).collect();
    assert_eq!(seen, ["Tj", "TJ", "'", "\"", "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "BI"], "{said:?}");
    assert_eq!(said.len(), seen.len(), "{said:?}");
}

pub(super) fn tell_what_a_print_shop_refuses(whole: &Document) {
    let points = 72.0 / 25.4_f32;
    let profile = |values: i64| Stream::new(dictionary! { "N" => values, "Range" => vec![0.into(), 1.into()] }, vec![]);
    let transparent = dictionary! { "S" => "Transparency" };
    let light = || vec!["CalRGB".into(), Object::Dictionary(dictionary! {})];
    tell_each(
        whole,
        list_print_faults,
        &[
            ("folded in four: 0", &|document| {
                let pages: Vec<u32> = document.get_pages().into_keys().collect();
                document.delete_pages(&pages);
                true
            }),
            ("folded in four", &|document| {
                document.delete_pages(&[1]);
                true
            }),
            ("boxes", &|document| spoil_page(document, |page| remove(page, "TrimBox"))),
            ("bleed", &|document| spoil_page(document, |page| move_sides(page, ("TrimBox", "BleedBox"), -3.0 * points))),
            ("sheet", &|document| spoil_page(document, |page| move_sides(page, ("TrimBox", "MediaBox"), -10.0 * points))),
            ("sheet", &|document| spoil_page(document, |page| move_sides(page, ("TrimBox", "MediaBox"), 0.0))),
            ("the paper is wet", &|document| paint(document, "1 1 0.9 0.2 k")),
            ("no ink: rg", &|document| paint(document, "1 0 0 rg")),
            ("no ink: RG", &|document| add(document, Stream::new(dictionary! { "Subtype" => "Form" }, b"1 0 0 RG".to_vec()))),
            ("no ink: rg", &|document| add(document, Stream::new(dictionary! { "PatternType" => 1 }, b"1 0 0 rg".to_vec()))),
            ("no ink: rg", &|document| {
                let letter = document.add_object(Stream::new(dictionary! {}, b"1 0 0 rg".to_vec()));
                add(document, dictionary! { "CharProcs" => dictionary! { "a" => letter } })
            }),
            ("no ink: scn", &|document| paint(document, "0.1 0.2 0.3 scn")),
            ("a picture within the drawing", &|document| paint(document, "BI /W 1 /H 1 /BPC 8 /CS /RGB ID xyz\nEI")),
            ("picture wets", &|document| add(document, picture("DeviceCMYK", &[255, 255, 255, 100]))),
            ("a profile of colours", &|document| add(document, profile(3))),
            ("a profile of colours", &|document| add(document, profile(4))),
            ("/ColorSpace", &|document| {
                // Its profile says no number of values: only what leads to it can tell.
                let profile = document.add_object(Stream::new(dictionary! {}, vec![]));
                add(document, dictionary! { "ColorSpace" => dictionary! { "c0" => vec!["ICCBased".into(), profile.into()] } })
            }),
            ("/ColorSpace", &|document| add(document, dictionary! { "ShadingType" => 2, "ColorSpace" => "DeviceRGB" })),
            ("/ColorSpace", &|document| add(document, dictionary! { "ColorSpace" => light() })),
            ("/ColorSpace", &|document| {
                add(document, dictionary! { "ColorSpace" => vec!["Indexed".into(), "DeviceRGB".into(), 0.into(), "rgb".into()] })
            }),
            ("/ColorSpace", &|document| {
                add(document, dictionary! { "ColorSpace" => vec!["Separation".into(), "All".into(), light().into(), Object::Null] })
            }),
            ("/CS", &|document| spoil_page(document, |page| put(page, "Group", dictionary! { "CS" => "DeviceRGB" }))),
            ("transparency, /Group", &|document| spoil_page(document, |page| put(page, "Group", transparent.clone()))),
            ("transparency, /ca", &|document| set_state(document, "ca", 0.5)),
            ("transparency, /CA", &|document| set_state(document, "CA", 0)),
            ("transparency, /BM", &|document| set_state(document, "BM", "Multiply")),
            ("transparency, /BM", &|document| set_state(document, "BM", vec!["Screen".into(), "Normal".into()])),
            ("transparency, /SMask", &|document| set_state(document, "SMask", dictionary! { "Type" => "Mask" })),
            ("transparency, /SMask", &|document| {
                spoil(document, |dict| is(dict, "Subtype", "Image") && put(dict, "SMask", Stream::new(dictionary! {}, vec![])))
            }),
            ("transparency, /SMaskInData", &|document| spoil(document, |dict| is(dict, "Subtype", "Image") && put(dict, "SMaskInData", 1))),
        ],
    );
    let mut document = whole.clone();
    for (name, plain) in [("ca", 1.into()), ("CA", 1.0.into()), ("BM", "Normal".into()), ("SMask", Object::from("None"))] {
        assert!(set_state(&mut document, name, plain));
    }
    let inks = |kind: &str, rest: Vec<Object>| [vec![kind.into()], rest].concat();
    let spots = inks("Separation", vec!["All".into(), "DeviceCMYK".into(), Object::Null]);
    assert!(add(
        &mut document,
        dictionary! { "ColorSpace" => dictionary! { "c0" => spots, "c1" => inks("Indexed", vec!["DeviceGray".into()]) } }
    ));
    assert!(add(&mut document, picture("DeviceCMYK", &[255, 255, 0, 255])));
    assert_eq!(list_print_faults(&document), Vec::<String>::new(), "what is plain is not refused");
}

fn is(dict: &Dictionary, name: &str, value: &str) -> bool {
    dict.get(name.as_bytes()).and_then(Object::as_name).ok() == Some(value.as_bytes())
}

fn remove(dict: &mut Dictionary, name: &str) -> bool {
    dict.remove(name.as_bytes()).is_some()
}

fn put(dict: &mut Dictionary, name: &str, value: impl Into<Object>) -> bool {
    dict.set(name, value);
    true
}

fn add(document: &mut Document, object: impl Into<Object>) -> bool {
    document.add_object(object);
    true
}

fn list_dicts(document: &mut Document) -> impl Iterator<Item = &mut Dictionary> {
    document.objects.values_mut().filter_map(|object| match object {
        Object::Stream(stream) => Some(&mut stream.dict),
        other => other.as_dict_mut().ok(),
    })
}

fn spoil(document: &mut Document, mut change: impl FnMut(&mut Dictionary) -> bool) -> bool {
    list_dicts(document).any(&mut change)
}

fn spoil_all(document: &mut Document, mut change: impl FnMut(&mut Dictionary) -> bool) -> bool {
    list_dicts(document).filter_map(|dict| change(dict).then_some(())).count() > 0
}

fn first_page(document: &Document) -> ObjectId {
    document.get_pages()[&1]
}

fn spoil_page(document: &mut Document, change: impl FnOnce(&mut Dictionary) -> bool) -> bool {
    let page = first_page(document);
    change(document.get_dictionary_mut(page).unwrap())
}

/// Draws on the first page, after all the rest.
fn paint(document: &mut Document, acts: &str) -> bool {
    let page = first_page(document);
    document.add_page_contents(page, acts.as_bytes().to_vec()).is_ok()
}

fn set_state(document: &mut Document, name: &str, value: impl Into<Object>) -> bool {
    let state = dictionary! { "Type" => "ExtGState", name => value.into() };
    spoil_page(document, |page| put(page, "Resources", dictionary! { "ExtGState" => dictionary! { "g0" => state } }))
}

fn picture(space: &str, pixels: &[u8]) -> Stream {
    Stream::new(dictionary! { "Subtype" => "Image", "Width" => 1, "Height" => 1, "ColorSpace" => space }, pixels.to_vec())
}

/// One box as far around another, in points, on each side.
fn move_sides(page: &mut Dictionary, (from, to): (&str, &str), by: f32) -> bool {
    let sides: Vec<f32> = page.get(from.as_bytes()).unwrap().as_array().unwrap().iter().map(|one| one.as_float().unwrap()).collect();
    let moved = [sides[0] - by, sides[1] - by, sides[2] + by, sides[3] + by];
    put(page, to, moved.map(Object::Real).to_vec())
}

/// An element loses the first of what it holds that is such.
fn lose_kid(element: &mut Dictionary, is_such: fn(&Object) -> bool) -> bool {
    let Ok(kids) = element.get_mut(b"K").and_then(Object::as_array_mut) else { return false };
    let found = kids.iter().position(is_such);
    found.map(|place| kids.remove(place)).is_some()
}

/// The first page that has one no longer finds its first element.
fn lose_a_parent(document: &mut Document) -> bool {
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let parents = document.get_dictionary(root).unwrap().get(b"ParentTree").unwrap().as_dict().unwrap().get(b"Nums").unwrap();
    let parents: Vec<ObjectId> = parents.as_array().unwrap().iter().filter_map(|one| one.as_reference().ok()).collect();
    let lists = parents.into_iter().find(|id| document.get_object(*id).is_ok_and(|one| one.as_array().is_ok_and(|all| !all.is_empty())));
    lists.is_some_and(|id| {
        document.get_object_mut(id).and_then(Object::as_array_mut).unwrap()[0] = Object::Null;
        true
    })
}

/// Rewrites the first text of this type that changes.
fn rewrite(document: &mut Document, kind: &str, change: impl Fn(String) -> String) -> bool {
    document.objects.values_mut().filter_map(|object| object.as_stream_mut().ok()).any(|stream| {
        if !is(&stream.dict, "Type", kind) {
            return false;
        }
        let text = String::from_utf8(stream.get_plain_content().unwrap()).unwrap();
        let changed = change(text.clone());
        let is_changed = changed != text;
        stream.set_plain_content(changed.into_bytes());
        is_changed
    })
}

fn empty_title(metadata: String) -> String {
    let Some((before, rest)) = metadata.split_once("<dc:title>") else { return metadata };
    let (_, after) = rest.split_once("</dc:title>").unwrap();
    format!("{before}<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\"></rdf:li></rdf:Alt></dc:title>{after}")
}
