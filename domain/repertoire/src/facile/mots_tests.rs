use annuaire::besoin::Taxonomie;

use super::*;

#[test]
fn every_need_has_its_words_and_nothing_else_has() {
    let needs: Vec<&str> = Taxonomie::get().hors_familles().map(|besoin| &*besoin.code).collect();
    let written: toml::Table = toml::from_str(FACILE).unwrap();
    assert!(written.keys().all(|code| needs.contains(&code.as_str())), "words of a need that does not exist");
    for code in needs {
        let mots = find_mots(code).unwrap_or_else(|| panic!("{code} has no words"));
        assert!((2..=4).contains(&mots.quoi.len()) && (1..=4).contains(&mots.pour.len()) && mots.urgence.len() <= 5, "{code}");
    }
    assert_eq!(find_mots("vie-quotidienne"), None, "a family has no sheet");
}

#[test]
fn what_is_proposed_keeps_the_rules() {
    for (code, mots) in MOTS.iter() {
        assert_eq!(advise(mots), [""; 0], "{code}");
        assert_eq!(read_mots(&MotsInput::of(mots)), Ok(Mots { urgence: vec![], gratuit: false, proche: false, ..mots.clone() }), "{code}");
        // A sentence ends by a point, an apostrophe is curly, one word says nothing.
        let is_plain = |phrase: &String| phrase.ends_with('.') && !phrase.contains('\'') && phrase.contains(' ');
        assert!(mots.phrases().all(is_plain) && !mots.dire.contains(['«', '»']), "{code}");
    }
}

#[test]
fn what_is_hard_to_read_is_advised_and_what_has_no_room_is_refused() {
    let hard = [
        ("Un mot puis un autre mot puis encore un mot et un mot de plus.", "12 mots"),
        ("Une aide (payée).", "parenthèse"),
        ("une aide", "majuscule"),
        ("Elle vient deux fois.", "chiffres"),
        ("Demandez l’APA.", "sigle"),
    ];
    for (phrase, why) in hard {
        let mots = Mots { quoi: vec![phrase.into()], dire: "Je cherche une aide.".into(), ..Mots::default() };
        let advice = advise(&mots);
        assert!(advice.len() == 1 && advice[0].contains(why), "{phrase}: {advice:?}");
    }
    let refused = |quoi: &str, pour: &str, dire: &str| -> Vec<&'static str> {
        let input = MotsInput { quoi: quoi.into(), pour: pour.into(), dire: dire.into(), lus: String::new() };
        read_mots(&input).err().map(|errors| errors.iter().map(|one| one.field).collect()).unwrap_or_default()
    };
    assert_eq!(refused("", "\n \n", " "), ["quoi", "pour", "dire"]);
    assert_eq!(refused("a\nb\nc\nd\ne", &"é".repeat(PHRASE + 1), &"x".repeat(DIRE + 1)), ["quoi", "pour", "dire"]);
    assert_eq!(refused(" Une aide.\r\n\r\nChez vous. ", "Vous êtes seul.", "J’ai\nbesoin d’aide."), [""; 0]);
}

#[test]
fn who_read_it_has_a_name_and_a_day_that_has_come() {
    let today = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
    let fields = |par: &str, le: &str| -> Vec<&'static str> {
        read_relecture((par, le), today).err().map(|errors| errors.iter().map(|one| one.field).collect()).unwrap_or_default()
    };
    assert_eq!(fields(" ", "2026-02-31"), ["par", "le"]);
    assert_eq!(fields(&"é".repeat(RELUE_PAR + 1), "2026-07-01"), ["par", "le"]);
    assert_eq!(fields("", "2026-06-30"), ["par"]);
    assert_eq!(fields("Le groupe « Lire ensemble »", "2026-06-30"), [""; 0]);
}

#[test]
fn numbers_to_call_in_an_emergency_are_those_proposed_whatever_is_kept() {
    let propose = find_mots("violences").unwrap();
    let tenus = MotsTenus { mots: Mots { quoi: vec!["Autre chose.".into()], ..Mots::default() }, relecture: None };
    let told = tell_mots(propose, Some(&tenus));
    assert!(!told.urgence.is_empty() && told.urgence == propose.urgence && told.gratuit == propose.gratuit);
    assert_eq!((told.quoi, tell_mots(propose, None)), (tenus.mots.quoi, propose.clone()));
}
