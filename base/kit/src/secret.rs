//! What nobody may guess, how bytes are written in a text, and what is kept of a secret: its fingerprint.

use sha2::{Digest, Sha256};

use crate::Result;

/// Bytes drawn by the system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("random: {error}"))?;
    Ok(bytes)
}

/// Two lower-case digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is stored of a token: whoever reads the database cannot use it.
pub fn fingerprint(token: &str) -> String {
    fingerprint_of(token.as_bytes())
}

/// What tells one content from another.
pub fn fingerprint_of(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_their_zeros_and_a_fingerprint_is_that_of_sha_256() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_ne!(random::<16>().unwrap(), random::<16>().unwrap());
    }
}
