//! Where the printed répertoire is given, over HTTP: places, print runs, movements, rounds on paper; and what people mistype.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Site, read_pdf};
use kit::{Id, sql, values};

const BASE: &str = "/val-de-drome/equipe/repertoire";
const POINT: &str = "nom=%C3%89cole+%F0%9F%8E%92+%3Cb%3E&nature=ecole&commune=Allex&eleves=84&tournee=Nord&ordre=1";

/// A site, its edition and its only place.
async fn open(db: &kit::Db) -> (Site, String, String) {
    let site = Site::signed_in(db, "val-de-drome").await;
    let edition = site.post(BASE, "titre=R%C3%A9pertoire&annee=2026").await.location();
    site.post(&format!("{BASE}/points"), POINT).await.location();
    let text = "SELECT id FROM repertoire_point WHERE territoire_id = $1";
    let point = sql::texts(db.read(), text, values![Id::from_name("val-de-drome")]).await.unwrap().remove(0);
    (site, edition, point)
}

#[tokio::test]
async fn copies_are_printed_planned_carried_and_counted() {
    for db in testkit::databases().await {
        let (site, edition, point) = open(&db).await;
        let diffusion = format!("{edition}/diffusion");
        assert!(site.get(&edition).await.body.contains(&diffusion) && site.get(BASE).await.body.contains("/points"));
        let page = site.get(&diffusion).await.body;
        assert!(page.contains("École 🎒 &#60;b&#62;") && page.contains("non calculable") && page.contains("Aucun budget"), "{page}");
        assert!(page.contains("Prévoir 85\u{a0}exemplaires"), "{page}");
        site.post(&format!("{diffusion}/propositions"), "").await.location();
        assert!(site.get(&diffusion).await.body.contains("il en manque 85"));
        site.post(&format!("{diffusion}/tirages/tout"), "exemplaires=100&cout=58%2C00").await.location();
        site.post(&format!("{diffusion}/budget"), "montant=50").await.location();
        let page = site.get(&diffusion).await.body;
        assert!(page.contains("dépassé de 8,00\u{a0}€") && page.contains("0,58\u{a0}€"), "{page}");
        let paper = read_pdf(&site.get_bytes(&format!("{diffusion}/tournees.pdf")).await);
        for said in ["Nord", "85 exemplaires", "Allex", "À déposer", "signature"] {
            assert!(paper.contains(said), "« {said} » is not in: {paper}");
        }
        let passage = format!("{diffusion}/points/{point}");
        let shown = site.get(&passage).await.body;
        let id = shown.split("name=\"id\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        for _ in 0..2 {
            let sent = format!("id={id}&nature=livraison&exemplaires=60&le=2026-11-17");
            site.post(&format!("{passage}/mouvements"), &sent).await.location();
        }
        let other = site.post(&format!("{passage}/mouvements"), &format!("id={id}&nature=livraison&exemplaires=70&le=2026-11-17")).await;
        assert!(other.status == 409 && other.body.contains("déjà noté autrement"), "{}", other.body);
        site.post(&format!("{passage}/mouvements"), "nature=retour&exemplaires=10&le=2026-11-17").await.location();
        let page = site.get(&diffusion).await.body;
        assert!(page.contains("60\u{a0}livrés, 10\u{a0}repris, 50 en stock"), "sent twice, written once: {page}");
        assert!(site.get(&passage).await.body.contains("Noté par"));
        // More than what is left, more than what is held, a print run smaller than what is out.
        let refused = site.post(&format!("{passage}/mouvements"), "nature=livraison&exemplaires=51&le=2026-11-17").await;
        assert!(refused.status == 422 && refused.body.contains("il ne reste que 50") && refused.body.contains("value=\"51\""));
        let refused = site.post(&format!("{passage}/mouvements"), "nature=retour&exemplaires=51&le=2026-11-17").await;
        assert!(refused.status == 422 && refused.body.contains("n’a reçu que 50"), "{}", refused.body);
        let refused = site.post(&format!("{diffusion}/tirages/tout"), "exemplaires=49&cout=").await;
        assert!(refused.status == 422 && refused.body.contains("ne peut pas être plus petit"), "{}", refused.body);
        // A mistake is taken back, unless what remains could not be.
        let annulation = |place: usize, body: &str| {
            body.split("action=\"")
                .filter(|one| one.contains("/annulation\""))
                .nth(place)
                .map(|rest| rest.split('"').next().unwrap().to_string())
        };
        let shown = site.get(&passage).await.body;
        let both = [annulation(0, &shown).unwrap(), annulation(1, &shown).unwrap()];
        let answers = [site.post(&both[0], "").await.status, site.post(&both[1], "").await.status];
        assert!(answers == [303, 303] || answers == [409, 303], "{answers:?}");
        let journal = "SELECT acte FROM kit_journal WHERE territoire_id = $1 ORDER BY numero";
        let actes = sql::texts(db.read(), journal, values![Id::from_name("val-de-drome")]).await.unwrap();
        assert_eq!(actes.iter().filter(|acte| *acte == "exemplaires portés").count(), 2);
    }
}

