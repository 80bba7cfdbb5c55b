//! Counts and refusals from values, then the same kept on both databases.

use kit::{Db, Id};
use territoire::{Bassin, CodeInsee, Couleurs, LigneUnique, Referentiel, Territoire};

use super::feuille::write_pdf;
use super::rules::compte::count;
use super::rules::fichier::{Fichier, read_fichier};
use super::rules::import::read_lines;
use super::rules::mouvement::{check, check_annulation, check_tirage};
use super::rules::saisie::{MouvementInput, PointInput, read_budget, read_mouvement, read_point, read_prevision, read_tirage, write_point};
use super::rules::tournee::list_tournees;
use super::storage::*;
use super::{Flux, Mouvement, NatureMouvement, NaturePoint, Point, Suivi, Tirage};
use crate::rules::zone::{Zone, find_livret, list_livres};
use crate::storage::edition::insert_edition;
use crate::{Edition, Etat};

const ROSNAY: &str = "36173";
const LE_BLANC: &str = "36018";

fn rang(code: &str) -> u16 {
    Referentiel::get().resolve_code(code).unwrap().commune.rang
}

/// Two communes, one of them in a bassin.
fn territoire(slug: &str) -> Territoire {
    let mut communes = vec![rang(ROSNAY), rang(LE_BLANC)];
    communes.sort_unstable();
    Territoire {
        id: Id::from_name(slug),
        slug: slug.into(),
        nom: "Brenne".into(),
        couleurs: Couleurs { principale: "#1d4e6b".into(), accent: "#8a3b1e".into() },
        ligne: LigneUnique::default(),
        communes,
        bassins: vec![Bassin { code: "blanc".into(), nom: "du Blanc".into(), communes: vec![rang(LE_BLANC)] }],
        logo: None,
        fermeture: None,
    }
}

fn point(nom: &str, commune: &str, (tournee, ordre): (&str, i32)) -> Point {
    Point {
        id: Id::from_name(nom),
        nom: nom.into(),
        nature: NaturePoint::Ecole,
        commune: CodeInsee::parse(commune).unwrap(),
        adresse: None,
        eleves: Some(84),
        tournee: tournee.into(),
        ordre,
        retire_at: None,
    }
}

/// 300 printed for Le Blanc, 200 planned, 120 left there and 20 back; nothing printed yet for Rosnay.
fn suivi() -> Suivi {
    let (ecole, mairie) = (point("École", LE_BLANC, ("Nord", 2)), point("Mairie", ROSNAY, ("", 0)));
    Suivi {
        tirages: [("blanc".to_string(), Tirage { exemplaires: 300, cout: Some(45_000) })].into(),
        previsions: [(ecole.id, 200), (mairie.id, 10)].into(),
        flux: [(ecole.id, Flux { livres: 120, repris: 20 })].into(),
        points: vec![ecole, mairie],
        budget: Some(50_000),
    }
}

#[test]
fn copies_are_counted_by_book_and_in_all() {
    let bilan = count(&suivi(), &territoire("brenne"));
    let told: Vec<_> = bilan.livrets.iter().map(|one| (one.nom.as_str(), one.prevus, one.stock(), one.remis())).collect();
    assert_eq!(told, [("Bassin du Blanc", 200, 200, 100), ("Autres communes", 10, 0, 0)]);
    assert_eq!((bilan.total.prevus, bilan.total.stock(), bilan.total.tirage.cout), (210, 200, Some(45_000)));
    assert_eq!(bilan.list_alertes(), ["Autres communes : 10\u{a0}exemplaires prévus, 0\u{a0}imprimé, il en manque 10"]);
}

