//! What this room writes in the journal about a demande: who, what, never what the person said.

use kit::Id;
use kit::journal::Acte;

pub const ENREGISTREMENT: &str = "enregistrement de la demande";
pub const LECTURE: &str = "lecture de la demande";
pub const ISSUE: &str = "changement de l’issue";
pub const RECAPITULATIF: &str = "récapitulatif envoyé à la personne";
pub const EXPORT: &str = "copie des données de la personne";
pub const RETRAIT: &str = "retrait d’un accord";
pub const EFFACEMENT: &str = "effacement des données de la personne";
pub const ENVOI: &str = "demande de prise en charge";
pub const REPONSE: &str = "réponse d’une structure";
pub const CHOIX: &str = "structure retenue";
pub const SUSPENSION: &str = "demande de prise en charge retirée";
pub const IDENTITE: &str = "nom et numéro montrés à la structure";
pub const SILENCE: &str = "structure sans réponse au bout du délai";
pub const SUITE: &str = "suite donnée à une demande sans solution";
pub const QUALITE: &str = "appel de qualité";
pub const ANALYSE: &str = "analyse de la situation";
pub const ECHEANCE: &str = "fin de conservation";

/// One act of `auteur` (none: the person themselves, or a program) on a demande.
pub fn acte<'a>(auteur: Option<Id>, acte: &'a str, demande: Id, detail: &'a str) -> Acte<'a> {
    Acte { auteur, acte, objet: ("demande", demande), detail }
}
