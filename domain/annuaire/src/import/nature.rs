//! What a file calls a kind of structure, and what the annuaire calls it.

use kit::text::fold;

use super::verification::find_code;
use crate::Categorie;
use crate::doublons::find_categorie;

/// What is kept of a kind, and what to say of it.
pub struct NatureLue {
    pub categorie: Categorie,
    pub remarque: Option<String>,
}

/// The name knows better than the column: « CCAS Le Blanc » typed « Mairie » is a CCAS.
pub fn read(typed: &str, nom: &str) -> NatureLue {
    let of_name = find_categorie(nom);
    let of_type = recognise(typed);
    match (of_name, of_type) {
        (Some(named), Some(Some(typed_as))) if named != typed_as && !is_vague(typed_as) => NatureLue {
            categorie: named,
            remarque: Some(format!(
                "le fichier dit « {typed} » et le nom dit « {} » : c’est le nom qui est retenu, corrigez l’un des deux",
                named.label()
            )),
        },
        (Some(named), _) => NatureLue { categorie: named, remarque: None },
        (None, Some(Some(typed_as))) => NatureLue { categorie: typed_as, remarque: None },
        (None, Some(None)) => NatureLue { categorie: Categorie::Autre, remarque: None },
        (None, None) => NatureLue {
            categorie: Categorie::Autre,
            remarque: Some(format!("nature inconnue, « autre » sera retenu. Les natures sont : {}", Categorie::codes())),
        },
    }
}

/// The category of a word of a file; `Some(None)` when the word is known and the annuaire has no such kind.
fn recognise(typed: &str) -> Option<Option<Categorie>> {
    if typed.is_empty() {
        return Some(None);
    }
    if let Some(found) = find_code(typed, Categorie::ALL, Categorie::code, Categorie::label) {
        return Some(Some(found));
    }
    match fold(typed).as_str() {
        "ai" => Some(Some(Categorie::AssociationIntermediaire)),
        "eti" | "etti" => Some(Some(Categorie::Etti)),
        "asso" => Some(Some(Categorie::Association)),
        "muni" => Some(Some(Categorie::Mairie)),
        "cias" => Some(Some(Categorie::Ccas)),
        "rfs" | "efs" | "msap" | "espace france services" => Some(Some(Categorie::FranceServices)),
        "epn" | "lieu de mediation numerique" | "coworking fablab" | "fablab" | "tiers lieux" | "club info" => {
            Some(Some(Categorie::MediationNumerique))
        }
        // What the annuaire has no kind for: employment agencies, social bodies, branches of a network.
        "ft"
        | "pe"
        | "ml"
        | "cap emploi"
        | "geiq"
        | "eiti"
        | "of"
        | "cs"
        | "cc"
        | "cd"
        | "caf"
        | "mjc"
        | "plie"
        | "cidff"
        | "afpa"
        | "epci"
        | "udaf"
        | "pij bij"
        | "spip"
        | "pref"
        | "deets"
        | "rs fjt"
        | "mq"
        | "opcs"
        | "ccons"
        | "principal"
        | "antenne"
        | "structure aidants connect" => Some(None),
        folded => find_categorie(folded).map(Some),
    }
}

const fn is_vague(categorie: Categorie) -> bool {
    matches!(
        categorie,
        Categorie::Association | Categorie::Entreprise | Categorie::MicroEntreprise | Categorie::MediationNumerique | Categorie::Autre
    )
}
