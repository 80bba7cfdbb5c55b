//! The bilan on paper: a cover, a summary, numbered pages, drawings that say in words what they show.

use edition::Document;
use kit::Result;
use serde_json::{Value, json};

use super::{Bilan, Case, DessinBilan, SectionBilan, TableBilan};

const MODELE: &str = include_str!("../../modeles/bilan.typ");

/// Beyond, the paper says how many are missing: the page and the workbook have them.
const LIGNES: usize = 30;

pub async fn write_pdf(bilan: &Bilan) -> Result<Vec<u8>> {
    let dessins = bilan.sections.iter().flat_map(|section| &section.dessins).map(|dessin| dessin.svg.clone().into()).collect();
    edition::rediger(Document { modele: MODELE, donnees: write(bilan), dessins }).await
}

fn write(bilan: &Bilan) -> Value {
    let mut dessins = 0..;
    json!({
        "titre": format!("Bilan {}", bilan.annee),
        "territoire": bilan.territoire,
        "annee": bilan.annee.to_string(),
        "avant": (bilan.annee - 1).to_string(),
        "periode": typo(&bilan.say_statut()),
        "le": bilan.edite_le,
        "sections": bilan.sections.iter().map(|section| write_section(section, &mut dessins)).collect::<Vec<_>>(),
    })
}

/// French spaces, in what is assembled here as in what people typed.
fn typo(text: &str) -> String {
    ui::format::typographie(text)
}

fn write_section(section: &SectionBilan, dessins: &mut impl Iterator<Item = usize>) -> Value {
    json!({
        "titre": section.titre,
        "phrases": section.phrases.iter().map(|phrase| typo(phrase)).collect::<Vec<_>>(),
        "commentaire": typo(&section.commentaire),
        "chiffres": section.chiffres.iter().map(|one| [one.nom, &one.valeur, &one.avant].map(str::to_string)).collect::<Vec<_>>(),
        "dessins": section.dessins.iter().zip(dessins).map(|(dessin, rang)| write_dessin(dessin, rang)).collect::<Vec<_>>(),
        "tables": section.tables.iter().filter(|table| !table.lignes.is_empty()).map(write_table).collect::<Vec<_>>(),
        "definition": typo(section.definition),
    })
}

fn write_dessin(dessin: &DessinBilan, rang: usize) -> Value {
    json!({
        "fichier": format!("/dessin-{rang}.svg"),
        "titre": dessin.titre,
        "alternative": format!("{}. {}", dessin.titre, dessin.alternative),
        "legende": dessin.legende.iter().map(|(_, words)| words).collect::<Vec<_>>(),
        "motifs": dessin.legende.iter().map(|(svg, _)| svg).collect::<Vec<_>>(),
        "mention": dessin.mention,
    })
}

fn write_table(table: &TableBilan) -> Value {
    let is_word = |case: &Case| case.is_texte() && !case.say().ends_with('%');
    let is_texte = |rang: usize| rang == 0 || table.lignes.iter().all(|ligne| ligne.get(rang).is_some_and(is_word));
    let shown = table.lignes.iter().take(LIGNES);
    json!({
        "titre": table.titre,
        "colonnes": table.colonnes,
        "textes": (0..table.colonnes.len()).map(is_texte).collect::<Vec<_>>(),
        "lignes": shown.map(|ligne| ligne.iter().map(|case| typo(&case.say())).collect::<Vec<_>>()).collect::<Vec<_>>(),
        "omises": table.lignes.len().saturating_sub(LIGNES),
    })
}
