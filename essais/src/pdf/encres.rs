//! Inks: what is drawn with, and what a press cannot put on paper (light, profiles of screens, what shows through).

use std::collections::BTreeSet;

use lopdf::content::Operation;
use lopdf::{Dictionary, Document, Object, Stream};

use super::{find, find_dict, find_name, list_dicts, list_traces, read_stream};

/// Colours that are drawn, pictures included: « CMYK 0.9 0.4 0.45 0.2 », « gray 1 », and « other » for what is no ink.
pub(super) fn list_teintes(document: &Document) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for trace in list_traces(document) {
        name_teintes(&trace.operations, &mut seen);
    }
    for dict in list_dicts(document) {
        for letter in find_dict(document, dict, "CharProcs").into_iter().flat_map(|letters| letters.iter()) {
            name_teintes(&letter.1.as_reference().map(|id| read_stream(document, id)).unwrap_or_default(), &mut seen);
        }
        seen.extend(list_spaces(document, dict));
        seen.extend(list_layers(document, dict));
    }
    for stream in document.objects.values().filter_map(|object| object.as_stream().ok()) {
        if find_name(document, &stream.dict, "Subtype") == Some(b"Image") {
            seen.insert(name_picture(document, stream));
        }
        // The composer writes nothing else in the dictionary of a profile than how many values a colour has; objects that are
        // packed together count theirs under the same name.
        if find(document, &stream.dict, "N").is_some() && find_name(document, &stream.dict, "Type") != Some(b"ObjStm") {
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
            "BI" => Some("other: a picture within the drawing".into()),
            _ => None,
        });
    }
}

fn name_picture(document: &Document, picture: &Stream) -> String {
    let space = find_name(document, &picture.dict, "ColorSpace").map(|name| String::from_utf8_lossy(name).into_owned());
    let space = space.unwrap_or_else(|| "a profile".into());
    if space == "DeviceCMYK" {
        let pixels = picture.get_plain_content().expect("pixels");
        let heaviest = pixels.chunks(4).map(|one| one.iter().map(|ink| u32::from(*ink)).sum::<u32>()).max();
        if heaviest > Some(3 * 255 + 3) {
            return format!("other: a picture wets the paper, {heaviest:?}");
        }
    }
    let is_ink = matches!(space.as_str(), "DeviceCMYK" | "DeviceGray");
    if is_ink { format!("picture {space}") } else { format!("other: picture {space}") }
}

/// Spaces of colours that a drawing may choose, a picture is in, or layers are mixed in, and that are no inks.
fn list_spaces(document: &Document, dict: &Dictionary) -> Vec<String> {
    let named = ["ColorSpace", "CS"].into_iter().filter_map(|name| Some((name, find(document, dict, name)?)));
    let wrong = named.filter(|(_, space)| !is_of_inks(document, space));
    wrong.map(|(name, space)| format!("other: a space of colours, /{name} {space:?}")).collect()
}

fn is_of_inks(document: &Document, space: &Object) -> bool {
    let leads = |part: Option<&Object>| part.is_some_and(|part| is_of_inks(document, part));
    match document.dereference(space) {
        Ok((_, Object::Name(name))) => matches!(name.as_slice(), b"DeviceCMYK" | b"DeviceGray" | b"Pattern"),
        Ok((_, Object::Dictionary(named))) => named.iter().all(|(_, space)| is_of_inks(document, space)),
        Ok((_, Object::Array(parts))) => match parts.first().and_then(|kind| kind.as_name().ok()) {
            Some(b"Indexed") => leads(parts.get(1)),
            Some(b"Pattern") => parts.len() == 1 || leads(parts.get(1)),
            Some(b"Separation" | b"DeviceN") => leads(parts.get(2)),
            _ => false,
        },
        _ => false,
    }
}

/// What lets what is under it show through, wherever it is written: a press mixes no layers.
fn list_layers(document: &Document, dict: &Dictionary) -> Vec<String> {
    let is_plain = |name: &Object| matches!(name.as_name(), Ok(b"Normal" | b"Compatible"));
    let mut seen = vec![];
    for name in ["ca", "CA"] {
        let opacity = find(document, dict, name).and_then(|one| one.as_float().ok());
        seen.extend(opacity.filter(|value| *value < 1.0).map(|value| format!("/{name} {value}")));
    }
    let mixed = match find(document, dict, "BM") {
        Some(Object::Array(names)) => !names.iter().all(is_plain),
        Some(name) => !is_plain(name),
        None => false,
    };
    let masked = find(document, dict, "SMask").is_some_and(|mask| mask.as_name().ok() != Some(b"None"));
    let packed = find(document, dict, "SMaskInData").is_some_and(|kind| kind.as_i64().ok() != Some(0));
    let grouped = find_name(document, dict, "S") == Some(b"Transparency");
    let told = [(mixed, "/BM"), (masked, "/SMask"), (packed, "/SMaskInData"), (grouped, "/Group")];
    seen.extend(told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, name)| name.to_string()));
    seen.into_iter().map(|name| format!("other: transparency, {name}")).collect()
}
