//! The columns of an import, under the names that files give them.

use kit::codes;

codes! {
    /// One column: its name in our files, and what goes there.
    pub enum Colonne {
        StructureId = "structure_id" => "Identifiant de la structure dans votre fichier : il permet de la retrouver au prochain import",
        Structure = "structure" => "Nom de la structure",
        Categorie = "categorie" => "Nature de la structure : admr, ccas, association_intermediaire…",
        Siret = "siret" => "SIRET, facultatif",
        Description = "description" => "Ce que fait la structure, en mots simples",
        Adresse = "adresse" => "Adresse du lieu, sans la commune",
        CodePostal = "code_postal" => "Code postal, facultatif",
        Commune = "commune" => "Nom de la commune du lieu",
        CodeInsee = "code_insee" => "Code INSEE de la commune du lieu, préférable au nom",
        Latitude = "latitude" => "Latitude du lieu, en degrés",
        Longitude = "longitude" => "Longitude du lieu, en degrés",
        Telephone = "telephone" => "Téléphone de la structure",
        Courriel = "courriel" => "Adresse électronique de la structure",
        SiteWeb = "site_web" => "Adresse du site",
        Horaires = "horaires" => "Horaires, à la manière d’OpenStreetMap : Mo-Fr 09:00-12:00",
        ServiceId = "service_id" => "Identifiant du service dans votre fichier",
        Service = "service" => "Nom du service",
        ServiceDescription = "service_description" => "Ce que fait le service",
        Besoins = "besoins" => "Besoins auxquels il répond, séparés par | : codes ou mots",
        Mode = "mode" => "a_domicile, sur_place ou a_distance",
        Couverture = "couverture" => "Qui il dessert : epci:242600252 sauf commune:26289",
        Intervention = "intervention" => "prestataire, mandataire, mise_a_disposition",
        Creneaux = "creneaux" => "soir, nuit, week_end, urgence",
        Disponibilite = "disponibilite" => "ouvert, liste_attente, complet",
        ServiceTelephone = "service_telephone" => "Téléphone du service, s’il n’est pas celui de la structure",
        Tarif = "tarif" => "Prix, en mots",
        Frais = "frais" => "gratuit ou payant",
        Aides = "aides" => "Aides acceptées, séparées par | : cesu, credit_impot, apa, pch…",
        Publics = "publics" => "Pour qui, séparés par | ; rien : tout le monde",
        Conditions = "conditions" => "Conditions, en mots",
        Demarche = "demarche" => "Comment demander, en mots",
        Source = "source" => "D’où vient la ligne, quand le fichier réunit plusieurs sources",
        PointCoherent = "point_coherent" => "non quand la source sait que le point est faux",
        Exemple = "exemple" => "oui pour un service inventé, montré comme tel",
    }
}

impl Colonne {
    /// Columns without which a line says nothing.
    pub const REQUISES: [Self; 5] = [Self::StructureId, Self::Structure, Self::Besoins, Self::Mode, Self::Couverture];

    /// Columns that only a file of services has: without any of them, it is a file of structures.
    pub const DE_SERVICE: [Self; 5] = [Self::Besoins, Self::Mode, Self::Couverture, Self::Service, Self::ServiceId];

    /// Recognises a header as people write it: « Nom de la structure », « Tél. », « Code INSEE ».
    pub fn recognise(header: &str) -> Option<Self> {
        let folded = kit::text::fold(header).replace(' ', "_");
        Self::from_code(&folded).or(match folded.as_str() {
            "id_structure" | "identifiant_structure" | "identifiant" | "id_source" | "id" => Some(Self::StructureId),
            "nom_de_la_structure" | "nom_structure" | "structure_nom" | "organisme" | "nom" | "raison_sociale" => Some(Self::Structure),
            "type" | "type_de_structure" | "nature" | "typologie" => Some(Self::Categorie),
            "insee" | "code_commune" => Some(Self::CodeInsee),
            "cp" => Some(Self::CodePostal),
            "ville" => Some(Self::Commune),
            "lat" => Some(Self::Latitude),
            "lon" | "lng" | "long" => Some(Self::Longitude),
            "tel" | "telephone_structure" => Some(Self::Telephone),
            "mail" | "email" | "e_mail" | "courrier_electronique" => Some(Self::Courriel),
            "site" | "site_internet" | "url" => Some(Self::SiteWeb),
            "horaires_osm" | "ouverture" => Some(Self::Horaires),
            "id_service" | "identifiant_service" => Some(Self::ServiceId),
            "nom_du_service" | "nom_service" | "service_nom" => Some(Self::Service),
            "besoin" | "activites" | "thematiques" => Some(Self::Besoins),
            "zone" | "secteur" | "communes_desservies" | "communes" => Some(Self::Couverture),
            "prix" | "tarifs" => Some(Self::Tarif),
            _ => None,
        })
    }
}

/// The header of a file ready to be filled.
pub fn header_line() -> String {
    Colonne::ALL.iter().map(|colonne| colonne.code()).collect::<Vec<_>>().join(";")
}
