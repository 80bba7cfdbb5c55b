// Every page of the program, with what must have happened before it shows.
import { createHmac } from 'node:crypto';
import { keepSession } from './navigateur.mjs';
import { ADMINISTRATION, REFERENTE, ask, reach, signIn } from './serveur.mjs';

export const TERRITOIRE = 'brenne';
const ICI = `/${TERRITOIRE}`;

const ENTETE = 'structure_id;structure;categorie;adresse;commune;code_insee;telephone;service_id;service;besoins;mode;couverture';

/** Lines that each have one thing wrong: the commune, the need, the telephone. */
export const FICHIER_REFUSE = [
  ENTETE,
  'essai-1;Les Roses Trémières;association;1 rue du Puits;Rosnay;36173;02 54 00 00 01;un;Le petit coup de main;menage;a_domicile;commune:36173',
  'essai-2;Les Iris;association;2 rue du Puits;Rosnay;36999;02 54 00 00 02;un;Repassage;menage;a_domicile;commune:36173',
  'essai-3;Les Lys;association;3 rue du Puits;Rosnay;36173;02 54 00 00 03;un;Voyages sur Mars;voyages-sur-mars;a_domicile;commune:36173',
  'essai-4;Les Joncs;association;4 rue du Puits;Rosnay;36173;douze;un;Ménage;menage;en_fusee;commune:36173',
].join('\n');

/** The same, mended; a name holds what must be shown as text. */
export const FICHIER_CORRIGE = [
  ENTETE,
  'essai-1;Les Roses <b>Trémières</b>;association;1 rue du Puits;Rosnay;36173;02 54 00 00 01;un;Garde de nuit aux <script>alert(1)</script> étangs;garde-nuit;a_domicile;commune:36173',
  'essai-2;Les Iris;association;2 rue du Puits;Rosnay;36173;02 54 00 00 02;un;Repassage;menage;a_domicile;commune:36173',
].join('\n');

