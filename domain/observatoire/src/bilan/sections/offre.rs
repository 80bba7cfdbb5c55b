//! What the annuaire offers on the day of the bilan, how its structures are proposed, what the year cost, and how all this is counted.

use std::collections::HashSet;

use accueil::mots::libelle_de_besoin;
use accueil::rules::equite::Comptes;
use annuaire::besoin::Taxonomie;
use annuaire::cartes::zones::list_manques;
use territoire::{Referentiel, Territoire};

use super::{Case, ChiffreCle, Compteurs, Couts, Offerte, SectionBilan, TableBilan};
use crate::indicateurs::Axe;
use crate::indicateurs::calcul::{Absence, Compte};
use crate::indicateurs::gestion::{Tour, list_tours};
use crate::indicateurs::offre::{Offre, count};

const PAS_DE_PASSE: &str = "L’annuaire d’alors n’a pas été gardé\u{a0}: cette partie n’est pas calculable pour une année aussi ancienne.";

fn titles(list: &[&str]) -> Vec<String> {
    list.iter().map(|title| (*title).to_string()).collect()
}

fn nombre(count: usize) -> Case {
    i64::try_from(count).map_or(Case::Vide, Case::Nombre)
}

pub fn write_offre(territoire: &Territoire, offre: Option<&Offerte<'_>>) -> SectionBilan {
    let section = SectionBilan {
        code: "offre",
        titre: "L’offre",
        definition: "Une structure est comptée dans un bassin si l’un de ses services y dessert au moins une commune. Une fiche est fraîche si elle a été vérifiée depuis un an, à compléter s’il y manque un besoin, une commune desservie, un téléphone ou des horaires. Une zone blanche est une commune que personne ne dessert pour un besoin. Habitants de 65 ans et plus : INSEE, recensement de 2021 ; « non connu » dès qu’une commune ne l’est pas.",
        ..SectionBilan::default()
    };
    let Some(offre) = offre else { return SectionBilan { phrases: vec![PAS_DE_PASSE.into()], ..section } };
    let (table, structures) = count_by_bassin(territoire, offre);
    let manques = list_zones(territoire, offre);
    let fraiches = offre.fraicheur.fiches - offre.fraicheur.a_verifier;
    let chiffre = |nom, count: i64| ChiffreCle { nom, valeur: ui::format::nombre(count), avant: "–".into() };
    SectionBilan {
        phrases: vec![format!(
            "Au jour de ce bilan, {} desservent le territoire ; {} fiches sur {} ont été vérifiées depuis un an.",
            ui::format::compte(structures, "structure", "structures"),
            ui::format::nombre(fraiches),
            ui::format::nombre(offre.fraicheur.fiches)
        )],
        chiffres: [
            Some(chiffre("Structures", i64::try_from(structures).unwrap_or_default())),
            Some(chiffre("Fiches vérifiées depuis un an", fraiches)),
            Some(chiffre("Fiches à vérifier", offre.fraicheur.a_verifier)),
            offre.is_comptee.then(|| chiffre("Fiches à compléter", offre.fraicheur.a_completer)),
            Some(chiffre("Besoins avec une zone blanche", i64::try_from(manques.lignes.len()).unwrap_or_default())),
        ]
        .into_iter()
        .flatten()
        .collect(),
        tables: vec![table, manques],
        ..section
    }
}

/// The structures that answer each need, by bassin; and how many in all.
fn count_by_bassin(territoire: &Territoire, offre: &Offerte<'_>) -> (TableBilan, usize) {
    let mut colonnes = titles(&["Besoin"]);
    colonnes.extend(territoire.bassins.iter().map(|bassin| bassin.nom.clone()));
    colonnes.push("Territoire".into());
    let (mut lignes, mut everybody) = (vec![], HashSet::new());
    for besoin in Taxonomie::get().hors_familles() {
        let list = |rangs: &[u16]| {
            let mut found = HashSet::new();
            for commune in rangs.iter().filter_map(|rang| Referentiel::get().commune(*rang)) {
                offre.aiguillage.desservants(commune).visit(besoin.rang, |entree| {
                    found.insert(entree.structure);
                });
            }
            found
        };
        let all = list(&territoire.communes);
        if all.is_empty() {
            continue;
        }
        let mut cells = vec![Case::Texte(besoin.libelle.to_string())];
        cells.extend(territoire.bassins.iter().map(|bassin| nombre(list(&bassin.communes).len())));
        cells.push(nombre(all.len()));
        everybody.extend(all);
        lignes.push(cells);
    }
    let titre = if territoire.bassins.is_empty() { "Structures par besoin" } else { "Structures par besoin et par bassin" };
    (TableBilan { titre: titre.into(), colonnes, lignes }, everybody.len())
}

