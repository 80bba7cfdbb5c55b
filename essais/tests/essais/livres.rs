//! The books of the répertoire, read back as a print shop and a screen reader read them; and what people type that no layout expects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

mod fautes;

use std::io::Cursor;
use std::sync::Arc;

use annuaire::import::verify;
use annuaire::logo::LogoStructure;
use essais::pdf::lopdf::Document;
use essais::pdf::{list_faults, list_images, list_print_faults};
use essais::{Site, read_pdf};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use kit::{Db, Id, Instant, sql, values};
use repertoire::contenu::Contenu;
use repertoire::papier::Forme;
use repertoire::rules::depart;
use repertoire::rules::notice::write_notice;
use repertoire::{Edition, Etat};
use territoire::{Couleurs, LigneUnique, Logo, Referentiel, Territoire};

const ICI: &str = "val-de-drome";
const BASE: &str = "/val-de-drome/equipe/repertoire";
/// What a composer may be wrong by, in points an inch: it writes numbers in single precision.
const JEU: f64 = 0.5;

/// Trim of an A5, bleed of 3 mm around it, the marks beyond; inks alone, never more than 300 %; pictures of 300 points an inch.
pub(crate) fn suits_a_print_shop(book: &[u8]) {
    let document = Document::load_mem(book).unwrap();
    assert_eq!(list_print_faults(&document), Vec::<String>::new());
    are_fine(&document);
}

fn are_fine(document: &Document) -> usize {
    let images = list_images(document);
    for (page, width, fine) in &images {
        assert!(fine.iter().all(|one| *one >= 300.0 - JEU), "page {page}: {width} points at {fine:?} an inch");
    }
    images.len()
}

pub(crate) fn reads_aloud(book: &[u8]) {
    assert_eq!(list_faults(&Document::load_mem(book).unwrap()), Vec::<String>::new());
}

fn draw(width: u32, height: u32) -> Vec<u8> {
    let seen = |x: u32, y: u32| if (x / 8 + y / 8).is_multiple_of(2) { [20, 110, 160, 255] } else { [200, 40, 20, 90] };
    let mut file = Cursor::new(vec![]);
    let pixels = RgbaImage::from_fn(width, height, |x, y| if x < width / 8 { Rgba([0; 4]) } else { Rgba(seen(x, y)) });
    DynamicImage::from(pixels).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A logo for each structure: of all sizes, some too small to be printed, one that does not open; and one for the territoire.
async fn hang_logos(db: &Db) {
    let territoire = Id::from_name(ICI);
    let structures = "SELECT id FROM annuaire_structure WHERE territoire_id = $1 ORDER BY id";
    let structures = sql::texts(db.read(), structures, values![territoire]).await.unwrap();
    let tx = db.begin().await.unwrap();
    for (rang, id) in structures.iter().enumerate() {
        let (largeur, hauteur) = [(240, 120), (100, 240), (64, 64), (80, 80)][rang % 4];
        let contenu = if rang == 0 { b"\x89PNG\r\n\x1a\nrest".to_vec() } else { draw(largeur, hauteur) };
        let logo = LogoStructure { contenu, largeur, hauteur };
        annuaire::storage::logo::replace_logo(&tx, territoire, id.parse().unwrap(), Some(&logo)).await.unwrap();
    }
    territoire::storage::replace_logo(&tx, territoire, Some(&Logo::parse(draw(700, 300)).unwrap())).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn logos_are_printed_fine_and_a_frozen_edition_keeps_its_own() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let edition = site.post(BASE, "titre=R%C3%A9pertoire&annee=2026").await.location();
        let [livret, presse] = ["livret", "presse"].map(|forme| format!("{edition}/livres/tout/{forme}"));
        let before = are_fine(&Document::load_mem(&site.get_bytes(&livret).await).unwrap());
        assert_eq!(before, 0);
        hang_logos(&db).await;
        let book = site.get_bytes(&livret).await;
        let document = Document::load_mem(&book).unwrap();
        let shown = are_fine(&document);
        assert!(shown > 2, "{shown} pictures");
        assert!(list_images(&document).iter().all(|(_, width, _)| *width != 64), "a stain is left out");
        assert!(list_images(&document).iter().any(|(page, width, _)| (*page, *width) == (1, 700)), "the territoire's, on the cover");
        reads_aloud(&book);
        let sheets = site.get_bytes(&presse).await;
        suits_a_print_shop(&sheets);
        for etat in ["relecture", "figee&confirme=oui"] {
            assert_eq!(site.post(&format!("{edition}/etat"), &format!("etat={etat}")).await.status, 303);
        }
        let tx = db.begin().await.unwrap();
        sql::execute(&tx, "DELETE FROM annuaire_logo", []).await.unwrap();
        territoire::storage::replace_logo(&tx, Id::from_name(ICI), None).await.unwrap();
        tx.commit().await.unwrap();
        let frozen = Document::load_mem(&site.get_bytes(&livret).await).unwrap();
        assert_eq!(are_fine(&frozen), shown, "what was frozen keeps its logos");
        let next = site.post(BASE, "titre=R%C3%A9pertoire&annee=2028").await.location();
        let next = Document::load_mem(&site.get_bytes(&format!("{next}/livres/tout/livret")).await).unwrap();
        assert_eq!(are_fine(&next), 0, "the next one has those of its day");
        fautes::tell_what_a_screen_reader_misses(&document);
        fautes::tell_what_a_print_shop_refuses(&Document::load_mem(&sheets).unwrap());
    }
}

