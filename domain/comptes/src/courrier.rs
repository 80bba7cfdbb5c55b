//! What somebody of the team is written: an invitation, a link to come in, and a notice each time their account changes.
//! Written down with the act it is about; nothing is, while the program does not send.

use askama::Template;
use kit::envoi::{self, Envoi};
use kit::{Id, Instant, Result};
use sea_orm::ConnectionTrait;
use territoire::Territoire;

use crate::Comptes;
use crate::exterieur::Exterieur;
use crate::model::{Compte, Role};

#[derive(Template)]
#[template(path = "courriels/invitation.txt")]
struct Invitation<'a> {
    nom: &'a str,
    territoire: &'a str,
    qui: &'a str,
    roles: &'a str,
    lien: &'a str,
    jusque: &'a str,
}

#[derive(Template)]
#[template(path = "courriels/lien.txt")]
struct Lien<'a> {
    nom: &'a str,
    territoire: &'a str,
    lien: &'a str,
}

#[derive(Template)]
#[template(path = "courriels/avis.txt")]
struct Avis<'a> {
    nom: &'a str,
    territoire: &'a str,
    quoi: &'a str,
    compte: &'a str,
}

/// What another room writes to somebody, by day.
#[derive(Clone, Copy, Debug)]
pub struct Lettre<'a> {
    /// What it is, in one word.
    pub cause: &'a str,
    /// An e-mail address.
    pub a: &'a str,
    pub objet: &'a str,
    pub texte: &'a str,
}

/// To whom.
#[derive(Clone, Copy)]
pub(crate) struct Destinataire<'a> {
    pub courriel: &'a str,
    pub nom: &'a str,
}

/// When a letter leaves.
#[derive(Clone, Copy)]
enum Depart {
    /// Not by night.
    OfDay,
    AtOnce,
    /// At once, and no longer after this moment.
    Until(Instant),
}

/// Where and when a letter is written.
#[derive(Clone, Copy)]
pub(crate) struct Entete<'a> {
    pub territoire: &'a Territoire,
    pub now: Instant,
}

impl Comptes {
    /// Writes a letter down with its cause; nothing is, while the program does not send.
    pub async fn post(&self, tx: &impl ConnectionTrait, (territoire, now): (Id, Instant), lettre: Lettre<'_>) -> Result<()> {
        if !self.envoie() {
            return Ok(());
        }
        let Lettre { cause, a: destinataire, objet, texte } = lettre;
        let envoi = Envoi { cause, cle: None, destinataire, objet, texte, attendu: false, perime_at: None };
        envoi::insert(tx, &self.coffre, (territoire, now), &envoi).await.map(drop)
    }

    /// The link by which somebody invited by `qui` chooses a password.
    pub(crate) async fn write_invitation(
        &self,
        tx: &impl ConnectionTrait,
        entete: Entete<'_>,
        (a, roles): (Destinataire<'_>, &[Role]),
        (qui, code, jusque): (&str, &str, Instant),
    ) -> Result<()> {
        let Some(Exterieur { origine, .. }) = self.exterieur().filter(|exterieur| exterieur.envoie) else { return Ok(()) };
        let (slug, nom) = (&entete.territoire.slug, &entete.territoire.nom);
        let lettre = Invitation {
            nom: a.nom,
            territoire: nom,
            qui,
            roles: &Role::labels(roles),
            lien: &format!("{origine}/{slug}/invitation/{code}"),
            jusque: &ui::format::date(jusque.day()),
        };
        let objet = format!("Votre accès à l’équipe : {nom}");
        self.write_letter(tx, entete, (a, "invitation", Depart::OfDay), (&objet, &lettre.render().map_err(anyhow::Error::from)?)).await
    }

    /// The link that opens a session.
    pub(crate) async fn write_lien(
        &self,
        tx: &impl ConnectionTrait,
        entete: Entete<'_>,
        compte: &Compte,
        (code, until): (&str, Instant),
    ) -> Result<()> {
        let Some(Exterieur { origine, .. }) = self.exterieur() else { return Ok(()) };
        let (slug, nom) = (&entete.territoire.slug, &entete.territoire.nom);
        let a = Destinataire { courriel: &compte.courriel, nom: &compte.nom };
        let lettre = Lien { nom: &compte.nom, territoire: nom, lien: &format!("{origine}/{slug}/connexion/lien/{code}") };
        let objet = format!("Votre lien de connexion : {nom}");
        self.write_letter(
            tx,
            entete,
            (a, "lien de connexion", Depart::Until(until)),
            (&objet, &lettre.render().map_err(anyhow::Error::from)?),
        )
        .await
    }

    /// Tells somebody what has just changed about their account, so that they know when it was not them.
    pub(crate) async fn write_avis(&self, tx: &impl ConnectionTrait, entete: Entete<'_>, compte: Id, quoi: &str) -> Result<()> {
        let Some(Exterieur { origine, .. }) = self.exterieur().filter(|exterieur| exterieur.envoie) else { return Ok(()) };
        let Some((courriel, nom_compte)) = crate::storage::find_adresse(tx, entete.territoire.id, compte).await? else { return Ok(()) };
        let (slug, nom) = (&entete.territoire.slug, &entete.territoire.nom);
        let a = Destinataire { courriel: &courriel, nom: &nom_compte };
        let lettre = Avis { nom: &nom_compte, territoire: nom, quoi, compte: &format!("{origine}/{slug}/equipe/mon-compte") };
        let objet = format!("Votre compte a changé : {nom}");
        // Awaited: what may be a theft is not told in the morning.
        self.write_letter(tx, entete, (a, "avis de sécurité", Depart::AtOnce), (&objet, &lettre.render().map_err(anyhow::Error::from)?))
            .await
    }

    async fn write_letter(
        &self,
        tx: &impl ConnectionTrait,
        entete: Entete<'_>,
        (a, cause, depart): (Destinataire<'_>, &str, Depart),
        (objet, texte): (&str, &str),
    ) -> Result<()> {
        let perime_at = match depart {
            Depart::Until(until) => Some(until),
            Depart::OfDay | Depart::AtOnce => None,
        };
        let attendu = !matches!(depart, Depart::OfDay);
        let envoi = Envoi { cause, cle: None, destinataire: a.courriel, objet, texte, attendu, perime_at };
        envoi::insert(tx, &self.coffre, (entete.territoire.id, entete.now), &envoi).await?;
        Ok(())
    }
}
