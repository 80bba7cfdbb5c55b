// Slow lines and old telephones: what a public page weighs, and what is left of it without a script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openNavigateur, openProfil } from './navigateur.mjs';
import { TERRITOIRE, listPages, openPage } from './pages.mjs';
import { ask, signIn, startServeur } from './serveur.mjs';

const OCTETS_MAXIMUM = 60_000;
// The figures of a year are a document, its map and its tables in it: a resident who looks for help never meets them.
const DOCUMENTS = ['chiffres-publies', 'chiffres-publies-2009'];
const OCTETS_DOCUMENT = 150_000;

let serveur, navigateur;
let pages = [];
const poids = [];
const textes = { avec: {}, sans: {} };

// Each page is opened twice, with and without a script: opening is what takes time.
before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
  pages = (await listPages(serveur.base, await signIn(serveur.base, TERRITOIRE))).filter((one) => !one.equipe);
  for (const [name, script] of [['avec', true], ['sans', false]]) {
    const profil = await openProfil(navigateur, serveur.base, { largeur: 390, script });
    for (const one of pages) await inspect(profil, one, name);
    await profil.close();
  }
}, { timeout: 240_000 });

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

test('a public page weighs under 60 kB, the figures of a year under 150, fonts aside, before compression', () => {
  console.table(poids);
  const allowed = (page) => (DOCUMENTS.includes(page) ? OCTETS_DOCUMENT : OCTETS_MAXIMUM);
  assert.deepEqual(poids.filter(({ page, total }) => total >= allowed(page)), []);
});

test('a public page says the same without a script', () => {
  assert.deepEqual(textes.sans, textes.avec);
  assert.equal(Object.values(textes.sans).filter((texte) => texte.length > 20).length, pages.length);
});

async function inspect(profil, one, name) {
  const page = await profil.newPage();
  const files = new Map();
  page.on('request', (request) => files.set(request.url(), request.resourceType()));
  await openPage(page, serveur.base, one);
  textes[name][one.nom] = await readTexte(page);
  if (name === 'avec') poids.push({ page: one.nom, ...(await weigh(Buffer.byteLength(await page.content()), files)) });
  await page.close();
}

/** What a page says and asks; apart from the buttons that only a script can serve, whose turn it is, numbers that follow each other, hours and codes. */
async function readTexte(page) {
  const texte = await page.getByRole('main').innerText();
  return texte.replace(/(^|\n)(Imprimer|Se connecter avec une clé d’accès)(?=\n|$)/g, '\n').replace(/tour n°\s*\d+/, '')
    .replace(/(n°|numéro)\s*\d+/g, '$1').replace(/\d+\sh(\s\d\d)?/g, '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')
    .replace(/(?<![A-Z2-9])[A-HJ-NP-Z2-9]{3}\s[A-HJ-NP-Z2-9]{3}(?![A-Z2-9])/g, '').replace(/\s+/g, ' ').trim();
}

/** The octets of one page by kind, decoded: the page as it ends (a form may have been sent), each of its files once. */
async function weigh(html, files) {
  const parts = { html, css: 0, js: 0, autre: 0 };
  const names = { stylesheet: 'css', script: 'js' };
  for (const [url, kind] of files) {
    if (kind !== 'document' && kind !== 'font' && url.startsWith('http')) parts[names[kind] ?? 'autre'] += await measure(url);
  }
  return { ...parts, total: Object.values(parts).reduce((sum, octets) => sum + octets, 0) };
}

const measured = new Map();

async function measure(url) {
  if (!measured.has(url)) measured.set(url, (await (await ask(url)).arrayBuffer()).byteLength);
  return measured.get(url);
}
