// The proof round as a structure lives it: a letter through a real server of e-mail, its entry as it prints, on a telephone and by keyboard.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPage } from './accessible.mjs';
import { SLUG, enter, freePort, startCourriel, startInstallation } from './installation.mjs';
import { openNavigateur, openProfil } from './navigateur.mjs';
import { ask, send } from './serveur.mjs';

const WITHIN = { timeout: 120_000 };
const COORDINATION = 'coordination@example.org';
const LINES = [
  's1;Les Mains vertes;micro_entreprise;36173;s1@example.org;06 11 22 33 44;menage;a_domicile;commune:36173;m',
  's2;Aide et Présence;association;36173;;02 54 00 00 02;menage;a_domicile;commune:36173;m',
];

let courriel, installation, navigateur, ici, session;

before(async () => {
  courriel = await startCourriel();
  const port = await freePort();
  installation = await startInstallation({
    port,
    reglages: `origine = "http://localhost:${port}"\n[courriel]\nserveur = "smtp://127.0.0.1:${courriel.port}"\nexpediteur = "ligne@example.org"\n`,
    comptes: { [COORDINATION]: 'coordination' },
  });
  const file = join(installation.dossier, 'structures.csv');
  writeFileSync(file, ['structure_id;structure;categorie;code_insee;courriel;telephone;besoins;mode;couverture;service_id', ...LINES].join('\n'));
  installation.run(['importer', 'annuaire', file, '--territoire', SLUG]);
  ici = `http://localhost:${port}/${SLUG}`;
  session = await enter(`http://localhost:${port}`, COORDINATION, new Map());
  navigateur = await openNavigateur();
}, { timeout: 300_000 });

after(async () => {
  await navigateur?.close();
  await installation?.stop();
  await courriel?.stop();
});

test('a structure reads its entry as it prints, says of its number, approves it by keyboard', WITHIN, async () => {
  const begun = await send(`${ici}/equipe/repertoire`, { titre: 'Répertoire', annee: '2026', clot_le: '2099-12-31' }, session);
  const edition = new URL(begun.headers.get('location'), ici).href;
  assert.equal((await send(`${edition}/etat`, { etat: 'relecture' }, session)).status, 303);
  assert.equal((await send(`${edition}/epreuves/envoi`, {}, session)).status, 303);
  const found = () => courriel.received.find((one) => one.subject === 'votre fiche dans le répertoire 2026');
  for (const until = Date.now() + 60_000; !found();) {
    assert.ok(Date.now() < until, 'a letter within a minute');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(found().to.text, 's1@example.org');

  const profil = await openProfil(navigateur, ici, { largeur: 390 });
  const page = await profil.newPage();
  await page.goto(/http:\/\/localhost:\d+\/\S+/.exec(found().text)[0]);
  const check = (name) => checkPage(page, name);
  await check('the proof');
  const drawn = page.getByRole('img', { name: /La fiche imprimée/ }).first();
  await drawn.scrollIntoViewIfNeeded();
  await drawn.evaluate((image) => image.decode());

  // Nothing is said of the number: refused, and said where.
  await page.getByRole('button', { name: 'C’est bon, imprimez' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await check('the refusal');
  await page.getByRole('alert').getByRole('link').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  assert.ok(await page.getByLabel('Oui, sur tous les livrets').isChecked());
  await page.getByRole('button', { name: 'C’est bon, imprimez' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Votre fiche est approuvée').waitFor();
  await check('the thanks');
  const list = await (await ask(`${edition}/epreuves`, { headers: { cookie: session } })).text();
  assert.match(list, /<strong>1<\/strong> sur 2/);
  await page.close();
});
