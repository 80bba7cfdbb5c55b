//! A référent·e keeps the record of their own structure, and no other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use comptes::Role;
use essais::{MOT_DE_PASSE, Reponse, Site};
use kit::{Db, Id, sql, values};

const ICI: &str = "val-de-drome";
const REFERENTE: &str = "referente@example.org";
const ADMINISTRATION: &str = "administration@example.org";

async fn create_compte(db: &Db, courriel: &str, role: Role) -> String {
    let tx = db.begin().await.unwrap();
    let who = (courriel, "Camille Renard");
    let id = comptes::storage::insert_compte(&tx, Id::from_name(ICI), who, (MOT_DE_PASSE, &[role]), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// The two structures of the trial: « ADMR de Livron », « Entraide d’Allex ».
async fn list_structures(db: &Db) -> Vec<String> {
    let text = "SELECT id FROM annuaire_structure WHERE territoire_id = $1 ORDER BY source_id";
    sql::texts(db.read(), text, values![Id::from_name(ICI)]).await.unwrap()
}

async fn open(db: &Db) -> (Site, String, Vec<String>) {
    let mut site = Site::open(db).await;
    let compte = create_compte(db, REFERENTE, Role::ReferentStructure).await;
    create_compte(db, ADMINISTRATION, Role::Administration).await;
    site.cookie = Some(site.sign_in(ICI, ADMINISTRATION).await);
    (site, compte, list_structures(db).await)
}

async fn bind(site: &Site, compte: &str, structure: &str, rattachee: &str) -> Reponse {
    site.post(&format!("/{ICI}/equipe/comptes/{compte}/structures"), &format!("structure={structure}&rattachee={rattachee}")).await
}

fn version(page: &Reponse) -> &str {
    page.body.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version")
}

#[tokio::test]
async fn the_administration_binds_an_account_to_structures_found_by_name() {
    for db in testkit::databases().await {
        let (mut site, compte, structures) = open(&db).await;
        let page = site.get(&format!("/{ICI}/equipe/comptes/{compte}")).await;
        assert!(page.body.contains(&format!("/{ICI}/equipe/comptes/{compte}/structures")), "the account leads to its structures");
        let found = site.get(&format!("/{ICI}/equipe/comptes/{compte}/structures?q=entraide")).await;
        assert!(found.body.contains("Rattacher") && found.body.contains(&structures[1]) && !found.body.contains(&structures[0]));
        for structure in &structures {
            assert_eq!(bind(&site, &compte, structure, "oui").await.status, 303);
        }
        assert_eq!(bind(&site, &compte, &structures[1], "non").await.status, 303);
        assert_eq!(bind(&site, &compte, &Id::from_name("nothing").to_string(), "oui").await.status, 404);
        site.cookie = Some(site.sign_in(ICI, REFERENTE).await);
        let home = site.get(&format!("/{ICI}/equipe/structures")).await;
        assert!(home.status == 303 && home.headers.contains(&format!("/{ICI}/equipe/structures/{}", structures[0])), "{}", home.headers);
        assert_eq!(site.get(&format!("/{ICI}/equipe/structures/{}", structures[1])).await.status, 403);
    }
}

#[tokio::test]
async fn a_referent_who_loses_the_role_or_the_structure_opens_nothing_at_the_next_request() {
    for db in testkit::databases().await {
        let (mut site, compte, structures) = open(&db).await;
        let administration = site.cookie.clone();
        bind(&site, &compte, &structures[0], "oui").await;
        let referente = Some(site.sign_in(ICI, REFERENTE).await);
        let path = format!("/{ICI}/equipe/structures/{}", structures[0]);
        site.cookie = referente.clone();
        assert_eq!(site.get(&path).await.status, 200);
        site.cookie = administration.clone();
        site.post(&format!("/{ICI}/equipe/comptes/{compte}/roles"), "role=lecture").await;
        site.cookie = referente.clone();
        assert_eq!(site.get(&path).await.status, 403);
        site.cookie = administration;
        site.post(&format!("/{ICI}/equipe/comptes/{compte}/roles"), "role=referent_structure").await;
        site.cookie = referente;
        assert_eq!(site.get(&path).await.status, 403, "given the role again, they start from nothing");
        assert!(site.get(&format!("/{ICI}/equipe/structures")).await.body.contains("demandez à l’administration"));
    }
}

#[tokio::test]
async fn a_record_is_confirmed_then_mended_and_the_public_reads_it() {
    for db in testkit::databases().await {
        let (mut site, compte, structures) = open(&db).await;
        bind(&site, &compte, &structures[0], "oui").await;
        site.cookie = Some(site.sign_in(ICI, REFERENTE).await);
        let path = format!("/{ICI}/equipe/structures/{}", structures[0]);
        assert!(site.get(&path).await.body.contains("Personne n’a encore confirmé"));
        // Whatever channel is sent, a référent·e is the structure itself.
        assert_eq!(site.post(&format!("{path}/verification"), "voie=visite").await.status, 303);
        let page = site.get(&path).await;
        assert!(page.body.contains("le mardi 17 novembre 2026, par la structure elle-même (Camille Renard)"), "{}", page.body);

        let wrong = site.post(&format!("{path}/presentation"), &format!("version={}&telephone=douze", version(&page))).await;
        assert!(wrong.status == 422 && wrong.body.contains("Rien n’est encore enregistré") && wrong.body.contains("douze"));
        let form = format!("version={}&telephone=0475000009&courriel=a%40example.org&description=Ouvert+%3Cb%3E", version(&page));
        assert_eq!(site.post(&format!("{path}/presentation"), &form).await.status, 303);
        assert_eq!(site.post(&format!("{path}/presentation"), &form.replace("09", "08")).await.status, 409, "somebody changed it since");
        site.cookie = None;
        let public = site.get(&format!("/{ICI}/structures/{}", structures[0])).await.body;
        assert!(public.contains("04 75 00 00 09") && public.contains("Ouvert &#60;b&#62;") && public.contains("Fiche vérifiée le mardi"));
        let answer = site.get("/api/v1/orientations?commune=26165&besoin=menage").await.body;
        assert!(answer.contains("ADMR de Livron"), "{answer}");
        let journal = "SELECT acte || ' ' || detail FROM kit_journal WHERE objet = 'structure' ORDER BY numero";
        let journal = sql::texts(db.read(), journal, []).await.unwrap();
        assert_eq!(journal[0], "fiche vérifiée par la structure elle-même");
        assert!(
            journal[1]
                .starts_with("fiche corrigée courriel : rien devient a@example.org ; téléphone : 04 65 71 00 01 devient 04 75 00 00 09"),
            "{journal:?}"
        );
        assert_eq!(journal.len(), 2);
    }
}

#[tokio::test]
async fn a_file_does_not_undo_what_was_mended_by_hand() {
    for db in testkit::databases().await {
        let (mut site, _, structures) = open(&db).await;
        site.cookie = Some(site.sign_in(ICI, ADMINISTRATION).await);
        let path = format!("/{ICI}/equipe/structures/{}", structures[0]);
        let form = format!("version={}&telephone=0475000009", version(&site.get(&path).await));
        assert_eq!(site.post(&format!("{path}/presentation"), &form).await.status, 303);
        let ici = site.app.territoires.find(ICI).unwrap();
        let file = "structure_id;structure;code_insee;besoins;mode;couverture;service_id;telephone
s1;ADMR de Livron et Loriol;26165;menage;a_domicile;epci:242600252;m1;04 65 71 00 01
s2;Entraide;26165;menage;a_domicile;epci:242600252;m1;04 65 71 00 03
";
        let verification = annuaire::import::verify(file.as_bytes(), "essai.csv", &ici, &|_, _| {});
        annuaire::import::import(&db, &ici, &verification, testkit::NOON.plus_seconds(60), &|_, _| {}).await.unwrap();
        let text = "SELECT nom || ' ' || telephone FROM annuaire_structure WHERE territoire_id = $1 ORDER BY source_id";
        let kept = sql::texts(db.read(), text, values![Id::from_name(ICI)]).await.unwrap();
        assert_eq!(kept, ["ADMR de Livron et Loriol 04 75 00 00 09", "Entraide 04 65 71 00 03"]);
    }
}

#[tokio::test]
async fn the_acts_of_a_structure_are_written_mended_shown_to_all_and_taken_away() {
    for db in testkit::databases().await {
        let (mut site, compte, structures) = open(&db).await;
        bind(&site, &compte, &structures[0], "oui").await;
        site.cookie = Some(site.sign_in(ICI, REFERENTE).await);
        let (fiche, public) = (format!("/{ICI}/equipe/structures/{}", structures[0]), format!("/{ICI}/structures/{}", structures[0]));
        let refused =
            site.post(&format!("{fiche}/regimes/nouveau"), "nature=agrement&activites=SAP-II-01&numero=%3Cb%3E&du=2026-02-31").await;
        assert_eq!(refused.status, 422);
        for words in ["sans agrément ni autorisation", "cette date n’existe pas", "un agrément vaut pour des départements", "&#60;b&#62;"]
        {
            assert!(refused.body.contains(words), "{words}: {}", refused.body);
        }
        let act = "nature=declaration&numero=SAP356000000&du=2024-03-01&activites=SAP-II-01&activites=SAP-II-02";
        for _ in 0..2 {
            assert_eq!(site.post(&format!("{fiche}/regimes/nouveau"), act).await.status, 303, "two clicks");
        }
        let page = site.get(&format!("{fiche}/regimes")).await;
        assert_eq!(page.body.matches("/retrait").count(), 1, "one act, once");
        let shown = site.get(&public).await.body;
        assert!(shown.contains("Déclaration SAP356000000") && shown.contains("Petits travaux de jardinage"), "{shown}");
        let find_id =
            |page: &Reponse| page.body.split("/regimes/").find_map(|part| Some(part.split_once("/retrait")?.0.to_string())).unwrap();
        let id = find_id(&page);
        let form = site.get(&format!("{fiche}/regimes/{id}")).await;
        let ended = format!("nature=declaration&du=2024-03-01&au=2024-12-31&activites=SAP-II-01&version={}", version(&form));
        assert_eq!(site.post(&format!("{fiche}/regimes/{id}"), &ended).await.status, 303);
        assert!(!site.get(&public).await.body.contains("Déclaration SAP"), "an act that ended is not shown to everybody");
        let page = site.get(&format!("{fiche}/regimes")).await;
        assert!(page.body.contains("échu"));
        let late = site.post(&format!("{fiche}/regimes/{id}"), &ended.replace("au=2024-12-31", "au=2025-12-31")).await;
        assert_eq!(late.status, 409, "somebody mended it since the page was opened");
        let id = find_id(&page);
        for _ in 0..2 {
            assert_eq!(site.post(&format!("{fiche}/regimes/{id}/retrait"), "").await.status, 303, "two clicks");
        }
        assert!(site.get(&format!("{fiche}/regimes")).await.body.contains("Rien encore"));
        assert_eq!(site.get(&format!("{fiche}/regimes/{id}")).await.status, 404);
        let elsewhere = format!("/{ICI}/equipe/structures/{}/regimes/nouveau", structures[1]);
        assert_eq!(site.post(&elsewhere, act).await.status, 403);
    }
}
