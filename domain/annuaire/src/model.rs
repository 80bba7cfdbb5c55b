//! What the annuaire holds: structures, their places, the services they render and whom those reach.

use kit::{Id, Instant, codes};
use serde::{Deserialize, Serialize};
use territoire::{CodeInsee, Point};

use crate::rules::couverture::Couverture;

codes! {
    /// What kind of organisation a structure is (seeds 000, 002, 004).
    pub enum Categorie {
        Admr = "admr" => "ADMR",
        Ccas = "ccas" => "CCAS ou CIAS",
        Saad = "saad" => "service d’aide à domicile",
        Ssiad = "ssiad" => "service de soins infirmiers à domicile",
        AssociationIntermediaire = "association_intermediaire" => "association intermédiaire",
        Etti = "etti" => "entreprise de travail temporaire d’insertion",
        Aci = "aci" => "atelier ou chantier d’insertion",
        EntrepriseInsertion = "ei" => "entreprise d’insertion",
        Association = "association" => "association",
        Entreprise = "entreprise" => "entreprise de services",
        MicroEntreprise = "micro_entreprise" => "micro-entreprise",
        RelaisParticulierEmployeur = "relais_particulier_employeur" => "relais du particulier employeur",
        Ehpad = "ehpad" => "EHPAD",
        AccueilDeJour = "accueil_de_jour" => "accueil de jour",
        FranceServices = "france_services" => "France services",
        Mairie = "mairie" => "mairie",
        MediationNumerique = "mediation_numerique" => "lieu de médiation numérique",
        Autre = "autre" => "structure",
    }
}

codes! {
    /// Where the service is rendered. « À domicile » is a mode of its own: no public schema has it.
    pub enum Mode {
        ADomicile = "a_domicile" => "à domicile",
        SurPlace = "sur_place" => "sur place",
        ADistance = "a_distance" => "à distance",
    }
}

codes! {
    /// Who employs the person who comes (D7231-1): it decides of the regime and of the price.
    pub enum Intervention {
        Prestataire = "prestataire" => "prestataire",
        Mandataire = "mandataire" => "mandataire",
        MiseADisposition = "mise_a_disposition" => "mise à disposition",
    }
}

codes! {
    /// When the service can be had beyond ordinary working hours.
    pub enum Creneau {
        Soir = "soir" => "le soir",
        Nuit = "nuit" => "la nuit",
        WeekEnd = "week_end" => "le week-end",
        Urgence = "urgence" => "en urgence",
    }
}

codes! {
    /// Whether a new person can be taken now.
    pub enum Disponibilite {
        Inconnue = "inconnue" => "disponibilité à demander",
        Ouvert = "ouvert" => "places disponibles",
        ListeAttente = "liste_attente" => "liste d’attente",
        Complet = "complet" => "complet pour le moment",
    }
}

codes! {
    /// How somebody knew that a record is right.
    pub enum Voie {
        LibreService = "libre_service" => "par la structure elle-même",
        Appel = "appel" => "par téléphone",
        Visite = "visite" => "sur place",
        Courriel = "courriel" => "par courriel",
    }
}

/// The last time somebody said that a record is right; apart from any save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerificationFiche {
    pub at: Instant,
    /// None: by the link of a campaign, without an account.
    pub compte_id: Option<Id>,
    pub voie: Voie,
}

/// What a structure itself may mend of its record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presentation {
    pub contact: Contact,
    pub description: Option<String>,
}

/// An organisation that renders services.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    pub id: Id,
    /// Where the record came from, and its id there: what an import finds again.
    pub source: String,
    pub source_id: String,
    pub nom: String,
    pub categorie: Categorie,
    pub description: Option<String>,
    /// An identifier, never a key: one SIRET can hold several structures.
    pub siret: Option<String>,
    pub contact: Contact,
    /// Invented for the demo, and shown as such.
    pub exemple: bool,
}

/// How one reaches a structure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// As France writes it: « 02 54 28 12 12 ».
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    pub site_web: Option<String>,
}

/// A place of a structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lieu {
    pub id: Id,
    pub adresse: Option<String>,
    pub commune: CodeInsee,
    /// Absent: the commune's own point stands for it.
    pub point: Option<Point>,
    /// OpenStreetMap `opening_hours` syntax.
    pub horaires: Option<String>,
}

codes! {
    /// Whom a service is meant for; nothing said: everybody.
    pub enum Public {
        PersonnesAgees = "personnes_agees" => "personnes âgées",
        Handicap = "handicap" => "personnes en situation de handicap",
        Malades = "malades" => "personnes malades",
        Familles = "familles" => "familles",
        JeunesEnfants = "jeunes_enfants" => "enfants de moins de 3 ans",
        Aidants = "aidants" => "proches aidants",
        DemandeursEmploi = "demandeurs_emploi" => "demandeurs d’emploi",
        Jeunes = "jeunes" => "jeunes",
    }
}

codes! {
    /// Whether one pays.
    pub enum Frais {
        Gratuit = "gratuit" => "gratuit",
        Payant = "payant" => "payant",
    }
}

codes! {
    /// What helps to pay (seed 002: « la question du reste à charge »).
    pub enum Aide {
        Cesu = "cesu" => "CESU",
        CreditImpot = "credit_impot" => "crédit d’impôt",
        Apa = "apa" => "APA",
        Pch = "pch" => "PCH",
        CaisseRetraite = "caisse_retraite" => "caisse de retraite",
        Mutuelle = "mutuelle" => "mutuelle",
        Caf = "caf" => "CAF ou MSA",
    }
}

/// For whom, at what price, how to ask, and what can be taken now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Modalites {
    pub publics: Vec<Public>,
    pub frais: Option<Frais>,
    pub aides: Vec<Aide>,
    /// What one must fulfil, in words.
    pub conditions: Option<String>,
    /// How one asks, in words.
    pub demarche: Option<String>,
    /// Days before a new person is served.
    pub delai_jours: Option<u32>,
    /// Persons who can be taken now.
    pub places: Option<u32>,
    /// When delay, places and availability were last said.
    pub capacite_at: Option<Instant>,
}

/// What a structure renders, from one of its places, to whom it reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    pub id: Id,
    pub structure_id: Id,
    pub lieu: Lieu,
    pub source_id: String,
    pub nom: String,
    pub description: Option<String>,
    /// Codes of the taxonomy; a family stands for all its needs.
    pub besoins: Vec<String>,
    pub mode: Mode,
    pub couverture: Couverture,
    pub intervention: Vec<Intervention>,
    pub creneaux: Vec<Creneau>,
    pub disponibilite: Disponibilite,
    /// When it is not the structure's.
    pub telephone: Option<String>,
    pub tarif: Option<String>,
    pub modalites: Modalites,
}
