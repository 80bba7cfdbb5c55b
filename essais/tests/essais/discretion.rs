//! Nothing that a person says is written in a log or put in an address, even when everything is logged and things go wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use std::net::SocketAddr;
use std::path::PathBuf;

use essais::{Programme, Reponse, ask, prove};
use kit::Db;

/// What must be nowhere: name, telephone as typed and as written, address, note, when to call back.
const MARKS: [&str; 6] = ["Marqueur", "0612345678", "06 12 34 56 78", "zoe-secrete", "note-secrete", "moment-secret"];
const FORM: &str = "commune=36173&besoin=menage&note=note-secrete&rappel_nom=Zoe+Marqueur&rappel_telephone=0612345678\
                    &rappel_courriel=zoe-secrete%40example.org&rappel_moment=moment-secret&consentement=oui";
const JSON: &str = r#"{"commune":"36173","besoin":"menage","note":"note-secrete","rappel_nom":"Zoe Marqueur","rappel_telephone":"0612345678","consentement":"oui"}"#;

/// A person who goes from page to page, and every address they were sent to.
struct Parcours {
    at: SocketAddr,
    cookie: String,
    locations: Vec<String>,
}

fn header(answer: &Reponse, name: &str) -> Option<String> {
    let start = format!("{name}: ");
    answer.headers.lines().find(|line| line.to_lowercase().starts_with(&start)).map(|line| line[start.len()..].to_string())
}

impl Parcours {
    fn ask(&mut self, method: &str, path: &str, kind: &str, body: &str) -> Reponse {
        let headers = [("Cookie", self.cookie.as_str()), ("Content-Type", kind)];
        let answer = ask(self.at, (method, path), &headers, body).unwrap();
        self.locations.extend(header(&answer, "location"));
        if let Some(cookie) = header(&answer, "set-cookie") {
            self.cookie = cookie.split(';').next().unwrap().to_string();
        }
        answer
    }

    fn get(&mut self, path: &str) -> Reponse {
        self.ask("GET", path, "text/plain", "")
    }

    fn leave(&mut self, form: &str) -> Reponse {
        let page = self.get("/brenne/demandes/nouvelle").body;
        self.post("/brenne/demandes", &format!("{form}{}", prove(&page)))
    }

    fn post(&mut self, path: &str, form: &str) -> Reponse {
        self.ask("POST", path, "application/x-www-form-urlencoded", form)
    }
}

/// A demande left, refused, left again, seen, withdrawn and erased; gives the secret code.
fn walk_as_a_person(person: &mut Parcours) -> String {
    assert_eq!(person.post("/brenne/demandes", &FORM.replace("commune=36173", "commune=99999")).status, 422);
    assert_eq!(person.leave(FORM).status, 303);
    let thanks = person.get(&person.locations.last().unwrap().clone()).body;
    let code = thanks.split("/brenne/ma-demande/").nth(1).unwrap().split('"').next().unwrap().to_string();
    let link = format!("/brenne/ma-demande/{code}");
    for path in ["", "/document", "/document.pdf", "/donnees.json", "/effacement"] {
        assert_eq!(person.get(&format!("{link}{path}")).status, 200, "{path}");
    }
    assert_eq!(person.post(&format!("{link}/retrait"), "").status, 303);
    assert_eq!(person.post(&format!("{link}/effacement"), "").status, 303);
    assert_eq!(person.get(&link).status, 404);
    code
}

fn walk_as_a_program(program: &mut Parcours) {
    assert_eq!(program.ask("POST", "/api/v1/demandes", "application/json", JSON).status, 201);
    assert_eq!(program.ask("POST", "/api/v1/demandes", "application/json", &JSON.replace("\"menage\"", "12")).status, 400);
    assert_eq!(program.ask("POST", "/api/v1/demandes", "application/json", &JSON.replace("0612345678", "note-secrete")).status, 409);
}

fn walk_as_the_team(team: &mut Parcours) {
    assert_eq!(team.post("/brenne/connexion", "courriel=accueil%40example.org&mot_de_passe=la+ligne+est+ouverte").status, 303);
    assert_eq!(team.post("/brenne/equipe/demandes", &format!("{FORM}&ou=rosnay&quoi=menage")).status, 422);
    assert_eq!(team.post("/brenne/equipe/demandes", &format!("{FORM}&ou=rosnay&quoi=menage&issue=a_rappeler")).status, 303);
    let list = team.get("/brenne/equipe/demandes?issue=a_rappeler").body;
    let path =
        list.split("href=\"").find(|rest| rest.starts_with("/brenne/equipe/demandes/")).unwrap().split('"').next().unwrap().to_string();
    for step in ["", "/document", "/donnees.json"] {
        let seen = team.get(&format!("{path}{step}")).body;
        assert!(seen.contains("note-secrete"), "{step}");
    }
    assert_eq!(team.post(&format!("{path}/issue"), "issue=orientee&version=99").status, 409);
    assert_eq!(team.post(&format!("{path}/retrait"), "").status, 303);
    assert_eq!(team.post(&format!("{path}/effacement"), "").status, 303);
}

async fn check(base: &str) {
    let log: PathBuf = std::env::temp_dir().join(format!("maillage-journal-{}-{}", std::process::id(), base.len()));
    let file = std::fs::File::create(&log).unwrap();
    let mut programme = Programme::start_by("demo", base, |command| {
        command.env("MAILLAGE_LOG", "debug").stderr(file);
    });
    let at = programme.at;
    let begin = || Parcours { at, cookie: String::new(), locations: vec![] };
    let (mut person, mut program, mut team) = (begin(), begin(), begin());
    let code = walk_as_a_person(&mut person);
    walk_as_a_program(&mut program);
    walk_as_the_team(&mut team);
    // Somebody else holds the base: the program gives up, and says so in its log.
    let db = Db::open(base).await.unwrap();
    let held = db.begin().await.unwrap();
    kit::sql::execute(&held, "UPDATE accueil_compteur SET valeur = valeur", []).await.unwrap();
    if db.engine() == kit::Engine::Sqlite {
        assert_eq!(person.leave(FORM).status, 503);
    }
    drop(held);
    programme.kill();

    let said = std::fs::read_to_string(&log).unwrap();
    assert!(said.contains("DEBUG"), "everything is logged");
    let said = said.to_lowercase();
    for mark in MARKS.iter().map(|mark| mark.to_lowercase()).chain([code]) {
        let line = said.lines().find(|line| line.contains(&mark));
        assert!(line.is_none(), "{mark} is in the log: {line:?}");
    }
    let locations = [person.locations, program.locations, team.locations].concat();
    assert!(locations.len() >= 7, "{locations:?}");
    for mark in MARKS {
        assert!(!locations.iter().any(|one| one.contains(mark)), "{mark} is in an address: {locations:?}");
    }
    std::fs::remove_file(log).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_in_the_log_nor_in_an_address_on_sqlite() {
    check(&testkit::sqlite_path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_in_the_log_nor_in_an_address_on_postgresql() {
    match std::env::var(testkit::POSTGRES) {
        Ok(server) => check(&testkit::create_postgres(&server).await).await,
        Err(_) => eprintln!("skipped: {} is not set", testkit::POSTGRES),
    }
}
