//! The board of the team: records that nobody confirmed for a year, or that miss what matters, by bassin; the one thing to mend of each.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::permission::TenirAnnuaire;
use comptes::{Autorise, Equipier, Menu};
use kit::{Result, Tableur};
use serde::Deserialize;
use territoire::Referentiel;
use ui::{Frame, show};

use crate::Annuaire;
use crate::qualite::rattrapage::catch_up;
use crate::qualite::secteur::{Secteur, SecteurNote, group};
use crate::storage::qualite::{Choix, CompteQualite, Demandees, FicheNotee, PAGE, count_by_commune, list_notees};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TableauInput {
    /// « completer »; anything else: those to confirm.
    quoi: String,
    /// The code of a secteur; none: everywhere.
    secteur: String,
    page: u32,
}

impl TableauInput {
    fn choix(&self) -> Choix {
        if self.quoi == "completer" { Choix::ACompleter } else { Choix::AVerifier }
    }
}

/// What both the page and the file read.
struct Tableau {
    secteurs: Vec<SecteurNote>,
    fiches: Vec<FicheNotee>,
    en_cours: bool,
}

async fn read(annuaire: &Annuaire, equipier: &Equipier, input: &TableauInput, (offset, most): (u32, u32)) -> Result<Tableau> {
    let (territoire, now) = (&equipier.territoire, equipier.now);
    let en_cours = catch_up(annuaire, territoire).await?;
    let secteurs = group(&count_by_commune(&annuaire.db, territoire.id, now).await?, territoire);
    let chosen = secteurs.iter().find(|one| one.secteur.code == input.secteur);
    let asked = Demandees { choix: input.choix(), communes: chosen.map(|one| one.communes.as_slice()), offset, most };
    let fiches = list_notees(&annuaire.db, territoire.id, &asked, now).await?;
    Ok(Tableau { secteurs, fiches, en_cours })
}

#[derive(Template)]
#[template(path = "annuaire/qualite.html")]
struct QualitePage {
    frame: Frame,
    slug: String,
    input: TableauInput,
    tableau: Tableau,
    total: CompteQualite,
}

pub async fn show_qualite(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(input): Query<TableauInput>,
) -> Result<Response> {
    let tableau = read(&annuaire, &equipier, &input, (input.page.saturating_mul(PAGE), PAGE)).await?;
    let mut total = CompteQualite::default();
    tableau.secteurs.iter().for_each(|one| total.add(&one.compte));
    let frame = equipier.frame("Qualité de l’annuaire", Menu::Annuaire);
    show(&QualitePage { frame, slug: equipier.territoire.slug.clone(), input, tableau, total })
}

impl QualitePage {
    fn is_to_complete(&self) -> bool {
        self.input.choix() == Choix::ACompleter
    }

    /// How many records the filter keeps, all pages together.
    fn kept(&self) -> i64 {
        let of = |compte: &CompteQualite| if self.is_to_complete() { compte.a_completer } else { compte.a_verifier };
        let chosen = self.tableau.secteurs.iter().find(|one| one.secteur.code == self.input.secteur);
        of(chosen.map_or(&self.total, |one| &one.compte))
    }

    fn has_next(&self) -> bool {
        i64::from(self.input.page.saturating_add(1).saturating_mul(PAGE)) < self.kept()
    }

    /// The same choice, as a query.
    fn query(&self) -> String {
        format!("quoi={}&secteur={}", if self.is_to_complete() { "completer" } else { "verifier" }, self.input.secteur)
    }

    /// The form of a campaign, already filled with these structures.
    fn campagne(&self) -> String {
        let which = if self.is_to_complete() { "a_completer=oui&mois=" } else { "mois=12" };
        format!("/{}/equipe/annuaire/campagnes?{which}&secteur={}", self.slug, self.input.secteur)
    }
}

/// The whole list, for a spreadsheet.
pub async fn show_csv(
    equipier: Autorise<TenirAnnuaire>,
    State(annuaire): State<Annuaire>,
    Query(input): Query<TableauInput>,
) -> Result<Response> {
    let Tableau { fiches, .. } = read(&annuaire, &equipier, &input, (0, u32::MAX)).await?;
    let mut tableur =
        Tableur::new(&["structure_id", "structure", "secteur", "commune", "score", "telephone", "verifiee_le", "a_reprendre"])?;
    for one in &fiches {
        let verifiee = one.verifiee_at.map(|at| at.day().to_string()).unwrap_or_default();
        tableur.push(&[
            &one.structure.to_string(),
            &one.nom,
            &Secteur::of(&one.code_insee, &equipier.territoire).nom,
            &name_commune(&one.code_insee),
            &one.qualite.score().to_string(),
            one.telephone.as_deref().unwrap_or_default(),
            &verifiee,
            one.qualite.find_premier().map(|note| note.phrase()).unwrap_or_default(),
        ])?;
    }
    tableur.respond(&format!("qualite-{}-{}.csv", equipier.territoire.slug, equipier.now.day()))
}

fn name_commune(code: &str) -> String {
    Referentiel::get().resolve_code(code).map(|found| found.commune.nom.to_string()).unwrap_or_default()
}
