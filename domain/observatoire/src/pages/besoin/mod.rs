//! The page of a need: who asks for it, how it ends, where, who answers it and where nobody does.

mod lecture;

use accueil::Issue;
use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::{Besoin, Taxonomie};
use annuaire::cartes::quantiles::{CarteDeValeurs, Valeur as Place, map_valeurs};
use annuaire::cartes::zones::{Presence, list_communes};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use chrono::NaiveDate;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::{Error, Result};
use territoire::{Commune, Territoire};
use ui::{Frame, show};

use super::chiffre::is_masque;
use super::dessins::{Serree, draw_carte, draw_ligne, say_pas};
use super::plage::PlageInput;
use crate::Observatoire;
use crate::bilan::DessinBilan;
use crate::demandes::Compteur;
use crate::indicateurs::Unite;
use crate::indicateurs::calcul::{Valeur, say};
use crate::pistes::model::{Piste, Portee};
use crate::pistes::regard::{Desservante, list_desservantes};
use crate::rules::comparaison::Comparaison;
use crate::storage::cumul::{catch_up, find_premier_mois};
use crate::storage::piste::list_pistes;
use lecture::{ComptesDeBesoin, Effectifs, read_besoin};

/// A commune that asked for it.
struct CommuneDemandeuse {
    commune: &'static Commune,
    compteur: Compteur,
}

/// Who answers it, bassin by bassin.
struct OffreDeBassin {
    nom: String,
    structures: Vec<Desservante>,
}

/// Where nobody comes for it.
struct ZoneBlanche {
    communes: Vec<&'static Commune>,
    /// Those of 65 and over; none as soon as those of one commune are not known.
    personnes: Option<u64>,
}

#[derive(Template)]
#[template(path = "observatoire/besoin.html")]
struct BesoinPage {
    frame: Frame,
    slug: String,
    besoin: &'static Besoin,
    comparaison: Comparaison,
    is_unfinished: bool,
    /// Only for those who read the demandes.
    comptes: Option<ComptesDeBesoin>,
    communes: Vec<CommuneDemandeuse>,
    dessins: Vec<DessinBilan>,
    offre: Vec<OffreDeBassin>,
    blanche: ZoneBlanche,
    pistes: Vec<(Piste, String)>,
    mene: bool,
}

/// Communes named of those where nobody comes; the map has them all.
const NOMMEES: usize = 12;
/// Structures named a bassin.
const STRUCTURES: usize = 6;

