//! The year in brief; who asks; what is asked.

use std::collections::BTreeMap;

use accueil::TrancheAge;
use annuaire::cartes::quantiles::{CarteDeValeurs, Valeur, map_valeurs};
use territoire::{Commune, Referentiel, Territoire};
use ui::graphique::{Legende, Pyramide};

use super::super::annee::{Croisee, say_share};
use super::{Couts, DessinBilan, SectionBilan, bars, chiffre, drawn, ranks, say_axe, series, share, table};
use crate::bilan::Compteurs;
use crate::indicateurs::Axe;
use crate::indicateurs::calcul::{Absence, Effectif};
use crate::pages::chiffre::say_effectif as say;
use crate::pages::dessins;
use crate::publication::{Groupes, NON_DIT};

pub fn write_bref(compteurs: &Compteurs, couts: Couts) -> SectionBilan {
    let unmet = compteurs.told("issue:sans_solution");
    let left = match unmet {
        Ok(0) => "Aucune n’est restée sans solution.".into(),
        count => format!("Besoins restés sans solution\u{a0}: {}.", say(count)),
    };
    let before = compteurs.avant.as_ref().map_or_else(|| vec![None; compteurs.mois.len()], |avant| compteurs.months(avant, 1));
    let mois = series(compteurs, compteurs.months(&compteurs.cette, 0), before);
    let cost = couts.fonctionnement.map(super::offre::euros);
    SectionBilan {
        code: "bref",
        titre: "L’année en bref",
        phrases: [say_demandes(compteurs), say_change(compteurs), left]
            .into_iter()
            .chain(cost.map(|cost| format!("La ligne a coûté {cost}.")))
            .collect(),
        chiffres: vec![
            chiffre("Demandes recensées", compteurs, "demande"),
            chiffre("Besoins exprimés", compteurs, "besoin"),
            chiffre("Besoins orientés", compteurs, "issue:orientee"),
            chiffre("Besoins sans solution", compteurs, "issue:sans_solution"),
            share("Part sans solution", compteurs, ("issue:sans_solution", "issue")),
            chiffre("Appels arrivés", compteurs, "appel"),
            share("Taux de réponse", compteurs, ("appel:decroche", "appel")),
        ],
        dessins: vec![bars("mois", "Demandes par mois".into(), say_months(compteurs), list_mois(compteurs), mois)],
        definition: "Une demande est ce qu’une personne ou un proche demande en une fois, au téléphone, sur le site, à un guichet ou par message. Une demande de plusieurs besoins compte une fois par besoin.",
        ..SectionBilan::default()
    }
}

fn say_demandes(compteurs: &Compteurs) -> String {
    match compteurs.told("demande") {
        Ok(0) => "Aucune demande n’a été recensée.".into(),
        Err(_) => format!("Moins de {} demandes ont été recensées par la ligne et le site.", compteurs.seuil),
        Ok(count) => format!("{} ont été recensées par la ligne et le site.", ui::format::compte(count, "demande", "demandes")),
    }
}

fn say_change(compteurs: &Compteurs) -> String {
    match (compteurs.told("demande"), compteurs.told_before("demande")) {
        (_, Err(Absence::NonPublie)) => format!("L’année {} n’est pas publiée : il n’y a rien à comparer.", compteurs.annee - 1),
        (_, Ok(0)) => format!("L’année {} n’a pas de demande à comparer.", compteurs.annee - 1),
        (Ok(now), Ok(before)) if now > 0 => {
            let points = ((now - before) * 100 + before.signum() * before / 2).div_euclid(before);
            let points = if points > 0 { format!("+{points}") } else { points.to_string().replace('-', "−") };
            format!("Elles étaient {} {} ({points}\u{202f}%).", ui::format::nombre(before), say_then(compteurs))
        }
        _ => "Trop peu de demandes pour une comparaison.".to_string(),
    }
}

fn say_then(compteurs: &Compteurs) -> String {
    if compteurs.is_whole_year() { format!("en {}", compteurs.annee - 1) } else { format!("aux mêmes mois de {}", compteurs.annee - 1) }
}

fn list_mois(compteurs: &Compteurs) -> Vec<String> {
    compteurs.mois.iter().map(|mois| mois.nom_court().to_string()).collect()
}

