//! For the administration: who is of the team, with which roles.

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kit::journal::{self, Acte};
use kit::{Error, Id, Instant, Result};
use ui::{Frame, show, show_with};

use crate::acces::{poste_cookie, write_cookie};
use crate::courrier::{Destinataire, Entete};
use crate::model::{Compte, Role};
use crate::permission::GererComptes;
use crate::secret::{fingerprint, new_token};
use crate::{Autorise, Comptes, Equipier, Menu, storage};

/// One account of the list.
struct CompteListe {
    href: String,
    nom: String,
    courriel: String,
    roles: String,
    etat: &'static str,
}

/// One role that may be ticked.
struct RoleCoche {
    code: &'static str,
    label: &'static str,
    is_held: bool,
}

#[derive(Template)]
#[template(path = "comptes.html")]
struct ComptesPage {
    frame: Frame,
    slug: String,
    comptes: Vec<CompteListe>,
    roles: Vec<RoleCoche>,
    nom: String,
    courriel: String,
    refus: Option<String>,
}

#[derive(Template)]
#[template(path = "compte.html")]
struct ComptePage {
    frame: Frame,
    base: String,
    compte: Compte,
    roles: Vec<RoleCoche>,
    /// The link to hand over, just made.
    lien: Option<String>,
    /// The link has left by e-mail too.
    is_parti: bool,
    refus: Option<String>,
}

impl ComptePage {
    fn is_referent(&self) -> bool {
        self.compte.roles.contains(&Role::ReferentStructure)
    }
}

fn list_roles(held: &[Role]) -> Vec<RoleCoche> {
    Role::ALL.iter().map(|role| RoleCoche { code: role.code(), label: role.label(), is_held: held.contains(role) }).collect()
}

/// What the form of an account holds; roles come once each.
#[derive(Debug, Default)]
struct CompteInput {
    nom: String,
    courriel: String,
    roles: Vec<Role>,
    is_active: bool,
}

impl CompteInput {
    fn read(form: &[u8]) -> Self {
        let mut input = Self::default();
        for (name, value) in form_urlencoded::parse(form) {
            match &*name {
                "nom" => input.nom = kit::text::tidy(&value),
                "courriel" => input.courriel = kit::text::tidy(&value),
                "role" => input.roles.extend(Role::from_code(&value)),
                "actif" => input.is_active = value == "oui",
                _ => {}
            }
        }
        input
    }
}

pub async fn show_comptes(equipier: Autorise<GererComptes>, State(comptes): State<Comptes>) -> Result<Response> {
    show_list(&equipier, &comptes, (CompteInput::default(), None)).await
}

