//! The rights of the person: seen, taken away, withdrawn, erased, with the secret link or by the team.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Reponse, Site, read_pdf};
use kit::Db;

const FORM: &str = "commune=26165&besoin=menage&note=plut%C3%B4t+le+matin&rappel_nom=Zo%C3%A9+%3Cb%3EMarqueur&rappel_telephone=0612345678\
                    &rappel_courriel=zoe%40example.org&rappel_moment=le+soir&pour_qui=parent&tranche_age=85_plus&sexe=femme&consentement=oui&cle=z1";

fn header<'a>(answer: &'a Reponse, name: &str) -> &'a str {
    answer.headers.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default()
}

/// Leaves a demande as a person does, and gives the secret link that the next page shows.
async fn leave(site: &mut Site) -> String {
    let sent = site.leave("val-de-drome", FORM).await;
    assert_eq!(sent.status, 303);
    let cookie = header(&sent, "set-cookie").to_string();
    assert!(cookie.contains("HttpOnly") && cookie.contains("Path=/val-de-drome/demandes/merci"), "{cookie}");
    site.cookie = cookie.split(';').next().map(str::to_string);
    let thanks = site.get(header(&sent, "location")).await;
    assert_eq!(header(&thanks, "cache-control"), "no-store");
    site.cookie = None;
    let link = thanks.body.split("href=\"").find(|rest| rest.starts_with("/val-de-drome/ma-demande/")).expect("a link");
    let link = link.split('"').next().unwrap().to_string();
    assert!(!sent.headers.replace(&cookie, "").contains(link.rsplit('/').next().unwrap()), "the code is in no address");
    link
}

async fn open(db: &Db) -> (Site, String) {
    let mut site = Site::open(db).await;
    let link = leave(&mut site).await;
    (site, link)
}

#[tokio::test]
async fn a_person_sees_everything_held_about_them_and_nobody_else_does() {
    for db in testkit::databases().await {
        let (site, link) = open(&db).await;
        for path in [link.clone(), format!("{link}/document")] {
            let page = site.get(&path).await;
            assert_eq!((page.status, header(&page, "cache-control"), header(&page, "referrer-policy")), (200, "no-store", "no-referrer"));
            let shown = ["Zoé &#60;b&#62;Marqueur", "06 12 34 56 78", "zoe@example.org", "plutôt le matin", "le soir", "85 ans et plus"];
            for text in shown.into_iter().chain([
                "une femme",
                "son père ou sa mère",
                "J’accepte que mon nom",
                "ADMR de Livron",
                "article 6.1.a",
                "24\u{a0}mois",
            ]) {
                assert!(page.body.contains(text), "{path}: {text}");
            }
        }
        let pdf = site.get(&format!("{link}/document.pdf")).await;
        assert_eq!((header(&pdf, "content-type"), header(&pdf, "cache-control")), ("application/pdf", "no-store"));
        let read = read_pdf(&site.get_bytes(&format!("{link}/document.pdf")).await);
        for text in ["Zoé <b>Marqueur", "06 12 34 56 78", "zoe@example.org", "plutôt le matin", "le soir", "85 ans et plus", "une femme"]
        {
            assert!(read.contains(text), "{text}: {read}");
        }
        for text in ["J’accepte que mon nom", "ADMR de Livron", "article 6.1.a", "24 mois", "page 1 sur"] {
            assert!(read.contains(text), "{text}: {read}");
        }
        let json = site.get(&format!("{link}/donnees.json")).await;
        assert!(header(&json, "content-disposition").contains("demande-1.json"));
        let data: serde_json::Value = serde_json::from_str(&json.body).unwrap();
        assert_eq!(data["rappel"]["telephone"], "06 12 34 56 78");
        assert_eq!((&data["note"], &data["sexe"], &data["cle"]), (&"plutôt le matin".into(), &"femme".into(), &"z1".into()));
        assert_eq!(data["consentements"][0]["finalite"], "rappel");
        let wrong = [format!("{}0", &link[..link.len() - 1]), format!("{link}0"), "/val-de-drome/ma-demande/x".into()];
        let elsewhere = link.replace("/val-de-drome/", "/brenne/");
        for path in wrong.iter().filter(|path| **path != link).chain([&elsewhere]) {
            assert_eq!(site.get(path).await.status, 404, "{path}");
            assert_eq!(site.post(&format!("{path}/effacement"), "").await.status, 404, "{path}");
        }
        assert_eq!(site.get(&format!("{link}/document")).await.status, 200, "nothing was erased");
    }
}

