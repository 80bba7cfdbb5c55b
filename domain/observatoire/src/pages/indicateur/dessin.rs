//! The drawings of an indicator: its line through the months, and its axis as bars or as a map.

use std::collections::BTreeMap;

use annuaire::cartes::quantiles::{CarteDeValeurs, Valeur as Place, map_valeurs};
use comptes::Equipier;
use kit::Result;
use territoire::{Commune, Referentiel, Territoire};

use super::super::dessins::{Serree, draw_carte, draw_ligne, draw_rangs, say_pas};
use super::{Ligne, Question};
use crate::bilan::DessinBilan;
use crate::indicateurs::calcul::{Absence, Valeur, say};
use crate::indicateurs::lecture::Source;
use crate::indicateurs::mensuel::read_points;
use crate::indicateurs::{Axe, Unite};

/// Months, and years, are small counts: they are drawn for those who may read these.
pub async fn draw_months(source: Source<'_>, question: &Question, is_masque: bool) -> Result<Option<DessinBilan>> {
    let (indicateur, comparaison) = (question.indicateur, question.comparaison());
    if is_masque && indicateur.is_about_people() {
        return Ok(None);
    }
    let today = source.now.day();
    let (points, others) = (comparaison.plage.points(today), comparaison.avant.points(today));
    let Some(now) = read_points(source, indicateur, &points).await? else { return Ok(None) };
    let before = if comparaison.is_egale() { read_points(source, indicateur, &others).await? } else { None };
    let serree = Serree { cle: "mois", titre: format!("{}, {}", indicateur.libelle, say_pas(&points)), unite: indicateur.unite };
    Ok(draw_ligne(&serree, (&points, &now), before.as_deref().map(|before| (others.as_slice(), before))))
}

/// What the table says, drawn: communes on a map, hours in the order of the day, the rest as bars, the highest first.
pub async fn draw_axe(equipier: &Equipier, question: &Question, lignes: &[Ligne]) -> Result<Option<DessinBilan>> {
    let Some(axe) = question.axe else { return Ok(None) };
    let titre = format!("{}, par {}", question.indicateur.libelle, axe.label());
    let unite = question.indicateur.unite;
    if axe == Axe::Commune {
        let known = lignes.iter().map(|one| (one.code.clone(), one.comparee.now.valeurs()[0])).collect();
        let territoire = equipier.territoire.clone();
        // Every outline: away from the threads that answer.
        let drawn = tokio::task::spawn_blocking(move || map_communes(&territoire, (titre, unite), &known)).await;
        return Ok(drawn.map_err(anyhow::Error::from)?);
    }
    let mut shown: Vec<&Ligne> = lignes.iter().collect();
    let rank = |one: &Ligne| one.comparee.now.valeurs()[0].unwrap_or(f64::NEG_INFINITY);
    match axe {
        Axe::Heure => shown.sort_by(|one, other| one.code.cmp(&other.code)),
        _ => shown.sort_by(|one, other| rank(other).total_cmp(&rank(one))),
    }
    let valeurs: Vec<(String, Valeur)> = shown.iter().map(|one| (one.libelle.clone(), one.comparee.now.valeurs()[0])).collect();
    Ok(draw_rangs(&Serree { cle: "axe", titre, unite }, &valeurs))
}

fn map_communes(territoire: &Territoire, (titre, unite): (String, Unite), known: &BTreeMap<String, Valeur>) -> Option<DessinBilan> {
    // A commune that merged is shown where it is today.
    let today = |code: &str| Referentiel::get().resolve_code(code).ok().map(|found| found.commune.rang);
    let by_rang: BTreeMap<u16, Valeur> = known.iter().filter_map(|(code, valeur)| Some((today(code)?, *valeur))).collect();
    let place = |commune: &Commune| match by_rang.get(&commune.rang) {
        Some(Ok(valeur)) => Place::Connue(*valeur),
        Some(Err(Absence::Masque | Absence::NonPublie)) => Place::Masquee,
        // Nothing counted is nought; a share of nothing is no share.
        None if unite == Unite::Nombre => Place::Connue(0.0),
        Some(Err(_)) | None => Place::NonCalculable,
    };
    let asked = CarteDeValeurs {
        titre: titre.clone(),
        phrases: vec![],
        intitule: "Communes",
        colonnes: &["Commune", "Habitants", "Valeur"],
        valeurs: territoire.list_communes().map(|commune| (commune, place(commune))).collect(),
    };
    draw_carte(titre, &map_valeurs(asked, |valeur| say(unite, Ok(valeur))))
}
