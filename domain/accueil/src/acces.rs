//! The secret link by which a person sees and erases what is held about them: 128 random bits, of which only the fingerprint is stored.

use std::fmt;

use kit::Result;
use kit::secret::{fingerprint, hex, random};

/// The code of a link: 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeAcces(String);

const BYTES: usize = 16;

impl CodeAcces {
    /// A code that nobody has.
    pub fn draw() -> Result<Self> {
        Ok(Self(hex(&random::<BYTES>()?)))
    }

    /// What has the shape of a code.
    pub fn parse(text: &str) -> Option<Self> {
        let is_code = text.len() == 2 * BYTES && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_code.then(|| Self(text.to_string()))
    }

    /// What is stored and compared: whoever reads the database cannot make the link again.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }
}

impl fmt::Display for CodeAcces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A link is never written in a log.
impl fmt::Debug for CodeAcces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeAcces(…)")
    }
}
