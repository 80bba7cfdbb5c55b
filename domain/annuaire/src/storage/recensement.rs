//! The tables `annuaire_campagne*`.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::recensement::{ARelire, Campagne, Cible, Destinataire};

#[derive(FromQueryResult)]
struct CampagneRow {
    id: String,
    titre: String,
    message: String,
    a_relire: String,
    relances: i64,
    relance_jours: i64,
    created_at: i64,
    envoyee_at: Option<i64>,
    close_at: Option<i64>,
}

const CAMPAGNES: &str = "SELECT id, titre, message, a_relire, relances, relance_jours, created_at, envoyee_at, close_at FROM annuaire_campagne WHERE territoire_id = $1";

fn read_a_relire(codes: &str) -> Vec<ARelire> {
    codes.split_whitespace().filter_map(ARelire::from_code).collect()
}

fn read_campagne(row: CampagneRow) -> Result<Campagne> {
    Ok(Campagne {
        id: row.id.parse()?,
        titre: row.titre,
        message: row.message,
        a_relire: read_a_relire(&row.a_relire),
        relances: u32::try_from(row.relances).unwrap_or_default(),
        relance_jours: u32::try_from(row.relance_jours).unwrap_or_default(),
        created_at: Instant(row.created_at),
        envoyee_at: row.envoyee_at.map(Instant),
        close_at: row.close_at.map(Instant),
    })
}

/// A campaign of this territoire.
pub async fn find_campagne(db: &Db, territoire: Id, id: Id) -> Result<Option<Campagne>> {
    let row: Option<CampagneRow> = sql::find(db.read(), &format!("{CAMPAGNES} AND id = $2"), values![territoire, id]).await?;
    row.map(read_campagne).transpose()
}

/// The campaigns of a territoire, the last first.
pub async fn list_campagnes(db: &Db, territoire: Id) -> Result<Vec<Campagne>> {
    let rows: Vec<CampagneRow> =
        sql::list(db.read(), &format!("{CAMPAGNES} ORDER BY created_at DESC, id DESC"), values![territoire]).await?;
    rows.into_iter().map(read_campagne).collect()
}

/// Those that may still write.
pub async fn list_campagnes_ouvertes(db: &Db, territoire: Id) -> Result<Vec<Campagne>> {
    let text = format!("{CAMPAGNES} AND envoyee_at IS NOT NULL AND close_at IS NULL ORDER BY created_at, id");
    let rows: Vec<CampagneRow> = sql::list(db.read(), &text, values![territoire]).await?;
    rows.into_iter().map(read_campagne).collect()
}

/// Writes a campaign and the structures it is for; gives how many they are.
pub async fn insert_campagne(tx: &impl ConnectionTrait, territoire: Id, (campagne, compte): (&Campagne, Id), cible: &Cible) -> Result<u64> {
    sql::execute(
        tx,
        "INSERT INTO annuaire_campagne (territoire_id, id, titre, message, relances, relance_jours, created_at, compte_id, a_relire)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            territoire,
            campagne.id,
            campagne.titre.as_str(),
            campagne.message.as_str(),
            i64::from(campagne.relances),
            i64::from(campagne.relance_jours),
            campagne.created_at.0,
            compte,
            campagne.a_relire.iter().map(|one| one.code()).collect::<Vec<_>>().join(" ")
        ],
    )
    .await?;
    let into =
        "INSERT INTO annuaire_campagne_structure (territoire_id, campagne_id, structure_id, lettres) SELECT st.territoire_id, $8, st.id, 0";
    sql::execute(tx, &format!("{into} {CIBLEES}"), write_cible(territoire, cible).into_iter().chain(values![campagne.id])).await
}

/// The parameters of `CIBLEES`: kinds and communes each between blanks.
fn write_cible(territoire: Id, cible: &Cible) -> [Value; 7] {
    values![
        territoire,
        cible.categories.is_empty(),
        cible.categories.iter().map(|one| format!(" {} ", one.code())).collect::<String>(),
        cible.avant.map_or(i64::MAX, |avant| avant.0),
        cible.communes.is_empty() && !cible.a_completer,
        cible.communes.iter().map(|code| format!(" {code} ")).collect::<String>(),
        if cible.a_completer { 1_i64 } else { 0 }
    ]
}

/// Structures of these kinds that nobody confirmed since a moment; of these communes; whose record misses something.
const CIBLEES: &str = "FROM annuaire_structure st
  WHERE st.territoire_id = $1 AND ($2 OR $3 LIKE '% ' || st.categorie || ' %')
    AND NOT EXISTS (SELECT 1 FROM annuaire_verification v
                    WHERE v.territoire_id = st.territoire_id AND v.structure_id = st.id AND v.at >= $4)
    AND ($5 OR EXISTS (SELECT 1 FROM annuaire_qualite q
                       WHERE q.territoire_id = st.territoire_id AND q.structure_id = st.id AND q.version > 0 AND q.manques >= $7
                         AND ($6 = '' OR $6 LIKE '% ' || q.code_insee || ' %')))";

/// How many structures a campaign would write to.
pub async fn count_cible(db: &Db, territoire: Id, cible: &Cible) -> Result<i64> {
    sql::number(db.read(), &format!("SELECT COUNT(*) {CIBLEES}"), write_cible(territoire, cible)).await
}