/// What is printed, what is laid out elsewhere and what is carried are the same books.
#[test]
fn a_commune_has_one_book_and_a_book_has_its_communes() {
    let (some, none) = (territoire("brenne"), Territoire { bassins: vec![], ..territoire("brenne") });
    assert_eq!(list_livres(&some), [("blanc", "Bassin du Blanc".to_string()), ("hors-bassin", "Autres communes".to_string())]);
    assert_eq!(list_livres(&none), [("tout", "Brenne".to_string())]);
    let mut held = some.clone();
    held.bassins[0].communes = held.communes.clone();
    assert_eq!(list_livres(&held).len(), 1, "no book for no commune");
    for territoire in [&some, &none, &held] {
        for commune in territoire.list_communes() {
            let holding = list_livres(territoire)
                .into_iter()
                .filter(|(code, _)| Zone::find(territoire, code).unwrap().communes.iter().any(|one| one.code == commune.code));
            assert_eq!(holding.map(|(code, _)| code).collect::<Vec<_>>(), [find_livret(territoire, commune.code)]);
        }
    }
    assert!(Zone::find(&none, "hors-bassin").is_none() && Zone::find(&held, "hors-bassin").is_none() && Zone::find(&some, "x").is_none());
    assert_eq!(Zone::find(&some, "tout").unwrap().communes.len(), 2, "the whole can be asked where there are bassins");
}

#[test]
fn a_cost_that_is_not_known_is_never_nought() {
    let (mut suivi, territoire) = (suivi(), territoire("brenne"));
    suivi.tirages.insert("hors-bassin".into(), Tirage { exemplaires: 10, cout: None });
    let bilan = count(&suivi, &territoire);
    assert_eq!((bilan.total.tirage.cout, bilan.cout_connu), (None, 45_000));
    assert!(bilan.write_budget(Some(50_000)).contains("ne sait pas encore"));
    assert!(bilan.write_budget(Some(44_999)).contains("dépassé de 0,01"), "over already, whatever the rest costs");
    suivi.tirages.insert("hors-bassin".into(), Tirage { exemplaires: 10, cout: Some(5_000) });
    let bilan = count(&suivi, &territoire);
    assert!(bilan.write_budget(Some(50_000)).contains("tenu : l’impression coûte 500,00\u{a0}€, il reste 0,00\u{a0}€"));
    assert!(bilan.write_budget(Some(49_999)).contains("dépassé"));
    assert_eq!(count(&Suivi::default(), &territoire).total.tirage.cout, None);
    assert_eq!(bilan.write_budget(None), "Aucun budget n’est noté");
}

#[test]
fn no_more_leaves_than_was_printed_and_no_more_comes_back_than_was_left() {
    let suivi = suivi();
    let bilan = count(&suivi, &territoire("brenne"));
    let (blanc, ecole) = (bilan.find("blanc").unwrap(), &suivi.points[0]);
    let flux = suivi.flux[&ecole.id];
    let tried = |nature, copies| check(ecole, (nature, copies), (blanc, flux)).map_err(|why| why.to_string());
    assert_eq!(tried(NatureMouvement::Reassort, 200), Ok(()));
    assert_eq!(tried(NatureMouvement::Livraison, 201), Err("Bassin du Blanc : il ne reste que 200\u{a0}exemplaires en stock".to_string()));
    assert_eq!(tried(NatureMouvement::Retour, 100), Ok(()));
    assert_eq!(tried(NatureMouvement::Retour, 101), Err("ce point n’a reçu que 100\u{a0}exemplaires, retours déduits".to_string()));
    let gone = Point { retire_at: Some(testkit::NOON), ..ecole.clone() };
    assert!(check(&gone, (NatureMouvement::Livraison, 1), (blanc, flux)).is_err());
    assert!(check(&gone, (NatureMouvement::Retour, 1), (blanc, flux)).is_ok());
    assert!(check_tirage(blanc, 100).is_ok());
    assert_eq!(
        check_tirage(blanc, 99).unwrap_err().to_string(),
        "99 : 100\u{a0}exemplaires sont déjà sortis, le tirage ne peut pas être plus petit"
    );
    let first = mouvement(ecole.id, (NatureMouvement::Livraison, 120));
    assert!(check_annulation(&first, (blanc, flux)).is_err(), "20 came back of these");
    assert!(check_annulation(&Mouvement { exemplaires: 100, ..first }, (blanc, flux)).is_ok());
    assert!(check_annulation(&mouvement(ecole.id, (NatureMouvement::Retour, 20)), (blanc, flux)).is_ok());
}

