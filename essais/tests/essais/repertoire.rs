//! The printed répertoire: its pages, and its books read back by programs that did not write them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

use essais::pdf::lopdf::Document;
use essais::{Site, read_pdf};

const ICI: &str = "val-de-drome";
const BASE: &str = "/val-de-drome/equipe/repertoire";

async fn begin(site: &Site) -> String {
    site.post(BASE, "titre=R%C3%A9pertoire&annee=2026&clot_le=2026-12-31").await.location()
}

#[tokio::test]
async fn an_edition_is_begun_written_and_frozen() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let refused = site.post(BASE, "titre=&annee=vingt&clot_le=2026-02-31").await;
        assert!(refused.status == 422 && refused.body.contains("value=\"vingt\"") && refused.body.contains("ce jour n’existe pas"));
        let edition = begin(&site).await;
        let page = site.get(&edition).await;
        assert!(
            page.status == 200 && page.body.contains("Ménage, repas et courses") && page.body.contains("31 décembre 2026"),
            "{}",
            page.body
        );

        // A part of its own, first; a part without a need is refused, and what was typed stays.
        let refused = site.post(&format!("{edition}/rubriques/nouvelle"), "titre=%3Cscript%3E&phrase=%F0%9F%8F%A1&place=1").await;
        assert!(refused.status == 422 && refused.body.contains("&#60;script&#62;") && refused.body.contains("🏡"), "{}", refused.body);
        let made = site.post(&format!("{edition}/rubriques/nouvelle"), "titre=Les+repas&phrase=&place=1&besoins=portage-repas").await;
        assert_eq!(made.status, 303);
        let moved = site.post(&format!("{edition}/rubriques/1"), "titre=Les+repas&phrase=Chauds&place=2&besoins=portage-repas").await;
        assert_eq!(moved.status, 303);
        let page = site.get(&edition).await.body;
        assert!(page.find("Les repas") > page.find("Ménage, repas et courses") && page.contains("Chauds"));
        assert_eq!(site.post(&format!("{edition}/rubriques/2/retrait"), "").await.status, 303);
        assert!(!site.get(&edition).await.body.contains("Les repas"));
        for unknown in ["rubriques/0", "rubriques/99", "rubriques/x", "textes/rien", "livres/atlantide/livret", "livres/tout/affiche"] {
            assert_eq!(site.get(&format!("{edition}/{unknown}")).await.status, 404, "{unknown}");
        }

        let long = format!("titre=Le+mot&texte={}", "a".repeat(6_001));
        let refused = site.post(&format!("{edition}/textes/edito"), &long).await;
        assert!(refused.status == 422 && refused.body.contains("trop long"));
        let typed = "titre=Le+mot&texte=Bonjour+%F0%9F%8F%A1%0A%0A-+un%0A-+%3Cb%3Edeux%3C%2Fb%3E";
        assert_eq!(site.post(&format!("{edition}/textes/edito"), typed).await.status, 303);
        let page = site.get(&format!("{edition}/textes/edito")).await.body;
        assert!(page.contains("- un\n- &#60;b&#62;deux"), "{page}");
        let book = read_pdf(&site.get_bytes(&format!("{edition}/livres/tout/livret")).await);
        assert!(book.contains("Bonjour") && !book.contains('□') && book.contains("<b>deux</b>") && book.contains("Épreuve du"), "{book}");

        let poster = site.get_bytes(&format!("{edition}/affiches?commune=26165")).await;
        assert_eq!(Document::load_mem(&poster).unwrap().get_pages().len(), 1);
        super::livres::reads_aloud(&poster);
        assert!(read_pdf(&poster).contains("Qui peut venir à Livron-sur-Drôme"));
        assert_eq!(site.get(&format!("{edition}/affiches?commune=36173")).await.status, 404, "of another territoire");

        let sheets = tableur::read(&site.get_bytes(&format!("{edition}/classeur.xlsx")).await).unwrap();
        assert!(sheets.iter().any(|(_, cells)| cells.iter().any(|cell| cell == "Rubrique")) && sheets.len() > 1, "{sheets:?}");

        sheets_and_texts_are_opened(&site, &edition).await;

        // Frozen, it says what it said; nothing of it can be changed.
        assert_eq!(site.post(&format!("{edition}/etat"), "etat=figee").await.status, 409, "it is read again first");
        // A year has one edition, an edition can be another year’s, and one begun by mistake is forgotten with what it holds.
        let twice = site.post(BASE, "titre=Deux&annee=2026").await;
        assert!(twice.status == 422 && twice.body.contains("il y a déjà une édition 2026"), "{}", twice.body);
        let other = site.post(BASE, "titre=Deux&annee=2025").await.location();
        assert_eq!(site.post(&other, "titre=Deux&annee=2026").await.status, 422);
        assert_eq!(site.post(&other, "titre=Deux&annee=2027").await.status, 303);
        assert!(site.get(&other).await.body.contains("édition 2027"));
        let tirage = format!("{other}/diffusion/tirages/tout");
        assert_eq!(site.post(&tirage, "exemplaires=10&cout=5").await.status, 303);
        assert_eq!(site.post(&format!("{other}/diffusion/budget"), "montant=50").await.status, 303);
        assert_eq!(site.post(&format!("{other}/suppression"), "").await.status, 409, "copies are printed");
        assert_eq!(site.post(&tirage, "exemplaires=0&cout=").await.status, 303);
        assert_eq!(site.post(&format!("{other}/suppression"), "").await.status, 303);
        assert_eq!((site.get(&other).await.status, site.post(&format!("{other}/suppression"), "").await.status), (404, 404));
        for etat in ["relecture", "figee&confirme=oui"] {
            assert_eq!(site.post(&format!("{edition}/etat"), &format!("etat={etat}")).await.status, 303);
        }
        assert_eq!(site.post(&format!("{edition}/etat"), "etat=figee").await.status, 409, "two clicks");
        assert_eq!(site.post(&format!("{edition}/suppression"), "").await.status, 409, "what was printed is kept");
        assert_eq!(site.get(&format!("{edition}/figer")).await.status, 409);
        let text = "UPDATE annuaire_structure SET nom = 'Nom d’après', telephone = '01 02 03 04 05'";
        let tx = db.begin().await.unwrap();
        kit::sql::execute(&tx, text, []).await.unwrap();
        tx.commit().await.unwrap();
        let frozen = read_pdf(&site.get_bytes(&format!("{edition}/livres/tout/livret")).await);
        assert!(!frozen.contains("Nom d’après") && !frozen.contains("Épreuve du") && frozen.contains("arrêtées le"));
        for (path, form) in [("", "titre=X&annee=2026"), ("/textes/edito", "titre=X"), ("/rubriques/1/retrait", "")] {
            assert_eq!(site.post(&format!("{edition}{path}"), form).await.status, 409, "{path}");
        }
        // The next one begins with its words, and says what changed.
        let next = site.post(BASE, "titre=R%C3%A9pertoire&annee=2028").await.location();
        let page = site.get(&next).await.body;
        assert!(page.contains("Depuis l’édition 2026") && page.contains("le nom, ") && page.contains("le téléphone"), "{page}");
        assert!(site.get(&format!("{next}/textes/edito")).await.body.contains("Bonjour"));
        assert_eq!(site.get(&edition.replace(ICI, "brenne")).await.status, 303, "the other territoire asks who it is");
    }
}

