//! Several territoires on one installation: the face each shows, its export whole, its leaving, and nothing left of it afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use comptes::Role;
use essais::{MOT_DE_PASSE, Programme, Site, get, post};
use kit::{Coffre, Db, Id, sql, values};
use maillage::exportation::export;
use sea_orm::{ConnectionTrait, Statement, Value};
use sha2::{Digest, Sha256};
use territoire::Territoire;
use testkit::{ColonneReelle, NOON};

/// The tables of territoires, as the database itself lists them, with their columns.
async fn list_real(db: &Db) -> BTreeMap<String, Vec<ColonneReelle>> {
    let mut tables: BTreeMap<String, Vec<ColonneReelle>> = BTreeMap::new();
    for column in testkit::list_columns(db).await.unwrap() {
        tables.entry(column.table_name.clone()).or_default().push(column);
    }
    tables.retain(|name, columns| name == "territoire_territoire" || columns.iter().any(|one| one.column_name == "territoire_id"));
    tables
}

/// A row in every table: each text is the identifier of the territoire, so that every reference leads somewhere.
async fn fill_everywhere(db: &Db, territoire: Id) {
    let real = list_real(db).await;
    let mut order = schema::territoire::list_tables(db).await.unwrap();
    order.reverse();
    assert_eq!(order.iter().map(|one| &one.nom).collect::<BTreeSet<_>>(), real.keys().collect(), "no table is forgotten");
    let tx = db.begin().await.unwrap();
    for table in order {
        let columns = &real[&table.nom];
        let values: Vec<Value> = columns.iter().map(|one| imagine(one, territoire)).collect();
        let names = columns.iter().map(|one| one.column_name.as_str()).collect::<Vec<_>>().join(", ");
        let places = (1..=values.len()).map(|rank| format!("${rank}")).collect::<Vec<_>>().join(", ");
        let text = format!("INSERT INTO {} ({names}) VALUES ({places})", table.nom);
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), &text, values))
            .await
            .unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    tx.commit().await.unwrap();
}

fn imagine(column: &ColonneReelle, territoire: Id) -> Value {
    match column.data_type.as_str() {
        "boolean" => true.into(),
        "bytea" => vec![0x89_u8, 0x50].into(),
        "double precision" => 1.5.into(),
        "bigint" => 1_i64.into(),
        "integer" => 1_i32.into(),
        text if text.contains("text") => territoire.into(),
        other => panic!("{}.{}: say in this trial what a {other} is", column.table_name, column.column_name),
    }
}

async fn count_each(db: &Db, territoire: Id) -> Vec<(String, i64)> {
    let mut counts = vec![];
    for table in list_real(db).await.into_keys() {
        let key = if table == "territoire_territoire" { "id" } else { "territoire_id" };
        let text = format!("SELECT COUNT(*) FROM {table} WHERE {key} = $1");
        counts.push((table, sql::number(db.read(), &text, values![territoire]).await.unwrap()));
    }
    counts
}

#[tokio::test]
async fn nothing_is_left_of_a_territoire_in_any_table_and_the_others_keep_theirs() {
    for db in testkit::databases().await {
        let (gone, kept) = (Id::from_name("gone"), Id::from_name("kept"));
        fill_everywhere(&db, gone).await;
        fill_everywhere(&db, kept).await;
        let before = count_each(&db, gone).await;
        assert!(before.len() >= 30 && before.iter().all(|(_, count)| *count == 1), "{before:?}");
        assert_eq!(schema::territoire::count(&db, gone).await.unwrap(), before.len() as i64);
        assert_eq!(schema::territoire::erase(&db, gone).await.unwrap(), before.len() as u64);
        assert!(count_each(&db, gone).await.iter().all(|(_, count)| *count == 0));
        assert!(count_each(&db, kept).await.iter().all(|(_, count)| *count == 1));
        assert_eq!(testkit::find_text(&db, &gone.to_string()).await.unwrap(), Vec::<String>::new());
        println!("{} tables emptied", before.len());
    }
}

fn new_folder() -> PathBuf {
    PathBuf::from(format!("{}.export", testkit::sqlite_path()))
}

fn read(folder: &Path, table: &str) -> String {
    std::fs::read_to_string(folder.join(format!("{table}.jsonl"))).unwrap()
}

