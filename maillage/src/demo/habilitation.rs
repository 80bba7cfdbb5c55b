//! By what right the structures of the demo exercise: most have noted their acts, one act is about to end, some noted nothing.

use annuaire::fiche::{Fiche, NatureRegime, Regime};
use annuaire::regime::{Exigence, list_manquantes};
use annuaire::storage::fiche::{find_fiche, save_fiche};
use annuaire::storage::historique::{Cause, Trace};
use annuaire::storage::list_structures;
use annuaire::{Categorie, Intervention};
use chrono::{Days, NaiveDate};
use kit::{Id, Instant, Result};
use territoire::{Referentiel, Territoire};

use crate::App;

pub async fn record(app: &App, territoire: &Territoire, now: Instant) -> Result<()> {
    let structures = list_structures(&app.db, territoire.id, "", 0).await?;
    for (rang, listed) in structures.iter().enumerate() {
        let Some(known) = find_fiche(app.db.read(), territoire.id, listed.id.parse()?).await? else { continue };
        // One in four has still to say it.
        if !has_acts(known.fiche.structure.categorie) || rang % 4 == 3 {
            continue;
        }
        let mut apres = known.fiche.clone();
        for regime in make(&known.fiche, (territoire, rang), now.day()) {
            apres.regimes.insert(Id::new(now), regime);
        }
        let trace = Trace { auteur_id: None, auteur: "Référente de la structure", cause: Cause::Structure, lot: None };
        let tx = app.db.begin().await?;
        save_fiche(&tx, territoire.id, (&known, &apres), &trace, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whose services are « à la personne »: a town hall has no act to note.
fn has_acts(categorie: Categorie) -> bool {
    use Categorie::{Admr, Association, AssociationIntermediaire, Ccas, Entreprise, MicroEntreprise, Saad};
    matches!(categorie, Admr | Association | AssociationIntermediaire | Ccas | Entreprise | MicroEntreprise | Saad)
}

/// A row for each activity that its services call for.
fn make(fiche: &Fiche, (territoire, rang): (&Territoire, usize), today: NaiveDate) -> Vec<Regime> {
    let commune = territoire.communes.first().and_then(|rang| Referentiel::get().commune(*rang));
    let departement = commune.and_then(|commune| Referentiel::get().departements().get(usize::from(commune.departement_rang)));
    let departements: Vec<String> = departement.iter().map(|one| one.code.to_string()).collect();
    let age = 200 + 90 * u64::try_from(rang % 12).unwrap_or_default();
    let du = today.checked_sub_days(Days::new(age));
    let act = |activite: &str, nature, intervention, years: Option<u64>| Regime {
        nature,
        activite: activite.to_string(),
        intervention,
        public: None,
        numero: None,
        // An autorisation says by itself that the Département gave it.
        autorite: (nature != NatureRegime::Autorisation).then(|| "le préfet".to_string()),
        du,
        au: years.and_then(|years| du?.checked_add_days(Days::new(years * 365))),
        departements: if nature == NatureRegime::Declaration { vec![] } else { departements.clone() },
    };
    let called = list_manquantes(fiche, today).into_iter();
    called
        .map(|activite| match activite.exigence {
            Exigence::Declaration => act(&activite.code, NatureRegime::Declaration, None, None),
            Exigence::Agrement => act(&activite.code, NatureRegime::Agrement, None, Some(5)),
            Exigence::SelonIntervention if fiche.structure.categorie == Categorie::AssociationIntermediaire => {
                act(&activite.code, NatureRegime::Agrement, Some(Intervention::MiseADisposition), Some(5))
            }
            Exigence::SelonIntervention => act(&activite.code, NatureRegime::Autorisation, Some(Intervention::Prestataire), Some(15)),
        })
        .collect()
}
