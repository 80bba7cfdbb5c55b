//! The sheets and the text document, composed from values that are as bad as they come.

use std::io::{Cursor, Read};
use std::sync::Arc;

use edition::Imprime;
use kit::Id;
use territoire::{Bassin, Couleurs, LigneUnique, Referentiel, Territoire};

use super::tests::{notice, prestation, rubrique};
use crate::contenu::Contenu;
use crate::facile::{Fiche, Mots, MotsTenus, Relecture, Reponse, find_besoin, list_reponses, write_fiche};
use crate::model::{Edition, Etat, NaturePage, Notice, PageEditoriale};
use crate::odt::write_odt;
use crate::papier::Maquette;
use crate::rules::livre::{Zone, compose};

const ROSNAY: &str = "36173";
const LE_BLANC: &str = "36018";

pub(crate) fn territoire(nom: &str, telephone: Option<&str>) -> Territoire {
    let mut communes: Vec<u16> = [ROSNAY, LE_BLANC].map(|code| Referentiel::get().resolve_code(code).unwrap().commune.rang).into();
    communes.sort_unstable();
    let horaires = Some("Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00".to_string());
    Territoire {
        id: Id::from_name(nom),
        slug: "brenne".into(),
        nom: nom.into(),
        couleurs: Couleurs { principale: "#1d4e6b".into(), accent: "#8a3b1e".into() },
        ligne: LigneUnique { telephone: telephone.map(str::to_string), horaires, ..LigneUnique::default() },
        bassins: vec![Bassin { code: "tous".into(), nom: "du Blanc".into(), communes: communes.clone() }],
        communes,
        logo: None,
        fermeture: None,
    }
}

fn reponse(nom: &str, telephone: Option<&str>) -> Reponse {
    Reponse { nom: nom.into(), telephone: telephone.map(str::to_string), note: Some("Pas dans toutes les communes.".into()) }
}