/** Sends a file and waits for its report: the path of its page. */
export async function sendFichier(base, session, contenu, nom = 'essai.csv') {
  const form = new FormData();
  form.append('fichier', new Blob([contenu], { type: 'text/csv' }), nom);
  const answer = await ask(`${base}${ICI}/equipe/annuaire/imports`, { method: 'POST', body: form, headers: { cookie: session } });
  const path = answer.headers.get('location');
  if (answer.status !== 303 || !path) throw new Error(`sending ${nom} answered ${answer.status}`);
  for (let turn = 0; turn < 100; turn += 1) {
    const page = await (await ask(base + path, { headers: { cookie: session } })).text();
    if (!page.includes('hx-trigger="every')) return path;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${nom} is still being verified after 10 s`);
}

/** The first link of a page that has this shape. */
async function findLien(base, path, shape, session) {
  const answer = await ask(base + path, { headers: session ? { cookie: session } : {} });
  const found = shape.exec(await answer.text())?.[1];
  if (!found) throw new Error(`${path} (${answer.status}) has no link like ${shape}`);
  return found;
}

const REPONSE = `${ICI}/orientation/36173/portage-repas`;

/** The links of the demo's letters are numbered. */
const lien = (rang) => String(rang).padStart(32, '0');

const LAISSER = `${ICI}/demandes/nouvelle?commune=36173&besoin=portage-repas`;

/** Somebody to be called back, without a number. */
async function leaveWithoutNumber(page) {
  await page.selectOption('#commune', { index: 1 });
  await page.selectOption('#besoin', 'menage');
  await page.getByRole('button', { name: 'Enregistrer la demande' }).click();
  await page.getByText('il faut un numéro').first().waitFor();
}

/** The browser's own check aside, a closing with hours that cannot be read. */
async function closeWithoutDay(page) {
  await page.fill('#du', '2031-12-24');
  await page.fill('#heures', 'le matin');
  await page.getByRole('button', { name: 'Ajouter ces jours' }).click();
  await page.getByText('Ces heures ne se lisent pas').waitFor();
}

/**
 * `agir` leads from the address to the page meant; `status` is 200 unless said.
 * @returns {Promise<{nom: string, chemin: string, equipe: boolean, status: number, agir?: (page) => Promise<void>}[]>}
 */
export async function listPages(base, session) {
  const structure = await findLien(base, REPONSE, new RegExp(`href="(${ICI}/structures/[^"]+)"`));
  const service = await findLien(base, structure, new RegExp(`href="${ICI}/services/([^/"]+)/communes"`));
  const demande = await findLien(base, `${ICI}/equipe/demandes?issue=orientee`, new RegExp(`href="(${ICI}/equipe/demandes/[0-9a-f-]{8,})"`), session);
  const interrogee = await findLien(base, `${ICI}/equipe/prises-en-charge?etat=acceptee`, new RegExp(`href="(${ICI}/equipe/demandes/[0-9a-f-]{8,})#prises"`), session);
  const infructueuse = await findLien(base, `${ICI}/equipe/sans-solution`, new RegExp(`href="(${ICI}/equipe/demandes/[0-9a-f-]{8,})#suite"`), session);
  const refuse = await sendFichier(base, session, FICHIER_REFUSE);
  const verifie = await sendFichier(base, session, FICHIER_CORRIGE);
  const campagne = await findLien(base, `${ICI}/equipe/annuaire/campagnes`, new RegExp(`href="(${ICI}/equipe/annuaire/campagnes/[0-9a-f-]{8,})"`), session);
  const piste = await findLien(base, `${ICI}/equipe/observatoire/pistes`, new RegExp(`href="(${ICI}/equipe/observatoire/pistes/[0-9a-f-]{8,})"`), session);
  const edition = await findLien(base, `${ICI}/equipe/repertoire`, new RegExp(`href="(${ICI}/equipe/repertoire/[0-9a-f-]{8,})"`), session);
  const epreuve = await findLien(base, `${edition}/epreuves`, new RegExp(`href="(${edition}/epreuves/[0-9a-f-]{8,})"`), session);
  const tirage = await findLien(base, `${edition}/diffusion`, new RegExp(`href="(${edition}/diffusion/tirages/[^"]+)"`), session);
  const passage = await findLien(base, `${edition}/diffusion`, new RegExp(`href="(${edition}/diffusion/points/[^"]+)"`), session);
  const message = await findLien(base, `${ICI}/equipe/ligne/messages`, new RegExp(`href="(${ICI}/equipe/ligne/messages/[0-9a-f-]{8,})"`), session);
  const publiques = [
    ['territoires', '/'],
    ['accueil', ICI],
    ['accueil-commune-ambigue', `${ICI}/orientation?ou=saint&quoi=portage+de+repas`],
    ['accueil-code-postal', `/val-de-drome/orientation?ou=26400&quoi=portage+de+repas`],
    ['accueil-inconnu', `${ICI}/orientation?ou=zzzzzz&quoi=xyzzy`],
    ['reponse', REPONSE],
    ['reponse-conditions', `${REPONSE}?contraintes=soir&contraintes=week_end`],
    ['reponse-sans-solution', `${ICI}/orientation/36173/garde-nuit`],
    ['reponse-autre-territoire', `${ICI}/orientation/26064/menage`],
    ['feuille', `${REPONSE}/feuille`],
    ['structure', structure],
    ['service-communes', `${ICI}/services/${service}/communes`],
    ['repertoire-public', `${ICI}/repertoire`],
    ['chiffres-publies', `${ICI}/chiffres`],
    ['chiffres-publies-2009', `${ICI}/chiffres?annee=2009`],
    ['chiffres-cadre', `${ICI}/chiffres/cadre`],
    ['signaler', `${structure}/signaler`],
    ['signaler-refuse', `${structure}/signaler`, { agir: reportNothing }],
    ['inscription', `${ICI}/inscription`],
    ['inscription-refusee', `${ICI}/inscription`, { agir: askNothing }],
    ['suggestion-merci', `${ICI}/suggestions/merci`],
    ['demande-nouvelle', LAISSER],
    ['demande-nouvelle-sans-question', `${ICI}/demandes/nouvelle`],
    ['demande-nouvelle-erreurs', LAISSER, { agir: sendBadDemande }],
    ['demande-nouvelle-a-renvoyer', LAISSER, { agir: sendTrapped }],
    ['merci', `${ICI}/demandes/merci?numero=1234`],
    ['merci-avec-lien', LAISSER, { agir: sendDemande }],
    ['ma-demande', LAISSER, { agir: openMaDemande }],
    ['ma-demande-document', LAISSER, { agir: openDocument }],
    ['ma-demande-effacement', LAISSER, { agir: askEffacement }],
    ['ma-demande-effacee', LAISSER, { agir: eraseDemande }],
    ['suivi', `${ICI}/suivi`],
    ['suivi-refuse', `${ICI}/suivi`, { agir: openNothing }],
    ['prise-en-charge', `${ICI}/prise-en-charge/${lien(9)}`],
    ['prise-en-charge-retard', `${ICI}/prise-en-charge/${lien(1)}`],
    ['prise-en-charge-interessee', `${ICI}/prise-en-charge/${lien(3)}`],
    ['prise-en-charge-retenue', `${ICI}/prise-en-charge/${lien(6)}`],
    ['prise-en-charge-refusee', `${ICI}/prise-en-charge/${lien(7)}`],
    ['prise-en-charge-inconnue', `${ICI}/prise-en-charge/0000`, { status: 410 }],
    ['donnees-ouvertes', `${ICI}/donnees`],
    ['integration', `${ICI}/integration`],
    ['api', '/api'],
    ['introuvable', `${ICI}/nulle-part/du-tout`, { status: 404 }],
    ['connexion', `${ICI}/connexion`],
    ['connexion-refusee', `${ICI}/connexion`, { agir: signInBadly }],
    ['lien-demande', `${ICI}/connexion/lien`],
    ['lien-parti', `${ICI}/connexion/lien`, { agir: askLien }],
    ['lien-use', `${ICI}/connexion/lien/0000`, { status: 404 }],
  ];
  const equipe = [
    ['appel', `${ICI}/equipe/appel`],
    ['appel-rempli', `${ICI}/equipe/appel`, { agir: fillAppel }],
    ['appel-ambigu', `${ICI}/equipe/appel?ou=saint&quoi=aide`],
    ['appel-sans-solution', `${ICI}/equipe/appel?ou=Rosnay&quoi=garde+de+nuit`],
    ['appel-erreurs', `${ICI}/equipe/appel`, { agir: saveEmptyAppel }],
    ['appel-enregistre', `${ICI}/equipe/appel?enregistree=133&cle=essai`],
    ['demandes', `${ICI}/equipe/demandes`],
    ['demandes-filtrees', `${ICI}/equipe/demandes?issue=sans_solution&canal=telephone`],
    ['demandes-vide', `${ICI}/equipe/demandes?du=1999-01-01&au=1999-01-02`],
    ['demande', demande],
    ['demande-refusee', demande, { agir: saveWithoutMotif }],
    ['demande-prises', interrogee],
    ['file', `${ICI}/equipe/file`],
    ['guichet', `${ICI}/equipe/guichet`],
    ['guichet-refuse', `${ICI}/equipe/guichet`, { agir: leaveWithoutNumber }],
    ['reperes', `${ICI}/equipe/appel/reperes`],
    ['recapitulatif', `${demande}/recapitulatif`],
    ['chiffres-ligne', `${ICI}/equipe/chiffres/ligne`],
    ['bilan', `${ICI}/equipe/observatoire/bilan/2009`],
    ['territoires-compares', `${ICI}/equipe/observatoire/territoires`],
    ['bilan-precedent', `${ICI}/equipe/observatoire/bilan/2025`],
    ['prises-en-charge', `${ICI}/equipe/prises-en-charge`],
    ['prises-en-retard', `${ICI}/equipe/prises-en-charge?etat=en_retard`],
    ['prises-vide', `${ICI}/equipe/prises-en-charge?etat=retiree`],
    ['appels-qualite', `${ICI}/equipe/appels-qualite`],
    ['appel-qualite', `${demande}/qualite`],
    ['appel-qualite-refuse', `${demande}/qualite`, { agir: noteNothing }],
    ['reglages-accueil', `${ICI}/equipe/reglages-accueil`],
    ['reglages-accueil-refuses', `${ICI}/equipe/reglages-accueil`, { agir: saveBadDelai }],
    ['sans-solution', `${ICI}/equipe/sans-solution`],
    ['messages-laisses', `${ICI}/equipe/ligne/messages`],
    ['message-laisse', message],
    ['message-effacement', `${message}/effacement`],
    ['ligne-horaires', `${ICI}/equipe/ligne/horaires`],
    ['ligne-horaires-refuses', `${ICI}/equipe/ligne/horaires`, { agir: closeWithoutDay }],
    ['sans-solution-promises', `${ICI}/equipe/sans-solution?suite=promise`],
    ['demande-sans-solution', infructueuse],
    ['chiffres', `${ICI}/equipe/chiffres`],
    ['repertoire', `${ICI}/equipe/repertoire`],
    ['repertoire-edition', edition],
    ['repertoire-rubrique', `${edition}/rubriques/1`],
    ['repertoire-rubrique-nouvelle', `${edition}/rubriques/nouvelle`],
    ['repertoire-texte', `${edition}/textes/choisir`],
    ['repertoire-epreuves', `${edition}/epreuves`],
    ['repertoire-figer', `${edition}/figer`],
    ['repertoire-epreuve', epreuve],
    ['repertoire-points', `${ICI}/equipe/repertoire/points`],
    ['repertoire-fiches', `${ICI}/equipe/repertoire/fiches`],
    ['repertoire-fiche', `${ICI}/equipe/repertoire/fiches/menage`],
    ['repertoire-diffusion', `${edition}/diffusion`],
    ['repertoire-tirage', tirage],
    ['repertoire-passage', passage],
    ['manques', `${ICI}/equipe/observatoire/manques`],
    ['pistes', `${ICI}/equipe/observatoire/pistes`],
    ['piste', piste],
    ['piste-refusee', piste, { agir: closeWithoutWhy }],
    ['piste-nouvelle', `${ICI}/equipe/observatoire/pistes/nouvelle?besoin=portage-repas&manque=absente`],
    ['piste-nouvelle-refusee', `${ICI}/equipe/observatoire/pistes/nouvelle`, { agir: openNoPiste }],
    ['alertes', `${ICI}/equipe/observatoire/alertes`],
    ['chiffres-vide', `${ICI}/equipe/chiffres?du=1999-01-01&au=1999-01-02`],
    ['observatoire', `${ICI}/equipe/observatoire`],
    ['observatoire-vide', `${ICI}/equipe/observatoire?de=1999-01&a=1999-02`],
    ['indicateurs', `${ICI}/equipe/observatoire/indicateurs`],
    ['indicateur', `${ICI}/equipe/observatoire/indicateurs/part-sans-solution`],
    ['indicateur-besoins', `${ICI}/equipe/observatoire/indicateurs/communes-sans-service`],
    ['indicateur-vide', `${ICI}/equipe/observatoire/indicateurs/taux-reponse?de=1999-01&a=1999-02`],
    ['indicateur-carte', `${ICI}/equipe/observatoire/indicateurs/part-sans-solution?axe=commune&de=2026-01&a=2026-06&de2=2025-01&a2=2025-03`],
    ['indicateur-objectif-refuse', `${ICI}/equipe/observatoire/indicateurs/part-sans-solution`, { agir: setNoObjectif }],
    ['besoin', `${ICI}/equipe/observatoire/besoins/portage-repas`],
    ['besoin-vide', `${ICI}/equipe/observatoire/besoins/garde-nuit?de=1999-01&a=1999-02`],
    ['portrait', `${ICI}/equipe/observatoire/communes/36018`],
    ['annuaire', `${ICI}/equipe/annuaire`],
    ['annuaire-vide', `${ICI}/equipe/annuaire?q=zzzz`],
    ['equipe-donnees', `${ICI}/equipe/donnees`],
    ['import-nouveau', `${ICI}/equipe/annuaire/imports`],
    ['import-refuse', refuse],
    ['import-verifie', verifie],
    ['campagnes', `${ICI}/equipe/annuaire/campagnes`],
    ['campagnes-refusees', `${ICI}/equipe/annuaire/campagnes`, { agir: prepareNothing }],
    ['campagne', campagne],
    ['suggestions', `${ICI}/equipe/annuaire/suggestions`],
    ['import-colonnes', `${refuse}/colonnes`],
    ['doublons', `${ICI}/equipe/annuaire/doublons`],
    ['qualite', `${ICI}/equipe/annuaire/qualite`],
    ['qualite-a-completer', `${ICI}/equipe/annuaire/qualite?quoi=completer`],
    ['campagnes-choisies', `${ICI}/equipe/annuaire/campagnes?a_completer=oui`],
    ['zones-blanches', `${ICI}/equipe/annuaire/zones-blanches`],
    ['carte-commune', `${ICI}/equipe/annuaire/commune?ou=36173`],
    ['carte-commune-besoin', `${ICI}/equipe/annuaire/commune?ou=36173&besoin=menage`],
    ['carte-commune-vide', `${ICI}/equipe/annuaire/commune`],
    ['carte-commune-ambigue', `${ICI}/equipe/annuaire/commune?ou=saint`],
    ['carte-service', `${ICI}/equipe/annuaire/services/${service}/communes`],
    ['zones-blanches-besoin', `${ICI}/equipe/annuaire/zones-blanches?besoin=garde-nuit`],
  ];
  const administration = await signIn(base, TERRITOIRE, ADMINISTRATION);
  const compte = await findLien(base, `${ICI}/equipe/comptes`, new RegExp(`href="(${ICI}/equipe/comptes/[0-9a-f-]{8,})"`), administration);
  const reserve = [
    ['mon-compte', `${ICI}/equipe/mon-compte`],
    ['mon-compte-refuse', `${ICI}/equipe/mon-compte`, { agir: changeBadly }],
    ['comptes', `${ICI}/equipe/comptes`],
    ['comptes-refuse', `${ICI}/equipe/comptes`, { agir: inviteNobody }],
    ['compte', compte],
    ['compte-invite', `${ICI}/equipe/comptes`, { agir: inviteSomebody }],
    ['invitation', `${ICI}/equipe/comptes`, { agir: openInvitation }],
    ['second-facteur', `${ICI}/equipe/comptes`, { agir: openSecondFacteur }],
    ['secours', `${ICI}/equipe/comptes`, { agir: setTelephone }],
    ['poste', `${ICI}/equipe/comptes`, { agir: declarePoste }],
    ['journal', `${ICI}/equipe/journal`],
    ['journal-verifie', `${ICI}/equipe/journal?verifier=1`],
    ['journal-vide', `${ICI}/equipe/journal?du=1999-01-01&au=1999-01-02`],
    ['observatoire-publie', `${ICI}/equipe/observatoire`],
    ['indicateur-publie', `${ICI}/equipe/observatoire/indicateurs/demandes?axe=commune`],
    ['commune-publiee', `${ICI}/equipe/observatoire/communes/36018`],
    ['reseau', `${ICI}/equipe/reseau`],
    ['reseau-partage', `${ICI}/equipe/reseau`, { agir: sharePartage }],
    ['reglages', `${ICI}/equipe/reglages`],
    ['reglages-refuses', `${ICI}/equipe/reglages`, { agir: saveBadReglages }],
    ['messages', `${ICI}/equipe/messages`],
    ['etat', `${ICI}/equipe/etat`],
    ['refus', `${ICI}/equipe/demandes`, { status: 403 }],
  ];
  const referente = await signIn(base, TERRITOIRE, REFERENTE);
  const siennes = await findLien(base, `${ICI}/equipe/comptes`, new RegExp(`href="(${ICI}/equipe/comptes/[0-9a-f-]{8,})">Référente`), administration);
  const fiche = (await ask(`${base}${ICI}/equipe/structures`, { headers: { cookie: referente } })).headers.get('location');
  reserve.push(
    ['compte-referente', siennes],
    ['compte-structures', `${siennes}/structures?q=mairie`],
    ['compte-structures-debut', `${siennes}/structures`],
    ['compte-structures-vide', `${siennes}/structures?q=zzzz`],
    ['fiche-tenue', fiche],
  );
  const structures = [
    ['fiche', fiche],
    ['fiche-verifiee', fiche, { agir: confirmFiche }],
    ['fiche-refusee', fiche, { agir: saveBadFiche }],
    ['fiche-refus', `${ICI}/equipe/comptes`, { status: 403 }],
    ['service', `${fiche}/services/nouveau`],
    ['service-refuse', `${fiche}/services/nouveau`, { agir: saveNothing }],
    ['lieu', `${fiche}/lieux/nouveau`],
    ['lieu-refuse', `${fiche}/lieux/nouveau`, { agir: saveBadLieu }],
    ['complements', `${fiche}/complements`],
    ['regimes', `${fiche}/regimes`],
    ['regimes-refuses', `${fiche}/regimes`, { agir: saveNoActivite }],
    ['historique', `${fiche}/historique`],
    ['equite', `${fiche}/equite?periode=an`],
    ['fiche-suggestions', `${fiche}/suggestions`],
    ['fiche-logo-refuse', fiche, { agir: sendBadLogo }],
  ];
  const build = (as) => ([nom, chemin, more]) => ({ nom, chemin, equipe: Boolean(as), session: as, status: 200, ...more });
  return [...publiques.map(build()), ...equipe.map(build(session)), ...reserve.map(build(administration)), ...structures.map(build(referente))];
}

