//! Which communes a service reaches: written as people of the field say it, resolved once, on write.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use territoire::{CodeInsee, Commune, Epci, Point, Referentiel, Territoire};

/// One part of a coverage, included or excepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    France,
    Departement(String),
    Epci(String),
    Bassin(String),
    Commune(CodeInsee),
    /// Kilometres around the place of the service, or around a commune.
    Rayon(u32, Option<CodeInsee>),
}

/// A coverage: a union of parts, less exceptions; a commune named for itself wins over an exception
/// that only contains it. Written `epci:242600252 commune:26064 sauf commune:26289`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Couverture {
    pub incluses: Vec<Part>,
    pub exclues: Vec<Part>,
}

/// Why a coverage cannot be understood or resolved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CouvertureRefusee {
    #[error("aucune commune n’est désignée : écrivez par exemple « epci:242600252 » ou « commune:26165 »")]
    Vide,
    #[error(
        "« {0} » n’est pas compris : écrivez commune:CODE, epci:CODE, bassin:CODE, departement:CODE, rayon:KM ou france, et « sauf » devant une exception"
    )]
    Incomprise(String),
    #[error("« {0} » n’existe pas : {1}")]
    Inconnue(String, String),
    #[error("« {0} » est à la fois desservie et exceptée : gardez l’un des deux")]
    Contradiction(String),
    #[error("un rayon a besoin d’un point : donnez la commune du lieu, ou écrivez rayon:KM@CODE")]
    SansPoint,
}

const RAYON_MAXIMUM_KM: u32 = 300;

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::France => write!(f, "france"),
            Self::Departement(code) => write!(f, "departement:{code}"),
            Self::Epci(code) => write!(f, "epci:{code}"),
            Self::Bassin(code) => write!(f, "bassin:{code}"),
            Self::Commune(code) => write!(f, "commune:{code}"),
            Self::Rayon(km, None) => write!(f, "rayon:{km}"),
            Self::Rayon(km, Some(code)) => write!(f, "rayon:{km}@{code}"),
        }
    }
}

impl fmt::Display for Couverture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let included = self.incluses.iter().map(Part::to_string);
        let excepted = self.exclues.iter().map(|part| format!("sauf {part}"));
        write!(f, "{}", included.chain(excepted).collect::<Vec<_>>().join(" "))
    }
}

impl From<Couverture> for String {
    fn from(couverture: Couverture) -> Self {
        couverture.to_string()
    }
}

impl TryFrom<String> for Couverture {
    type Error = CouvertureRefusee;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Couverture {
    type Err = CouvertureRefusee;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut couverture = Self::default();
        let mut excepted = false;
        for word in text.split([' ', ',', '|', ';', '\n', '\t']).filter(|word| !word.is_empty()) {
            let bare = word.strip_prefix('-');
            if word.eq_ignore_ascii_case("sauf") {
                excepted = true;
                continue;
            }
            let part = bare.unwrap_or(word).parse()?;
            let side = if excepted || bare.is_some() { &mut couverture.exclues } else { &mut couverture.incluses };
            side.push(part);
            excepted = false;
        }
        if couverture.incluses.is_empty() {
            return Err(CouvertureRefusee::Vide);
        }
        match couverture.incluses.iter().find(|part| couverture.exclues.contains(part)) {
            Some(part) => Err(CouvertureRefusee::Contradiction(part.to_string())),
            None => Ok(couverture),
        }
    }
}

impl FromStr for Part {
    type Err = CouvertureRefusee;

    /// `nature:code`, or a bare code whose length tells its nature: 5 characters a commune, 9 digits an EPCI, 2 or 3 a département.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let misunderstood = || CouvertureRefusee::Incomprise(word.to_string());
        let (nature, code) = word.split_once(':').unwrap_or(("", word));
        match nature.to_lowercase().as_str() {
            "commune" => Ok(Self::Commune(CodeInsee::parse(code).map_err(|_| misunderstood())?)),
            "epci" => Ok(Self::Epci(code.to_string())),
            "bassin" => Ok(Self::Bassin(code.to_lowercase())),
            "departement" | "département" => Ok(Self::Departement(code.to_uppercase())),
            "rayon" => parse_rayon(code).ok_or_else(misunderstood),
            "" if code.eq_ignore_ascii_case("france") => Ok(Self::France),
            "" if code.len() == 9 && code.bytes().all(|b| b.is_ascii_digit()) => Ok(Self::Epci(code.to_string())),
            "" if code.len() == 5 => Ok(Self::Commune(CodeInsee::parse(code).map_err(|_| misunderstood())?)),
            "" if (2..=3).contains(&code.len()) && code.starts_with(|c: char| c.is_ascii_digit()) => {
                Ok(Self::Departement(code.to_uppercase()))
            }
            _ => Err(misunderstood()),
        }
    }
}

fn parse_rayon(code: &str) -> Option<Part> {
    let (km, center) = code.split_once('@').map_or((code, None), |(km, center)| (km, Some(center)));
    let km: u32 = km.trim_end_matches("km").parse().ok()?;
    let center = center.map(CodeInsee::parse).transpose().ok()?;
    (1..=RAYON_MAXIMUM_KM).contains(&km).then_some(Part::Rayon(km, center))
}

/// A zone that an answer reads directly: at most four reads for one commune.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// Ranks in the national lists.
    Commune(u16),
    Epci(u16),
    Departement(u16),
    France,
}