/// The sheet of a need, for a book that the territoire has; and the text of that book.
async fn sheets_and_texts_are_opened(site: &Site, edition: &str) {
    let page = site.get(edition).await.body;
    let book = page.split("/livret.odt").next().unwrap().rsplit('/').next().unwrap().to_string();
    for need in ["menage", "violences"] {
        let sheet = site.get_bytes(&format!("{edition}/fiches?besoin={need}&bassin={book}")).await;
        let text = read_pdf(&sheet);
        let (first, second) = text.split_once("Page 1 sur 2").unwrap_or_else(|| panic!("{text}"));
        assert!(first.contains("C’est quoi") && first.contains("04 75 25 43 82"), "{text}");
        assert!(second.contains("Qui peut vous aider") && second.contains("04 75 25 43 82") && second.ends_with("Page 2 sur 2"), "{text}");
        assert!(text.contains("Pas encore relu par des personnes concernées.") && !text.contains(['□', '\u{fffd}']), "{text}");
        assert_eq!(need == "violences", first.contains("Appelez le 17."), "{text}");
        assert_ne!(need == "violences", first.contains("Demandez combien ça coûte."), "{text}");
        large_and_whole(&sheet);
        super::livres::reads_aloud(&sheet);
    }
    let sheet = read_pdf(&site.get_bytes(&format!("{edition}/fiches?besoin=langue-signes&bassin={book}")).await);
    assert!(sheet.contains("Demandez à un proche d’appeler ce numéro") && sheet.contains("Votre proche dit :"), "{sheet}");
    assert!(!sheet.contains("Dites :") && !sheet.contains("Appelez ce numéro"), "who is deaf is not told to telephone: {sheet}");
    for unknown in ["fiches", "fiches?besoin=vie-quotidienne", "fiches?besoin=menage&bassin=atlantide", "livres/atlantide/livret.odt"] {
        assert_eq!(site.get(&format!("{edition}/{unknown}")).await.status, 404, "{unknown}");
    }
    let text = site.get_bytes(&format!("{edition}/livres/{book}/livret.odt")).await;
    assert!(text.starts_with(b"PK") && text[30..].starts_with(b"mimetypeapplication/vnd.oasis.opendocument.text"));
}

