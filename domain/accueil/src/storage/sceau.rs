//! What of a demande is written encrypted: nothing a person said in their own words, nor how to reach them, is readable in the database.

use kit::coffre::{Coffre, Place};
use kit::{Id, Result};

pub const TABLE: &str = "accueil_demande";

/// The encrypted columns of [`TABLE`].
pub const COLONNES_CHIFFREES: [&str; 10] = [
    "besoin_texte",
    "note",
    "rappel_nom",
    "rappel_telephone",
    "rappel_courriel",
    "rappel_moment",
    "suivi_code",
    "plan_note",
    "commentaire",
    "constats",
];

/// Shown in the place of a text that no longer opens: the rest of the demande stays readable.
const ILLISIBLE: &str = "(illisible : clé manquante)";

/// The encrypted texts of one demande.
pub(crate) struct Sceau<'a> {
    pub coffre: &'a Coffre,
    pub territoire: Id,
    pub id: Id,
}

impl Sceau<'_> {
    pub fn place(&self, colonne: &'static str) -> Place {
        Place { table: TABLE, colonne, territoire: self.territoire, id: self.id }
    }

    pub fn seal(&self, colonne: &'static str, text: Option<&str>) -> Result<Option<String>> {
        text.map(|text| self.coffre.seal(self.place(colonne), text)).transpose()
    }

    pub fn open(&self, colonne: &'static str, stored: Option<String>) -> Option<String> {
        let opened = self.coffre.open(self.place(colonne), &stored?);
        Some(opened.unwrap_or_else(|illisible| {
            tracing::warn!(colonne, demande = %self.id, %illisible, "unreadable text");
            ILLISIBLE.to_string()
        }))
    }
}

/// Opens the encrypted texts of a row of [`TABLE`] that an export read as JSON.
pub fn reveal(coffre: &Coffre, territoire: Id, row: &mut serde_json::Map<String, serde_json::Value>) -> Result<()> {
    let id = row.get("id").and_then(|id| id.as_str()).unwrap_or_default().parse()?;
    let sceau = Sceau { coffre, territoire, id };
    for colonne in COLONNES_CHIFFREES {
        if let Some(stored) = row.get(colonne).and_then(|stored| stored.as_str()).map(str::to_string) {
            row.insert(colonne.to_string(), sceau.open(colonne, Some(stored)).into());
        }
    }
    Ok(())
}
