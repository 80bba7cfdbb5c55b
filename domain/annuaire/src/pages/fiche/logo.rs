//! The logo of a structure: sent and taken away from its page, shown to everybody.

use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use comptes::Visite;
use kit::journal;
use kit::{Error, FieldErrors, Result};

use super::{Refuse, acte, back, show_again};
use crate::Annuaire;
use crate::acces::StructureTenue;
use crate::logo::{LOGO_BYTES, LogoRefuse, LogoStructure};
use crate::storage::logo::{find_contenu, replace_logo};

/// As much as is listened to: a browser that sends 40 MB reads our answer only once it has sent them. Nothing past `LOGO_BYTES` is kept.
pub const ENVOI_BYTES: usize = 100 * 1_024 * 1_024;

/// An image of ours, drawn again: nothing in it that a browser would run.
pub async fn show_logo(
    visite: Visite,
    State(annuaire): State<Annuaire>,
    Path((_, id)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response> {
    let (contenu, empreinte) = find_contenu(&annuaire.db, visite.territoire.id, id.parse()?).await?.ok_or(Error::NotFound)?;
    let tag = format!("\"{empreinte}\"");
    let is_known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).is_some_and(|tags| tags.contains(&tag));
    let headers = [
        (header::ETAG, HeaderValue::from_str(&tag).map_err(anyhow::Error::from)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
        (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
    ];
    Ok(if is_known { (StatusCode::NOT_MODIFIED, headers).into_response() } else { (headers, contenu).into_response() })
}

/// The bytes of the field, up to one more than what is accepted; the rest is listened to and let go.
async fn receive(mut form: Multipart) -> Result<Vec<u8>> {
    let broken = |_| Error::Unreadable("L’envoi de l’image s’est interrompu, ou elle pèse bien plus d’un mégaoctet : réduisez-la.".into());
    let mut contenu = vec![];
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let is_logo = field.name() == Some("logo");
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if is_logo {
                let room = (LOGO_BYTES + 1).saturating_sub(contenu.len());
                contenu.extend(chunk.iter().take(room));
            }
        }
    }
    Ok(contenu)
}

pub async fn update_logo(tenue: StructureTenue, State(annuaire): State<Annuaire>, form: Multipart) -> Result<Response> {
    let contenu = receive(form).await?;
    let read = tokio::task::spawn_blocking(move || LogoStructure::read(&contenu)).await.map_err(anyhow::Error::from)?;
    match read {
        Ok(logo) => save(&annuaire, &tenue, Some(&logo)).await,
        Err(why) => refuse(&annuaire, &tenue, why).await,
    }
}

async fn refuse(annuaire: &Annuaire, tenue: &StructureTenue, why: LogoRefuse) -> Result<Response> {
    let mut errors = FieldErrors::default();
    errors.add("logo", why.to_string());
    show_again(tenue, annuaire, Refuse { errors, ..Refuse::default() }).await
}

pub async fn delete_logo(tenue: StructureTenue, State(annuaire): State<Annuaire>) -> Result<Response> {
    save(&annuaire, &tenue, None).await
}

async fn save(annuaire: &Annuaire, tenue: &StructureTenue, logo: Option<&LogoStructure>) -> Result<Response> {
    let (territoire, what) = (tenue.territoire.id, if logo.is_some() { "logo remplacé" } else { "logo retiré" });
    let tx = annuaire.db.begin().await?;
    replace_logo(&tx, territoire, tenue.structure, logo).await?;
    journal::record(&tx, territoire, tenue.now, &acte(tenue, what, "")).await?;
    tx.commit().await?;
    Ok(back(tenue))
}
