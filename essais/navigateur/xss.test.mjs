// What somebody stores to make a browser act for them is stored everywhere text is kept, then every page that shows it is read back:
// as people see it, where the security policy must have nothing to refuse, and without that policy, where nothing must run all the same.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { CHARGES, groupCharges } from './charges.mjs';
import { keepSession, openNavigateur } from './navigateur.mjs';
import { TERRITOIRE, sendFichier } from './pages.mjs';
import { ADMINISTRATION, PROGRAM, ask, leave, reach, send, signIn, startServeur } from './serveur.mjs';

const ICI = `/${TERRITOIRE}`;
const MOT_DE_PASSE = 'tuile bleue vieille';
/** What goes in an address. */
const LONG = 6_000;
const READERS = 3;

let serveur, navigateur, session, administration;
/** The pages to read: path, and whose session. */
const pages = [];

before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
  session = await signIn(serveur.base, TERRITOIRE);
  administration = await signIn(serveur.base, TERRITOIRE, ADMINISTRATION);
  createTerritoire();
  await storeAnnuaire();
  await storeDemandes();
  await storeComptes();
  listReflections();
}, { timeout: 240_000 });

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

test('the corpus runs where nothing stops it', async () => {
  const { page } = await openTemoin(true);
  await page.goto(`${serveur.base}/sante`);
  const runs = await page.evaluate(async (charges) => {
    globalThis.ran = new Set();
    const loaded = charges.map((charge, rang) => {
      const frame = document.createElement('iframe');
      frame.srcdoc = `<script>window.volee = () => parent.ran.add(${rang})</script><p>${charge}`;
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener('load', resolve));
    });
    await Promise.race([Promise.all(loaded), new Promise((resolve) => setTimeout(resolve, 4_000))]);
    return globalThis.ran.size;
  }, CHARGES);
  console.log(`xss: ${CHARGES.length} texts, of which ${runs} run by themselves in a bare page`);
  assert.ok(CHARGES.length >= 120 && runs >= 40, `${CHARGES.length} texts, ${runs} run`);
  await page.context().close();
});

test('no text that was stored is a program, with the security policy', () => readBack(false));

test('no text that was stored is a program, without the security policy either', () => readBack(true));

async function readBack(bypassCSP) {
  const left = [...pages];
  const findings = (await Promise.all(Array.from({ length: READERS }, () => readSome(left, bypassCSP)))).flat();
  console.log(`xss: ${pages.length} pages read back ${bypassCSP ? 'without' : 'with'} the security policy, ${findings.length} findings`);
  assert.deepEqual(findings, []);
}

/** Takes pages from the list until none is left; what each was found to do. */
async function readSome(left, bypassCSP) {
  const { page, findings } = await openTemoin(bypassCSP);
  for (let next = left.shift(); next; next = left.shift()) {
    const before = findings.length;
    await page.context().clearCookies();
    if (next.cookie) await keepSession(page.context(), serveur.base, next.cookie);
    await page.goto(serveur.base + next.path);
    await next.agir?.(page);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 5)));
    for (let rang = before; rang < findings.length; rang += 1) findings[rang] = `${next.path}: ${findings[rang]}`;
  }
  await page.context().close();
  return findings;
}

