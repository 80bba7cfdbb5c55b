// A day on the ligne unique, Thursday 2 July 2026, and what becomes of it (issue D): open, two calls, closed at noon, a voice on the answering
// machine, an SMS, the call back on Friday, a structure that stays silent. One program, whose clock moves; two operators in Chromium.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPage } from './accessible.mjs';
import { Clavier } from './clavier.mjs';
import { startHorloge } from './horloge.mjs';
import { SLUG, enter, freePort, startCourriel, startInstallation } from './installation.mjs';
import { keepSession, openNavigateur, openProfil, watch } from './navigateur.mjs';
import { ask } from './serveur.mjs';

const WITHIN = { timeout: 180_000 };
const [COORDINATION, CLAIRE, DENIS] = ['coordination@example.org', 'claire@example.org', 'denis@example.org'];
const NUMERO = '02 54 28 12 12';
const APPELANTE = '+33261910001';
const [COMPTE, JETON] = ['ACjournee', 'secret-de-la-plateforme'];
/** Seed 002: « du lundi au vendredi de 9h à 12h et de 14h à 17h sauf le jeudi après-midi ». */
const HORAIRES = 'Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00; PH off';

const LIGNES = [
  'structure_id;structure;categorie;code_insee;courriel;telephone;besoins;mode;couverture;service_id',
  's1;Les Iris (exemple);association;36173;iris@example.org;02 54 00 00 01;menage;a_domicile;commune:36173;m',
  's2;Les Midis (exemple);association;36173;midis@example.org;02 54 00 00 02;portage-repas;a_domicile;commune:36173;r',
].join('\n');

const horloge = startHorloge('2026-07-02T08:45:00+02:00');
const telephones = new Map();
let courriel, plateforme, installation, navigateur, base, ici, origine, coordination;

/** One second of silence, as a platform records it: eight thousand samples of eight bits. */
function makeSon() {
  const head = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\0\0\0', 'latin1');
  head.writeUInt32LE(36 + 8_000, 4);
  head.writeUInt32LE(8_000, 40);
  return Buffer.concat([head, Buffer.alloc(8_000, 128)]);
}

/** The platform's own API: gives a recording to whoever shows the account and its secret. */
async function startPlateforme() {
  const asked = [];
  const password = `Basic ${Buffer.from(`${COMPTE}:${JETON}`).toString('base64')}`;
  const server = createServer((request, answer) => {
    asked.push(request.url);
    const isOurs = request.headers.authorization === password && request.url === `/2010-04-01/Accounts/${COMPTE}/Recordings/RE1.mp3`;
    answer.writeHead(isOurs ? 200 : 404, { 'content-type': 'audio/x-wav' }).end(isOurs ? makeSon() : '');
  });
  await new Promise((resolve) => server.listen(0, 'localhost', resolve));
  return { port: server.address().port, asked, stop: () => new Promise((resolve) => server.close(resolve)) };
}

before(async () => {
  [courriel, plateforme] = [await startCourriel(), await startPlateforme()];
  const port = await freePort();
  [base, origine] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  ici = `${base}/${SLUG}`;
  installation = await startInstallation({
    port,
    env: horloge.env,
    ligne: ['--telephone', NUMERO, '--horaires', HORAIRES],
    reglages: `origine = "${origine}"\nsortants_permis = ["localhost"]\n[courriel]\nserveur = "smtp://127.0.0.1:${courriel.port}"\nexpediteur = "ligne@example.org"\n`
      + `[telephonie]\ncompte = "${COMPTE}"\njeton = "${JETON}"\nserveur = "http://localhost:${plateforme.port}"\n`,
    comptes: { [COORDINATION]: 'coordination', [CLAIRE]: 'tele_conseil', [DENIS]: 'tele_conseil' },
  });
  const file = join(installation.dossier, 'structures.csv');
  writeFileSync(file, LIGNES);
  installation.run(['importer', 'annuaire', file, '--territoire', SLUG]);
  coordination = await enter(base, COORDINATION, telephones, horloge.now());
  const poste = { nom: 'Accueil', numero: '02 54 00 00 91' };
  const added = await ask(`${ici}/equipe/ligne/horaires/postes`, { method: 'POST', body: new URLSearchParams(poste), headers: { cookie: coordination } });
  assert.equal(added.status, 303);
  await until('the snapshot takes the file up', async () => (await (await ask(`${ici}/orientation/36173/menage`)).text()).includes('Les Iris'));
  navigateur = await openNavigateur();
}, WITHIN);

