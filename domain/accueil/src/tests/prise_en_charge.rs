//! Structures asked, silent, willing, chosen: on both databases.

use std::sync::Arc;

use comptes::Exterieur;
use kit::{Db, Id, Instant, envoi, sql, values};
use territoire::Territoire;

use super::acte::open;
use super::effacement::complete;
use super::monde::territoire;
use crate::model::{Demande, Finalite, Issue};
use crate::prise_en_charge::rules::wind;
use crate::prise_en_charge::storage::{EN_RETARD, find, find_by_lien, list_of_demande, list_prises};
use crate::prise_en_charge::{Bilan, Envoi, Etat, MotifRefus, PreuveRefusee, PriseEnCharge, Repondant, Reponse};
use crate::prise_en_charge::{answer, check_preuve, choose, is_proved, pass, send, send_preuve, withdraw};
use crate::storage::{find_demande, withdraw_consentement};
use crate::{Accueil, acte};

const NOW: Instant = testkit::NOON;
const DAY: i64 = 86_400;

struct Monde {
    accueil: Accueil,
    territoire: Arc<Territoire>,
    demande: Demande,
}

impl Monde {
    /// A demande to which A and B were proposed; A has an address, and somebody coordinates.
    async fn open(db: &Db) -> Self {
        let accueil = open(db).await;
        accueil.comptes.reach(Exterieur::new("https://maillage.example", true, None).unwrap());
        let tx = db.begin().await.unwrap();
        sql::execute(&tx, "UPDATE annuaire_structure SET courriel = lower(nom) || '@example.org'", []).await.unwrap();
        let role = [comptes::Role::Coordination];
        comptes::storage::insert_compte(&tx, territoire().id, ("co@example.org", "Co"), ("tuile bleue vieille", &role), NOW).await.unwrap();
        tx.commit().await.unwrap();
        let (recorded, _) = acte::record_with_acces(&accueil, complete("1")).await.unwrap();
        let demande = find_demande(db, &accueil.coffre, territoire().id, recorded.id).await.unwrap().unwrap();
        Self { accueil, territoire: Arc::new(territoire()), demande }
    }

    async fn again(&self) -> Demande {
        find_demande(&self.accueil.db, &self.accueil.coffre, self.territoire.id, self.demande.id).await.unwrap().unwrap()
    }

    /// Asks as many of the structures proposed.
    async fn ask(&self, count: usize, is_transmise: bool) -> Vec<PriseEnCharge> {
        let services = self.demande.detail.orientations.iter().take(count).map(|one| one.service_id).collect();
        let telephone = is_transmise.then(|| "02 54 37 00 01".to_string());
        let envoi = Envoi { services, is_transmise, nom: None, telephone };
        send(&self.accueil, &self.territoire, &self.again().await, &envoi, (None, NOW)).await.unwrap();
        self.list().await
    }

    async fn list(&self) -> Vec<PriseEnCharge> {
        list_of_demande(self.accueil.db.read(), self.territoire.id, self.demande.id).await.unwrap()
    }

    async fn find(&self, id: Id) -> PriseEnCharge {
        find(&self.accueil.db, self.territoire.id, id).await.unwrap().unwrap()
    }

    async fn say(&self, one: &PriseEnCharge, reponse: Reponse) -> Option<Etat> {
        answer(&self.accueil, &self.territoire, one, reponse, (Repondant::Structure, None, NOW)).await.unwrap()
    }

    /// The messages that wait for an address.
    async fn letters(&self, to: &str) -> Vec<envoi::Pli> {
        let (db, later) = (&self.accueil.db, NOW.plus_seconds(60 * DAY));
        let mut all = envoi::take(db, &self.accueil.coffre, (later, NOW), (&[envoi::Porte::Courriel], false, 100)).await.unwrap();
        all.retain(|one| one.destinataire == to);
        all
    }

    async fn facts(&self, etat: &str) -> i64 {
        let text = "SELECT CAST(COALESCE(SUM(f.quantite), 0) AS BIGINT) FROM kit_fait f JOIN kit_fait_dimension d
                    ON d.territoire_id = f.territoire_id AND d.fait_id = f.id
                    WHERE f.code = 'prise_en_charge' AND d.nom = 'etat' AND d.valeur = $1";
        sql::number(self.accueil.db.read(), text, values![etat]).await.unwrap()
    }
}

