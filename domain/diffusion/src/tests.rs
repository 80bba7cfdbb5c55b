//! The rules of what is published, and the files read back.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use annuaire::besoin::Taxonomie;
use annuaire::fiche::{Identifiant, Information, NatureIdentifiant, NatureInformation, NatureRegime, Regime};
use annuaire::import::{import, verify};
use annuaire::storage::export::{Complements, StructureDatee, list_structures_from};
use annuaire::{Categorie, Mode};
use comptes::{Comptes, SecondFacteur};
use kit::{Clock, Coffre, Db, Id};
use sortant::Sortant;
use territoire::{Couleurs, LigneUnique, Referentiel, Territoire, Territoires};

use crate::annonce::{announce, deliver, forget_if_alone};
use crate::publication::publish_today;
use crate::rules::changement::sign;
use crate::rules::correspondance::{list_categories, list_traduits, reseau_porteur, translate};
use crate::rules::retenue::{is_courriel, is_site, retain};
use crate::rules::{data_inclusion, hsds};
use crate::storage::abonnement::{delete_abonnement, insert_abonnement, list_abonnements, rechiffrer};
use crate::storage::edition::{find_contenu, list_editions, list_fichiers};
use crate::{Diffusion, Format, Producteur, export};

const ANNUAIRE: &str = "structure_id;structure;categorie;siret;code_insee;adresse;telephone;courriel;site_web;besoins;mode;couverture;service_id;service;horaires;tarif;disponibilite;description
s1;L’Entraide d’Allex & <b>Cie</b>...;admr;;26006;1 rue du Pont;04 65 71 00 01;contact@entraide.example.org;https://entraide.example.org;menage|jardinage;a_domicile;epci:242600252 sauf commune:26166;m1;=1+1;Mo-Tu 09:00-12:00;23,50 € de l’heure;complet;@SUM(A1)
s1;L’Entraide d’Allex & <b>Cie</b>...;admr;;26006;1 rue du Pont;04 65 71 00 01;contact@entraide.example.org;https://entraide.example.org;papiers;sur_place;rayon:5;m2;Papiers;;Gratuit;;@SUM(A1)
s2;Aline, coiffure;micro_entreprise;;26165;3 impasse des Lilas;04 65 71 00 02;aline@example.org;;coiffure-esthetique;a_domicile;commune:26165;m1;Coiffure;;30 €;;
";

pub fn territoire() -> Territoire {
    Territoire {
        id: Id::from_name("val-de-drome"),
        slug: "val-de-drome".into(),
        nom: "Val de Drôme".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique::default(),
        communes: Referentiel::get().find_epci("242600252").unwrap().communes.clone(),
        bassins: vec![],
        logo: None,
        fermeture: None,
    }
}

async fn open(db: &Db) -> Diffusion {
    fill(db).await;
    let territoires = Territoires::default();
    territoires.refresh(db).await.unwrap();
    let coffre = Coffre::ephemeral().unwrap();
    let secrets = (coffre.clone(), SecondFacteur::Facultatif);
    let comptes = Comptes::new(db.clone(), Clock::stopped_at(testkit::NOON), territoires, secrets);
    Diffusion { db: db.clone(), comptes, coffre, sortant: Some(Sortant::new(&["localhost".into()]).unwrap()) }
}

fn producteur() -> Producteur {
    Producteur { territoire: Arc::new(territoire()), origine: Some("https://ligne.example.org".into()), jour: testkit::NOON.day() }
}

pub async fn fill(db: &Db) {
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire(), testkit::NOON).await.unwrap();
    tx.commit().await.unwrap();
    let verification = verify(ANNUAIRE.as_bytes(), "essai.csv", &territoire(), &|_, _| {});
    import(db, &territoire(), &verification, testkit::NOON, &|_, _| {}).await.unwrap();
}

async fn read(db: &Db) -> Vec<StructureDatee> {
    list_structures_from(db.read(), territoire().id, None, 100).await.unwrap()
}

