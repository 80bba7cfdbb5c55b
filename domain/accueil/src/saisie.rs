//! The form of a demande, whoever fills it: text at the door, certain values past it.

use annuaire::besoin::Taxonomie;
use kit::{FieldErrors, Id, Instant, text};
use serde::Deserialize;
use territoire::CodeInsee;
use utoipa::ToSchema;

use crate::model::{
    Canal, Consentement, Contexte, Contraintes, Finalite, Foyer, Issue, IssueDeBesoin, Motif, NouvelleDemande, Origine, PourQui, Rappel,
    Sexe, TrancheAge, Urgence,
};
use crate::question::{QuestionRefusee, read_besoins, read_commune};
use crate::rules::consentement::texte;

/// What was typed, kept as it was so that the form can be shown again.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct DemandeInput {
    /// Code INSEE de la commune.
    #[schema(example = "36173", required = true, pattern = "^ *([0-9]{5}|2[ABab][0-9]{3}) *$")]
    pub commune: String,
    /// Codes de besoins séparés par des virgules, ou des mots.
    #[schema(example = "portage-repas", required = true, pattern = r"\S")]
    pub besoin: String,
    /// Les mots de la personne.
    #[schema(max_length = 2000)]
    pub besoin_texte: String,
    /// Conditions, séparées par des virgules ou des espaces.
    pub contraintes: String,
    /// `soi_meme`, `parent`, `conjoint`, `enfant`, `proche`, `usager`.
    pub pour_qui: String,
    /// `moins_18`, `18_59`, `60_74`, `75_84`, `85_plus`.
    pub tranche_age: String,
    /// `femme`, `homme`, `autre`.
    pub sexe: String,
    /// `pas_presse`, `semaine`, `immediate`.
    pub urgence: String,
    /// Sans donnée de santé.
    #[schema(max_length = 2000)]
    pub note: String,
    #[schema(max_length = 200)]
    pub rappel_nom: String,
    #[schema(max_length = 200)]
    pub rappel_telephone: String,
    #[schema(max_length = 200)]
    pub rappel_courriel: String,
    #[schema(max_length = 200)]
    pub rappel_moment: String,
    /// `oui` quand la personne accepte que son nom et son numéro soient gardés pour être rappelée.
    pub consentement: String,
    /// Identifiant choisi par l’appelant : la même demande envoyée deux fois n’est enregistrée qu’une fois.
    #[schema(max_length = 64)]
    pub cle: String,
    /// À qui le tour parmi les structures à égalité.
    pub tour: String,
    /// Réservé à l’équipe.
    #[schema(ignore)]
    pub issue: String,
    #[schema(ignore)]
    pub motif: String,
    /// `seul`, `couple`, `parent_seul`, `famille`, `accompagne`.
    pub foyer: String,
    /// Comment la personne a connu la ligne : `bouche_a_oreille`, `mairie`, `professionnel`, `structure`, `presse`, `papier`, `internet`,
    /// `deja_appele`.
    pub origine: String,
    /// Réservé à l’équipe : durée de l’appel, en secondes.
    #[schema(ignore)]
    pub duree: String,
    /// Réservé à l’équipe : ce que devient chaque besoin, `menage:sans_solution:pas_de_place`, séparés par des espaces.
    #[schema(ignore)]
    pub issues: String,
}

/// What the form does not say: where it was filled, by whom, when.
#[derive(Clone, Copy, Debug)]
pub struct Circonstance {
    pub territoire_id: Id,
    pub canal: Canal,
    pub now: Instant,
    /// Somebody of the team; nobody when the person fills it alone.
    pub compte_id: Option<Id>,
}

const NOTE_MAXIMUM: usize = 2_000;
const CHAMP_MAXIMUM: usize = 200;
const CLE_MAXIMUM: usize = 64;
/// A screen left open all day is not a call of a day.
const CALL_MAXIMUM: i32 = 4 * 3_600;

