//! Where a structure is: by its INSEE code, else by postal code and name, else by its point; and whether its point can be believed.

use kit::text::fold;
use territoire::{Commune, Point, Referentiel};

/// A commune found, and what to say of the way it was.
pub struct CommuneLue {
    pub commune: &'static Commune,
    /// Column and advice.
    pub remarque: Option<(&'static str, String)>,
}

/// What a line says of its place.
pub struct Ecrit<'a> {
    pub code_insee: &'a str,
    pub code_postal: &'a str,
    pub commune: &'a str,
    pub adresse: &'a str,
    pub point: Option<Point>,
}

/// The commune, or the column and the advice of the refusal.
pub fn find_commune(ecrit: &Ecrit) -> Result<CommuneLue, (&'static str, String)> {
    let national = Referentiel::get();
    if !ecrit.code_insee.is_empty() {
        match national.resolve_code(ecrit.code_insee) {
            Ok(found) => return Ok(CommuneLue { commune: found.commune, remarque: check_name(ecrit, found.commune) }),
            Err(refusal) if ecrit.commune.is_empty() && ecrit.point.is_none() => return Err(("code_insee", refusal.to_string())),
            Err(_) => {}
        }
    }
    let recovered = find_by_name(ecrit).or_else(|| find_by_code_postal(ecrit)).or_else(|| find_by_point(ecrit));
    recovered.ok_or_else(|| {
        let advice = "ni code INSEE, ni commune reconnue, ni point en France : donnez le code INSEE dans la colonne code_insee";
        (if ecrit.code_insee.is_empty() { "commune" } else { "code_insee" }, advice.to_string())
    })
}

fn find_by_name(ecrit: &Ecrit) -> Option<CommuneLue> {
    if ecrit.commune.is_empty() {
        return None;
    }
    let typed = format!("{} {}", ecrit.code_postal, ecrit.commune);
    let found = Referentiel::get().search_communes(typed.trim(), None, 2);
    let commune = match found.as_slice() {
        [first, second] if first.score == second.score => return None,
        [first, ..] => first.commune,
        [] => return None,
    };
    let remarque = (!ecrit.code_insee.is_empty())
        .then(|| ("code_insee", format!("ce code n’existe pas : {} est retenue d’après le nom", commune.nom_complet())));
    Some(CommuneLue { commune, remarque })
}

/// A postal code never is a place: its only commune, or the one that the address names.
fn find_by_code_postal(ecrit: &Ecrit) -> Option<CommuneLue> {
    let communes = Referentiel::get().list_by_code_postal(ecrit.code_postal);
    let adresse = format!(" {} ", fold(ecrit.adresse));
    let named = |commune: &&&Commune| adresse.contains(&format!(" {} ", fold(&commune.nom)));
    let commune = match communes.as_slice() {
        [only] => only,
        several => several.iter().filter(named).max_by_key(|commune| commune.nom.len())?,
    };
    let remarque = format!("aucune commune n’est écrite : {} est retenue d’après le code postal, vérifiez", commune.nom_complet());
    Some(CommuneLue { commune, remarque: Some(("code_postal", remarque)) })
}

/// A town hall further than this from the point is that of another commune.
const PORTEE_M: f64 = 12_000.0;

fn find_by_point(ecrit: &Ecrit) -> Option<CommuneLue> {
    let (commune, distance) = Referentiel::get().find_nearest(ecrit.point?)?;
    let remarque = format!("aucune commune n’est écrite : {} est retenue d’après le point, vérifiez", commune.nom_complet());
    (distance <= PORTEE_M).then_some(CommuneLue { commune, remarque: Some(("commune", remarque)) })
}

/// The code is right and the name tells of another commune: one of the two is wrong.
fn check_name(ecrit: &Ecrit, commune: &Commune) -> Option<(&'static str, String)> {
    let (written, official) = (fold(ecrit.commune), fold(&commune.nom));
    let spelt = |text: &str| text.split(' ').map(|word| if word == "st" { "saint" } else { word }).collect::<Vec<_>>().join(" ");
    let (written, official) = (spelt(&written), spelt(&official));
    if written.is_empty() || official.contains(&written) || written.contains(&official) {
        return None;
    }
    let is_former = Referentiel::get()
        .search_communes(&format!("{} {}", ecrit.code_postal, ecrit.commune), None, 1)
        .first()
        .is_some_and(|found| found.commune.rang == commune.rang);
    let advice = format!("le code {} est celui de {} : le code l’emporte, corrigez l’un des deux", ecrit.code_insee, commune.nom_complet());
    (!is_former).then_some(("commune", advice))
}

/// Beyond, the point is wrong whatever the size of the commune; between the two, it depends on who is nearer.
const SUREMENT_FAUX_M: f64 = 25_000.0;
const DOUTEUX_M: f64 = 8_000.0;

/// Why a point cannot be that of a place in `commune`; none when it can.
pub fn check_point(point: Point, commune: &Commune, is_said_wrong: bool) -> Option<String> {
    let own = commune.point?;
    let distance = point.distance_m(&own);
    let nearest = Referentiel::get().find_nearest(point);
    let is_far = distance > SUREMENT_FAUX_M || (distance > DOUTEUX_M && nearest.is_some_and(|(_, near)| near < distance / 3.0));
    if !is_far && !is_said_wrong {
        return None;
    }
    let km = distance / 1_000.0;
    let is_swapped = Point::new(point.lon(), point.lat()).is_some_and(|other| other.distance_m(&own) < DOUTEUX_M);
    let why = match nearest {
        _ if is_swapped => "la latitude et la longitude sont inversées".to_string(),
        Some((other, near)) if near <= PORTEE_M && other.rang != commune.rang => {
            format!("le point est à {km:.0} km {}, près {}", de(commune), de(other))
        }
        Some((_, near)) if near <= PORTEE_M => format!("le fichier dit lui-même que le point est faux, à {km:.1} km {}", de(commune)),
        _ => format!("le point est en mer ou hors de France, à {km:.0} km {}", de(commune)),
    };
    Some(format!("{why} : il n’est pas retenu, celui de la commune le remplace ; corrigez les coordonnées ou laissez-les vides"))
}

/// « de Rosnay », « du Blanc », « d’Argy ».
fn de(commune: &Commune) -> String {
    match (commune.nom.strip_prefix("Le "), commune.nom.strip_prefix("Les ")) {
        (Some(rest), _) => format!("du {rest}"),
        (_, Some(rest)) => format!("des {rest}"),
        _ if fold(&commune.nom).starts_with(['a', 'e', 'i', 'o', 'u', 'y']) => format!("d’{}", commune.nom),
        _ => format!("de {}", commune.nom),
    }
}

/// « 11 place de la Mairie, 36500 Argy » without what the commune already says; left whole when it names another place.
pub fn strip_commune(adresse: &str, commune: &Commune) -> String {
    let tidy = |text: &str| text.trim_end_matches(['.', ',', ' ']).to_string();
    let is_code = |word: &str| word.len() == 5 && word.bytes().all(|b| b.is_ascii_digit());
    let Some(code) = adresse.split([' ', ',']).rfind(|word| is_code(word)) else { return tidy(adresse) };
    let Some((street, place)) = adresse.rsplit_once(code) else { return tidy(adresse) };
    let is_own = fold(place).is_empty() || fold(&commune.nom).contains(&fold(place)) || fold(place).contains(&fold(&commune.nom));
    if is_own && !street.trim().is_empty() { tidy(street) } else { tidy(adresse) }
}
