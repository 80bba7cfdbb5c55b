//! Reads the embedded files. A row that cannot be read is left out: a test counts what remains.

use std::io::Read;
use std::sync::Arc;

use flate2::read::GzDecoder;

use crate::finder::Index;
use crate::grille::Grille;
use crate::{AncienneCommune, Code, CodeInsee, CodePostal, Commune, Departement, Epci, NatureAncienne, Point, PopulationAge, Referentiel};

const COMMUNES: &[u8] = include_bytes!("../../../donnees/communes.csv.gz");
const AGES: &[u8] = include_bytes!("../../../donnees/population_age.csv.gz");
const ANCIENNES: &[u8] = include_bytes!("../../../donnees/communes_anciennes.csv.gz");
const DEPARTEMENTS: &[u8] = include_bytes!("../../../donnees/departements.csv");
const EPCIS: &[u8] = include_bytes!("../../../donnees/epci.csv");

pub(crate) fn load() -> Referentiel {
    let mut departements = read_departements();
    let mut epcis = read_epcis();
    let mut communes = read_communes(&departements, &epcis);
    attach(&communes, &mut departements, &mut epcis);
    let anciennes = read_anciennes(&communes);
    let index = Index::build(&communes, &anciennes, &departements);
    for rang in index.list_homonymes() {
        if let Some(commune) = communes.get_mut(usize::from(rang)) {
            commune.is_homonyme = true;
        }
    }
    let codes = communes.iter().map(|commune| commune.code).collect();
    Referentiel {
        postaux: sort_postaux(&communes),
        grille: Grille::build(&communes),
        codes,
        communes,
        anciennes,
        epcis,
        departements,
        index,
    }
}

fn read_departements() -> Vec<Departement> {
    let mut departements = Vec::new();
    each_row(DEPARTEMENTS, ["code", "nom"], |[code, nom]| {
        departements.push(Departement { rang: 0, code: Code::parse(code)?, nom: Arc::from(nom), communes: Vec::new() });
        Some(())
    });
    departements.sort_by_key(|departement| departement.code);
    for (rang, departement) in (0..).zip(&mut departements) {
        departement.rang = rang;
    }
    departements
}

fn read_epcis() -> Vec<Epci> {
    let mut epcis = Vec::new();
    each_row(EPCIS, ["code", "nom"], |[code, nom]| {
        epcis.push(Epci { rang: 0, code: Code::parse(code)?, nom: nom.into(), communes: Vec::new() });
        Some(())
    });
    epcis.sort_by_key(|epci| epci.code);
    for (rang, epci) in (0..).zip(&mut epcis) {
        epci.rang = rang;
    }
    epcis
}

const COMMUNE_COLUMNS: [&str; 11] =
    ["code_insee", "nom", "codes_postaux", "population", "epci_code", "departement", "region", "lat_mairie", "lon_mairie", "lat", "lon"];

fn read_communes(departements: &[Departement], epcis: &[Epci]) -> Vec<Commune> {
    let mut communes = Vec::with_capacity(35_000);
    each_row(&unzip(COMMUNES), COMMUNE_COLUMNS, |row| {
        communes.push(read_commune(row, departements, epcis)?);
        Some(())
    });
    communes.sort_by_key(|commune| commune.code);
    for (rang, commune) in (0..).zip(&mut communes) {
        commune.rang = rang;
    }
    add_ages(&mut communes);
    communes
}

/// A commune of which the census says nothing keeps none: an unknown population is not nought.
fn add_ages(communes: &mut [Commune]) {
    each_row(&unzip(AGES), ["code_insee", "population", "moins_de_20", "plus_de_65"], |[code, total, young, old]| {
        let code = CodeInsee::parse(code).ok()?;
        let rang = communes.binary_search_by_key(&code, |commune| commune.code).ok()?;
        let ages = PopulationAge { total: total.parse().ok()?, moins_de_20: young.parse().ok()?, plus_de_65: old.parse().ok()? };
        communes.get_mut(rang)?.population_age = Some(ages);
        Some(())
    });
}

