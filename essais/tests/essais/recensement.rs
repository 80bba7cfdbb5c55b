//! The annuaire kept alive: campaigns by letter, records mended by a link, suggestions, batches taken back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Reponse, Site};
use kit::{Db, Id, envoi, sql, values};
use maillage::recensement::remind_today;

const ICI: &str = "val-de-drome";
const BASE: &str = "/val-de-drome/equipe/annuaire";
const CAMPAGNE: &str =
    "titre=Printemps&message=Bonjour+%C3%A0+tous&relances=1&relance_jours=7&mois=6&a_relire=horaires&a_relire=prix&a_relire=zzz";

async fn open(db: &Db) -> (Site, Vec<String>) {
    let site = Site::signed_in(db, ICI).await;
    let text = "SELECT id FROM annuaire_structure WHERE territoire_id = $1 ORDER BY source_id";
    let structures = sql::texts(db.read(), text, values![Id::from_name(ICI)]).await.unwrap();
    (site, structures)
}

/// The letters that wait, read as the one who carries them does.
async fn take_letters(site: &Site, seconds: i64) -> Vec<envoi::Pli> {
    let now = testkit::NOON.plus_seconds(seconds);
    let mut letters =
        envoi::take(&site.app.db, &site.app.coffre, (now, now.plus_seconds(3_600)), (&[envoi::Porte::Courriel], false, 100)).await.unwrap();
    letters.retain(|one| one.texte.contains("/recensement/"));
    letters
}

fn link(letter: &envoi::Pli) -> String {
    letter
        .texte
        .split_whitespace()
        .find(|word| word.contains("/recensement/"))
        .and_then(|word| word.split("example").nth(1))
        .expect("a link")
        .to_string()
}

fn version(page: &Reponse) -> String {
    page.body.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version").to_string()
}