fn mouvement(point: Id, (nature, exemplaires): (NatureMouvement, i64)) -> Mouvement {
    Mouvement {
        id: Id::new(testkit::NOON),
        point,
        nature,
        exemplaires,
        le: testkit::NOON.day(),
        auteur: Id::from_name("auteur"),
        created_at: testkit::NOON,
    }
}

#[test]
fn rounds_are_in_order_and_a_place_no_longer_served_counts_where_it_was() {
    let mut suivi = suivi();
    suivi.points.push(point("Collège", LE_BLANC, ("Nord", 1)));
    suivi.points.push(Point { retire_at: Some(testkit::NOON), ..point("Fermée", LE_BLANC, ("Nord", 0)) });
    let tournees = list_tournees(&suivi, &territoire("brenne"));
    let told: Vec<_> = tournees.iter().map(|one| (one.titre(), one.etapes.len(), one.prevus(), one.livres(), one.repris())).collect();
    assert_eq!(told, [("Nord", 2, 200, 120, 20), ("Sans tournée", 1, 10, 0, 0)]);
    assert_eq!(tournees[0].etapes[0].point.nom, "Collège");
    assert_eq!(tournees[0].charge(), [("blanc", 80)].into(), "what was left is not left again");
    suivi.points[0].retire_at = Some(testkit::NOON);
    assert_eq!(list_tournees(&suivi, &territoire("brenne"))[0].livres(), 120);
}

#[tokio::test]
async fn rounds_are_printed_whatever_was_typed_and_however_many() {
    let (territoire, edition) = (territoire("brenne"), edition());
    let mut suivi = Suivi::default();
    let names = ["🎒 <b>#panic()", "*_$\\`", &"x".repeat(120), "", "École d’Œuilly"];
    for rang in 0..30_u16 {
        let nom = format!("{} {rang}", names[usize::from(rang) % names.len()]);
        let made = Point {
            adresse: (rang % 5 == 0).then(|| "y".repeat(200)),
            ..point(&nom, LE_BLANC, (["Nord", "Sud", ""][usize::from(rang) % 3], 1))
        };
        suivi.previsions.insert(made.id, 85);
        suivi.points.push(made);
    }
    for suivi in [suivi, Suivi::default()] {
        let tournees = list_tournees(&suivi, &territoire);
        let pdf = write_pdf(&edition, &territoire, (&tournees, testkit::NOON.day())).await.unwrap();
        assert!(pdf.starts_with(b"%PDF"));
    }
}

fn fields<T: std::fmt::Debug>(read: Result<T, kit::FieldErrors>) -> Vec<&'static str> {
    read.unwrap_err().iter().map(|one| one.field).collect()
}

#[test]
fn what_is_wrong_with_a_place_is_said_of_each_field() {
    let territoire = territoire("brenne");
    let read = |input: &PointInput| read_point(input, Id::from_name("x"), &territoire);
    assert_eq!(fields(read(&PointInput::default())), ["nom", "nature", "commune"]);
    let wrong = PointInput {
        nom: "x".repeat(121),
        nature: "<script>".into(),
        commune: "Paris".into(),
        adresse: "x".repeat(201),
        eleves: "-1".into(),
        tournee: "x".repeat(61),
        ordre: "99999999999999999999".into(),
    };
    assert_eq!(fields(read(&wrong)), ["nom", "nature", "commune", "adresse", "eleves", "tournee", "ordre"]);
    let known = Point { adresse: Some("3 rue du Lac".into()), ..point("École 🎒 <b>", ROSNAY, ("Nord", 3)) };
    assert_eq!(read(&write_point(&known)).unwrap(), Point { id: Id::from_name("x"), ..known });
}

