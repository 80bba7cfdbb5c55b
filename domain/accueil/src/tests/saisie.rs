//! What a form may say, at its limits.

use kit::Id;

use crate::model::{Canal, Finalite, Issue, Motif};
use crate::saisie::{Circonstance, DemandeInput, parse_issue};

fn web() -> Circonstance {
    Circonstance { territoire_id: Id::from_name("t"), canal: Canal::Web, now: testkit::NOON, compte_id: None }
}

fn right() -> DemandeInput {
    DemandeInput {
        commune: "26165".into(),
        besoin: "menage".into(),
        rappel_telephone: "0475254382".into(),
        consentement: "oui".into(),
        ..DemandeInput::default()
    }
}

fn refused_field(input: &DemandeInput, circonstance: Circonstance) -> String {
    input.parse(circonstance).unwrap_err().iter().map(|error| error.field).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_right_form_is_read_and_its_number_written_as_france_does() {
    let demande = right().parse(web()).unwrap();
    assert_eq!(demande.rappel.telephone.as_deref(), Some("04 75 25 43 82"));
    let [agreed] = demande.consentements.as_slice() else { panic!("one agreement") };
    assert_eq!((agreed.finalite, agreed.donne_at, agreed.retire_at), (Finalite::Rappel, testkit::NOON, None));
    assert!(agreed.texte_montre.starts_with("J’accepte que mon nom"));
    assert_eq!(demande.issue, None);
}

#[test]
fn nothing_personal_is_kept_without_consent() {
    let input = DemandeInput { consentement: String::new(), ..right() };
    assert_eq!(refused_field(&input, web()), "consentement");
}

#[test]
fn each_missing_thing_is_said_beside_its_field() {
    assert_eq!(refused_field(&DemandeInput { commune: String::new(), ..right() }, web()), "commune");
    assert_eq!(refused_field(&DemandeInput { commune: String::new(), besoin: String::new(), ..right() }, web()), "commune besoin");
    assert_eq!(refused_field(&DemandeInput { commune: "26400".into(), ..right() }, web()), "commune");
    assert_eq!(refused_field(&DemandeInput { besoin: " ".into(), ..right() }, web()), "besoin");
    assert_eq!(refused_field(&DemandeInput { besoin: "xyzzy".into(), ..right() }, web()), "besoin");
    assert_eq!(refused_field(&DemandeInput { rappel_telephone: "31 février".into(), ..right() }, web()), "rappel_telephone");
    assert_eq!(refused_field(&DemandeInput { rappel_courriel: "moi".into(), ..right() }, web()), "rappel_courriel");
}

#[test]
fn a_text_is_refused_one_character_past_its_limit() {
    assert!(DemandeInput { note: "é".repeat(2_000), ..right() }.parse(web()).is_ok());
    assert_eq!(refused_field(&DemandeInput { note: "é".repeat(2_001), ..right() }, web()), "note");
    assert_eq!(refused_field(&DemandeInput { cle: "x".repeat(65), ..right() }, web()), "cle");
}

#[test]
fn the_team_says_how_a_demande_ends_and_the_public_cannot() {
    let team = Circonstance { compte_id: Some(Id::from_name("c")), canal: Canal::Telephone, ..web() };
    assert_eq!(refused_field(&right(), team), "issue");
    let ended = DemandeInput { issue: "orientee".into(), ..right() };
    assert_eq!(ended.parse(team).unwrap().issue, Some(Issue::Orientee));
    assert_eq!(ended.parse(web()).unwrap().issue, None);
}

#[test]
fn only_what_has_no_solution_has_a_reason_and_must_have_one() {
    assert_eq!(parse_issue("sans_solution", "trop_cher"), Ok((Issue::SansSolution, Some(Motif::TropCher))));
    assert_eq!(parse_issue("sans_solution", "").unwrap_err().0, "motif");
    assert_eq!(parse_issue("orientee", "trop_cher"), Ok((Issue::Orientee, None)));
    assert_eq!(parse_issue("perdue", "").unwrap_err().0, "issue");
}