#[tokio::test]
async fn two_structures_asked_at_once_the_first_to_answer_does_not_take_the_person_from_the_other() {
    for db in testkit::databases().await {
        let monde = Monde::open(&db).await;
        let asked = monde.ask(2, true).await;
        assert_eq!(asked.len(), 2);
        assert_eq!(monde.again().await.detail.issue, Some(Issue::Orientee));
        assert_eq!(monde.ask(2, true).await.len(), 2, "asked already: not asked twice");
        let yes = Reponse::Oui;
        let (one, other) = tokio::join!(monde.say(&asked[0], yes), monde.say(&asked[1], yes));
        assert_eq!((one, other), (Some(Etat::Acceptee), Some(Etat::Acceptee)), "the person chooses");
        assert_eq!(monde.say(&asked[0], Reponse::Non(MotifRefus::PasDePlace)).await, None, "the first answer stands");
        let who = (Id::from_name("equipe"), NOW);
        choose(&monde.accueil, &monde.territoire, &asked[1], who).await.unwrap();
        assert!(choose(&monde.accueil, &monde.territoire, &asked[0], who).await.is_err(), "two people choosing: the first wins");
        let states: Vec<Etat> = monde.list().await.iter().map(|one| one.etat).collect();
        assert_eq!(states, [Etat::Close, Etat::Retenue]);
        assert_eq!((monde.facts("envoyee").await, monde.facts("acceptee").await, monde.facts("close").await), (2, 2, 1));
    }
}

#[tokio::test]
async fn two_answers_to_one_link_at_once_are_one() {
    for db in testkit::databases().await {
        let monde = Monde::open(&db).await;
        let one = monde.ask(1, false).await.remove(0);
        let (yes, no) = tokio::join!(monde.say(&one, Reponse::Oui), monde.say(&one, Reponse::Non(MotifRefus::Horaires)));
        assert_eq!([yes, no].iter().flatten().count(), 1, "{yes:?} {no:?}");
        assert_eq!(Some(monde.find(one.id).await.etat), yes.or(no));
    }
}

#[tokio::test]
async fn when_all_refuse_at_once_the_demande_comes_back_to_be_called() {
    for db in testkit::databases().await {
        let monde = Monde::open(&db).await;
        let asked = monde.ask(2, true).await;
        let no = Reponse::Non(MotifRefus::HorsZone);
        let (one, other) = tokio::join!(monde.say(&asked[0], no), monde.say(&asked[1], no));
        assert_eq!((one, other), (Some(Etat::Refusee), Some(Etat::Refusee)));
        assert_eq!(monde.again().await.detail.issue, Some(Issue::ARappeler));
        let motif = "SELECT COUNT(*) FROM kit_fait_dimension WHERE nom = 'motif' AND valeur = 'hors_zone'";
        assert_eq!(sql::number(db.read(), motif, []).await.unwrap(), 2, "refusals are counted with their reason");
    }
}

#[tokio::test]
async fn silence_is_reminded_once_then_told_once_whatever_the_number_of_processes() {
    for db in testkit::databases().await {
        let monde = Monde::open(&db).await;
        let one = monde.ask(1, true).await.remove(0);
        let clock = wind(NOW, 3);
        let at = async |now: Instant| {
            let (a, b) = tokio::join!(pass(&monde.accueil, &monde.territoire, now), pass(&monde.accueil, &monde.territoire, now));
            let (a, b) = (a.unwrap(), b.unwrap());
            Bilan { relances: a.relances + b.relances, escalades: a.escalades + b.escalades }
        };
        assert_eq!(at(Instant(clock.rappel_at.0 - 1)).await, Bilan::default());
        assert_eq!(at(clock.rappel_at).await, Bilan { relances: 1, escalades: 0 });
        assert_eq!(at(Instant(clock.echeance_at.0 - 1)).await, Bilan::default());
        assert!(list_prises(&db, monde.territoire.id, EN_RETARD, Instant(clock.echeance_at.0 - 1)).await.unwrap().is_empty());
        assert_eq!(at(clock.echeance_at).await, Bilan { relances: 0, escalades: 1 });
        assert_eq!(at(clock.echeance_at.plus_seconds(30 * DAY)).await, Bilan::default());
        let late = list_prises(&db, monde.territoire.id, EN_RETARD, clock.echeance_at).await.unwrap();
        assert_eq!((late.len(), late[0].numero, late[0].due_at), (1, 1, clock.echeance_at.0), "never silently out of date");
        assert_eq!(monde.facts("en_retard").await, 1);
        let told = monde.letters("co@example.org").await;
        assert!(told.len() == 1 && told[0].texte.contains("prises-en-charge?etat=en_retard"), "{told:?}");
        assert_eq!(monde.say(&one, Reponse::Oui).await, Some(Etat::Retenue), "an answer still counts");
    }
}

