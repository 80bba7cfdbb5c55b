//! Entries made up always the same: names, prices, places and logos such as structures have.

use std::collections::BTreeSet;
use std::io::Cursor;

use annuaire::besoin::Taxonomie;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use kit::Id;
use repertoire::rules::logo::prepare;
use repertoire::{LogoImprime, Notice, Prestation};
use territoire::{Bassin, CodeInsee, Referentiel, Territoire};

use crate::alea::Alea;

const GRAINE: u64 = 20_261_123;
const DEPARTEMENT: &str = "26";
const COMMUNES_PAR_BASSIN: usize = 60;
const NATURES: [(&str, &str); 6] = [
    ("ADMR", "association"),
    ("CCAS", "CCAS ou CIAS"),
    ("Centre social", "association"),
    ("Entraide", "association"),
    ("Atelier", "micro-entreprise"),
    ("SSIAD", "service de soins"),
];
const LIEUX: [&str; 8] =
    ["des Deux Rives", "du Plateau", "de la Vallée", "du Bocage", "de l’Écluse", "du Cœur de village", "des Tilleuls", "du Pré-Haut"];
const TEXTES: [&str; 4] = [
    "Nous venons chez vous, le matin ou le soir, le temps qu’il faut pour que tout soit en ordre.",
    "Une équipe formée, qui connaît le pays : on vous rappelle dans la journée, et la première visite est gratuite.",
    "Repas chauds préparés à la cuisine du collège, portés du lundi au samedi, avec le pain et le journal si vous voulez.",
    "Pour les petits travaux que l’on remet toujours : une ampoule, une étagère, la haie, les feuilles de l’automne.",
];
const PRIX: [&str; 3] = ["24 € de l’heure, CESU, APA", "9,50 € le repas, APA", "selon vos revenus, caisse de retraite"];

pub fn list_bassins() -> Vec<Bassin> {
    let national = Referentiel::get();
    let here: Vec<u16> =
        national.communes().iter().filter(|one| one.code.as_str().starts_with(DEPARTEMENT)).map(|commune| commune.rang).collect();
    let bassins = here.chunks(COMMUNES_PAR_BASSIN).take(4).enumerate();
    bassins
        .map(|(rang, communes)| Bassin { code: format!("b{rang}"), nom: format!("Nº {}", rang + 1), communes: communes.to_vec() })
        .collect()
}

/// Entries of each bassin, and logos of one structure out of three and of the territoire.
pub fn invent(territoire: &Territoire, fiches: usize) -> (Vec<Notice>, Vec<LogoImprime>) {
    let mut alea = Alea::new(GRAINE);
    let (mut notices, mut logos) = (vec![], vec![]);
    for bassin in &territoire.bassins {
        let codes: Vec<CodeInsee> = bassin.communes.iter().filter_map(|rang| Some(Referentiel::get().commune(*rang)?.code)).collect();
        for rang in 0..fiches {
            let notice = invent_notice((bassin, rang), &codes, &mut alea);
            if rang % 3 == 0 {
                logos.extend(draw_logo(notice.structure, &mut alea));
            }
            notices.push(notice);
        }
    }
    logos.extend(draw_logo(territoire.id, &mut alea));
    (notices, logos)
}

fn invent_notice((bassin, rang): (&Bassin, usize), codes: &[CodeInsee], alea: &mut Alea) -> Notice {
    let structure = Id::from_name(&format!("{} {rang}", bassin.code));
    let (mot, nature) = alea.pick(&NATURES);
    let taxonomie = Taxonomie::get();
    // One part each, so that there are as many entries as structures.
    let familles: Vec<_> = taxonomie.familles().collect();
    let famille = alea.pick(&familles);
    let besoins: Vec<_> = taxonomie.list_by_famille(famille.rang);
    let reached = draw_communes(codes, alea);
    let prestation = |place: u64, alea: &mut Alea| {
        let besoin = alea.pick(&besoins);
        Prestation {
            service: Id::from_name(&format!("{structure} {place}")),
            nom: besoin.libelle.to_string(),
            texte: alea.happens(70).then(|| (*alea.pick(&TEXTES)).to_string()),
            besoins: vec![besoin.code.to_string()],
            maniere: "à domicile, prestataire, le soir".into(),
            prix: alea.happens(60).then(|| (*alea.pick(&PRIX)).to_string()),
            telephone: None,
            adresse: Some(format!("{} rue des Écoles", 1 + alea.below(80))),
            horaires: alea.happens(40).then(|| "du lundi au vendredi de 9 h à 12 h".into()),
            communes: reached.clone(),
        }
    };
    let prestations = (0..1 + alea.below(3)).map(|place| prestation(place, alea)).collect();
    Notice {
        structure,
        nom: format!("{mot} {} {}", alea.pick(&LIEUX), rang + 1),
        nature: (*nature).into(),
        is_personne: false,
        telephone: Some(format!("04 65 71 {:02} {:02}", alea.below(100), alea.below(100))),
        courriel: alea.happens(60).then(|| format!("contact{rang}@example.org")),
        site_web: alea.happens(40).then(|| format!("structure-{rang}.example.org")),
        prestations,
    }
}

/// The whole bassin one time out of three, else a few communes that touch each other in the list.
fn draw_communes(codes: &[CodeInsee], alea: &mut Alea) -> BTreeSet<CodeInsee> {
    if alea.happens(33) {
        return codes.iter().copied().collect();
    }
    let from = alea.below(codes.len() as u64) as usize;
    codes.iter().cycle().skip(from).take(1 + alea.below(12) as usize).copied().collect()
}

fn draw_logo(structure: Id, alea: &mut Alea) -> Option<LogoImprime> {
    let [red, green, blue] = [0; 3].map(|_| alea.below(200) as u8);
    let drawn = RgbaImage::from_fn(240, 120, |x, y| {
        let inside = (i64::from(x) - 120).pow(2) + (4 * (i64::from(y) - 60)).pow(2) / 4 < 10_000;
        Rgba([red, green, blue.wrapping_add((x / 4) as u8), if inside { 255 } else { 0 }])
    });
    let mut file = Cursor::new(vec![]);
    DynamicImage::from(drawn).write_to(&mut file, ImageFormat::Png).ok()?;
    prepare(structure, &file.into_inner())
}