#[test]
fn a_list_is_taken_whole_or_each_wrong_line_is_said() {
    let (territoire, known) = (territoire("brenne"), [point("École", LE_BLANC, ("Nord", 2))]);
    let read = |typed: &str| read_lines(typed, &known, (&territoire, testkit::NOON));
    let list = "Nom;Nature;Commune\nÉcole ; école;Le Blanc;;84\n\nPharmacie\tPharmacie\t36173\t1 rue Haute\t\tNord\t4\nMairie;mairie;Rosnay\nMAIRIE;Mairie;Rosnay";
    let told: Vec<_> = read(list).unwrap().into_iter().map(|one| (one.nom, one.nature, one.tournee, one.ordre)).collect();
    let expected =
        [("Pharmacie".to_string(), NaturePoint::Cabinet, "Nord".to_string(), 4), ("Mairie".into(), NaturePoint::Mairie, String::new(), 0)];
    assert_eq!(told, expected, "those already there are left as they are");
    let wrong = read("Mairie;mairie;Rosnay\n<script>;;Paris\n🙂").unwrap_err();
    let said: Vec<_> = wrong.iter().map(|one| one.message.split(" : ").next().unwrap()).collect();
    assert_eq!(said, ["ligne 2", "ligne 3"]);
    assert_eq!(read(&"x\n".repeat(1_000)).unwrap_err().iter().count(), 10);
    assert_eq!((fields(read("")), fields(read(&"x\n".repeat(1_001)))), (vec!["lignes"], vec!["lignes"]));
}

/// The same rows as a spreadsheet saves them.
fn write_xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut classeur = rust_xlsxwriter::Workbook::new();
    let sheet = classeur.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
    classeur.save_to_buffer().unwrap()
}

#[test]
fn a_file_is_read_by_its_titles_whole_or_not_at_all() {
    let (territoire, known) = (territoire("brenne"), [point("École", LE_BLANC, ("Nord", 2))]);
    let read = |nom: &str, contenu: &[u8]| {
        Fichier::open(nom.into(), contenu).and_then(|fichier| read_fichier(&fichier, &known, (&territoire, testkit::NOON)))
    };
    let rows: [&[&str]; 5] = [
        &["Commune", "Lieu", "Type", "Effectif", "Tournée"],
        &["Le Blanc", "École", "école", "84", ""],
        &["Rosnay", "École Jules-Ferry", "École", "112", "Nord"],
        &["36173", "Mairie", "mairie", "", ""],
        &["Rosnay", "MAIRIE", "Mairie", "", ""],
    ];
    let csv = rows.map(|cells| cells.join(";")).join("\r\n");
    for (nom, contenu) in [("points.xlsx", write_xlsx(&rows)), ("points.csv", csv.clone().into_bytes())] {
        let told: Vec<_> = read(nom, &contenu).unwrap().into_iter().map(|one| (one.nom, one.eleves, one.tournee)).collect();
        let expected = [("École Jules-Ferry".to_string(), Some(112), "Nord".to_string()), ("Mairie".into(), None, String::new())];
        assert_eq!(told, expected, "{nom}");
    }
    let said = |nom: &str, contenu: &[u8]| -> Vec<String> {
        let wrong = read(nom, contenu).unwrap_err();
        assert!(wrong.iter().all(|one| one.field == "fichier"));
        wrong.iter().map(|one| one.message.clone()).collect()
    };
    let wrong = said("points.csv", format!("{csv}\nParis;<script>;mairie;-1;\n").as_bytes());
    assert!(wrong[0].starts_with("points.csv, ligne 6, colonne « Commune » : cette commune"), "{wrong:?}");
    assert!(wrong[1].starts_with("points.csv, ligne 6, colonne « Effectif » : "), "{wrong:?}");
    let wrong = said("points.csv", b"Nom;Commune;Commune;T\xe9l\xe9phone\nMairie;Rosnay;Rosnay;12;34\n");
    let about: Vec<&str> = wrong.iter().map(|one| one.split(" : ").next().unwrap()).collect();
    let all =
        ["points.csv, colonne « Commune »", "points.csv, colonne « Téléphone »", "points.csv, ligne 2", "points.csv, colonne « Nature »"];
    assert_eq!(about, all, "{wrong:?}");
    for broken in [
        &b""[..],
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"\0\x01",
        b"Nom;Nature;Commune\n",
        b"Nom;Nature;Commune\n\"Mairie;mairie;Rosnay\n",
        "🙂".as_bytes(),
    ] {
        assert!(said("points.xlsx", broken)[0].starts_with("points.xlsx"), "{broken:?}");
    }
    let many = format!("Nom;Nature;Commune\n{}", "x;x;x\n".repeat(1_000));
    let wrong = said("points.csv", many.as_bytes());
    assert!(wrong.len() == 11 && wrong[10].contains("autres erreurs"), "{wrong:?}");
    let more = said("points.csv", format!("{many}x;x;x\n").as_bytes());
    assert!(more[0].contains("plus de 1\u{202f}000 lignes") && more.len() == 1, "{more:?}");
}