#[tokio::test]
async fn every_table_is_exported_with_its_rows_and_without_secrets_nor_those_of_others() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let (mine, other) = (Id::from_name("mine"), Id::from_name("other"));
        fill_everywhere(&db, mine).await;
        fill_everywhere(&db, other).await;
        let territoire = Territoire { id: mine, slug: "mine".into(), ..Territoire::clone(&site.app.territoires.find("brenne").unwrap()) };
        let folder = new_folder();
        let manifeste = export(&db, &territoire, &folder, None, NOON).await.unwrap();
        let real = list_real(&db).await;
        assert_eq!(manifeste.tables.len(), real.len());
        let written: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(folder.join("manifeste.json")).unwrap()).unwrap();
        for (rank, (table, columns)) in real.iter().enumerate() {
            let text = read(&folder, table);
            assert_eq!(text.lines().count(), 1, "{table}: {text}");
            assert!(!text.contains(&other.to_string()), "{table}");
            let said = written["tables"].as_array().unwrap().iter().find(|one| one["table"] == table.as_str()).unwrap();
            let sha256: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((&said["sha256"], &said["lignes"]), (&sha256.into(), &1.into()), "{table}, {rank}");
            let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text.trim()).unwrap();
            let omitted = said["colonnes_omises"].as_array().map_or(0, Vec::len);
            assert_eq!(row.len() + omitted, columns.len(), "{table}");
        }
        let logo: serde_json::Value = serde_json::from_str(read(&folder, "territoire_logo").trim()).unwrap();
        let session: serde_json::Value = serde_json::from_str(read(&folder, "comptes_session").trim()).unwrap();
        assert_eq!((&logo["contenu"], &session["poste"]), (&"8950".into(), &true.into()), "the same JSON from both engines");
        assert!(session.get("empreinte").is_none() && !read(&folder, "comptes_compte").contains("mot_de_passe"));
        assert!(export(&db, &territoire, &folder, None, NOON).await.is_err(), "an export never falls on another one");
        println!("{} tables exported", real.len());
    }
}

#[tokio::test]
async fn what_people_confided_is_exported_sealed_unless_it_is_asked_for() {
    for db in testkit::databases().await {
        let site = Site::open(&db).await;
        let demande =
            r#"{"commune":"26165","besoin":"menage","rappel_nom":"Zoé Marqueur","rappel_telephone":"0612345678","consentement":"oui"}"#;
        assert_eq!(site.post_json("/api/v1/demandes", demande.as_bytes()).await.status, 201);
        let territoire = site.app.territoires.find("val-de-drome").unwrap();
        let (sealed, open) = (new_folder(), new_folder());
        export(&db, &territoire, &sealed, None, NOON).await.unwrap();
        export(&db, &territoire, &open, Some(&site.app.coffre), NOON).await.unwrap();
        assert!(!read(&sealed, "accueil_demande").contains("Marqueur") && read(&sealed, "accueil_demande").contains("\"v1."));
        let row: serde_json::Value = serde_json::from_str(read(&open, "accueil_demande").trim()).unwrap();
        assert_eq!((&row["rappel_nom"], &row["rappel_telephone"]), (&"Zoé Marqueur".into(), &"06 12 34 56 78".into()));
        let journal = "SELECT detail FROM kit_journal WHERE acte = 'export du territoire' ORDER BY numero";
        let journal = sql::texts(db.read(), journal, []).await.unwrap();
        assert!(journal[0].ends_with("textes chiffrés") && journal[1].ends_with("en clair"), "{journal:?}");
        let wrong = export(&db, &territoire, &new_folder(), Some(&Coffre::ephemeral().unwrap()), NOON).await;
        assert!(wrong.is_ok(), "a lost key loses its texts, not the export");
    }
}