fn of(all: &[StructureDatee], categorie: Categorie) -> StructureDatee {
    retain(all.iter().find(|one| one.structure.categorie == categorie).unwrap().clone())
}

#[test]
fn every_need_and_every_kind_of_structure_has_its_line_and_its_reason() {
    let needs: Vec<&str> = Taxonomie::get().iter().map(|besoin| &*besoin.code).collect();
    assert_eq!(list_traduits().iter().map(|one| one.besoin.as_str()).collect::<Vec<_>>(), needs);
    for besoin in Taxonomie::get().iter() {
        let traduit = translate(&besoin.code).unwrap();
        assert!(!traduit.raison.is_empty() && traduit.publics().count() > 0, "{}", besoin.code);
        let said = besoin.thematique_di.as_deref().unwrap_or(&traduit.thematique);
        assert_eq!(traduit.thematique, said, "{}: the taxonomy says another theme", besoin.code);
    }
    assert_eq!(list_categories(), Categorie::ALL.iter().map(|categorie| categorie.code()).collect::<Vec<_>>());
}

/// The vocabularies are not part of the project: they are looked at when they are there.
#[test]
fn every_code_of_the_tables_is_one_of_data_inclusion() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/vocabulaires");
    if !folder.is_dir() {
        eprintln!("vocabularies skipped: {} is not there", folder.display());
        return;
    }
    let codes = |name: &str| -> BTreeSet<String> {
        let mut rows = csv::Reader::from_path(folder.join(format!("data_inclusion_{name}.csv"))).unwrap();
        rows.records().map(|row| row.unwrap()[0].to_string()).collect()
    };
    let (thematiques, types, publics, reseaux) = (codes("thematique"), codes("type_service"), codes("public"), codes("reseau_porteur"));
    for traduit in list_traduits() {
        assert!(thematiques.contains(&traduit.thematique), "{}", traduit.thematique);
        assert!(traduit.r#type.is_empty() || types.contains(&traduit.r#type), "{}", traduit.r#type);
        assert!(traduit.publics().all(|code| publics.contains(code)), "{}", traduit.besoin);
    }
    assert!(Categorie::ALL.iter().filter_map(|categorie| reseau_porteur(*categorie)).all(|code| reseaux.contains(code)));
}

#[test]
fn only_addresses_that_everybody_reads_leave() {
    for right in ["a@b.fr", "prenom.nom+x@sous-domaine.example.org", "o'neil@example.org"] {
        assert!(is_courriel(right), "{right}");
    }
    let long = format!("{}@example.org", "a".repeat(65));
    for wrong in
        ["", "a", "a@b", "é@example.org", "a..b@example.org", ".a@example.org", "a@-b.fr", "a@b.local", "a@b.1", "\"a\"@b.fr", &long]
    {
        assert!(!is_courriel(wrong), "{wrong}");
    }
    assert!(is_site("https://example.org/a?b=c") && is_site("http://example.org"));
    for wrong in ["", "example.org", "javascript:alert(1)", "https://", "https://é.fr", "https://exa mple.org", "ftp://example.org"] {
        assert!(!is_site(wrong), "{wrong}");
    }
}

#[tokio::test]
async fn a_micro_entreprise_keeps_its_contact_for_itself() {
    for db in testkit::databases().await {
        fill(&db).await;
        let all = read(&db).await;
        let alone = of(&all, Categorie::MicroEntreprise);
        assert_eq!((alone.structure.contact.telephone.clone(), alone.structure.contact.courriel.clone()), (None, None));
        let written = serde_json::to_string(&(
            data_inclusion::structure(&producteur(), &alone),
            data_inclusion::service(&producteur(), &alone, &alone.services[0]),
            hsds::full_organization(&producteur(), &alone),
        ));
        let written = written.unwrap();
        assert!(written.contains("Aline, coiffure") && written.contains("Livron-sur-Drôme"));
        for kept in ["71 00 02", "65710002", "aline@", "Lilas"] {
            assert!(!written.contains(kept), "{kept}: {written}");
        }
        assert!(of(&all, Categorie::Admr).structure.contact.telephone.is_some());
    }
}

