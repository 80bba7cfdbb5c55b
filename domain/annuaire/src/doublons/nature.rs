//! What kind of organisation a name says it is: it often knows better than the column « type » of a file.

use crate::Categorie;

/// A kind, as names tell it: finer than `Categorie`, for two neighbours of different kinds are not one structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Genre {
    Mairie,
    Ccas,
    Intercommunalite,
    FranceServices,
    Ehpad,
    AccueilDeJour,
    Admr,
    Saad,
    Ssiad,
    AssociationIntermediaire,
    Etti,
    Aci,
    EntrepriseInsertion,
    Relais,
    Mediatheque,
    CentreSocial,
    InformationJeunesse,
    ServicePublicEmploi,
    MissionLocale,
    SolidariteDepartementale,
}

/// Words, folded, that say a kind wherever they stand in a name; the longest first among those that overlap.
const WORDS: &[(&str, Genre)] = &[
    ("maison de services au public", Genre::FranceServices),
    ("espace france services", Genre::FranceServices),
    ("maison france services", Genre::FranceServices),
    ("bus france services", Genre::FranceServices),
    ("france services", Genre::FranceServices),
    ("france service", Genre::FranceServices),
    ("msap", Genre::FranceServices),
    ("efs", Genre::FranceServices),
    ("centre communal d action sociale", Genre::Ccas),
    ("centre intercommunal d action sociale", Genre::Ccas),
    ("ccas", Genre::Ccas),
    ("cias", Genre::Ccas),
    ("communaute de communes", Genre::Intercommunalite),
    ("communaute d agglomeration", Genre::Intercommunalite),
    ("communaute urbaine", Genre::Intercommunalite),
    ("hotel de ville", Genre::Mairie),
    ("mairie", Genre::Mairie),
    ("commune de", Genre::Mairie),
    ("commune du", Genre::Mairie),
    ("commune des", Genre::Mairie),
    ("commune d", Genre::Mairie),
    ("ville de", Genre::Mairie),
    ("ville du", Genre::Mairie),
    ("maison de retraite", Genre::Ehpad),
    ("ehpad", Genre::Ehpad),
    ("accueil de jour", Genre::AccueilDeJour),
    ("admr", Genre::Admr),
    ("ssiad", Genre::Ssiad),
    ("service de soins infirmiers a domicile", Genre::Ssiad),
    ("saad", Genre::Saad),
    ("association intermediaire", Genre::AssociationIntermediaire),
    ("mediatheque", Genre::Mediatheque),
    ("bibliotheque", Genre::Mediatheque),
    ("centre socioculturel", Genre::CentreSocial),
    ("centre social", Genre::CentreSocial),
    ("maison des jeunes et de la culture", Genre::CentreSocial),
    ("mjc", Genre::CentreSocial),
    ("point information jeunesse", Genre::InformationJeunesse),
    ("bureau information jeunesse", Genre::InformationJeunesse),
    ("pij", Genre::InformationJeunesse),
    ("bij", Genre::InformationJeunesse),
    ("france travail", Genre::ServicePublicEmploi),
    ("pole emploi", Genre::ServicePublicEmploi),
    ("mission locale", Genre::MissionLocale),
    ("maison des solidarites", Genre::SolidariteDepartementale),
    ("centre medico social", Genre::SolidariteDepartementale),
];

/// The kinds that a folded name says, and the words of it that say nothing of them, in their order.
pub fn list_genres(folded: &str) -> (Vec<Genre>, Vec<String>) {
    let mut rest = format!(" {folded} ");
    let mut genres = vec![];
    for (words, genre) in WORDS {
        let place = format!(" {words} ");
        if rest.contains(&place) {
            rest = rest.replace(&place, " ");
            genres.push(*genre);
        }
    }
    genres.sort_unstable();
    genres.dedup();
    (genres, rest.split_whitespace().map(str::to_string).collect())
}