async fn print(besoin: &str, territoire: &Territoire, (reponses, tenus): (&[Reponse], Option<&MotsTenus>)) -> Imprime {
    let zone = Zone::of(territoire, Some("tous"));
    let (besoin, _) = find_besoin(besoin).unwrap();
    let fiche = Fiche { besoin, territoire, zone: &zone, reponses, tenus, le: testkit::NOON.day() };
    write_fiche(fiche).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_sheet_has_two_pages_whatever_comes() {
    let long_name = "Association intercommunale d’aide à domicile en milieu rural de la Brenne et de ses environs".to_string();
    let many: Vec<Reponse> = (0..60).map(|rang| reponse(&format!("{long_name} {rang}"), Some("02 54 28 12 12"))).collect();
    let odd = [
        reponse(&"a".repeat(90), None),
        reponse("<script>alert(1)</script> #panic() 👩‍🦽 & Œuvre", Some("02 54 28 12 12")),
        reponse("", Some("+590 690 12 34 56 78 90")),
    ];
    let long_place = territoire(&"Communauté de communes du Pays ".repeat(6), Some("02 54 28 12 12"));
    let (with, without) = (territoire("Brenne", Some("02 54 28 12 12")), territoire("Brenne", None));
    // As much as may be kept: four lines of 75 signs, twice, read by somebody whose name is long.
    let phrases = vec!["Une personne vous aide chez vous, avec vous, quand vous voulez, au calme !!".to_string(); 4];
    let mots = Mots { quoi: phrases.clone(), pour: phrases, dire: "Je".repeat(30), ..Mots::default() };
    let relecture = |par: &str| Some(Relecture { par: par.into(), le: testkit::NOON.day() });
    let long = MotsTenus { mots: mots.clone(), relecture: relecture(&"Le groupe « Lire ensemble » ".repeat(20)) };
    let odd_words = MotsTenus { mots: Mots { dire: "<script> #panic() 👩‍🦽".into(), ..mots }, relecture: None };
    for (territoire, tenus) in [(&with, None), (&without, Some(&odd_words)), (&long_place, Some(&long))] {
        for reponses in [&[][..], &many[..1], &many, &odd] {
            let nom = &territoire.nom;
            assert_eq!(print("violences", territoire, (reponses, tenus)).await.pages, 2, "{nom}, {}", reponses.len());
        }
    }
}

/// Composing all of them takes a minute: those that say the most stand for the others.
#[tokio::test]
async fn the_longest_words_fit_their_page() {
    let brenne = territoire("Communauté de communes Brenne – Val de Creuse", Some("02 54 28 12 12"));
    let mut needs: Vec<_> = annuaire::besoin::Taxonomie::get().hors_familles().collect();
    needs.sort_by_key(|besoin| {
        let (_, mots) = find_besoin(&besoin.code).unwrap();
        let lines = mots.quoi.iter().chain(&mots.pour).chain(&mots.urgence);
        std::cmp::Reverse(lines.map(|line| line.chars().count().div_ceil(50)).sum::<usize>() + besoin.libelle.chars().count().div_ceil(24))
    });
    for besoin in &needs[..10] {
        assert_eq!(print(&besoin.code, &brenne, (&[], None)).await.pages, 2, "{}", besoin.code);
    }
    assert!(find_besoin("vie-quotidienne").is_none() && find_besoin("rien").is_none());
}

#[test]
fn those_that_can_be_called_and_come_everywhere_are_named_first() {
    let zone = Zone::of(&territoire("Brenne", None), Some("tous"));
    let mute = |nom: &str| Notice { telephone: None, ..notice(nom, vec![prestation("Ménage", &["menage"], &[ROSNAY, LE_BLANC])]) };
    let mut own = prestation("Ménage", &["menage"], &[ROSNAY]);
    own.telephone = Some("02 00 00 00 00".into());
    let notices = [
        mute("A sans téléphone"),
        notice("B ici", vec![own, prestation("Repas", &["portage-repas"], &[LE_BLANC])]),
        notice("Z partout", vec![prestation("Ménage", &["menage"], &[ROSNAY]), prestation("Vitres", &["menage"], &[LE_BLANC])]),
        notice("Ailleurs", vec![prestation("Ménage", &["menage"], &["75056"])]),
        notice("Autre chose", vec![prestation("Repas", &["portage-repas"], &[ROSNAY])]),
    ];
    let told: Vec<(String, Option<String>, Option<String>)> =
        list_reponses(&notices, "menage", &zone).into_iter().map(|one| (one.nom, one.telephone, one.note)).collect();
    let text = |text: &str| Some(text.to_string());
    assert_eq!(
        told,
        [
            ("Z partout".into(), text("02 54 28 12 12"), None),
            ("B ici".into(), text("02 00 00 00 00"), text("Seulement pour Rosnay.")),
            ("A sans téléphone".into(), None, None),
        ]
    );
}

#[test]
fn only_needs_that_somebody_answers_have_a_sheet_in_the_folder() {
    let brenne = territoire("Brenne", None);
    let notices = vec![
        notice("Ici", vec![prestation("Repas", &["portage-repas", "vie-quotidienne"], &[ROSNAY])]),
        notice("Ailleurs", vec![prestation("Visites", &["visites"], &["75056"])]),
    ];
    let contenu = Contenu {
        edition: edition("Répertoire"),
        territoire: Arc::new(brenne.clone()),
        rubriques: vec![],
        pages: vec![],
        notices,
        logos: vec![],
    };
    let told: Vec<&str> = contenu.list_besoins(&Zone::of(&brenne, Some("tous"))).into_iter().map(|besoin| &*besoin.code).collect();
    assert_eq!(told, ["portage-repas"], "neither a family nor what is done elsewhere");
}

fn edition(titre: &str) -> Edition {
    Edition {
        id: Id::from_name("edition"),
        titre: titre.into(),
        annee: 2026,
        clot_le: None,
        campagne: None,
        etat: Etat::Preparation,
        created_at: testkit::NOON,
        figee_at: None,
    }
}

fn write_document(titre: &str, texte: &str) -> (Vec<u8>, String) {
    let brenne = territoire("Brenne & Creuse", Some("02 54 28 12 12"));
    let zone = Zone::of(&brenne, Some("tous"));
    let notices = [
        notice("L’<b>Abeille</b> & \u{0}\u{8}fils", vec![prestation("Ménage \"net\"", &["menage"], &[ROSNAY])]),
        notice("Zèbre 🦓", vec![prestation("Repas", &["portage-repas"], &[ROSNAY, LE_BLANC]), prestation("Sol", &["menage"], &[LE_BLANC])]),
    ];
    let rubriques = [rubrique("Ménage <script>", &["menage"]), rubrique("Repas", &["portage-repas"]), rubrique("Vide", &["visites"])];
    let livre = compose(&rubriques, &notices, &zone);
    let edition = edition(titre);
    let pages = [PageEditoriale { nature: NaturePage::Edito, titre: String::new(), texte: texte.into() }];
    let maquette = Maquette {
        edition: &edition,
        territoire: &brenne,
        zone: &zone,
        livre: &livre,
        pages: &pages,
        logos: &[],
        adresse: "",
        le: testkit::NOON.day(),
    };
    let odt = write_odt(maquette).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(odt.clone())).unwrap();
    for part in ["META-INF/manifest.xml", "meta.xml", "styles.xml", "content.xml"] {
        let mut text = String::new();
        archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
        roxmltree::Document::parse(&text).unwrap_or_else(|fault| panic!("{part}: {fault}"));
    }
    let mut text = String::new();
    archive.by_name("content.xml").unwrap().read_to_string(&mut text).unwrap();
    (odt, text)
}

