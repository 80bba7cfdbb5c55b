//! What a first edition begins with, so that nobody starts from an empty page: each word can be changed.

use annuaire::besoin::Taxonomie;

use crate::model::{NaturePage, PageEditoriale, Rubrique};

/// A part for each family of needs.
pub fn list_rubriques() -> Vec<Rubrique> {
    let famille = |one: &annuaire::besoin::Besoin| Rubrique {
        titre: one.libelle.to_string(),
        phrase: one.phrase.to_string(),
        besoins: vec![one.code.to_string()],
    };
    Taxonomie::get().familles().map(famille).collect()
}

const NUMEROS: &str = "\
- 15 : le SAMU, pour un malaise grave
- 17 : la police ou la gendarmerie
- 18 : les pompiers
- 112 : toutes les urgences, partout en Europe
- 114 : toutes les urgences par SMS, pour qui n’entend pas ou ne peut pas parler
- 115 : une place pour la nuit quand on n’a pas de toit
- 116 117 : un médecin de garde, là où ce numéro existe

- 119 : un enfant en danger
- 3919 : une femme victime de violences
- 3977 : une personne âgée ou handicapée maltraitée
- 3114 : des idées de suicide";

const CHOISIR: &str = "\
Une aide chez vous peut venir de trois façons. Le prix, et ce que vous avez à faire, ne sont pas les mêmes.

Prestataire : vous achetez un service.
- La structure emploie la personne, la remplace quand elle est absente et s’occupe de tout.
- Vous signez un contrat et recevez une facture. C’est le plus simple, et souvent le plus cher.

Mandataire : vous êtes l’employeur, on vous aide.
- La structure cherche la personne et prépare les papiers.
- Vous signez le contrat de travail. Vous avez les devoirs d’un employeur : congés, fin de contrat.

Emploi direct : vous êtes l’employeur, seul.
- Vous choisissez la personne et déclarez ses heures, par exemple avec le CESU.
- C’est souvent le moins cher. Rien n’est prévu quand la personne est absente.

Demandez toujours un devis. Il est gratuit : la structure vous le doit dès 100 € par mois, et chaque fois que vous le demandez.";

const DROITS: &str = "\
Plusieurs aides peuvent payer une partie du service. La ligne unique et votre mairie vous disent à qui les demander.

- L’APA, dès 60 ans, pour qui a du mal à faire seul les gestes de tous les jours. On la demande au Département.
- La PCH, pour une personne en situation de handicap. On la demande à la MDPH.
- L’aide de votre caisse de retraite, pour qui se débrouille encore mais se fatigue.
- L’aide de la mutuelle ou de la caisse de retraite au retour de l’hôpital : à demander avant de sortir.
- Le complément de la CAF ou de la MSA pour la garde d’un enfant de moins de 6 ans, ou de 12 ans pour un parent seul.
- Le crédit d’impôt : la moitié de ce que vous payez pour une aide chez vous, dans une limite, même sans impôt à payer.";

/// The pages that the territoire writes, begun for it.
pub fn list_pages() -> Vec<PageEditoriale> {
    let page = |(nature, texte): (NaturePage, &str)| PageEditoriale { nature, titre: nature.label().into(), texte: texte.into() };
    [(NaturePage::Edito, ""), (NaturePage::Numeros, NUMEROS), (NaturePage::Choisir, CHOISIR), (NaturePage::Droits, DROITS)].map(page).into()
}
