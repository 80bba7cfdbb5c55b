//! A national annuaire made up always the same, as an import file: what a country's coverage weighs, without anybody in it.

use std::io::Write;

use annuaire::import::Colonne;
use anyhow::Result;
use territoire::Commune;

use crate::alea::Alea;
use crate::tirage::Tirage;

/// The size of the measured set.
pub const STRUCTURES: usize = 100_000;
const GRAINE: u64 = 20_261_122;

const COLONNES: [Colonne; 16] = [
    Colonne::StructureId,
    Colonne::Structure,
    Colonne::Categorie,
    Colonne::Adresse,
    Colonne::CodeInsee,
    Colonne::Telephone,
    Colonne::Horaires,
    Colonne::ServiceId,
    Colonne::Service,
    Colonne::Besoins,
    Colonne::Mode,
    Colonne::Couverture,
    Colonne::Intervention,
    Colonne::Creneaux,
    Colonne::Disponibilite,
    Colonne::Exemple,
];

const CATEGORIES: [(&str, &str); 9] = [
    ("admr", "ADMR"),
    ("ccas", "CCAS"),
    ("saad", "Aide à domicile"),
    ("association_intermediaire", "Association intermédiaire"),
    ("association", "Association"),
    ("entreprise", "Services"),
    ("micro_entreprise", "Atelier"),
    ("ssiad", "SSIAD"),
    ("ehpad", "Résidence"),
];
const NOMS: [&str; 12] = [
    "des Deux Rives",
    "du Plateau",
    "de la Vallée",
    "du Bocage",
    "des Étangs",
    "du Canal",
    "de l’Orée",
    "des Tilleuls",
    "du Moulin",
    "des Sources",
    "du Pré-Haut",
    "de l’Écluse",
];
const RUES: [&str; 6] = ["rue de la Mairie", "place de l’Église", "rue du Moulin", "route de la Gare", "rue des Écoles", "place du Marché"];

/// Communes around a structure are looked for that far.
const VOISINAGE_M: f64 = 12_000.0;

/// Writes `structures` structures and half as many services again; gives the number of services.
pub fn write_annuaire(structures: usize, out: impl Write) -> Result<usize> {
    write_annuaire_of(&Tirage::new(), structures, out)
}

/// The same where this draws.
pub fn write_annuaire_of(tirage: &Tirage, structures: usize, out: impl Write) -> Result<usize> {
    let mut alea = Alea::new(GRAINE);
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(out);
    writer.write_record(COLONNES.iter().map(|colonne| colonne.code()))?;
    let mut services = 0;
    for numero in 0..structures {
        let structure = Structure::draw(numero, tirage, &mut alea);
        for rang in 0..=(numero % 2) {
            writer.write_record(structure.draw_service(rang, tirage, &mut alea))?;
            services += 1;
        }
    }
    writer.flush()?;
    Ok(services)
}

/// What the lines of one structure share.
struct Structure {
    cells: Vec<String>,
    commune: &'static Commune,
    /// Its commune and those around, nearest first.
    voisines: Vec<&'static Commune>,
}

impl Structure {
    fn draw(numero: usize, tirage: &Tirage, alea: &mut Alea) -> Self {
        let commune = tirage.commune(alea);
        let around = commune.point.map(|point| tirage.national.list_within(point, VOISINAGE_M)).unwrap_or_default();
        let (categorie, mot) = alea.pick(&CATEGORIES);
        let cells = vec![
            format!("s{numero}"),
            format!("{mot} {} {numero} (exemple)", alea.pick(&NOMS)),
            (*categorie).to_string(),
            format!("{} {}", 1 + alea.below(80), alea.pick(&RUES)),
            commune.code.to_string(),
            telephone(alea),
            if alea.happens(80) { tirage.horaires(alea).to_string() } else { String::new() },
        ];
        Self { cells, commune, voisines: around.into_iter().map(|(voisine, _)| voisine).collect() }
    }

