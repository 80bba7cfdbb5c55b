//! The proof round: letters, an entry approved, mended, voided when it changes, heard by telephone; a person's number asked first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

use essais::{Site, read_pdf};
use kit::{Db, Id, envoi, sql, values};

const ICI: &str = "val-de-drome";
const BASE: &str = "/val-de-drome/equipe/repertoire";

async fn write(db: &Db, text: &str, structure: &str) {
    let tx = db.begin().await.unwrap();
    sql::execute(&tx, text, values![Id::from_name(ICI), structure]).await.unwrap();
    tx.commit().await.unwrap();
}

/// An edition being read, and the structures that it prints: the first one has an address, the last one is a person's business.
async fn open(db: &Db) -> (Site, String, Vec<String>) {
    let site = Site::signed_in(db, ICI).await;
    let text = "SELECT id FROM annuaire_structure WHERE territoire_id = $1 ORDER BY source_id";
    let structures = sql::texts(db.read(), text, values![Id::from_name(ICI)]).await.unwrap();
    write(db, "UPDATE annuaire_structure SET courriel = 's1@example.org' WHERE territoire_id = $1 AND id = $2", &structures[0]).await;
    let personne =
        "UPDATE annuaire_structure SET categorie = 'micro_entreprise', telephone = '06 11 22 33 44' WHERE territoire_id = $1 AND id = $2";
    write(db, personne, structures.last().unwrap()).await;
    let edition = site.post(BASE, "titre=R%C3%A9pertoire&annee=2026&clot_le=2099-12-31").await.location();
    assert_eq!(site.post(&format!("{edition}/epreuves/envoi"), "").await.status, 409, "not before it is read");
    assert_eq!(site.post(&format!("{edition}/etat"), "etat=relecture").await.status, 303);
    (site, edition, structures)
}

async fn take_links(site: &Site, seconds: i64) -> Vec<(String, String)> {
    let now = testkit::NOON.plus_seconds(seconds);
    let doors = (&[envoi::Porte::Courriel][..], false, 100);
    let letters = envoi::take(&site.app.db, &site.app.coffre, (now, now.plus_seconds(3_600)), doors).await.unwrap();
    let link = |texte: &str| {
        let word = texte.split_whitespace().find(|word| word.contains("/epreuve/"))?;
        word.split("example").nth(1).map(str::to_string)
    };
    letters.into_iter().filter_map(|one| Some((link(&one.texte)?, one.texte))).collect()
}

#[tokio::test]
async fn a_structure_approves_its_entry_and_a_change_voids_it() {
    for db in testkit::databases().await {
        let (site, edition, structures) = open(&db).await;
        let list = format!("{edition}/epreuves");
        assert!(site.get(&list).await.body.contains("Envoyer 1\u{a0}courriel"));
        for _ in 0..2 {
            assert_eq!(site.post(&format!("{list}/envoi"), "").await.status, 303);
        }
        let letters = take_links(&site, 1).await;
        assert_eq!(letters.len(), 1, "two clicks write one letter");
        assert!(letters[0].1.contains("telle qu’elle s’imprimera") && letters[0].1.contains("31 décembre 2099"), "{}", letters[0].1);

        let (visitor, lien) = (Site { app: site.app.clone(), cookie: None }, &letters[0].0);
        let shown = visitor.get(lien).await;
        assert!(shown.status == 200 && shown.body.contains("data:image/svg+xml;base64,"), "{}", shown.body);
        assert!(shown.body.contains("C’est bon, imprimez") && shown.body.contains("Lire le texte de la fiche"));
        assert!(site.get(&list).await.body.contains("lien ouvert"));
        for (form, field) in [("", "reponse"), ("reponse=a_corriger&remarque=+", "remarque"), ("reponse=zzz", "reponse")] {
            let refused = visitor.post(lien, form).await;
            assert!(refused.status == 422 && refused.body.contains(&format!("href=\"#{field}\"")), "{form}: {}", refused.body);
        }
        let asked = visitor.post(lien, "reponse=a_corriger&remarque=%3Cscript%3E+l%E2%80%99adresse+%F0%9F%8F%A1").await;
        assert_eq!(asked.status, 303);
        assert!(site.get(&format!("{list}?statut=a_corriger")).await.body.contains("&#60;script&#62; l’adresse 🏡"));
        for _ in 0..2 {
            assert_eq!(visitor.post(lien, "reponse=bonne").await.status, 303, "a link used twice serves twice");
        }
        assert!(visitor.get(lien).await.body.contains("Votre fiche est approuvée"));
        assert!(site.get(&list).await.body.contains(&format!("<strong>1</strong> sur {}", structures.len())));
        let public = visitor.get(&format!("/{ICI}/structures/{}", structures[0])).await.body;
        assert!(public.contains("par la structure elle-même"), "what was read again counts as verified: {public}");

        // It mends its record from there, and reads it again.
        let form = visitor.get(&format!("{lien}/corriger")).await.body;
        let version = form.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let service = form.split("name=\"couverture-").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let sent = format!("version={version}&telephone=0475000009&couverture-{service}=Allex");
        let mended = visitor.post(&format!("{lien}/corriger"), &sent).await;
        assert!(mended.status == 303 && mended.location() == format!("{lien}?corrigee=oui"), "{}", mended.body);
        assert!(visitor.get(&mended.location()).await.body.contains("Votre fiche est enregistrée"));
        assert!(visitor.get(lien).await.body.contains("a changé depuis votre réponse"));
        assert!(site.get(&format!("{list}?statut=changee")).await.body.contains(&structures[0]));
        assert_eq!(visitor.post(lien, "reponse=bonne").await.status, 303);
        assert!(visitor.get(lien).await.body.contains("Votre fiche est approuvée"));
        let history = site.get(&format!("/{ICI}/equipe/structures/{}/historique", structures[0])).await.body;
        assert!(history.contains("la relecture du répertoire imprimé"), "{history}");

        // What was read is not thrown away.
        for etat in ["preparation", "relecture"] {
            assert_eq!(site.post(&format!("{edition}/etat"), &format!("etat={etat}")).await.status, 303);
            assert_eq!(site.post(&format!("{edition}/suppression"), "").await.status, 409, "{etat}");
        }

        // Frozen, the link still shows what was printed, and changes nothing.
        let asked = site.post(&format!("{edition}/etat"), "etat=figee").await;
        assert_eq!(asked.location(), format!("{edition}/figer"), "what is still open is read first");
        let page = site.get(&asked.location()).await.body;
        assert!(page.contains("structures peuvent encore répondre") && page.contains("Figer pour toujours"), "{page}");
        assert_eq!(site.post(&format!("{edition}/etat"), "etat=figee&confirme=oui").await.status, 303);
        let printed = visitor.get(lien).await;
        assert!(printed.status == 200 && printed.body.contains("Ce répertoire est imprimé") && !printed.body.contains("C’est bon"));
        for path in [lien.clone(), format!("{lien}/corriger")] {
            assert_eq!(visitor.post(&path, "reponse=bonne").await.status, 409, "{path}");
        }
        assert_eq!(visitor.get(&format!("/{ICI}/epreuve/0123456789abcdef")).await.status, 410);
        assert_eq!(visitor.get(&lien.replace(ICI, "brenne")).await.status, 410, "of another territoire");
    }
}