#[tokio::test]
async fn what_is_written_for_data_inclusion_is_what_the_record_says() {
    for db in testkit::databases().await {
        fill(&db).await;
        let datee = of(&read(&db).await, Categorie::Admr);
        let structure = data_inclusion::structure(&producteur(), &datee);
        assert_eq!((structure.nom.as_str(), structure.date_maj.as_str()), ("L’Entraide d’Allex & <b>Cie</b>", "2026-11-17"));
        assert_eq!(structure.lieu.code_insee.as_deref(), Some("26006"));
        let home = datee.services.iter().find(|date| date.service.mode == Mode::ADomicile).unwrap();
        let home = data_inclusion::service(&producteur(), &datee, home);
        assert_eq!((home.modes_accueil.as_slice(), home.frais), (["en-presentiel"].as_slice(), Some("payant")));
        assert!(home.description.ends_with("au domicile de la personne."), "{}", home.description);
        let zones = home.zone_eligibilite.unwrap();
        assert!(zones.len() == 28 && !zones.contains(&"26166".to_string()), "{zones:?}");
        let place = datee.services.iter().find(|date| date.service.mode == Mode::SurPlace).unwrap();
        let place = data_inclusion::service(&producteur(), &datee, place);
        assert_eq!((place.frais, place.modes_mobilisation.unwrap().len()), (Some("gratuit"), 3));
    }
}

#[tokio::test]
async fn identifiers_acts_and_what_is_true_for_a_time_are_said_in_hsds() {
    for db in testkit::databases().await {
        fill(&db).await;
        let mut datee = of(&read(&db).await, Categorie::Admr);
        let home = datee.services.iter().find(|date| date.service.mode == Mode::ADomicile).unwrap().clone();
        let jour = producteur().jour;
        datee.complements = Complements {
            identifiants: vec![Identifiant { nature: NatureIdentifiant::Rna, valeur: "W261000001".into() }],
            regimes: vec![Regime {
                nature: NatureRegime::Declaration,
                activite: "SAP-II-01".into(),
                intervention: None,
                public: None,
                numero: Some("SAP356000000".into()),
                autorite: None,
                du: None,
                au: None,
                departements: vec![],
            }],
            informations: vec![Information {
                nature: NatureInformation::Suspension,
                service: Some(home.service.id),
                texte: Some("Reprise bientôt.".into()),
                du: jour,
                au: Some(jour),
            }],
        };
        let structure = serde_json::Value::Object(hsds::full_organization(&producteur(), &datee));
        assert_eq!(structure["organization_identifiers"][0]["identifier"], "W261000001");
        let service = serde_json::Value::Object(hsds::full_service(&producteur(), &datee, &home));
        assert_eq!(service["status"], "temporarily closed");
        assert!(service["alert"].as_str().unwrap().ends_with("Reprise bientôt."), "{service}");
        assert_eq!(service["accreditations"], "Déclaration SAP356000000.");
        let tomorrow = Producteur { jour: jour.succ_opt().unwrap(), ..producteur() };
        assert_eq!(hsds::full_service(&tomorrow, &datee, &home)["status"], "active");
        datee.structure.categorie = Categorie::MicroEntreprise;
        let alone = retain(datee);
        let written = serde_json::to_string(&hsds::full_organization(&producteur(), &alone)).unwrap();
        assert!(!written.contains("W261000001") && !written.contains("356000000"), "{written}");
    }
}

