//! Who may do what: every route, every role, over HTTP, against `droits.txt`, which anybody can read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use accueil::prise_en_charge::rules::wind;
use accueil::prise_en_charge::storage::{Nouvelle, insert_in};
use annuaire::Categorie;
use annuaire::recensement::{Campagne, Cible};
use annuaire::storage::fiche::{find_fiche, save_fiche};
use annuaire::storage::historique::{Cause, Trace, list_versions};
use annuaire::storage::recensement::insert_campagne;
use annuaire::storage::suggestion::{insert_suggestion, list_suggestions};
use annuaire::suggestion::{Inscription, Parole};
use std::path::{Path, PathBuf};

use comptes::rules::droits::list_roles;
use comptes::{Droit, Role};
use essais::{MOT_DE_PASSE, Reponse, Site};
use kit::routes::{Acces, Declaration};
use kit::{Db, Id, sql, values};
use observatoire::alertes::model::{Alerte, Comparaison, NatureAlerte};
use observatoire::pistes::model::{Avant, EtatPiste, Etendue, Piste, Portee};
use observatoire::storage::alerte::insert_alerte;
use observatoire::storage::piste::insert_piste;
use sha2::{Digest, Sha256};

const ICI: &str = "val-de-drome";
const AILLEURS: &str = "brenne";
const TOUS: &str = "tous";
const EQUIPE: &str = "equipe";
const PLATEFORME: &str = "plateforme";

const ENTETE: &str = "\
# Qui peut appeler quelle adresse, sur un territoire.
# tous : sans compte. equipe : toute personne connectée, quels que soient ses rôles. Sinon : les rôles, et eux seuls.
# role:sienne : ce rôle, et seulement pour la structure dont la personne est référente ; pour une autre, c’est un refus.
# plateforme : la plateforme de téléphonie, qui signe ce qu’elle envoie ; personne d’autre.
# Ce qui n’est pas écrit est refusé ; d’un territoire à l’autre, rien n’est ouvert ; ce qu’on ne doit pas connaître est « introuvable ».
# Un essai lit ce fichier et appelle chaque adresse avec chaque rôle. L’écrire à neuf : MAILLAGE_ECRIRE_DROITS=1 cargo test -p essais --test droits
";

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("droits.txt")
}

/// After a role: for what is theirs only.
const SIENNE: &str = ":sienne";

fn list_codes(droit: &str, suffix: &str) -> Vec<String> {
    list_roles(Droit::from_code(droit).unwrap()).iter().map(|role| format!("{}{suffix}", role.code())).collect()
}

fn describe(declarations: &[Declaration]) -> String {
    let mut lines: Vec<String> = declarations
        .iter()
        .map(|one| {
            let who = match one.acces {
                Acces::Tous => TOUS.to_string(),
                Acces::Equipe => EQUIPE.to_string(),
                Acces::Droit(code) => list_codes(code, "").join(", "),
                Acces::Plateforme => PLATEFORME.to_string(),
                Acces::Objet { droit, sien } => [list_codes(droit, ""), list_codes(sien, SIENNE)].concat().join(", "),
            };
            format!("{:<4} {:<62} {who}\n", one.methode, one.chemin)
        })
        .collect();
    lines.sort_by_key(|line| line[5..].to_string());
    format!("{ENTETE}{}", lines.concat())
}

#[tokio::test]
async fn the_matrix_that_people_read_is_what_the_routes_declare() {
    let db = testkit::databases().await.remove(0);
    let declared = describe(&Site::open(&db).await.app.declarations());
    if std::env::var_os("MAILLAGE_ECRIRE_DROITS").is_some() {
        std::fs::write(file(), &declared).unwrap();
    }
    let written = std::fs::read_to_string(file()).unwrap_or_default();
    assert_eq!(written, declared, "droits.txt and the routes differ: have the change read by somebody, then write the file again");
}

/// A line of the file.
struct Ligne {
    methode: String,
    chemin: String,
    qui: Vec<String>,
}

fn read_file() -> Vec<Ligne> {
    let text = std::fs::read_to_string(file()).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let (methode, chemin) = (words.next().unwrap().to_string(), words.next().unwrap().to_string());
            Ligne { methode, chemin, qui: words.map(|word| word.trim_end_matches(',').to_string()).collect() }
        })
        .collect()
}

