//! For whoever administers or operates: what left, what waits, what was refused; never to whom nor what it said.

use askama::Template;
use axum::extract::{FromRef, State};
use axum::response::Response;
use comptes::permission::VoirEtat;
use comptes::{Autorise, Comptes, Menu};
use kit::envoi::{self, Porte, Suivi};
use kit::routes::Routes;
use kit::{Instant, Result};
use ui::{Frame, show};

/// What this room's pages need.
#[derive(Clone, Debug)]
struct Messages {
    comptes: Comptes,
}

impl FromRef<Messages> for Comptes {
    fn from_ref(messages: &Messages) -> Self {
        messages.comptes.clone()
    }
}

pub fn routes(comptes: Comptes) -> Routes {
    Routes::new().get("/{territoire}/equipe/messages", show_messages).with_state(Messages { comptes })
}

struct MessageListe {
    cause: String,
    /// « courriel », « SMS (2 parties, 0,09 €) ».
    porte: String,
    quand: String,
    etat: String,
    erreur: String,
}

#[derive(Template)]
#[template(path = "messages/messages.html")]
struct MessagesPage {
    frame: Frame,
    envoie: bool,
    /// What the SMS of these days cost.
    sms: String,
    messages: Vec<MessageListe>,
}

const SHOWN: i64 = 200;
/// Over which the cost of the SMS is summed.
const DAYS: i64 = 31;

async fn show_messages(equipier: Autorise<VoirEtat>, State(Messages { comptes }): State<Messages>) -> Result<Response> {
    let suivis = envoi::list(&comptes.db, equipier.territoire.id, SHOWN).await?;
    let messages = suivis.into_iter().map(|suivi| describe(suivi, equipier.now)).collect();
    let depense = envoi::sum_depense(&comptes.db, equipier.territoire.id, Porte::Sms, equipier.now.plus_seconds(-DAYS * 86_400)).await?;
    let sms = match depense.messages {
        0 => format!("Aucun SMS n’est parti depuis {DAYS} jours."),
        count => format!(
            "{} depuis {DAYS} jours, en {} : {}.",
            ui::format::compte(count, "SMS parti", "SMS partis"),
            ui::format::compte(depense.parties, "partie", "parties"),
            ui::format::euros(depense.cout)
        ),
    };
    show(&MessagesPage { frame: equipier.frame("Messages", Menu::Messages), envoie: comptes.envoie(), sms, messages })
}

fn describe(suivi: Suivi, now: Instant) -> MessageListe {
    let moment = |at: i64| ui::format::moment(&Instant(at), &now);
    let etat = match (suivi.envoye_at, suivi.abandonne_at, suivi.essais) {
        (Some(at), _, _) => format!("parti : {}", moment(at)),
        (_, Some(at), _) => format!("abandonné : {}", moment(at)),
        (None, None, 0) => "à envoyer".to_string(),
        (None, None, essais) => {
            format!("essayé {}, prochain essai : {}", ui::format::compte(i64::from(essais), "fois", "fois"), moment(suivi.du_at))
        }
    };
    let porte = match Porte::from_code(&suivi.canal) {
        Some(Porte::Sms) if suivi.envoye_at.is_some() => {
            let parties = ui::format::compte(i64::from(suivi.parties), "partie", "parties");
            format!("SMS ({parties}, {})", ui::format::euros(suivi.cout))
        }
        known => known.map_or("", Porte::label).to_string(),
    };
    MessageListe { porte, quand: moment(suivi.created_at), cause: suivi.cause, etat, erreur: suivi.erreur }
}
