//! A référent·e keeps the record of their own structure, and no other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use annuaire::storage::suggestion::insert_suggestion;
use annuaire::suggestion::{Objet, Parole, Suggestion};
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

/// One file as a form sends it.
fn multipart(contenu: &[u8]) -> Vec<u8> {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\n\r\n".to_vec();
    body.extend(contenu);
    body.extend(b"\r\n--x--\r\n");
    body
}

/// A picture of 2 × 1 points, written by hand.
fn small_png() -> Vec<u8> {
    const PNG: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\x00\x00\x01\x08\x06\x00\x00\
        \x00\xf4\x22\x7f\x8a\x00\x00\x00\x11\x49\x44\x41\x54\x78\x9c\x63\x90\x8d\x70\xf8\x7f\xb2\x4b\xfa\x3f\x00\x0f\xcb\
        \x04\x22\xfc\xf6\x34\x71\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";
    PNG.to_vec()
}

#[tokio::test]
async fn a_logo_is_drawn_again_shown_to_everybody_and_taken_away_and_what_is_none_is_refused_with_words() {
    for db in testkit::databases().await {
        let (mut site, compte, structures) = open(&db).await;
        bind(&site, &compte, &structures[0], "oui").await;
        site.cookie = Some(site.sign_in(ICI, REFERENTE).await);
        let path = format!("/{ICI}/equipe/structures/{}", structures[0]);
        let send =
            async |contenu: &[u8]| site.post_kind(&format!("{path}/logo"), "multipart/form-data; boundary=x", &multipart(contenu)).await;
        let heavy = [small_png(), vec![0; 40 * 1_024 * 1_024]].concat();
        for (wrong, why) in [
            (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "SVG peut contenir un programme"),
            (b"GIF89a", "ni un PNG"),
            (b"", "choisissez d’abord une image"),
            (&small_png()[..40], "abîmée"),
            (&heavy, "plus d’un mégaoctet"),
        ] {
            let answer = send(wrong).await;
            assert!(answer.status == 422 && answer.body.contains(why), "{} {why}", answer.status);
        }
        let shown = format!("/{ICI}/structures/{}/logo", structures[0]);
        assert_eq!(site.get(&shown).await.status, 404);
        assert_eq!(send(&small_png()).await.status, 303);
        let visitor = Site { app: site.app.clone(), cookie: None };
        let logo = visitor.get(&shown).await;
        assert_eq!(logo.status, 200);
        for header in ["content-type: image/png", "x-content-type-options: nosniff", "etag: \"", "default-src 'none'"] {
            assert!(logo.headers.contains(header), "{header}: {}", logo.headers);
        }
        let tag = logo.headers.split("etag: ").nth(1).unwrap().lines().next().unwrap();
        assert_eq!(visitor.get_if_none_match(&shown, tag).await.status, 304);
        assert_eq!(visitor.get_if_none_match(&shown, "\"autre\"").await.status, 200);
        let public = visitor.get(&format!("/{ICI}/structures/{}", structures[0])).await.body;
        assert!(public.contains("alt=\"Logo de ADMR de Livron\" width=\"2\" height=\"1\""), "{public}");
        assert!(!site.get(&format!("{path}/historique")).await.body.contains("logo"), "the record and its history do not carry it");
        assert_eq!(site.post(&format!("{path}/logo/retrait"), "").await.status, 303);
        assert_eq!(visitor.get(&shown).await.status, 404);
        assert!(!visitor.get(&format!("/{ICI}/structures/{}", structures[0])).await.body.contains("<img src=\"/val-de-drome/structures"));
    }
}

