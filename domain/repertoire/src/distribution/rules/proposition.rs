//! How many copies to plan at a place, before anybody has thought of it.

use crate::distribution::NaturePoint;

/// Print shops tie copies by five.
const LIASSE: i64 = 5;
/// A mairie keeps one copy for so many inhabitants.
const HABITANTS: i64 = 25;
const MAIRIE: (i64, i64) = (10, 200);

/// One copy a pupil, and by inhabitants for a mairie; none is proposed for a school whose pupils are not known.
pub fn propose(nature: NaturePoint, eleves: Option<i32>, habitants: u32) -> Option<i64> {
    match nature {
        NaturePoint::Ecole => eleves.map(|eleves| tie(i64::from(eleves))),
        NaturePoint::Mairie => Some(tie(i64::from(habitants) / HABITANTS).clamp(MAIRIE.0, MAIRIE.1)),
        NaturePoint::Commerce | NaturePoint::Autre => Some(10),
        NaturePoint::Cabinet => Some(15),
        NaturePoint::FranceServices => Some(50),
    }
}

fn tie(exemplaires: i64) -> i64 {
    (exemplaires.max(0) + LIASSE - 1) / LIASSE * LIASSE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_has_one_copy_a_pupil_by_whole_bundles() {
        let ecole = |eleves| propose(NaturePoint::Ecole, eleves, 900);
        assert_eq!([0, 1, 5, 6, 84].map(|eleves| ecole(Some(eleves))), [0, 5, 5, 10, 85].map(Some));
        assert_eq!(ecole(None), None);
    }

    #[test]
    fn a_mairie_has_copies_by_inhabitants_between_ten_and_two_hundred() {
        let mairie = |habitants| propose(NaturePoint::Mairie, None, habitants);
        assert_eq!([0, 250, 275, 5_000, 90_000].map(mairie), [10, 10, 15, 200, 200].map(Some));
    }

    #[test]
    fn other_places_have_a_few() {
        for nature in [NaturePoint::Commerce, NaturePoint::Cabinet, NaturePoint::FranceServices, NaturePoint::Autre] {
            assert!(propose(nature, None, 90_000).is_some_and(|copies| (10..=50).contains(&copies)));
        }
    }
}