/// What lacks, to the most inhabitants of 65 and over first.
fn list_zones(territoire: &Territoire, offre: &Offerte<'_>) -> TableBilan {
    let aged = count(Offre::Habitants65Sans, Some(Axe::Besoin), (offre.aiguillage, territoire));
    let mut lines: Vec<(Option<i64>, Vec<Case>)> = list_manques(offre.aiguillage, territoire)
        .into_iter()
        .filter_map(|manque| {
            let besoin = Taxonomie::get().besoin(manque.besoin)?;
            let aged = aged.get(&*besoin.code).and_then(|compte| compte.total.ok());
            let cells = vec![
                Case::Texte(besoin.libelle.to_string()),
                nombre(manque.communes),
                i64::try_from(manque.habitants).map_or(Case::Vide, Case::Nombre),
                aged.map_or_else(|| Case::Texte("non connu".into()), Case::Nombre),
            ];
            Some((aged, cells))
        })
        .collect();
    lines.sort_by_key(|(aged, _)| std::cmp::Reverse(*aged));
    let colonnes = titles(&["Besoin", "Communes sans personne", "Habitants", "De 65 ans et plus"]);
    TableBilan { titre: "Zones blanches".into(), colonnes, lignes: lines.into_iter().map(|(_, cells)| cells).collect() }
}

pub fn write_equite(offre: Option<&Offerte<'_>>) -> SectionBilan {
    let section = SectionBilan {
        code: "equite",
        titre: "L’équité de l’orientation",
        definition: "À réponse égale, les structures sont nommées en premier à tour de rôle. Pour chaque besoin d’au moins cinq propositions : la plus grande part de premières places d’une structure, et ce qu’elle serait si toutes avaient le même tour ; une structure plus proche, ouverte ou disponible passe devant, ce n’est pas une faveur.",
        ..SectionBilan::default()
    };
    let Some(offre) = offre else { return SectionBilan { phrases: vec![PAS_DE_PASSE.into()], ..section } };
    let lignes = write_tours(offre.equite);
    let phrase = match lignes.len() {
        0 => "Trop peu de propositions pour comparer des tours.".to_string(),
        many => format!("{} d’assez de propositions pour comparer les tours.", ui::format::compte(many, "besoin", "besoins")),
    };
    let colonnes = titles(&["Besoin", "Structures proposées", "Propositions", "Plus grande part de premières places", "À tour égal"]);
    let tables = if lignes.is_empty() { vec![] } else { vec![TableBilan { titre: "Les premières places".into(), colonnes, lignes }] };
    SectionBilan { phrases: vec![phrase], tables, ..section }
}

fn write_tours(comptes: &Comptes) -> Vec<Vec<Case>> {
    let percent = |part: i64, whole: i64| Case::Texte(format!("{}\u{202f}%", (part * 100 + whole / 2) / whole.max(1)));
    let mut tours: Vec<(String, Tour)> = list_tours(comptes).into_iter().collect();
    tours.sort_by_key(|(_, tour)| std::cmp::Reverse(tour.premieres));
    let write = |(besoin, tour): (String, Tour)| {
        let (most, equal) = (percent(tour.plus_nommee, tour.premieres), percent(1, tour.structures));
        vec![Case::Texte(libelle_de_besoin(&besoin)), Case::Nombre(tour.structures), Case::Nombre(tour.premieres), most, equal]
    };
    tours.into_iter().map(write).collect()
}

/// « 17 251 € », with cents when there are some.
pub fn euros(cents: i64) -> String {
    if cents % 100 == 0 { format!("{}\u{a0}€", ui::format::nombre(cents / 100)) } else { ui::format::euros(cents * 100) }
}