fn say_months(compteurs: &Compteurs) -> String {
    let told = compteurs.months(&compteurs.cette, 0);
    let word = |count: Option<i64>| count.map_or_else(|| Absence::Masque.label().to_string(), ui::format::nombre);
    let said: Vec<String> = compteurs.mois.iter().zip(told).map(|(mois, count)| format!("{} {}", mois.nom_court(), word(count))).collect();
    format!("{}.", said.join(", "))
}

pub fn write_appelants(territoire: &Territoire, compteurs: &Compteurs) -> SectionBilan {
    let one = |axe: &str| compteurs.cross("demande", axe);
    let (ages, canaux, origines, mut heures) = (one("tranche_age"), one("canal"), one("origine"), one("heure"));
    // Hours are read in the order of the day; the whole, without a code, stays last.
    heures.sort_by_key(|line| (line.code.is_empty(), line.code.clone()));
    let communes = compteurs.cross("demande", "commune");
    let whole = compteurs.cette.find_whole("demande");
    let phrase = match whole.total {
        Ok(0) => "Personne n’a appelé.".to_string(),
        total => {
            let (femmes, hommes) = (say_share(whole.femmes, total), say_share(whole.hommes, total));
            format!("Femmes\u{a0}: {femmes} des demandes ; hommes\u{a0}: {hommes} ; les autres ne l’ont pas dit.")
        }
    };
    let nommer = |axe: Axe| move |code: &str| say_axe(territoire, axe, code);
    let (lieu, retrait) = if territoire.bassins.is_empty() { ("Commune", "") } else { ("Bassin et commune", "\u{2003}") };
    let place = |code: &str| match territoire.bassins.iter().find(|bassin| bassin.code == code) {
        Some(bassin) => format!("Bassin {}", bassin.nom),
        None if code.is_empty() => "Ensemble".into(),
        None => format!("{retrait}{}", say_axe(territoire, Axe::Commune, code)),
    };
    let ordered = order_by_bassin(territoire, communes.clone());
    SectionBilan {
        code: "appelants",
        titre: "Qui demande",
        phrases: vec![phrase],
        dessins: [Some(draw_pyramide(&ages)), draw_heures(compteurs, &heures), draw_carte(territoire, &communes)]
            .into_iter()
            .flatten()
            .collect(),
        tables: vec![
            table("Par âge", "Âge", (compteurs, &ages), &nommer(Axe::TrancheAge)),
            table("Par où l’on vient", "Canal", (compteurs, &canaux), &nommer(Axe::Canal)),
            table("Comment la ligne est connue", "Origine", (compteurs, &origines), &nommer(Axe::Origine)),
            table("À quelle heure", "Heure", (compteurs, &heures), &nommer(Axe::Heure)),
            table("D’où l’on demande", lieu, (compteurs, &ordered), &place),
        ],
        definition: "L’âge et le sexe sont ceux de la personne à aider, quand ils sont dits ; la commune est la sienne. L’heure est celle de la demande.",
        ..SectionBilan::default()
    }
}

/// Each bassin, then its communes; communes of none, then the whole.
fn order_by_bassin(territoire: &Territoire, mut lines: Vec<Croisee>) -> Vec<Croisee> {
    let rank = |line: &Croisee| {
        let bassins = &territoire.bassins;
        let of = |code: &str| bassins.iter().position(|bassin| bassin.code == code);
        match (of(&line.code), line.code.is_empty()) {
            (_, true) => (usize::MAX, 0, String::new()),
            (Some(rank), _) => (rank, 0, String::new()),
            (None, _) => {
                let own = Groupes(Some(territoire)).find(&line.code).and_then(|code| of(&code)).unwrap_or(bassins.len());
                (own, 1, super::say_valeur(territoire, Axe::Commune, &line.code))
            }
        }
    };
    lines.sort_by_key(rank);
    lines
}

fn draw_pyramide(ages: &[Croisee]) -> DessinBilan {
    let find = |tranche: &TrancheAge| ages.iter().find(|line| line.code == tranche.code());
    let of = |tranche: &TrancheAge| find(tranche).map_or(Effectif::ZERO, |line| line.effectif);
    let said = TrancheAge::ALL.iter().map(|one| format!("{}\u{a0}: {} et {}", one.label(), say(of(one).femmes), say(of(one).hommes)));
    let description = format!("Femmes et hommes par âge. {}.", said.collect::<Vec<_>>().join(" ; "));
    let etage = |one: &TrancheAge| (one.label().to_string(), of(one).femmes.ok(), of(one).hommes.ok());
    let etages: Vec<_> = TrancheAge::ALL.iter().map(etage).collect();
    let titre = "Femmes et hommes par âge".to_string();
    let legende = Legende { cle: "bilan-ages".into(), titre: titre.clone(), description: description.clone() };
    drawn(titre, description, Pyramide { legende, gauche: "Femmes".into(), droite: "Hommes".into(), etages }.draw())
}

