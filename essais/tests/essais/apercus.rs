//! What is about to be printed, seen while it is written; two people at the same parts; the books of a frozen edition, for anybody.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Site, read_pdf};

const ICI: &str = "val-de-drome";
const BASE: &str = "/val-de-drome/equipe/repertoire";
const IMAGE: &str = "data:image/svg+xml;base64,";

async fn begin(site: &Site) -> String {
    site.post(BASE, "titre=R%C3%A9pertoire&annee=2026").await.location()
}

/// « 22 » of « le livret aurait 22 pages ».
fn read_pages(body: &str) -> usize {
    let after = body.split("le livret aurait <strong>").nth(1).unwrap_or_else(|| panic!("{body}"));
    after.split('\u{a0}').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn pages_are_seen_while_they_are_written_and_nothing_is_kept() {
    let db = testkit::databases().await.remove(0);
    let site = Site::signed_in(&db, ICI).await;
    let edition = begin(&site).await;
    let texte = format!("{edition}/textes/edito");
    let short = site.post(&format!("{texte}/apercu"), "titre=Le+mot&texte=Bonjour+%F0%9F%8F%A1").await;
    assert!(short.status == 200 && short.body.contains(IMAGE) && short.body.contains("Bonjour 🏡"), "{}", short.body);
    let long = site.post(&format!("{texte}/apercu"), &format!("titre=Le+mot&texte={}", "Un+mot+de+plus.+".repeat(300))).await;
    assert!(read_pages(&long.body) > read_pages(&short.body), "a longer text makes a longer book");
    assert_eq!(long.body.matches(IMAGE).count(), 2, "both pages of the text");
    let listed = site.post(&format!("{texte}/apercu"), &format!("titre=Le+mot&texte={}", "-+Samu+15%0A".repeat(60))).await;
    assert_eq!(listed.body.matches(IMAGE).count(), 2, "short lines take as much room as long ones: nothing is lost below the page");
    let empty = site.post(&format!("{texte}/apercu"), "titre=&texte=").await;
    assert!(empty.status == 200 && empty.body.contains("la page ne s’imprime pas") && !empty.body.contains(IMAGE));
    assert!(read_pages(&empty.body) <= read_pages(&short.body));
    let refused = site.post(&format!("{texte}/apercu"), &format!("titre={}", "x".repeat(91))).await;
    assert!(refused.status == 422 && refused.body.contains("trop long"), "{}", refused.body);
    assert!(!site.get(&texte).await.body.contains("Bonjour 🏡"), "nothing is kept");

    let seen = site.post(&format!("{edition}/rubriques/nouvelle/apercu"), "titre=Le+linge&phrase=&place=1&besoins=menage").await;
    assert!(seen.status == 200 && seen.body.contains(IMAGE) && seen.body.contains("Le linge"), "{}", seen.body);
    let nobody = site.post(&format!("{edition}/rubriques/nouvelle/apercu"), "titre=Rien&phrase=&place=1&besoins=garde-nuit").await;
    assert!(nobody.status == 200 && nobody.body.contains("la rubrique ne s’imprime pas"), "{}", nobody.body);
    assert_eq!(site.post(&format!("{edition}/rubriques/nouvelle/apercu"), "titre=&place=x").await.status, 422);
    assert!(!site.get(&edition).await.body.contains("Le linge"));

    // The page that asks by itself while one writes is told what is missing, where the pages would be.
    let (texte, rubrique) = (format!("{texte}/apercu"), format!("{edition}/rubriques/nouvelle/apercu"));
    for (path, body) in [(&rubrique, "titre=&place=x"), (&texte, &*format!("titre={}", "x".repeat(91)))] {
        let asked = site.post_live(path, body).await;
        assert!(asked.status == 200 && asked.body.contains("Les pages se montreront quand"), "{}", asked.body);
    }
}

#[tokio::test]
async fn who_moves_parts_while_another_does_is_told() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let edition = begin(&site).await;
        let first = format!("{edition}/rubriques/1");
        let shown = site.get(&first).await.body;
        assert!(shown.contains("name=\"connue\" value=\"Ménage, repas et courses\""), "{shown}");
        let new = "titre=Les+repas&phrase=&place=1&besoins=portage-repas";
        assert_eq!(site.post(&format!("{edition}/rubriques/nouvelle"), new).await.status, 303);
        // The page that was opened before would write over another part.
        let connue = "connue=M%C3%A9nage%2C+repas+et+courses";
        let late = site.post(&first, &format!("{connue}&titre=M%C3%A9nage&phrase=&place=1&besoins=menage")).await;
        assert!(late.status == 409 && late.body.contains("déplacer les rubriques"), "{}", late.body);
        assert_eq!(site.post(&format!("{first}/retrait"), connue).await.status, 409);
        assert!(site.get(&edition).await.body.contains("Les repas"), "what the other wrote is there");
        assert_eq!(site.post(&format!("{first}/retrait"), "connue=Les+repas").await.status, 303);
    }
}

#[tokio::test]
async fn the_books_of_a_frozen_edition_are_for_anybody_and_never_change() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let visitor = Site { app: site.app.clone(), cookie: None };
        let public = format!("/{ICI}/repertoire");
        assert!(visitor.get(&public).await.body.contains("Aucun répertoire n’est encore imprimé"));
        let edition = begin(&site).await;
        let list = site.get(&edition).await.body;
        let code = list.split(&format!("{edition}/livres/")).nth(1).and_then(|rest| rest.split('/').next()).unwrap().to_string();
        let book = format!("{public}/2026/{code}/livret");
        assert_eq!(visitor.get(&book).await.status, 404, "a proof is not public");
        for etat in ["relecture", "figee&confirme=oui"] {
            assert_eq!(site.post(&format!("{edition}/etat"), &format!("etat={etat}")).await.status, 303);
        }
        assert!(visitor.get(&public).await.body.contains(&format!("href=\"{book}\"")));
        let rubrique = site.get(&format!("{edition}/rubriques/1")).await.body;
        assert!(rubrique.contains("ne changent plus") && !rubrique.contains("hx-post"), "{rubrique}");
        let first = visitor.get_bytes(&book).await;
        assert!(read_pdf(&first).contains("Les fiches ont été arrêtées"));
        assert!(visitor.get_bytes(&book).await == first, "composed once, then kept");

        // What the territoire says of itself since is of its site, not of what was printed.
        let tx = db.begin().await.unwrap();
        let mut other = (*site.app.territoires.find(ICI).unwrap()).clone();
        (other.nom, other.ligne.telephone) = ("Autre nom".into(), Some("02 00 00 00 00".into()));
        territoire::storage::update_apparence(&tx, &other).await.unwrap();
        tx.commit().await.unwrap();
        site.app.refresh().await.unwrap();
        assert!(site.get(&edition).await.body.contains("Autre nom"), "today it has another name");
        let team = read_pdf(&site.get_bytes(&format!("{edition}/livres/{code}/livret")).await);
        assert_eq!(team, read_pdf(&first), "the team’s book says what everybody’s says");
        for unknown in ["2025/tout/livret", "2026/atlantide/livret", "2026/tout/presse", "x/tout/livret", "2026/tout/%3Cscript%3E"] {
            assert_eq!(visitor.get(&format!("{public}/{unknown}")).await.status, 404, "{unknown}");
        }
        assert_eq!(visitor.get("/brenne/repertoire/2026/tout/livret").await.status, 404, "of another territoire");
    }
}