impl Zone {
    /// The four zones to read for a commune.
    pub fn of(commune: &Commune) -> [Option<Self>; 4] {
        let departement = Self::Departement(commune.departement_rang);
        [Some(Self::Commune(commune.rang)), commune.epci.map(Self::Epci), Some(departement), Some(Self::France)]
    }
}

/// A coverage ready to be read: few zones, and the communes excepted from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desserte {
    pub zones: Vec<Zone>,
    /// Ranks, sorted.
    pub exclues: Vec<u16>,
}

impl Desserte {
    pub fn covers(&self, commune: &Commune) -> bool {
        let explicit = self.zones.contains(&Zone::Commune(commune.rang));
        explicit
            || (self.exclues.binary_search(&commune.rang).is_err()
                && Zone::of(commune).into_iter().flatten().any(|zone| self.zones.contains(&zone)))
    }
}

/// Resolves a coverage of a service placed at `lieu`, in a territoire that knows its bassins.
pub fn resolve(couverture: &Couverture, territoire: &Territoire, lieu: Option<Point>) -> Result<Desserte, CouvertureRefusee> {
    let national = Referentiel::get();
    let mut zones = BTreeSet::new();
    let mut communes = BTreeSet::new();
    for part in &couverture.incluses {
        match part {
            Part::France => drop(zones.insert(Zone::France)),
            Part::Departement(_) | Part::Epci(_) => drop(zones.insert(find_zone(part, national)?)),
            _ => communes.extend(list_communes(part, territoire, lieu)?),
        }
    }
    let mut exclues = BTreeSet::new();
    for part in &couverture.exclues {
        exclues.extend(list_communes(part, territoire, lieu)?);
    }
    let named = couverture.incluses.iter().filter_map(|part| find_named(part, national)).collect::<BTreeSet<_>>();
    communes.retain(|rang| named.contains(rang) || !exclues.contains(rang));
    exclues.retain(|rang| !named.contains(rang));
    if exclues.is_empty() {
        gather_epcis(&mut communes, &mut zones, national);
    }
    zones.extend(communes.into_iter().map(Zone::Commune));
    Ok(Desserte { zones: zones.into_iter().collect(), exclues: exclues.into_iter().collect() })
}

fn find_named(part: &Part, national: &Referentiel) -> Option<u16> {
    match part {
        Part::Commune(code) => national.resolve_code(code.as_str()).ok().map(|found| found.commune.rang),
        _ => None,
    }
}

fn find_zone(part: &Part, national: &Referentiel) -> Result<Zone, CouvertureRefusee> {
    let unknown = |advice: &str| CouvertureRefusee::Inconnue(part.to_string(), advice.to_string());
    match part {
        Part::Departement(code) => {
            let found = national.find_departement(code).ok_or_else(|| unknown("un département s’écrit 26, 2A ou 974"))?;
            Ok(Zone::Departement(found.rang))
        }
        Part::Epci(code) => {
            let found = national.find_epci(code).ok_or_else(|| unknown("le code d’un EPCI est son SIREN, à neuf chiffres"))?;
            Ok(Zone::Epci(found.rang))
        }
        _ => Err(unknown("ce n’est ni un département ni un EPCI")),
    }
}

/// The communes of one part, by rank.
fn list_communes(part: &Part, territoire: &Territoire, lieu: Option<Point>) -> Result<Vec<u16>, CouvertureRefusee> {
    let national = Referentiel::get();
    let unknown = |advice: String| CouvertureRefusee::Inconnue(part.to_string(), advice);
    match part {
        Part::France => Ok(national.communes().iter().map(|commune| commune.rang).collect()),
        Part::Departement(code) => {
            Ok(national.find_departement(code).ok_or_else(|| unknown("un département s’écrit 26, 2A ou 974".into()))?.communes.clone())
        }
        Part::Epci(code) => {
            Ok(national.find_epci(code).ok_or_else(|| unknown("le code d’un EPCI est son SIREN, à neuf chiffres".into()))?.communes.clone())
        }
        Part::Bassin(code) => {
            let known = || territoire.bassins.iter().map(|bassin| bassin.code.as_str()).collect::<Vec<_>>().join(", ");
            let bassin = territoire.bassins.iter().find(|bassin| bassin.code == *code);
            Ok(bassin.ok_or_else(|| unknown(format!("les bassins de {} sont : {}", territoire.nom, known())))?.communes.clone())
        }
        Part::Commune(code) => Ok(vec![national.resolve_code(code.as_str()).map_err(|refusal| unknown(refusal.to_string()))?.commune.rang]),
        Part::Rayon(km, center) => {
            let center = match center {
                Some(code) => national.resolve_code(code.as_str()).map_err(|refusal| unknown(refusal.to_string()))?.commune.point,
                None => lieu,
            };
            let reached = national.list_within(center.ok_or(CouvertureRefusee::SansPoint)?, f64::from(*km) * 1_000.0);
            Ok(reached.into_iter().map(|(commune, _)| commune.rang).collect())
        }
    }
}

/// Replaces the communes of a whole EPCI by the EPCI: a radius of 30 km becomes a handful of zones.
fn gather_epcis(communes: &mut BTreeSet<u16>, zones: &mut BTreeSet<Zone>, national: &Referentiel) {
    let epcis: BTreeSet<u16> = communes.iter().filter_map(|rang| national.commune(*rang)?.epci).collect();
    for epci in epcis {
        let Some(Epci { communes: members, .. }) = national.epci(epci) else { continue };
        if members.len() > 1 && members.iter().all(|rang| communes.contains(rang)) {
            zones.insert(Zone::Epci(epci));
            communes.retain(|rang| !members.contains(rang));
        }
    }
}
