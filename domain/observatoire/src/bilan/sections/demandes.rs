//! The year in brief; who asks; what is asked.

use std::collections::BTreeMap;

use accueil::TrancheAge;
use annuaire::cartes::quantiles::{CarteDeValeurs, Valeur, map_valeurs};
use territoire::{Commune, Referentiel, Territoire};
use ui::graphique::{Legende, Pyramide};

use super::super::annee::Croisee;
use super::{Couts, DessinBilan, SectionBilan, bars, chiffre, drawn, ranks, say_axe, series, share, table};
use crate::bilan::{Case, Compteurs};
use crate::indicateurs::Axe;
use crate::pages::dessins;

pub fn write_bref(compteurs: &Compteurs, couts: Couts) -> SectionBilan {
    let (now, before) = (compteurs.cette.total("demande"), compteurs.avant.total("demande"));
    let change = match (now, before) {
        (_, 0) => format!("L’année {} n’a pas de demande à comparer.", compteurs.annee - 1),
        (now, before) if now.min(before) < compteurs.seuil => "Trop peu de demandes pour une comparaison.".to_string(),
        (now, before) => {
            let points = ((now - before) * 100 + before.signum() * before / 2).div_euclid(before);
            format!(
                "Elles étaient {} {} ({}{points}\u{202f}%).",
                compteurs.say(before),
                say_then(compteurs),
                if points > 0 { "+" } else { "" }
            )
        }
    };
    let unmet = compteurs.cette.total("issue:sans_solution");
    let left = match unmet {
        0 => "Aucune n’est restée sans solution.".into(),
        _ => format!("Besoins restés sans solution\u{a0}: {}.", compteurs.say_told(&compteurs.cette, "issue:sans_solution")),
    };
    let mois = series(compteurs, compteurs.months(&compteurs.cette), compteurs.months(&compteurs.avant));
    let cost = couts.fonctionnement.map(super::offre::euros);
    SectionBilan {
        code: "bref",
        titre: "L’année en bref",
        phrases: [say_demandes(compteurs, now), change, left]
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
        dessins: vec![bars("mois", "Demandes par mois".into(), say_months(compteurs), compteurs.noms_de_mois.clone(), mois)],
        definition: "Une demande est ce qu’une personne ou un proche demande en une fois, au téléphone, sur le site, à un guichet ou par message. Une demande de plusieurs besoins compte une fois par besoin.",
        ..SectionBilan::default()
    }
}

fn say_demandes(compteurs: &Compteurs, count: i64) -> String {
    match count {
        0 => "Aucune demande n’a été recensée.".into(),
        count => format!(
            "{}\u{a0}demandes ont été recensées par la ligne et le site.",
            ui::format::phrase(&compteurs.say(count)).trim_end_matches('.')
        ),
    }
}

fn say_then(compteurs: &Compteurs) -> String {
    if compteurs.noms_de_mois.len() == 12 {
        format!("en {}", compteurs.annee - 1)
    } else {
        format!("aux mêmes mois de {}", compteurs.annee - 1)
    }
}

fn say_months(compteurs: &Compteurs) -> String {
    let told = compteurs.months(&compteurs.cette);
    let said: Vec<String> =
        compteurs.noms_de_mois.iter().zip(told).map(|(nom, count)| format!("{nom} {}", Case::from(count).say())).collect();
    format!("{}.", said.join(", "))
}

pub fn write_appelants(territoire: &Territoire, compteurs: &Compteurs) -> SectionBilan {
    let one = |axe: &str| compteurs.cross("demande", axe, &|_| None);
    let (ages, canaux, origines, mut heures) = (one("tranche_age"), one("canal"), one("origine"), one("heure"));
    // Hours are read in the order of the day; the whole, without a code, stays last.
    heures.sort_by_key(|line| (line.code.is_empty(), line.code.clone()));
    let bassin = |code: &str| find_bassin(territoire, code);
    let communes = compteurs.cross("demande", "commune", &bassin);
    let whole = compteurs.cette.whole("demande").cloned();
    let phrase = whole.map_or_else(
        || "Personne n’a appelé.".to_string(),
        |whole| {
            let (femmes, hommes) = (compteurs.share(whole.femmes, whole.total), compteurs.share(whole.hommes, whole.total));
            format!("Femmes\u{a0}: {femmes} des demandes ; hommes\u{a0}: {hommes} ; les autres ne l’ont pas dit.")
        },
    );
    let say = |axe: Axe| move |code: &str| say_axe(territoire, axe, code);
    let place = |code: &str| match territoire.bassins.iter().find(|bassin| bassin.code == code) {
        Some(bassin) => format!("Bassin {}", bassin.nom),
        None if code.is_empty() => "Ensemble".into(),
        None => format!("\u{2003}{}", say_axe(territoire, Axe::Commune, code)),
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
            table("Par âge", "Âge", (compteurs, &ages), &say(Axe::TrancheAge)),
            table("Par où l’on vient", "Canal", (compteurs, &canaux), &say(Axe::Canal)),
            table("Comment la ligne est connue", "Origine", (compteurs, &origines), &say(Axe::Origine)),
            table("À quelle heure", "Heure", (compteurs, &heures), &say(Axe::Heure)),
            table("D’où l’on demande", "Bassin et commune", (compteurs, &ordered), &place),
        ],
        definition: "L’âge et le sexe sont ceux de la personne à aider, quand ils sont dits ; la commune est la sienne. L’heure est celle de la demande.",
        ..SectionBilan::default()
    }
}

