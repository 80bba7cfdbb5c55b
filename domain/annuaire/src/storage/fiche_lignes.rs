//! The rows of records, table by table: read for many structures at once, replaced for one.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kit::{Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};
use territoire::{CodeInsee, Point};

use super::fiche::{AT_ONCE, FicheTenue, Named};
use crate::fiche::{
    Fiche, Identifiant, Information, Interlocuteur, NatureIdentifiant, NatureInformation, NatureRegime, Regime, Visibilite,
};
use crate::{Aide, Categorie, Contact, Creneau, Disponibilite, Frais, Intervention, Lieu, Modalites, Mode, Public, Service, Structure};

const IDENTIFIANTS: &str = "SELECT * FROM annuaire_identifiant";
const REGIMES: &str = "SELECT * FROM annuaire_regime";
const INFORMATIONS: &str = "SELECT * FROM annuaire_information";

/// Everything read of some structures.
pub(super) struct Parts {
    structures: Vec<StructureRow>,
    lieux: Vec<LieuRow>,
    services: Vec<ServiceRow>,
    identifiants: Vec<IdentifiantRow>,
    interlocuteurs: Vec<InterlocuteurRow>,
    regimes: Vec<RegimeRow>,
    informations: Vec<InformationRow>,
}

/// A structure, wherever structures are read.
#[derive(FromQueryResult)]
pub(super) struct StructureRow {
    pub id: String,
    source: String,
    source_id: String,
    nom: String,
    categorie: String,
    description: Option<String>,
    siret: Option<String>,
    telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
    exemple: bool,
    reseaux: String,
    version: i64,
    corriges: String,
}

#[derive(FromQueryResult)]
struct LieuRow {
    structure_id: String,
    id: String,
    #[sea_orm(nested)]
    endroit: EndroitRow,
}

/// A place, less its ids: those of a service stand beside it in a join.
#[derive(FromQueryResult)]
pub(super) struct EndroitRow {
    adresse: Option<String>,
    code_insee: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    horaires: Option<String>,
}

impl EndroitRow {
    pub(super) fn read(self, id: Id) -> Result<Lieu> {
        Ok(Lieu {
            id,
            adresse: self.adresse,
            commune: CodeInsee::parse(&self.code_insee).map_err(anyhow::Error::from)?,
            point: self.latitude.zip(self.longitude).and_then(|(latitude, longitude)| Point::new(latitude, longitude)),
            horaires: self.horaires,
        })
    }
}

/// A service, wherever services are read.
#[derive(FromQueryResult)]
pub(super) struct ServiceRow {
    structure_id: String,
    id: String,
    pub lieu_id: String,
    source_id: String,
    nom: String,
    description: Option<String>,
    besoins: String,
    mode: String,
    couverture: String,
    intervention: String,
    creneaux: String,
    disponibilite: String,
    telephone: Option<String>,
    tarif: Option<String>,
    #[sea_orm(nested)]
    modalites: ModalitesRow,
}

#[derive(FromQueryResult)]
struct ModalitesRow {
    publics: String,
    frais: Option<String>,
    aides: String,
    conditions: Option<String>,
    demarche: Option<String>,
    delai_jours: Option<i64>,
    places: Option<i64>,
    capacite_at: Option<i64>,
}

impl ModalitesRow {
    fn read(self) -> Modalites {
        let count = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
        Modalites {
            publics: codes(&self.publics, Public::from_code),
            frais: self.frais.as_deref().and_then(Frais::from_code),
            aides: codes(&self.aides, Aide::from_code),
            conditions: self.conditions,
            demarche: self.demarche,
            delai_jours: count(self.delai_jours),
            places: count(self.places),
            capacite_at: self.capacite_at.map(Instant),
        }
    }
}

#[derive(FromQueryResult)]
struct IdentifiantRow {
    structure_id: String,
    nature: String,
    valeur: String,
}

#[derive(FromQueryResult)]
struct InterlocuteurRow {
    structure_id: String,
    id: String,
    nom: String,
    fonction: Option<String>,
    telephone: Option<String>,
    courriel: Option<String>,
    visibilite: String,
}

