//! From a gap to a service, and from a change to a letter: the pages, the daily look, the letter of the week.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use comptes::Role;
use comptes::storage::{insert_compte, insert_referent};
use essais::{COURRIEL, MOT_DE_PASSE, Site};
use kit::{Db, Id, envoi, sql, values};
use maillage::veille::watch_today;
use observatoire::alertes::couverture::Ecart;
use observatoire::alertes::model::{Alerte, Comparaison, NatureAlerte};
use observatoire::pistes::model::{Etendue, Portee};
use observatoire::storage::alerte::{insert_alerte, list_alertes, save_ecart};
use testkit::NOON;

const ICI: &str = "val-de-drome";
const BASE: &str = "/val-de-drome/equipe/observatoire";
const DAY: i64 = 86_400;

async fn ask(site: &Site, besoin: &str, times: usize) {
    for _ in 0..times {
        let body = format!(r#"{{"commune":"26165","besoin":"{besoin}"}}"#);
        assert_eq!(site.post_json("/api/v1/demandes", body.as_bytes()).await.status, 201);
    }
}

async fn find_compte(db: &Db, courriel: &str) -> Id {
    let text = "SELECT id FROM comptes_compte WHERE territoire_id = $1 AND courriel = $2";
    sql::texts(db.read(), text, values![Id::from_name(ICI), courriel]).await.unwrap().remove(0).parse().unwrap()
}

#[tokio::test]
async fn what_is_asked_and_not_served_becomes_a_piste_with_its_figures() {
    for db in testkit::databases().await {
        let mut site = Site::signed_in(&db, ICI).await;
        ask(&site, "garde-nuit", 3).await;
        ask(&site, "jardinage", 6).await;
        let page = site.get(&format!("{BASE}/manques")).await;
        assert!(page.status == 200 && page.body.contains("3\u{a0}demandes viennent de là où personne ne répond"), "{}", page.body);
        assert!(
            page.body.contains("nouvelle?besoin=garde-nuit&amp;manque=personne") && page.body.contains("besoin=jardinage&amp;manque=seule")
        );
        assert!(page.body.contains("besoin=portage-repas&amp;manque=absente"), "nobody asked for meals, and nobody brings any");
        let csv = site.get(&format!("{BASE}/manques.csv")).await.body;
        assert!(csv.contains("personne;garde-nuit;") && csv.contains(";26165;Livron-sur-Drôme;0;3;"), "{csv}");

        let form = site.get(&format!("{BASE}/pistes/nouvelle?besoin=garde-nuit&manque=personne")).await;
        assert!(form.status == 200 && form.body.contains("Livron-sur-Drôme (26165)"), "{}", form.body);
        let wrong = "besoin=garde-nuit&portee=communes&communes=Livron-sur-Dr%C3%B4me%0AAtlantide&raison=Mon+mot&pilote=&etape=&etape_le=2026-11-16";
        let wrong = site.post(&format!("{BASE}/pistes"), wrong).await;
        assert!(wrong.status == 422 && wrong.body.contains("Atlantide » n’est pas une commune"), "{}", wrong.body);
        assert!(wrong.body.contains(">Mon mot</textarea>") && wrong.body.contains("aujourd’hui ou plus tard"), "what was typed is kept");
        let pilote = find_compte(&db, COURRIEL).await;
        let right = format!(
            "besoin=garde-nuit&portee=communes&communes=26165&raison=Personne+la+nuit&pilote={pilote}&etape=Appeler&etape_le=2026-11-17"
        );
        let piste = site.post(&format!("{BASE}/pistes"), &right).await.location();
        let page = site.get(&piste).await.body;
        assert!(page.contains("Personne la nuit") && page.contains("<td class=\"nombre\">3 (0,"), "{page}");
        assert!(!page.contains("Un service s’est ouvert&nbsp;:"), "none did");
        assert!(site.get(&format!("{BASE}/manques")).await.body.contains("Piste suivie"));

        let step = format!("fait=Vu+le+maire&pilote={pilote}&etape=Relancer&etape_le=2026-12-01");
        assert_eq!(site.post(&format!("{piste}/etapes"), &step).await.status, 303);
        assert!(site.get(&piste).await.body.contains("Vu le maire") && site.get(&format!("{BASE}/pistes")).await.body.contains("Relancer"));
        site.app.clock.set(NOON.plus_seconds(20 * DAY));
        site.cookie = Some(site.sign_in(ICI, COURRIEL).await);
        assert!(site.get(&format!("{BASE}/pistes")).await.body.contains("1\u{a0}en retard"));
        assert_eq!(site.post(&format!("{piste}/cloture"), "etat=abandonnee&motif=").await.status, 422);
        assert_eq!(site.post(&format!("{piste}/cloture"), "etat=service_ouvert").await.status, 303);
        assert_eq!(
            site.post(&format!("{piste}/cloture"), "etat=abandonnee&motif=non").await.status,
            409,
            "two people do not close it twice"
        );
        assert_eq!(site.post(&format!("{piste}/etapes"), &step.replace("12-01", "12-31")).await.status, 409);

        let tx = db.begin().await.unwrap();
        insert_compte(&tx, Id::from_name(ICI), ("elue@essai.example", "Élue"), (MOT_DE_PASSE, &[Role::Lecture]), NOON).await.unwrap();
        tx.commit().await.unwrap();
        site.cookie = Some(site.sign_in(ICI, "elue@essai.example").await);
        let page = site.get(&piste).await.body;
        assert!(page.contains("non publié") && !page.contains(">3 (0,"), "an elected official reads no count of moving months: {page}");
        assert!(!site.get(&format!("{BASE}/manques.csv")).await.body.contains(";0;3;"));
        assert_eq!(site.post(&format!("{piste}/etapes"), &step).await.status, 403);
    }
}

/// A piste sees the structures that serve since it was opened: here, that serve a need it was opened for while none did.
#[tokio::test]
async fn a_service_that_opens_is_told_on_the_piste() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let pilote = find_compte(&db, COURRIEL).await;
        let right = format!("besoin=jardinage&portee=territoire&raison=Essai&pilote={pilote}&etape=Appeler&etape_le=2026-11-17");
        let piste = site.post(&format!("{BASE}/pistes"), &right).await.location();
        assert!(!site.get(&piste).await.body.contains("Un service s’est ouvert&nbsp;:"), "it was there before");
        let tx = db.begin().await.unwrap();
        sql::execute(&tx, "UPDATE observatoire_piste SET avant_structures = '' WHERE territoire_id = $1", values![Id::from_name(ICI)])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let page = site.get(&piste).await.body;
        assert!(page.contains("Un service s’est ouvert&nbsp;:") && page.contains("dessert 29\u{a0}communes sur 29"), "{page}");
        assert!(page.contains("name=\"etat\" value=\"service_ouvert\""));
    }
}