/// Letters are of 14 points or more, no word is cut at the end of a line, and every font is embedded.
fn large_and_whole(sheet: &[u8]) {
    let file = std::env::temp_dir().join(format!("fiche-{}-{}.pdf", std::process::id(), sheet.len()));
    std::fs::write(&file, sheet).unwrap();
    let path = file.to_str().unwrap();
    let (is_right, said) = ask("qpdf", &["--check", path]);
    assert!(is_right, "{said}");
    let (_, info) = ask("pdfinfo", &[path]);
    assert!(info.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 2")) && info.contains("(A4)"), "{info}");
    let (_, fonts) = ask("pdffonts", &[path]);
    assert!(fonts.contains("AtkinsonHyperlegible-Regular") && !fonts.contains("Libertinus"), "letters without serifs: {fonts}");
    assert!(fonts.lines().skip(2).all(|line| line.split_whitespace().rev().nth(4) == Some("yes")), "{fonts}");
    let (_, sizes) = ask("pdftohtml", &["-xml", "-stdout", "-i", "-zoom", "1", "-fontfullname", path]);
    let sizes: Vec<f64> = sizes
        .lines()
        .filter_map(|line| line.split("<fontspec ").nth(1)?.split("size=\"").nth(1)?.split('"').next()?.parse().ok())
        .collect();
    assert!(!sizes.is_empty() && sizes.iter().all(|size| *size >= 14.0), "{sizes:?}");
    let (_, lines) = ask("pdftotext", &["-layout", path, "-"]);
    assert!(!lines.lines().any(|line| line.trim_end().ends_with(['-', '\u{ad}'])), "{lines}");
    std::fs::remove_file(&file).unwrap();
}

fn ask(program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|_| panic!("{program}, installed by the setup"));
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The books of the demo, written by the command.
fn write_books(folder: &Path) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).unwrap();
    let reglages = folder.join("maillage.toml");
    std::fs::write(&reglages, "origine = \"https://services.example.org\"\n").unwrap();
    let annee = kit::Clock::system().now().paris().format("%Y").to_string();
    let output = Command::new(essais::binary())
        .args([
            "--reglages",
            reglages.to_str().unwrap(),
            "repertoire",
            "--territoire",
            ICI,
            "--edition",
            &annee,
            "--sortie",
            "livres",
            "--seulement",
            "livrets,textes,classeur,affiches",
        ])
        .current_dir(folder)
        .env_remove("MAILLAGE_BASE")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut books: Vec<PathBuf> = std::fs::read_dir(folder.join("livres")).unwrap().map(|one| one.unwrap().path()).collect();
    books.sort();
    let is_book = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "pdf");
    let (books, others): (Vec<PathBuf>, Vec<PathBuf>) = books.into_iter().partition(is_book);
    let mut others: Vec<String> = others.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    others.retain(|name| !name.ends_with(".odt"));
    assert_eq!(others, ["affiches", "classeur.xlsx"], "sheets were not asked");
    let posters = std::fs::read_dir(folder.join("livres/affiches")).unwrap().count();
    assert_eq!(posters, 29, "a poster for each commune");
    books
}

/// Each page: its size in points, and its words with where they stand.
pub(crate) type Mots = Vec<(f64, f64, Vec<(f64, f64, String)>)>;

pub(crate) fn read_words(book: &str) -> Mots {
    let (_, page) = ask("pdftotext", &["-bbox", book, "-"]);
    let number =
        |line: &str, name: &str| -> f64 { line.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap() };
    let mut pages: Mots = vec![];
    for line in page.lines().map(str::trim) {
        if line.starts_with("<page ") {
            pages.push((number(line, "width"), number(line, "height"), vec![]));
        } else if line.starts_with("<word ") {
            let word = line.split('>').nth(1).unwrap().trim_end_matches("</word").to_string();
            pages.last_mut().unwrap().2.push((number(line, "xMin"), number(line, "xMax"), word));
        }
    }
    pages
}

