//! What follows the demandes of the demo: structures asked, silent, willing or full; what has no solution and what opened since; calls
//! of quality; a grid of analysis. The links of the letters are known, so that anybody may open them.

use accueil::analyse::rules::{read_constats, read_question};
use accueil::analyse::storage::{replace_questions_in, set_constats};
use accueil::prise_en_charge::storage::{insert_lien_in, list_of_demande, mark_vue};
use accueil::prise_en_charge::{Envoi, MotifRefus, PriseEnCharge, Repondant, Reponse, answer, send};
use accueil::qualite::rules::QualiteInput;
use accueil::qualite::storage::insert_appel;
use accueil::sans_solution::Suite;
use accueil::sans_solution::storage::{Levee, mark_levee_in, set_suite};
use accueil::storage::{find_demande, list_demandes};
use accueil::{Accueil, Demande, FiltreInput, Issue, suivi};
use annuaire::storage::list_structures;
use kit::{Id, Instant, Result, secret};
use territoire::Territoire;

use crate::App;

const DAY: i64 = 86_400;

const QUESTIONS: [(&str, &str); 3] = [
    ("Vit seul·e ?", "oui\nnon\nselon les moments"),
    ("Se déplace comment ?", "en voiture\nà pied\navec quelqu’un\nne se déplace pas"),
    ("Quelqu’un l’aide déjà ?", "la famille\nun voisin\nun service\npersonne"),
];

struct Scene<'a> {
    accueil: Accueil,
    territoire: &'a Territoire,
    compte: Id,
    now: Instant,
    liens: u32,
}

pub async fn record(app: &App, territoire: &Territoire, (compte, now): (Id, Instant)) -> Result<()> {
    let mut scene = Scene { accueil: app.accueil(), territoire, compte, now, liens: 0 };
    scene.write_grid().await?;
    let oriented = scene.list(Issue::Orientee).await?;
    let joined = |one: &&Demande| one.detail.rappel.telephone.is_some() && one.detail.orientations.len() > 2;
    let old = |days: i64| move |one: &&Demande| one.detail.received_at <= now.plus_seconds(-days * DAY);
    let mut candidates = oriented.iter().filter(joined).filter(old(10));
    if let Some(demande) = candidates.next() {
        // Nobody answered: reminded, then told to the coordination.
        scene.ask(demande, 2, 9).await?;
    }
    if let Some(demande) = candidates.next() {
        let asked = scene.ask(demande, 3, 1).await?;
        scene.answer_all(&asked, &[Reponse::Oui, Reponse::Non(MotifRefus::PasDePlace)], 0).await?;
    }
    if let Some(demande) = candidates.next() {
        let asked = scene.ask(demande, 1, 6).await?;
        scene.answer_all(&asked, &[Reponse::Oui], 5).await?;
    }
    if let Some(demande) = candidates.next() {
        let asked = scene.ask(demande, 2, 4).await?;
        scene.answer_all(&asked, &[Reponse::Non(MotifRefus::HorsZone), Reponse::Non(MotifRefus::PasDePlace)], 3).await?;
    }
    if let Some(demande) = candidates.next() {
        scene.ask(demande, 1, 0).await?;
    }
    if let Some(demande) = candidates.next() {
        suivi::reopen(&scene.accueil, demande, (None, now)).await?;
    }
    scene.call(&oriented.iter().filter(|one| one.detail.rappel.telephone.is_some()).filter(old(15)).rev().collect::<Vec<_>>()).await?;
    let without = scene.list(Issue::SansSolution).await?;
    scene.follow(&without).await
}

