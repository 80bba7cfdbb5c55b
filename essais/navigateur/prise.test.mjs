// A structure asked to help somebody, on a telephone, with the keyboard alone, by a letter of a real server of e-mail: what a forwarded
// letter does not show, the code of its own box, the person's number; and the person who follows their demande by six characters.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPage } from './accessible.mjs';
import { Clavier } from './clavier.mjs';
import { SLUG, enter, freePort, startCourriel, startInstallation } from './installation.mjs';
import { openNavigateur, openProfil, watch } from './navigateur.mjs';
import { ask, leave, reach, send } from './serveur.mjs';

const WITHIN = { timeout: 180_000 };
const LIGNE = 'accueil@example.org';
const NUMERO = '02 61 91 00 01';

const LIGNES = [
  'structure_id;structure;categorie;code_insee;courriel;telephone;besoins;mode;couverture;service_id',
  's1;Les Iris (exemple);association;36173;iris@example.org;02 54 00 00 01;menage;a_domicile;commune:36173;m',
].join('\n');

let courriel, installation, navigateur, ici, base, session, demande;

before(async () => {
  courriel = await startCourriel();
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  installation = await startInstallation({
    port,
    reglages: `origine = "http://localhost:${port}"\n[courriel]\nserveur = "smtp://127.0.0.1:${courriel.port}"\nexpediteur = "ligne@example.org"\n`,
    comptes: { [LIGNE]: 'coordination' },
  });
  const file = join(installation.dossier, 'structures.csv');
  writeFileSync(file, LIGNES);
  installation.run(['importer', 'annuaire', file, '--territoire', SLUG]);
  ici = `${base}/${SLUG}`;
  session = await enter(base, LIGNE, new Map());
  // The snapshot takes the file up within half a second.
  for (let turn = 0; turn < 40; turn += 1) {
    if ((await (await ask(`${ici}/orientation/36173/menage`)).text()).includes('Les Iris')) break;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const sent = await leave(base, SLUG, { commune: '36173', besoin: 'menage', rappel_nom: 'Mme Aubépine', rappel_telephone: NUMERO, consentement: 'oui', cle: 'prise' });
  assert.equal(sent.status, 303);
  const list = await (await ask(`${ici}/equipe/demandes`, { headers: { cookie: session } })).text();
  demande = new URL(/href="(\/brenne\/equipe\/demandes\/[0-9a-f-]{36})"/.exec(list)[1], base).href;
  navigateur = await openNavigateur();
}, WITHIN);

after(async () => {
  await navigateur?.close();
  await installation?.stop();
  await courriel?.stop();
});

async function openTelephone() {
  const profil = await openProfil(navigateur, base, { largeur: 390, hauteur: 844 });
  const page = await profil.newPage();
  return { page, faults: watch(page) };
}

/** Tab to it, then the key. */
async function press(page, locator, key = 'Enter') {
  const clavier = new Clavier(page);
  await clavier.tabTo(locator, 'Tab', 80);
  await clavier.press(key);
}

async function type(page, locator, words) {
  const clavier = new Clavier(page);
  await clavier.tabTo(locator, 'Tab', 80);
  await clavier.type(words);
}

test('she takes the person from her telephone, and only her box opens the number', WITHIN, async () => {
  const form = await (await ask(demande, { headers: { cookie: session } })).text();
  const service = /name="service" value="([^"]+)"/.exec(form)[1];
  assert.equal((await send(`${demande}/prises-en-charge`, { service, choix: 'transmission' }, session)).status, 303);
  const letter = await courriel.take('iris@example.org', /prise-en-charge/);
  assert.doesNotMatch(letter.text + letter.subject, /Aubépine|02 61/);
  const lien = reach(base, /http:\/\/localhost:\d+\/\S+/.exec(letter.text)[0]);
  const { page, faults } = await openTelephone();
  await page.goto(lien);
  await checkPage(page, 'what is asked');
  await press(page, page.getByRole('button', { name: 'Je prends' }));
  await page.getByText('aide cette personne').waitFor();
  await checkPage(page, 'the code is asked');
  assert.doesNotMatch(await page.content(), /Aubépine|02 61/);
  const code = /aidez : (\d{6})/.exec((await courriel.take('iris@example.org', /Le code pour voir/)).text)[1];
  await type(page, page.getByLabel('Code reçu'), code);
  await new Clavier(page).press('Enter');
  await page.getByText('Mme Aubépine').waitFor();
  assert.ok(await page.getByRole('link', { name: NUMERO }).isVisible());
  await checkPage(page, 'the person');
  const other = await openTelephone();
  await other.page.goto(lien);
  await other.page.getByLabel('Code reçu').or(other.page.getByRole('button', { name: 'Recevoir le code' })).first().waitFor();
  assert.doesNotMatch(await other.page.content(), /Aubépine|02 61/, 'a letter forwarded shows nobody');
  assert.deepEqual([...faults, ...other.faults], []);
});

test('the person reads where the demande stands with six characters, and says that nothing came', WITHIN, async () => {
  const seen = await (await ask(demande, { headers: { cookie: session } })).text();
  const code = /Code de suivi, à lire à la personne&nbsp;: <strong>([^<]+)</.exec(seen)[1];
  const { page, faults } = await openTelephone();
  await page.goto(`${ici}/suivi`);
  await checkPage(page, 'the code is asked');
  await type(page, page.getByLabel('Votre code'), code.toLowerCase());
  await type(page, page.getByLabel(/quatre derniers chiffres/), '0001');
  await new Clavier(page).press('Enter');
  await page.getByText('vous aide : elle vous appelle').waitFor();
  await checkPage(page, 'where it stands');
  await press(page, page.getByRole('button', { name: 'Toujours pas de solution' }));
  await page.getByText('Nous vous rappelons avant le').waitFor();
  assert.deepEqual(faults, []);
});
