// Every page, on a telephone and on a desk: nothing that axe refuses, nothing wider than the screen, nothing the browser complains of.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openNavigateur, openProfil, watch } from './navigateur.mjs';
import { TERRITOIRE, listPages, openPage } from './pages.mjs';
import { signIn, startServeur } from './serveur.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let serveur, navigateur, session, pages;

before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
  session = await signIn(serveur.base, TERRITOIRE);
  pages = await listPages(serveur.base, session);
}, { timeout: 90_000 });

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

for (const largeur of [390, 1366]) {
  test(`axe finds nothing at ${largeur} px`, { timeout: 240_000 }, async () => {
    const rules = new Set();
    const refusals = await visit(largeur, async (page, one) => {
      const report = await runAxe(page);
      for (const { id } of [...report.passes, ...report.violations, ...report.incomplete]) rules.add(id);
      return report.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html }) => `${one.nom}: ${id} (${help}) at ${target.join(' ')}: ${html}`));
    });
    console.log(`axe, ${largeur} px: ${pages.length} pages, ${rules.size} rules met, ${refusals.length} violations`);
    assert.deepEqual(refusals, []);
  });
}

test('every page has one first heading, says its language and its title, and the browser complains of nothing', { timeout: 120_000 }, async () => {
  const refusals = await visit(1366, async (page, one, faults) => {
    const said = await page.evaluate(() => ({
      h1: document.querySelectorAll('h1').length, lang: document.documentElement.lang, title: document.title.trim(),
    }));
    const wrong = [];
    if (said.h1 !== 1) wrong.push(`${said.h1} h1`);
    if (said.lang !== 'fr') wrong.push(`lang « ${said.lang} »`);
    if (said.title.length < 5) wrong.push(`title « ${said.title} »`);
    return [...wrong, ...faults].map((fault) => `${one.nom}: ${fault}`);
  });
  assert.deepEqual(refusals, []);
});

test('no public page is wider than a telephone of 320 px', { timeout: 120_000 }, async () => {
  const refusals = await visit(320, async (page, one) => {
    if (one.equipe) return [];
    const widest = await page.evaluate(findWidest);
    return widest ? [`${one.nom}: ${widest}`] : [];
  });
  assert.deepEqual(refusals, []);
});

/** Opens every page at a width; gathers what `look` finds. */
async function visit(largeur, look) {
  const profil = await openProfil(navigateur, serveur.base, { largeur, session, territoire: TERRITOIRE });
  const found = [];
  for (const one of pages) {
    const page = await profil.newPage();
    const faults = watch(page);
    await openPage(page, serveur.base, one);
    found.push(...(await look(page, one, faults)));
    await page.close();
  }
  await profil.close();
  return found;
}

/** By evaluation: the security policy of the pages rightly refuses a script tag. */
async function runAxe(page) {
  await page.evaluate(AXE);
  return page.evaluate((rules) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: rules } }), RULES);
}

/** Runs in the page: what goes beyond its width, if the page scrolls sideways. */
function findWidest() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const beyond = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > width + 1);
  const deepest = beyond.filter((one) => ![...one.children].some((child) => beyond.includes(child)));
  return `${document.documentElement.scrollWidth} px, because of ${deepest.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ')}`;
}
