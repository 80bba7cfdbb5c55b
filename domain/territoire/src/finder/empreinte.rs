//! A word in 64 bits: enough to know, without reading them, that two words are too different.

/// Which letters of the alphabet are there (26 bits), which are there twice (26 bits),
/// and how many characters (12 bits).
#[derive(Clone, Copy, Debug)]
pub(super) struct Empreinte(u64);

const ALPHABET: u32 = 26;
const LETTERS: u64 = (1 << (2 * ALPHABET)) - 1;

impl Empreinte {
    pub fn of(mot: &str) -> Self {
        let mut letters = 0;
        for octet in mot.bytes().filter(u8::is_ascii_lowercase) {
            let once = 1_u64 << (octet - b'a');
            letters |= if letters & once == 0 { once } else { once << ALPHABET };
        }
        // No text is that long: the finder reads 120 characters.
        Self(letters | ((mot.len() as u64) << (2 * ALPHABET)))
    }

    /// False when more than `fautes` typing errors separate the words, whatever their order:
    /// one error clears and sets one bit at most, and changes the length by one at most.
    pub fn may_be_near(self, other: Self, fautes: u32) -> bool {
        let (mine, theirs) = (self.0 & LETTERS, other.0 & LETTERS);
        let [mine_len, their_len] = [self.0, other.0].map(|bits| bits >> (2 * ALPHABET));
        mine_len.abs_diff(their_len) <= u64::from(fautes)
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
