//! The secret link by which a person sees and erases what is held about them: 128 random bits, of which only the fingerprint is stored.

use std::fmt;

use kit::Result;
use sha2::{Digest, Sha256};

/// The code of a link: 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeAcces(String);

const BYTES: usize = 16;

impl CodeAcces {
    /// A code that nobody has.
    pub fn draw() -> Result<Self> {
        let mut bytes = [0_u8; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("random: {error}"))?;
        Ok(Self(hex(&bytes)))
    }

    /// What has the shape of a code.
    pub fn parse(text: &str) -> Option<Self> {
        let is_code = text.len() == 2 * BYTES && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_code.then(|| Self(text.to_string()))
    }

    /// What is stored and compared: whoever reads the database cannot make the link again.
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
