//! Texts that the fonts of the house can write: a PDF with an unknown sign is refused by the standard it promises.

use serde_json::Value;

const UNKNOWN: char = '□';

/// The same values: a letter without a font is replaced by « □ »; drawings without one, and signs that write nothing, are left out.
pub(crate) fn writable(value: Value, can_write: impl Fn(char) -> bool + Copy) -> Value {
    match value {
        Value::String(text) => Value::String(write(&text, can_write)),
        Value::Array(values) => values.into_iter().map(|one| writable(one, can_write)).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, one)| (name, writable(one, can_write))).collect(),
        other => other,
    }
}

fn write(text: &str, can_write: impl Fn(char) -> bool) -> String {
    let is_written = |sign: char| sign == '\n' || sign.is_whitespace() || can_write(sign);
    let kept = text.chars().filter(|&sign| sign == '\n' || !writes_nothing(sign));
    kept.filter(|&sign| is_written(sign) || sign.is_alphanumeric()).map(|sign| if is_written(sign) { sign } else { UNKNOWN }).collect()
}

/// Controls, joiners, direction marks and selectors of variants: what is left of an emoji once it is left out.
fn writes_nothing(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E01EF}')
}