#[tokio::test]
async fn a_round_is_left_as_it_was_planned_by_one_gesture() {
    for db in testkit::databases().await {
        let (site, edition, point) = open(&db).await;
        let diffusion = format!("{edition}/diffusion");
        let made = |le: &str, nom: &str| format!("tournee={nom}&le={le}&exemplaires=85");
        site.post(&format!("{diffusion}/propositions"), "").await.location();
        let lacking = site.post(&format!("{diffusion}/tournees"), &made("2026-11-17", "Nord")).await;
        assert!(lacking.status == 422 && lacking.body.contains("il manque 85"), "nothing is printed yet: {}", lacking.body);
        site.post(&format!("{diffusion}/tirages/tout"), "exemplaires=100&cout=").await.location();
        for le in ["2026-02-31", "2999-01-01", ""] {
            assert_eq!(site.post(&format!("{diffusion}/tournees"), &made(le, "Nord")).await.status, 422, "{le}");
        }
        assert_eq!(site.post(&format!("{diffusion}/tournees"), &made("2026-11-17", "Sud")).await.status, 404);
        let changed = site.post(&format!("{diffusion}/tournees"), "tournee=Nord&le=2026-11-17&exemplaires=80").await;
        assert!(changed.status == 409 && changed.body.contains("vient de changer"), "not what the button said: {}", changed.body);
        let mistyped = site.post(&format!("{diffusion}/tournees"), &made("2026-02-31", "Nord")).await.body;
        assert!(
            mistyped.contains("id=\"le\"") && mistyped.contains("value=\"2026-02-31\"") && mistyped.contains("erreur-le"),
            "{mistyped}"
        );
        assert!(site.get(&diffusion).await.body.contains("Tout est déposé comme prévu, 85\u{a0}exemplaires"));
        for _ in 0..2 {
            site.post(&format!("{diffusion}/tournees"), &made("2026-11-17", "Nord")).await.location();
        }
        let page = site.get(&diffusion).await.body;
        assert!(page.contains("85\u{a0}livrés") && page.contains("Rien n’est à déposer"), "twice is once: {page}");
        // A place where one goes no more waits for nothing more than what it got.
        site.post(&format!("{BASE}/points/{point}/retrait"), "").await.location();
        let passage = format!("{diffusion}/points/{point}");
        site.post(&format!("{passage}/prevision"), "prevus=99").await.location();
        assert!(site.get(&diffusion).await.body.contains("85\u{a0}prévus"));
    }
}

