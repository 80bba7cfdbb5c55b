//! Nobody left without an answer, through the pages: a structure asked by a letter that may be forwarded, a person who follows their
//! demande by six characters, a solution that was not one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use accueil::prise_en_charge::pass;
use essais::{Reponse, Site};
use kit::{Db, Id, Instant, envoi, sql, values};

const ICI: &str = "val-de-drome";
const FORM: &str = "commune=26165&besoin=menage&rappel_nom=Zo%C3%A9+Marqueur&rappel_telephone=0612345678&consentement=oui&cle=z1";
const NUMERO: &str = "06 12 34 56 78";

struct Monde {
    site: Site,
    /// The page of the demande, for the team.
    page: String,
    /// Its services, in the order in which they were proposed.
    services: Vec<String>,
}

fn header<'a>(answer: &'a Reponse, name: &str) -> &'a str {
    answer.headers.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default()
}

async fn open(db: &Db) -> Monde {
    let site = Site::signed_in(db, ICI).await;
    let tx = db.begin().await.unwrap();
    sql::execute(
        &tx,
        "UPDATE annuaire_structure SET courriel = source_id || '@example.org' WHERE territoire_id = $1",
        values![Id::from_name(ICI)],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(site.leave(ICI, FORM).await.status, 303);
    let id = sql::texts(db.read(), "SELECT id FROM accueil_demande", []).await.unwrap().remove(0);
    let services = sql::texts(db.read(), "SELECT service_id FROM accueil_orientation ORDER BY structure_nom", []).await.unwrap();
    assert_eq!(services.len(), 2);
    Monde { site, page: format!("/{ICI}/equipe/demandes/{id}"), services }
}

impl Monde {
    fn visitor(&self) -> Site {
        Site { app: self.site.app.clone(), cookie: None }
    }

    /// The texts that wait, for whoever carries them.
    async fn letters(&self) -> Vec<envoi::Pli> {
        let later = testkit::NOON.plus_seconds(86_400);
        envoi::take(&self.site.app.db, &self.site.app.coffre, (later, testkit::NOON), (&[envoi::Porte::Courriel], false, 100))
            .await
            .unwrap()
    }

    async fn ask(&self, count: usize, choix: &str) -> Reponse {
        let services: String = self.services.iter().take(count).map(|id| format!("&service={id}")).collect();
        self.site.post(&format!("{}/prises-en-charge", self.page), &format!("choix={choix}{services}")).await
    }

    async fn link(&self, to: &str) -> String {
        let letters = self.letters().await;
        let letter = letters.iter().find(|one| one.destinataire == to && one.texte.contains("/prise-en-charge/")).expect("a letter");
        assert!(!letter.texte.contains("Zoé") && !letter.texte.contains(NUMERO), "{}", letter.texte);
        let word = letter.texte.split_whitespace().find(|word| word.contains("/prise-en-charge/")).unwrap();
        word.split("example").nth(1).unwrap().to_string()
    }
}

#[tokio::test]
async fn a_forwarded_letter_answers_but_only_the_box_of_the_structure_reads_who_the_person_is() {
    for db in testkit::databases().await {
        let monde = open(&db).await;
        let nothing = monde.site.post(&format!("{}/prises-en-charge", monde.page), "choix=noms").await;
        assert!(nothing.status == 422 && nothing.body.contains("Cochez au moins une structure"));
        assert_eq!(monde.ask(1, "transmission").await.status, 303);
        let team = monde.site.get(&monde.page).await.body;
        assert!(team.contains("envoyée") && team.contains("donnés à la structure qui l’aidera"), "{team}");
        let (link, anybody) = (monde.link("s1@example.org").await, monde.visitor());
        let asked = anybody.get(&link).await;
        assert_eq!((asked.status, header(&asked, "cache-control"), header(&asked, "referrer-policy")), (200, "no-store", "no-referrer"));
        assert!(asked.body.contains("Je prends") && asked.body.contains("Livron"), "{}", asked.body);
        assert!(monde.site.get(&monde.page).await.body.contains("lien ouvert le"));
        let why = anybody.post(&format!("{link}/non"), "").await;
        assert!(why.status == 422 && why.body.contains("Dites pourquoi"));
        assert_eq!(anybody.post(&format!("{link}/oui"), "").await.status, 303);
        let twice = anybody.post(&format!("{link}/non"), "motif=pas_de_place").await;
        assert!(twice.status == 409 && twice.body.contains("n’est pas prise en compte") && twice.body.contains("aide cette personne"));
        let waits = anybody.get(&link).await.body;
        assert!(waits.contains("Code reçu") && !waits.contains(NUMERO) && !waits.contains("Zoé"), "{waits}");
        let letters = monde.letters().await;
        let code = letters.iter().find_map(|one| one.texte.split("aidez : ").nth(1)).expect("a code").get(..6).unwrap().to_string();
        let wrong = anybody.post(&format!("{link}/preuve"), "preuve=12").await;
        assert!(wrong.status == 422 && wrong.body.contains("pas le bon") && !wrong.body.contains(NUMERO));
        let right = anybody.post(&format!("{link}/preuve"), &format!("preuve={code}")).await;
        let cookie = header(&right, "set-cookie");
        assert!(right.status == 303 && cookie.contains("HttpOnly") && cookie.contains(&format!("Path={link}")), "{cookie}");
        let structure = Site { app: monde.site.app.clone(), cookie: cookie.split(';').next().map(str::to_string) };
        let shown = structure.get(&link).await.body;
        assert!(shown.contains(NUMERO) && shown.contains("Zoé Marqueur"), "{shown}");
        assert!(!anybody.get(&link).await.body.contains(NUMERO), "whoever else holds the link");
        let journal = "SELECT COUNT(*) FROM kit_journal WHERE acte = 'nom et numéro montrés à la structure'";
        assert_eq!(sql::number(db.read(), journal, []).await.unwrap(), 1);
        // The person changes their mind: nobody is shown any more, and the letter says so.
        assert_eq!(monde.site.post(&format!("{}/retrait", monde.page), "").await.status, 303);
        let after = structure.get(&link).await.body;
        assert!(after.contains("est retirée") && !after.contains(NUMERO), "{after}");
        assert_eq!(structure.post(&format!("{link}/oui"), "").await.status, 409);
        let told = monde.letters().await.into_iter().filter(|one| one.texte.contains("personne à appeler")).count();
        assert_eq!(told, 1, "the structure that was to call is told");
        let unknown = anybody.get(&format!("/{ICI}/prise-en-charge/0000")).await;
        assert!(unknown.status == 410 && unknown.body.contains("ne sert plus"));
    }
}

#[tokio::test]
async fn without_the_agreement_a_structure_that_helps_learns_no_name() {
    for db in testkit::databases().await {
        let monde = open(&db).await;
        assert_eq!(monde.ask(1, "noms").await.status, 303);
        let (link, structure) = (monde.link("s1@example.org").await, monde.visitor());
        assert_eq!(structure.post(&format!("{link}/oui"), "").await.status, 303);
        let shown = structure.get(&link).await.body;
        assert!(shown.contains("préfère appeler elle-même") && !shown.contains("Code reçu") && !shown.contains(NUMERO), "{shown}");
        assert!(monde.letters().await.iter().all(|one| !one.texte.contains("Le code pour voir")), "no code leaves");
    }
}

#[tokio::test]
async fn several_are_asked_the_person_chooses_and_the_others_are_thanked() {
    for db in testkit::databases().await {
        let monde = open(&db).await;
        assert_eq!(monde.ask(2, "transmission").await.status, 303);
        let (one, other) = (monde.link("s1@example.org").await, monde.link("s2@example.org").await);
        for link in [&one, &other] {
            assert_eq!(monde.visitor().post(&format!("{link}/oui"), "").await.status, 303);
            assert!(monde.visitor().get(link).await.body.contains("la personne choisit"));
        }
        let listed = monde.site.get(&format!("/{ICI}/equipe/prises-en-charge?etat=acceptee")).await.body;
        assert!(listed.contains("ADMR de Livron") && listed.contains("Entraide &#60;b&#62;"), "{listed}");
        let text = "SELECT id FROM accueil_prise_en_charge WHERE structure_nom = 'ADMR de Livron'";
        let id = sql::texts(db.read(), text, []).await.unwrap().remove(0);
        for status in [303, 409] {
            assert_eq!(monde.site.post(&format!("/{ICI}/equipe/prises-en-charge/{id}/choix"), "").await.status, status);
        }
        assert!(monde.visitor().get(&one).await.body.contains("Recevoir le code"));
        assert!(monde.visitor().get(&other).await.body.contains("Une autre structure aide désormais"));
        let letters = monde.letters().await;
        let said = |to: &str, words: &str| letters.iter().any(|one| one.destinataire == to && one.texte.contains(words));
        assert!(said("s1@example.org", "vous a choisis") && said("s2@example.org", "Merci d’avoir été là"), "{letters:?}");
    }
}

#[tokio::test]
async fn silence_comes_to_the_coordination_with_its_date() {
    for db in testkit::databases().await {
        let monde = open(&db).await;
        monde.ask(1, "noms").await;
        let list = format!("/{ICI}/equipe/prises-en-charge?etat=en_retard");
        assert!(monde.site.get(&list).await.body.contains("Aucune structure n’est en retard"));
        let due = sql::number(db.read(), "SELECT echeance_at FROM accueil_prise_en_charge", []).await.unwrap();
        let here = monde.site.app.territoires.list().iter().find(|one| one.slug == ICI).unwrap().clone();
        monde.site.app.clock.set(Instant(due));
        assert_eq!(pass(&monde.site.app.accueil(), &here, Instant(due)).await.unwrap().escalades, 1);
        // Three days later, the session is over: the list is read by who comes in again.
        let again = Site { app: monde.site.app.clone(), cookie: Some(monde.site.sign_in(ICI, essais::COURRIEL).await) };
        let late = again.get(&list).await.body;
        assert!(late.contains("en retard</strong>") && late.contains("coordination prévenue"), "{late}");
    }
}

#[tokio::test]
async fn six_characters_lead_a_person_to_where_their_demande_stands() {
    for db in testkit::databases().await {
        let monde = open(&db).await;
        monde.ask(1, "noms").await;
        let team = monde.site.get(&monde.page).await.body;
        let code = team
            .split("Code de suivi, à lire à la personne&nbsp;: <strong>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .replace('\u{a0}', "+");
        let person = monde.visitor();
        let path = format!("/{ICI}/suivi");
        assert!(person.get(&path).await.body.contains("Suivre ma demande"));
        let opened = person.post(&path, &format!("code={code}&chiffres=5678")).await;
        assert_eq!((opened.status, header(&opened, "cache-control")), (303, "no-store"));
        let link = header(&opened, "location").to_string();
        let page = person.get(&link).await.body;
        assert!(page.contains("est interrogée, et doit répondre avant le") && page.contains("Toujours pas de solution"), "{page}");
        assert_eq!(person.post(&format!("{link}/toujours"), "").await.status, 303);
        let page = person.get(&link).await.body;
        assert!(page.contains("Nous vous rappelons avant le 19 novembre") && !page.contains("Toujours pas de solution"), "{page}");
        assert!(monde.site.get(&monde.page).await.body.contains("Promis de rappeler avant le 19 novembre"));
        let wrong =
            [person.post(&path, &format!("code={code}&chiffres=0000")).await, person.post(&path, "code=AAAAAA&chiffres=5678").await];
        let [digits, unknown] =
            wrong.map(|one| (one.status, one.body.split("role=\"alert\"").nth(1).unwrap().split(['<', '>']).nth(1).unwrap().to_string()));
        assert_eq!((digits.0, &digits), (422, &unknown), "wrong and unknown are told alike");
        let mut last = 0;
        for _ in 0..60 {
            last = person.post(&path, "code=AAAAAA&chiffres=0000").await.status;
        }
        assert_eq!(last, 429, "guessing stops");
    }
}
