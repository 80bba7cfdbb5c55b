// The ways in other than a password: a letter, a passkey. With a real server of e-mail and a browser's own authenticator.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SLUG, codeOf, freePort, startCourriel, startInstallation } from './installation.mjs';
import { openNavigateur, openProfil } from './navigateur.mjs';
import { MOT_DE_PASSE, ask, send } from './serveur.mjs';

const WITHIN = { timeout: 120_000 };
const ADMIN = 'admin@example.org', LECTURE = 'elue@example.org', LIGNE = 'accueil@example.org', ETAT = 'machine@example.org';

let courriel, installation, navigateur, ici;

before(async () => {
  courriel = await startCourriel();
  const port = await freePort();
  installation = await startInstallation({
    port,
    reglages: `origine = "http://localhost:${port}"\n[courriel]\nserveur = "smtp://127.0.0.1:${courriel.port}"\nexpediteur = "ligne@example.org"\n`,
    comptes: { [ADMIN]: 'administration', [LECTURE]: 'lecture', [LIGNE]: 'coordination', [ETAT]: 'exploitation' },
  });
  navigateur = await openNavigateur();
  // By name: the passkeys of a site are tied to it.
  ici = `http://localhost:${port}/${SLUG}`;
}, { timeout: 180_000 });

after(async () => {
  await navigateur?.close();
  await installation?.stop();
  await courriel?.stop();
});

async function newPage() {
  const profil = await openProfil(navigateur, ici, { largeur: 390 });
  return profil.newPage();
}

const lienOf = (letter) => /http:\/\/localhost:\d+\/\S+/.exec(letter.text)[0];

test('somebody who has forgotten their password comes in by a letter, once', WITHIN, async () => {
  const page = await newPage();
  await page.goto(`${ici}/connexion`);
  await page.getByRole('link', { name: /Recevoir un lien/ }).click();
  await page.getByLabel('Adresse électronique').fill(LECTURE);
  await page.keyboard.press('Enter');
  await page.getByText(/vient de lui partir/).waitFor();
  const letter = await courriel.take(LECTURE, /Voici votre lien/);
  assert.deepEqual(letter.from.value, [{ address: 'ligne@example.org', name: 'Brenne' }]);
  assert.match(letter.subject, /Votre lien de connexion/);
  assert.equal(letter.headers.get('auto-submitted'), 'auto-generated');
  const lien = lienOf(letter);
  assert.equal((await ask(lien)).status, 200, 'a program that looks at links uses nothing up');
  await page.goto(lien);
  await page.getByRole('button', { name: 'Me connecter' }).click();
  await page.waitForURL(/\/equipe\/observatoire/);
  assert.equal((await ask(lien)).status, 404);
  assert.equal((await send(lien, {})).headers.get('set-cookie'), null, 'played again, it opens nothing');
  await page.goto(`${ici}/equipe/mon-compte`);
  assert.match(await page.locator('#sessions ~ .tableau tbody tr').first().innerText(), /lien reçu par courriel/);
  await page.getByLabel('Nouveau mot de passe').fill('tuile bleue vieille');
  await page.getByRole('button', { name: 'Changer' }).click();
  await page.getByText('Le mot de passe est changé').waitFor();
  await courriel.take(LECTURE, /Une personne est entrée avec votre compte .*par lien reçu par courriel/s);
  await courriel.take(LECTURE, /Votre mot de passe vient d’être changé/);
});

test('a known and an unknown address are answered alike, and a closed account is sent nothing', WITHIN, async () => {
  const said = async (adresse) => {
    const answer = await send(`${ici}/connexion/lien`, { courriel: adresse });
    return { status: answer.status, body: (await answer.text()).replaceAll(adresse, '…') };
  };
  assert.deepEqual(await said('personne@example.org'), await said(ETAT));
  await courriel.take(ETAT, /Voici votre lien/);
  assert.equal(courriel.received.length, 0);
  assert.equal((await send(`${ici}/connexion/lien`, { courriel: 'pas une adresse' })).status, 422);
  for (let count = 1; count <= 4; count += 1) assert.equal((await send(`${ici}/connexion/lien`, { courriel: ETAT })).status, 200);
  assert.equal((await send(`${ici}/connexion/lien`, { courriel: ETAT })).status, 429, 'five an hour');
});