pub async fn show_besoin(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((_, code)): Path<(String, String)>,
    Query(input): Query<PlageInput>,
) -> Result<Response> {
    let besoin = Taxonomie::get().find(&code).filter(|besoin| !besoin.is_famille()).ok_or(Error::NotFound)?;
    let (today, territoire) = (equipier.now.day(), equipier.territoire.clone());
    let comparaison = input.compare(today, find_premier_mois(&room.db, territoire.id).await?);
    let comptes = read_told(&room, &equipier, (besoin, comparaison)).await?;
    let pistes = list_pistes(&room.db, territoire.id).await?.into_iter().filter(|one| one.is_open() && *one.besoin == *besoin.code);
    let pistes = pistes.map(|one| (one.clone(), one.etendue.label(&territoire))).collect();
    let aiguillage = room.aiguillages.get(territoire.id);
    // Every commune, its outline and who comes there: away from the threads that answer.
    let looked = tokio::task::spawn_blocking(move || look(&aiguillage, &territoire, (besoin, comparaison, today), comptes)).await;
    let regard = looked.map_err(anyhow::Error::from)?;
    show(&BesoinPage {
        frame: equipier.frame(besoin.libelle.to_string(), Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        besoin,
        comparaison,
        is_unfinished: comparaison.plage.is_unfinished(today),
        comptes: regard.comptes,
        communes: regard.communes,
        dessins: regard.dessins,
        offre: regard.offre,
        blanche: regard.blanche,
        pistes,
        mene: equipier.can(Droit::MenerPistes),
    })
}

/// What is counted, for those who read the demandes.
async fn read_told(
    room: &Observatoire,
    equipier: &Equipier,
    (besoin, comparaison): (&Besoin, Comparaison),
) -> Result<Option<ComptesDeBesoin>> {
    if is_masque(equipier) {
        return Ok(None);
    }
    catch_up(&room.db, equipier.territoire.id).await?;
    let periodes = (comparaison.plage, comparaison.avant);
    Ok(Some(read_besoin(&room.db, equipier.territoire.id, &besoin.code, (periodes, equipier.now.day())).await?))
}

/// What the page says besides its counts, and the drawings of these.
struct Regard {
    comptes: Option<ComptesDeBesoin>,
    communes: Vec<CommuneDemandeuse>,
    dessins: Vec<DessinBilan>,
    offre: Vec<OffreDeBassin>,
    blanche: ZoneBlanche,
}

fn look(
    aiguillage: &Aiguillage,
    territoire: &Territoire,
    (besoin, comparaison, today): (&Besoin, Comparaison, NaiveDate),
    comptes: Option<ComptesDeBesoin>,
) -> Regard {
    let mut regard = Regard {
        communes: vec![],
        dessins: vec![],
        offre: list_offre(aiguillage, territoire, besoin),
        blanche: find_blanche(aiguillage, territoire, besoin),
        comptes,
    };
    if let Some(comptes) = &regard.comptes {
        regard.dessins.extend(draw_months(comptes, (comparaison, today)));
        regard.dessins.extend(map_demandes(territoire, comptes));
        regard.communes = list_demandeuses(territoire, comptes);
    }
    regard
}

/// By bassin, or for the whole of a territoire that has none.
fn list_offre(aiguillage: &Aiguillage, territoire: &Territoire, besoin: &Besoin) -> Vec<OffreDeBassin> {
    let places: Vec<(String, Portee)> = match territoire.bassins.as_slice() {
        [] => vec![("Tout le territoire".into(), Portee::Territoire)],
        bassins => bassins.iter().map(|one| (one.nom.clone(), Portee::Bassin(one.code.clone()))).collect(),
    };
    let list = |portee: &Portee| list_desservantes(aiguillage, &besoin.code, &portee.list_communes(territoire));
    places.into_iter().map(|(nom, portee)| OffreDeBassin { nom, structures: list(&portee) }).collect()
}

fn find_blanche(aiguillage: &Aiguillage, territoire: &Territoire, besoin: &Besoin) -> ZoneBlanche {
    let list = list_communes(aiguillage, territoire, besoin.rang);
    let communes: Vec<&'static Commune> =
        list.into_iter().filter(|one| one.presence == Presence::Personne).map(|one| one.commune).collect();
    let personnes = communes.iter().map(|one| one.population_age.map(|age| u64::from(age.plus_de_65))).sum();
    ZoneBlanche { communes, personnes }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far under 2^52")]
fn draw_months(comptes: &ComptesDeBesoin, (comparaison, today): (Comparaison, NaiveDate)) -> Option<DessinBilan> {
    let known = |counts: &[i64]| counts.iter().map(|count| Ok(*count as f64)).collect::<Vec<Valeur>>();
    let (now, before) = (known(&comptes.points), known(&comptes.points_avant));
    let (points, others) = (comparaison.plage.points(today), comparaison.avant.points(today));
    let serree = Serree { cle: "mois", titre: format!("Demandes {}", say_pas(&points)), unite: Unite::Nombre };
    draw_ligne(&serree, (&points, &now), Some((&others, &before)))
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far under 2^52")]
fn map_demandes(territoire: &Territoire, comptes: &ComptesDeBesoin) -> Option<DessinBilan> {
    if comptes.demandes.total == 0 {
        return None;
    }
    let titre = "Demandes par commune".to_string();
    let count = |commune: &Commune| comptes.communes.get(commune.code.as_str()).map_or(0, |one| one.demandes);
    let asked = CarteDeValeurs {
        titre: titre.clone(),
        phrases: vec![],
        intitule: "Communes",
        colonnes: &["Commune", "Habitants", "Demandes"],
        valeurs: territoire.list_communes().map(|commune| (commune, Place::Connue(count(commune) as f64))).collect(),
    };
    draw_carte(titre, &map_valeurs(asked, |count| say(Unite::Nombre, Ok(count))))
}

/// Those of the territoire that asked, the most first.
fn list_demandeuses(territoire: &Territoire, comptes: &ComptesDeBesoin) -> Vec<CommuneDemandeuse> {
    let known = |commune: &'static Commune| {
        let compteur = comptes.communes.get(commune.code.as_str()).copied().unwrap_or_default();
        (compteur != Compteur::default()).then_some(CommuneDemandeuse { commune, compteur })
    };
    let mut list: Vec<CommuneDemandeuse> = territoire.list_communes().filter_map(known).collect();
    list.sort_by_key(|one| (std::cmp::Reverse(one.compteur.demandes), one.commune.rang));
    list
}

/// « 25 % », or « – » of nothing.
fn share(part: i64, whole: i64) -> String {
    if whole == 0 { "–".into() } else { format!("{}\u{202f}%", (part * 100 + whole / 2) / whole) }
}

impl BesoinPage {
    /// The list of demandes behind a count, narrowed further.
    fn href_demandes(&self, more: &str) -> String {
        let (de, a) = (self.comparaison.plage.de, self.comparaison.plage.a.last_day());
        format!("/{}/equipe/demandes?besoin={}&du={de}-01&au={a}{more}", self.slug, self.besoin.code)
    }

    fn href_issue(&self, issue: &Issue) -> String {
        self.href_demandes(&format!("&issue={}", issue.code()))
    }

    fn href_commune(&self, commune: &Commune) -> String {
        self.href_demandes(&format!("&commune={}", commune.code))
    }

    /// « Femmes : 12 (60 %). Hommes : 8 (40 %). »
    fn say_sexes(&self, count: &Effectifs) -> String {
        let say = |nom: &str, part: i64| format!("{nom}\u{a0}: {} ({}).", ui::format::nombre(part), share(part, count.total));
        format!("{} {}", say("Femmes", count.femmes), say("Hommes", count.hommes))
    }

    fn say_communes(&self) -> String {
        let noms: Vec<&str> = self.blanche.communes.iter().take(NOMMEES).map(|one| &*one.nom).collect();
        let others = self.blanche.communes.len().saturating_sub(NOMMEES);
        match others {
            0 => noms.join(", "),
            others => format!("{} et {}", noms.join(", "), ui::format::compte(others, "autre", "autres")),
        }
    }

    /// « CCAS de Fruges (12 communes), … et 3 autres ».
    fn say_structures(&self, structures: &[Desservante]) -> String {
        let named = structures.iter().take(STRUCTURES);
        let noms: Vec<String> =
            named.map(|one| format!("{} ({})", one.nom, ui::format::compte(one.communes, "commune", "communes"))).collect();
        match (noms.is_empty(), structures.len().saturating_sub(STRUCTURES)) {
            (true, _) => "personne".into(),
            (false, 0) => noms.join(", "),
            (false, others) => format!("{} et {}", noms.join(", "), ui::format::compte(others, "autre", "autres")),
        }
    }
}
