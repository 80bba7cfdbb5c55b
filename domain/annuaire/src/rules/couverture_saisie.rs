//! A coverage as somebody of the field types it: a place by line, « sauf » before an exception. Read back, it gives the same.

use territoire::{CodeInsee, Commune, Referentiel, Territoire};

use super::commune_dite;
use super::couverture::{Couverture, Part};

/// One line per part: « CC du Val de Drôme (242600252) », « sauf Allex (26006) ». The codes make it certain.
pub fn write_lines(couverture: &Couverture, territoire: &Territoire) -> String {
    let line = |part: &Part| write_part(part, territoire);
    let excepted = couverture.exclues.iter().map(|part| format!("sauf {}", line(part)));
    couverture.incluses.iter().map(line).chain(excepted).collect::<Vec<_>>().join("\n")
}

fn write_part(part: &Part, territoire: &Territoire) -> String {
    let national = Referentiel::get();
    let commune = |code: &CodeInsee| national.find_commune(*code).map_or_else(|| code.to_string(), commune_dite::write);
    match part {
        Part::France => "France entière".into(),
        Part::Departement(code) => {
            national.find_departement(code).map_or_else(|| part.to_string(), |one| format!("département {} ({code})", one.nom))
        }
        Part::Epci(code) => national.find_epci(code).map_or_else(|| part.to_string(), |one| format!("{} ({code})", one.nom)),
        Part::Bassin(code) => {
            let nom = territoire.bassins.iter().find(|one| one.code == *code).map_or(code.as_str(), |one| one.nom.as_str());
            format!("bassin {nom}")
        }
        Part::Commune(code) => commune(code),
        Part::Rayon(km, None) => format!("{km} km autour du lieu"),
        Part::Rayon(km, Some(code)) => format!("{km} km autour de {}", commune(code)),
    }
}

/// Reads the lines; the sentence says which one is not understood, and what could be written.
pub fn read_lines(texte: &str, territoire: &Territoire) -> Result<Couverture, String> {
    let mut couverture = Couverture::default();
    for line in texte.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let excepted = strip_word(line, "sauf");
        let part = read_part(excepted.unwrap_or(line), territoire)?;
        let side = if excepted.is_some() { &mut couverture.exclues } else { &mut couverture.incluses };
        if !side.contains(&part) {
            side.push(part);
        }
    }
    // The stored form refuses what contradicts itself or is empty.
    couverture.to_string().parse().map_err(|refusal: super::couverture::CouvertureRefusee| refusal.to_string())
}

/// What follows a first word, whatever its case.
fn strip_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let (first, rest) = line.split_once(' ')?;
    (kit::text::fold(first) == word).then(|| rest.trim())
}

fn read_part(line: &str, territoire: &Territoire) -> Result<Part, String> {
    if let Ok(part) = line.parse::<Part>() {
        return Ok(part);
    }
    let folded = kit::text::fold(line);
    if folded == "france entiere" || folded == "france" || folded == "toute la france" {
        return Ok(Part::France);
    }
    if let Some(part) = read_rayon(line, territoire)? {
        return Ok(part);
    }
    if let Some(part) = read_code(line) {
        return Ok(part);
    }
    read_name(&folded, territoire).or_else(|| commune_dite::read(line, None).map(|one| Part::Commune(one.code))).ok_or_else(|| {
        format!(
            "« {line} » n’est pas reconnu : écrivez par ligne une commune, une communauté de communes, un bassin, « 15 km autour du lieu » \
             ou « France entière », et « sauf » devant une exception"
        )
    })
}

/// « 15 km autour du lieu », « 15 km autour de Crest (26108) ».
fn read_rayon(line: &str, territoire: &Territoire) -> Result<Option<Part>, String> {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let Some((number, rest)) = line.split_at_checked(digits) else { return Ok(None) };
    let Some(rest) = rest.trim().strip_prefix("km").filter(|_| !number.is_empty()) else { return Ok(None) };
    let km = number.parse::<u32>().ok().filter(|km| (1..=300).contains(km)).ok_or("un rayon va de 1 à 300 km")?;
    let around = rest.trim().trim_start_matches("autour").trim();
    let place = strip_word(around, "de").or_else(|| around.strip_prefix("d’")).or_else(|| around.strip_prefix("d'"));
    let Some(place) = place else { return Ok(Some(Part::Rayon(km, None))) };
    match read_part(place, territoire)? {
        Part::Commune(code) => Ok(Some(Part::Rayon(km, Some(code)))),
        _ => Err(format!("« {place} » n’est pas une commune : un rayon part d’une commune")),
    }
}

