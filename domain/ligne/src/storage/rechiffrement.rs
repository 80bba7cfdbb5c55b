//! Every encrypted text and sound of this room written again with the newest key.

use kit::{Coffre, Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;

use super::{TABLE_MESSAGE, TABLE_SON, place};

#[derive(FromQueryResult)]
struct Row {
    territoire_id: String,
    id: String,
    texte: String,
}

/// One encrypted column: those that the newest key did not encrypt, after a given row; and how one is written again, unless it
/// changed meanwhile.
struct Colonne {
    table: &'static str,
    nom: &'static str,
    late: &'static str,
    update: &'static str,
}

const COLONNES: [Colonne; 4] = [
    Colonne {
        table: TABLE_MESSAGE,
        nom: "numero",
        late: "SELECT territoire_id, id, numero AS texte FROM ligne_message
               WHERE numero NOT LIKE $1 AND (territoire_id > $2 OR (territoire_id = $2 AND id > $3)) ORDER BY territoire_id, id LIMIT 100",
        update: "UPDATE ligne_message SET numero = $3 WHERE territoire_id = $1 AND id = $2 AND numero = $4",
    },
    Colonne {
        table: TABLE_MESSAGE,
        nom: "expediteur",
        late: "SELECT territoire_id, id, expediteur AS texte FROM ligne_message
               WHERE expediteur NOT LIKE $1 AND (territoire_id > $2 OR (territoire_id = $2 AND id > $3)) ORDER BY territoire_id, id LIMIT 100",
        update: "UPDATE ligne_message SET expediteur = $3 WHERE territoire_id = $1 AND id = $2 AND expediteur = $4",
    },
    Colonne {
        table: TABLE_MESSAGE,
        nom: "texte",
        late: "SELECT territoire_id, id, texte FROM ligne_message
               WHERE texte NOT LIKE $1 AND (territoire_id > $2 OR (territoire_id = $2 AND id > $3)) ORDER BY territoire_id, id LIMIT 100",
        update: "UPDATE ligne_message SET texte = $3 WHERE territoire_id = $1 AND id = $2 AND texte = $4",
    },
    Colonne {
        table: TABLE_SON,
        nom: "contenu",
        // A sound weighs megabytes: a few at a time.
        late: "SELECT territoire_id, message_id AS id, contenu AS texte FROM ligne_enregistrement
               WHERE contenu NOT LIKE $1 AND (territoire_id > $2 OR (territoire_id = $2 AND message_id > $3))
               ORDER BY territoire_id, message_id LIMIT 5",
        update: "UPDATE ligne_enregistrement SET contenu = $3 WHERE territoire_id = $1 AND message_id = $2 AND contenu = $4",
    },
];

/// How many were written again, and how many do not open.
pub async fn rechiffrer(db: &Db, coffre: &Coffre) -> Result<(u64, u64)> {
    let (mut done, mut illisibles) = (0, 0);
    for colonne in &COLONNES {
        let mut last = (String::new(), String::new());
        loop {
            let tx = db.begin().await?;
            let after = values![format!("{}%", coffre.newest_prefix()), last.0.as_str(), last.1.as_str()];
            let rows: Vec<Row> = sql::list(&tx, colonne.late, after).await?;
            let Some(end) = rows.last() else { break };
            last = (end.territoire_id.clone(), end.id.clone());
            for row in rows {
                let of: (Id, Id) = (row.territoire_id.parse()?, row.id.parse()?);
                let place = place(colonne.table, colonne.nom, of);
                let Ok(content) = coffre.open_bytes(place, &row.texte) else {
                    illisibles += 1;
                    continue;
                };
                let sealed = coffre.seal_bytes(place, &content)?;
                done += sql::execute(&tx, colonne.update, values![of.0, of.1, sealed, row.texte]).await?;
            }
            tx.commit().await?;
        }
    }
    Ok((done, illisibles))
}
