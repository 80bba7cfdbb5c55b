//! A word in 32 bits: enough to know, without reading them, that two words are too different.

/// Which letters of the alphabet are there (26 bits) and how many characters (6 bits, 63 at most).
#[derive(Clone, Copy, Debug)]
pub(super) struct Empreinte(u32);

const LETTERS: u32 = (1 << 26) - 1;
const LONGEST: usize = 63;

impl Empreinte {
    pub fn of(mot: &str) -> Self {
        let mut letters = 0;
        for octet in mot.bytes().filter(u8::is_ascii_lowercase) {
            letters |= 1_u32 << (octet - b'a');
        }
        let len = u32::try_from(mot.len().min(LONGEST)).unwrap_or(0);
        Self(letters | (len << 26))
    }

    /// False when more than `fautes` typing errors separate the words, whatever their order:
    /// one error brings or removes at most one letter, and changes the length by one at most.
    pub fn may_be_near(self, other: Self, fautes: u32) -> bool {
        let (mine, theirs) = (self.0 & LETTERS, other.0 & LETTERS);
        (self.0 >> 26).abs_diff(other.0 >> 26) <= fautes
            && (mine & !theirs).count_ones() <= fautes
            && (theirs & !mine).count_ones() <= fautes
    }
}

/// How many typing errors are forgiven in a word of this length.
pub(super) fn allowed_fautes(mot: &str) -> u32 {
    match mot.len() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}