async fn show_list(equipier: &Equipier, comptes: &Comptes, (input, refus): (CompteInput, Option<String>)) -> Result<Response> {
    let slug = equipier.territoire.slug.clone();
    let listed = storage::list_comptes(&comptes.db, equipier.territoire.id).await?.into_iter().map(|compte| CompteListe {
        href: format!("/{slug}/equipe/comptes/{}", compte.id),
        roles: Role::labels(&compte.roles),
        etat: compte.etat(),
        nom: compte.nom,
        courriel: compte.courriel,
    });
    let page = ComptesPage {
        frame: equipier.frame("Comptes", Menu::Comptes),
        comptes: listed.collect(),
        slug: slug.clone(),
        roles: list_roles(&input.roles),
        nom: input.nom,
        courriel: input.courriel,
        refus: refus.clone(),
    };
    show_with(if refus.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}

/// Invites: the link is shown once, to be handed over.
pub async fn create_compte(equipier: Autorise<GererComptes>, State(comptes): State<Comptes>, RawForm(form): RawForm) -> Result<Response> {
    let input = CompteInput::read(&form);
    let refus = match (input.nom.is_empty(), input.roles.is_empty()) {
        (true, _) => Some("Écrivez le nom de la personne."),
        (_, true) => Some("Cochez au moins un rôle."),
        _ => None,
    };
    if let Some(refus) = refus {
        return show_list(&equipier, &comptes, (input, Some(refus.to_string()))).await;
    }
    let territoire = equipier.territoire.id;
    let tx = comptes.db.begin().await?;
    let id = match storage::insert_invite(&tx, territoire, (&input.courriel, &input.nom), &input.roles, equipier.now).await {
        Ok(id) => id,
        Err(Error::Conflict(sentence)) => {
            drop(tx);
            return show_list(&equipier, &comptes, (input, Some(ui::format::phrase(&sentence)))).await;
        }
        Err(error) => return Err(error),
    };
    let a = Destinataire { courriel: &input.courriel, nom: &input.nom };
    let code = invite((&tx, &comptes), &equipier, (id, a, &input.roles)).await?;
    let roles = Role::labels(&input.roles);
    journal::record(&tx, territoire, equipier.now, &acte(&equipier, "invitation", id, &roles)).await?;
    tx.commit().await?;
    show_one(&equipier, &comptes, id, (Some(code), None)).await
}

const INVITATION: i64 = 7 * 86_400;

/// Gives the code of the link, which leaves by e-mail too when the program sends.
async fn invite(
    (tx, comptes): (&sea_orm::DatabaseTransaction, &Comptes),
    equipier: &Equipier,
    (compte, a, roles): (Id, Destinataire<'_>, &[Role]),
) -> Result<String> {
    let code = new_token()?;
    let until: Instant = equipier.now.plus_seconds(INVITATION);
    storage::insert_invitation(tx, equipier.territoire.id, compte, (&fingerprint(&code), until)).await?;
    let entete = Entete { territoire: &equipier.territoire, now: equipier.now };
    comptes.write_invitation(tx, entete, (a, roles), (&equipier.nom, &code, until)).await?;
    Ok(code)
}

fn acte<'a>(equipier: &Equipier, acte: &'a str, compte: Id, detail: &'a str) -> Acte<'a> {
    Acte { auteur: Some(equipier.compte_id), acte, objet: ("compte", compte), detail }
}

fn read_id(id: &str) -> Result<Id> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn find(comptes: &Comptes, equipier: &Equipier, id: Id) -> Result<Compte> {
    storage::find_compte(&comptes.db, equipier.territoire.id, id).await?.ok_or(Error::NotFound)
}

pub async fn show_compte(
    equipier: Autorise<GererComptes>,
    State(comptes): State<Comptes>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    show_one(&equipier, &comptes, read_id(&id)?, (None, None)).await
}

async fn show_one(equipier: &Equipier, comptes: &Comptes, id: Id, (code, refus): (Option<String>, Option<String>)) -> Result<Response> {
    let compte = find(comptes, equipier, id).await?;
    let slug = &equipier.territoire.slug;
    let origine = comptes.exterieur().map_or("", |exterieur| exterieur.origine.as_str());
    let status = if refus.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ComptePage {
        frame: equipier.frame(compte.nom.clone(), Menu::Comptes),
        base: format!("/{slug}/equipe/comptes"),
        roles: list_roles(&compte.roles),
        lien: code.map(|code| format!("{origine}/{slug}/invitation/{code}")),
        is_parti: comptes.envoie(),
        compte,
        refus,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], show_with(status, &page)?).into_response())
}

const DERNIERE: &str = "Ce compte est le dernier de l’administration : donnez d’abord ce rôle à quelqu’un d’autre.";

/// A person whose roles change keeps their sessions: they open less, or more, at the next request.
pub async fn update_roles(
    equipier: Autorise<GererComptes>,
    State(comptes): State<Comptes>,
    Path((_, id)): Path<(String, String)>,
    RawForm(form): RawForm,
) -> Result<Response> {
    let (id, input) = (read_id(&id)?, CompteInput::read(&form));
    find(&comptes, &equipier, id).await?;
    let territoire = equipier.territoire.id;
    let tx = comptes.db.begin().await?;
    if !input.roles.contains(&Role::Administration) && storage::is_last_administration(&tx, territoire, id).await? {
        drop(tx);
        return show_one(&equipier, &comptes, id, (None, Some(DERNIERE.to_string()))).await;
    }
    storage::replace_roles(&tx, territoire, id, &input.roles).await?;
    let roles = Role::labels(&input.roles);
    journal::record(&tx, territoire, equipier.now, &acte(&equipier, "changement des rôles", id, &roles)).await?;
    let quoi = format!("{} a changé vos rôles : {roles}.", equipier.nom);
    comptes.write_avis(&tx, Entete { territoire: &equipier.territoire, now: equipier.now }, id, &quoi).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/comptes/{id}", equipier.territoire.slug)).into_response())
}