fn rise(avant: i64) -> Alerte {
    let day = |text: &str| text.parse().unwrap();
    Alerte {
        id: Id::from_name("hausse"),
        nature: NatureAlerte::HausseDemandes,
        besoin: "jardinage".into(),
        etendue: Etendue { portee: Portee::Territoire, communes: vec![] },
        comparaison: Comparaison { recent: (day("2026-08-01"), day("2026-10-31")), reference: (day("2025-08-01"), day("2025-10-31")) },
        avant,
        apres: 31,
        hasard: 4_567,
        trouvee_at: NOON,
        vue_at: None,
    }
}

async fn insert(db: &Db, alerte: &Alerte) {
    let tx = db.begin().await.unwrap();
    assert!(insert_alerte(&tx, Id::from_name(ICI), alerte).await.unwrap());
    assert!(!insert_alerte(&tx, Id::from_name(ICI), alerte).await.unwrap(), "found twice, it is one");
    tx.commit().await.unwrap();
}

async fn take_letters(site: &Site, seconds: i64) -> Vec<envoi::Pli> {
    let now = NOON.plus_seconds(seconds);
    let taken = envoi::take(&site.app.db, &site.app.coffre, (now, now.plus_seconds(3_600)), (&[envoi::Porte::Courriel], false, 100)).await;
    taken.unwrap().into_iter().filter(|one| one.texte.contains("Ce qui a changé")).collect()
}