fn draw_heures(compteurs: &Compteurs, heures: &[Croisee]) -> Option<DessinBilan> {
    let hours: Vec<&Croisee> = heures.iter().filter(|line| !line.code.is_empty() && line.code != NON_DIT).collect();
    let most = hours.iter().max_by_key(|line| line.effectif.total.unwrap_or(0))?;
    let description = format!("L’heure la plus chargée\u{a0}: {}\u{a0}h, {}.", most.code, say(most.effectif.total));
    let places = hours.iter().map(|line| line.code.clone()).collect();
    let (now, before) = hours.iter().map(|line| (line.effectif.total.ok(), line.avant.ok())).unzip();
    let values = series(compteurs, now, before);
    Some(bars("heures", "Demandes par heure".into(), description, places, values))
}

/// Demandes for 1 000 inhabitants, by commune; by bassin where communes are too small to be told.
fn draw_carte(territoire: &Territoire, lines: &[Croisee]) -> Option<DessinBilan> {
    let known: BTreeMap<&str, Option<i64>> = lines.iter().map(|line| (line.code.as_str(), line.effectif.total.ok())).collect();
    let communes: Vec<&'static Commune> = territoire.list_communes().collect();
    let own = |commune: &Commune| known.get(commune.code.as_str()).copied().unwrap_or(Some(0));
    let hidden = communes.iter().filter(|commune| own(commune).is_none()).count();
    let by_bassin = hidden * 4 > communes.len() && !territoire.bassins.is_empty();
    let value = |commune: &Commune| match territoire.find_bassin(commune.rang).filter(|_| by_bassin) {
        Some(bassin) => {
            let people =
                bassin.communes.iter().filter_map(|rang| Referentiel::get().commune(*rang)).map(|one| u64::from(one.population)).sum();
            rate(known.get(bassin.code.as_str()).copied().unwrap_or(Some(0)), people)
        }
        None => rate(own(commune), u64::from(commune.population)),
    };
    let titre = format!("Demandes pour 1\u{202f}000 habitants, par {}", if by_bassin { "bassin" } else { "commune" });
    let asked = CarteDeValeurs {
        titre: titre.clone(),
        phrases: vec![],
        intitule: "Communes",
        colonnes: &["Commune", "Habitants", "Demandes pour 1\u{202f}000"],
        valeurs: communes.into_iter().map(|commune| (commune, value(commune))).collect(),
    };
    let carte = map_valeurs(asked, |rate| format!("{rate:.1}").replace('.', ","));
    dessins::draw_carte(titre, &carte)
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far under 2^52")]
fn rate(count: Option<i64>, people: u64) -> Valeur {
    match (count, people) {
        (None, _) => Valeur::Masquee,
        (_, 0) => Valeur::NonCalculable,
        (Some(count), people) => Valeur::Connue(count as f64 * 1_000.0 / people as f64),
    }
}

pub fn write_besoins(territoire: &Territoire, compteurs: &Compteurs) -> SectionBilan {
    let lines = compteurs.cross("besoin", "besoin");
    let nommer = |code: &str| say_axe(territoire, Axe::Besoin, code);
    let asked = lines.iter().filter(|line| !line.code.is_empty() && line.code != NON_DIT && line.effectif.total != Ok(0)).count();
    SectionBilan {
        code: "besoins",
        titre: "Ce qui est demandé",
        phrases: vec![format!("{}.", ui::format::compte(asked, "besoin différent exprimé", "besoins différents exprimés"))],
        chiffres: vec![chiffre("Besoins exprimés", compteurs, "besoin")],
        dessins: ranks("besoins", "Les besoins les plus demandés".into(), (compteurs, &lines), &nommer).into_iter().collect(),
        tables: vec![table("Besoins demandés", "Besoin", (compteurs, &lines), &nommer)],
        definition: "Les besoins sont ceux de la taxonomie de l’annuaire ; celui qui accueille retient ceux que la personne confirme.",
        ..SectionBilan::default()
    }
}