impl Scene<'_> {
    async fn list(&self, issue: Issue) -> Result<Vec<Demande>> {
        let filtre = FiltreInput { issue: issue.code().into(), ..FiltreInput::default() }.parse();
        let (listed, _) = list_demandes(&self.accueil.db, self.territoire.id, &filtre).await?;
        let mut all = vec![];
        for one in listed {
            all.extend(find_demande(&self.accueil.db, &self.accueil.coffre, self.territoire.id, one.id).await?);
        }
        Ok(all)
    }

    async fn write_grid(&self) -> Result<()> {
        let questions: Vec<_> = QUESTIONS.into_iter().filter_map(|one| read_question(one).ok().flatten()).collect();
        let tx = self.accueil.db.begin().await?;
        replace_questions_in(&tx, self.territoire.id, &questions).await?;
        tx.commit().await?;
        if let Some(demande) = self.list(Issue::Orientee).await?.first() {
            let constats = read_constats(&questions, |rang| Some(rang % 2));
            set_constats(&self.accueil.db, &self.accueil.coffre, demande, &constats, (self.compte, self.now)).await?;
        }
        Ok(())
    }

    /// Asks the first structures that were proposed, some days ago; the person wishes to be called.
    async fn ask(&mut self, demande: &Demande, count: usize, days: i64) -> Result<Vec<PriseEnCharge>> {
        let services = demande.detail.orientations.iter().take(count).map(|one| one.service_id).collect();
        let envoi = Envoi { services, is_transmise: true, ..Envoi::default() };
        let at = self.now.plus_seconds(-days * DAY);
        send(&self.accueil, self.territoire, demande, &envoi, (Some(self.compte), at)).await?;
        let asked = list_of_demande(self.accueil.db.read(), self.territoire.id, demande.id).await?;
        for one in &asked {
            self.liens += 1;
            let tx = self.accueil.db.begin().await?;
            let empreinte = secret::fingerprint(&format!("{:032}", self.liens));
            insert_lien_in(&tx, self.territoire.id, (&empreinte, one.id), at).await?;
            tx.commit().await?;
        }
        Ok(asked)
    }

    async fn answer_all(&self, asked: &[PriseEnCharge], reponses: &[Reponse], days: i64) -> Result<()> {
        let at = self.now.plus_seconds(-days * DAY - 3_600);
        for (one, reponse) in asked.iter().zip(reponses) {
            mark_vue(&self.accueil.db, self.territoire.id, one.id, at.plus_seconds(-600)).await?;
            answer(&self.accueil, self.territoire, one, *reponse, (Repondant::Structure, None, at)).await?;
        }
        Ok(())
    }

    /// Some were called already; the others are to be.
    async fn call(&self, due: &[&Demande]) -> Result<()> {
        let said = [("repondu", "oui", "5"), ("repondu", "en_partie", "3"), ("ne_repond_pas", "", ""), ("repondu", "oui", "4")];
        for (demande, (reponse, solution, satisfaction)) in due.iter().zip(said) {
            let structure = demande.detail.orientations.first().map(|one| one.structure_id.to_string()).unwrap_or_default();
            let input = QualiteInput {
                reponse: reponse.into(),
                solution: solution.into(),
                structure,
                satisfaction: satisfaction.into(),
                commentaire: String::new(),
            };
            let proposees: Vec<Id> = demande.detail.orientations.iter().map(|one| one.structure_id).collect();
            let Ok(appel) = input.parse(&proposees) else { continue };
            insert_appel(&self.accueil.db, &self.accueil.coffre, demande, &appel, (self.compte, self.now)).await?;
        }
        Ok(())
    }

    async fn follow(&self, without: &[Demande]) -> Result<()> {
        let (db, coffre, who) = (&self.accueil.db, &self.accueil.coffre, (self.compte, self.now));
        let mut joined = without.iter().filter(|one| one.detail.rappel.telephone.is_some());
        if let Some(demande) = joined.next() {
            set_suite(db, coffre, demande, (Suite::Promise, None), who).await?;
        }
        let structures = list_structures(db, self.territoire.id, "", 0).await?;
        if let Some(structure) = structures.iter().find(|one| one.exemple) {
            let (structure_id, nom) = (structure.id.parse()?, structure.nom.clone());
            let tx = db.begin().await?;
            for demande in joined.by_ref().take(2) {
                let levee = Levee { demande: demande.id, structure_id, nom: nom.clone() };
                mark_levee_in(&tx, self.territoire.id, &levee, self.now.plus_seconds(-DAY)).await?;
            }
            tx.commit().await?;
        }
        if let [.., older, oldest] = without {
            let note = "Trois demandes en un an sur ce canton : à porter au comité de l’automne.";
            set_suite(db, coffre, older, (Suite::Transferee, Some(note)), who).await?;
            set_suite(db, coffre, oldest, (Suite::Close, None), who).await?;
        }
        Ok(())
    }
}
