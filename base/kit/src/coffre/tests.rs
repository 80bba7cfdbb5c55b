//! What must open, and all that must not.

use std::os::unix::fs::PermissionsExt;

use super::{ClesRefusees, Coffre, Illisible, Place};
use crate::Id;

const OLD: &str = "ancienne AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "nouvelle HxwdGhsYGRYXFBUSExAREA4PDA0KCwgJBgcEBQIDAAE=";

fn place(colonne: &'static str, row: &str) -> Place {
    Place { table: "accueil_demande", colonne, territoire: Id::from_name("brenne"), id: Id::from_name(row) }
}

#[test]
fn a_text_opens_in_its_place_and_is_never_stored_twice_the_same() {
    let coffre = Coffre::parse(OLD).unwrap();
    for text in ["", "02 54 28 12 12", "préfère le matin 🙂", &"é".repeat(2_000)] {
        let (first, second) = (coffre.seal(place("note", "1"), text).unwrap(), coffre.seal(place("note", "1"), text).unwrap());
        assert!(first != second && first.starts_with("v1.ancienne."));
        assert_eq!(coffre.open(place("note", "1"), &first).as_deref(), Ok(text));
    }
}

#[test]
fn a_text_moved_to_another_row_column_or_territoire_does_not_open() {
    let coffre = Coffre::parse(OLD).unwrap();
    let sealed = coffre.seal(place("note", "1"), "le matin").unwrap();
    let elsewhere = Place { territoire: Id::from_name("ailleurs"), ..place("note", "1") };
    for wrong in [place("note", "2"), place("rappel_nom", "1"), elsewhere, Place { table: "autre", ..place("note", "1") }] {
        assert_eq!(coffre.open(wrong, &sealed), Err(Illisible::Altere), "{wrong:?}");
    }
}

#[test]
fn an_altered_or_truncated_text_is_refused_and_never_panics() {
    let coffre = Coffre::parse(OLD).unwrap();
    let sealed = coffre.seal(place("note", "1"), "le matin").unwrap();
    for at in 0..sealed.len() {
        let mut bytes = sealed.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(bytes).unwrap();
        assert!(coffre.open(place("note", "1"), &altered).is_err(), "byte {at}: {altered}");
        assert!(coffre.open(place("note", "1"), &sealed[..at]).is_err(), "cut at {at}");
    }
    for wrong in ["v1..", "v1.ancienne.", "v1.ancienne.é", "v2.ancienne.AAAA", "02 54 28 12 12", "\u{0}"] {
        assert!(coffre.open(place("note", "1"), wrong).is_err(), "{wrong}");
    }
    assert_eq!(coffre.open(place("note", "1"), "le matin"), Err(Illisible::EnClair));
}

#[test]
fn the_newest_key_encrypts_and_all_open() {
    let sealed = Coffre::parse(OLD).unwrap().seal(place("note", "1"), "le matin").unwrap();
    let both = Coffre::parse(&format!("# deux clés\n\n{OLD}\n{NEW}\n")).unwrap();
    assert_eq!(both.open(place("note", "1"), &sealed).as_deref(), Ok("le matin"));
    assert!(both.seal(place("note", "1"), "x").unwrap().starts_with(&both.newest_prefix()) && both.newest_prefix() == "v1.nouvelle.");
    let lost = Coffre::parse(NEW).unwrap().open(place("note", "1"), &sealed);
    assert_eq!(lost, Err(Illisible::CleManquante("ancienne".into())));
    let wrong = Coffre::parse(&NEW.replace("nouvelle", "ancienne")).unwrap();
    assert_eq!(wrong.open(place("note", "1"), &sealed), Err(Illisible::Altere), "the same name, another key");
}

#[test]
fn a_stamp_is_the_same_for_one_use_in_one_territoire_and_survives_a_new_key() {
    let line = |id: &str, byte: u8| format!("{id} {}", <base64ct::Base64 as base64ct::Encoding>::encode_string(&[byte; 32]));
    let (first, both) = (Coffre::parse(&line("a", 1)).unwrap(), Coffre::parse(&format!("{}\n{}", line("a", 1), line("b", 2))).unwrap());
    let (ici, ailleurs) = (Id::from_name("brenne"), Id::from_name("drome"));
    let stamp = |coffre: &Coffre, usage, territoire, text| coffre.stamp(usage, territoire, text).unwrap();
    let known = stamp(&first, "sms", ici, "+33612345678");
    assert_eq!(stamp(&both, "sms", ici, "+33612345678"), known);
    let others = [
        stamp(&first, "appel", ici, "+33612345678"),
        stamp(&first, "sms", ailleurs, "+33612345678"),
        stamp(&first, "sms", ici, "+33612345679"),
        stamp(&Coffre::parse(&line("b", 2)).unwrap(), "sms", ici, "+33612345678"),
    ];
    assert!(others.iter().all(|other| *other != known) && known.len() == 64);
}

#[test]
fn a_file_of_keys_that_is_not_one_is_refused() {
    let refused = |text: &str| Coffre::parse(text).unwrap_err();
    assert_eq!(refused("# rien\n"), ClesRefusees::Aucune);
    assert_eq!(refused(&format!("{OLD}\nsans-cle")), ClesRefusees::Ligne(2));
    assert_eq!(refused("courte AAEC"), ClesRefusees::Ligne(1));
    assert_eq!(refused(&format!("un.point {}", &OLD[9..])), ClesRefusees::Ligne(1));
    assert_eq!(refused(&format!("{OLD}\n{OLD}")), ClesRefusees::Doublon(2));
}

#[test]
fn keys_are_never_shown() {
    assert_eq!(format!("{:?}", Coffre::parse(OLD).unwrap()), "Coffre { cles: [\"ancienne\"] }");
}

#[test]
fn a_file_is_its_owners_only_is_never_overwritten_and_grows_by_one_key() {
    let path = std::env::temp_dir().join(format!("maillage-cles-{}", std::process::id()));
    let first = Coffre::create(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let sealed = first.seal(place("note", "1"), "le matin").unwrap();
    assert!(Coffre::create(&path).unwrap_err().to_string().contains("existe déjà"));
    let turned = Coffre::rotate(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(turned.newest_prefix() != first.newest_prefix());
    assert_eq!(turned.open(place("note", "1"), &sealed).as_deref(), Ok("le matin"));
    std::fs::remove_file(&path).unwrap();
    assert!(Coffre::read(&path).unwrap_err().to_string().contains("ne s’ouvre pas"));
}

#[test]
fn a_short_secret_is_found_again_with_its_key_and_in_its_place_only() {
    let (old, both) = (Coffre::parse(OLD).unwrap(), Coffre::parse(&format!("{OLD}\n{NEW}")).unwrap());
    let place = Place { table: "t", colonne: "c", territoire: Id::from_name("ici"), id: Id::from_name("ici") };
    let stored = old.fingerprints(place, "ABC234").unwrap().pop().unwrap();
    assert!(both.fingerprints(place, "ABC234").unwrap().contains(&stored), "a new key does not lose what the old one made");
    assert_ne!(both.fingerprints(place, "ABC234").unwrap().last(), Some(&stored));
    assert!(!both.fingerprints(place, "ABC235").unwrap().contains(&stored));
    assert!(!both.fingerprints(Place { territoire: Id::from_name("ailleurs"), ..place }, "ABC234").unwrap().contains(&stored));
    let other = Coffre::parse(&NEW.replace("nouvelle", "ancienne")).unwrap();
    assert!(!other.fingerprints(place, "ABC234").unwrap().contains(&stored), "without the key, trying all of them finds nothing");
}
