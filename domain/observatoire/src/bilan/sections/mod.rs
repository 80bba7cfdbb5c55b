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
use crate::pages::chiffre::say_effectif as say;
use crate::pages::mots::say_valeur;
use crate::publication::NON_DIT;

/// What the annuaire offers on the day of the bilan.
pub struct Offerte<'a> {
    pub aiguillage: &'a Aiguillage,
    pub fraicheur: CompteQualite,
    /// Whether every record is counted: of an annuaire just imported, those to complete are not told.
    pub is_comptee: bool,
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

/// The parts that rest on what is published alone.
pub fn list_public(territoire: &Territoire, compteurs: &Compteurs) -> Vec<SectionBilan> {
    vec![
        demandes::write_bref(compteurs, Couts::default()),
        demandes::write_appelants(territoire, compteurs),
        demandes::write_besoins(territoire, compteurs),
        reponses::write_reponses(compteurs),
        reponses::write_sans_solution(territoire, compteurs),
        reponses::write_qualite(compteurs),
        offre::write_methode(compteurs),
    ]
}

/// A figure with last year's.
fn chiffre(nom: &'static str, compteurs: &Compteurs, mesure: &str) -> ChiffreCle {
    ChiffreCle { nom, valeur: say(compteurs.told(mesure)), avant: say(compteurs.told_before(mesure)) }
}

/// A share with last year's, of the same two measures.
fn share(nom: &'static str, compteurs: &Compteurs, measures: (&str, &str)) -> ChiffreCle {
    ChiffreCle { nom, valeur: compteurs.share(measures), avant: compteurs.share_before(measures) }
}

/// The words for a value of an axis of the library, or for the whole.
fn say_axe(territoire: &Territoire, axe: Axe, code: &str) -> String {
    if code.is_empty() { "Ensemble".into() } else { say_valeur(territoire, axe, code) }
}

/// A table of an axis by women and men where they are told, with last year's total.
fn table(titre: &str, entete: &str, (compteurs, lignes): (&Compteurs, &[Croisee]), nommer: &dyn Fn(&str) -> String) -> TableBilan {
    let has_sexe = lignes.iter().any(|line| !line.code.is_empty() && line.effectif.femmes.is_ok());
    let mut colonnes = vec![entete.to_string()];
    if has_sexe {
        colonnes.extend(["Femmes", "Hommes", "Non dit"].map(str::to_string));
    }
    colonnes.extend(["Ensemble".to_string(), format!("En {}", compteurs.annee - 1)]);
    let write = |line: &Croisee| {
        let by_sexe = if has_sexe { vec![line.effectif.femmes, line.effectif.hommes, line.non_dit()] } else { vec![] };
        let name = if line.code == NON_DIT { "Non dit".into() } else { nommer(&line.code) };
        let counts = by_sexe.into_iter().chain([line.effectif.total, line.avant]).map(Case::from);
        std::iter::once(Case::Texte(name)).chain(counts).collect()
    };
    TableBilan { titre: titre.into(), colonnes, lignes: lignes.iter().map(write).collect() }
}

/// The two sets of values of a chart: this year, and last year when it has something.
fn series(compteurs: &Compteurs, now: Vec<Option<i64>>, before: Vec<Option<i64>>) -> Vec<Serie> {
    let mut list = vec![Serie { nom: compteurs.annee.to_string(), valeurs: now }];
    if compteurs.avant.is_some() && before.iter().any(|value| *value != Some(0)) {
        list.push(Serie { nom: (compteurs.annee - 1).to_string(), valeurs: before });
    }
    list
}

fn bars(cle: &str, titre: String, description: String, places: Vec<String>, series: Vec<Serie>) -> DessinBilan {
    let legende = Legende { cle: format!("bilan-{cle}"), titre: titre.clone(), description: description.clone() };
    drawn(titre, description, Barres { legende, places, series }.draw())
}

/// The first lines of a table as bars; the whole is not one of them.
fn ranks(cle: &str, titre: String, (compteurs, lignes): (&Compteurs, &[Croisee]), nommer: &dyn Fn(&str) -> String) -> Option<DessinBilan> {
    let is_drawn = |line: &&Croisee| !line.code.is_empty() && line.code != NON_DIT && line.effectif.total != Ok(0);
    let shown: Vec<&Croisee> = lignes.iter().filter(is_drawn).take(10).collect();
    let first = shown.first()?;
    let description = format!("En tête\u{a0}: {}, {}. Le tableau dit chaque nombre.", nommer(&first.code), say(first.effectif.total));
    let noms = shown.iter().map(|line| nommer(&line.code)).collect();
    let (now, before) = shown.iter().map(|line| (line.effectif.total.ok(), line.avant.ok())).unzip();
    let series = series(compteurs, now, before);
    let legende = Legende { cle: format!("bilan-{cle}"), titre: titre.clone(), description: description.clone() };
    Some(drawn(titre, description, Rangs { legende, noms, series }.draw()))
}

fn drawn(titre: String, alternative: String, svg: String) -> DessinBilan {
    DessinBilan { titre, alternative, svg, legende: vec![], mention: "" }
}