/// Somebody of the second structure, which keeps gardens.
async fn bind_referente(db: &Db) {
    let ici = Id::from_name(ICI);
    let structures = "SELECT id FROM annuaire_structure WHERE territoire_id = $1 ORDER BY source_id";
    let structure = sql::texts(db.read(), structures, values![ici]).await.unwrap().remove(1).parse().unwrap();
    let tx = db.begin().await.unwrap();
    let compte = insert_compte(&tx, ici, ("jardin@essai.example", "Jardin"), (MOT_DE_PASSE, &[]), NOON).await.unwrap();
    insert_referent(&tx, ici, compte, structure).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_commune_that_loses_its_only_service_and_a_rise_are_told_once_to_those_they_concern() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let ici = Id::from_name(ICI);
        bind_referente(&db).await;
        assert_eq!(watch_today(&site.app, NOON.plus_seconds(-5 * 3_600)).await.unwrap(), None, "too early");
        assert_eq!(watch_today(&site.app, NOON).await.unwrap(), Some((0, 0)), "the first look tells nothing, and nothing is sent");
        assert_eq!(watch_today(&site.app, NOON).await.unwrap(), None, "once a day");
        assert_eq!(take_letters(&site, 0).await, []);

        let tx = db.begin().await.unwrap();
        let lignes = vec![("courses".to_string(), "26165".to_string(), 1), ("courses".to_string(), "26166".to_string(), 1)];
        save_ecart(&tx, ici, &Ecart { lignes, ..Ecart::default() }).await.unwrap();
        tx.commit().await.unwrap();
        insert(&db, &rise(3)).await;
        assert_eq!(watch_today(&site.app, NOON.plus_seconds(DAY)).await.unwrap(), Some((1, 0)), "found on Wednesday, told on Monday");
        let found = list_alertes(&db, ici).await.unwrap();
        let lost = found.iter().find(|one| one.nature == NatureAlerte::Perte).unwrap();
        assert_eq!((lost.besoin.as_str(), lost.etendue.communes.len()), ("courses", 2));

        let monday = 6 * DAY;
        assert_eq!(watch_today(&site.app, NOON.plus_seconds(monday)).await.unwrap(), Some((0, 2)));
        let letters = take_letters(&site, monday).await;
        let to = |who: &str| letters.iter().find(|one| one.destinataire == who).unwrap_or_else(|| panic!("a letter to {who}"));
        let (coordination, referente) = (to(COURRIEL), to("jardin@essai.example"));
        assert!(
            coordination.texte.contains("contre 3 un an plus tôt") && coordination.texte.contains("une fois sur 4\u{202f}500"),
            "{}",
            coordination.texte
        );
        assert!(coordination.texte.contains("Livron-sur-Drôme, Loriol-sur-Drôme") && coordination.objet.contains("2\u{a0}changements"));
        assert!(referente.texte.contains("qu’un an plus tôt") && !referente.texte.contains("contre"), "no count: {}", referente.texte);
        assert!(
            !referente.texte.contains("Courses") && !referente.texte.contains("/equipe/"),
            "their service only, and no page they cannot open"
        );
        assert_eq!(watch_today(&site.app, NOON.plus_seconds(monday + 7 * DAY)).await.unwrap(), Some((0, 0)), "told once");

        let page = site.get(&format!("{BASE}/alertes")).await;
        assert!(page.status == 200 && page.body.contains("2\u{a0}changements sont à voir"), "{}", page.body);
        assert!(site.get(&format!("{BASE}/pistes/nouvelle?alerte={}", lost.id)).await.body.contains("Loriol-sur-Drôme (26166)"));
        assert_eq!(site.post(&format!("{BASE}/alertes/{}/vue", lost.id), "").await.status, 303);
        assert_eq!(site.post(&format!("{BASE}/alertes/{}/vue", lost.id), "").await.status, 303, "two clicks");
        assert!(site.get(&format!("{BASE}/alertes")).await.body.contains("1\u{a0}changement est à voir"));
    }
}

/// Closes the only structure that does the housework, from the day of the trial to another one; without one, nobody knows until when.
async fn close(db: &Db, au: Option<&str>) {
    let ici = Id::from_name(ICI);
    let tx = db.begin().await.unwrap();
    sql::execute(&tx, "DELETE FROM annuaire_information WHERE territoire_id = $1", values![ici]).await.unwrap();
    let text = "INSERT INTO annuaire_information (territoire_id, id, structure_id, nature, du, au)
         SELECT s.territoire_id, $2, s.structure_id, 'fermeture', $3, $4
         FROM annuaire_service s WHERE s.territoire_id = $1 AND s.besoins LIKE '%jardinage%'";
    let closed = sql::execute(&tx, text, values![ici, Id::from_name("fermeture"), NOON.day().to_string(), au]).await.unwrap();
    assert_eq!(closed, 1, "it is the only one");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_service_closed_for_the_holidays_is_not_told_as_lost_but_one_closed_without_a_term_is() {
    for db in testkit::databases().await {
        let site = Site::signed_in(&db, ICI).await;
        let territoires = site.app.territoires.list();
        let look = async |days: i64| {
            let now = NOON.plus_seconds(days * DAY);
            site.app.aiguillages.refresh(&db, &territoires, now).await.unwrap();
            watch_today(&site.app, now).await.unwrap().unwrap().0
        };
        assert_eq!(look(0).await, 0, "the first look");
        close(&db, Some("2026-11-27")).await;
        assert_eq!(look(1).await, 0, "it comes back");
        assert_eq!(site.app.aiguillages.get(Id::from_name(ICI)).services().count(), 1, "and is proposed to nobody meanwhile");
        assert_eq!(look(20).await, 0, "it came back");
        close(&db, None).await;
        assert_eq!(look(21).await, 1, "nobody says when it comes back");
        let told = list_alertes(&db, Id::from_name(ICI)).await.unwrap();
        assert!(told.iter().all(|one| one.nature == NatureAlerte::Perte) && told.iter().any(|one| one.besoin == "jardinage"));
    }
}