#[tokio::test]
async fn the_number_of_a_person_is_printed_once_that_person_said_so_even_by_telephone() {
    for db in testkit::databases().await {
        let (site, edition, structures) = open(&db).await;
        let personne = structures.last().unwrap();
        let book = || async { read_pdf(&site.get_bytes(&format!("{edition}/livres/tout/livret")).await).replace('\u{a0}', " ") };
        assert!(!book().await.contains("06 11 22 33 44"), "nobody asked");
        let page = format!("{edition}/epreuves/{personne}");
        let shown = site.get(&page).await.body;
        assert!(shown.contains("tant qu’elle n’a rien dit") && shown.contains("tel:"), "{shown}");
        let refused = site.post(&page, "reponse=bonne&remarque=").await;
        assert!(refused.status == 422 && refused.body.contains("dites si votre numéro peut être imprimé"));
        assert_eq!(site.post(&page, "reponse=bonne&telephone=oui").await.status, 303);
        assert!(book().await.contains("06 11 22 33 44"));
        assert!(site.get(&format!("{edition}/epreuves?statut=approuvee")).await.body.contains("au téléphone"));
        assert_eq!(site.post(&page, "reponse=bonne&telephone=non").await.status, 303);
        assert!(!book().await.contains("06 11 22 33 44"), "the last word counts");
        assert_eq!(site.post(&format!("{edition}/etat"), "etat=figee&confirme=oui").await.status, 303);
        assert!(!book().await.contains("06 11 22 33 44"), "nor in what is frozen");
        assert!(
            site.get(&format!("{edition}/epreuves?statut=approuvee")).await.body.contains(personne),
            "what was approved is what is frozen"
        );
        assert_eq!(site.post(&page, "reponse=bonne&telephone=oui").await.status, 409);
    }
}

#[tokio::test]
async fn the_last_day_closes_the_round_and_the_campaign_that_prepares_it_is_shown() {
    for db in testkit::databases().await {
        let (site, edition, structures) = open(&db).await;
        assert_eq!(site.post(&edition, "titre=R&annee=2026&clot_le=2000-01-01").await.status, 303);
        let page = site.get(&edition).await.body;
        assert!(page.contains("figez-la"), "{page}");
        assert_eq!(site.post(&format!("{edition}/epreuves/envoi"), "").await.status, 409);
        assert_eq!(site.post(&format!("{edition}/epreuves/{}", structures[0]), "reponse=bonne").await.status, 409);
        let refused = site.post(&edition, "titre=R&annee=2026&campagne=0123").await;
        assert!(refused.status == 422 && refused.body.contains("cette campagne n’existe plus"));
        let form = "titre=Printemps&message=Bonjour&relances=1&relance_jours=7&mois=6";
        let campagne = site.post(&format!("/{ICI}/equipe/annuaire/campagnes"), form).await.location();
        let id = campagne.rsplit('/').next().unwrap();
        assert_eq!(site.post(&edition, &format!("titre=R&annee=2026&campagne={id}")).await.status, 303);
        let page = site.get(&edition).await.body;
        assert!(page.contains(&campagne) && page.contains(&format!("0 sur {}", structures.len())), "{page}");
    }
}
