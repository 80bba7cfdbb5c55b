//! The alphabet of the oldest telephones (GSM 03.38): a text kept within it counts 160 signs a part, any other sign makes it 70.

use deunicode::deunicode_char;

/// One sign each.
const BASIC: &str =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Two signs each.
const EXTENDED: &str = "^{}\\[~]|€";
const ALONE: usize = 160;
/// What a part holds when there are several: the rest says which part it is.
const LINKED: usize = 153;

/// The text in that alphabet: what a letter looks like stays (« ê » is « e »), what has no likeness goes.
pub fn write(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            known if is_known(known) => written.push(known),
            '’' | '‘' => written.push('\''),
            '«' | '»' | '“' | '”' => written.push('"'),
            sign if sign.is_whitespace() => written.push(' '),
            sign if sign.is_alphabetic() || sign.is_ascii_punctuation() || "–—…°²".contains(sign) => {
                written.extend(deunicode_char(sign).unwrap_or_default().chars().filter(|likeness| is_known(*likeness)));
            }
            _ => {}
        }
    }
    written
}

fn is_known(sign: char) -> bool {
    BASIC.contains(sign) || EXTENDED.contains(sign)
}

/// In how many parts a written text leaves: each is paid.
pub fn parts(written: &str) -> usize {
    let length: usize = written.chars().map(|sign| if EXTENDED.contains(sign) { 2 } else { 1 }).sum();
    if length <= ALONE { 1 } else { length.div_ceil(LINKED) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_keeps_the_letters_of_the_alphabet_and_the_likeness_of_others() {
        assert_eq!(write("Près d’ici, à l’été : forêt, façade, cœur, Noël…"), "Près d'ici, à l'été : foret, facade, coeur, Noel...");
        assert_eq!(write("12\u{a0}h – 14\u{202f}h"), "12 h - 14 h");
        assert_eq!(write("Bravo 🎉 !"), "Bravo  !");
    }

    #[test]
    fn a_part_holds_160_signs_and_153_when_there_are_several() {
        let parts_of = |count: usize| parts(&"a".repeat(count));
        assert_eq!((parts_of(0), parts_of(160), parts_of(161), parts_of(306), parts_of(307)), (1, 1, 2, 2, 3));
        assert_eq!((parts(&"€".repeat(80)), parts(&"€".repeat(81))), (1, 2));
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_of_the_alphabet(text in ".{0,200}") {
            prop_assert!(write(&text).chars().all(is_known));
        }
    }
}
