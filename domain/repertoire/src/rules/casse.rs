//! Names as they print: a record typed all in capitals shouts from the page.

/// Words that stay small inside a name.
const PETITS: [&str; 22] = [
    "a", "à", "au", "aux", "chez", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sous", "sur",
    "un",
];

/// Initials that have vowels, and would pass for words; also as they are often mistyped.
const SIGLES: [&str; 59] = [
    "ACI", "ADAR", "ADAPA", "ADAPEI", "ADIL", "ADMR", "AIAD", "ANSP", "APA", "APAJH", "APEI", "APF", "ASSAD", "CAF", "CCAS", "CIAS",
    "CIDFF", "CLIC", "CMPEA", "EHPA", "EHPAD", "EI", "EIRL", "EPHAD", "ESAT", "ETTI", "EURL", "FAM", "FEPEM", "GEM", "GIE", "IME", "MAIA",
    "MAM", "MARPA", "MDPH", "MECS", "MJC", "MSA", "PFR", "PMI", "RAM", "RPE", "SAAD", "SAD", "SAMSAH", "SARL", "SAS", "SASU", "SAVS",
    "SCIC", "SCOP", "SESSAD", "SIAD", "SPASAD", "SSIAD", "UDAF", "UNA", "UNAPEI",
];
/// Words without a vowel that are no initials.
const ABREGES: [&str; 4] = ["ST", "DR", "MR", "ND"];

/// What a text in capitals is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dit {
    Nom,
    Phrase,
}

/// The name itself, unless it is written all in capitals: then each word as a French hand writes it, initials kept.
pub fn adoucir(nom: &str) -> String {
    soften(nom, Dit::Nom)
}

/// The same of a service, which is a phrase and not a name: « EMPLOYER QUELQU’UN » → « Employer quelqu’un ».
pub fn adoucir_phrase(phrase: &str) -> String {
    soften(phrase, Dit::Phrase)
}

fn soften(typed: &str, dit: Dit) -> String {
    let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_shouted = typed.chars().filter(|letter| letter.is_alphabetic()).count() > 6 && !typed.chars().any(char::is_lowercase);
    if !is_shouted {
        return typed;
    }
    let mut written = String::new();
    for word in typed.split_inclusive([' ', '-', '\'', '’', '(', ')', '/', ',']) {
        let (word, end) =
            word.char_indices().next_back().filter(|(_, last)| !last.is_alphanumeric()).map_or((word, ""), |(at, _)| word.split_at(at));
        // « P’tits »: what follows a word cut short goes on with it.
        let is_cut_short = written.strip_suffix(['\'', '’']).is_some_and(|before| before == "P" || before.ends_with(" P"));
        let is_small = is_cut_short || (dit == Dit::Phrase && !written.is_empty());
        written.push_str(&if is_small && !is_sigle(word) { word.to_lowercase() } else { write_word(word, written.is_empty()) });
        written.push_str(end);
    }
    written
}

fn write_word(word: &str, is_first: bool) -> String {
    let lower = word.to_lowercase();
    if is_sigle(word) {
        word.to_string()
    } else if PETITS.contains(&lower.as_str()) && !is_first {
        lower
    } else {
        let mut letters = lower.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// « ADMR » is known, « A.D.M.R » has points, « SSR » has no vowel to be read with.
fn is_sigle(word: &str) -> bool {
    let letters = || word.chars().filter(|one| one.is_alphabetic());
    let has_vowel = letters().any(|one| "AEIOUYÀÂÉÈÊËÎÏÔÙÛÜŒ".contains(one));
    SIGLES.contains(&word) || word.contains('.') || (letters().count() > 1 && !has_vowel && !ABREGES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{adoucir, adoucir_phrase};

    #[test]
    fn a_name_in_capitals_is_written_as_a_hand_would() {
        for (typed, printed) in [
            ("ADMR DU VAL DE DRÔME", "ADMR du Val de Drôme"),
            ("CCAS DE LIVRON-SUR-DRÔME", "CCAS de Livron-sur-Drôme"),
            ("L’ÉTAPE (ASSOCIATION)", "L’Étape (Association)"),
            ("SARL LES P'TITS PAS", "SARL les P'tits Pas"),
            ("P’TITS LOUPS DU MAS", "P’tits Loups du Mas"),
            ("SSIAD DE LA VALLEE", "SSIAD de la Vallee"),
            ("AMIS DE ST-JEAN ET STE-ANNE", "Amis de St-Jean et Ste-Anne"),
            ("  LE   RELAIS  ", "Le Relais"),
        ] {
            assert_eq!(adoucir(typed), printed);
        }
    }

    #[test]
    fn a_service_in_capitals_is_a_phrase() {
        assert_eq!(adoucir_phrase("EMPLOYER QUELQU'UN CHEZ VOUS"), "Employer quelqu'un chez vous");
        assert_eq!(adoucir_phrase("SOINS DU SSIAD À DOMICILE"), "Soins du SSIAD à domicile");
        assert_eq!(
            adoucir_phrase("SOINS INFIRMIERS (SSIAD), AIDE À L’APA, SAAD/SSIAD"),
            "Soins infirmiers (SSIAD), aide à l’APA, SAAD/SSIAD"
        );
        assert_eq!(adoucir_phrase("Atelier\u{a0}:  France Services du Val"), "Atelier : France Services du Val");
    }

    #[test]
    fn a_name_that_does_not_shout_is_left_as_it_is() {
        for nom in ["Main dans la main", "ASSAD", "iDomicile", "AIDE 36", "", "Âge d’Or Services"] {
            assert_eq!(adoucir(nom), nom);
        }
    }
}
