//! What holds for any text, whatever it says.

use std::collections::HashSet;

use proptest::prelude::*;

use crate::besoin::{Reconnaissance, Taxonomie};

proptest! {
    #[test]
    fn any_text_gives_ordered_scores_between_zero_and_one(texte in "\\PC{0,60}|[a-zé' ]{0,80}|(garde|nuit|repas|aide| |é){0,12}") {
        let taxonomie = Taxonomie::get();
        let trouves = taxonomie.search(&texte, 100);
        prop_assert!(trouves.iter().all(|trouve| (0.0..=1.0).contains(&trouve.score)));
        prop_assert!(trouves.windows(2).all(|paire| paire[0].score >= paire[1].score));
        prop_assert_eq!(&trouves, &taxonomie.search(&texte, 100));
        let rangs: HashSet<u8> = trouves.iter().map(|trouve| trouve.besoin.rang).collect();
        prop_assert_eq!(rangs.len(), trouves.len());
        if let Reconnaissance::Reconnu(besoins) = taxonomie.recognise(&texte) {
            prop_assert!((1..=3).contains(&besoins.len()));
        }
    }

    #[test]
    fn a_shorter_list_is_the_beginning_of_a_longer_one(texte in "[a-zé ]{0,40}", limite in 0usize..10) {
        let taxonomie = Taxonomie::get();
        let longue = taxonomie.search(&texte, 100);
        let courte = taxonomie.search(&texte, limite);
        prop_assert_eq!(&longue[..courte.len()], &courte[..]);
    }
}
