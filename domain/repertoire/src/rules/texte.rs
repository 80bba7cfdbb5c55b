//! Texts cut to what an entry can hold, where a sentence or a word ends.

/// The text itself, on one line, or its beginning: whole sentences when one fits in the last half, else whole words and « … ».
pub fn abreger(texte: &str, signes: usize) -> String {
    let texte = texte.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((limit, _)) = texte.char_indices().nth(signes) else { return texte };
    let Some(kept) = texte.get(..limit) else { return texte };
    let half = limit / 2;
    let sentence = kept
        .rmatch_indices(['.', '!', '?'])
        .map(|(at, sign)| at + sign.len())
        .find(|end| *end > half && kept.get(*end..).is_some_and(|rest| rest.starts_with(' ') || rest.is_empty()));
    if let Some(whole) = sentence.and_then(|end| kept.get(..end)) {
        return whole.trim_end().to_string();
    }
    let words = kept.rfind(' ').and_then(|end| kept.get(..end)).unwrap_or(kept);
    format!("{}…", words.trim_end_matches([',', ';', ':', '.', ' ', '\u{a0}']))
}

/// As a sentence ends: a point is added where no sign closes it.
pub fn finir(texte: &str) -> String {
    let texte = texte.trim_end();
    let bare = texte.trim_end_matches(['»', ')', ' ', '\u{a0}', '\u{202f}']);
    let is_closed = texte.is_empty() || bare.ends_with(['.', '!', '?', '…']);
    if is_closed { texte.to_string() } else { format!("{texte}.") }
}

/// With a capital.
pub fn begin(texte: &str) -> String {
    let mut signs = texte.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{abreger, finir};

    #[test]
    fn a_sentence_has_one_end() {
        for (typed, written) in [
            ("À domicile", "À domicile."),
            ("Partout !", "Partout !"),
            ("mots…", "mots…"),
            ("Dites « oui. »", "Dites « oui. »"),
            ("Sur rendez-vous (le lundi)", "Sur rendez-vous (le lundi)."),
            ("", ""),
        ] {
            assert_eq!(finir(typed), written);
        }
    }

    #[test]
    fn a_long_text_stops_where_a_sentence_or_a_word_ends() {
        assert_eq!(abreger("Nous aidons.\n\nVous  aussi.", 80), "Nous aidons. Vous aussi.");
        assert_eq!(abreger("Nous aidons toutes les familles. Venez nous voir.", 40), "Nous aidons toutes les familles.");
        assert_eq!(abreger("Ménage, repassage, courses et jardinage", 20), "Ménage, repassage…");
        assert_eq!(abreger(&"é".repeat(3_000), 10), format!("{}…", "é".repeat(10)));
        assert_eq!(abreger("", 10), "");
    }
}
