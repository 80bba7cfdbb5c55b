//! What is accepted of what a structure says of itself.

use kit::FieldErrors;
use kit::text;
use url::Url;

use crate::{Contact, Presentation};

pub const COURRIEL_REFUSE: &str = "ce n’est pas une adresse électronique : elle s’écrit nom@domaine.fr";
pub const SITE_WEB_REFUSE: &str = "ce n’est pas l’adresse d’un site : elle commence par https://";
const DESCRIPTION: usize = 2_000;

/// The address of a site, whether or not somebody typed `https://`: on the web, at a name with a dot.
pub fn read_site_web(written: &str) -> Option<String> {
    let with_scheme = if written.contains("://") { written.to_string() } else { format!("https://{written}") };
    let url = Url::parse(&with_scheme).ok().filter(|_| !with_scheme.contains(char::is_whitespace))?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| host.contains('.'));
    is_web.then_some(with_scheme)
}

/// Reads the fields of the form; a structure keeps one way at least of being reached.
pub fn read(telephone: &str, courriel: &str, site_web: &str, description: &str) -> Result<Presentation, FieldErrors> {
    let mut errors = FieldErrors::default();
    let telephone =
        text::some(telephone).and_then(|written| kit::telephone::read(&written).map_err(|why| errors.add("telephone", why)).ok());
    let courriel = text::some(courriel);
    if courriel.as_deref().is_some_and(|written| !text::is_courriel(written)) {
        errors.add("courriel", COURRIEL_REFUSE);
    }
    let written = text::some(site_web);
    let site_web = written.as_deref().and_then(read_site_web);
    if written.is_some() && site_web.is_none() {
        errors.add("site_web", SITE_WEB_REFUSE);
    }
    let description = text::some(description);
    if description.as_deref().is_some_and(|words| words.chars().count() > DESCRIPTION) {
        errors.add("description", format!("c’est trop long : {DESCRIPTION} signes au plus"));
    }
    if errors.is_empty() && telephone.is_none() && courriel.is_none() && site_web.is_none() {
        errors.add("telephone", "laissez au moins un moyen de joindre la structure : téléphone, courriel ou site");
    }
    let presentation = Presentation { contact: Contact { telephone, courriel, site_web }, description };
    if errors.is_empty() { Ok(presentation) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_put_as_it_is_published() {
        let read = read("0254000001", " accueil@example.org ", "example.org", "").unwrap();
        assert_eq!(read.contact.telephone.as_deref(), Some("02 54 00 00 01"));
        assert_eq!(read.contact.courriel.as_deref(), Some("accueil@example.org"));
        assert_eq!((read.contact.site_web.as_deref(), read.description), (Some("https://example.org"), None));
    }

    #[test]
    fn each_wrong_field_says_so_and_one_way_of_being_reached_stays() {
        let errors = read("douze", "@", "javascript:alert(1) //", &"x".repeat(DESCRIPTION + 1)).unwrap_err();
        assert_eq!(errors.iter().map(|one| one.field).collect::<Vec<_>>(), ["telephone", "courriel", "site_web", "description"]);
        assert!(read("", "", "ftp://example.org", "").unwrap_err().about("site_web").is_some());
        assert!(read("", "", "", "Une description").unwrap_err().about("telephone").is_some());
        assert!(read("", "", "example.org", &"x".repeat(DESCRIPTION)).is_ok());
    }
}