#[test]
fn the_books_of_the_demo_are_fit_to_be_printed_and_read_aloud() {
    let folder = std::env::temp_dir().join(format!("repertoire-{}", std::process::id()));
    let books = write_books(&folder);
    assert_eq!(books.len(), 16, "four bassins in four forms");
    for path in &books {
        let (name, book) = (path.file_name().unwrap().to_string_lossy().into_owned(), path.to_str().unwrap());
        let (is_right, said) = ask("qpdf", &["--check", book]);
        assert!(is_right, "{name}: {said}");
        let (_, fonts) = ask("pdffonts", &[book]);
        let lines: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!lines.is_empty() && lines.iter().all(|line| line.split_whitespace().rev().nth(4) == Some("yes")), "{name}: {fonts}");
        let text = read_pdf(&std::fs::read(path).unwrap());
        assert!(text.contains('☎') && text.contains("04 65 71 26 26") && text.contains("Chez moi, qui vient"), "{name}");
        assert!(!text.contains(['□', '\u{fffd}']), "{name}: a sign is missing");
        // Nothing in the margins but the signs of the tabs: no line is longer than its place.
        let pages = read_words(book);
        let cut = if name.contains("presse") { 10.0 * 72.0 / 25.4 } else { 0.0 };
        for (rang, (width, _, words)) in pages.iter().enumerate().skip(1) {
            let margin = 12.0 * 72.0 / 25.4 + cut;
            for (left, right, word) in words.iter().filter(|(.., word)| word.chars().count() > 1) {
                assert!(
                    *left > margin && *right < width - margin,
                    "{name}, page {}: « {word} » from {left} to {right} of {width}",
                    rang + 1
                );
            }
        }
        if name.contains("presse") {
            assert_eq!(pages.len() % 4, 0, "{name}: sheets are folded in four pages");
            let (_, boxes) = ask("pdfinfo", &["-box", book]);
            let trim: Vec<f64> = boxes
                .lines()
                .find_map(|line| line.strip_prefix("TrimBox:"))
                .unwrap()
                .split_whitespace()
                .map(|one| one.parse().unwrap())
                .collect();
            let size = [trim[2] - trim[0], trim[3] - trim[1]].map(|points| (points * 25.4 / 72.0).round());
            assert_eq!(size, [148.0, 210.0], "{name}");
            super::livres::suits_a_print_shop(&std::fs::read(path).unwrap());
        } else {
            let (_, info) = ask("pdfinfo", &[book]);
            assert!(info.contains("Tagged:") && info.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")), "{name}");
            super::livres::reads_aloud(&std::fs::read(path).unwrap());
        }
    }
    headings_hold_their_entries(books[0].to_str().unwrap());
    assert_eq!(scan(&folder, books[0].to_str().unwrap()), "https://services.example.org/val-de-drome");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The band of a part is followed by an entry on the same page.
fn headings_hold_their_entries(book: &str) {
    let (_, text) = ask("pdftotext", &["-layout", book, "-"]);
    let phrases: Vec<&str> = annuaire::besoin::Taxonomie::get().familles().map(|famille| &*famille.phrase).collect();
    let mut seen = 0;
    for page in text.split('\u{c}') {
        for phrase in phrases.iter().filter_map(|phrase| page.find(phrase.split(['.', ',']).next().unwrap())) {
            seen += 1;
            assert!(page[phrase..].contains('☎'), "a heading stands alone: {page}");
        }
    }
    assert!(seen > 5, "{seen} headings only");
}

/// What a telephone reads on the cover.
fn scan(folder: &Path, book: &str) -> String {
    let cover = folder.join("couverture");
    assert!(ask("pdftoppm", &["-r", "150", "-gray", "-png", "-singlefile", "-l", "1", book, cover.to_str().unwrap()]).0);
    let image = image::open(cover.with_extension("png")).unwrap().to_luma8();
    let (width, height) = (usize::try_from(image.width()).unwrap(), usize::try_from(image.height()).unwrap());
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        image.get_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap()).0[0]
    });
    picture.detect_grids().first().expect("a code on the cover").decode().unwrap().1
}