impl DemandeInput {
    /// A demande without its orientations, or what to mend.
    pub fn parse(&self, circonstance: Circonstance) -> Result<NouvelleDemande, FieldErrors> {
        let mut errors = FieldErrors::default();
        let question = self.parse_question(&mut errors);
        let rappel = self.parse_rappel(&mut errors);
        let issue = self.parse_issue(circonstance, &mut errors);
        self.check_lengths(&mut errors);
        if !rappel.is_empty() && !self.has_consent() {
            errors
                .add("consentement", "Sans votre accord, ni le nom ni le numéro ne peuvent être gardés : cochez la case, ou effacez-les.");
        }
        if circonstance.compte_id.is_none() && circonstance.canal == Canal::Web && !self.has_address() {
            errors.add("rappel_telephone", "Donnez un numéro ou une adresse électronique : sinon, personne ne pourra vous répondre.");
        }
        let (Some((commune, besoins)), true) = (question, errors.is_empty()) else { return Err(errors) };
        Ok(NouvelleDemande {
            territoire_id: circonstance.territoire_id,
            cle: self.read_cle(circonstance.now),
            canal: circonstance.canal,
            received_at: circonstance.now,
            commune,
            besoin_texte: text::some(&self.besoin_texte),
            contraintes: Contraintes::from_codes(self.contraintes.split([',', ' '])),
            tour: self.tour.parse().unwrap_or_default(),
            pour_qui: PourQui::from_code(&self.pour_qui),
            tranche_age: TrancheAge::from_code(&self.tranche_age),
            sexe: Sexe::from_code(&self.sexe),
            urgence: Urgence::from_code(&self.urgence).unwrap_or(Urgence::PasPresse),
            note: text::some(&self.note),
            contexte: self.read_contexte(),
            consentements: if rappel.is_empty() { vec![] } else { vec![agree(circonstance)] },
            rappel,
            issue: issue.map(|(issue, _)| issue),
            motif: issue.and_then(|(_, motif)| motif),
            // Of a need that was taken away since, nothing is kept.
            issues: self.read_issues().into_iter().filter(|one| besoins.contains(&one.besoin)).collect(),
            besoins,
            compte_id: circonstance.compte_id,
            orientations: vec![],
        })
    }

    fn parse_question(&self, errors: &mut FieldErrors) -> Option<(CodeInsee, Vec<String>)> {
        let commune = read_commune(&self.commune).map(|commune| commune.code);
        let besoins = read_besoins(&self.besoin).map(|besoins| besoins.iter().map(|besoin| besoin.code.to_string()).collect());
        for refusal in [commune.as_ref().err(), besoins.as_ref().err()].into_iter().flatten() {
            let sentence = match refusal {
                QuestionRefusee::SansCommune => "Dites dans quelle commune.".to_string(),
                QuestionRefusee::SansBesoin => "Dites de quoi la personne a besoin.".to_string(),
                QuestionRefusee::Commune(_) | QuestionRefusee::Besoin(_) => format!("{refusal}."),
            };
            errors.add(refusal.field(), sentence);
        }
        commune.ok().zip(besoins.ok())
    }

    fn parse_rappel(&self, errors: &mut FieldErrors) -> Rappel {
        let telephone = text::some(&self.rappel_telephone).and_then(|typed| match kit::telephone::read(&typed) {
            Ok(number) => Some(number),
            Err(sentence) => {
                errors.add("rappel_telephone", sentence);
                None
            }
        });
        let courriel = text::some(&self.rappel_courriel);
        if courriel.as_deref().is_some_and(|typed| !text::is_courriel(typed)) {
            errors.add("rappel_courriel", "Ce n’est pas une adresse électronique : elle s’écrit nom@domaine.fr.");
        }
        Rappel { nom: text::some(&self.rappel_nom), telephone, courriel, moment: text::some(&self.rappel_moment) }
    }