async fn give_address(db: &Db, structure: &str) {
    let tx = db.begin().await.unwrap();
    let text = "UPDATE annuaire_structure SET courriel = 's1@example.org' WHERE territoire_id = $1 AND id = $2";
    sql::execute(&tx, text, values![Id::from_name(ICI), structure]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_campaign_writes_is_answered_reminds_and_lists_whom_to_call() {
    for db in testkit::databases().await {
        let (site, structures) = open(&db).await;
        give_address(&db, &structures[0]).await;
        let wrong = site.post(&format!("{BASE}/campagnes"), "titre=&message=&relances=99&relance_jours=x").await;
        assert!(wrong.status == 422 && wrong.body.contains("donnez un titre") && wrong.body.contains("entre 0 et 5"), "{}", wrong.body);
        let page = site.post(&format!("{BASE}/campagnes"), CAMPAGNE).await.location();
        assert!(take_letters(&site, 0).await.is_empty(), "nothing leaves before it is read");
        assert!(site.get(&page).await.body.contains("Envoyer à 1\u{a0}structure"));
        for _ in 0..2 {
            assert_eq!(site.post(&format!("{page}/envoi"), "").await.status, 303);
        }
        let letters = take_letters(&site, 1).await;
        assert_eq!(letters.len(), 1, "two clicks write one letter");
        assert!(letters[0].destinataire == "s1@example.org" && letters[0].texte.contains("Bonjour à tous"), "{}", letters[0].texte);
        assert!(letters[0].texte.contains("Relisez surtout : vos horaires, vos prix."), "{}", letters[0].texte);
        let shown = site.get(&page).await.body;
        assert!(shown.contains("sans adresse") && shown.contains(&structures[1]), "the one without an address is to be called");
        // The structure answers without an account.
        let visitor = Site { app: site.app.clone(), cookie: None };
        let lien = link(&letters[0]);
        let opened = visitor.get(&lien).await.body;
        assert!(opened.contains("Est-ce juste") && opened.contains("Relisez surtout vos horaires, vos prix."), "{opened}");
        for _ in 0..2 {
            assert_eq!(visitor.post(&format!("{lien}/juste"), "").await.status, 303, "a link used twice serves twice");
        }
        assert!(visitor.get(&lien).await.body.contains("Merci"));
        assert!(site.get(&page).await.body.contains("<strong>1</strong> sur 2"));
        assert!(visitor.get(&format!("/{ICI}/structures/{}", structures[0])).await.body.contains("par la structure elle-même"));
        // Nobody who answered is reminded; a phone call counts as an answer.
        assert_eq!(remind_today(&site.app, testkit::NOON.plus_seconds(8 * 86_400)).await.unwrap(), Some(0));
        assert_eq!(site.post(&format!("/{ICI}/equipe/structures/{}/verification", structures[1]), "voie=appel").await.status, 303);
        assert!(site.get(&page).await.body.contains("<strong>2</strong> sur 2"));
        assert_eq!(site.post(&format!("{page}/cloture"), "").await.status, 303);
        let closed = visitor.get(&lien).await;
        assert!(closed.status == 410 && closed.body.contains("ne sert plus"), "{}", closed.status);
        assert_eq!(visitor.post(&format!("{lien}/juste"), "").await.status, 410);
    }
}

#[tokio::test]
async fn a_silent_structure_is_reminded_once_then_called() {
    for db in testkit::databases().await {
        let (site, structures) = open(&db).await;
        give_address(&db, &structures[0]).await;
        let page = site.post(&format!("{BASE}/campagnes"), CAMPAGNE).await.location();
        site.post(&format!("{page}/envoi"), "").await;
        let week = 7 * 86_400;
        assert_eq!(remind_today(&site.app, testkit::NOON.plus_seconds(week - 86_400)).await.unwrap(), Some(0));
        assert_eq!(remind_today(&site.app, testkit::NOON.plus_seconds(week)).await.unwrap(), Some(1));
        assert_eq!(remind_today(&site.app, testkit::NOON.plus_seconds(week + 60)).await.unwrap(), None, "once a day");
        assert_eq!(remind_today(&site.app, testkit::NOON.plus_seconds(3 * week)).await.unwrap(), Some(0), "one reminder at most");
        let letters = take_letters(&site, 3 * week).await;
        assert!(letters.len() == 2 && letters.iter().any(|one| one.objet == "Rappel : Printemps"), "{letters:?}");
        assert!(site.get(&page).await.body.contains(&format!("/{ICI}/equipe/structures/{}", structures[0])), "now to be called");
    }
}

#[tokio::test]
async fn a_structure_mends_its_record_by_its_link_and_sees_what_another_changed() {
    for db in testkit::databases().await {
        let (site, structures) = open(&db).await;
        give_address(&db, &structures[0]).await;
        let page = site.post(&format!("{BASE}/campagnes"), CAMPAGNE).await.location();
        site.post(&format!("{page}/envoi"), "").await;
        let lien = link(&take_letters(&site, 1).await[0]);
        let visitor = Site { app: site.app.clone(), cookie: None };
        let form = visitor.get(&format!("{lien}/corriger")).await;
        let service = form.body.split("name=\"disponibilite-").nth(1).unwrap().split('"').next().unwrap().to_string();
        let lieu = form.body.split("name=\"adresse-").nth(1).unwrap().split('"').next().unwrap().to_string();
        let sent = |version: &str, telephone: &str, couverture: &str| {
            format!(
                "version={version}&telephone={telephone}&disponibilite-{service}=complet&tarif-{service}=24+%E2%82%AC&couverture-{service}={couverture}&texte-{service}=Nous+lavons+%3Cb%3Etout%3C%2Fb%3E&adresse-{lieu}=3++rue+Neuve&autre=Le+site+change"
            )
        };
        let wrong = visitor.post(&format!("{lien}/corriger"), &sent(&version(&form), "0475", "Atlantide")).await;
        assert!(wrong.status == 422 && wrong.body.contains("Atlantide") && wrong.body.contains("24 €"), "nothing typed is lost");
        // Meanwhile the team changes the description.
        let fiche = site.get(&format!("/{ICI}/equipe/structures/{}", structures[0])).await;
        let mended = format!("version={}&telephone=0465710001&description=Nouvelle", version(&fiche));
        assert_eq!(site.post(&format!("/{ICI}/equipe/structures/{}/presentation", structures[0]), &mended).await.status, 303);
        let late = visitor.post(&format!("{lien}/corriger"), &sent(&version(&form), "0475000009", "Allex")).await;
        assert!(late.status == 409 && late.body.contains("Nouvelle") && late.body.contains("0475000009"), "{}", late.body);
        assert_eq!(visitor.post(&format!("{lien}/corriger"), &sent(&version(&late), "0475000009", "Allex")).await.status, 303);
        let public = visitor.get(&format!("/{ICI}/structures/{}", structures[0])).await.body;
        for text in ["04 75 00 00 09", "24 €", "complet", "Allex", "Nous lavons &#60;b&#62;tout", "3 rue Neuve"] {
            assert!(public.contains(text), "{text}: {public}");
        }
        let history = site.get(&format!("/{ICI}/equipe/structures/{}/historique", structures[0])).await.body;
        assert!(history.contains("une campagne de recensement") && history.contains("par le lien de son courriel"), "{history}");
        assert!(site.get(&format!("{BASE}/suggestions")).await.body.contains("Le site change"));
        // And the way back.
        let retour = history.split("href=\"").find(|rest| rest.contains("/historique/")).unwrap().split('"').next().unwrap();
        assert!(site.get(retour).await.body.contains("04 75 00 00 09 devient 04 65 71 00 01"));
        assert_eq!(site.post(retour, "").await.status, 303);
        assert!(visitor.get(&format!("/{ICI}/structures/{}", structures[0])).await.body.contains("04 65 71 00 01"));
    }
}

#[tokio::test]
async fn what_anybody_says_of_a_record_waits_for_somebody_to_accept_it() {
    for db in testkit::databases().await {
        let (site, structures) = open(&db).await;
        let visitor = Site { app: site.app.clone(), cookie: None };
        let said = format!("/{ICI}/structures/{}/signaler", structures[0]);
        let page = visitor.get(&format!("/{ICI}/structures/{}/signaler", structures[0])).await.body;
        let proof = essais::prove(&page);
        assert_eq!(visitor.post(&said, &format!("valeur=x{proof}")).await.status, 422, "what is wrong is not said");
        assert_eq!(visitor.post(&said, "objet=telephone&valeur=0475000007").await.status, 422, "no proof, at once");
        assert_eq!(visitor.post(&said, &format!("objet=telephone&valeur=0475000007{proof}")).await.status, 303);
        assert_eq!(visitor.post(&said.replace(&structures[0], &Id::from_name("rien").to_string()), "objet=autre").await.status, 404);
        let public = format!("/{ICI}/structures/{}", structures[0]);
        assert!(!visitor.get(&public).await.body.contains("04 75 00 00 07"), "not public before it is accepted");
        let list = site.get(&format!("{BASE}/suggestions")).await.body;
        assert!(list.contains("04 65 71 00 01 devient 04 75 00 00 07"), "{list}");
        let action = list.split("action=\"").find(|rest| rest.contains("/suggestions/")).unwrap().split('"').next().unwrap().to_string();
        assert_eq!(visitor.post(&action, "suite=acceptee").await.status, 401);
        assert_eq!(site.post(&action, "suite=acceptee").await.status, 303);
        assert_eq!(site.post(&action, "suite=refusee&raison=non").await.status, 409, "settled once");
        assert!(visitor.get(&public).await.body.contains("04 75 00 00 07"));
    }
}

#[tokio::test]
async fn a_structure_asks_to_be_listed_and_is_once_accepted() {
    for db in testkit::databases().await {
        let (site, _) = open(&db).await;
        let visitor = Site { app: site.app.clone(), cookie: None };
        let page = visitor.get(&format!("/{ICI}/inscription")).await.body;
        let path = format!("/{ICI}/inscription");
        let wrong = visitor.post(&path, &format!("nom=&commune=Nulle&courriel=x{}", essais::prove(&page))).await;
        assert!(wrong.status == 422 && wrong.body.contains("pas reconnue"), "{}", wrong.body);
        let form =
            "nom=Les+Mains+vertes+%3Cb%3E&categorie=association&commune=Allex&telephone=0475000006&description=Jardinage+%F0%9F%8C%B1";
        assert_eq!(visitor.post(&path, &format!("{form}{}", essais::prove(&page))).await.status, 303);
        let list = site.get(&format!("{BASE}/suggestions")).await.body;
        assert!(list.contains("Les Mains vertes &#60;b&#62; demande à figurer"), "{list}");
        assert!(!site.get(BASE).await.body.contains("Mains vertes"));
        let action = list.split("action=\"").find(|rest| rest.contains("/suggestions/")).unwrap().split('"').next().unwrap().to_string();
        let fiche = site.post(&action, "suite=acceptee").await.location();
        assert!(site.get(&fiche).await.body.contains("Ajouter un service"));
        let service = format!("{fiche}/services/nouveau");
        let version = version(&site.get(&service).await);
        let wrong = site.post(&service, &format!("version={version}&nom=&couverture=")).await;
        assert!(wrong.status == 422 && wrong.body.contains("cochez au moins un besoin"), "{}", wrong.body);
        let filled = format!(
            "version={version}&nom=Jardinage&besoins=jardinage&mode=a_domicile&couverture=Allex%0ALivron-sur-Dr%C3%B4me&disponibilite=ouvert"
        );
        assert_eq!(site.post(&service, &filled).await.status, 303);
        let answer = visitor.get("/api/v1/orientations?commune=26165&besoin=jardinage").await.body;
        assert!(answer.contains("Les Mains vertes"), "in the engine at once: {answer}");
    }
}
