//! The tables `ligne_*`.

mod enregistrement;
mod message;
mod ouverture;
pub mod rechiffrement;

use kit::coffre::Place;
use kit::{Coffre, Id, Result};

pub use enregistrement::{AChercher, find_son, give_up_son, keep_son, put_off_son, take_sons};
pub use message::{
    MessageListe, cle_de_manque, close_message, delete_manque, delete_message, erase_before, find_message, insert_message, list_of_numero,
    list_waiting, settle_messages,
};
pub use ouverture::{
    Etape, begin_appel, count_appels, count_appels_before, delete_poste, find_bienvenue, forget_appels, insert_poste, list_postes,
    mark_appel, move_poste_first, update_bienvenue,
};

pub const TABLE_MESSAGE: &str = "ligne_message";
pub const TABLE_SON: &str = "ligne_enregistrement";

/// The encrypted columns of these tables, for the register of treatments.
pub const COLONNES_CHIFFREES: [(&str, &str); 4] =
    [(TABLE_MESSAGE, "numero"), (TABLE_MESSAGE, "expediteur"), (TABLE_MESSAGE, "texte"), (TABLE_SON, "contenu")];

const ILLISIBLE: &str = "(illisible : clé manquante)";

fn place(table: &'static str, colonne: &'static str, (territoire, id): (Id, Id)) -> Place {
    Place { table, colonne, territoire, id }
}

fn seal(coffre: &Coffre, colonne: &'static str, of: (Id, Id), text: Option<&str>) -> Result<Option<String>> {
    text.map(|text| coffre.seal(place(TABLE_MESSAGE, colonne, of), text)).transpose()
}

fn open(coffre: &Coffre, colonne: &'static str, of: (Id, Id), stored: Option<String>) -> Option<String> {
    let opened = coffre.open(place(TABLE_MESSAGE, colonne, of), &stored?);
    Some(opened.unwrap_or_else(|illisible| {
        tracing::warn!(colonne, message = %of.1, %illisible, "unreadable text");
        ILLISIBLE.to_string()
    }))
}

/// Opens the encrypted texts of a row of these tables that an export read as JSON; a sound stays sealed, and says so by its form.
pub fn reveal(coffre: &Coffre, territoire: Id, row: &mut serde_json::Map<String, serde_json::Value>) -> Result<()> {
    let Some(id) = row.get("id").and_then(|id| id.as_str()).map(str::to_string) else { return Ok(()) };
    for colonne in ["numero", "expediteur", "texte"] {
        if let Some(stored) = row.get(colonne).and_then(|stored| stored.as_str()).map(str::to_string) {
            row.insert(colonne.to_string(), open(coffre, colonne, (territoire, id.parse()?), Some(stored)).into());
        }
    }
    Ok(())
}
