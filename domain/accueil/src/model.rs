//! What the accueil keeps of a request: where, what, for whom, what was proposed and how it ended.

use annuaire::{Creneau, Intervention, Mode};
use kit::{Id, Instant, codes};
use territoire::CodeInsee;

codes! {
    /// How the demande came.
    pub enum Canal {
        Telephone = "telephone" => "téléphone",
        Web = "web" => "site",
        Guichet = "guichet" => "guichet",
        MessageVocal = "message_vocal" => "message vocal",
        Sms = "sms" => "SMS",
        Courriel = "courriel" => "courriel",
        Api = "api" => "logiciel partenaire",
    }
}

codes! {
    /// How a demande ended, as far as the accueil knows.
    pub enum Issue {
        Orientee = "orientee" => "orientée",
        Information = "information" => "information donnée",
        SansSolution = "sans_solution" => "sans solution",
        ARappeler = "a_rappeler" => "à rappeler",
    }
}

codes! {
    /// Why nothing could be proposed, or nothing suited.
    pub enum Motif {
        AucunService = "aucun_service" => "aucun service ici",
        PasDePlace = "pas_de_place" => "plus de place",
        TropCher = "trop_cher" => "trop cher",
        Horaires = "horaires" => "horaires ou jours qui ne conviennent pas",
        HorsChamp = "hors_champ" => "hors du champ de la ligne",
    }
}

codes! {
    /// The person for whom help is sought, seen from the person who asks.
    pub enum PourQui {
        SoiMeme = "soi_meme" => "la personne qui demande",
        Parent = "parent" => "son père ou sa mère",
        Conjoint = "conjoint" => "son conjoint, sa conjointe",
        Enfant = "enfant" => "son enfant",
        Proche = "proche" => "un proche, un voisin",
        Usager = "usager" => "une personne accompagnée (professionnel)",
    }
}

codes! {
    /// Age bands of the observatoire.
    pub enum TrancheAge {
        Moins18 = "moins_18" => "moins de 18 ans",
        De18A59 = "18_59" => "18 à 59 ans",
        De60A74 = "60_74" => "60 à 74 ans",
        De75A84 = "75_84" => "75 à 84 ans",
        Plus85 = "85_plus" => "85 ans et plus",
    }
}

codes! {
    /// As the person says it; every statistic can be split by it.
    pub enum Sexe {
        Femme = "femme" => "une femme",
        Homme = "homme" => "un homme",
        Autre = "autre" => "autre ou ne se prononce pas",
    }
}

codes! {
    /// By when help is needed.
    pub enum Urgence {
        PasPresse = "pas_presse" => "pas pressé",
        Semaine = "semaine" => "cette semaine",
        Immediate = "immediate" => "tout de suite",
    }
}

codes! {
    /// With whom the person lives.
    pub enum Foyer {
        Seul = "seul" => "vit seul·e",
        Couple = "couple" => "vit en couple",
        Parent = "parent_seul" => "parent seul avec enfant",
        Famille = "famille" => "couple avec enfant",
        Accompagne = "accompagne" => "vit avec un proche qui l’aide",
    }
}

codes! {
    /// « Comment nous avez-vous connus ? »
    pub enum Origine {
        BoucheAOreille = "bouche_a_oreille" => "par quelqu’un",
        Mairie = "mairie" => "par la mairie",
        Professionnel = "professionnel" => "par un professionnel (santé, social)",
        Structure = "structure" => "par une structure",
        Presse = "presse" => "par la presse, la radio",
        Papier = "papier" => "par le répertoire, une affiche",
        Internet = "internet" => "par Internet",
        DejaAppele = "deja_appele" => "a déjà appelé",
    }
}

codes! {
    /// What the coordination writes for those who answer.
    pub enum NatureRepere {
        Phrase = "phrase" => "à dire",
        Note = "note" => "à savoir",
    }
}

/// What is known of the call beyond what is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contexte {
    pub foyer: Option<Foyer>,
    pub origine: Option<Origine>,
    /// In seconds.
    pub duree: Option<i32>,
}

/// How one need of several ended, when it did not end as the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueDeBesoin {
    pub besoin: String,
    pub issue: Issue,
    pub motif: Option<Motif>,
}

/// What the person asks of the service beyond the need itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contraintes {
    pub creneaux: Vec<Creneau>,
    pub intervention: Option<Intervention>,
    pub mode: Option<Mode>,
}

