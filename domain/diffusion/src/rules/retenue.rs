//! What stays here: what is of a person, and what is not right enough to be given to everybody.
//!
//! A micro-entreprise is one person: its telephone, its e-mail, the number and street of its place and its SIRET are theirs.
//! Its name, its commune and what it proposes are what it shows to find customers. Other structures give what they publish.

use annuaire::Categorie;
use annuaire::storage::export::StructureDatee;

/// The structure as everybody may keep it.
pub fn retain(mut datee: StructureDatee) -> StructureDatee {
    let structure = &mut datee.structure;
    structure.contact.courriel = structure.contact.courriel.take().filter(|courriel| is_courriel(courriel));
    structure.contact.site_web = structure.contact.site_web.take().filter(|site| is_site(site));
    structure.siret = structure.siret.take().filter(|siret| siret.len() == 14 && siret.bytes().all(|byte| byte.is_ascii_digit()));
    if structure.categorie == Categorie::MicroEntreprise {
        structure.contact.telephone = None;
        structure.contact.courriel = None;
        structure.siret = None;
        datee.complements.identifiants.clear();
        // « SAP » and their SIREN.
        datee.complements.regimes.iter_mut().for_each(|regime| regime.numero = None);
        for date in &mut datee.services {
            date.service.telephone = None;
            date.service.lieu.adresse = None;
            date.service.lieu.point = None;
        }
    }
    datee
}

/// Names reserved by the standards, which lead nowhere (RFC 6761, RFC 9476, RFC 7686).
const DOMAINES_RESERVES: [&str; 8] = ["alt", "arpa", "internal", "invalid", "local", "localhost", "onion", "test"];

/// An address that every reader accepts: plain ASCII, without quotes (RFC 5321, « dot-string »).
pub fn is_courriel(courriel: &str) -> bool {
    let Some((nom, domaine)) = courriel.rsplit_once('@') else { return false };
    let is_atom =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte));
    let is_label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.get(2..4).is_none_or(|hyphens| hyphens != "--")
    };
    let last = domaine.rsplit('.').next().unwrap_or_default();
    let is_public = last.bytes().any(|byte| byte.is_ascii_alphabetic()) && !DOMAINES_RESERVES.contains(&last.to_lowercase().as_str());
    nom.len() <= 64
        && courriel.len() <= 254
        && nom.split('.').all(is_atom)
        && domaine.contains('.')
        && domaine.split('.').all(is_label)
        && is_public
}

/// The address of a site, as browsers read it.
pub fn is_site(site: &str) -> bool {
    let is_web = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    site.len() <= 2_083 && site.is_ascii() && !site.contains(char::is_whitespace) && url::Url::parse(site).is_ok_and(is_web)
}