#[derive(FromQueryResult)]
struct RegimeRow {
    structure_id: String,
    id: String,
    nature: String,
    activite: String,
    intervention: Option<String>,
    public: Option<String>,
    numero: Option<String>,
    autorite: Option<String>,
    du: Option<String>,
    au: Option<String>,
    departements: String,
}

#[derive(FromQueryResult)]
struct InformationRow {
    structure_id: String,
    id: String,
    service_id: Option<String>,
    nature: String,
    texte: Option<String>,
    du: String,
    au: Option<String>,
}

impl Parts {
    pub(super) async fn read(db: &impl ConnectionTrait, named: &Named<'_>) -> Result<Self> {
        Ok(Self {
            structures: named.list(db, "SELECT * FROM annuaire_structure", "id").await?,
            lieux: named.list(db, "SELECT * FROM annuaire_lieu", "structure_id").await?,
            services: named.list(db, "SELECT * FROM annuaire_service", "structure_id").await?,
            identifiants: named.list(db, IDENTIFIANTS, "structure_id").await?,
            interlocuteurs: named.list(db, "SELECT * FROM annuaire_interlocuteur", "structure_id").await?,
            regimes: named.list(db, REGIMES, "structure_id").await?,
            informations: named.list(db, INFORMATIONS, "structure_id").await?,
        })
    }

    pub(super) fn assemble(self) -> Result<HashMap<Id, FicheTenue>> {
        let mut fiches = HashMap::with_capacity(self.structures.len());
        for row in self.structures {
            let tenue = begin(row)?;
            fiches.insert(tenue.fiche.structure.id, tenue);
        }
        let mut lieux = HashMap::new();
        for row in self.lieux {
            let (structure, lieu) = (row.structure_id, row.endroit.read(row.id.parse()?)?);
            lieux.insert(lieu.id, lieu.clone());
            put(&mut fiches, &structure, |fiche| drop(fiche.lieux.insert(lieu.id, lieu)))?;
        }
        for row in self.services {
            let structure = row.structure_id.clone();
            let Some(lieu) = lieux.get(&row.lieu_id.parse()?).cloned() else { continue };
            let service = read_service(row, lieu)?;
            put(&mut fiches, &structure, |fiche| drop(fiche.services.insert(service.id, service)))?;
        }
        for row in self.identifiants {
            let Some(nature) = NatureIdentifiant::from_code(&row.nature) else { continue };
            put(&mut fiches, &row.structure_id, |fiche| fiche.identifiants.push(Identifiant { nature, valeur: row.valeur }))?;
        }
        for row in self.interlocuteurs {
            let (structure, id) = (row.structure_id.clone(), row.id.parse()?);
            put(&mut fiches, &structure, |fiche| drop(fiche.interlocuteurs.insert(id, read_interlocuteur(row))))?;
        }
        for row in self.regimes {
            let (structure, id) = (row.structure_id.clone(), row.id.parse()?);
            put(&mut fiches, &structure, |fiche| drop(fiche.regimes.insert(id, read_regime(row))))?;
        }
        for row in self.informations {
            let (structure, id) = (row.structure_id.clone(), row.id.parse()?);
            let Some(information) = read_information(row)? else { continue };
            put(&mut fiches, &structure, |fiche| drop(fiche.informations.insert(id, information)))?;
        }
        fiches.values_mut().for_each(|tenue| tenue.fiche.identifiants.sort());
        Ok(fiches)
    }
}

/// What completes a structure beyond its services, and is published with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Complements {
    pub identifiants: Vec<Identifiant>,
    pub regimes: Vec<Regime>,
    pub informations: Vec<Information>,
}