    fn draw_service(&self, rang: usize, tirage: &Tirage, alea: &mut Alea) -> Vec<String> {
        let mut cells = self.cells.clone();
        cells.extend([
            format!("n{rang}"),
            format!("Service {}", rang + 1),
            draw_besoins(tirage, alea),
            draw_one(alea, &[(82, "a_domicile"), (14, "sur_place"), (4, "a_distance")]).into(),
            self.draw_couverture(alea),
            draw_one(alea, &[(60, "prestataire"), (15, "prestataire|mandataire"), (15, "mise_a_disposition"), (10, "")]).into(),
            draw_one(alea, &[(60, ""), (15, "soir"), (15, "week_end"), (5, "soir|nuit|week_end"), (5, "urgence")]).into(),
            draw_one(alea, &[(55, "ouvert"), (20, "liste_attente"), (10, "complet"), (15, "")]).into(),
            "oui".into(),
        ]);
        cells
    }

    /// Mostly communes around and the EPCI, as real associations; some départements, a few radii and exceptions.
    fn draw_couverture(&self, alea: &mut Alea) -> String {
        let communes = |wanted: u64| {
            let around = self.voisines.iter().take(wanted as usize).map(|commune| format!("commune:{}", commune.code)).collect::<Vec<_>>();
            if around.is_empty() { format!("commune:{}", self.commune.code) } else { around.join(" ") }
        };
        let epci = self.commune.epci.and_then(|rang| territoire::Referentiel::get().epci(rang));
        match (alea.below(100), epci, self.commune.point) {
            (0..=31, Some(epci), _) => format!("epci:{}", epci.code),
            (32..=34, Some(epci), _) => format!("epci:{} sauf {}", epci.code, self.find_excepted(epci.communes.first().copied())),
            (35..=44, _, _) => format!("departement:{}", self.commune.departement),
            (45..=47, _, Some(_)) => format!("rayon:{}", 5 + alea.below(25)),
            _ => communes(1 + alea.below(6)),
        }
    }

    /// The first commune of the EPCI, when it is not the structure's own and only one.
    fn find_excepted(&self, first: Option<u16>) -> String {
        let found = first.and_then(|rang| territoire::Referentiel::get().commune(rang));
        format!("commune:{}", found.unwrap_or(self.commune).code)
    }
}

/// One need half of the time, two or three otherwise, always different.
fn draw_besoins(tirage: &Tirage, alea: &mut Alea) -> String {
    let wanted = [1, 1, 2, 3][alea.below(4) as usize];
    let mut codes: Vec<&str> = (0..wanted).map(|_| tirage.besoin(alea)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join("|")
}

fn draw_one<'a>(alea: &mut Alea, choices: &[(u64, &'a str)]) -> &'a str {
    let mut drawn = alea.below(choices.iter().map(|(poids, _)| poids).sum());
    for (poids, choice) in choices {
        if drawn < *poids {
            return choice;
        }
        drawn -= poids;
    }
    ""
}

/// In the ranges that ARCEP keeps for fiction: nobody's telephone rings.
fn telephone(alea: &mut Alea) -> String {
    let range = alea.pick(&["01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49"]);
    format!("{range} {:02} {:02}", alea.below(100), alea.below(100))
}

#[cfg(test)]
mod tests {
    use territoire::{Couleurs, LigneUnique, Referentiel, Territoire};

    use super::*;

    fn generate(structures: usize) -> Vec<u8> {
        let mut contenu = vec![];
        write_annuaire(structures, &mut contenu).expect("memory does not fail");
        contenu
    }

    #[test]
    fn the_same_annuaire_is_written_each_time() {
        assert_eq!(generate(300), generate(300));
    }

    #[test]
    fn a_smaller_annuaire_is_the_beginning_of_a_bigger_one() {
        assert!(generate(300).starts_with(&generate(100)));
    }

    #[test]
    fn three_hundred_structures_are_imported_without_a_remark() {
        let france = Territoire {
            id: kit::Id::from_name("france"),
            slug: "france".into(),
            nom: "France".into(),
            couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#9a4a12".into() },
            ligne: LigneUnique::default(),
            communes: Referentiel::get().communes().iter().map(|commune| commune.rang).collect(),
            bassins: vec![],
            logo: None,
            fermeture: None,
        };
        let rapport = annuaire::import::verify(&generate(300), "france.csv", &france, &|_, _| {}).rapport;
        assert_eq!(rapport.problemes, vec![]);
        assert_eq!((rapport.lignes, rapport.structures), (450, 300));
    }
}
