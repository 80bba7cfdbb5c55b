//! Which communes of a book a service reaches, in as few words as stay true.

/// Beyond so many names an entry would be a list of communes: the index by commune tells them.
const NOMS: usize = 14;

/// The communes of a book, and how it is called.
#[derive(Clone, Copy, Debug)]
pub struct Etendue<'a> {
    /// « le bassin », « le territoire ».
    pub nom: &'a str,
    /// Names, in the order of the alphabet.
    pub communes: &'a [&'a str],
}

/// Those that are served, one flag a commune of the book: « tout le bassin », « tout le bassin sauf Eurre », « Crest, Aouste ».
/// None when nothing is.
pub fn dire(etendue: Etendue<'_>, served: &[bool]) -> Option<String> {
    let Etendue { nom, communes } = etendue;
    let pick = |wanted: bool| -> Vec<&str> {
        communes.iter().zip(served).filter(|(_, is_served)| **is_served == wanted).map(|(commune, _)| *commune).collect()
    };
    let (inside, outside) = (pick(true), pick(false));
    match (inside.len(), outside.len()) {
        (0, _) => None,
        (_, 0) if communes.len() == 1 => Some(inside.concat()),
        (_, 0) => Some(format!("tout {nom}")),
        (inside_count, outside_count) if outside_count <= NOMS && outside_count < inside_count => {
            Some(format!("tout {nom} sauf {}", enumerate(&outside)))
        }
        (count, _) if count <= NOMS => Some(enumerate(&inside)),
        (count, _) => Some(format!("{count} des {} communes (voir l’index des communes)", communes.len())),
    }
}

/// « Crest », « Crest et Aouste », « Crest, Aouste et Eurre ».
pub fn enumerate(noms: &[&str]) -> String {
    match noms {
        [] => String::new(),
        [seul] => (*seul).to_string(),
        [debut @ .., dernier] => format!("{} et {dernier}", debut.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(count: usize, is_served: impl Fn(usize) -> bool) -> Option<String> {
        let noms: Vec<String> = (0..count).map(|rang| format!("C{rang}")).collect();
        let noms: Vec<&str> = noms.iter().map(String::as_str).collect();
        let served: Vec<bool> = (0..count).map(is_served).collect();
        dire(Etendue { nom: "le bassin", communes: &noms }, &served)
    }

    #[test]
    fn the_whole_and_the_whole_but_a_few_are_said_as_such() {
        assert_eq!(say(300, |_| true).unwrap(), "tout le bassin");
        assert_eq!(say(300, |rang| rang > 1).unwrap(), "tout le bassin sauf C0 et C1");
        assert_eq!(say(300, |rang| rang < 3).unwrap(), "C0, C1 et C2");
        assert_eq!(say(300, |_| false), None);
    }

    #[test]
    fn a_few_communes_are_named_rather_than_the_others() {
        assert_eq!(say(4, |rang| rang < 2).unwrap(), "C0 et C1", "as many in as out: those that are served");
        assert_eq!(say(4, |rang| rang < 3).unwrap(), "tout le bassin sauf C3");
        assert_eq!(say(1, |_| true).unwrap(), "C0", "a book of one commune is that commune");
    }

    #[test]
    fn neither_list_fits_and_the_index_tells() {
        assert_eq!(say(300, |rang| rang % 2 == 0).unwrap(), "150 des 300 communes (voir l’index des communes)");
    }
}
