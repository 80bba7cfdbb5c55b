//! What this room writes in the journal: who, what, never what was said.

use kit::Id;
use kit::journal::Acte;

pub const LECTURE: &str = "lecture d’un message";
pub const ECOUTE: &str = "écoute d’un message";
pub const CLASSEMENT: &str = "message classé sans suite";
pub const EFFACEMENT: &str = "effacement d’un message";

/// One act of `auteur` on a message.
pub fn acte<'a>(auteur: Id, acte: &'a str, message: Id, detail: &'a str) -> Acte<'a> {
    Acte { auteur: Some(auteur), acte, objet: ("message", message), detail }
}