#[test]
fn copies_sums_and_days_are_read_or_refused() {
    assert_eq!(read_prevision(" 1\u{202f}200 ").unwrap(), Some(1_200));
    assert_eq!(read_prevision("").unwrap(), None);
    for typed in ["-1", "100001", "1,5", "99999999999999999999", "🙂"] {
        assert_eq!(fields(read_prevision(typed)), ["prevus"], "{typed}");
    }
    assert_eq!(read_tirage("8000", "").unwrap(), Tirage { exemplaires: 8_000, cout: None });
    assert_eq!(fields(read_tirage("", "-3")), ["exemplaires", "cout"]);
    assert_eq!(read_budget("6 000 €").unwrap(), Some(600_000));
    assert_eq!(read_budget("10000000").unwrap(), Some(1_000_000_000));
    for typed in ["beaucoup", "10000000,01"] {
        assert_eq!(fields(read_budget(typed)), ["montant"], "{typed}");
    }
    let today = testkit::NOON.day();
    let input = |exemplaires: &str, le: &str| MouvementInput {
        nature: "livraison".into(),
        exemplaires: exemplaires.into(),
        le: le.into(),
        ..MouvementInput::default()
    };
    assert!(read_mouvement(&input("5", &today.to_string()), today).is_ok());
    assert_eq!(fields(read_mouvement(&MouvementInput::default(), today)), ["mouvement", "exemplaires", "le"]);
    for day in ["2026-02-31", "2026-11-18", "2024-11-16", "hier"] {
        assert_eq!(fields(read_mouvement(&input("0", day), today)), ["exemplaires", "le"], "{day}");
    }
}

fn edition() -> Edition {
    Edition {
        id: Id::from_name("2026"),
        titre: "Répertoire".into(),
        annee: 2026,
        clot_le: None,
        campagne: None,
        etat: Etat::Preparation,
        created_at: testkit::NOON,
        figee_at: None,
    }
}

async fn open(db: &Db, slug: &str) -> (Territoire, Edition) {
    let territoire = territoire(slug);
    let edition = edition();
    let tx = db.begin().await.unwrap();
    territoire::storage::insert_territoire(&tx, &territoire, testkit::NOON).await.unwrap();
    insert_edition(&tx, territoire.id, &edition).await.unwrap();
    tx.commit().await.unwrap();
    (territoire, edition)
}

