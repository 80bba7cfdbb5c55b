//! From the settings to what lies beyond the program: its own address, the messages that leave, the identity provider.

use anyhow::{Context, bail};
use comptes::Exterieur;
use identite::fournisseur::{Fournisseur, Inscription};
use messages::{Facteur, Messagerie};
use sortant::Sortant;

use crate::App;
use crate::reglages::{Reglages, ReglagesFournisseur};

impl App {
    /// Opens what the settings name; gives who carries the messages, when some leave. Fails in French on a setting that cannot be
    /// right: better not to start than to find out on the day of the first invitation.
    pub fn reach(&self, reglages: &Reglages) -> anyhow::Result<Option<Facteur>> {
        reglages.fond()?;
        let Some(origine) = &reglages.origine else {
            if reglages.courriel.is_some() || reglages.fournisseur.is_some() || reglages.telephonie.is_some() {
                bail!(
                    "il manque « origine » dans les réglages, par exemple origine = \"https://ligne.exemple.fr\" : les liens des courriels et la signature des appels en dépendent"
                );
            }
            return Ok(None);
        };
        let messagerie = match &reglages.courriel {
            Some(courriel) => Some(Messagerie::new(&courriel.serveur, &courriel.expediteur)?),
            None => None,
        };
        let sortant = Sortant::new(&reglages.sortants_permis).context("les appels sortants")?;
        let passerelle = reglages.telephonie.as_ref().map(|asked| asked.passerelle(sortant.clone()));
        let fournisseur = reglages.fournisseur.clone().map(|asked| Fournisseur::new(asked.into(), sortant));
        let exterieur = Exterieur::new(origine, messagerie.is_some(), fournisseur)
            .with_context(|| format!("origine = « {origine} » n’est pas l’adresse d’un site, comme https://ligne.exemple.fr"))?
            .with_sms(passerelle.is_some());
        self.comptes.reach(exterieur);
        let has_door = messagerie.is_some() || passerelle.is_some();
        Ok(has_door.then(|| Facteur {
            db: self.db.clone(),
            clock: self.clock.clone(),
            coffre: self.coffre.clone(),
            territoires: self.territoires.clone(),
            messagerie,
            passerelle,
            silence: reglages.silence,
        }))
    }
}

impl From<ReglagesFournisseur> for Inscription {
    fn from(asked: ReglagesFournisseur) -> Self {
        let ReglagesFournisseur { nom, emetteur, client, secret, courriel_sur } = asked;
        Self { nom, emetteur, client, secret, courriel_sur }
    }
}