/** Opens one of the pages, and leads it to the state meant. */
export async function openPage(page, base, one) {
  if (one.session) await keepSession(page.context(), base, one.session);
  const answer = await page.goto(base + one.chemin);
  if (answer.status() !== one.status) throw new Error(`${one.nom}: ${one.chemin} answered ${answer.status()}, not ${one.status}`);
  await one.agir?.(page);
  // What a page asks for by itself is part of it.
  await page.waitForFunction(() => !document.querySelector('.htmx-request'));
}

async function sendBadDemande(page) {
  await page.getByLabel('Votre nom').fill('Mme Élodie d’Aubépine');
  await page.getByLabel('Votre téléphone').fill('12');
  await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
  await page.getByText('La demande n’est pas encore envoyée').waitFor();
}

/** As a program that fills every field it finds, those that nobody sees too. */
export async function sendTrapped(page) {
  await page.locator('input[name=site_web]').evaluate((field) => (field.value = 'https://ailleurs.example'));
  await fillDemande(page);
  await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
  await page.getByText('relisez ce que vous avez écrit').waitFor();
}

export async function fillDemande(page) {
  await page.getByLabel('Votre nom').fill('Mme Élodie d’Aubépine');
  await page.getByLabel('Votre téléphone').fill('02 54 37 00 01');
  await page.getByLabel(/J’accepte que/).check();
}