fn run(arguments: &[&str]) -> (bool, String) {
    let output = Programme::run(arguments);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

/// Waits for a program that serves to see what a command has changed.
fn wait_for(programme: &Programme, path: &str, status: u16) -> essais::Reponse {
    let start = std::time::Instant::now();
    loop {
        let answer = get(programme.at, path).unwrap();
        if answer.status == status {
            return answer;
        }
        assert!(start.elapsed().as_secs() < 20, "{path} answers {}, not {status}", answer.status);
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_territoire_leaves_after_its_export_comes_back_then_leaves_for_good() {
    let base = testkit::sqlite_path();
    let programme = Programme::start("demo", &base);
    let folder = new_folder();
    let export = ["territoire", "exporter", "brenne", "--sortie", folder.to_str().unwrap(), "--base", &base];
    let close = ["territoire", "fermer", "brenne", "--base", &base];
    let (is_right, said) = run(&close);
    assert!(!is_right && said.contains("exportez d’abord"), "{said}");
    let (is_right, said) = run(&export);
    assert!(is_right && said.contains("lignes exportées"), "{said}");
    let (is_right, said) = run(&close);
    assert!(is_right && said.contains("Rien n’a été fait"), "{said}");
    assert_eq!(get(programme.at, "/brenne").unwrap().status, 200);
    let (is_right, said) = run(&[&close[..], &["--appliquer"]].concat());
    assert!(is_right && said.contains("est fermé"), "{said}");

    let gone = wait_for(&programme, "/brenne", 410);
    assert!(
        gone.body.contains("Ce territoire a quitté Maillage : Brenne") && gone.body.contains("appelez le 02 61 91 10 01"),
        "{}",
        gone.body
    );
    for path in ["/brenne/connexion", "/brenne/equipe/demandes", "/brenne/orientation/36173/menage", "/brenne/couleurs.css", "/brenne/logo"]
    {
        assert_eq!(get(programme.at, path).unwrap().status, 410, "{path}");
    }
    let demande = r#"{"commune":"36173","besoin":"menage"}"#;
    assert!(post(programme.at, "/api/v1/demandes", "application/json", demande).unwrap().status >= 400, "nothing more is taken");
    assert_eq!(get(programme.at, "/val-de-drome").unwrap().status, 200, "the other one goes on");
    let (_, said) = run(&["territoire", "lister", "--base", &base]);
    assert!(said.contains("Brenne") && said.contains("– fermé le "), "{said}");
    let (_, said) = run(&["conservation", "--appliquer", "--base", &base]);
    assert!(!said.contains("territoire fermé"), "nothing is erased before its time: {said}");

    assert!(run(&["territoire", "rouvrir", "brenne", "--base", &base]).0);
    wait_for(&programme, "/brenne", 200);
    let (is_right, said) = run(&[&close[..], &["--jours", "0", "--appliquer"]].concat());
    assert!(is_right, "{said}");
    let (_, said) = run(&["conservation", "--base", &base]);
    assert!(said.contains("territoire fermé : ") && said.contains("lignes à effacer"), "{said}");
    let (_, said) = run(&["conservation", "--appliquer", "--base", &base]);
    assert!(said.contains("lignes effacées"), "{said}");
    wait_for(&programme, "/brenne", 404);
    let db = Db::open(&base).await.unwrap();
    let left = sql::number(db.read(), "SELECT COUNT(*) FROM territoire_territoire", []).await.unwrap();
    assert_eq!(left, 1);
    let (is_right, said) = run(&["territoire", "rouvrir", "brenne", "--base", &base]);
    assert!(!is_right && said.contains("n’existe pas"), "{said}");
}

const ICI: &str = "brenne";

async fn open_as_administration(db: &Db) -> Site {
    let mut site = Site::open(db).await;
    let tx = db.begin().await.unwrap();
    let who = ("administration@example.org", "Administration");
    comptes::storage::insert_compte(&tx, Id::from_name(ICI), who, (MOT_DE_PASSE, &[Role::Administration]), NOON).await.unwrap();
    tx.commit().await.unwrap();
    site.cookie = Some(site.sign_in(ICI, who.0).await);
    site
}

/// What the page of settings sends.
fn form(fields: &[(&str, &str)], logo: &[u8]) -> Vec<u8> {
    let usual = [("nom", "Brenne"), ("couleur", "#1f5c45"), ("accent", "#8a5a00"), ("telephone", "02 54 28 12 12"), ("horaires", "")];
    let mut body = vec![];
    for (name, value) in usual {
        let value = fields.iter().find(|(asked, _)| *asked == name).map_or(value, |(_, value)| value);
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--x\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\n\r\n");
    body.extend(logo);
    body.extend(b"\r\n--x--\r\n");
    body
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

#[tokio::test]
async fn an_administration_changes_the_face_of_its_territoire_and_no_other() {
    for db in testkit::databases().await {
        let site = open_as_administration(&db).await;
        let path = format!("/{ICI}/equipe/reglages");
        let send = async |fields: &[(&str, &str)], logo: &[u8]| {
            site.post_kind(&path, "multipart/form-data; boundary=x", &form(fields, logo)).await
        };
        for (fields, logo, sentence) in [
            (&[("couleur", "#88cc88")][..], PNG, "trop claire"),
            (&[("accent", "#777777")], PNG, "trop claire"),
            (&[("accent", "red")], PNG, "six chiffres"),
            (&[("nom", " ")], PNG, "écrivez le nom"),
            (&[("telephone", "douze")], PNG, "n’est pas un numéro"),
            (&[("horaires", "quand on veut")], PNG, "horaires"),
            (&[], b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "ni un PNG ni un WebP"),
            (&[], &[&PNG[..8], &[0; territoire::LOGO_BYTES]].concat(), "200"),
        ] {
            let answer = send(fields, logo).await;
            assert!(answer.status == 422 && answer.body.contains(sentence), "{fields:?}: {} {}", answer.status, answer.body);
        }
        assert_eq!(site.get(&format!("/{ICI}/logo")).await.status, 404);
        // #767676 has a contrast of 4.54, #777777 of 4.48.
        assert_eq!(send(&[("nom", "Grande Brenne"), ("accent", "#767676"), ("telephone", "0254281213")], PNG).await.status, 303);
        let home = site.get(&format!("/{ICI}")).await.body;
        assert!(
            home.contains("Grande Brenne") && home.contains("02 54 28 12 13") && home.contains(&format!("src=\"/{ICI}/logo?")),
            "{home}"
        );
        assert!(site.get(&format!("/{ICI}/couleurs.css")).await.body.contains("#767676"));
        let logo = site.get(&format!("/{ICI}/logo")).await;
        assert!(logo.headers.contains("content-type: image/png") && logo.headers.contains("nosniff"), "{}", logo.headers);
        assert!(logo.headers.contains("content-security-policy: default-src 'none'\n"), "{}", logo.headers);
        assert!(!site.get("/val-de-drome").await.body.contains("/logo?"));
        assert_eq!(send(&[], b"").await.status, 303);
        assert_eq!(site.get(&format!("/{ICI}/logo")).await.status, 200, "a form without a picture keeps the one there is");
    }
}