/** A page that tells of everything a text must never do. */
async function openTemoin(bypassCSP) {
  const context = await navigateur.newContext({ bypassCSP, locale: 'fr-FR' });
  const findings = [];
  await context.exposeBinding('volee', ({ page }) => void findings.push(`ran in ${page.url()}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`refused by the policy: ${event.violatedDirective} ${event.sample}`));
  });
  await context.route((url) => url.hostname !== '127.0.0.1' && url.protocol.startsWith('http'), (route) => {
    findings.push(`request elsewhere: ${route.request().url()}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => (findings.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on('pageerror', (error) => findings.push(`error of a script: ${error.message}`));
  page.on('popup', (popup) => findings.push(`window: ${popup.url()}`));
  page.on('console', (message) => {
    const isPage = message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    if (message.type() === 'error' && !isPage) findings.push(`console: ${message.text()}`);
  });
  return { page, findings };
}

/** Its name is on every page of its site, and on the first one of all. */
function createTerritoire() {
  const nom = CHARGES.filter((charge) => !charge.includes('\u0000')).join(' ');
  const base = `${process.env.TMPDIR ?? tmpdir()}/maillage-demo-${serveur.pid}/demo.sqlite`;
  execFileSync(PROGRAM, ['territoire', 'creer', '--base', base, '--slug', 'xss', '--nom', nom, '--commune', '36173']);
  for (const path of ['/', '/xss', '/xss/connexion', '/xss/demandes/nouvelle', '/xss/nulle-part', '/xss/orientation/36173/menage']) pages.push({ path });
}

/** A file that holds a null is not taken for a spreadsheet's at all. */
const quote = (cell) => `"${cell.replaceAll('"', '""').replaceAll('\0', '')}"`;

/** A structure for each text, two that hold them all, and a file refused of which the report repeats each cell. */
async function storeAnnuaire() {
  const entete = 'structure_id;structure;description;adresse;code_insee;service_id;service;service_description;tarif;besoins;mode;couverture';
  const line = (text, rang) => [rang, text, text, text, '36173', text, text, text, text].map((cell) => quote(String(cell))).join(';') + ';menage;a_domicile;commune:36173';
  const texts = [...CHARGES, ...groupCharges(4_900)];
  const file = [entete, ...texts.map(line)].join('\n');
  const imported = await sendFichier(serveur.base, session, file, groupCharges(250)[3].replaceAll(/["\r\n\0]/g, ''));
  const accepted = await send(`${serveur.base}${imported}/acceptation`, {}, session);
  assert.equal(accepted.status, 303, (await read(imported, session)).replaceAll(/<[^>]*>/g, ' ').slice(0, 3_000));
  await waitFor(async () => (await read(imported, session)).includes('Voir l’annuaire'), 'the import');
  const colonnes = ['horaires', 'siret', 'telephone', 'courriel', 'site_web', 'categorie', 'intervention', 'creneaux', 'disponibilite', 'latitude'];
  const wrong = CHARGES.map((text, rang) => [rang, 'x', text, text, text, text, text, ...colonnes.map(() => text)].map((cell) => quote(String(cell))).join(';'));
  const refused = await sendFichier(serveur.base, session, ['structure_id;structure;code_insee;besoins;mode;couverture;service', ...colonnes].join(';') + '\n' + wrong.join('\n'), 'refus.csv');
  const header = await sendFichier(serveur.base, session, CHARGES.map(quote).join(';') + '\nx', 'titres.csv');
  for (const path of [imported, refused, header]) pages.push({ path, cookie: session });
  for (let rang = 0; rang < 5; rang += 1) pages.push({ path: `${ICI}/equipe/annuaire?page=${rang}`, cookie: session });
  pages.push({ path: `${ICI}/orientation/36173/menage` }, { path: `${ICI}/orientation/36173/menage/feuille` });
  pages.push({ path: `${ICI}/equipe/appel`, cookie: session, agir: fillAppel });
  const found = await read(`${ICI}/equipe/annuaire?page=1`, session);
  const some = [...found.matchAll(new RegExp(`href="(${ICI}/structures/[^"]+)"`, 'g'))].map((match) => match[1]).slice(0, 3);
  const grouped = await searchStructures();
  for (const path of [...some, ...grouped]) pages.push({ path });
}

/** The structures whose name holds many texts: their pages show each of them eight times. */
async function searchStructures() {
  const found = new Set();
  for (let rang = 0; rang < 10; rang += 1) {
    const page = await read(`${ICI}/equipe/annuaire?page=${rang}`, session);
    for (const [, href, nom] of page.matchAll(new RegExp(`<a href="(${ICI}/structures/[^"]+)">([^<]*)</a>`, 'g'))) if (nom.length > 1_000) found.add(href);
  }
  assert.ok(found.size >= 2, `${found.size} structures with a long name`);
  return found;
}

async function fillAppel(page) {
  await page.getByLabel('Commune', { exact: false }).first().fill('rosnay');
  await page.getByLabel('Besoin', { exact: false }).first().fill('ménage');
  await page.locator('#propositions input[name=donnee]').first().waitFor();
}

/** By the API, for what the team reads; by the form, for what the person reads again. */
async function storeDemandes() {
  const noms = groupCharges(195);
  const notes = groupCharges(1_990);
  for (let rang = 0; rang < noms.length; rang += 4) {
    const [nom, moment, note] = [noms[rang], noms[rang + 2] ?? '', notes[rang % notes.length]];
    const rappel = { rappel_nom: nom, rappel_moment: moment, rappel_telephone: '0254281212', consentement: 'oui' };
    const body = { commune: '36173', besoin: 'menage', note, besoin_texte: note, cle: nom.slice(0, 60), ...rappel };
    const answer = await ask(`${serveur.base}/api/v1/demandes`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    assert.equal(answer.status, 201);
    pages.push({ path: `${ICI}/equipe/demandes/${(await answer.json()).id}`, cookie: session });
  }
  pages.push({ path: `${ICI}/equipe/demandes`, cookie: session }, { path: `${ICI}/equipe/sans-solution`, cookie: session }, { path: `${ICI}/equipe/chiffres`, cookie: session });
  for (const note of notes) {
    const fields = { commune: '36173', besoin: 'menage', note, besoin_texte: note, rappel_nom: noms[0], rappel_moment: noms[1], rappel_telephone: '0254281212', consentement: 'oui' };
    const answer = await leave(serveur.base, TERRITOIRE, fields);
    const code = /maillage_ma_demande=([0-9a-f]{32})/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
    assert.ok(code, `a demande left by the form answers ${answer.status}`);
    for (const end of ['', '/document']) pages.push({ path: `${ICI}/ma-demande/${code}${end}` });
  }
}

/** An account for each text, and somebody signed in under such a name: it is on all the pages they open. */
async function storeComptes() {
  const invite = (nom, rang) => send(`${serveur.base}${ICI}/equipe/comptes`, { nom, courriel: `xss-${rang}@example.org`, role: 'coordination' }, administration);
  let last = '';
  for (const [rang, nom] of [...groupCharges(190), CHARGES.slice(0, 60).join(' ')].entries()) last = await (await invite(nom, rang)).text();
  const lien = /href="([^"]+\/invitation\/[0-9a-f]+)"/.exec(last)?.[1];
  assert.ok(lien, 'the last account has its link');
  const accepted = await send(reach(serveur.base, lien), { mot_de_passe: MOT_DE_PASSE });
  const own = accepted.headers.get('set-cookie')?.split(';')[0];
  assert.ok(own, `${lien} answers ${accepted.status}`);
  for (const path of ['demandes', 'annuaire', 'mon-compte', 'appel']) pages.push({ path: `${ICI}/equipe/${path}`, cookie: own });
  const again = /action="([^"]+)\/activation"/.exec(last)?.[1];
  for (const path of [again, `${ICI}/equipe/comptes`, `${ICI}/equipe/journal`]) pages.push({ path, cookie: administration });
  const relinked = /href="([^"]+\/invitation\/[0-9a-f]+)"/.exec(await (await send(`${serveur.base}${again}/invitation`, {}, administration)).text())?.[1];
  pages.push({ path: new URL(reach(serveur.base, relinked)).pathname });
}

/** What an address or a refused form says is shown again too. */
function listReflections() {
  for (const group of groupCharges(LONG)) {
    const text = encodeURIComponent(group);
    for (const path of [`/orientation?ou=${text}&quoi=${text}`, `/demandes/nouvelle?commune=${text}&besoin=${text}&tour=${text}`, `/connexion?suite=${text}`]) pages.push({ path: ICI + path });
    for (const path of [`/annuaire?q=${text}`, `/demandes?du=${text}&commune=${text}`, `/appel?ou=${text}&quoi=${text}`]) pages.push({ path: `${ICI}/equipe${path}`, cookie: session });
    pages.push({ path: `${ICI}/equipe/journal?du=${text}&qui=${text}&objet=${text}`, cookie: administration });
    pages.push({ path: `${ICI}/connexion`, agir: post(`${ICI}/connexion`, { courriel: group, mot_de_passe: 'x', suite: group }) });
    pages.push({ path: ICI, agir: post(`${ICI}/demandes`, { commune: group, besoin: group, note: group, rappel_nom: group, rappel_telephone: group, rappel_courriel: group, cle: group, tour: group, contraintes: group }) });
    pages.push({ path: `${ICI}/equipe/comptes`, cookie: administration, agir: post(`${ICI}/equipe/comptes`, { nom: group, courriel: group }) });
    pages.push({ path: `${ICI}/equipe/appel`, cookie: session, agir: post(`${ICI}/equipe/demandes`, { ou: group, quoi: group, note: group, rappel_nom: group, cle: group }) });
  }
}

/** Sends a form from the page, as a person would, and waits for what it answers. */
function post(action, fields) {
  return async (page) => {
    const answered = page.waitForEvent('load');
    await page.evaluate(([to, values]) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: to });
      for (const [name, value] of Object.entries(values)) form.append(Object.assign(document.createElement('textarea'), { name, value }));
      document.body.append(form);
      form.submit();
    }, [action, fields]);
    await answered;
  };
}

async function read(path, cookie) {
  return (await ask(serveur.base + path, { headers: { cookie } })).text();
}

async function waitFor(check, what) {
  for (let turn = 0; turn < 100; turn += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} is not over after 10 s`);
}
