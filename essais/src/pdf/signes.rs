//! Each sign that is shown is known by its font: a voice says a letter, not the number of a drawing.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Encoding, Object, ObjectId};

use super::{Trace, find_dict, find_name};

/// Fonts, each with what it shows: the numbers of its drawings, as they are written.
type Montres = BTreeMap<ObjectId, BTreeSet<Vec<u8>>>;

pub(super) fn check_signes(document: &Document, traces: &[Trace<'_>]) -> Vec<String> {
    let (mut faults, mut shown) = (vec![], Montres::new());
    for trace in traces {
        if !gather(document, trace, &mut shown) {
            faults.push(format!("10-001: {} shows text in a font that it does not have", trace.nom));
        }
    }
    let fonts = shown.into_iter().filter_map(|(id, shown)| Some((document.get_dictionary(id).ok()?, shown)));
    faults.extend(fonts.flat_map(|(font, shown)| check_font(document, font, &shown)));
    faults
}

/// Notes what is shown in each font; whether each text has one.
fn gather(document: &Document, trace: &Trace<'_>, shown: &mut Montres) -> bool {
    let fonts = trace.resources.and_then(|all| find_dict(document, all, "Font"));
    let (mut now, mut kept, mut whole) = (None, vec![], true);
    for act in &trace.operations {
        match act.operator.as_str() {
            "q" => kept.push(now),
            "Q" => now = kept.pop().flatten(),
            "Tf" => {
                let name = act.operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
                now = fonts.and_then(|fonts| fonts.get(name).ok()?.as_reference().ok());
            }
            "Tj" | "TJ" | "'" | "\"" => {
                let texts: Vec<&[u8]> = act.operands.iter().flat_map(list_texts).filter(|text| !text.is_empty()).collect();
                match now {
                    Some(font) => shown.entry(font).or_default().extend(texts.into_iter().map(<[u8]>::to_vec)),
                    None => whole &= texts.is_empty(),
                }
            }
            _ => {}
        }
    }
    whole
}

fn list_texts(operand: &Object) -> Vec<&[u8]> {
    match operand {
        Object::String(text, _) => vec![text],
        Object::Array(parts) => parts.iter().flat_map(list_texts).collect(),
        _ => vec![],
    }
}

/// Only fonts of many signs, the only ones that the composer writes for text: two bytes a sign. Others are known by their /ToUnicode
/// being there, no more.
fn check_font(document: &Document, font: &Dictionary, shown: &BTreeSet<Vec<u8>>) -> Vec<String> {
    if find_name(document, font, "Subtype") != Some(b"Type0") || !font.has(b"ToUnicode") {
        return vec![];
    }
    let name = String::from_utf8_lossy(find_name(document, font, "BaseFont").unwrap_or(b"?")).into_owned();
    let Ok(Encoding::UnicodeMapEncoding(known)) = font.get_font_encoding(document) else {
        return vec![format!("10-001: the /ToUnicode of the font {name} does not read")];
    };
    let codes: BTreeSet<u16> = shown.iter().flat_map(|text| text.as_chunks::<2>().0).map(|code| u16::from_be_bytes(*code)).collect();
    // Neither nothing, nor what stands for nothing (ISO 14289-1, 7.21.7; and U+FFFD, « unknown »).
    let is_known = |code: &u16| {
        let said = known.get(u32::from(*code), 2).unwrap_or_default();
        !said.is_empty() && !said.iter().any(|unit| matches!(unit, 0 | 0xfeff | 0xfffd | 0xfffe))
    };
    let unknown = codes.iter().filter(|code| !is_known(code));
    unknown.map(|code| format!("10-001: the font {name} does not say its sign {code:04x}")).collect()
}
