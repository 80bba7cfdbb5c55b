//! The tables `territoire_*`.

mod exception;
mod vie;

pub use exception::{delete_exception, insert_exception};
pub use vie::{close, find_exporte_at, find_logo, mark_exporte, reopen, replace_logo, update_apparence};

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use exception::ExceptionRow;

use crate::{Bassin, Couleurs, Fermeture, LigneUnique, Referentiel, Territoire};

#[derive(FromQueryResult)]
struct TerritoireRow {
    id: String,
    slug: String,
    nom: String,
    couleur: String,
    couleur_accent: String,
    ligne_telephone: Option<String>,
    ligne_horaires: Option<String>,
    ferme_at: Option<i64>,
    efface_at: Option<i64>,
    logo: Option<String>,
}

#[derive(FromQueryResult)]
struct CommuneRow {
    territoire_id: String,
    code_insee: String,
    bassin_code: Option<String>,
}

#[derive(FromQueryResult)]
struct BassinRow {
    territoire_id: String,
    code: String,
    nom: String,
}

/// Writes a new territoire, its communes and its bassins; refused with a sentence when it is not one.
pub async fn insert_territoire(tx: &impl ConnectionTrait, territoire: &Territoire, now: Instant) -> Result<()> {
    territoire.check().map_err(|refusal| kit::Error::Conflict(refusal.to_string()))?;
    sql::execute(
        tx,
        "INSERT INTO territoire_territoire (id, slug, nom, couleur, couleur_accent, ligne_telephone, ligne_horaires, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            territoire.id,
            territoire.slug.as_str(),
            territoire.nom.as_str(),
            territoire.couleurs.principale.as_str(),
            territoire.couleurs.accent.as_str(),
            territoire.ligne.telephone.clone(),
            territoire.ligne.horaires.clone(),
            now.0
        ],
    )
    .await?;
    let bassins = territoire.bassins.iter().map(|bassin| values![territoire.id, bassin.code.as_str(), bassin.nom.as_str()].to_vec());
    sql::upsert_many(tx, &BASSIN, bassins.collect()).await?;
    let national = Referentiel::get();
    let communes = territoire.communes.iter().filter_map(|rang| national.commune(*rang)).map(|commune| {
        let bassin = territoire.find_bassin(commune.rang).map(|bassin| bassin.code.clone());
        values![territoire.id, commune.code.to_string(), bassin].to_vec()
    });
    sql::upsert_many(tx, &COMMUNE, communes.collect()).await
}

const BASSIN: sql::Target = sql::Target {
    table: "territoire_bassin",
    columns: &["territoire_id", "code", "nom"],
    key: &["territoire_id", "code"],
    replaced: &["nom"],
};
const COMMUNE: sql::Target = sql::Target {
    table: "territoire_commune",
    columns: &["territoire_id", "code_insee", "bassin_code"],
    key: &["territoire_id", "code_insee"],
    replaced: &["bassin_code"],
};

/// Changes with anything that is seen of any territoire: what tells a process that what it holds is late.
pub(crate) async fn find_revision(db: &Db) -> Result<String> {
    let ids = sql::texts(db.read(), "SELECT id || ' ' || CAST(revision AS TEXT) FROM territoire_territoire ORDER BY id", []).await?;
    Ok(ids.join("\n"))
}

/// All the territoires of the installation, by name. A commune code of an older vintage is read as the commune of today.
pub async fn list_territoires(db: &Db) -> Result<Vec<Territoire>> {
    let rows: Vec<TerritoireRow> = sql::list(
        db.read(),
        "SELECT t.id, t.slug, t.nom, t.couleur, t.couleur_accent, t.ligne_telephone, t.ligne_horaires, t.ferme_at, t.efface_at,
           l.empreinte AS logo
         FROM territoire_territoire t LEFT JOIN territoire_logo l ON l.territoire_id = t.id ORDER BY t.nom, t.id",
        [],
    )
    .await?;
    let communes: Vec<CommuneRow> = sql::list(
        db.read(),
        "SELECT territoire_id, code_insee, bassin_code FROM territoire_commune ORDER BY territoire_id, code_insee",
        [],
    )
    .await?;
    let bassins: Vec<BassinRow> =
        sql::list(db.read(), "SELECT territoire_id, code, nom FROM territoire_bassin ORDER BY nom, code", []).await?;
    let exceptions = exception::list_exceptions(db).await?;
    rows.into_iter().map(|row| assemble(row, &communes, &bassins, &exceptions)).collect()
}

fn assemble(row: TerritoireRow, communes: &[CommuneRow], bassins: &[BassinRow], exceptions: &[ExceptionRow]) -> Result<Territoire> {
    let exceptions = exceptions.iter().filter(|one| one.territoire_id == row.id).map(ExceptionRow::read).collect::<Result<_>>()?;
    let own: Vec<(u16, Option<&str>)> = communes
        .iter()
        .filter(|commune| commune.territoire_id == row.id)
        .filter_map(|commune| Some((find_rang(commune)?, commune.bassin_code.as_deref())))
        .collect();
    let bassins = bassins.iter().filter(|bassin| bassin.territoire_id == row.id).map(|bassin| Bassin {
        code: bassin.code.clone(),
        nom: bassin.nom.clone(),
        communes: sorted(own.iter().filter(|(_, code)| *code == Some(bassin.code.as_str())).map(|(rang, _)| *rang).collect()),
    });
    Ok(Territoire {
        id: row.id.parse::<Id>()?,
        slug: row.slug,
        nom: row.nom,
        couleurs: Couleurs { principale: row.couleur, accent: row.couleur_accent },
        ligne: LigneUnique { telephone: row.ligne_telephone, horaires: row.ligne_horaires, exceptions },
        bassins: bassins.collect(),
        logo: row.logo,
        fermeture: row
            .ferme_at
            .zip(row.efface_at)
            .map(|(ferme, efface)| Fermeture { ferme_at: Instant(ferme), efface_at: Instant(efface) }),
        communes: sorted(own.into_iter().map(|(rang, _)| rang).collect()),
    })
}

fn find_rang(row: &CommuneRow) -> Option<u16> {
    Referentiel::get().resolve_code(&row.code_insee).ok().map(|found| found.commune.rang)
}

fn sorted(mut rangs: Vec<u16>) -> Vec<u16> {
    rangs.sort_unstable();
    rangs.dedup();
    rangs
}
