//! Where the demo's edition is given: invented schools and shops in real communes, a print run, the first deliveries.

use kit::{Db, Id, Instant, Result};
use repertoire::distribution::rules::proposition::propose;
use repertoire::distribution::storage::{insert_mouvement, insert_points, save_budget, save_previsions, save_tirage};
use repertoire::distribution::{Mouvement, NatureMouvement, NaturePoint, Point, Tirage};
use repertoire::rules::zone::{find_livret, list_livres};
use repertoire::storage::edition::list_editions;
use territoire::{Commune, Referentiel, Territoire};

/// In cents: what a booklet of some sixty pages is asked, and what was voted for them.
const PRIX: i64 = 58;
const BUDGET: i64 = 600_000;
const DAY: i64 = 86_400;

pub async fn record(db: &Db, territoire: &Territoire, (auteur, now): (Id, Instant)) -> Result<()> {
    let Some(edition) = list_editions(db, territoire.id).await?.into_iter().next() else { return Ok(()) };
    let points = list_points(territoire, now);
    let planned: Vec<(Id, i64)> = points.iter().filter_map(|one| Some((one.id, plan(one)?))).collect();
    let tx = db.begin().await?;
    insert_points(&tx, territoire.id, &points).await?;
    save_previsions(&tx, territoire.id, edition.id, &planned).await?;
    for (code, _) in list_livres(territoire) {
        let of_livret = points.iter().filter(|one| find_livret(territoire, one.commune) == code);
        let exemplaires = round_up(of_livret.filter_map(plan).sum::<i64>() * 11 / 10);
        save_tirage(&tx, territoire.id, edition.id, (code, Tirage { exemplaires, cout: Some(exemplaires * PRIX) })).await?;
    }
    save_budget(&tx, territoire.id, edition.id, Some(BUDGET)).await?;
    for mouvement in list_mouvements(&points, auteur, now) {
        insert_mouvement(&tx, territoire.id, edition.id, &mouvement).await?;
    }
    Ok(tx.commit().await?)
}

/// Print shops count by the hundred.
fn round_up(exemplaires: i64) -> i64 {
    (exemplaires + 99) / 100 * 100
}

fn plan(point: &Point) -> Option<i64> {
    let habitants = Referentiel::get().find_commune(point.commune).map_or(0, |commune| commune.population);
    propose(point.nature, point.eleves, habitants)
}

/// Every mairie; where people are enough, a school, a shop, a pharmacy; a house of France services in the largest communes.
fn list_points(territoire: &Territoire, now: Instant) -> Vec<Point> {
    let mut points = vec![];
    for commune in territoire.list_communes() {
        let (tournee, habitants) = (territoire.find_bassin(commune.rang).map(|bassin| bassin.nom.clone()), commune.population);
        let mut add = |nature, nom: &str, adresse: &str, eleves| {
            points.push(Point {
                id: Id::new(now),
                nom: format!("{nom} {}", de(&commune.nom)),
                nature,
                commune: commune.code,
                adresse: Some(adresse.into()),
                eleves,
                tournee: tournee.clone().unwrap_or_default(),
                ordre: 0,
                retire_at: None,
            });
        };
        add(NaturePoint::Mairie, "Mairie", "place de la Mairie", None);
        if habitants > 400 {
            add(NaturePoint::Ecole, "École", "rue des Écoles", Some(count_eleves(commune)));
        }
        if habitants > 700 {
            add(NaturePoint::Commerce, "Boulangerie (exemple)", "place du Marché", None);
        }
        if habitants > 1_200 {
            add(NaturePoint::Cabinet, "Pharmacie (exemple)", "Grande Rue", None);
        }
        if habitants > 3_000 {
            add(NaturePoint::FranceServices, "France services", "avenue de la Gare", None);
        }
    }
    order(&mut points);
    points
}

/// In a round, one goes from commune to commune.
fn order(points: &mut [Point]) {
    points.sort_by(|a, b| a.tournee.cmp(&b.tournee));
    let mut before = (String::new(), 0);
    for point in points {
        before = if before.0 == point.tournee { (before.0, before.1 + 1) } else { (point.tournee.clone(), 1) };
        point.ordre = before.1;
    }
}

/// « de Rosnay », « d’Allex », « du Blanc ».
fn de(nom: &str) -> String {
    match (nom.strip_prefix("Le "), nom.strip_prefix("Les ")) {
        (Some(rest), _) => format!("du {rest}"),
        (_, Some(rest)) => format!("des {rest}"),
        _ if nom.starts_with(['A', 'E', 'É', 'I', 'O', 'U', 'Y', 'H']) => format!("d’{nom}"),
        _ => format!("de {nom}"),
    }
}

/// Some eight in a hundred are between three and eleven years old.
fn count_eleves(commune: &Commune) -> i32 {
    i32::try_from(commune.population * 8 / 100).unwrap_or_default()
}

/// The schools of the first round have theirs; one gave some back, and its mairie asked for more.
fn list_mouvements(points: &[Point], auteur: Id, now: Instant) -> Vec<Mouvement> {
    let Some(first) = points.iter().map(|one| &one.tournee).find(|nom| !nom.is_empty()) else { return vec![] };
    let mut of_first = points.iter().filter(|one| one.tournee == *first);
    let ecoles = of_first.clone().filter(|one| one.nature == NaturePoint::Ecole);
    let write = |point: &Point, (nature, exemplaires): (NatureMouvement, i64), days: i64| Mouvement {
        id: Id::new(now),
        point: point.id,
        nature,
        exemplaires,
        le: now.plus_seconds(-days * DAY).day(),
        auteur,
        created_at: now,
    };
    let mut made: Vec<Mouvement> =
        ecoles.clone().filter_map(|one| Some(write(one, (NatureMouvement::Livraison, plan(one)?), 12))).collect();
    made.extend(ecoles.take(1).map(|one| write(one, (NatureMouvement::Retour, 10), 3)));
    if let Some((mairie, copies)) = of_first.find(|one| one.nature == NaturePoint::Mairie).and_then(|one| Some((one, plan(one)?))) {
        made.push(write(mairie, (NatureMouvement::Livraison, copies), 12));
        made.push(write(mairie, (NatureMouvement::Reassort, 10), 2));
    }
    made
}