/// What leaves can come back: our files, read again by our own imports.
#[tokio::test]
async fn our_own_files_are_read_again_with_the_same_services() {
    for db in testkit::databases().await {
        fill(&db).await;
        let before = read(&db).await;
        let names = |all: &[String]| all.iter().cloned().collect::<BTreeSet<_>>();
        let expected: Vec<String> = before.iter().flat_map(|one| &one.services).map(|date| date.service.nom.clone()).collect();
        let folder = PathBuf::from(format!("{}.retour", testkit::sqlite_path()));
        for format in [Format::Csv, Format::Xlsx, Format::DataInclusion, Format::Hsds] {
            let bilan = export(&db, &[producteur()], format, &folder).await.unwrap();
            let contenu = match format {
                Format::DataInclusion => zip(&bilan.fichiers),
                Format::Hsds => {
                    let written: Vec<_> = before.iter().map(|one| hsds::full_organization(&producteur(), &retain(one.clone()))).collect();
                    serde_json::to_vec(&written).unwrap()
                }
                _ => std::fs::read(&bilan.fichiers[0]).unwrap(),
            };
            let read = verify(&contenu, format.code(), &territoire(), &|_, _| {});
            assert!(read.rapport.is_accepted(), "{format:?}: {:?}", read.rapport.problemes);
            let services: Vec<String> = read.inscriptions.iter().map(|one| one.service.nom.clone()).collect();
            // A cell never begins like a formula: the sign that shields it comes back with it.
            let shielded = |nom: &String| nom.trim_start_matches('\'').to_string();
            assert_eq!(names(&services.iter().map(shielded).collect::<Vec<_>>()), names(&expected), "{format:?}");
        }
    }
}

fn zip(files: &[PathBuf]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for path in files {
        writer.start_file(path.file_name().unwrap().to_string_lossy(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(&std::fs::read(path).unwrap()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test]
async fn every_form_is_written_whole_and_no_cell_is_a_formula() {
    for db in testkit::databases().await {
        fill(&db).await;
        for format in Format::ALL {
            let folder = PathBuf::from(format!("{}.export", testkit::sqlite_path()));
            let bilan = export(&db, &[producteur()], *format, &folder).await.unwrap();
            assert_eq!((bilan.structures, bilan.services), (2, 3), "{format:?}");
            for fichier in &bilan.fichiers {
                let written = std::fs::read(fichier).unwrap();
                let text = String::from_utf8_lossy(&written);
                match fichier.extension().and_then(|extension| extension.to_str()).unwrap() {
                    "csv" => assert!(!text.contains(";=1") && !text.contains(",=1") && !text.contains(",@SUM") && !text.contains(";@SUM")),
                    "xlsx" => assert!(written.starts_with(b"PK")),
                    _ => drop(serde_json::from_slice::<serde_json::Value>(&written).unwrap()),
                }
            }
        }
    }
}

#[tokio::test]
async fn what_leaves_as_a_table_can_come_back() {
    for db in testkit::databases().await {
        fill(&db).await;
        let folder = PathBuf::from(format!("{}.export", testkit::sqlite_path()));
        let bilan = export(&db, &[producteur()], Format::Csv, &folder).await.unwrap();
        let again = verify(&std::fs::read(&bilan.fichiers[0]).unwrap(), "annuaire.csv", &territoire(), &|_, _| {});
        assert!(again.rapport.is_accepted(), "{:?}", again.rapport.problemes);
        assert_eq!((again.rapport.structures, again.rapport.lignes), (2, 3));
    }
}

#[tokio::test]
async fn an_edition_is_made_when_something_changed_and_stays_as_it_was() {
    for db in testkit::databases().await {
        let room = open(&db).await;
        let id = territoire().id;
        let first = publish_today(&room, &producteur(), testkit::NOON).await.unwrap().unwrap();
        assert_eq!((first.nom.as_str(), first.structures, first.services), ("2026-11-17", 2, 3));
        let fichiers = list_fichiers(&db, id).await.unwrap();
        assert_eq!(fichiers.len(), 8);
        let kept = find_contenu(&db, id, "2026-11-17", "annuaire.csv").await.unwrap().unwrap();

        let tomorrow = testkit::NOON.plus_seconds(86_400);
        assert_eq!(publish_today(&room, &producteur(), tomorrow).await.unwrap(), None, "nothing changed");
        let verification = verify(ANNUAIRE.replace("Papiers", "Aide aux papiers").as_bytes(), "essai.csv", &territoire(), &|_, _| {});
        import(&db, &territoire(), &verification, tomorrow, &|_, _| {}).await.unwrap();
        let second = publish_today(&room, &producteur(), tomorrow).await.unwrap().unwrap();
        assert_eq!(publish_today(&room, &producteur(), tomorrow).await.unwrap(), None, "once a day");
        assert_eq!(list_editions(db.read(), id).await.unwrap(), [second, first]);
        let again = find_contenu(&db, id, "2026-11-17", "annuaire.csv").await.unwrap().unwrap();
        assert_eq!((again.empreinte, again.contenu), (kept.empreinte.clone(), kept.contenu));
        assert_ne!(find_contenu(&db, id, "2026-11-18", "annuaire.csv").await.unwrap().unwrap().empreinte, kept.empreinte);
    }
}

/// A server of the trial: answers what it is told, keeps what it is sent.
async fn listen(answers: &'static [&'static str]) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (mut sent, mut piece) = (String::new(), [0_u8; 4_096]);
            while !sent.ends_with("}") {
                let read = socket.read(&mut piece).await.unwrap();
                sent.push_str(&String::from_utf8_lossy(&piece[..read]));
            }
            socket.write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
            sender.send(sent).unwrap();
        }
    });
    (format!("http://localhost:{port}/crochet"), receiver)
}