after(async () => {
  await navigateur?.close();
  await installation?.stop();
  await Promise.all([courriel?.stop(), plateforme?.stop()]);
  horloge.stop();
});

async function until(what, isTrue, within = 15_000) {
  for (const end = Date.now() + within; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 250))) if (await isTrue()) return;
  assert.fail(`${what}: not within ${within / 1_000} s`);
}

/** What the platform sends, signed as it signs: the address, then each name and its value in the order of the names. */
function hook(path, fields, jeton = JETON) {
  const form = { To: '+33254281212', From: APPELANTE, ...fields };
  const signed = Object.keys(form).sort().reduce((text, name) => text + name + form[name], origine + path);
  const signature = createHmac('sha1', jeton).update(signed).digest('base64');
  return ask(base + path, { method: 'POST', body: new URLSearchParams(form), headers: { 'x-twilio-signature': signature } });
}

const say = async (...asked) => (await hook(...asked)).text();

/** A post of the team, signed in at the hour of the program; what the browser complained of is looked at in `close`. */
async function openPoste(compte, path) {
  const session = await enter(base, compte, telephones, horloge.now());
  const profil = await openProfil(navigateur, base, { session });
  const page = await profil.newPage();
  const faults = watch(page);
  await page.goto(`${ici}/equipe/${path}`);
  // Proposals still on their way when the call is sent are given up, and htmx says so.
  const expected = /htmx:(afterRequest|sendAbort)/;
  const close = async (also = expected) => {
    await profil.close();
    assert.deepEqual(faults.filter((one) => !expected.test(one) && !also.test(one)), []);
  };
  return { page, profil, session, close };
}

/** Moves to another hour, at which the coordinator enters again: half an hour idle closes a session. */
async function goTo(hour) {
  horloge.set(hour);
  coordination = await enter(base, COORDINATION, telephones, horloge.now());
}

const read = async (path) => (await ask(`${ici}/equipe/${path}`, { headers: { cookie: coordination } })).text();

const countDemandes = async () => new Set((await read('demandes')).match(/equipe\/demandes\/[0-9a-f-]{36}/g)).size;

const listMessages = async () => [...new Set((await read('ligne/messages')).match(/equipe\/ligne\/messages\/[0-9a-f-]{36}/g))];

const askLigne = async () => (await ask(`${base}/api/v1/ligne`)).json();

const saved = (page) => page.getByRole('status').filter({ hasText: /Demande n°\s\d+ enregistrée/ });

const proposals = (page) => page.locator('#propositions').getByText(/Cochez ce qui est donné/);

