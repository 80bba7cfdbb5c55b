//! What the demo lacks: a piste whose next step is late, one that ended with a service, and a commune that has just lost one.

use chrono::{Days, NaiveDate};
use kit::{Error, Id, Instant, Result};
use observatoire::alertes::couverture::Ecart;
use observatoire::alertes::passage::look;
use observatoire::demandes::list_demandes;
use observatoire::pistes::manques::{Lacune, NatureLacune};
use observatoire::pistes::model::{Avant, Etape, EtatPiste, Etendue, NatureEtape, Piste, Portee};
use observatoire::pistes::regard::{list_desservantes, look_lacunes};
use observatoire::pistes::rules::Suivante;
use observatoire::rules::mois::Mois;
use observatoire::storage::alerte::save_ecart;
use observatoire::storage::piste::{add_etape, close_piste, insert_piste};
use territoire::{Referentiel, Territoire};

use crate::App;

struct Scene<'a> {
    app: &'a App,
    territoire: &'a Territoire,
    /// Who follows.
    pilote: Id,
    now: Instant,
}

pub async fn record(app: &App, territoire: &Territoire, now: Instant) -> Result<()> {
    let comptes = comptes::storage::list_comptes(&app.db, territoire.id).await?;
    let pilote = comptes.iter().find(|one| one.courriel == super::COMPTES[0].0).ok_or(Error::NotFound)?.id;
    let scene = Scene { app, territoire, pilote, now };
    let this = Mois::of(now.day());
    let demandes = list_demandes(&app.db, territoire.id, (this.plus(-11), this)).await?;
    let lacunes = look_lacunes(&app.aiguillages.get(territoire.id), territoire, &demandes);
    if let Some(lacune) = lacunes.iter().find(|one| one.nature == NatureLacune::Personne) {
        scene.open_late(lacune).await?;
    }
    scene.close_portage().await?;
    scene.lose_visites().await
}

impl Scene<'_> {
    /// Opened two months ago at the end of a month, and forgotten for five days.
    async fn open_late(&self, lacune: &Lacune) -> Result<()> {
        let communes = lacune.communes.iter().map(|one| one.commune.code.to_string()).collect();
        let piste = self.imagine((lacune.besoin, Portee::Communes, communes), 2, "Des habitants le demandent, et personne n’y va.").await?;
        let done = Etape {
            at: piste.ouverte_at.plus_seconds(12 * DAY),
            compte: self.pilote,
            nature: NatureEtape::Faite,
            texte: "Réunion avec trois structures voisines : deux viendraient si le déplacement était payé.".into(),
        };
        let etape_le = self.now.day().checked_sub_days(Days::new(5)).unwrap_or(self.now.day());
        let suite = Suivante { pilote: self.pilote, etape: "Écrire à la communauté de communes pour les trajets".into(), etape_le };
        let tx = self.app.db.begin().await?;
        insert_piste(&tx, self.territoire.id, &piste, self.pilote).await?;
        add_etape(&tx, (self.territoire.id, piste.id), &done, &suite).await?;
        Ok(tx.commit().await?)
    }

    /// Opened eight months ago; one of those that bring meals today had not begun.
    async fn close_portage(&self) -> Result<()> {
        let communes = Portee::Territoire.list_communes(self.territoire).into_iter().map(|one| one.code.to_string()).collect();
        let why = "Dans l’est du territoire, les tournées de repas sont pleines depuis l’hiver.";
        let mut piste = self.imagine(("portage-repas", Portee::Territoire, communes), 8, why).await?;
        let Some(last) = piste.avant.structures.pop() else { return Ok(()) };
        let aiguillage = self.app.aiguillages.get(self.territoire.id);
        let nom = aiguillage.structures().iter().find(|one| one.id == last).map(|one| one.nom.to_string()).unwrap_or_default();
        let ended = Etape {
            at: piste.ouverte_at.plus_seconds(110 * DAY),
            compte: self.pilote,
            nature: NatureEtape::ServiceOuvert,
            texte: format!("{nom} livre désormais, avec l’aide au démarrage de la communauté de communes."),
        };
        let tx = self.app.db.begin().await?;
        insert_piste(&tx, self.territoire.id, &piste, self.pilote).await?;
        close_piste(&tx, (self.territoire.id, piste.id), EtatPiste::ServiceOuvert, &ended).await?;
        Ok(tx.commit().await?)
    }

    /// On the last day of a month, so many months ago, with the figures of the months before it.
    async fn imagine(&self, (besoin, portee, communes): (&str, Portee, Vec<String>), months: i32, raison: &str) -> Result<Piste> {
        let opened = Mois::of(self.now.day()).plus(-months);
        let first = Mois::of(self.now.day()).plus(-12);
        let at = opened.last_day().and_hms_opt(10, 0, 0).and_then(Instant::from_paris).unwrap_or(self.now);
        let asked = list_demandes(&self.app.db, self.territoire.id, (first, opened)).await?.sum(besoin, &communes);
        let found: Vec<_> = communes.iter().filter_map(|code| Referentiel::get().resolve_code(code).ok()).map(|one| one.commune).collect();
        let serving = list_desservantes(&self.app.aiguillages.get(self.territoire.id), besoin, &found);
        let etape_le: NaiveDate = opened.last_day().checked_add_days(Days::new(12)).unwrap_or(self.now.day());
        Ok(Piste {
            id: Id::new(at),
            besoin: besoin.into(),
            etendue: Etendue { portee, communes },
            raison: raison.into(),
            pilote: self.pilote,
            etat: EtatPiste::Ouverte,
            etape: "Réunir les structures voisines".into(),
            etape_le,
            ouverte_at: at,
            close_at: None,
            avant: Avant {
                du: first.first_day(),
                demandes: asked.demandes,
                sans_solution: asked.sans_solution,
                structures: serving.into_iter().map(|one| one.structure).collect(),
            },
        })
    }

    /// Three communes were visited until yesterday: the next look finds that they no longer are.
    async fn lose_visites(&self) -> Result<()> {
        let aiguillage = self.app.aiguillages.get(self.territoire.id);
        let communes = Portee::Territoire.list_communes(self.territoire);
        let lost = communes.into_iter().filter(|one| list_desservantes(&aiguillage, "visites", &[*one]).is_empty()).take(3);
        let lignes = lost.map(|one| ("visites".to_string(), one.code.to_string(), 1)).collect();
        let tx = self.app.db.begin().await?;
        save_ecart(&tx, self.territoire.id, &Ecart { lignes, ..Ecart::default() }).await?;
        tx.commit().await?;
        look(&self.app.observatoire(), self.territoire, self.now).await?;
        Ok(())
    }
}

const DAY: i64 = 86_400;