/// The category of the annuaire that a name tells; none when it tells none, or several.
pub fn find_categorie(nom: &str) -> Option<Categorie> {
    let (genres, _) = list_genres(&kit::text::fold(nom));
    let [only] = genres.as_slice() else { return None };
    match only {
        Genre::Mairie => Some(Categorie::Mairie),
        Genre::Ccas => Some(Categorie::Ccas),
        Genre::FranceServices => Some(Categorie::FranceServices),
        Genre::Ehpad => Some(Categorie::Ehpad),
        Genre::AccueilDeJour => Some(Categorie::AccueilDeJour),
        Genre::Admr => Some(Categorie::Admr),
        Genre::Saad => Some(Categorie::Saad),
        Genre::Ssiad => Some(Categorie::Ssiad),
        Genre::AssociationIntermediaire => Some(Categorie::AssociationIntermediaire),
        Genre::Etti => Some(Categorie::Etti),
        Genre::Aci => Some(Categorie::Aci),
        Genre::EntrepriseInsertion => Some(Categorie::EntrepriseInsertion),
        Genre::Relais => Some(Categorie::RelaisParticulierEmployeur),
        Genre::Intercommunalite
        | Genre::Mediatheque
        | Genre::CentreSocial
        | Genre::InformationJeunesse
        | Genre::ServicePublicEmploi
        | Genre::MissionLocale
        | Genre::SolidariteDepartementale => None,
    }
}

impl Genre {
    /// The kind that a category says; « association », « lieu de médiation numérique »… say a legal form or a use, not a kind.
    pub const fn of(categorie: Categorie) -> Option<Self> {
        match categorie {
            Categorie::Admr => Some(Self::Admr),
            Categorie::Ccas => Some(Self::Ccas),
            Categorie::Saad => Some(Self::Saad),
            Categorie::Ssiad => Some(Self::Ssiad),
            Categorie::AssociationIntermediaire => Some(Self::AssociationIntermediaire),
            Categorie::Etti => Some(Self::Etti),
            Categorie::Aci => Some(Self::Aci),
            Categorie::EntrepriseInsertion => Some(Self::EntrepriseInsertion),
            Categorie::RelaisParticulierEmployeur => Some(Self::Relais),
            Categorie::Ehpad => Some(Self::Ehpad),
            Categorie::AccueilDeJour => Some(Self::AccueilDeJour),
            Categorie::FranceServices => Some(Self::FranceServices),
            Categorie::Mairie => Some(Self::Mairie),
            Categorie::Association
            | Categorie::Entreprise
            | Categorie::MicroEntreprise
            | Categorie::MediationNumerique
            | Categorie::Autre => None,
        }
    }

    /// Public bodies of one commune or EPCI, that shelter others under their roof and their telephone.
    pub const fn is_host(self) -> bool {
        matches!(self, Self::Mairie | Self::Ccas | Self::Intercommunalite)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Mairie => "mairie",
            Self::Ccas => "CCAS ou CIAS",
            Self::Intercommunalite => "intercommunalité",
            Self::FranceServices => "France services",
            Self::Ehpad => "EHPAD",
            Self::AccueilDeJour => "accueil de jour",
            Self::Admr => "ADMR",
            Self::Saad => "service d’aide à domicile",
            Self::Ssiad => "service de soins à domicile",
            Self::AssociationIntermediaire => "association intermédiaire",
            Self::Etti => "travail temporaire d’insertion",
            Self::Aci => "chantier d’insertion",
            Self::EntrepriseInsertion => "entreprise d’insertion",
            Self::Relais => "relais du particulier employeur",
            Self::Mediatheque => "médiathèque",
            Self::CentreSocial => "centre social ou MJC",
            Self::InformationJeunesse => "information jeunesse",
            Self::ServicePublicEmploi => "service public de l’emploi",
            Self::MissionLocale => "mission locale",
            Self::SolidariteDepartementale => "solidarité départementale",
        }
    }
}