/// Closing an account closes its sessions at once.
pub async fn update_activation(
    equipier: Autorise<GererComptes>,
    State(comptes): State<Comptes>,
    Path((_, id)): Path<(String, String)>,
    RawForm(form): RawForm,
) -> Result<Response> {
    let (id, input) = (read_id(&id)?, CompteInput::read(&form));
    find(&comptes, &equipier, id).await?;
    let territoire = equipier.territoire.id;
    let tx = comptes.db.begin().await?;
    if !input.is_active && storage::is_last_administration(&tx, territoire, id).await? {
        drop(tx);
        return show_one(&equipier, &comptes, id, (None, Some(DERNIERE.to_string()))).await;
    }
    storage::update_desactive(&tx, territoire, id, (!input.is_active).then_some(equipier.now)).await?;
    if !input.is_active {
        storage::close_sessions(&tx, territoire, id, None).await?;
    }
    let what = if input.is_active { "réactivation" } else { "désactivation" };
    journal::record(&tx, territoire, equipier.now, &acte(&equipier, what, id, "")).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/comptes/{id}", equipier.territoire.slug)).into_response())
}

/// A new link: for somebody who lost the first, or their password.
pub async fn create_invitation(
    equipier: Autorise<GererComptes>,
    State(comptes): State<Comptes>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let id = read_id(&id)?;
    let compte = find(&comptes, &equipier, id).await?;
    if compte.desactive_at.is_some() {
        let refus = "Ce compte est désactivé : réactivez-le d’abord.".to_string();
        return show_one(&equipier, &comptes, id, (None, Some(refus))).await;
    }
    let tx = comptes.db.begin().await?;
    let a = Destinataire { courriel: &compte.courriel, nom: &compte.nom };
    let code = invite((&tx, &comptes), &equipier, (id, a, &compte.roles)).await?;
    journal::record(&tx, equipier.territoire.id, equipier.now, &acte(&equipier, "nouvelle invitation", id, "")).await?;
    tx.commit().await?;
    show_one(&equipier, &comptes, id, (Some(code), None)).await
}

/// For somebody who lost their telephone and their paper: they set a new one at their next sign-in.
pub async fn delete_second_facteur(
    equipier: Autorise<GererComptes>,
    State(comptes): State<Comptes>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let (territoire, id) = (equipier.territoire.id, read_id(&id)?);
    find(&comptes, &equipier, id).await?;
    let tx = comptes.db.begin().await?;
    storage::delete_second_facteur(&tx, territoire, id).await?;
    storage::delete_cles(&tx, territoire, id).await?;
    storage::delete_identites(&tx, territoire, id).await?;
    storage::close_sessions(&tx, territoire, id, None).await?;
    journal::record(&tx, territoire, equipier.now, &acte(&equipier, "retrait du second facteur et des autres entrées", id, "")).await?;
    let quoi = format!(
        "{} a retiré de votre compte le téléphone, les clés d’accès et le fournisseur d’identité : seul le mot de passe reste.",
        equipier.nom
    );
    comptes.write_avis(&tx, Entete { territoire: &equipier.territoire, now: equipier.now }, id, &quoi).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/comptes/{id}", equipier.territoire.slug)).into_response())
}

/// Two years: longer than a post changes hands.
const POSTE: i64 = 2 * 365 * 86_400;

#[derive(Template)]
#[template(path = "poste.html")]
struct PostePage {
    frame: Frame,
}

/// Declares this browser a post of the ligne unique: sessions opened on it may stay idle for four hours.
pub async fn create_poste(equipier: Autorise<GererComptes>, State(comptes): State<Comptes>) -> Result<Response> {
    let (territoire, token) = (equipier.territoire.id, new_token()?);
    storage::insert_poste(&comptes.db, territoire, &fingerprint(&token), equipier.compte_id, equipier.now).await?;
    let acte = acte(&equipier, "déclaration d’un poste d’accueil", equipier.compte_id, "");
    journal::record_alone(&comptes.db, territoire, equipier.now, &acte).await?;
    let cookie = write_cookie(&poste_cookie(&equipier.territoire.slug), &token, POSTE);
    let page = show(&PostePage { frame: equipier.frame("Poste d’accueil", Menu::Comptes) })?;
    Ok(([(header::SET_COOKIE, cookie)], page).into_response())
}
