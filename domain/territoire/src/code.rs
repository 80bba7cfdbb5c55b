//! Official codes, kept in place: no allocation, cheap to copy and compare.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::CodeRefuse;

/// An official code of at most `N` ASCII letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<const N: usize>([u8; N]);

/// Five digits. Never the key of a place.
pub type CodePostal = Code<5>;
/// « 26 », « 2A », « 974 ».
pub type CodeDepartement = Code<3>;
/// « 84 », « 01 », « 975 ». 26 values are both a département and a région.
pub type CodeRegion = Code<3>;
/// The SIREN of the EPCI, nine digits.
pub type CodeEpci = Code<9>;

impl<const N: usize> Code<N> {
    /// Reads 1 to `N` letters or digits, lower case accepted, spaces around ignored.
    pub fn parse(texte: &str) -> Option<Self> {
        let octets = texte.trim().as_bytes();
        let is_readable = octets.iter().all(u8::is_ascii_alphanumeric);
        if octets.is_empty() || octets.len() > N || !is_readable {
            return None;
        }
        let mut code = [0; N];
        for (place, octet) in code.iter_mut().zip(octets) {
            *place = octet.to_ascii_uppercase();
        }
        Some(Self(code))
    }

    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|octet| *octet == 0).unwrap_or(N);
        str::from_utf8(&self.0[..end]).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Display for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The code of a commune in the Code officiel géographique: « 26064 », « 2A004 ».
///
/// Its shape is guaranteed, not its existence: ask [`crate::Referentiel::find_commune`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeInsee(Code<5>);

impl CodeInsee {
    /// Reads five characters; only Corsica has a letter (2A, 2B), accepted in lower case.
    pub fn parse(texte: &str) -> Result<Self, CodeRefuse> {
        let texte = texte.trim();
        match Code::parse(texte) {
            Some(code) if has_shape(code.as_str().as_bytes()) => Ok(Self(code)),
            Some(code) if is_missing_its_zero(code.as_str()) => Err(CodeRefuse::zero_perdu(texte)),
            _ => Err(CodeRefuse::forme(texte)),
        }
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn has_shape(octets: &[u8]) -> bool {
    let [first, second, rest @ ..] = octets else {
        return false;
    };
    let is_corse = *first == b'2' && matches!(second, b'A' | b'B');
    rest.len() == 3 && first.is_ascii_digit() && (second.is_ascii_digit() || is_corse) && rest.iter().all(u8::is_ascii_digit)
}

/// Spreadsheets read « 01004 » as a number and write back « 1004 ».
fn is_missing_its_zero(code: &str) -> bool {
    code.len() == 4 && code.bytes().all(|octet| octet.is_ascii_digit())
}

impl FromStr for CodeInsee {
    type Err = CodeRefuse;

    fn from_str(texte: &str) -> Result<Self, CodeRefuse> {
        Self::parse(texte)
    }
}

impl TryFrom<String> for CodeInsee {
    type Error = CodeRefuse;

    fn try_from(texte: String) -> Result<Self, CodeRefuse> {
        Self::parse(&texte)
    }
}

impl From<CodeInsee> for String {
    fn from(code: CodeInsee) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for CodeInsee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for CodeInsee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