async function sendDemande(page) {
  await fillDemande(page);
  await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
  await page.getByText(/Voir ma demande|relisez ce que vous avez écrit/).first().waitFor();
  if (await page.getByRole('alert').isVisible()) {
    // Without a script, nobody is that quick.
    await page.waitForTimeout(3_100);
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
  }
  await page.getByRole('link', { name: 'Voir ma demande' }).waitFor();
}

async function openMaDemande(page) {
  await sendDemande(page);
  await page.getByRole('link', { name: 'Voir ma demande' }).click();
  await page.getByRole('heading', { name: 'Vos droits' }).waitFor();
}

async function openDocument(page) {
  await openMaDemande(page);
  await page.getByRole('link', { name: 'Version à imprimer' }).click();
  await page.getByText('droit d’accès').waitFor();
}

async function askEffacement(page) {
  await openMaDemande(page);
  await page.getByRole('button', { name: 'Retirer mon accord' }).click();
  await page.getByText('retiré le').waitFor();
  await page.getByRole('link', { name: 'Effacer ma demande' }).click();
  await page.getByText('sans retour possible').waitFor();
}

async function eraseDemande(page) {
  await askEffacement(page);
  await page.getByRole('button', { name: 'Effacer' }).click();
  await page.getByText('ne garde plus rien').waitFor();
}

