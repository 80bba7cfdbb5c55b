//! The maps over HTTP: the page, its GeoJSON, its paper; and the one host that a background opens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Site, read_pdf};
use kit::{Db, Id, sql, values};
use maillage::reglages::{Reglages, ReglagesFond};
use serde_json::Value;

const ICI: &str = "val-de-drome";
const ZONES: &str = "/val-de-drome/equipe/annuaire/zones-blanches";

async fn find_service(db: &Db) -> String {
    let text = "SELECT id FROM annuaire_service WHERE territoire_id = $1 ORDER BY source_id, id LIMIT 1";
    sql::texts(db.read(), text, values![Id::from_name(ICI)]).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_need_without_anybody_is_a_page_a_geojson_and_a_paper_that_say_the_same() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let page = site.get(&format!("{ZONES}?besoin=garde-nuit")).await;
        assert!(page.status == 200 && page.body.contains("29\u{a0}communes n’ont personne sur 29"), "{}", page.body);
        assert_eq!(page.body.matches("url(#motif-personne)").count(), 29);
        let geojson = site.get(&format!("{ZONES}?besoin=garde-nuit&forme=geojson")).await;
        assert!(geojson.headers.contains("application/geo+json") && geojson.headers.contains("no-store"), "{}", geojson.headers);
        let read: Value = serde_json::from_str(&geojson.body).unwrap();
        assert_eq!(read["features"].as_array().unwrap().len(), 29);
        let paper = read_pdf(&site.get_bytes(&format!("{ZONES}?besoin=garde-nuit&forme=pdf")).await);
        for said in ["Zones blanches", "29 communes n’ont personne sur 29", "Livron-sur-Drôme", "Desservie par", "IGN ADMIN EXPRESS"] {
            assert!(paper.contains(said), "« {said} » is not in: {paper}");
        }
        assert_eq!(site.get(&format!("{ZONES}?besoin=nulle-part")).await.status, 404);
        assert!(site.get(ZONES).await.body.contains("besoin=garde-nuit"), "what lacks leads to its map");
    }
}

#[tokio::test]
async fn a_service_shows_everybody_the_communes_it_reaches() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let service = find_service(&db).await;
        let visitor = Site { app: site.app.clone(), cookie: None };
        let page = visitor.get(&format!("/{ICI}/services/{service}/communes")).await;
        assert!(page.status == 200 && page.body.contains("29\u{a0}communes sur 29"), "{}", page.body);
        assert!(
            page.body.contains("<svg") && !page.body.contains("cartes.js") && !page.body.contains("forme=pdf"),
            "no script for everybody"
        );
        assert!(page.body.len() < 40_000, "{} bytes", page.body.len());
        let path = format!("/{ICI}/equipe/annuaire/services/{service}/communes");
        assert!(site.get(&path).await.body.contains(&format!("data-carte=\"{path}?forme=geojson\"")));
        let paper = read_pdf(&site.get_bytes(&format!("{path}?forme=pdf")).await);
        assert!(paper.contains("commune desservie") && paper.contains("Allex"), "{paper}");
        let elsewhere = format!("/brenne/services/{service}/communes");
        assert_eq!(visitor.get(&elsewhere).await.status, 404);
    }
}

#[tokio::test]
async fn a_commune_shows_who_comes_and_asks_which_when_several_have_the_name() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let base = format!("/{ICI}/equipe/annuaire/commune");
        assert!(site.get(&base).await.body.contains("Écrivez le nom d’une commune"));
        assert!(site.get(&format!("{base}?ou=zzzzzz")).await.body.contains("pas trouvée"));
        let several = site.get(&format!("{base}?ou=26400&besoin=menage")).await;
        assert!(several.body.contains("Choisissez") && several.body.contains("besoin=menage\">Allex"), "{}", several.body);
        let page = site.get(&format!("{base}?ou=Allex")).await;
        assert!(
            page.body.contains("2\u{a0}services de 2\u{a0}structures") && page.body.contains("Entraide &#60;b&#62;d’Allex"),
            "{}",
            page.body
        );
        assert!(!page.body.contains("<b>d’Allex"), "a name stays a name, in the drawing too");
        let paper = read_pdf(&site.get_bytes(&format!("{base}?ou=26006&forme=pdf")).await);
        assert!(paper.contains("Services à Allex") && paper.contains("Entraide <b>d’Allex</b>"), "{paper}");
    }
}

#[tokio::test]
async fn a_background_opens_its_host_to_the_team_and_to_nobody_else() {
    let db = testkit::databases().await.remove(0);
    let site = Site::signed_in(&db, ICI).await;
    let zones = format!("{ZONES}?besoin=garde-nuit");
    let closed = site.get(&zones).await;
    assert!(closed.headers.contains("connect-src 'self';") && !closed.body.contains("data-tuiles"));
    let fond = ReglagesFond { tuiles: "https://tuiles.exemple.fr/{z}/{x}/{y}.png".into(), attribution: "© \"Exemple\"".into() };
    let reglages = Reglages { fond_de_carte: Some(fond), ..Reglages::default() };
    let site = Site { app: site.app.clone().set_by("", &reglages), cookie: site.cookie.clone() };
    let open = site.get(&zones).await;
    for part in ["img-src 'self' data: https://tuiles.exemple.fr;", "connect-src 'self' https://tuiles.exemple.fr;", "default-src 'none';"]
    {
        assert!(open.headers.contains(part), "{part}: {}", open.headers);
    }
    assert!(
        open.body.contains("data-tuiles=\"https://tuiles.exemple.fr/{z}/{x}/{y}.png\"") && open.body.contains("data-attribution=\"© &#34;")
    );
    let public = site.get(&format!("/{ICI}")).await;
    assert!(!public.headers.contains("tuiles.exemple.fr"));
}
