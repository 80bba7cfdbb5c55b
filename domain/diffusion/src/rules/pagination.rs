//! Pages by number, as HSDS asks for them, and by cursor.

use kit::{Error, Id, Result};
use serde_json::{Value, json};

pub const PAR_PAGE: i64 = 50;
pub const PAR_PAGE_MAXIMUM: i64 = 100;
/// Beyond, nobody reads on by hand, and counting costs.
const PAGE_MAXIMUM: i64 = 1_000_000;

/// A page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub numero: i64,
    pub taille: i64,
}

impl Page {
    pub fn read(page: &str, per_page: &str) -> Result<Self> {
        Ok(Self { numero: number("page", page, (1, PAGE_MAXIMUM))?, taille: number("per_page", per_page, (PAR_PAGE, PAR_PAGE_MAXIMUM))? })
    }

    pub fn offset(self) -> i64 {
        (self.numero - 1) * self.taille
    }

    /// The envelope of the API of HSDS.
    pub fn wrap(self, total: i64, contents: Vec<Value>) -> Value {
        let pages = (total + self.taille - 1) / self.taille;
        json!({
            "total_items": total,
            "total_pages": pages,
            "page_number": self.numero,
            "size": contents.len(),
            "first_page": self.numero == 1,
            "last_page": self.numero >= pages,
            "empty": contents.is_empty(),
            "contents": contents,
        })
    }
}

/// Where the page of several lists read one after the other begins and ends in one of them.
pub fn window(skipped: &mut i64, wanted: &mut i64, count: i64) -> Option<(i64, i64)> {
    let offset = (*skipped).min(count);
    *skipped -= offset;
    let limit = (*wanted).min(count - offset);
    *wanted -= limit;
    (limit > 0).then_some((offset, limit))
}

/// A whole number from 1 to a maximum; the first of the pair when nothing is written.
pub fn number(name: &str, written: &str, (otherwise, maximum): (i64, i64)) -> Result<i64> {
    let refused = || Error::Unreadable(format!("{name}={written} ne convient pas : écrivez un nombre de 1 à {maximum}"));
    match written.trim() {
        "" => Ok(otherwise),
        written => written.parse().ok().filter(|number| (1..=maximum).contains(number)).ok_or_else(refused),
    }
}

/// The last thing that was read: whoever shows it is given what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curseur {
    pub territoire: String,
    pub structure: Id,
    pub service: Option<Id>,
}

impl Curseur {
    pub fn read(written: &str) -> Result<Option<Self>> {
        if written.is_empty() {
            return Ok(None);
        }
        let refused = || Error::Unknown("ce curseur n’est pas l’un des nôtres : recopiez « suivant » tel quel".into());
        let parts: Vec<&str> = written.split('.').collect();
        let (territoire, structure, service) = match parts.as_slice() {
            [territoire, structure] => (territoire, structure, None),
            [territoire, structure, service] => (territoire, structure, Some(service)),
            _ => return Err(refused()),
        };
        let service = service.map(|id| id.parse()).transpose().map_err(|_| refused())?;
        Ok(Some(Self { territoire: (*territoire).to_string(), structure: structure.parse().map_err(|_| refused())?, service }))
    }
}

impl std::fmt::Display for Curseur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.territoire, self.structure)?;
        self.service.map_or(Ok(()), |service| write!(f, ".{service}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_over_several_lists() {
        let (mut skipped, mut wanted) = (7, 5);
        let windows: Vec<_> = [3, 6, 0, 10].iter().map(|count| window(&mut skipped, &mut wanted, *count)).collect();
        assert_eq!(windows, [None, Some((4, 2)), None, Some((0, 3))]);
    }

    #[test]
    fn the_envelope_says_where_one_is() {
        let page = Page::read("2", "10").unwrap();
        let envelope = page.wrap(15, vec![json!(1); 5]);
        assert_eq!((envelope["total_pages"].as_i64(), envelope["last_page"].as_bool()), (Some(2), Some(true)));
        let empty = Page::read("", "").unwrap().wrap(0, vec![]);
        assert_eq!(
            (empty["first_page"].as_bool(), empty["last_page"].as_bool(), empty["empty"].as_bool()),
            (Some(true), Some(true), Some(true))
        );
        for (page, size) in [("0", ""), ("-1", ""), ("x", ""), ("", "101"), ("99999999999999999999", "")] {
            assert!(Page::read(page, size).is_err(), "{page} {size}");
        }
    }

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is() {
        let curseur = Curseur { territoire: "brenne".into(), structure: Id::from_name("s"), service: Some(Id::from_name("m")) };
        assert_eq!(Curseur::read(&curseur.to_string()).unwrap(), Some(curseur));
        for wrong in ["a", "a.b", "a.b.c.d", "brenne."] {
            assert!(Curseur::read(wrong).is_err(), "{wrong}");
        }
    }
}