test('9:05, the line is open: a call rings, a plain one and one of two needs are written down', WITHIN, async () => {
  await goTo('2026-07-02T09:05:00+02:00');
  const ligne = await askLigne();
  assert.deepEqual([ligne.ouverte, ligne.jusqua], [true, '2026-07-02T12:00:00+02:00']);
  assert.match(await say('/telephonie/appel', { CallSid: 'CA1', CallStatus: 'ringing' }), /<Dial .*<Number>\+33254000091<\/Number>/);
  assert.doesNotMatch(await say('/telephonie/suite?poste=1&tour=0', { CallSid: 'CA1', DialCallStatus: 'completed' }), /Record|Dial/);
  assert.equal((await hook('/telephonie/etat', { CallSid: 'CA1', CallStatus: 'completed' })).status, 200);
  assert.deepEqual(await listMessages(), [], 'a call that was answered is nobody’s to return');
  const { page, close } = await openPoste(CLAIRE, 'appel');
  const clavier = new Clavier(page);
  await clavier.type('rosnay');
  await clavier.press('Tab');
  await clavier.type('portage de repas');
  await proposals(page).waitFor();
  await clavier.press('Alt+1');
  await clavier.press('Control+Enter');
  await saved(page).waitFor();
  await clavier.type('rosnay');
  await clavier.press('Tab');
  await clavier.type('ménage et repas');
  await page.locator('#issue-menage').selectOption('menage:orientee');
  await page.locator('#issue-portage-repas').selectOption('portage-repas:sans_solution:trop_cher');
  await page.getByRole('checkbox', { name: /Les Iris/ }).check();
  await page.getByText('Envoyer un récapitulatif').click();
  await page.getByLabel('Si la personne le veut').selectOption('courriel');
  await page.locator('#recap_a').fill('fille@example.org');
  await clavier.press('Control+Enter');
  await saved(page).filter({ hasText: 'n° 2' }).waitFor();
  const letter = await courriel.take('fille@example.org', /demande n° 2/);
  assert.match(letter.text, /Les Iris \(exemple\) : 02 54 00 00 01/);
  await page.getByRole('link', { name: 'La revoir' }).click();
  await page.getByRole('heading', { name: /Demande n° 2/ }).waitFor();
  const fiche = await page.getByRole('main').innerText();
  assert.match(fiche, /Ménage et repassage/);
  assert.match(fiche, /Repas livrés à domicile/);
  await close();
  assert.equal(await countDemandes(), 2);
});

test('12:30, closed: a voice is kept once, an SMS is answered once, a forged one writes nothing', WITHIN, async () => {
  await goTo('2026-07-02T12:30:00+02:00');
  const ligne = await askLigne();
  assert.deepEqual([ligne.ouverte, ligne.prochaine_ouverture], [false, '2026-07-03T09:00:00+02:00']);
  const said = await say('/telephonie/appel', { CallSid: 'CA2', CallStatus: 'ringing' });
  assert.match(said, /ouvre demain, vendredi, à 9\sheures\..*jeudi, 9 heures à 12 heures.*<Record /);
  assert.doesNotMatch(said, /<Dial/);
  // The end of the call is told before its recording, and all of it twice.
  const recording = { CallSid: 'CA2', RecordingSid: 'RE1', RecordingDuration: '7', RecordingUrl: 'http://ailleurs.example/RE1' };
  const end = { CallSid: 'CA2', CallStatus: 'completed', CallDuration: '21' };
  for (const [path, fields] of [['etat', end], ['enregistrement', recording], ['enregistrement', recording], ['etat', end]]) {
    assert.equal((await hook(`/telephonie/${path}`, fields)).status, 200);
  }
  assert.equal((await listMessages()).length, 1);
  await until('the recording is fetched', () => plateforme.asked.length > 0);
  const repas = { MessageSid: 'SM1', Body: 'REPAS 36300' };
  const answered = await say('/telephonie/message', repas);
  assert.match(answered, /<Message>[^<]*Les Midis[^<]*02 54 00 00 02/);
  assert.equal(await say('/telephonie/message', repas), answered);
  assert.equal(await countDemandes(), 3);
  for (const [path, fields] of [['message', { ...repas, MessageSid: 'SM2' }], ['enregistrement', { ...recording, RecordingSid: 'RE2' }]]) {
    assert.equal((await hook(`/telephonie/${path}`, fields, 'un-autre-secret')).status, 403);
  }
  assert.deepEqual([await countDemandes(), (await listMessages()).length], [3, 1]);
});

let demande;

