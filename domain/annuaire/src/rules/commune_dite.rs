//! A commune as somebody types it: its code, its name followed by its code, or a name that designates only one.

use territoire::{Commune, Referentiel, Territoire};

/// « Crest (26108) »: what a form shows, and reads back for certain.
pub fn write(commune: &Commune) -> String {
    format!("{} ({})", commune.nom, commune.code)
}

/// The commune of a text: of the territoire first, when there is one. A name that several have designates none.
pub fn read(typed: &str, territoire: Option<&Territoire>) -> Option<&'static Commune> {
    let (national, typed) = (Referentiel::get(), typed.trim());
    let code = typed.strip_suffix(')').and_then(|open| open.rsplit_once('(')).map_or(typed, |(_, code)| code.trim());
    if let Ok(found) = national.resolve_code(code) {
        return Some(found.commune);
    }
    let own = territoire.and_then(|territoire| find_only(typed, Some(&|rang| territoire.communes.binary_search(&rang).is_ok())));
    own.or_else(|| find_only(typed, None))
}

fn find_only(typed: &str, perimetre: Option<&dyn Fn(u16) -> bool>) -> Option<&'static Commune> {
    let found = Referentiel::get().search_communes(typed, perimetre, 2);
    let mut exact = found.iter().filter(|one| one.raison.is_exact());
    match (exact.next(), exact.next()) {
        (Some(one), None) => Some(one.commune),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::territoire;

    #[test]
    fn a_commune_is_read_by_code_or_by_a_name_that_only_one_has() {
        let read = |typed: &str| super::read(typed, Some(&territoire())).map(|one| one.code.to_string());
        assert_eq!(read(" allex ").as_deref(), Some("26006"));
        assert_eq!(read("26006").as_deref(), Some("26006"));
        assert_eq!(read("N’importe quoi (26006)").as_deref(), Some("26006"));
        assert_eq!(read("Montélimar").as_deref(), Some("26198"), "beyond the territoire");
        for nowhere in ["", "Saint-Aubin", "Atlantide", "99999", "(", "🙂"] {
            assert_eq!(read(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let allex = Referentiel::get().resolve_code("26006").unwrap().commune;
        assert_eq!(super::read(&write(allex), None).map(|one| one.code), Some(allex.code));
    }
}
