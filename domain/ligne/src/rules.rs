//! Numbers as telephone platforms give them, and sounds that are kept.

/// What platforms say of a caller who hides their number, whatever the case; Twilio's digits spell ANONYMOUS and RESTRICTED.
const CACHES: [&str; 10] =
    ["anonymous", "restricted", "unavailable", "unknown", "private", "+266696687", "266696687", "+7378742833", "7378742833", "masqué"];

/// The number as people read it; none when it is withheld or no number at all.
pub fn read_numero(given: &str) -> Option<String> {
    let given = given.trim().trim_start_matches("sip:").trim_start_matches("tel:");
    let given = given.split(['@', ';']).next().unwrap_or_default().trim();
    if CACHES.contains(&given.to_lowercase().as_str()) {
        return None;
    }
    // A number that is not of the plan we know can still be called back: it is kept as it was given.
    let digits = given.chars().filter(char::is_ascii_digit).count();
    let is_plain = given.chars().all(|c| c.is_ascii_digit() || "+ .-()/".contains(c));
    kit::telephone::read(given).ok().or_else(|| (is_plain && (6..=15).contains(&digits)).then(|| given.to_string()))
}

/// The largest sound kept, in bytes: about five minutes as platforms record.
pub const SON_MAXIMUM: usize = 5 << 20;

/// Sounds that browsers play, each by how it begins; the name of a file and what a server says of it prove nothing.
pub fn recognise_son(content: &[u8]) -> Option<&'static str> {
    let at = |from: usize, mark: &[u8]| content.get(from..from + mark.len()) == Some(mark);
    match () {
        () if at(0, b"RIFF") && at(8, b"WAVE") => Some("audio/wav"),
        () if at(0, b"OggS") => Some("audio/ogg"),
        () if at(4, b"ftyp") => Some("audio/mp4"),
        () if at(0, b"ID3") => Some("audio/mpeg"),
        // Eleven bits at one open each frame of an MP3.
        () if content.first() == Some(&0xff) && content.get(1).is_some_and(|byte| byte & 0xe0 == 0xe0) => Some("audio/mpeg"),
        () => None,
    }
}

/// A sound that may be kept, or why not.
pub fn check_son(content: &[u8]) -> Result<&'static str, &'static str> {
    if content.len() > SON_MAXIMUM {
        return Err(TROP_LOURD);
    }
    recognise_son(content).ok_or("ce n’est pas un son que les navigateurs savent lire (WAV, MP3, OGG, M4A)")
}

pub const TROP_LOURD: &str = "l’enregistrement dépasse 5 Mo";

/// « 1 min 05 ».
pub fn say_duree(seconds: &i64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}\u{a0}s"),
        (minutes, 0) => format!("{minutes}\u{a0}min"),
        (minutes, seconds) => format!("{minutes}\u{a0}min\u{a0}{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_formats_of_a_number_are_one_and_a_withheld_one_is_none() {
        for given in [
            "+33612345678",
            "0033612345678",
            "0612345678",
            "06 12 34 56 78",
            "06.12.34.56.78",
            "06-12-34-56-78",
            "+33 (0)6 12 34 56 78",
            "tel:+33612345678",
            "sip:+33612345678@sip.exemple.fr",
            " +33 6 12 34 56 78 ",
        ] {
            assert_eq!(read_numero(given).as_deref(), Some("06 12 34 56 78"), "{given}");
        }
        assert_eq!(read_numero("+44 7911 123456").as_deref(), Some("+44 7911 123456"));
        assert_eq!(read_numero("+33639980021").as_deref(), Some("+33639980021"), "of no plan that we know, and still callable");
        for hidden in ["anonymous", "Anonymous", "sip:anonymous@anonymous.invalid", "+266696687", "Restricted", "", "🙂"] {
            assert_eq!(read_numero(hidden), None, "{hidden}");
        }
    }

    #[test]
    fn a_sound_is_known_by_what_it_holds_and_kept_up_to_five_megabytes() {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
        assert_eq!(check_son(&wav), Ok("audio/wav"));
        assert_eq!(check_son(b"\xff\xfb\x90\x00"), Ok("audio/mpeg"));
        assert!(check_son(b"<html>").is_err() && check_son(b"").is_err());
        wav.resize(SON_MAXIMUM, 0);
        assert_eq!(check_son(&wav), Ok("audio/wav"));
        wav.push(0);
        assert_eq!(check_son(&wav), Err(TROP_LOURD));
    }
}