#[test]
fn the_text_of_a_book_has_its_headings_and_what_was_typed_stays_text() {
    let (odt, content) = write_document("Répertoire </office:text>", "Un mot\nsur deux lignes\n\n- <i>un</i>\n- \u{b}deux");
    let document = roxmltree::Document::parse(&content).unwrap();
    let headings = |style: &str| -> Vec<String> {
        let is_it = |node: &roxmltree::Node| {
            node.tag_name().name() == "h" && node.attributes().any(|one| one.name() == "style-name" && one.value() == style)
        };
        document
            .descendants()
            .filter(is_it)
            .map(|node| node.descendants().filter(|one| one.is_text()).filter_map(|one| one.text()).collect())
            .collect()
    };
    let parts = ["L’édito", "Ménage <script>", "Repas", "Chez moi, qui vient\u{202f}?", "L’index des structures"];
    assert_eq!(headings("Heading_20_1"), parts);
    assert_eq!(headings("Heading_20_2"), ["L’<b>Abeille</b> & fils", "Zèbre 🦓", "Zèbre 🦓"]);
    assert_eq!(headings("Commune"), ["Le Blanc", "Rosnay"]);
    // Each page of an index is that of an entry which exists.
    let names = |tag: &str, name: &str| -> Vec<String> {
        let nodes = document.descendants().filter(|node| node.tag_name().name() == tag);
        nodes.filter_map(|node| node.attributes().find(|one| one.name() == name).map(|one| one.value().to_string())).collect()
    };
    let (marks, references) = (names("bookmark-start", "name"), names("bookmark-ref", "ref-name"));
    assert!(marks.len() == 3 && !references.is_empty() && references.iter().all(|one| marks.contains(one)), "{marks:?} {references:?}");
    // The kind of the file is at its beginning, as it is.
    let kind = "mimetypeapplication/vnd.oasis.opendocument.text";
    assert_eq!(std::str::from_utf8(&odt[30..30 + kind.len()]), Ok(kind));
}