#[tokio::test]
async fn what_is_said_of_a_structure_is_settled_by_it_with_a_reason_to_refuse_and_by_no_other() {
    for db in testkit::databases().await {
        let (mut site, compte, structures) = open(&db).await;
        bind(&site, &compte, &structures[0], "oui").await;
        let say = async |structure: &str, objet, valeur: &str| {
            let parole = Parole::Erreur { structure: structure.parse().unwrap(), objet, valeur: valeur.into() };
            insert_suggestion(&db, Id::from_name(ICI), &parole, testkit::NOON).await.unwrap();
        };
        say(&structures[0], Objet::Telephone, "0475000007").await;
        say(&structures[0], Objet::SiteWeb, "https://faux.example").await;
        say(&structures[1], Objet::Telephone, "0475000008").await;
        let waiting = annuaire::storage::suggestion::list_suggestions(&db, Id::from_name(ICI)).await.unwrap();
        let of = |objet: Objet, structure: &str| {
            let is_it = |one: &&Suggestion| matches!(&one.parole, Parole::Erreur { structure: about, objet: what, .. } if *what == objet && about.to_string() == structure);
            waiting.iter().find(is_it).unwrap().id
        };
        site.cookie = Some(site.sign_in(ICI, REFERENTE).await);
        let path = format!("/{ICI}/equipe/structures/{}", structures[0]);
        assert!(site.get(&path).await.body.contains("2\u{a0}erreurs sont signalées"), "it is told on its page");
        let list = site.get(&format!("{path}/suggestions")).await.body;
        assert!(list.contains("04 65 71 00 01 devient 04 75 00 00 07") && !list.contains("00 08"), "{list}");
        let settle = async |id: Id, form: &str| site.post(&format!("{path}/suggestions/{id}"), form).await;
        let other = of(Objet::Telephone, &structures[1]);
        assert_eq!(settle(other, "suite=acceptee").await.status, 404, "that of somebody else, under one’s own address");
        let elsewhere = format!("/{ICI}/equipe/structures/{}/suggestions/{other}", structures[1]);
        assert_eq!(site.post(&elsewhere, "suite=acceptee").await.status, 403);
        assert_eq!(settle(of(Objet::Telephone, &structures[0]), "suite=acceptee").await.status, 303);
        let refused = settle(of(Objet::SiteWeb, &structures[0]), "suite=refusee&raison=").await;
        assert!(refused.status == 422 && refused.body.contains("dites en quelques mots pourquoi"), "{}", refused.body);
        assert_eq!(settle(of(Objet::SiteWeb, &structures[0]), "suite=refusee&raison=Ce+n%E2%80%99est+pas+notre+site").await.status, 303);
        let settled = site.get(&format!("{path}/suggestions")).await.body;
        assert!(settled.contains("refusée le 17 novembre") && settled.contains("Ce n’est pas notre site."), "{settled}");
        let public = site.get(&format!("/{ICI}/structures/{}", structures[0])).await.body;
        assert!(public.contains("04 75 00 00 07") && !public.contains("faux.example"));
        let journal = "SELECT detail FROM kit_journal WHERE acte = 'suggestion traitée' ORDER BY numero";
        assert_eq!(sql::texts(db.read(), journal, []).await.unwrap(), ["acceptée", "refusée : Ce n’est pas notre site"]);
    }
}

#[tokio::test]
async fn a_structure_reads_its_score_and_its_place_and_the_team_reads_the_board() {
    for db in testkit::databases().await {
        let (mut site, compte, structures) = open(&db).await;
        bind(&site, &compte, &structures[0], "oui").await;
        let administration = site.cookie.clone();
        site.cookie = Some(site.sign_in(ICI, REFERENTE).await);
        let path = format!("/{ICI}/equipe/structures/{}", structures[0]);
        let page = site.get(&path).await.body;
        assert!(page.contains("Qualité de la fiche&nbsp;: 45 sur 100") && page.contains("Donner les horaires"), "{page}");
        site.post(&format!("{path}/verification"), "").await;
        assert!(site.get(&path).await.body.contains("70 sur 100"), "confirmed: 25 points more");
        for cle in ["a", "b"] {
            let form = format!("{{\"commune\":\"26165\",\"besoin\":\"menage\",\"cle\":\"{cle}\"}}");
            assert_eq!(site.post_json("/api/v1/demandes", form.as_bytes()).await.status, 201);
        }
        let place = site.get(&format!("{path}/equite")).await.body;
        assert!(place.contains("a été proposée 2&nbsp;fois") && place.contains("pour 2\u{a0}besoins exprimés"), "{place}");
        assert!(place.contains("Moins de cinq structures"), "{place}");
        assert!(!place.contains("Entraide"), "nobody is named");
        let board = format!("/{ICI}/equipe/annuaire/qualite");
        assert_eq!(site.get(&board).await.status, 403);
        site.cookie = administration;
        let all = site.get(&board).await.body;
        assert!(all.contains("1\u{a0}fiche n’a pas été confirmée") && all.contains("Entraide &#60;b&#62;"), "{all}");
        let csv = site.get(&format!("{board}.csv?quoi=completer")).await.body;
        assert_eq!(csv.lines().count(), 3, "{csv}");
        assert!(csv.contains(";70;04 65 71 00 01;2026-11-17;Les horaires manquent"), "{csv}");
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