fn find_bassin(territoire: &Territoire, code: &str) -> Option<String> {
    let rang = Referentiel::get().resolve_code(code).ok()?.commune.rang;
    territoire.find_bassin(rang).map(|bassin| bassin.code.clone())
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
                let own = find_bassin(territoire, &line.code).and_then(|code| of(&code)).unwrap_or(bassins.len());
                (own, 1, super::say_valeur(territoire, Axe::Commune, &line.code))
            }
        }
    };
    lines.sort_by_key(rank);
    lines
}

fn draw_pyramide(ages: &[Croisee]) -> DessinBilan {
    let find = |tranche: &TrancheAge| ages.iter().find(|line| line.code == tranche.code());
    let side = |tranche: &TrancheAge, rang: usize| find(tranche).map_or(Some(0), |line| line.cellules.get(rang).copied().flatten());
    let etages: Vec<_> = TrancheAge::ALL.iter().map(|one| (one.label().to_string(), side(one, 0), side(one, 1))).collect();
    let said = etages.iter().map(|(nom, women, men)| format!("{nom}\u{a0}: {} et {}", Case::from(*women).say(), Case::from(*men).say()));
    let description = format!("Femmes et hommes par âge. {}.", said.collect::<Vec<_>>().join(" ; "));
    let titre = "Femmes et hommes par âge".to_string();
    let legende = Legende { cle: "bilan-ages".into(), titre: titre.clone(), description: description.clone() };
    drawn(titre, description, Pyramide { legende, gauche: "Femmes".into(), droite: "Hommes".into(), etages }.draw())
}

fn draw_heures(compteurs: &Compteurs, heures: &[Croisee]) -> Option<DessinBilan> {
    let hours: Vec<&Croisee> = heures.iter().filter(|line| !line.code.is_empty()).collect();
    let most = hours.iter().max_by_key(|line| line.total.unwrap_or(0))?;
    let description = format!("L’heure la plus chargée\u{a0}: {}\u{a0}h, {}.", most.code, Case::from(most.total).say());
    let places = hours.iter().map(|line| line.code.clone()).collect();
    let values = series(compteurs, hours.iter().map(|line| line.total).collect(), hours.iter().map(|line| line.avant).collect());
    Some(bars("heures", "Demandes par heure".into(), description, places, values))
}

/// Demandes for 1 000 inhabitants, by commune; by bassin where communes are too small to be told.
fn draw_carte(territoire: &Territoire, lines: &[Croisee]) -> Option<DessinBilan> {
    let known: BTreeMap<&str, Option<i64>> = lines.iter().map(|line| (line.code.as_str(), line.total)).collect();
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
    let lines = compteurs.cross("besoin", "besoin", &|_| None);
    let say = |code: &str| say_axe(territoire, Axe::Besoin, code);
    let asked = lines.iter().filter(|line| !line.code.is_empty() && line.total != Some(0)).count();
    SectionBilan {
        code: "besoins",
        titre: "Ce qui est demandé",
        phrases: vec![format!("{}.", ui::format::compte(asked, "besoin différent exprimé", "besoins différents exprimés"))],
        chiffres: vec![chiffre("Besoins exprimés", compteurs, "besoin")],
        dessins: ranks("besoins", "Les besoins les plus demandés".into(), (compteurs, &lines), &say).into_iter().collect(),
        tables: vec![table("Besoins demandés", "Besoin", (compteurs, &lines), &say)],
        definition: "Les besoins sont ceux de la taxonomie de l’annuaire ; celui qui accueille retient ceux que la personne confirme.",
        ..SectionBilan::default()
    }
}
