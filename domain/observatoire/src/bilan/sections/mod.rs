//! What each part of a bilan says, from values alone.

mod demandes;
mod offre;
mod reponses;

use accueil::rules::equite::Comptes;
use annuaire::aiguillage::Aiguillage;
use annuaire::storage::qualite::CompteQualite;
use territoire::Territoire;
use ui::graphique::{Barres, Legende, Rangs, Serie};

use super::annee::Croisee;
use super::{Case, ChiffreCle, Compteurs, Couts, DessinBilan, SectionBilan, TableBilan};
use crate::indicateurs::Axe;
use crate::pages::mots::say_valeur;

/// What the annuaire offers on the day of the bilan.
pub struct Offerte<'a> {
    pub aiguillage: &'a Aiguillage,
    pub fraicheur: CompteQualite,
    pub equite: &'a Comptes,
}

/// The parts, in the order in which they are read. `offre` is none for a year of which the annuaire keeps nothing.
pub fn list_sections(
    territoire: &Territoire,
    (compteurs, offre): (&Compteurs, Option<&Offerte<'_>>),
    couts: (Couts, Couts),
) -> Vec<SectionBilan> {
    vec![
        demandes::write_bref(compteurs, couts.0),
        demandes::write_appelants(territoire, compteurs),
        demandes::write_besoins(territoire, compteurs),
        reponses::write_reponses(compteurs),
        reponses::write_sans_solution(territoire, compteurs),
        offre::write_offre(territoire, offre),
        offre::write_equite(offre),
        reponses::write_qualite(compteurs),
        offre::write_couts(compteurs, couts),
        offre::write_methode(compteurs),
    ]
}

/// A figure with last year's.
fn chiffre(nom: &'static str, compteurs: &Compteurs, mesure: &str) -> ChiffreCle {
    ChiffreCle { nom, valeur: compteurs.say_told(&compteurs.cette, mesure), avant: compteurs.say_told(&compteurs.avant, mesure) }
}

/// A share with last year's, of the same two measures.
fn share(nom: &'static str, compteurs: &Compteurs, measures: (&str, &str)) -> ChiffreCle {
    let say = |annee: &super::Annee| compteurs.share_told(annee, measures);
    ChiffreCle { nom, valeur: say(&compteurs.cette), avant: say(&compteurs.avant) }
}

/// The words for a value of an axis of the library, or for the whole.
fn say_axe(territoire: &Territoire, axe: Axe, code: &str) -> String {
    if code.is_empty() { "Ensemble".into() } else { say_valeur(territoire, axe, code) }
}

/// A table of an axis by women and men, with last year's total; its lines beyond `most` are left out, the whole is kept.
fn table(titre: &str, entete: &str, (compteurs, lignes): (&Compteurs, &[Croisee]), say: &dyn Fn(&str) -> String) -> TableBilan {
    let colonnes = [entete, "Femmes", "Hommes", "Non dit", "Ensemble", &format!("En {}", compteurs.annee - 1)];
    let write = |line: &Croisee| {
        let mut cells = vec![Case::Texte(say(&line.code))];
        let counts = if line.cellules.is_empty() { vec![Some(0); 3] } else { line.cellules.clone() };
        cells.extend(counts.into_iter().chain([line.total, line.avant]).map(Case::from));
        cells
    };
    TableBilan { titre: titre.into(), colonnes: colonnes.map(str::to_string).to_vec(), lignes: lignes.iter().map(write).collect() }
}

/// The two sets of values of a chart: this year, and last year when it has something.
fn series(compteurs: &Compteurs, now: Vec<Option<i64>>, before: Vec<Option<i64>>) -> Vec<Serie> {
    let mut list = vec![Serie { nom: compteurs.annee.to_string(), valeurs: now }];
    if before.iter().any(|value| *value != Some(0)) {
        list.push(Serie { nom: (compteurs.annee - 1).to_string(), valeurs: before });
    }
    list
}

fn bars(cle: &str, titre: String, description: String, places: Vec<String>, series: Vec<Serie>) -> DessinBilan {
    let legende = Legende { cle: format!("bilan-{cle}"), titre: titre.clone(), description: description.clone() };
    drawn(titre, description, Barres { legende, places, series }.draw())
}

/// The first lines of a table as bars; the whole is not one of them.
fn ranks(cle: &str, titre: String, (compteurs, lignes): (&Compteurs, &[Croisee]), say: &dyn Fn(&str) -> String) -> Option<DessinBilan> {
    let shown: Vec<&Croisee> =
        lignes.iter().filter(|line| !line.code.is_empty() && line.total.is_none_or(|total| total > 0)).take(10).collect();
    let first = shown.first()?;
    let description = format!("En tête\u{a0}: {}, {}. Le tableau dit chaque nombre.", say(&first.code), Case::from(first.total).say());
    let noms = shown.iter().map(|line| say(&line.code)).collect();
    let series = series(compteurs, shown.iter().map(|line| line.total).collect(), shown.iter().map(|line| line.avant).collect());
    let legende = Legende { cle: format!("bilan-{cle}"), titre: titre.clone(), description: description.clone() };
    Some(drawn(titre, description, Rangs { legende, noms, series }.draw()))
}

fn drawn(titre: String, alternative: String, svg: String) -> DessinBilan {
    DessinBilan { titre, alternative, svg, legende: vec![], mention: "" }
}
