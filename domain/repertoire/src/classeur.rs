//! The books as a workbook, for a territoire that lays them out elsewhere: a sheet a book, a line an entry.

use kit::Result;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::rules::livre::{Entree, Livre, PrestationImprimee};
use crate::rules::texte::{begin, finir};

/// What the columns hold, and how wide they are.
const COLONNES: [(&str, f64); 10] = [
    ("Rubrique", 30.0),
    ("Structure", 34.0),
    ("Nature", 20.0),
    ("Ce qu’elle propose", 70.0),
    ("Communes", 40.0),
    ("Téléphones", 18.0),
    ("Courriel", 30.0),
    ("Site", 30.0),
    ("Lieux et horaires", 60.0),
    ("Aussi", 40.0),
];
/// What a sheet's name may hold.
const NOM: usize = 31;

/// Books by name.
pub fn write_classeur(livres: &[(String, Livre)]) -> Result<Vec<u8>> {
    Ok(write(livres).map_err(anyhow::Error::from)?)
}

fn write(livres: &[(String, Livre)]) -> std::result::Result<Vec<u8>, XlsxError> {
    let (mut workbook, bold) = (Workbook::new(), Format::new().set_bold());
    let mut taken: Vec<String> = vec![];
    for (nom, livre) in livres {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name_sheet(nom, &mut taken))?.set_freeze_panes(1, 0)?;
        for (column, (titre, width)) in (0..).zip(COLONNES) {
            sheet.set_column_width(column, width)?.write_string_with_format(0, column, titre, &bold)?;
        }
        let lines = livre.rubriques.iter().flat_map(|rubrique| rubrique.entrees.iter().map(|entree| list_cases(&rubrique.titre, entree)));
        for (row, cases) in (1..).zip(lines) {
            for (column, text) in (0..).zip(cases) {
                sheet.write_string(row, column, text)?;
            }
        }
    }
    workbook.save_to_buffer()
}

/// What a workbook takes as the name of a sheet, and that no other has, whatever its capitals.
fn name_sheet(nom: &str, taken: &mut Vec<String>) -> String {
    let cut = |places: usize| nom.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(places).collect::<String>();
    let numbered = (2..).map(|rang: usize| format!("{} {rang}", cut(NOM - 4).trim_end()));
    let is_free = |name: &String| !taken.contains(&name.to_lowercase());
    let name = std::iter::once(cut(NOM)).chain(numbered).find(is_free).unwrap_or_default();
    taken.push(name.to_lowercase());
    name
}

fn list_cases(rubrique: &str, entree: &Entree) -> [String; COLONNES.len()] {
    let lines = |prestation: &PrestationImprimee| {
        let communes = prestation.communes.as_ref().map(|communes| format!("Communes : {communes}"));
        let words = [Some(prestation.nom.clone()), prestation.texte.clone(), Some(prestation.details.clone()), communes];
        words.into_iter().flatten().map(|word| begin(&finir(&word))).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    [
        rubrique.to_string(),
        entree.nom.clone(),
        entree.nature.clone(),
        entree.prestations.iter().map(lines).collect::<Vec<_>>().join("\n"),
        entree.communes.clone().unwrap_or_default(),
        entree.telephones.join("\n"),
        entree.courriel.clone().unwrap_or_default(),
        entree.site_web.clone().unwrap_or_default(),
        entree.lieux.join("\n"),
        entree.autres.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::name_sheet;

    #[test]
    fn two_long_names_that_begin_alike_are_two_sheets() {
        let mut taken = vec![];
        let named = ["Bassin de la communauté de communes d’Allex", "Bassin de la communauté de COMMunes d’Eurre", "Bassin [Die]/*"]
            .map(|nom| name_sheet(nom, &mut taken));
        assert_eq!(named, ["Bassin de la communauté de comm", "Bassin de la communauté de 2", "Bassin Die"]);
    }
}