/// What paths name, on one territoire.
struct Objets {
    /// Among them, the structure whose référent·e is the account `referent_structure`.
    lieux: [(&'static str, String); 18],
    autre_structure: String,
}

impl Objets {
    async fn create(site: &Site, db: &Db, slug: &str) -> Self {
        let territoire = Id::from_name(slug);
        let commune = if slug == ICI { "26165" } else { "36018" };
        let demande = format!(r#"{{"commune":"{commune}","besoin":"menage"}}"#);
        let answer = site.post_json("/api/v1/demandes", demande.as_bytes()).await;
        assert_eq!(answer.status, 201, "a demande on {slug}: {}", answer.body);
        // The account that the calls change and close.
        create_compte(db, territoire, "jetable", &[]).await;
        let first = async |table: &str| {
            let text = format!("SELECT id FROM {table} WHERE territoire_id = $1 LIMIT 1");
            sql::texts(db.read(), &text, values![territoire]).await.unwrap().remove(0)
        };
        let structures = "SELECT id FROM annuaire_structure WHERE territoire_id = $1 ORDER BY source_id";
        let mut structures = sql::texts(db.read(), structures, values![territoire]).await.unwrap();
        let autre_structure = structures.remove(1);
        bind_referent(db, territoire, structures[0].parse().unwrap()).await;
        let structure: Id = structures[0].parse().unwrap();
        let lieux = [
            ("/structures/{id}", structures.remove(0)),
            ("/organizations/{id}", autre_structure.clone()),
            ("/services/{id}", first("annuaire_service").await),
            ("/service_at_locations/{id}", first("annuaire_service").await),
            ("/demandes/{id}", first("accueil_demande").await),
            ("/prises-en-charge/{id}", ask_structure(db, territoire, first("accueil_demande").await).await),
            ("/comptes/{id}", first("(SELECT * FROM comptes_compte WHERE courriel = 'jetable@essai.example') AS jetable").await),
            ("/imports/{id}", first("(SELECT * FROM annuaire_import WHERE fichier = 'a.csv') AS envoye").await),
            ("/campagnes/{id}", create_campagne(db, territoire).await),
            ("/pistes/{id}", open_piste(db, territoire).await),
            ("/repertoire/{id}", begin_edition(db, territoire).await),
            ("/alertes/{id}", raise_alerte(db, territoire).await),
            ("/suggestions/{id}", create_suggestion(db, territoire).await),
            ("/historique/{version}", mend(db, territoire, structure).await),
            ("/reperes/{id}", Id::from_name("repère").to_string()),
            ("/messages/{id}", leave_message(site, territoire).await),
            ("/abonnements/{id}", Id::from_name(&format!("abonnement {slug}")).to_string()),
            // Somebody else's, whoever calls.
            ("/cles-acces/{id}", Id::from_name(&format!("clé {slug}")).to_string()),
        ];
        Self { lieux, autre_structure }
    }

    /// The same, with the structure of somebody else.
    fn others(&self) -> Self {
        let mut lieux = self.lieux.clone();
        lieux[0].1.clone_from(&self.autre_structure);
        Self { lieux, autre_structure: self.autre_structure.clone() }
    }

    fn fill(&self, chemin: &str, slug: &str) -> String {
        let mut path = chemin
            .replace("{territoire}", slug)
            .replace("{commune}", "26165")
            .replace("{besoins}", "menage")
            .replace("{besoin}", "menage")
            .replace("{code}", "0000")
            .replace("{indicateur}", "demandes")
            .replace("{annee}", "2025")
            .replace("{service}", "nouveau")
            .replace("{lieu}", "nouveau")
            .replace("{rang}", "nouvelle")
            .replace("{nature}", "edito")
            .replace("{bassin}/{forme}", "tout/livret")
            .replace("{bassin}", "tout")
            .replace("{point}", &Id::from_name("point").to_string())
            .replace("{mouvement}", &Id::from_name("mouvement").to_string())
            .replace("{regime}", "nouveau")
            .replace("/epreuves/{structure}", &format!("/epreuves/{}", self.lieux[0].1))
            .replace("/suggestions/{suggestion}", &format!("/suggestions/{}", Id::from_name("suggestion")))
            .replace("{information}", &Id::from_name("information").to_string())
            .replace("{interlocuteur}", &Id::from_name("interlocuteur").to_string())
            .replace("/chiffres/{fichier}", "/chiffres/2025.csv")
            .replace("/donnees/{edition}/{fichier}", "/donnees/2026-11-17/annuaire.csv")
            .replace("/fichiers/{hash}/{*name}", &ui::assets::href("site.css"));
        for (place, id) in &self.lieux {
            path = path.replace(place, &place.replace("{id}", id).replace("{version}", id));
        }
        assert!(!path.contains('{'), "{path}: say in this trial what it names");
        path
    }
}

/// An edition of the répertoire, in preparation.
async fn begin_edition(db: &Db, territoire: Id) -> String {
    let edition = repertoire::Edition {
        id: Id::from_name(&format!("édition {territoire}")),
        titre: "Essai".into(),
        annee: 2026,
        clot_le: None,
        campagne: None,
        etat: repertoire::Etat::Preparation,
        created_at: testkit::NOON,
        figee_at: None,
    };
    let tx = db.begin().await.unwrap();
    repertoire::storage::edition::insert_edition(&tx, territoire, &edition).await.unwrap();
    tx.commit().await.unwrap();
    edition.id.to_string()
}

/// A voice left while nobody answered.
async fn leave_message(site: &Site, territoire: Id) -> String {
    let message = ligne::NouveauMessage {
        territoire_id: territoire,
        cle: "essai".into(),
        nature: ligne::NatureMessage::MessageVocal,
        received_at: testkit::NOON,
        numero: Some("+33612345678".into()),
        expediteur: None,
        texte: None,
        duree: Some(3),
        son: ligne::NouveauSon::Recu { mime: "audio/wav".into(), contenu: b"RIFF\0\0\0\0WAVEfmt ".to_vec() },
    };
    let tx = site.app.db.begin().await.unwrap();
    let id = ligne::storage::insert_message(&tx, &site.app.coffre, &message).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// A structure asked to take in charge the person of a demande.
async fn ask_structure(db: &Db, territoire: Id, demande: String) -> String {
    let nouvelle = Nouvelle {
        id: Id::from_name(&format!("prise {territoire}")),
        demande_id: demande.parse().unwrap(),
        structure_id: Id::from_name("structure"),
        service_id: Id::from_name("service"),
        structure_nom: "Essai".into(),
        besoin: "menage".into(),
        envoyee_at: testkit::NOON,
        horloge: wind(testkit::NOON, 3),
    };
    let tx = db.begin().await.unwrap();
    insert_in(&tx, territoire, &nouvelle).await.unwrap();
    tx.commit().await.unwrap();
    nouvelle.id.to_string()
}

/// A campaign that has not left.
async fn create_campagne(db: &Db, territoire: Id) -> String {
    let campagne = Campagne {
        a_relire: vec![],
        id: Id::from_name(&format!("campagne {territoire}")),
        titre: "Essai".into(),
        message: "Essai".into(),
        relances: 0,
        relance_jours: 0,
        created_at: testkit::NOON,
        envoyee_at: None,
        close_at: None,
    };
    let tx = db.begin().await.unwrap();
    insert_campagne(&tx, territoire, (&campagne, Id::from_name("essai")), &Cible::default()).await.unwrap();
    tx.commit().await.unwrap();
    campagne.id.to_string()
}

/// A gap that nobody has closed.
async fn open_piste(db: &Db, territoire: Id) -> String {
    let today = testkit::NOON.day();
    let piste = Piste {
        id: Id::from_name(&format!("piste {territoire}")),
        besoin: "garde-nuit".into(),
        etendue: Etendue { portee: Portee::Communes, communes: vec!["26165".into()] },
        raison: "Essai".into(),
        pilote: Id::from_name("essai"),
        etat: EtatPiste::Ouverte,
        etape: "Essai".into(),
        etape_le: today,
        ouverte_at: testkit::NOON,
        close_at: None,
        avant: Avant { du: today, demandes: 0, sans_solution: 0, structures: vec![] },
    };
    let tx = db.begin().await.unwrap();
    insert_piste(&tx, territoire, &piste, piste.pilote).await.unwrap();
    tx.commit().await.unwrap();
    piste.id.to_string()
}

/// A service that was lost.
async fn raise_alerte(db: &Db, territoire: Id) -> String {
    let day = (testkit::NOON.day(), testkit::NOON.day());
    let alerte = Alerte {
        id: Id::from_name(&format!("alerte {territoire}")),
        nature: NatureAlerte::Perte,
        besoin: "garde-nuit".into(),
        etendue: Etendue { portee: Portee::Communes, communes: vec!["26165".into()] },
        comparaison: Comparaison { recent: day, reference: day },
        avant: 1,
        apres: 0,
        hasard: 0,
        trouvee_at: testkit::NOON,
        vue_at: None,
    };
    let tx = db.begin().await.unwrap();
    insert_alerte(&tx, territoire, &alerte).await.unwrap();
    tx.commit().await.unwrap();
    alerte.id.to_string()
}

async fn create_suggestion(db: &Db, territoire: Id) -> String {
    let parole = Parole::Inscription(Inscription {
        nom: "Essai".into(),
        categorie: Categorie::Association,
        commune: "26165".into(),
        telephone: None,
        courriel: None,
        site_web: None,
        description: "Essai".into(),
    });
    insert_suggestion(db, territoire, &parole, testkit::NOON).await.unwrap();
    list_suggestions(db, territoire).await.unwrap().remove(0).id.to_string()
}

/// Changes a record once: the id of what its history then holds.
async fn mend(db: &Db, territoire: Id, structure: Id) -> String {
    let avant = find_fiche(db.read(), territoire, structure).await.unwrap().unwrap();
    let mut apres = avant.fiche.clone();
    apres.structure.description = Some("Corrigée".into());
    let trace = Trace { auteur_id: None, auteur: "essai", cause: Cause::Equipe, lot: None };
    let tx = db.begin().await.unwrap();
    assert!(save_fiche(&tx, territoire, (&avant, &apres), &trace, testkit::NOON).await.unwrap());
    tx.commit().await.unwrap();
    list_versions(db, territoire, structure, 0).await.unwrap().remove(0).id.to_string()
}

async fn call(site: &Site, methode: &str, path: &str) -> Reponse {
    match methode {
        "GET" => site.get(path).await,
        "POST" => site.post(path, "").await,
        other => panic!("{other}"),
    }
}

/// Refused: to the sign-in page, « sign in first », « not yours », or as if it did not exist.
fn is_refused(answer: &Reponse) -> bool {
    matches!(answer.status, 401 | 403) || (answer.status == 303 && answer.headers.contains("/connexion?suite="))
}

const SANS_ROLE: &str = "sans_role";

fn list_names() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.code()).chain([SANS_ROLE]).collect()
}

async fn create_compte(db: &Db, territoire: Id, name: &str, roles: &[Role]) {
    let tx = db.begin().await.unwrap();
    let courriel = format!("{name}@essai.example");
    comptes::storage::insert_compte(&tx, territoire, (&courriel, "Équipe"), (MOT_DE_PASSE, roles), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
}

/// Makes the account `referent_structure` that of this structure.
async fn bind_referent(db: &Db, territoire: Id, structure: Id) {
    let text = "SELECT id FROM comptes_compte WHERE territoire_id = $1 AND courriel = 'referent_structure@essai.example'";
    let compte = sql::texts(db.read(), text, values![territoire]).await.unwrap().remove(0).parse().unwrap();
    let tx = db.begin().await.unwrap();
    comptes::storage::insert_referent(&tx, territoire, compte, structure).await.unwrap();
    tx.commit().await.unwrap();
}

/// A file waiting to be accepted.
async fn send_file(site: &mut Site, slug: &str) {
    site.cookie = Some(site.sign_in(slug, "coordination@essai.example").await);
    let body = "--x\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"a.csv\"\r\n\r\nrien\r\n--x--\r\n";
    let answer = site.post_kind(&format!("/{slug}/equipe/annuaire/imports"), "multipart/form-data; boundary=x", body.as_bytes()).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    site.cookie = None;
}

/// Each engine is a trial of its own: they are walked side by side, for the way is long.
#[tokio::test]
async fn every_route_and_every_role_is_as_the_matrix_says() {
    walk_all(0).await;
}

#[tokio::test]
async fn every_route_and_every_role_is_as_the_matrix_says_on_the_second_engine() {
    walk_all(1).await;
}

/// The second engine is not always there.
async fn walk_all(engine: usize) {
    let Some(db) = testkit::databases().await.into_iter().nth(engine) else { return };
    let mut site = Site::open(&db).await;
    let mut objets = vec![];
    for slug in [ICI, AILLEURS] {
        for name in list_names() {
            let roles: Vec<Role> = Role::from_code(name).into_iter().collect();
            create_compte(&db, Id::from_name(slug), name, &roles).await;
        }
        send_file(&mut site, slug).await;
        objets.push(Objets::create(&site, &db, slug).await);
    }
    let (ici, ailleurs) = (&objets[0], &objets[1]);
    let lines = read_file();
    let mut cells = 0;
    for line in &lines {
        site.cookie = None;
        let answer = call(&site, &line.methode, &ici.fill(&line.chemin, ICI)).await;
        check(line, "personne", &answer, line.qui == [TOUS]);
        cells += 1;
        for name in list_names() {
            cells += check_cells(&mut site, line, name, (ici, ailleurs)).await;
        }
    }
    println!("{} routes, {cells} cells", lines.len());
    assert!(cells > 1_000);
}

/// A session as the sign-in page opens it, less the password: two thousand of them would take minutes.
async fn open_session(site: &Site, slug: &str, name: &str) -> String {
    let territoire = Id::from_name(slug);
    // Told apart without naming the territoire: a token is tried under the name of another.
    let (token, id) = (format!("{name}{}", slug.len()), Id::new(testkit::NOON));
    let empreinte = Sha256::digest(&token).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let tx = site.app.db.begin().await.unwrap();
    let now = testkit::NOON.0;
    sql::execute(
        &tx,
        "INSERT INTO comptes_session (territoire_id, empreinte, id, compte_id, opened_at, seen_at, poste, appareil)
         SELECT territoire_id, $3, $4, id, $5, $5, FALSE, 'essai' FROM comptes_compte WHERE territoire_id = $1 AND courriel = $2
         ON CONFLICT DO NOTHING",
        values![territoire, format!("{name}@essai.example"), empreinte, id, now],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    format!("__Host-maillage-{slug}={token}")
}

async fn check_cells(site: &mut Site, line: &Ligne, name: &str, (ici, ailleurs): (&Objets, &Objets)) -> usize {
    let is_sienne = line.qui.iter().any(|role| role.strip_suffix(SIENNE) == Some(name));
    let is_full = line.qui == [TOUS] || line.qui == [EQUIPE] || line.qui.iter().any(|role| role == name);
    let is_open = is_full || is_sienne;
    // A session of the other territoire, sent under its name and under the name of this one.
    let elsewhere = open_session(site, AILLEURS, name).await;
    for cookie in [elsewhere.clone(), elsewhere.replace(AILLEURS, ICI)] {
        site.cookie = Some(cookie);
        let answer = call(site, &line.methode, &ici.fill(&line.chemin, ICI)).await;
        check(line, &format!("{name} d’un autre territoire"), &answer, line.qui == [TOUS]);
    }
    site.cookie = Some(open_session(site, ICI, name).await);
    let mut cells = 3;
    // What belongs to the other territoire is not found, even by those who may read such things at home.
    // An address that names no territoire speaks of all of them, to everybody.
    if line.chemin.contains("{id}") && line.chemin.starts_with("/{territoire}") {
        let answer = call(site, &line.methode, &ailleurs.fill(&line.chemin, ICI)).await;
        let expected = if is_open { 404 } else { 403 };
        assert_eq!(answer.status, expected, "{} {} as {name}, object of another territoire", line.methode, line.chemin);
        cells += 1;
    }
    // The structure of somebody else, which everybody may know of.
    if line.chemin.contains("/structures/{id}") {
        let answer = call(site, &line.methode, &ici.others().fill(&line.chemin, ICI)).await;
        check(line, &format!("{name}, structure of somebody else"), &answer, is_full);
        cells += 1;
    }
    let answer = call(site, &line.methode, &ici.fill(&line.chemin, ICI)).await;
    check(line, name, &answer, is_open);
    cells
}

fn check(line: &Ligne, who: &str, answer: &Reponse, is_open: bool) {
    // Only the page that leads to the identity provider may say that it is away: the one of the trial does not exist.
    let is_provider_away = answer.status == 503 && line.chemin.ends_with("/connexion/fournisseur");
    assert!(answer.status < 500 || is_provider_away, "{} {} as {who}: {}", line.methode, line.chemin, answer.status);
    assert_eq!(!is_refused(answer), is_open, "{} {} as {who}: {} {}", line.methode, line.chemin, answer.status, answer.headers);
}