test('a later link puts out the earlier one, and a forged one opens nothing', WITHIN, async () => {
  const asked = async () => {
    await send(`${ici}/connexion/lien`, { courriel: LIGNE });
    return lienOf(await courriel.take(LIGNE, /Voici votre lien/));
  };
  const [first, second] = [await asked(), await asked()];
  assert.equal((await ask(first)).status, 404);
  assert.equal((await ask(second.slice(0, -1) + (second.endsWith('0') ? '1' : '0'))).status, 404);
  const answer = await send(second, {});
  assert.equal(answer.status, 303);
  const session = answer.headers.getSetCookie()[0].split(';')[0];
  const page = await ask(`${ici}/equipe/demandes`, { headers: { cookie: session } });
  assert.match(page.headers.get('location'), /second-facteur/, 'one proof is not enough to read what people confided');
});

test('a passkey is made with the password, opens the account with both proofs, and is taken away', WITHIN, async () => {
  const page = await newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(`${ici}/connexion`);
  await page.getByLabel('Adresse électronique').fill(ADMIN);
  await page.getByLabel('Mot de passe').fill(MOT_DE_PASSE);
  await page.keyboard.press('Enter');
  await page.getByLabel('Code à six chiffres').fill(codeOf(await page.locator('main code').innerText()));
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('heading', { name: 'Codes de secours' }).waitFor();
  await courriel.take(ADMIN, /Un téléphone vient d’être associé/);
  await page.goto(`${ici}/equipe/mon-compte`);
  const add = async (motDePasse) => {
    await page.getByLabel('Nom de la clé').fill('mon téléphone');
    await page.locator('#actuel-cle').fill(motDePasse);
    await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  };
  await add('un autre mot de passe');
  await page.getByText('Le mot de passe actuel n’est pas le bon').waitFor();
  await add(MOT_DE_PASSE);
  await page.getByText('La clé d’accès est enregistrée').waitFor();
  await page.getByRole('rowheader', { name: 'mon téléphone' }).waitFor();
  await courriel.take(ADMIN, /« mon téléphone », ouvre désormais votre compte/);
  await page.getByRole('button', { name: /Se déconnecter|Quitter|Déconnexion/ }).first().click();
  await page.goto(`${ici}/connexion?suite=/${SLUG}/equipe/comptes`);
  const sent = page.waitForRequest((request) => request.url().endsWith('/connexion/cle-acces') && request.method() === 'POST');
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
  await page.waitForURL(/\/equipe\/comptes/);
  const played = await ask(`${ici}/connexion/cle-acces`, { method: 'POST', body: (await sent).postData(), headers: {
    'content-type': 'application/x-www-form-urlencoded', cookie: (await (await sent).allHeaders()).cookie,
  } });
  assert.equal(played.status, 422, 'the same answer opens nothing a second time');
  await invite(page);
  await page.goto(`${ici}/equipe/mon-compte`);
  assert.match(await page.locator('#sessions ~ .tableau tbody tr').first().innerText(), /clé d’accès/);
  await page.getByRole('button', { name: 'Retirer la clé mon téléphone' }).click();
  await page.getByText('Cette clé d’accès n’ouvre plus rien').waitFor();
  await page.context().clearCookies();
  await page.goto(`${ici}/connexion`);
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
  await page.getByText('n’ouvre aucun compte d’ici').waitFor();
});

/** The administration invites somebody, who receives the link and chooses a password. */
async function invite(page) {
  await page.getByLabel('Nom').fill('Élodie d’Aubépine');
  await page.getByLabel('Adresse électronique').fill('elodie@example.org');
  await page.getByLabel('lecture (élu·e, financeur)').check();
  await page.getByRole('button', { name: 'Inviter' }).click();
  await page.getByText('Un courriel part à elodie@example.org').waitFor();
  const letter = await courriel.take('elodie@example.org', /admin vous ouvre un accès à l’équipe « Brenne »/);
  const elle = await newPage();
  await elle.goto(lienOf(letter));
  await elle.getByLabel('Mot de passe').fill('tuile bleue vieille');
  await elle.getByRole('button', { name: 'Choisir et me connecter' }).click();
  await elle.waitForURL(/\/equipe\/observatoire/);
}

test('the owner of an account is told of a browser it was never opened from', WITHIN, async () => {
  const signIn = () => send(`${ici}/connexion`, { courriel: LECTURE, mot_de_passe: 'tuile bleue vieille', suite: '' });
  assert.equal((await signIn()).status, 303);
  assert.match((await courriel.take(LECTURE)).text, /Une personne est entrée avec votre compte .*navigateur nouveau .*par mot de passe/s);
  const known = await signIn();
  await courriel.take(LECTURE);
  const cookie = known.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  const again = await ask(`${ici}/connexion`, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ courriel: LECTURE, mot_de_passe: 'tuile bleue vieille', suite: '' }) });
  assert.equal(again.status, 303);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  assert.deepEqual(courriel.received.filter((letter) => letter.to.text === LECTURE), [], 'a browser that is known is not told of');
});
