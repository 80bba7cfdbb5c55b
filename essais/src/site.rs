//! The router of the program on a database, asked without a network.

use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use comptes::{Role, SecondFacteur};
use http_body_util::BodyExt;
use kit::{Clock, Coffre, Db, Id};
use maillage::App;
use maillage::reglages::{Reglages, ReglagesCourriel, ReglagesFournisseur};
use territoire::{Couleurs, LigneUnique, Referentiel, Territoire};
use tower::ServiceExt;

use crate::{Reponse, prove};

pub const COURRIEL: &str = "accueil@example.org";
pub const MOT_DE_PASSE: &str = "la ligne est ouverte";

/// Every way in is open; nothing leaves, and the provider does not exist.
fn reach_nobody() -> Reglages {
    let serveur = std::env::temp_dir().join("maillage-essais-courriels").display().to_string();
    let fournisseur = ReglagesFournisseur {
        nom: "Fournisseur d’essai".into(),
        emetteur: "https://fournisseur.invalid".into(),
        client: "essai".into(),
        secret: "essai".into(),
        courriel_sur: false,
    };
    Reglages {
        origine: Some("https://maillage.example".into()),
        courriel: Some(ReglagesCourriel { serveur, expediteur: "maillage@example.org".into() }),
        fournisseur: Some(fournisseur),
        ..Reglages::default()
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// A program with two territoires, an annuaire and an account in each.
pub struct Site {
    pub app: App,
    pub cookie: Option<String>,
}

/// The roles of somebody who takes calls and keeps the annuaire.
const EQUIPE: [Role; 2] = [Role::Coordination, Role::TeleConseil];

const ANNUAIRE: &str = "structure_id;structure;code_insee;besoins;mode;couverture;service_id;telephone
s1;ADMR de Livron;26165;menage;a_domicile;epci:242600252;m1;04 65 71 00 01
s2;Entraide <b>d’Allex</b>;26165;menage|jardinage;a_domicile;epci:242600252;m1;04 65 71 00 02
";

impl Site {
    pub async fn open(db: &Db) -> Self {
        Self::open_with(db, SecondFacteur::Facultatif).await
    }

    /// As `servir` opens it, when the second proof is required.
    pub async fn open_with(db: &Db, second_facteur: SecondFacteur) -> Self {
        let clock = Clock::stopped_at(testkit::NOON);
        let app = App::open(db.clone(), clock, Coffre::ephemeral().expect("a key"), second_facteur).await.expect("the program opens");
        app.reach(&reach_nobody()).expect("settings that can be right");
        for (slug, nom, epci) in [("val-de-drome", "Val de Drôme", "242600252"), ("brenne", "Brenne", "243600319")] {
            create_territoire(&app, slug, nom, epci).await;
        }
        app.refresh().await.expect("the snapshots load");
        Self { app, cookie: None }
    }

    /// Signed in on a territoire.
    pub async fn signed_in(db: &Db, slug: &str) -> Self {
        let mut site = Self::open(db).await;
        site.cookie = Some(site.sign_in(slug, COURRIEL).await);
        site
    }

    /// Opens a session; gives its cookie.
    pub async fn sign_in(&self, slug: &str, courriel: &str) -> String {
        let form = format!("courriel={courriel}&mot_de_passe={}", MOT_DE_PASSE.replace(' ', "+"));
        let answer = self.post(&format!("/{slug}/connexion"), &form).await;
        let cookie = answer.headers.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        cookie.expect("signed in").split(';').next().unwrap_or_default().to_string()
    }

    pub async fn get(&self, path: &str) -> Reponse {
        self.send(Request::get(path).body(Body::empty())).await
    }

    /// Asks for what one may already have.
    pub async fn get_if_none_match(&self, path: &str, tag: &str) -> Reponse {
        self.send(Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty())).await
    }

    pub async fn post(&self, path: &str, form: &str) -> Reponse {
        self.post_kind(path, FORM, form.as_bytes()).await
    }

    /// Posts a form as a page does by itself while somebody writes.
    pub async fn post_live(&self, path: &str, form: &str) -> Reponse {
        let request = Request::post(path).header("hx-request", "true").header(header::CONTENT_TYPE, FORM);
        self.send(request.body(Body::from(form.to_owned()))).await
    }

    /// Leaves a demande by the form of everybody, from a page just opened.
    pub async fn leave(&self, slug: &str, form: &str) -> Reponse {
        let page = self.get(&format!("/{slug}/demandes/nouvelle")).await.body;
        self.post(&format!("/{slug}/demandes"), &format!("{form}{}", prove(&page))).await
    }

    pub async fn post_json(&self, path: &str, body: &[u8]) -> Reponse {
        self.post_kind(path, "application/json", body).await
    }

    pub async fn post_kind(&self, path: &str, kind: &str, body: &[u8]) -> Reponse {
        self.send(Request::post(path).header(header::CONTENT_TYPE, kind).body(Body::from(body.to_vec()))).await
    }

    /// A form as a browser too old for `Sec-Fetch-Site` sends it.
    pub async fn post_from(&self, origin: &str, path: &str) -> Reponse {
        self.send(Request::post(path).header(header::ORIGIN, origin).header(header::HOST, "maillage.example").body(Body::empty())).await
    }

    /// What a link brings that is not a text.
    pub async fn get_bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.answer(Request::get(path).body(Body::empty())).await;
        answer.into_body().collect().await.expect("a whole answer").to_bytes().to_vec()
    }

    async fn send(&self, request: axum::http::Result<Request<Body>>) -> Reponse {
        let answer = self.answer(request).await;
        let status = answer.status().as_u16();
        let headers =
            answer.headers().iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))).collect();
        let body = answer.into_body().collect().await.expect("a whole answer").to_bytes();
        Reponse { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn answer(&self, request: axum::http::Result<Request<Body>>) -> Response {
        let mut request = request.expect("a request");
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().expect("a cookie"));
        }
        self.app.router().oneshot(request).await.expect("an answer")
    }
}

async fn create_territoire(app: &App, slug: &str, nom: &str, epci: &str) {
    let territoire = Territoire {
        id: Id::from_name(slug),
        slug: slug.into(),
        nom: nom.into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique { telephone: Some("04 75 25 43 82".into()), horaires: None, ..LigneUnique::default() },
        communes: Referentiel::get().find_epci(epci).expect("an EPCI").communes.clone(),
        bassins: vec![],
        logo: None,
        fermeture: None,
    };
    let tx = app.db.begin().await.expect("a transaction");
    territoire::storage::insert_territoire(&tx, &territoire, testkit::NOON).await.expect("a territoire");
    comptes::storage::insert_compte(&tx, territoire.id, (COURRIEL, "Accueil"), (MOT_DE_PASSE, &EQUIPE), testkit::NOON)
        .await
        .expect("an account");
    tx.commit().await.expect("written");
    let verification = annuaire::import::verify(ANNUAIRE.as_bytes(), "essai.csv", &territoire, &|_, _| {});
    annuaire::import::import(&app.db, &territoire, &verification, testkit::NOON, &|_, _| {}).await.expect("imported");
}