/// A code between parentheses says what the line is: nine digits an EPCI, five a commune, two or three a département.
fn read_code(line: &str) -> Option<Part> {
    let code = line.strip_suffix(')')?.rsplit_once('(')?.1.trim();
    let national = Referentiel::get();
    match code.len() {
        9 => national.find_epci(code).map(|one| Part::Epci(one.code.to_string())),
        5 => national.resolve_code(code).ok().map(|found| Part::Commune(found.commune.code)),
        2 | 3 => national.find_departement(code).map(|one| Part::Departement(one.code.to_string())),
        _ => None,
    }
}

/// A name of the territoire: a bassin, a commune, an EPCI, a département.
fn read_name(folded: &str, territoire: &Territoire) -> Option<Part> {
    let national = Referentiel::get();
    let bare = folded.strip_prefix("bassin ").map(|rest| rest.trim_start_matches("de ").trim_start_matches("d "));
    if let Some(bassin) = bare.and_then(|name| territoire.bassins.iter().find(|one| kit::text::fold(&one.nom) == name || one.code == name))
    {
        return Some(Part::Bassin(bassin.code.clone()));
    }
    let own: Vec<&Commune> = territoire.communes.iter().filter_map(|rang| national.commune(*rang)).collect();
    if let Some(commune) = own.iter().find(|commune| kit::text::fold(&commune.nom) == folded) {
        return Some(Part::Commune(commune.code));
    }
    let mut epcis =
        own.iter().filter_map(|commune| national.epcis().iter().find(|epci| epci.communes.binary_search(&commune.rang).is_ok()));
    if let Some(epci) = epcis.find(|epci| kit::text::fold(&epci.nom) == folded) {
        return Some(Part::Epci(epci.code.to_string()));
    }
    let departement = folded.strip_prefix("departement ").map(|rest| rest.trim_start_matches("de la ").trim_start_matches("de l "))?;
    national.departements().iter().find(|one| kit::text::fold(&one.nom) == departement).map(|one| Part::Departement(one.code.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::territoire;

    #[test]
    fn what_is_written_is_read_back_the_same() {
        let territoire = territoire();
        for stored in [
            "epci:242600252 sauf commune:26006",
            "commune:26165 commune:26166",
            "departement:26 rayon:15 rayon:20@26108",
            "france",
            "departement:2A sauf commune:2A004",
        ] {
            let couverture: Couverture = stored.parse().unwrap();
            let lines = write_lines(&couverture, &territoire);
            assert_eq!(read_lines(&lines, &territoire).unwrap(), couverture, "{lines}");
        }
    }

    #[test]
    fn people_type_names_and_the_house_form() {
        let territoire = territoire();
        let read = |texte: &str| read_lines(texte, &territoire).map(|one| one.to_string());
        assert_eq!(read("Livron sur drome\n\n sauf  ALLEX").as_deref(), Ok("commune:26165 sauf commune:26006"));
        assert_eq!(read("15 km\nLivron-sur-Drôme\nlivron-sur-drôme").as_deref(), Ok("rayon:15 commune:26165"));
        assert_eq!(read("epci:242600252").as_deref(), Ok("epci:242600252"));
        assert_eq!(read("Montélimar").as_deref(), Ok("commune:26198"), "a neighbour, known by its name alone");
        assert!(read("Saint-Aubin").is_err_and(|why| why.contains("Saint-Aubin")), "nine communes have this name");
        for (wrong, said) in [
            ("", "aucune commune"),
            ("sauf Allex", "aucune commune"),
            ("Atlantide", "« Atlantide »"),
            ("900 km", "300 km"),
            ("12 km autour de Nulle", "Nulle"),
        ] {
            assert!(read(wrong).is_err_and(|why| why.contains(said)), "{wrong}: {:?}", read(wrong));
        }
    }
}
