//! The two-level taxonomy of needs, and free text turned into needs.
//!
//! A family (`vie-quotidienne`) holds needs (`portage-repas`). Both come from `donnees/besoins.csv`, embedded, and
//! nothing here reads a disk or a clock. The same words serve the button, the telephone, the SMS and the search box.

mod index;
mod lecture;
mod recherche;
mod reconnaissance;
mod ressemblance;
mod texte;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use index::Index;
pub use recherche::BesoinTrouve;
pub use reconnaissance::Reconnaissance;

const BESOINS: &str = include_str!("../../../../donnees/besoins.csv");

static TAXONOMIE: LazyLock<Taxonomie> = LazyLock::new(|| lecture::read(BESOINS).0);

/// What somebody may need: a family of needs, or one of its needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Besoin {
    /// Position in this version of the taxonomy. Never stored: the code is.
    pub rang: u8,
    /// Stable name, in tables, URLs and exports.
    pub code: Box<str>,
    /// A few plain words, for a button.
    pub libelle: Box<str>,
    /// One easy-to-read sentence that tells a resident what happens.
    pub phrase: Box<str>,
    /// Rank of the family; none for a family itself.
    pub famille: Option<u8>,
    /// Near needs, to which an honest answer may widen.
    pub proches: Vec<u8>,
    /// Activities of article D7231-1 (`SAP-I-03`) that answer it.
    pub activites: Vec<Box<str>>,
    /// The nearest theme of data·inclusion.
    pub thematique_di: Option<Box<str>>,
    /// The same need in the words of residents, carers and operators.
    pub synonymes: Vec<Box<str>>,
    /// Where the need comes from: D7231-1, or a seed and its action.
    pub sources: Vec<Box<str>>,
}

impl Besoin {
    /// Tells a family from a need.
    pub fn is_famille(&self) -> bool {
        self.famille.is_none()
    }
}

/// Every family and need, with the index that finds them in free text.
#[derive(Debug)]
pub struct Taxonomie {
    besoins: Vec<Besoin>,
    index: Index,
}

impl Taxonomie {
    /// The embedded taxonomy, read once.
    pub fn get() -> &'static Taxonomie {
        &TAXONOMIE
    }

    /// Families and needs, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Besoin> {
        self.besoins.iter()
    }

    /// The need or family of this rank.
    pub fn besoin(&self, rang: u8) -> Option<&Besoin> {
        self.besoins.get(usize::from(rang))
    }

    /// The need or family of exactly this code.
    pub fn find(&self, code: &str) -> Option<&Besoin> {
        self.besoins.iter().find(|besoin| *besoin.code == *code)
    }

    /// The families, in the order of the file.
    pub fn familles(&self) -> impl Iterator<Item = &Besoin> {
        self.besoins.iter().filter(|besoin| besoin.is_famille())
    }

    /// The needs that are asked, families left out, in the order of the file.
    pub fn hors_familles(&self) -> impl Iterator<Item = &Besoin> {
        self.besoins.iter().filter(|besoin| !besoin.is_famille())
    }

    /// Ranks of these codes, of their families, and of all that a family named here holds; sorted. Unknown codes are left out.
    pub fn extend(&self, codes: &[String]) -> Vec<u8> {
        let mut rangs = vec![];
        for besoin in codes.iter().filter_map(|code| self.find(code)) {
            rangs.push(besoin.rang);
            rangs.extend(besoin.famille);
            if besoin.is_famille() {
                rangs.extend(self.list_by_famille(besoin.rang).iter().map(|member| member.rang));
            }
        }
        rangs.sort_unstable();
        rangs.dedup();
        rangs
    }

    /// The needs of a family, in the order of the file.
    pub fn list_by_famille(&self, rang: u8) -> Vec<&Besoin> {
        self.besoins.iter().filter(|besoin| besoin.famille == Some(rang)).collect()
    }
}
