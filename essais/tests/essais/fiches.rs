//! Sheets that are easy to read: words mended with persons concerned, who read which words, and what prints of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{COURRIEL, Site, read_pdf};

const ICI: &str = "val-de-drome";
const FICHE: &str = "/val-de-drome/equipe/repertoire/fiches/menage";

/// The fingerprint of the words that the page shows.
async fn read_lus(site: &Site) -> String {
    let page = site.get(FICHE).await.body;
    page.split("name=\"lus\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}")).split('"').next().unwrap().to_string()
}

#[tokio::test]
async fn words_are_mended_read_again_and_print_with_who_read_them() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let edition = site.post("/val-de-drome/equipe/repertoire", "titre=R%C3%A9pertoire&annee=2026").await.location();
        let sheet = format!("{edition}/fiches?besoin=menage&bassin=tout");
        let refused = site.post(FICHE, "quoi=&pour=a%0Ab%0Ac%0Ad%0Ae&dire=").await;
        assert!(refused.status == 422 && refused.body.contains("a\nb\nc\nd\ne"), "what was typed is kept: {}", refused.body);
        let lus = read_lus(&site).await;
        for (par, le) in [("", "2026-01-02"), ("Lire", "2026-02-31"), ("Lire", "2999-01-01")] {
            assert_eq!(site.post(&format!("{FICHE}/relecture"), &format!("par={par}&le={le}&lus={lus}")).await.status, 422, "{par} {le}");
        }

        // Hard words are kept, and said to be hard.
        let words = "quoi=Le+SAAD+passe+%28balai%29.&pour=Vous+%C3%AAtes+seul+%3Cscript%3E.&dire=Je+veux+un+%F0%9F%A7%B9.";
        let send = |words: &str, lus: &str| format!("{words}&lus={lus}");
        assert_eq!(site.post(FICHE, &send(words, "autres")).await.status, 409, "nobody’s words are written over");
        assert_eq!(site.post(FICHE, &send(words, &lus)).await.location(), FICHE);
        let page = site.get(FICHE).await.body;
        assert!(page.contains("Difficile à lire") && page.contains("pas de parenthèse") && !page.contains("<script>."), "{page}");
        let late = site.post(&format!("{FICHE}/relecture"), &format!("par=Lire&le=2026-01-02&lus={lus}")).await;
        assert!(late.status == 409 && late.body.contains("viennent de changer"), "{}", late.body);
        let read = read_pdf(&site.get_bytes(&sheet).await);
        assert!(read.contains("Le SAAD passe (balai).") && read.contains("Pas encore relu"), "{read}");

        let lus = read_lus(&site).await;
        let said = format!("par=Le+groupe+%3Cb%3ELire%3C%2Fb%3E&le=2026-01-02&lus={lus}");
        for _ in 0..2 {
            assert_eq!(site.post(&format!("{FICHE}/relecture"), &said).await.location(), FICHE);
        }
        let read = read_pdf(&site.get_bytes(&sheet).await);
        assert!(read.contains("Relu par : Le groupe <b>Lire</b>") && !read.contains("Pas encore relu"), "{read}");
        let list = site.get("/val-de-drome/equipe/repertoire/fiches").await.body;
        assert!(list.contains("1 sur 75") && list.contains("relue par Le groupe &#60;b&#62;Lire"), "{list}");
        let elsewhere = Site { app: site.app.clone(), cookie: Some(site.sign_in("brenne", COURRIEL).await) };
        assert!(elsewhere.get("/brenne/equipe/repertoire/fiches").await.body.contains("0 sur 75"), "of this territoire alone");

        // The same words said again are still those that were read; others are not.
        assert_eq!(site.post(FICHE, words).await.status, 303);
        assert!(site.get(FICHE).await.body.contains("Relue par Le groupe"));
        assert_eq!(site.post(FICHE, &send(&words.replace("seul", "seule"), &lus)).await.status, 303);
        assert!(site.get(FICHE).await.body.contains("Vos mots, pas encore relus"));
        assert_eq!(site.post(&format!("{FICHE}/retrait"), &format!("lus={lus}")).await.status, 409, "they are others now");
        let lus = read_lus(&site).await;
        assert_eq!(site.post(&format!("{FICHE}/retrait"), &format!("lus={lus}")).await.status, 303);
        let page = site.get(FICHE).await.body;
        assert!(page.contains("Les mots proposés, pas encore relus") && page.contains("Elle fait le ménage."), "{page}");
        for unknown in ["vie-quotidienne", "rien", "%3Cscript%3E"] {
            let path = FICHE.replace("menage", unknown);
            assert_eq!(site.get(&path).await.status, 404, "{unknown}");
            assert_eq!(site.post(&format!("{path}/retrait"), "").await.status, 404, "{unknown}");
        }
    }
}
