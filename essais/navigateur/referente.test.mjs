// The référente of a structure, on a telephone, with the keyboard alone: her score and the one thing to mend, her logo, what is
// reported of her record, her place among the proposals.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkPage } from './accessible.mjs';
import { Clavier } from './clavier.mjs';
import { openNavigateur, openProfil, watch } from './navigateur.mjs';
import { TERRITOIRE } from './pages.mjs';
import { REFERENTE, ask, signIn, startServeur } from './serveur.mjs';

const LOGO = fileURLToPath(new URL('../../donnees/demo/logo.png', import.meta.url));
const WITHIN = { timeout: 120_000 };

let serveur, navigateur, profil, page, fiche, faults;

before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
  const session = await signIn(serveur.base, TERRITOIRE, REFERENTE);
  const home = await ask(`${serveur.base}/${TERRITOIRE}/equipe/structures`, { headers: { cookie: session } });
  fiche = new URL(home.headers.get('location'), serveur.base).href;
  profil = await openProfil(navigateur, serveur.base, { largeur: 390, hauteur: 844, session });
  page = await profil.newPage();
  faults = watch(page);
}, WITHIN);

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

/** Tab to it, then Enter. */
async function press(locator) {
  const clavier = new Clavier(page);
  await clavier.tabTo(locator, 'Tab', 150);
  await clavier.press('Enter');
}

async function fill(locator, words) {
  const clavier = new Clavier(page);
  await clavier.tabTo(locator, 'Tab', 150);
  await page.keyboard.press('Control+A');
  await clavier.type(words);
}

const check = (name) => checkPage(page, name);

const readScore = async () => Number(/(\d+) sur 100/.exec(await page.getByRole('heading', { name: /Qualité de la fiche/ }).innerText())[1]);

test('she empties her hours, reads that they come first, writes them, and her score moves', WITHIN, async () => {
  await page.goto(fiche);
  await check('the record');
  const before = await readScore();
  await press(page.getByRole('link', { name: /Modifier l’adresse et les horaires/ }).first());
  for (const jour of ['Lundi', 'Mardi', 'Mercredi', 'Jeudi', 'Vendredi', 'Samedi', 'Dimanche']) {
    await fill(page.getByLabel(jour, { exact: true }), ' ');
  }
  await press(page.getByRole('button', { name: 'Enregistrer' }));
  await page.getByRole('heading', { name: /Qualité de la fiche/ }).waitFor();
  const without = await readScore();
  assert.ok(without < before, `${without} after ${before}`);
  await page.getByText('À reprendre d’abord.').waitFor();
  await press(page.getByRole('link', { name: 'Donner les horaires' }));
  await fill(page.getByLabel('Lundi', { exact: true }), '9h-12h et 14h-17h');
  await press(page.getByRole('button', { name: 'Enregistrer' }));
  await page.getByRole('heading', { name: /Qualité de la fiche/ }).waitFor();
  assert.equal(await readScore(), before, 'the points of the hours are back');
});

test('she sends a logo that is none, is told so, takes hers away and gives it back', WITHIN, async () => {
  await page.goto(fiche);
  const field = page.getByLabel(/une image/);
  await field.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
  await press(page.getByRole('button', { name: 'Envoyer le logo' }));
  await page.locator('#erreur-logo').waitFor();
  await check('the record, its logo refused');
  await field.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.alloc(40 * 1024 * 1024, 7) });
  await press(page.getByRole('button', { name: 'Envoyer le logo' }));
  await page.getByText('plus d’un mégaoctet').first().waitFor();
  await press(page.getByRole('button', { name: 'Retirer le logo' }));
  await page.getByLabel('Choisir une image').waitFor();
  await page.getByLabel('Choisir une image').setInputFiles(LOGO);
  await press(page.getByRole('button', { name: 'Envoyer le logo' }));
  const logo = page.getByAltText('Logo actuel');
  await logo.waitFor();
  assert.ok(await logo.evaluate((image) => image.complete && image.naturalWidth > 0), 'the logo is drawn');
});

test('she accepts one thing that is reported, and refuses another with a reason', WITHIN, async () => {
  await page.goto(fiche);
  await press(page.getByRole('link', { name: /erreurs sont signalées/ }));
  await page.getByRole('heading', { name: 'Ce que l’on signale de cette fiche' }).waitFor();
  await check('what is reported');
  const article = page.getByRole('article').filter({ hasText: 'site : ' });
  await press(article.getByRole('button', { name: /Accepter/ }));
  await page.getByText(/Le site.*: acceptée/).waitFor();
  const other = page.getByRole('article').first();
  await fill(other.getByLabel('Ou pourquoi refuser'), 'Nous avons gardé nos horaires');
  await press(other.getByRole('button', { name: /Refuser/ }));
  await page.getByText('Nous avons gardé nos horaires.').waitFor();
  await page.getByText('Rien n’attend.').waitFor();
  await check('what is reported, settled');
});

test('she reads her place among the proposals, in words before figures', WITHIN, async () => {
  await page.goto(fiche);
  await press(page.getByRole('link', { name: 'sa place parmi les propositions' }));
  await press(page.getByRole('link', { name: 'Depuis le début' }));
  await page.locator('[aria-current=page]', { hasText: 'Depuis le début' }).waitFor();
  await page.getByText(/a été proposée/).waitFor();
  await check('her place');
  assert.deepEqual(faults, []);
});