    /// Only the team says how a demande ended, and then must; what a person leaves alone waits to be called back.
    fn parse_issue(&self, circonstance: Circonstance, errors: &mut FieldErrors) -> Option<(Issue, Option<Motif>)> {
        circonstance.compte_id?;
        let issue = parse_issue(&self.issue, &self.motif);
        issue.map_err(|(field, sentence)| errors.add(field, sentence)).ok()
    }

    /// `besoin:issue:motif` for each need that ends in its own way; what cannot be read says nothing.
    pub fn read_issues(&self) -> Vec<IssueDeBesoin> {
        let read = |one: &str| {
            let mut parts = one.split(':');
            let (besoin, issue, motif) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
            let (issue, motif) = parse_issue(issue, motif).ok()?;
            Some(IssueDeBesoin { besoin: besoin.to_string(), issue, motif })
        };
        self.issues.split_whitespace().filter_map(read).collect()
    }

    fn read_contexte(&self) -> Contexte {
        let duree = self.duree.parse().ok().filter(|seconds| (0..=CALL_MAXIMUM).contains(seconds));
        Contexte { foyer: Foyer::from_code(&self.foyer), origine: Origine::from_code(&self.origine), duree }
    }

    fn check_lengths(&self, errors: &mut FieldErrors) {
        let fields: [(&'static str, &str, usize); 7] = [
            ("note", &self.note, NOTE_MAXIMUM),
            ("besoin_texte", &self.besoin_texte, NOTE_MAXIMUM),
            ("rappel_nom", &self.rappel_nom, CHAMP_MAXIMUM),
            ("rappel_telephone", &self.rappel_telephone, CHAMP_MAXIMUM),
            ("rappel_courriel", &self.rappel_courriel, CHAMP_MAXIMUM),
            ("rappel_moment", &self.rappel_moment, CHAMP_MAXIMUM),
            ("cle", &self.cle, CLE_MAXIMUM),
        ];
        for (field, typed, maximum) in fields {
            let length = typed.chars().count();
            if length > maximum {
                errors.add(field, format!("Ce texte a {length} caractères : gardez-en {maximum} au plus."));
            }
        }
    }

    /// Right or wrong, something was typed to be reached by.
    fn has_address(&self) -> bool {
        text::some(&self.rappel_telephone).or(text::some(&self.rappel_courriel)).is_some()
    }

    fn has_consent(&self) -> bool {
        matches!(self.consentement.as_str(), "oui" | "true" | "on")
    }

    fn read_cle(&self, now: Instant) -> String {
        text::some(&self.cle).unwrap_or_else(|| Id::new(now).to_string())
    }

    /// The labels of the needs chosen, for a page that shows the form again.
    pub fn besoin_labels(&self) -> String {
        let taxonomie = Taxonomie::get();
        let labels = self.besoin.split(',').filter_map(|code| taxonomie.find(code.trim())).map(|besoin| besoin.libelle.to_string());
        labels.collect::<Vec<_>>().join(", ")
    }
}

/// The agreement to be called back, in the words of the form that was filled.
fn agree(circonstance: Circonstance) -> Consentement {
    Consentement {
        finalite: Finalite::Rappel,
        texte_montre: texte(Finalite::Rappel, circonstance.canal).into(),
        donne_at: circonstance.now,
        retire_at: None,
    }
}

/// An outcome and, for what has no solution, its reason; or the field to mend.
pub fn parse_issue(issue: &str, motif: &str) -> Result<(Issue, Option<Motif>), (&'static str, &'static str)> {
    let issue = Issue::from_code(issue).ok_or(("issue", "Dites comment la demande se termine."))?;
    let motif = Motif::from_code(motif);
    match (issue, motif) {
        (Issue::SansSolution, None) => Err(("motif", "Dites pourquoi il n’y a pas de solution : c’est ce que le territoire apprend.")),
        (Issue::SansSolution, Some(motif)) => Ok((issue, Some(motif))),
        (Issue::Orientee | Issue::Information | Issue::ARappeler, _) => Ok((issue, None)),
    }
}
