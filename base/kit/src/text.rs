//! Text as people type it, made comparable: the same folding on both databases (STACK, trap 2).

use deunicode::deunicode;

/// Lower case, without accents, words separated by one space: « Saint-Étienne » → « saint etienne ».
pub fn fold(text: &str) -> String {
    let ascii = deunicode(text).to_lowercase();
    ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a person typed in a field, without invisible characters and outer spaces; line breaks are kept.
pub fn tidy(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>().trim().to_string()
}

/// The text if it holds something once tidied.
pub fn some(text: &str) -> Option<String> {
    Some(tidy(text)).filter(|text| !text.is_empty())
}

/// Whether a text has the look of an e-mail address; only a message that arrives proves one.
pub fn is_courriel(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let is_clean =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || matches!(c, '@' | '<' | '>' | ',' | ';' | '"'));
    is_clean(name) && is_clean(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.') && text.len() <= 254
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_hyphens_do_not_matter() {
        assert_eq!(fold("  Saint-Étienne, l’Œuvre "), "saint etienne l oeuvre");
    }

    #[test]
    fn invisible_characters_are_dropped_and_line_breaks_kept() {
        assert_eq!(tidy(" a\u{0}b\r\nc "), "ab\nc");
        assert_eq!(some(" \u{0} "), None);
    }
}
