// A campaign as structures live it: letters through a real server of e-mail, the short form on a telephone, a power cut while they leave.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPage } from './accessible.mjs';
import { SLUG, enter, freePort, startCourriel, startInstallation } from './installation.mjs';
import { openNavigateur, openProfil } from './navigateur.mjs';
import { send } from './serveur.mjs';

const WITHIN = { timeout: 300_000 };
const LIGNE = 'accueil@example.org';
/** As many letters as a large territoire sends at once. */
const LETTRES = 2_000;
/** Those that a power cut may leave in the hands of the program: taken, and not sent a second time. */
const EN_MAIN = 20;

let courriel, installation, navigateur, ici, session;

const line = (rang) => `s${rang};Structure ${rang};association;36173;s${rang}@example.org;02 54 00 00 01;menage;a_domicile;commune:36173;m`;

before(async () => {
  courriel = await startCourriel();
  const port = await freePort();
  installation = await startInstallation({
    port,
    reglages: `origine = "http://localhost:${port}"\n[courriel]\nserveur = "smtp://127.0.0.1:${courriel.port}"\nexpediteur = "ligne@example.org"\n`,
    comptes: { [LIGNE]: 'coordination' },
  });
  const file = join(installation.dossier, 'structures.csv');
  const lines = Array.from({ length: LETTRES }, (_, rang) => line(rang));
  writeFileSync(file, ['structure_id;structure;categorie;code_insee;courriel;telephone;besoins;mode;couverture;service_id', ...lines].join('\n'));
  installation.run(['importer', 'annuaire', file, '--territoire', SLUG]);
  ici = `http://localhost:${port}/${SLUG}`;
  session = await enter(`http://localhost:${port}`, LIGNE, new Map());
  navigateur = await openNavigateur();
}, { timeout: 300_000 });

after(async () => {
  await navigateur?.close();
  await installation?.stop();
  await courriel?.stop();
});

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('the server of e-mail of these trials outlives a connection reset in the middle of a letter', WITHIN, async () => {
  const serveur = await startCourriel();
  const cut = connect(serveur.port, '127.0.0.1');
  await once(cut, 'data');
  cut.write('EHLO essai\r\nMAIL FROM:<a@example.org>\r\n');
  await once(cut, 'data');
  cut.resetAndDestroy();
  await pause(200);
  const next = connect(serveur.port, '127.0.0.1');
  const [hello] = await once(next, 'data');
  assert.match(hello.toString(), /^220 /);
  next.destroy();
  await serveur.stop();
});

test('two thousand letters leave within two minutes, once each, a power cut in the middle', WITHIN, async () => {
  const answer = await send(`${ici}/equipe/annuaire/campagnes`, { titre: 'Printemps', message: 'Bonjour', relances: '1', relance_jours: '7', mois: '' }, session);
  assert.equal(answer.status, 303);
  assert.match(answer.headers.get('location'), /campagnes/);
  const campagne = new URL(answer.headers.get('location'), ici).href;
  const start = Date.now();
  assert.equal((await send(`${campagne}/envoi`, {}, session)).status, 303);
  const letters = () => courriel.received.filter((letter) => letter.subject === 'Printemps').map((letter) => letter.to.text);
  while (letters().length < LETTRES / 2) {
    assert.ok(Date.now() - start < 120_000, `${letters().length} letters after two minutes`);
    await pause(20);
  }
  await installation.cut();
  // Until nothing comes any more: a letter sent twice would come late.
  let seen = 0, seconds = 0;
  while (letters().length > seen) {
    seen = letters().length;
    seconds = (Date.now() - start) / 1_000;
    await pause(5_000);
  }
  assert.ok(seen >= LETTRES - EN_MAIN, `${seen} letters only`);
  assert.equal(new Set(letters()).size, seen, 'no letter twice');
  console.log(`${letters().length} letters of ${LETTRES} in ${seconds.toFixed(0)} s, the program killed and started again on the way`);
  assert.ok(seconds < 120, `${seconds} s`);
});

test('a structure confirms then mends its record on a telephone in less than two minutes', WITHIN, async () => {
  const letter = courriel.received.find((one) => one.subject === 'Printemps');
  const profil = await openProfil(navigateur, ici, { largeur: 390 });
  const page = await profil.newPage();
  const start = Date.now();
  await page.goto(/http:\/\/localhost:\d+\/\S+/.exec(letter.text)[0]);
  const check = (name) => checkPage(page, name);
  await check('the record');
  await page.getByRole('button', { name: 'Complet' }).click();
  await page.getByText('complet pour le moment').waitFor();
  await page.getByRole('link', { name: 'Corriger', exact: true }).click();
  await check('the short form');
  await page.getByLabel('Téléphone').fill('02 54 00 00 09');
  await page.getByLabel('Prix').fill('24 € de l’heure');
  await page.getByLabel('Communes ou zones desservies, une par ligne').fill('Rosnay\nLe Blanc');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Enregistrer et confirmer' }).click();
  await page.getByText('Votre fiche est confirmée').waitFor();
  await page.getByText('02 54 00 00 09').waitFor();
  console.log(`the short form, by a program: ${((Date.now() - start) / 1_000).toFixed(1)} s and 6 gestures`);
  await page.close();
});
