// Slow lines and old telephones: what a public page weighs, and what is left of it without a script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openNavigateur, openProfil } from './navigateur.mjs';
import { TERRITOIRE, listPages, openPage } from './pages.mjs';
import { signIn, startServeur } from './serveur.mjs';

const OCTETS_MAXIMUM = 60_000;

let serveur, navigateur, pages;

before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
  pages = (await listPages(serveur.base, await signIn(serveur.base, TERRITOIRE))).filter((one) => !one.equipe);
}, { timeout: 90_000 });

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

test('a public page weighs under 60 kB, fonts aside, before compression', { timeout: 120_000 }, async () => {
  const lines = [];
  for (const one of pages) {
    const parts = await weigh(one);
    lines.push({ page: one.nom, ...parts, total: Object.values(parts).reduce((sum, octets) => sum + octets, 0) });
  }
  console.table(lines);
  const heavy = lines.filter(({ total }) => total >= OCTETS_MAXIMUM);
  assert.deepEqual(heavy, []);
});

/** The octets of one page by kind, decoded: its last document (a form may have been sent), each of its files once. */
async function weigh(one) {
  const profil = await openProfil(navigateur, serveur.base, { largeur: 390 });
  const page = await profil.newPage();
  const bodies = new Map();
  page.on('response', (answer) => {
    const kind = answer.request().resourceType();
    const read = answer.status() < 300 || answer.status() >= 400;
    if (read) bodies.set(kind === 'document' ? kind : answer.url(), answer.body().then(({ length }) => [kind, length]));
  });
  await openPage(page, serveur.base, one);
  await page.waitForLoadState('networkidle');
  const parts = { html: 0, css: 0, js: 0, autre: 0 };
  const names = { document: 'html', stylesheet: 'css', script: 'js' };
  for (const [kind, octets] of await Promise.all(bodies.values())) {
    if (kind !== 'font') parts[names[kind] ?? 'autre'] += octets;
  }
  await profil.close();
  return parts;
}

test('a public page says the same without a script', { timeout: 120_000 }, async () => {
  for (const one of pages) {
    const [withScript, without] = [await read(one, true), await read(one, false)];
    assert.equal(without.texte, withScript.texte, one.nom);
    assert.equal(without.titre, 1, `${one.nom} has its heading`);
  }
});

/** What a page says and what it asks, apart from the buttons that only a script can serve. */
async function read(one, script) {
  const profil = await openProfil(navigateur, serveur.base, { largeur: 390, script });
  const page = await profil.newPage();
  await openPage(page, serveur.base, one);
  const main = page.getByRole('main');
  const texte = (await main.innerText()).replace(/(^|\n)Imprimer(\n|$)/, '\n').replace(/tour n°\s*\d+/, '').replace(/\s+/g, ' ').trim();
  const titre = await page.getByRole('heading', { level: 1 }).count();
  await profil.close();
  return { texte, titre };
}