test('Friday 9:10, the voice is taken by one operator only, heard, written down, and a structure is asked', WITHIN, async () => {
  await goTo('2026-07-03T09:10:00+02:00');
  const [claire, denis] = [await openPoste(CLAIRE, 'file'), await openPoste(DENIS, 'file')];
  const { page } = claire;
  await checkPage(page, 'the queue');
  const clavier = new Clavier(page);
  const take = (of) => of.getByRole('button', { name: /Je m’en occupe.*message vocal/i });
  await take(page).waitFor();
  await clavier.tabTo(take(page));
  await clavier.press('Enter');
  await page.getByRole('heading', { name: /^Message vocal du/ }).waitFor();
  // Denis still sees the queue of before: he is refused, then told who is on it.
  await take(denis.page).click();
  await denis.page.getByRole('alert').filter({ hasText: 'déjà en ligne avec cette personne' }).waitFor();
  await denis.page.getByText(/^En ligne\s: claire, depuis 9\sh\s1\d$/).waitFor();
  assert.equal(await take(denis.page).count(), 0);
  const heard = await page.locator('audio').evaluate((audio) => new Promise((resolve) => {
    audio.addEventListener('ended', () => resolve(audio.duration));
    audio.addEventListener('error', () => resolve(`error ${audio.error.code}`));
    audio.muted = true;
    setTimeout(() => resolve(`state ${audio.readyState} ${audio.networkState} ${audio.currentTime} ${audio.paused}`), 8000);
    audio.play().catch((error) => resolve(String(error)));
  }));
  assert.equal(heard, 1, 'the voice is heard to its end');
  await page.getByRole('link', { name: 'Écouter et enregistrer la demande' }).click();
  await page.getByText('Vous répondez à une demande venue par message vocal.').waitFor();
  assert.equal(await page.locator('#rappel_telephone').inputValue(), '02 61 91 00 01');
  await page.locator('#rappel_nom').fill('Mme Aubépine');
  await page.locator('#consentement').check();
  await page.locator('#ou').fill('rosnay');
  await page.locator('#quoi').fill('ménage');
  await page.getByRole('checkbox', { name: /Les Iris/ }).check();
  await clavier.press('Control+Enter');
  await saved(page).waitFor();
  await page.getByRole('link', { name: 'La revoir' }).click();
  await page.getByText(/Reçue le .* par message vocal/).waitFor();
  demande = new URL(page.url()).pathname;
  await page.getByRole('checkbox', { name: /Les Iris/ }).check();
  await page.getByRole('radio', { name: /Être appelée par la structure/ }).check();
  await page.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await page.getByRole('heading', { name: /Les Iris.*envoyée/ }).waitFor();
  assert.match((await courriel.take('iris@example.org', /Une personne cherche/)).text, /avant le mercredi 8 juillet 2026, 9\sh\s1\d/);
  await until('the message is settled', async () => (await listMessages()).length === 0);
  await denis.page.reload();
  assert.equal(await denis.page.getByText(/message vocal/i).count(), 0, 'the queue no longer has it');
  await claire.close();
  await denis.close();
  assert.equal(await countDemandes(), 4);
});