#[derive(FromQueryResult)]
struct DestinataireRow {
    structure_id: String,
    nom: String,
    courriel: Option<String>,
    telephone: Option<String>,
    lettres: i64,
    ecrite_at: Option<i64>,
    repondue_at: Option<i64>,
}

/// The structures of a campaign, by name. Answered: said right since the campaign was made, by whomever.
pub async fn list_destinataires(db: &Db, territoire: Id, campagne: &Campagne) -> Result<Vec<Destinataire>> {
    let rows: Vec<DestinataireRow> = sql::list(
        db.read(),
        "SELECT cs.structure_id, st.nom, st.telephone, cs.lettres, cs.ecrite_at,
           COALESCE((SELECT MIN(c.courriel) FROM comptes_referent r
                     JOIN comptes_compte c ON c.territoire_id = r.territoire_id AND c.id = r.compte_id AND c.desactive_at IS NULL
                     WHERE r.territoire_id = cs.territoire_id AND r.structure_id = cs.structure_id), st.courriel) AS courriel,
           (SELECT MAX(v.at) FROM annuaire_verification v
            WHERE v.territoire_id = cs.territoire_id AND v.structure_id = cs.structure_id AND v.at >= $3) AS repondue_at
         FROM annuaire_campagne_structure cs
         JOIN annuaire_structure st ON st.territoire_id = cs.territoire_id AND st.id = cs.structure_id
         WHERE cs.territoire_id = $1 AND cs.campagne_id = $2 ORDER BY st.nom_plie, st.id",
        values![territoire, campagne.id, campagne.created_at.0],
    )
    .await?;
    let read = |row: DestinataireRow| {
        Ok(Destinataire {
            structure: row.structure_id.parse()?,
            nom: row.nom,
            courriel: row.courriel,
            telephone: row.telephone,
            lettres: u32::try_from(row.lettres).unwrap_or_default(),
            ecrite_at: row.ecrite_at.map(Instant),
            repondue_at: row.repondue_at.map(Instant),
        })
    };
    rows.into_iter().map(read).collect()
}

/// A campaign leaves once: a second time changes nothing.
pub async fn mark_envoyee(db: &Db, territoire: Id, id: Id, now: Instant) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE annuaire_campagne SET envoyee_at = COALESCE(envoyee_at, $3) WHERE territoire_id = $1 AND id = $2",
        values![territoire, id, now.0],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Nothing is written any more, and its links open nothing.
pub async fn close_campagne(tx: &impl ConnectionTrait, territoire: Id, id: Id, now: Instant) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE annuaire_campagne SET close_at = COALESCE(close_at, $3) WHERE territoire_id = $1 AND id = $2",
        values![territoire, id, now.0],
    )
    .await?;
    sql::execute(tx, "DELETE FROM annuaire_campagne_lien WHERE territoire_id = $1 AND campagne_id = $2", values![territoire, id]).await?;
    Ok(())
}

/// Marks that one more letter is written; false when somebody else has just written it.
pub async fn mark_ecrite(tx: &impl ConnectionTrait, territoire: Id, (campagne, to): (Id, &Destinataire), now: Instant) -> Result<bool> {
    let marked = sql::execute(
        tx,
        "UPDATE annuaire_campagne_structure SET lettres = lettres + 1, ecrite_at = $5
         WHERE territoire_id = $1 AND campagne_id = $2 AND structure_id = $3 AND lettres = $4",
        values![territoire, campagne, to.structure, i64::from(to.lettres), now.0],
    )
    .await?;
    Ok(marked == 1)
}

pub async fn insert_lien(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (empreinte, campagne, structure): (&str, Id, Id),
    until: Instant,
) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO annuaire_campagne_lien (territoire_id, empreinte, campagne_id, structure_id, expires_at) VALUES ($1, $2, $3, $4, $5)",
        values![territoire, empreinte, campagne, structure, until.0],
    )
    .await?;
    Ok(())
}

/// What the campaign of a link asks to read again.
pub async fn list_a_relire(db: &Db, territoire: Id, empreinte: &str) -> Result<Vec<ARelire>> {
    let found = sql::texts(
        db.read(),
        "SELECT c.a_relire FROM annuaire_campagne_lien l
         JOIN annuaire_campagne c ON c.territoire_id = l.territoire_id AND c.id = l.campagne_id
         WHERE l.territoire_id = $1 AND l.empreinte = $2",
        values![territoire, empreinte],
    )
    .await?;
    Ok(found.first().map(|codes| read_a_relire(codes)).unwrap_or_default())
}

/// What a link opens: its structure, while it is open; a structure merged since leads to the one that stands.
pub async fn find_lien(db: &Db, territoire: Id, empreinte: &str, now: Instant) -> Result<Option<Id>> {
    let found = sql::texts(
        db.read(),
        "SELECT COALESCE(r.structure_id, l.structure_id) FROM annuaire_campagne_lien l
         LEFT JOIN annuaire_redirection r ON r.territoire_id = l.territoire_id AND r.ancien_id = l.structure_id
         WHERE l.territoire_id = $1 AND l.empreinte = $2 AND l.expires_at > $3",
        values![territoire, empreinte, now.0],
    )
    .await?;
    found.first().map(|id| id.parse()).transpose()
}