#[tokio::test]
async fn what_is_mistyped_is_kept_and_said() {
    for db in testkit::databases().await {
        let (site, edition, point) = open(&db).await;
        let (diffusion, points) = (format!("{edition}/diffusion"), format!("{BASE}/points"));
        let wrong = site.post(&points, "").await;
        assert!(wrong.status == 422 && wrong.body.contains("donnez un nom"), "{}", wrong.body);
        let wrong = site.post(&points, "nom=%3Cscript%3E&nature=x&commune=Rosnay&eleves=-1&ordre=99999999999999999999").await;
        assert!(wrong.status == 422 && wrong.body.contains("value=\"&#60;script&#62;\"") && wrong.body.contains("n’est pas du territoire"));
        let wrong = site.post(&format!("{points}/import"), "lignes=Mairie%3Bmairie%3BAllex%0A%3Cscript%3E%3B%3BParis").await;
        assert!(wrong.status == 422 && wrong.body.contains("ligne 2") && wrong.body.contains("&#60;script&#62;;;Paris"), "{}", wrong.body);
        assert!(!site.get(&points).await.body.contains("Mairie</a>"), "all of a list, or none");
        for _ in 0..2 {
            site.post(&format!("{points}/import"), "lignes=Mairie%3Bmairie%3BAllex").await.location();
        }
        assert_eq!(site.get(&points).await.body.matches("Mairie</a>").count(), 1);
        // The same as a file: what is wrong says its file, its line and its column, and nothing of it is taken.
        let envoyer = async |contenu: &str| {
            let body =
                format!("--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"points.csv\"\r\n\r\n{contenu}\r\n--x--\r\n");
            site.post_kind(&format!("{points}/fichier"), "multipart/form-data; boundary=x", body.as_bytes()).await
        };
        let wrong = envoyer("Nom;Nature;Commune\nMédiathèque;autre;Allex\n<script>;mairie;Paris").await;
        assert!(wrong.status == 422 && wrong.body.contains("points.csv, ligne 3, colonne «"), "{}", wrong.body);
        assert!(!wrong.body.contains("<script>;") && !site.get(&points).await.body.contains("Médiathèque</a>"));
        for _ in 0..2 {
            envoyer("Commune;Nom;Nature\nAllex;Médiathèque;autre").await.location();
        }
        assert_eq!(site.get(&points).await.body.matches("Médiathèque</a>").count(), 1);
        let none = b"--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"\"\r\n\r\n\r\n--x--\r\n";
        let none = site.post_kind(&format!("{points}/fichier"), "multipart/form-data; boundary=x", none).await;
        assert!(none.status == 422 && none.body.contains("choisissez d’abord un fichier"), "{}", none.body);
        let mouvements = format!("{diffusion}/points/{point}/mouvements");
        for sent in [
            "",
            "nature=livraison&exemplaires=99999999999999999999&le=2026-11-17",
            "nature=livraison&exemplaires=-5&le=2026-11-17",
            "nature=livraison&exemplaires=5&le=2026-02-31",
            "nature=livraison&exemplaires=5&le=2027-01-01",
            "nature=%F0%9F%99%82&exemplaires=%3Cscript%3E&le=hier",
        ] {
            let wrong = site.post(&mouvements, sent).await;
            assert!(wrong.status == 422 && !wrong.body.contains("<script>alert"), "{sent}: {}", wrong.status);
        }
        for (page, sent) in [
            (format!("{diffusion}/budget"), "montant=-3"),
            (format!("{diffusion}/budget"), "montant=%F0%9F%99%82"),
            (format!("{diffusion}/tirages/tout"), "exemplaires=&cout=1e9"),
            (format!("{diffusion}/points/{point}/prevision"), "prevus=-1"),
        ] {
            assert_eq!(site.post(&page, sent).await.status, 422, "{page} {sent}");
        }
        for unknown in ["/tirages/rien", "/tournees.pdf?tournee=Sud", "/points/rien"] {
            assert_eq!(site.get(&format!("{diffusion}{unknown}")).await.status, 404, "{unknown}");
        }
        assert_eq!(site.post(&format!("{mouvements}/{}/annulation", Id::from_name("rien")), "").await.status, 404);
    }
}

#[tokio::test]
async fn a_place_leaves_comes_back_and_is_nobody_elses() {
    for db in testkit::databases().await {
        let (mut site, edition, point) = open(&db).await;
        let page = format!("{BASE}/points/{point}");
        site.post(&page, &POINT.replace("Nord", "Sud")).await.location();
        for _ in 0..2 {
            site.post(&format!("{page}/retrait"), "").await.location();
        }
        assert!(site.get(&page).await.body.contains("n’est plus desservi"));
        assert!(site.get(&format!("{edition}/diffusion")).await.body.contains("Aucun lieu ne reçoit"));
        site.post(&format!("{page}/remise"), "").await.location();
        assert!(site.get(&format!("{edition}/diffusion")).await.body.contains("Sud"));
        let actes = "SELECT acte FROM kit_journal WHERE territoire_id = $1 AND objet = 'point'";
        assert_eq!(sql::texts(db.read(), actes, values![Id::from_name("val-de-drome")]).await.unwrap().len(), 2, "each told once");
        // Another territoire knows neither the place nor the edition.
        site.cookie = None;
        assert_ne!(site.get(&page).await.status, 200);
        site.cookie = Some(site.sign_in("brenne", essais::COURRIEL).await);
        let elsewhere = |path: &str| path.replace("val-de-drome", "brenne");
        assert_eq!(site.get(&elsewhere(&page)).await.status, 404);
        assert_eq!(site.post(&elsewhere(&format!("{page}/retrait")), "").await.status, 404);
        assert_eq!(site.get(&elsewhere(&format!("{edition}/diffusion"))).await.status, 404);
        let own = site.post("/brenne/equipe/repertoire", "titre=Autre&annee=2026").await.location();
        for act in ["mouvements", "prevision"] {
            let sent = "nature=livraison&exemplaires=5&le=2026-11-17&prevus=5";
            assert_eq!(site.post(&format!("{own}/diffusion/points/{point}/{act}"), sent).await.status, 404, "{act}");
        }
    }
}