impl Contraintes {
    /// Reads codes, of any of the three lists; unknown words ask for nothing.
    pub fn from_codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut contraintes = Self::default();
        for code in codes {
            contraintes.creneaux.extend(Creneau::from_code(code));
            contraintes.intervention = Intervention::from_code(code).or(contraintes.intervention);
            contraintes.mode = Mode::from_code(code).or(contraintes.mode);
        }
        contraintes.creneaux.sort_unstable();
        contraintes.creneaux.dedup();
        contraintes
    }

    /// The codes asked for, as they are stored and put in URLs.
    pub fn codes(&self) -> Vec<&'static str> {
        let creneaux = self.creneaux.iter().map(|value| value.code());
        creneaux.chain(self.intervention.map(Intervention::code)).chain(self.mode.map(Mode::code)).collect()
    }

    /// The words people read: « le soir, prestataire ».
    pub fn labels(&self) -> String {
        let creneaux = self.creneaux.iter().map(|value| value.label());
        creneaux.chain(self.intervention.map(Intervention::label)).chain(self.mode.map(Mode::label)).collect::<Vec<_>>().join(", ")
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn has(&self, code: &str) -> bool {
        self.codes().contains(&code)
    }
}

/// How the person wishes to be called back; nothing of it is kept without consent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rappel {
    pub nom: Option<String>,
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    /// In the person's words: « plutôt le matin ».
    pub moment: Option<String>,
}

impl Rappel {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

codes! {
    /// What a person agrees to.
    pub enum Finalite {
        Rappel = "rappel" => "être rappelé·e",
        Transmission = "transmission" => "être appelé·e par la structure",
    }
}

codes! {
    /// What a territoire sets of its accueil.
    pub enum Reglage {
        DelaiJours = "delai_jours" => "Jours ouvrés laissés à une structure pour répondre",
        RappelJours = "rappel_jours" => "Jours ouvrés pour rappeler une personne qui attend toujours",
        QualiteJours = "qualite_jours" => "Jours avant l’appel de qualité",
        QualiteSur = "qualite_sur" => "Appel de qualité à une personne sur combien (0 : aucune)",
    }
}

impl Reglage {
    /// The least, the value until it is set, the most.
    pub const fn bornes(self) -> (u32, u32, u32) {
        match self {
            Self::DelaiJours => (1, 3, 15),
            Self::RappelJours => (1, 2, 10),
            Self::QualiteJours => (3, 15, 90),
            Self::QualiteSur => (0, 1, 100),
        }
    }
}

/// An agreement, in the words that were shown; dated, and withdrawn as simply as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consentement {
    pub finalite: Finalite,
    pub texte_montre: String,
    pub donne_at: Instant,
    pub retire_at: Option<Instant>,
}

/// A demande ready to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NouvelleDemande {
    pub territoire_id: Id,
    /// Made by the form: the same sent twice is one demande.
    pub cle: String,
    pub canal: Canal,
    pub received_at: Instant,
    pub commune: CodeInsee,
    /// Codes of the taxonomy, the most important first.
    pub besoins: Vec<String>,
    /// The person's own words.
    pub besoin_texte: Option<String>,
    pub contraintes: Contraintes,
    /// The turn with which its equals were ordered.
    pub tour: u64,
    pub pour_qui: Option<PourQui>,
    pub tranche_age: Option<TrancheAge>,
    pub sexe: Option<Sexe>,
    pub urgence: Urgence,
    pub note: Option<String>,
    pub contexte: Contexte,
    pub rappel: Rappel,
    /// What the person agreed to when it was recorded, and since withdrew.
    pub consentements: Vec<Consentement>,
    /// None until somebody of the team has dealt with it.
    pub issue: Option<Issue>,
    /// Said only of what has no solution.
    pub motif: Option<Motif>,
    /// The needs that ended in their own way.
    pub issues: Vec<IssueDeBesoin>,
    /// Who recorded it; nobody when the person did it alone.
    pub compte_id: Option<Id>,
    pub orientations: Vec<Orientation>,
}

impl NouvelleDemande {
    /// How a need ended: in its own way, or as the whole.
    pub fn issue_of(&self, besoin: &str) -> Option<(Issue, Option<Motif>)> {
        let own = self.issues.iter().find(|one| one.besoin == besoin).map(|one| (one.issue, one.motif));
        own.or(self.issue.map(|issue| (issue, self.motif)))
    }
}

/// One structure proposed to the person; the names are those of that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orientation {
    pub service_id: Id,
    pub structure_id: Id,
    pub structure_nom: String,
    pub service_nom: String,
    pub telephone: Option<String>,
    /// Why it was proposed, as it was said.
    pub raisons: String,
    /// Given to the person, among those proposed.
    pub donnee: bool,
}

/// A demande as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demande {
    pub id: Id,
    /// Read over the telephone.
    pub numero: i64,
    /// Grows with each change: two people never overwrite each other.
    pub version: i64,
    /// When everything personal was erased from it.
    pub efface_at: Option<Instant>,
    pub detail: NouvelleDemande,
}