/// The whole of a département: 360 communes, in one book.
fn large() -> Territoire {
    let here = Referentiel::get().communes().iter().filter(|one| one.code.as_str().starts_with("26"));
    Territoire {
        id: Id::from_name("drome"),
        slug: "drome".into(),
        nom: "Drôme".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#9a4a12".into() },
        ligne: LigneUnique { telephone: Some("04 65 71 26 26".into()), ..LigneUnique::default() },
        communes: here.map(|commune| commune.rang).collect(),
        bassins: vec![],
        logo: None,
        fermeture: None,
    }
}

fn write_contenu(territoire: &Arc<Territoire>, notices: Vec<repertoire::Notice>) -> Contenu {
    let edition = Edition {
        id: Id::from_name("edition"),
        titre: "Répertoire".into(),
        annee: 2026,
        clot_le: None,
        campagne: None,
        etat: Etat::Preparation,
        created_at: Instant(1_795_000_000),
        figee_at: None,
    };
    Contenu { edition, territoire: territoire.clone(), rubriques: depart::list_rubriques(), pages: vec![], notices, logos: vec![] }
}

/// Both forms, read back: whole, without a word in the margins, and as they were promised.
async fn compose(contenu: &Contenu) -> String {
    let (adresse, now) = ("https://services.example.org/drome", Instant(1_795_000_000));
    let [livret, presse] = [Forme::Livret, Forme::Presse].map(|forme| contenu.print((None, forme), (adresse, now)));
    let (livret, presse) = (livret.await.unwrap(), presse.await.unwrap());
    reads_aloud(&livret.pdf);
    suits_a_print_shop(&presse.pdf);
    let file = std::env::temp_dir().join(format!("livret-{}.pdf", Id::new(kit::Clock::system().now())));
    std::fs::write(&file, &livret.pdf).unwrap();
    for (rang, (width, _, words)) in super::repertoire::read_words(file.to_str().unwrap()).iter().enumerate().skip(1) {
        for (left, right, word) in words.iter().filter(|(.., word)| word.chars().count() > 1) {
            assert!(*left > 34.0 && *right < width - 34.0, "page {}: « {word} » from {left} to {right} of {width}", rang + 1);
        }
    }
    std::fs::remove_file(&file).unwrap();
    read_pdf(&livret.pdf)
}

#[tokio::test]
async fn what_no_layout_expects_is_printed_all_the_same() {
    let territoire = Arc::new(large());
    let codes: Vec<String> = territoire.list_communes().map(|commune| commune.code.to_string()).collect();
    let long = "Nous venons chez vous pour le ménage et les repas. ".repeat(60);
    assert!(long.chars().count() >= 3_000);
    let three_hundred = codes.iter().take(300).map(|code| format!("commune:{code}")).collect::<Vec<_>>().join(" ");
    let except = format!("departement:26 sauf commune:{} sauf commune:{}", codes[3], codes[40]);
    let endless = "a".repeat(80);
    let csv = format!(
        "structure_id;structure;categorie;code_insee;telephone;courriel;service_id;service;service_description;besoins;mode;couverture\n\
         1;ASSOCIATION DES AÎNÉS RURAUX DU CANTON;association;26108;04 65 71 00 01;;1;AIDE AU MÉNAGE;{long};menage;a_domicile;{except}\n\
         2;Sans téléphone;association;26108;;;1;Ménage;;menage;a_domicile;{three_hundred}\n\
         3;Les 👩‍🦽 Roues libres ☎ « œuvre » à 5 €;association;26108;04 65 71 00 03;{endless}@example.org;1;Ménage 🧹;🙂🙂;menage;a_domicile;departement:26\n"
    );
    let verification = verify(csv.as_bytes(), "fiches.csv", &territoire, &|_, _| {});
    assert_eq!(verification.inscriptions.len(), 3, "{:?}", verification.rapport.problemes);
    let notices =
        verification.inscriptions.iter().filter_map(|one| write_notice(&one.structure, std::slice::from_ref(&one.service), &territoire));
    let read = compose(&write_contenu(&territoire, notices.collect())).await;
    let text = read.replace('\u{200b}', "");
    assert!(!text.contains("ASSOCIATION") && text.to_lowercase().contains("association des aînés ruraux"), "{text}");
    assert_eq!(text.matches("Nous venons chez vous pour le ménage").count(), 3, "cut where an entry has no more room: {text}");
    assert!(text.contains("tout le territoire sauf") && text.contains(&format!("300 des {} communes", codes.len())), "{text}");
    assert!(text.contains("04 65 71 26 26 la ligne unique"), "who has no telephone is reached through the line: {text}");
    assert!(text.contains("Les Roues libres ☎ « œuvre » à 5 €"), "a drawing without a font is left out: {text}");
    assert!(!text.contains('\u{fffd}'));
}

#[tokio::test]
async fn an_edition_with_no_entry_is_a_book_that_opens() {
    let read = compose(&write_contenu(&Arc::new(large()), vec![])).await;
    assert!(read.contains("Répertoire") && !read.contains("L’index des structures"), "{read}");
}