fn read_commune(row: [&str; 11], departements: &[Departement], epcis: &[Epci]) -> Option<Commune> {
    let [code, nom, postaux, population, epci, departement, region, centre @ ..] = row;
    let [lat_mairie, lon_mairie, lat, lon] = centre;
    let departement = Code::parse(departement)?;
    let rang = departements.binary_search_by_key(&departement, |d| d.code).ok()?;
    let epci = Code::parse(epci).and_then(|code| epcis.binary_search_by_key(&code, |e| e.code).ok());
    Some(Commune {
        rang: 0,
        code: CodeInsee::parse(code).ok()?,
        nom: nom.into(),
        codes_postaux: postaux.split('|').filter_map(CodePostal::parse).collect(),
        population: population.parse().unwrap_or(0),
        population_age: None,
        epci: epci.and_then(|rang| u16::try_from(rang).ok()),
        departement,
        region: Code::parse(region)?,
        point: read_point(lat_mairie, lon_mairie).or_else(|| read_point(lat, lon)),
        departement_rang: u16::try_from(rang).ok()?,
        departement_nom: departements.get(rang)?.nom.clone(),
        is_homonyme: false,
    })
}

fn read_point(lat: &str, lon: &str) -> Option<Point> {
    Point::new(lat.parse().ok()?, lon.parse().ok()?)
}

fn read_anciennes(communes: &[Commune]) -> Vec<AncienneCommune> {
    let mut anciennes = Vec::with_capacity(5_000);
    let columns = ["code", "nom", "type", "code_actuel"];
    each_row(&unzip(ANCIENNES), columns, |[code, nom, nature, actuel]| {
        let actuel = CodeInsee::parse(actuel).ok()?;
        let rang = communes.binary_search_by_key(&actuel, |commune| commune.code);
        anciennes.push(AncienneCommune {
            code: CodeInsee::parse(code).ok()?,
            nom: (!nom.is_empty()).then(|| nom.into()),
            nature: NatureAncienne::parse(nature)?,
            commune: u16::try_from(rang.ok()?).ok()?,
        });
        Some(())
    });
    anciennes.sort_by_key(|ancienne| ancienne.code);
    anciennes
}

fn attach(communes: &[Commune], departements: &mut [Departement], epcis: &mut [Epci]) {
    for commune in communes {
        if let Some(departement) = departements.get_mut(usize::from(commune.departement_rang)) {
            departement.communes.push(commune.rang);
        }
        let epci = commune.epci.and_then(|rang| epcis.get_mut(usize::from(rang)));
        if let Some(epci) = epci {
            epci.communes.push(commune.rang);
        }
    }
}

fn sort_postaux(communes: &[Commune]) -> Vec<(CodePostal, u16)> {
    let mut postaux: Vec<_> = communes.iter().flat_map(|commune| commune.codes_postaux.iter().map(move |code| (*code, commune))).collect();
    postaux.sort_by_key(|(code, commune)| (*code, u32::MAX - commune.population));
    postaux.into_iter().map(|(code, commune)| (code, commune.rang)).collect()
}

fn unzip(file: &[u8]) -> Vec<u8> {
    let mut csv = Vec::with_capacity(file.len() * 4);
    // A truncated file gives its beginning: fewer communes, which the count test notices.
    let _ = GzDecoder::new(file).read_to_end(&mut csv);
    csv
}

/// Gives the named columns of each row; a missing column reads as empty, and `keep` may refuse a row.
fn each_row<const N: usize>(csv: &[u8], names: [&str; N], mut keep: impl FnMut([&str; N]) -> Option<()>) {
    let mut reader = csv::Reader::from_reader(csv);
    let Ok(headers) = reader.headers() else {
        return;
    };
    let columns = names.map(|name| headers.iter().position(|header| header == name));
    let mut row = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {
                let field = |column: Option<usize>| column.and_then(|column| row.get(column));
                keep(columns.map(|column| field(column).unwrap_or_default()));
            }
            Ok(false) => return,
            Err(_) => continue,
        }
    }
}
