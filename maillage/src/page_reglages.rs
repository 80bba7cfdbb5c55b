//! For the administration of a territoire: the name, the colours, the logo and the line that its site shows.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::ReglerTerritoire;
use comptes::{Autorise, Equipier, Menu, Visite};
use kit::journal::{self, Acte};
use kit::routes::Routes;
use kit::{Error, FieldErrors, Result, text};
use territoire::storage::{find_logo, replace_logo, update_apparence};
use territoire::{LOGO_BYTES, Logo, Territoire, TerritoireRefuse};
use ui::{Frame, show_with};

use crate::App;

/// The picture, and the few fields around it.
const FORM_BYTES: usize = LOGO_BYTES + 64 * 1_024;

pub fn routes(app: App) -> Routes {
    Routes::new()
        .get("/{territoire}/equipe/reglages", show_reglages)
        .post_file("/{territoire}/equipe/reglages", update_reglages, FORM_BYTES)
        .get("/{territoire}/logo", show_logo)
        .with_state(app)
}

/// Its bytes say what it is; nothing that a browser would run is ever kept.
async fn show_logo(visite: Visite, State(app): State<App>) -> Result<Response> {
    let logo = find_logo(&app.db, visite.territoire.id).await?.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(logo.nature)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
    ];
    Ok((headers, logo.contenu).into_response())
}

/// What the form sends.
#[derive(Debug, Default)]
struct ReglagesInput {
    nom: String,
    couleur: String,
    accent: String,
    telephone: String,
    horaires: String,
    logo: Vec<u8>,
    sans_logo: bool,
}

impl ReglagesInput {
    fn of(territoire: &Territoire) -> Self {
        Self {
            nom: territoire.nom.clone(),
            couleur: territoire.couleurs.principale.clone(),
            accent: territoire.couleurs.accent.clone(),
            telephone: territoire.ligne.telephone.clone().unwrap_or_default(),
            horaires: territoire.ligne.horaires.clone().unwrap_or_default(),
            logo: vec![],
            sans_logo: false,
        }
    }

    async fn read(mut form: Multipart) -> Result<Self> {
        let unreadable = |_| Error::Unreadable("l’envoi s’est interrompu, ou le logo pèse trop : 200 ko au plus".into());
        let mut input = Self::default();
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            let name = field.name().unwrap_or_default().to_string();
            let value = field.bytes().await.map_err(unreadable)?;
            let words = || text::tidy(&String::from_utf8_lossy(&value));
            match name.as_str() {
                "nom" => input.nom = words(),
                "couleur" => input.couleur = words().to_lowercase(),
                "accent" => input.accent = words().to_lowercase(),
                "telephone" => input.telephone = words(),
                "horaires" => input.horaires = words(),
                "logo" => input.logo = value.into(),
                "sans_logo" => input.sans_logo = words() == "oui",
                _ => {}
            }
        }
        Ok(input)
    }

    /// The territoire as it would be, and its new logo if one was sent.
    fn parse(&self, before: &Territoire) -> Result<(Territoire, Option<Logo>), FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut after = before.clone();
        after.nom.clone_from(&self.nom);
        if self.nom.is_empty() || self.nom.chars().count() > 80 {
            errors.add("nom", "écrivez le nom du territoire, en 80 signes au plus");
        }
        after.couleurs.principale.clone_from(&self.couleur);
        after.couleurs.accent.clone_from(&self.accent);
        after.ligne.telephone = match text::some(&self.telephone).map(|written| kit::telephone::read(&written)).transpose() {
            Ok(telephone) => telephone,
            Err(why) => {
                errors.add("telephone", why);
                None
            }
        };
        after.ligne.horaires = text::some(&self.horaires);
        if let Some(Err(why)) = after.ligne.horaires.as_deref().map(annuaire::rules::horaires::check) {
            errors.add("horaires", why);
        }
        let logo = (!self.logo.is_empty()).then(|| Logo::parse(self.logo.clone())).transpose();
        match (&logo, after.check()) {
            (Err(why), _) => errors.add("logo", why.to_string()),
            (_, Err(why)) => errors.add(self.find_field(&why), why.to_string()),
            _ => {}
        }
        if errors.is_empty() { Ok((after, logo.ok().flatten())) } else { Err(errors) }
    }

    /// The field that a refusal of the whole is about.
    fn find_field(&self, refusal: &TerritoireRefuse) -> &'static str {
        match refusal {
            TerritoireRefuse::Couleur(couleur) | TerritoireRefuse::Contraste(couleur) if *couleur == self.couleur => "couleur",
            TerritoireRefuse::Couleur(_) | TerritoireRefuse::Contraste(_) => "accent",
            TerritoireRefuse::Slug(_)
            | TerritoireRefuse::SansCommune
            | TerritoireRefuse::BassinDebordant(_)
            | TerritoireRefuse::BassinReserve(_) => "nom",
        }
    }
}

#[derive(Template)]
#[template(path = "reglages.html")]
struct ReglagesPage {
    frame: Frame,
    slug: String,
    has_logo: bool,
    input: ReglagesInput,
    errors: FieldErrors,
}

async fn show_reglages(equipier: Autorise<ReglerTerritoire>) -> Result<Response> {
    show_form(&equipier, (ReglagesInput::of(&equipier.territoire), FieldErrors::default()))
}

fn show_form(equipier: &Equipier, (input, errors): (ReglagesInput, FieldErrors)) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ReglagesPage {
        frame: equipier.frame("Réglages", Menu::Reglages),
        slug: equipier.territoire.slug.clone(),
        has_logo: equipier.territoire.logo.is_some(),
        input,
        errors,
    };
    show_with(status, &page)
}

/// Seen at once here, and within seconds in the other processes.
async fn update_reglages(equipier: Autorise<ReglerTerritoire>, State(app): State<App>, form: Multipart) -> Result<Response> {
    let input = ReglagesInput::read(form).await?;
    let (after, logo) = match input.parse(&equipier.territoire) {
        Ok(read) => read,
        Err(errors) => return show_form(&equipier, (input, errors)),
    };
    let tx = app.db.begin().await?;
    update_apparence(&tx, &after).await?;
    if logo.is_some() || input.sans_logo {
        replace_logo(&tx, after.id, logo.as_ref()).await?;
    }
    let acte = Acte { auteur: Some(equipier.compte_id), acte: "changement d’apparence", objet: ("territoire", after.id), detail: "" };
    journal::record(&tx, after.id, equipier.now, &acte).await?;
    tx.commit().await?;
    app.territoires.refresh(&app.db).await?;
    Ok(Redirect::to(&format!("/{}/equipe/reglages", after.slug)).into_response())
}
