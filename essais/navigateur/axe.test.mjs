// Every page, on a telephone and on a desk: nothing that axe refuses, nothing wider than the screen, nothing the browser complains of.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadAxe } from './accessible.mjs';
import { openNavigateur, openProfil, watch } from './navigateur.mjs';
import { TERRITOIRE, listPages, openPage } from './pages.mjs';
import { signIn, startServeur } from './serveur.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const LARGEURS = [390, 1366];
const TELEPHONE_ETROIT = 320;

let serveur, navigateur;
let pages = [];
const rules = new Set();
/** What each page was found to do wrong: `axe`, `tenue` (heading, language, title, console), `debord`. */
const fautes = { axe: [], tenue: [], debord: [] };

// Each page is opened once and looked at in three widths: opening is what takes time.
before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
  const session = await signIn(serveur.base, TERRITOIRE);
  pages = await listPages(serveur.base, session);
  const profil = await openProfil(navigateur, serveur.base, { session });
  for (const one of pages) await inspect(profil, one);
}, { timeout: 600_000 });

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

test('axe finds nothing, on a telephone and on a desk', () => {
  console.log(`axe: ${pages.length} pages × ${LARGEURS.length} widths, ${rules.size} rules met, ${fautes.axe.length} violations`);
  assert.deepEqual(fautes.axe, []);
});

test('every page has one first heading, says its language and its title, and the browser complains of nothing', () => {
  assert.deepEqual(fautes.tenue, []);
});

test('no public page is wider than a telephone of 320 px', () => {
  assert.deepEqual(fautes.debord, []);
});

async function inspect(profil, one) {
  const page = await profil.newPage();
  const faults = watch(page);
  await openPage(page, serveur.base, one);
  await loadAxe(page);
  for (const largeur of LARGEURS) {
    await page.setViewportSize({ width: largeur, height: 768 });
    fautes.axe.push(...(await runAxe(page)).map((fault) => `${one.nom}, ${largeur} px: ${fault}`));
  }
  fautes.tenue.push(...(await page.evaluate(checkTenue)), ...faults.map((fault) => `${one.nom}: ${fault}`));
  await page.setViewportSize({ width: TELEPHONE_ETROIT, height: 768 });
  const widest = one.equipe ? null : await page.evaluate(findWidest);
  if (widest) fautes.debord.push(`${one.nom}: ${widest}`);
  await page.close();
}

async function runAxe(page) {
  const options = { runOnly: { type: 'tag', values: RULES }, resultTypes: ['violations'] };
  const report = await page.evaluate((chosen) => globalThis.axe.run(document, chosen), options);
  for (const { id } of [...report.passes, ...report.violations, ...report.incomplete]) rules.add(id);
  return report.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html }) => `${id} (${help}) at ${target.join(' ')}: ${html}`));
}

/** Runs in the page: its heading, its language, its title. */
function checkTenue() {
  const wrong = [];
  const headings = document.querySelectorAll('h1').length;
  if (headings !== 1) wrong.push(`${location.pathname}: ${headings} h1`);
  if (document.documentElement.lang !== 'fr') wrong.push(`${location.pathname}: lang « ${document.documentElement.lang} »`);
  if (document.title.trim().length < 5) wrong.push(`${location.pathname}: title « ${document.title} »`);
  return wrong;
}

/** Runs in the page: what goes beyond its width, if the page scrolls sideways. */
function findWidest() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const beyond = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > width + 1);
  const deepest = beyond.filter((one) => ![...one.children].some((child) => beyond.includes(child)));
  return `${document.documentElement.scrollWidth} px, because of ${deepest.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ')}`;
}