/// Of these structures; one that has nothing more is absent.
pub(super) async fn list_complements(db: &impl ConnectionTrait, territoire: Id, structures: &[Id]) -> Result<HashMap<Id, Complements>> {
    let mut found: HashMap<Id, Complements> = HashMap::new();
    for ids in structures.chunks(AT_ONCE) {
        let named = Named { territoire, ids };
        for row in named.list::<IdentifiantRow>(db, IDENTIFIANTS, "structure_id").await? {
            let Some(nature) = NatureIdentifiant::from_code(&row.nature) else { continue };
            found.entry(row.structure_id.parse()?).or_default().identifiants.push(Identifiant { nature, valeur: row.valeur });
        }
        for row in named.list::<RegimeRow>(db, REGIMES, "structure_id").await? {
            found.entry(row.structure_id.parse()?).or_default().regimes.push(read_regime(row));
        }
        for row in named.list::<InformationRow>(db, INFORMATIONS, "structure_id").await? {
            let structure = row.structure_id.parse()?;
            found.entry(structure).or_default().informations.extend(read_information(row)?);
        }
    }
    // A file says the same thing in the same order each time.
    for one in found.values_mut() {
        one.identifiants.sort();
        one.regimes.sort_by(|one, other| one.activite.cmp(&other.activite));
        one.informations.sort_by_key(|one| (one.du, one.service));
    }
    Ok(found)
}

fn put(fiches: &mut HashMap<Id, FicheTenue>, structure: &str, add: impl FnOnce(&mut Fiche)) -> Result<()> {
    if let Some(tenue) = fiches.get_mut(&structure.parse()?) {
        add(&mut tenue.fiche);
    }
    Ok(())
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_string).collect()
}

fn codes<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
    text.split_whitespace().filter_map(read).collect()
}

pub(super) fn read_structure(row: StructureRow) -> Result<Structure> {
    Ok(Structure {
        id: row.id.parse()?,
        source: row.source,
        source_id: row.source_id,
        nom: row.nom,
        categorie: Categorie::from_code(&row.categorie).unwrap_or(Categorie::Autre),
        description: row.description,
        siret: row.siret,
        contact: Contact { telephone: row.telephone, courriel: row.courriel, site_web: row.site_web },
        exemple: row.exemple,
    })
}

/// A record to be filled with the rows of the other tables.
fn begin(row: StructureRow) -> Result<FicheTenue> {
    let (reseaux, version, corriges) = (words(&row.reseaux), row.version, words(&row.corriges));
    let fiche = Fiche {
        structure: read_structure(row)?,
        reseaux,
        identifiants: vec![],
        interlocuteurs: BTreeMap::new(),
        lieux: BTreeMap::new(),
        services: BTreeMap::new(),
        regimes: BTreeMap::new(),
        informations: BTreeMap::new(),
    };
    Ok(FicheTenue { fiche, version, corriges })
}

pub(super) fn read_service(row: ServiceRow, lieu: Lieu) -> Result<Service> {
    Ok(Service {
        id: row.id.parse()?,
        structure_id: row.structure_id.parse()?,
        lieu,
        source_id: row.source_id,
        nom: row.nom,
        description: row.description,
        besoins: words(&row.besoins),
        mode: Mode::from_code(&row.mode).unwrap_or(Mode::SurPlace),
        couverture: row.couverture.parse().map_err(anyhow::Error::from)?,
        intervention: codes(&row.intervention, Intervention::from_code),
        creneaux: codes(&row.creneaux, Creneau::from_code),
        disponibilite: Disponibilite::from_code(&row.disponibilite).unwrap_or(Disponibilite::Inconnue),
        telephone: row.telephone,
        tarif: row.tarif,
        modalites: row.modalites.read(),
    })
}

fn read_interlocuteur(row: InterlocuteurRow) -> Interlocuteur {
    Interlocuteur {
        nom: row.nom,
        fonction: row.fonction,
        telephone: row.telephone,
        courriel: row.courriel,
        visibilite: Visibilite::from_code(&row.visibilite).unwrap_or(Visibilite::Equipe),
    }
}