test('nobody answers: a reminder on Tuesday, the coordination told on Wednesday, and the queue says who is silent', WITHIN, async () => {
  await goTo('2026-07-07T09:30:00+02:00');
  // Stopped and started again in between, as machines are: the clock of a prise en charge is in the base.
  await installation.cut();
  assert.match((await courriel.take('iris@example.org', /Nous attendons encore votre réponse/)).subject, /^Rappel : /);
  await goTo('2026-07-08T09:30:00+02:00');
  await installation.cut();
  const letter = await courriel.take(COORDINATION, /n’a pas répondu dans le délai/);
  assert.match(letter.text, /« Les Iris \(exemple\) » .* à la demande n° 4 .*vendredi 3 juillet 2026/);
  const { page, close } = await openPoste(CLAIRE, 'file');
  const row = page.getByRole('listitem').filter({ hasText: 'Les Iris (exemple) n’a pas répondu à temps' });
  await row.getByText('en retard').waitFor();
  await row.getByRole('button').click();
  await page.waitForURL(`${base}${demande}`);
  await page.getByText(/coordination prévenue le/).waitFor();
  await page.getByText('Vous êtes en ligne avec cette personne').waitFor();
  // Whatever the way by which another operator comes to the same person, they are told.
  const denis = await openPoste(DENIS, demande.slice(demande.indexOf('demandes/')));
  await denis.page.getByText(/^En ligne\s: claire, depuis 9\sh\s3\d\.$/).waitFor();
  assert.equal(await denis.page.getByRole('button', { name: 'Je m’en occupe' }).count(), 0);
  await denis.page.goto(`${ici}/equipe/appel`);
  await denis.page.getByText('À rappeler', { exact: true }).first().click();
  await denis.page.locator('#rappel_telephone').pressSequentially('+33 2 61 91 00 01');
  await denis.page.getByRole('link', { name: /^Demande n°\s4/ }).waitFor();
  await checkPage(denis.page, 'what else came from a number');
  await denis.close();
  await page.getByRole('button', { name: 'Je rends' }).click();
  await close();
});

test('the network drops while a call is written down: kept on the post, sent once when it returns', WITHIN, async () => {
  await goTo('2026-07-08T10:30:00+02:00');
  const before = await countDemandes();
  const { page, profil, close } = await openPoste(CLAIRE, 'appel');
  const clavier = new Clavier(page);
  await clavier.type('rosnay');
  await clavier.press('Tab');
  await clavier.type('portage de repas');
  await proposals(page).waitFor();
  await clavier.press('Alt+1');
  await profil.setOffline(true);
  await clavier.press('Control+Enter');
  await page.getByText('Connexion perdue : l’appel est gardé sur ce poste').waitFor();
  assert.deepEqual([await page.locator('#ou').inputValue(), await page.locator('#quoi').inputValue()], ['', '']);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ou', 'ready for the next call');
  await checkPage(page, 'a call kept on the post');
  assert.equal(await countDemandes(), before);
  // A second window of the same post tries too.
  await profil.setOffline(false);
  const other = await profil.newPage();
  await other.goto(page.url());
  await until('the call has left', () => page.evaluate(() => Object.keys(localStorage).every((key) => !key.startsWith('attente:'))));
  await until('the call is written', async () => (await countDemandes()) === before + 1);
  await page.reload();
  await page.waitForTimeout(1_000);
  assert.equal(await countDemandes(), before + 1, 'once');
  await close();
});

test('a kept call that the server wants mended stays on the post until it is recorded', WITHIN, async () => {
  await goTo('2026-07-08T11:30:00+02:00');
  const before = await countDemandes();
  const { page, profil, close } = await openPoste(CLAIRE, 'appel');
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('attente:')).length);
  await page.locator('#ou').fill('rosnay');
  await page.locator('#quoi').fill('portage de repas');
  await proposals(page).waitFor();
  await profil.setOffline(true);
  await page.keyboard.press('Control+Enter');
  await page.getByText('l’appel est gardé sur ce poste').waitFor();
  await profil.setOffline(false);
  await page.getByText('À compléter, gardé sur ce poste').waitFor({ timeout: 30_000 });
  // Nobody said how it ended: it is neither lost with the page, nor sent as it is.
  await page.reload();
  await page.getByRole('button', { name: 'Le reprendre' }).click();
  await page.getByText('L’appel n’est pas encore enregistré').waitFor();
  assert.equal(await page.locator('#ou').inputValue(), 'rosnay');
  assert.equal(await kept(), 1);
  await page.getByRole('radio', { name: 'information donnée' }).check();
  await page.keyboard.press('Control+Enter');
  await page.getByText(/enregistrée. L’écran est prêt|À lire à la personne/).first().waitFor();
  assert.deepEqual([await kept(), await countDemandes()], [0, before + 1]);
  // The browser says of the call that was sent by itself that it was refused: so it was.
  await close(/status of 422/);
});