/** The browser's own check aside, a piste that nothing says. */
async function openNoPiste(page) {
  await page.locator('form[action$="/pistes"]').evaluate((form) => (form.noValidate = true));
  await page.getByRole('button', { name: 'Ouvrir la piste' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function setNoObjectif(page) {
  await page.locator('form[action*="/objectif?"]').evaluate((form) => (form.noValidate = true));
  await page.getByLabel('Valeur visée').fill('beaucoup');
  await page.getByRole('button', { name: 'Enregistrer l’objectif' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function closeWithoutWhy(page) {
  await page.getByLabel('elle est abandonnée').check();
  await page.getByRole('button', { name: 'Clore', exact: true }).click();
  await page.getByText('Dites pourquoi elle est abandonnée').first().waitFor();
}

async function openNothing(page) {
  await page.getByLabel('Votre code').fill('AAA AAA');
  await page.getByRole('button', { name: 'Voir ma demande' }).click();
  await page.getByText('n’ouvrent aucune demande').or(page.getByText('Trop d’essais')).first().waitFor();
}

async function noteNothing(page) {
  await page.getByRole('button', { name: 'Noter l’appel' }).click();
  await page.getByText('L’appel n’est pas encore noté').waitFor();
}

async function saveBadDelai(page) {
  await page.getByLabel(/Jours ouvrés laissés/).fill('99');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function signInBadly(page) {
  await page.getByLabel('Adresse électronique').fill('accueil@example.org');
  await page.getByLabel('Mot de passe').fill('la ligne est fermée');
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await page.getByRole('alert').waitFor();
}

async function askLien(page) {
  await page.getByLabel('Adresse électronique').fill('personne@example.org');
  await page.getByRole('button', { name: 'Recevoir le lien' }).click();
  await page.getByRole('status').waitFor();
}

async function changeBadly(page) {
  await page.getByLabel('Mot de passe actuel').fill('la ligne est fermée');
  await page.getByLabel('Nouveau mot de passe').fill('tuile bleue vieille');
  await page.getByRole('button', { name: 'Changer' }).click();
  await page.getByRole('alert').waitFor();
}

async function inviteNobody(page) {
  await page.getByLabel('Nom').fill('Élodie d’Aubépine');
  await page.getByLabel('Adresse électronique').fill('elodie@example.org');
  await page.getByRole('button', { name: 'Inviter' }).click();
  await page.getByText('Cochez au moins un rôle').waitFor();
}

let invites = 0;

async function inviteSomebody(page) {
  invites += 1;
  await page.getByLabel('Nom').fill('Élodie <b>d’Aubépine</b>');
  await page.getByLabel('Adresse électronique').fill(`elodie-${Date.now()}-${invites}@example.org`);
  await page.getByLabel('télé-conseil').check();
  await page.getByRole('button', { name: 'Inviter' }).click();
  await page.getByRole('status').waitFor();
}

async function openInvitation(page) {
  await inviteSomebody(page);
  await page.goto(reach(page.url(), await page.getByRole('status').getByRole('link').getAttribute('href')));
  await page.getByText('Ce lien ne sert qu’une fois').waitFor();
}

async function openSecondFacteur(page) {
  await openInvitation(page);
  await page.getByLabel('Mot de passe').fill('tuile bleue vieille');
  await page.getByRole('button', { name: 'Choisir et me connecter' }).click();
  await page.goto(new URL(`${ICI}/equipe/second-facteur`, page.url()).href);
  await page.getByText('montrez-lui ce carré').waitFor();
}

async function setTelephone(page) {
  await openSecondFacteur(page);
  await page.getByLabel('Code à six chiffres').fill(showCode(await page.locator('main code').innerText()));
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByText('Notez ces dix codes').waitFor();
}

/** What a telephone shows now for a key in base 32 (RFC 6238). */
function showCode(key) {
  const bits = [...key.replaceAll(' ', '')].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', secret).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

async function declarePoste(page) {
  await page.getByRole('button', { name: 'Déclarer ce navigateur' }).click();
  await page.getByText('À partir de la prochaine connexion').waitFor();
}

async function fillAppel(page) {
  await page.getByLabel('Commune', { exact: false }).first().fill('rosnay');
  await page.getByLabel('Besoin', { exact: false }).first().fill('portage de repas');
  await page.locator('#propositions input[name=donnee]').first().check();
}

async function saveEmptyAppel(page) {
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('L’appel n’est pas encore enregistré').waitFor();
}

async function confirmFiche(page) {
  await page.getByRole('button', { name: 'Tout est juste' }).click();
  await page.getByText('par la structure elle-même').waitFor();
}

async function saveBadFiche(page) {
  await page.getByLabel('Téléphone').fill('douze');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function sharePartage(page) {
  if (await page.getByRole('button', { name: 'Ne plus partager' }).count()) return;
  await page.getByRole('button', { name: 'Partager' }).click();
  await page.getByText('Partagés depuis').waitFor();
}

async function saveBadReglages(page) {
  await page.getByLabel('Couleur principale').fill('#88cc88');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('trop claire').waitFor();
}

async function saveWithoutMotif(page) {
  await page.getByRole('radio', { name: 'sans solution' }).check();
  await page.getByRole('button', { name: 'Enregistrer l’issue' }).click();
  await page.getByRole('alert').waitFor();
}

async function reportNothing(page) {
  await page.getByRole('button', { name: 'Envoyer' }).click();
  await page.getByText('Rien n’est encore envoyé').waitFor();
}

async function askNothing(page) {
  await page.getByLabel('Commune', { exact: true }).fill('Nulle-Part');
  await page.getByRole('button', { name: 'Envoyer' }).click();
  await page.getByText('Rien n’est encore envoyé').waitFor();
}

async function prepareNothing(page) {
  await page.getByLabel('Ce que vous écrivez').fill('');
  await page.getByLabel('Titre').fill('  ');
  await page.getByRole('button', { name: 'Préparer' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function saveNothing(page) {
  await page.getByLabel('Nom du service').fill('  ');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function saveNoActivite(page) {
  await page.getByLabel('Nature').selectOption('agrément');
  await page.getByLabel('Jusqu’au').fill('2020-01-01');
  await page.getByRole('button', { name: 'Ajouter cet acte' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function saveBadLieu(page) {
  await page.getByLabel('Commune', { exact: true }).fill('Nulle-Part');
  await page.getByLabel('Mardi').fill('le matin');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Rien n’est encore enregistré').waitFor();
}

async function sendBadLogo(page) {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
  await page.getByLabel('une image').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: svg });
  await page.getByRole('button', { name: 'Envoyer le logo' }).click();
  await page.locator('#erreur-logo').waitFor();
}