fn read_regime(row: RegimeRow) -> Regime {
    let date = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Regime {
        nature: NatureRegime::from_code(&row.nature).unwrap_or(NatureRegime::Declaration),
        activite: row.activite,
        intervention: row.intervention.as_deref().and_then(Intervention::from_code),
        public: row.public.as_deref().and_then(Public::from_code),
        numero: row.numero,
        autorite: row.autorite,
        du: date(row.du),
        au: date(row.au),
        departements: words(&row.departements),
    }
}

fn read_information(row: InformationRow) -> Result<Option<Information>> {
    let Some((nature, du)) = NatureInformation::from_code(&row.nature).zip(row.du.parse::<NaiveDate>().ok()) else { return Ok(None) };
    let service = row.service_id.as_deref().map(str::parse).transpose()?;
    Ok(Some(Information { nature, service, texte: row.texte, du, au: row.au.and_then(|au| au.parse().ok()) }))
}

/// The rows that only this record has: written anew.
pub(super) async fn replace(tx: &impl ConnectionTrait, territoire: Id, fiche: &Fiche) -> Result<()> {
    let id = fiche.structure.id;
    for table in ["annuaire_identifiant", "annuaire_interlocuteur", "annuaire_regime", "annuaire_information"] {
        sql::execute(tx, &format!("DELETE FROM {table} WHERE territoire_id = $1 AND structure_id = $2"), values![territoire, id]).await?;
    }
    let rows = fiche.identifiants.iter().map(|one| values![territoire, id, one.nature.code(), one.valeur.as_str()].to_vec());
    sql::upsert_many(tx, &IDENTIFIANT, rows.collect()).await?;
    let rows = fiche.interlocuteurs.iter().map(|(own, one)| {
        let reach = (one.telephone.clone(), one.courriel.clone());
        values![territoire, *own, id, one.nom.as_str(), one.fonction.clone(), reach.0, reach.1, one.visibilite.code()].to_vec()
    });
    sql::upsert_many(tx, &INTERLOCUTEUR, rows.collect()).await?;
    let rows = fiche.regimes.iter().map(|(own, one)| {
        let (du, au) = (one.du.map(|day| day.to_string()), one.au.map(|day| day.to_string()));
        let (intervention, public) = (one.intervention.map(Intervention::code), one.public.map(Public::code));
        let named = (one.activite.as_str(), one.numero.clone(), one.autorite.clone(), one.departements.join(" "));
        values![territoire, *own, id, one.nature.code(), named.0, intervention, public, named.1, named.2, du, au, named.3].to_vec()
    });
    sql::upsert_many(tx, &REGIME, rows.collect()).await?;
    let rows = fiche.informations.iter().map(|(own, one)| {
        let (du, au) = (one.du.to_string(), one.au.map(|day| day.to_string()));
        values![territoire, *own, id, one.service.map(|id| id.to_string()), one.nature.code(), one.texte.clone(), du, au].to_vec()
    });
    sql::upsert_many(tx, &INFORMATION, rows.collect()).await
}

const IDENTIFIANT: sql::Target = sql::Target {
    table: "annuaire_identifiant",
    columns: &["territoire_id", "structure_id", "nature", "valeur"],
    key: &["territoire_id", "structure_id", "nature", "valeur"],
    replaced: &[],
};
const INTERLOCUTEUR: sql::Target = sql::Target {
    table: "annuaire_interlocuteur",
    columns: &["territoire_id", "id", "structure_id", "nom", "fonction", "telephone", "courriel", "visibilite"],
    key: &["territoire_id", "id"],
    replaced: &[],
};
const REGIME: sql::Target = sql::Target {
    table: "annuaire_regime",
    columns: &[
        "territoire_id",
        "id",
        "structure_id",
        "nature",
        "activite",
        "intervention",
        "public",
        "numero",
        "autorite",
        "du",
        "au",
        "departements",
    ],
    key: &["territoire_id", "id"],
    replaced: &[],
};
const INFORMATION: sql::Target = sql::Target {
    table: "annuaire_information",
    columns: &["territoire_id", "id", "structure_id", "service_id", "nature", "texte", "du", "au"],
    key: &["territoire_id", "id"],
    replaced: &[],
};