#[tokio::test]
async fn what_is_written_of_an_edition_is_read_back_and_no_other_territoire_sees_it() {
    for db in testkit::databases().await {
        let (here, edition) = open(&db, "ici").await;
        let (elsewhere, _) = open(&db, "ailleurs").await;
        let ecole = Point { adresse: Some("3 rue du Lac".into()), ..point("École", LE_BLANC, ("Nord", 2)) };
        let tx = db.begin().await.unwrap();
        insert_points(&tx, here.id, std::slice::from_ref(&ecole)).await.unwrap();
        save_tirage(&tx, here.id, edition.id, ("blanc", Tirage { exemplaires: 100, cout: None })).await.unwrap();
        save_tirage(&tx, here.id, edition.id, ("blanc", Tirage { exemplaires: 300, cout: Some(45_000) })).await.unwrap();
        save_budget(&tx, here.id, edition.id, Some(1)).await.unwrap();
        save_budget(&tx, here.id, edition.id, Some(50_000)).await.unwrap();
        save_previsions(&tx, here.id, edition.id, &[(ecole.id, 90)]).await.unwrap();
        save_previsions(&tx, here.id, edition.id, &[(ecole.id, 200)]).await.unwrap();
        assert!(lock(&tx, here.id, edition.id, Some(ecole.id)).await.unwrap());
        assert!(!lock(&tx, elsewhere.id, edition.id, Some(ecole.id)).await.unwrap());
        let carried = [(NatureMouvement::Livraison, 80), (NatureMouvement::Reassort, 40), (NatureMouvement::Retour, 20)];
        for one in carried {
            assert!(insert_mouvement(&tx, here.id, edition.id, &mouvement(ecole.id, one)).await.unwrap());
        }
        tx.commit().await.unwrap();
        let read = read_suivi(db.read(), here.id, edition.id).await.unwrap();
        let expected = Suivi { points: vec![ecole.clone()], previsions: [(ecole.id, 200)].into(), ..suivi() };
        assert_eq!(format!("{read:?}"), format!("{expected:?}"));
        let other = read_suivi(db.read(), elsewhere.id, edition.id).await.unwrap();
        assert_eq!(format!("{other:?}"), format!("{:?}", Suivi::default()));
        assert_eq!(find_point(db.read(), elsewhere.id, ecole.id).await.unwrap(), None);
        assert!(!has_mouvements(db.read(), elsewhere.id, ecole.id).await.unwrap());
    }
}

#[tokio::test]
async fn a_movement_is_written_once_and_a_place_leaves_once() {
    for db in testkit::databases().await {
        let (here, edition) = open(&db, "ici").await;
        let ecole = point("École", LE_BLANC, ("Nord", 2));
        let one = mouvement(ecole.id, (NatureMouvement::Livraison, 80));
        let tx = db.begin().await.unwrap();
        insert_points(&tx, here.id, std::slice::from_ref(&ecole)).await.unwrap();
        assert!(!has_mouvements(&tx, here.id, ecole.id).await.unwrap());
        assert!(insert_mouvement(&tx, here.id, edition.id, &one).await.unwrap());
        assert!(!insert_mouvement(&tx, here.id, edition.id, &one).await.unwrap());
        assert!(has_mouvements(&tx, here.id, ecole.id).await.unwrap());
        assert!(retire_point(&tx, here.id, ecole.id, Some(testkit::NOON)).await.unwrap());
        assert!(!retire_point(&tx, here.id, ecole.id, Some(testkit::NOON)).await.unwrap());
        let moved = Point { nom: "Collège".into(), eleves: None, retire_at: Some(testkit::NOON), ..ecole.clone() };
        update_point(&tx, here.id, &moved).await.unwrap();
        assert_eq!(find_point(&tx, here.id, ecole.id).await.unwrap(), Some(moved));
        assert!(retire_point(&tx, here.id, ecole.id, None).await.unwrap());
        assert!(!retire_point(&tx, here.id, ecole.id, None).await.unwrap());
        assert_eq!(list_mouvements(&tx, here.id, edition.id, ecole.id).await.unwrap(), std::slice::from_ref(&one));
        delete_mouvement(&tx, here.id, one.id).await.unwrap();
        save_previsions(&tx, here.id, edition.id, &[(ecole.id, 90)]).await.unwrap();
        delete_prevision(&tx, here.id, edition.id, ecole.id).await.unwrap();
        save_budget(&tx, here.id, edition.id, Some(1)).await.unwrap();
        save_budget(&tx, here.id, edition.id, None).await.unwrap();
        tx.commit().await.unwrap();
        let read = read_suivi(db.read(), here.id, edition.id).await.unwrap();
        assert!(read.flux.is_empty() && read.previsions.is_empty() && read.budget.is_none());
    }
}