#[tokio::test]
async fn a_person_withdraws_their_agreement_then_erases_everything() {
    for db in testkit::databases().await {
        let (site, link) = open(&db).await;
        assert_eq!(header(&site.post(&format!("{link}/retrait"), "").await, "location"), link);
        let page = site.get(&link).await.body;
        assert!(!page.contains("Zoé") && !page.contains("06 12") && page.contains("retiré le") && page.contains("plutôt le matin"));
        let confirm = site.get(&format!("{link}/effacement")).await;
        assert!(confirm.status == 200 && confirm.body.contains("sans retour possible"));
        assert_eq!(site.get(&link).await.status, 200, "a GET erases nothing");
        let erased = site.post(&format!("{link}/effacement"), "").await;
        assert_eq!(header(&erased, "location"), "/val-de-drome/ma-demande/effacee");
        assert!(site.get("/val-de-drome/ma-demande/effacee").await.body.contains("ne garde plus rien"));
        assert_eq!(site.get(&link).await.status, 404);
        assert_eq!(site.post(&format!("{link}/effacement"), "").await.status, 404);
    }
}

#[tokio::test]
async fn an_old_browser_erases_too_and_other_forms_stay_closed_to_other_sites() {
    for db in testkit::databases().await {
        let (site, link) = open(&db).await;
        assert_eq!(site.post_from("null", "/val-de-drome/demandes").await.status, 403);
        assert_eq!(site.post_from("https://ailleurs.example", "/val-de-drome/demandes").await.status, 403);
        let erased = site.post_from("null", &format!("{link}/effacement")).await;
        assert_eq!(header(&erased, "location"), "/val-de-drome/ma-demande/effacee");
    }
}

#[tokio::test]
async fn the_team_does_the_same_for_a_person_who_calls_and_visitors_cannot() {
    for db in testkit::databases().await {
        let mut site = Site::signed_in(&db, "val-de-drome").await;
        let session = site.cookie.take();
        leave(&mut site).await;
        let id = kit::sql::texts(db.read(), "SELECT id FROM accueil_demande", []).await.unwrap().remove(0);
        let path = format!("/val-de-drome/equipe/demandes/{id}");
        for (step, is_post) in
            [("donnees.json", false), ("document", false), ("document.pdf", false), ("retrait", true), ("effacement", true)]
        {
            let step = format!("{path}/{step}");
            let answer = if is_post { site.post(&step, "").await } else { site.get(&step).await };
            assert_eq!(answer.status, if is_post { 401 } else { 303 }, "{step}");
            assert!(!answer.body.contains("zoe@example.org"), "{step}");
        }
        site.cookie = session;
        assert!(site.get(&format!("{path}/document")).await.body.contains("zoe@example.org"));
        assert!(site.get(&format!("{path}/donnees.json")).await.body.contains("zoe@example.org"));
        assert!(read_pdf(&site.get_bytes(&format!("{path}/document.pdf")).await).contains("zoe@example.org"));
        assert_eq!(site.post(&format!("{path}/retrait"), "").await.status, 303);
        assert!(site.get(&path).await.body.contains("retiré le"));
        assert_eq!(site.get(&format!("{path}/effacement")).await.status, 200);
        assert_eq!(site.post(&format!("{path}/effacement"), "").await.status, 303);
        let left = site.get(&path).await.body;
        assert!(left.contains("a été effacé le") && left.contains("ADMR de Livron") && !left.contains("plutôt le matin"), "{left}");
        let list = site.get("/val-de-drome/equipe/chiffres.csv").await.body;
        assert!(list.contains("commune;26165;Livron-sur-Drôme;1;"), "the figures stay: {list}");
    }
}