#[tokio::test]
async fn a_letter_leads_to_its_own_structure_and_names_nobody() {
    for db in testkit::databases().await {
        let monde = Monde::open(&db).await;
        let one = monde.ask(1, true).await.remove(0);
        let to = format!("{}@example.org", one.structure_nom.to_lowercase());
        let letters = monde.letters(&to).await;
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert!(!letter.texte.contains("02 54 37 00 01") && !letter.texte.contains("Zoé"), "{}", letter.texte);
        let code = letter.texte.split("/prise-en-charge/").nth(1).unwrap().split_whitespace().next().unwrap();
        assert!(testkit::find_text(&db, code).await.unwrap().is_empty(), "the link is not in the database");
        let found = find_by_lien(&db, monde.territoire.id, &kit::secret::fingerprint(code)).await.unwrap().unwrap();
        assert_eq!(found.id, one.id);
        assert!(find_by_lien(&db, Id::from_name("ailleurs"), &kit::secret::fingerprint(code)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn only_the_browser_that_gave_the_code_back_is_proved_and_guesses_run_out() {
    for db in testkit::databases().await {
        let monde = Monde::open(&db).await;
        let one = monde.ask(1, true).await.remove(0);
        let (accueil, here) = (&monde.accueil, &*monde.territoire);
        assert_eq!(send_preuve(accueil, here, &one, NOW).await.unwrap(), Err(PreuveRefusee::Aucun), "nobody helps yet");
        monde.say(&one, Reponse::Oui).await;
        send_preuve(accueil, here, &monde.find(one.id).await, NOW).await.unwrap().unwrap();
        let sent = monde.find(one.id).await;
        assert_eq!(send_preuve(accueil, here, &sent, NOW.plus_seconds(60)).await.unwrap(), Err(PreuveRefusee::TropTot));
        let to = format!("{}@example.org", one.structure_nom.to_lowercase());
        let letters = monde.letters(&to).await;
        let code = letters.iter().find_map(|one| one.texte.split("aidez : ").nth(1)).unwrap().get(..6).unwrap().to_string();
        let wrong = if code == "000000" { "111111" } else { "000000" };
        let try_code = async |one: &PriseEnCharge, typed: &str, seconds: i64| {
            check_preuve(accueil, here.id, one, (typed, NOW.plus_seconds(seconds))).await.unwrap()
        };
        assert_eq!(try_code(&sent, wrong, 10).await, Err(PreuveRefusee::Fausse));
        assert_eq!(try_code(&sent, &code, 601).await, Err(PreuveRefusee::Perimee));
        let token = try_code(&sent, &format!("{} {}", &code[..3], &code[3..]), 20).await.unwrap();
        let proved = monde.find(one.id).await;
        assert!(is_proved(&proved, Some(&token)) && !is_proved(&proved, None) && !is_proved(&proved, Some("autre")));
        assert!(!is_proved(&sent, Some(&token)));
        assert_eq!(try_code(&proved, &code, 30).await, Err(PreuveRefusee::Perimee), "a code serves once");
        send_preuve(accueil, here, &proved, NOW.plus_seconds(3_600)).await.unwrap().unwrap();
        let again = monde.find(one.id).await;
        for _ in 0..5 {
            assert_eq!(try_code(&again, wrong, 3_610).await, Err(PreuveRefusee::Fausse));
        }
        assert_eq!(try_code(&again, wrong, 3_610).await, Err(PreuveRefusee::Perimee), "five tries, right or wrong");
    }
}

#[tokio::test]
async fn a_person_who_changes_their_mind_is_no_longer_shown_nor_asked_for() {
    for db in testkit::databases().await {
        let monde = Monde::open(&db).await;
        let asked = monde.ask(2, true).await;
        monde.say(&asked[0], Reponse::Oui).await;
        let key = (monde.territoire.id, monde.demande.id);
        withdraw_consentement(&db, key, Finalite::Transmission, (None, NOW)).await.unwrap();
        assert!(monde.list().await.iter().all(|one| one.etat == Etat::Retiree));
        assert_eq!(monde.say(&asked[1], Reponse::Oui).await, None);
        let left = monde.again().await.detail.rappel;
        assert!(left.telephone.is_some(), "still to be called back by the accueil, as agreed");
        assert!(withdraw(&monde.accueil, &monde.territoire, &asked[1], (Id::from_name("e"), NOW)).await.is_err());
    }
}