pub fn write_couts(compteurs: &Compteurs, (now, before): (Couts, Couts)) -> SectionBilan {
    let say = |cents: Option<i64>| cents.map_or_else(|| "non renseigné".to_string(), euros);
    let each = |couts: Couts, demandes: Compte| match (couts.fonctionnement, demandes) {
        (None, _) => "non renseigné".to_string(),
        (_, Ok(0)) => Absence::DivisionParZero.label().into(),
        (_, Err(why)) => why.label().into(),
        (Some(cents), Ok(demandes)) => euros((cents + demandes * 50) / (demandes * 100) * 100),
    };
    let (this, last) = (compteurs.told("demande"), compteurs.told_before("demande"));
    let whole = compteurs.is_whole_year();
    let phrase = match (now.fonctionnement, whole) {
        (None, _) => "Les coûts de l’année n’ont pas encore été renseignés.".to_string(),
        (Some(cents), true) => format!("La ligne a coûté {}, soit {} par demande.", euros(cents), each(now, this)),
        (Some(cents), false) => format!("La ligne a coûté {} ; l’année n’est pas finie, un coût par demande ne dirait rien.", euros(cents)),
    };
    let per = |couts: Couts, demandes: Compte| if whole { each(couts, demandes) } else { "année en cours".into() };
    SectionBilan {
        code: "couts",
        titre: "Ce que cela coûte",
        phrases: vec![phrase],
        chiffres: vec![
            ChiffreCle { nom: "Fonctionnement", valeur: say(now.fonctionnement), avant: say(before.fonctionnement) },
            ChiffreCle { nom: "Communication", valeur: say(now.communication), avant: say(before.communication) },
            ChiffreCle { nom: "Fonctionnement par demande", valeur: per(now, this), avant: per(before, last) },
        ],
        definition: "Fonctionnement : téléphone, ordinateur, ligne, abonnement et communications téléphoniques, personnel. Communication : cartes, affiches, soirées. Saisis par la coordination ; le coût par demande est le fonctionnement divisé par les demandes de l’année, arrondi à l’euro.",
        ..SectionBilan::default()
    }
}

pub fn write_methode(compteurs: &Compteurs) -> SectionBilan {
    let words = |one: &str, other: &str| vec![Case::Texte(one.into()), Case::Texte(other.into())];
    let lignes = vec![
        words("Demande", "Ce qu’une personne demande en une fois, quel que soit le canal ; datée du jour de sa réception."),
        words("Besoin", "Chaque service recherché dans une demande ; une demande de deux besoins compte deux fois."),
        words("Issue", "Orientée, information donnée, sans solution, à rappeler ; datée du jour où elle est dite."),
        words("Femmes, hommes, non dit", "La personne à aider, quand cela a été dit."),
        words("Masqué", &format!("Un nombre de 1 à {}, ou un nombre qui le ferait retrouver par soustraction.", compteurs.seuil - 1)),
        words("Non calculable", "Rien par quoi diviser ; ce n’est jamais zéro."),
        words(
            "Comparaison",
            "Les mêmes mois de l’année précédente : une année qui n’est pas finie n’est pas comparée à une année entière.",
        ),
    ];
    SectionBilan {
        code: "methode",
        titre: "Méthode et définitions",
        phrases: vec![
            "Ces chiffres sont comptés sur des faits datés, sans identité, écrits au moment de chaque acte. Effacer une personne ne change aucune année passée.".into(),
            format!("Secret statistique\u{a0}: les nombres de 1 à {} sont masqués, et avec eux ceux qui les feraient retrouver, d’un tableau ou d’une page à l’autre. Une année se publie une fois, finie, et n’est plus changée. Il ne protège pas de qui connaît déjà une partie des personnes comptées.", compteurs.seuil - 1),
            "Sources\u{a0}: la ligne et l’annuaire du territoire ; INSEE, recensement de la population 2021 et populations légales.".into(),
        ],
        tables: vec![TableBilan { titre: "Définitions".into(), colonnes: titles(&["Terme", "Ce qu’il veut dire"]), lignes }],
        ..SectionBilan::default()
    }
}
