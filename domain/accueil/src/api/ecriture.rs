//! An answer written as JSON by hand: most of it is ready in the snapshot, and this is the hottest path of the program.

use std::fmt::Write;

use annuaire::aiguillage::Aiguillage;

use crate::question::Question;
use crate::rules::elargissement::{Nature, SansSolution};
use crate::rules::orientation::{Proposition, Recherche, Reponse};
use crate::rules::raison::list_raisons;

/// What the answer is about.
pub struct Sujet<'a> {
    pub aiguillage: &'a Aiguillage,
    pub question: &'a Question,
    pub recherche: &'a Recherche<'a>,
}

/// The body of `GET /api/v1/orientations` and of `maillage orienter --json`.
pub fn write_reponse(sujet: &Sujet, reponse: &Reponse) -> String {
    let mut json = String::with_capacity(600 + 700 * reponse.propositions.len());
    write_question(&mut json, sujet.question);
    json.push_str("\"propositions\":");
    write_propositions(&mut json, sujet, &reponse.propositions, false);
    json.push_str(",\"sans_solution\":");
    match &reponse.sans_solution {
        None => json.push_str("null"),
        Some(sans_solution) => write_sans_solution(&mut json, sujet, sans_solution),
    }
    json.push('}');
    json
}

fn write_question(json: &mut String, question: &Question) {
    json.push_str("{\"commune\":{\"code_insee\":");
    write_text(json, question.commune.code.as_str());
    json.push_str(",\"nom\":");
    write_text(json, &question.commune.nom);
    json.push_str("},\"besoins\":[");
    for (rang, besoin) in question.besoins.iter().enumerate() {
        json.push_str(if rang == 0 { "{\"code\":" } else { ",{\"code\":" });
        write_text(json, &besoin.code);
        json.push_str(",\"libelle\":");
        write_text(json, &besoin.libelle);
        json.push('}');
    }
    json.push_str("],");
}

fn write_propositions(json: &mut String, sujet: &Sujet, propositions: &[Proposition], is_neighbour: bool) {
    // Called for together, texts far apart in memory arrive together.
    let corps: Vec<&str> = propositions.iter().map(|proposition| sujet.aiguillage.corps(proposition.service)).collect();
    json.push('[');
    for (rang, (proposition, corps)) in propositions.iter().zip(corps).enumerate() {
        json.push_str(if rang == 0 { "{" } else { ",{" });
        json.push_str(corps);
        json.push_str(",\"distance_m\":");
        match proposition.distance_m {
            Some(metres) => drop(write!(json, "{metres}")),
            None => json.push_str("null"),
        }
        json.push_str(",\"raisons\":[");
        for (rang, raison) in list_raisons(proposition, sujet.recherche, is_neighbour).enumerate() {
            json.push_str(if rang == 0 { "\"" } else { ",\"" });
            // Sentences of ours, names of communes, labels of needs: none needs escaping, and a test holds it.
            let _infallible = write!(json, "{raison}");
            json.push('"');
        }
        json.push_str("]}");
    }
    json.push(']');
}

fn write_sans_solution(json: &mut String, sujet: &Sujet, sans_solution: &SansSolution) {
    json.push_str("{\"motif\":");
    write_text(json, sans_solution.motif.code());
    json.push_str(",\"elargissements\":[");
    for (rang, elargissement) in sans_solution.elargissements.iter().enumerate() {
        json.push_str(if rang == 0 { "{\"nature\":" } else { ",{\"nature\":" });
        write_text(json, elargissement.nature.code());
        json.push_str(",\"libelle\":");
        write_text(json, elargissement.nature.label());
        json.push_str(",\"propositions\":");
        write_propositions(json, sujet, &elargissement.propositions, elargissement.nature == Nature::CommuneVoisine);
        json.push('}');
    }
    json.push_str("]}");
}

fn write_text(json: &mut String, text: &str) {
    json.push('"');
    let _infallible = Escaped(json).write_str(text);
    json.push('"');
}

/// Whether a text stands in a JSON string as it is.
fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
}

/// Writes inside a JSON string.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        if is_plain(text) {
            self.0.push_str(text);
            return Ok(());
        }
        for c in text.chars() {
            match c {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                c if c < ' ' => write!(self.0, "\\u{:04x}", u32::from(c))?,
                c => self.0.push(c),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use annuaire::besoin::Taxonomie;
    use annuaire::{Creneau, Disponibilite, Intervention};
    use territoire::Referentiel;

    use super::{is_plain, write_text};

    #[test]
    fn what_reasons_are_made_of_never_needs_escaping() {
        assert!(Referentiel::get().communes().iter().all(|commune| is_plain(&commune.nom)));
        assert!(Taxonomie::get().iter().all(|besoin| is_plain(&besoin.libelle)));
        assert!(Creneau::ALL.iter().all(|one| is_plain(one.label())) && Intervention::ALL.iter().all(|one| is_plain(one.label())));
        assert!(Disponibilite::ALL.iter().all(|one| is_plain(one.label())));
    }

    #[test]
    fn any_other_text_is_escaped() {
        for text in ["simple", "« é »", "\"", "\\", "\u{1f}\n", "</script>🙂"] {
            let mut json = String::new();
            write_text(&mut json, text);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