#[tokio::test]
async fn a_subscriber_is_told_of_what_changed_signed_and_again_when_it_did_not_answer() {
    for db in testkit::databases().await {
        let room = open(&db).await;
        let (id, now) = (territoire().id, testkit::NOON);
        assert_eq!(announce(&room, &producteur(), now).await.unwrap(), 0, "nobody listens");
        let (adresse, mut received) = listen(&["500 Internal Server Error", "204 No Content"]).await;
        let tx = db.begin().await.unwrap();
        insert_abonnement(&tx, id, (&adresse, "whsec_Y2xl"), (Id::from_name("compte"), now), &room.coffre).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(announce(&room, &producteur(), now).await.unwrap(), 0, "what there was is not a change");

        let verification = verify(ANNUAIRE.replace("Papiers", "Aide aux papiers").as_bytes(), "essai.csv", &territoire(), &|_, _| {});
        import(&db, &territoire(), &verification, now.plus_seconds(60), &|_, _| {}).await.unwrap();
        let now = now.plus_seconds(120);
        assert_eq!(announce(&room, &producteur(), now).await.unwrap(), 1, "one structure changed");
        assert_eq!(announce(&room, &producteur(), now).await.unwrap(), 0, "told once");
        assert_eq!(deliver(&room, &territoire(), now).await.unwrap(), 1);
        received.recv().await.unwrap();
        assert_eq!(deliver(&room, &territoire(), now.plus_seconds(59)).await.unwrap(), 0, "a minute first");
        let refused = list_abonnements(&db, id).await.unwrap().remove(0);
        assert_eq!((refused.essais, refused.livre_at, refused.erreur.as_str()), (Some(1), None, "le serveur a répondu 500"));

        let now = now.plus_seconds(60);
        assert_eq!(deliver(&room, &territoire(), now).await.unwrap(), 1);
        let sent = received.recv().await.unwrap();
        let (head, body) = sent.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default().to_string();
        assert_eq!(header("webhook-signature"), sign(b"cle", (&header("webhook-id"), now.0), body));
        assert!(body.contains("\"nature\":\"modification\"") && body.contains("maillage-val-de-drome--"), "{body}");
        assert!(!body.contains("Entraide") && !body.contains("papiers"), "identifiers, nothing else: {body}");
        assert!(list_abonnements(&db, id).await.unwrap()[0].livre_at.is_some());

        assert_eq!(rechiffrer(&db, &room.coffre).await.unwrap(), (0, 0));
        let tx = db.begin().await.unwrap();
        let listed = list_abonnements(&db, id).await.unwrap();
        assert!(delete_abonnement(&tx, id, listed[0].id).await.unwrap());
        tx.commit().await.unwrap();
        forget_if_alone(&room, &territoire()).await.unwrap();
        assert_eq!(announce(&room, &producteur(), now.plus_seconds(60)).await.unwrap(), 0);
    }
}
