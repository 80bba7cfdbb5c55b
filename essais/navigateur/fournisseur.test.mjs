// Signing in by an OpenID Connect provider: once as it should be, and in all the ways it should not.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { SignJWT, UnsecuredJWT, decodeJwt } from 'jose';
import { CLIENT, SECRET, freeEmetteur, startFournisseur, walk } from './fournisseur.mjs';
import { SLUG, codeOf, freePort, startInstallation } from './installation.mjs';
import { openNavigateur, openProfil } from './navigateur.mjs';
import { MOT_DE_PASSE, ask, send } from './serveur.mjs';

const WITHIN = { timeout: 120_000 };
const PEOPLE = {
  elue: { email: 'elue@example.org', email_verified: true, name: 'Élue' },
  machine: { email: 'machine@example.org', email_verified: true, name: 'Machine' },
  voleuse: { email: 'machine@example.org', email_verified: true, name: 'Une autre' },
  ligne: { email: 'accueil@example.org', email_verified: true, name: 'Accueil' },
  vague: { email: 'vague@example.org', email_verified: false, name: 'Vague' },
  inconnue: { email: 'inconnue@example.org', email_verified: true, name: 'Inconnue' },
};

let fournisseur, installation, navigateur, ici;

const reglagesFor = (port, emetteur) =>
  `origine = "http://localhost:${port}"\nsortants_permis = ["localhost"]\n[fournisseur]\nnom = "Pro d’essai"\nemetteur = "${emetteur}"\nclient = "${CLIENT}"\nsecret = "${SECRET}"\n`;
const addressesOf = (ici) => ({ retour: `${ici}/connexion/fournisseur/retour`, adieu: ici });

before(async () => {
  const port = await freePort();
  ici = `http://localhost:${port}/${SLUG}`;
  fournisseur = await startFournisseur({ people: PEOPLE, ...addressesOf(ici) });
  installation = await startInstallation({
    port,
    reglages: reglagesFor(port, fournisseur.emetteur),
    comptes: { 'elue@example.org': 'lecture', 'machine@example.org': 'exploitation', 'accueil@example.org': 'coordination', 'vague@example.org': 'lecture' },
  });
  navigateur = await openNavigateur();
}, { timeout: 180_000 });

after(async () => {
  await navigateur?.close();
  await installation?.stop();
  await fournisseur?.stop();
});

test('a member of the team comes in by the provider, with their account, and signs out there too', WITHIN, async () => {
  fournisseur.state.qui = 'elue';
  const page = await (await openProfil(navigateur, ici, { largeur: 390 })).newPage();
  await page.goto(`${ici}/equipe/mon-compte`);
  await page.getByRole('link', { name: 'Se connecter avec Pro d’essai' }).click();
  await page.waitForURL(`${ici}/equipe/mon-compte`);
  assert.match(await page.locator('#sessions ~ .tableau tbody tr').first().innerText(), /fournisseur d’identité/);
  await page.getByRole('button', { name: /Se déconnecter|Quitter|Déconnexion/ }).first().click();
  await page.getByRole('heading', { name: 'Fin de session' }).waitFor();
  await page.getByRole('button', { name: 'Oui' }).click();
  await page.waitForURL((url) => url.href.startsWith(`${ici}?state=`) && url.searchParams.get('state').length >= 32);
  assert.equal(fournisseur.state.signOuts, 1);
  assert.equal((await page.goto(`${ici}/equipe/mon-compte`)).url(), `${ici}/connexion?suite=/${SLUG}/equipe/mon-compte`);
});

/** Leaves for the provider and comes back to the door, which is not opened yet. */
const leave = (from = ici) => walk(`${from}/connexion/fournisseur`, (url) => url.startsWith(`${from}/connexion/fournisseur/retour`));

/** Knocks; says whether somebody came in. */
async function knock({ url, jar }) {
  const { host } = new URL(url);
  const answer = await ask(url, { headers: { cookie: Object.entries(jar[host] ?? {}).map(([name, value]) => `${name}=${value}`).join('; ') } });
  const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`__Host-maillage-${SLUG}=`))?.split(';')[0];
  return { isIn: session !== undefined, session, status: answer.status, page: await answer.text() };
}

const alterUrl = (change) => async () => {
  const back = await leave();
  const url = new URL(back.url);
  change(url.searchParams);
  return knock({ ...back, url: url.href });
};

const alterToken = (alter) => async () => {
  const back = await leave();
  fournisseur.state.alter = async ({ id_token }) => ({ id_token: await alter(id_token) });
  return knock(back);
};

const now = () => Math.floor(Date.now() / 1000);
const FLOWS = {
  'another state': alterUrl((query) => query.set('state', 'un autre')),
  'no state': alterUrl((query) => query.delete('state')),
  'no code': alterUrl((query) => query.delete('code')),
  'the code of another sign-in (its PKCE proof is not ours)': async () => {
    const [mine, hers] = [await leave(), await leave()];
    const url = new URL(mine.url);
    url.searchParams.set('code', new URL(hers.url).searchParams.get('code'));
    return knock({ ...mine, url: url.href });
  },
  'the answer of another provider (iss)': alterUrl((query) => query.set('iss', 'https://ailleurs.example')),
  'another browser': async () => knock({ ...await leave(), jar: {} }),
  'the cookie of another sign-in': async () => knock({ url: (await leave()).url, jar: (await leave()).jar }),
  'an answer played twice': async () => {
    const back = await leave();
    assert.equal((await knock(back)).isIn, true, 'the first time is right');
    return knock(back);
  },
  'the person says no': alterUrl((query) => (query.delete('code'), query.set('error', 'access_denied'))),
  'another nonce': alterToken((token) => fournisseur.sign(token, { nonce: 'un autre' })),
  'no nonce': alterToken((token) => fournisseur.sign(token, { nonce: undefined })),
  'another issuer': alterToken((token) => fournisseur.sign(token, { iss: 'https://ailleurs.example' })),
  'for another program': alterToken((token) => fournisseur.sign(token, { aud: 'un autre' })),
  'for another program too': alterToken((token) => fournisseur.sign(token, { aud: [CLIENT, 'un autre'] })),
  'an identity that is over': alterToken((token) => fournisseur.sign(token, { exp: now() - 120, iat: now() - 400 })),
  'an identity signed an hour ago': alterToken((token) => fournisseur.sign(token, { iat: now() - 3_600 })),
  'an identity of tomorrow': alterToken((token) => fournisseur.sign(token, { iat: now() + 3_600 })),
  'signed by somebody else': alterToken((token) => fournisseur.sign(token, {}, { by: fournisseur.stranger })),
  'not signed': alterToken((token) => new UnsecuredJWT(decodeJwt(token)).encode()),
  'signed with the secret that both know': alterToken((token) =>
    new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))),
  'another access token': async () => {
    const back = await leave();
    fournisseur.state.alter = async ({ id_token }) => ({ id_token: await fournisseur.sign(id_token, { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) });
    return knock(back);
  },
  'the address of somebody else (userinfo of another)': async () => {
    fournisseur.state.qui = 'machine';
    fournisseur.state.alterInfo = (info) => ({ ...info, sub: 'un autre' });
    return knock(await leave());
  },
  'an address that is not verified': async () => ((fournisseur.state.qui = 'vague'), knock(await leave())),
  'nobody of the team': async () => ((fournisseur.state.qui = 'inconnue'), knock(await leave())),
};

for (const [name, play] of Object.entries(FLOWS)) {
  test(`refused: ${name}`, WITHIN, async () => {
    Object.assign(fournisseur.state, { qui: 'elue', alter: null, alterInfo: null });
    const { isIn, status, page } = await play();
    assert.equal(isIn, false);
    assert.equal(status, 422);
    assert.match(page, /role="alert"/, 'said in words');
  });
}

/** Where somebody of the ligne is led, once the provider has vouched for them with these claims too. */
async function led(claims) {
  Object.assign(fournisseur.state, { qui: 'ligne', alter: null, alterInfo: null });
  const back = await leave();
  fournisseur.state.alter = async ({ id_token }) => ({ id_token: await fournisseur.sign(id_token, claims) });
  const { isIn, session } = await knock(back);
  assert.equal(isIn, true);
  return ask(`${ici}/equipe/demandes`, { headers: { cookie: session } });
}

test('the same identity signed again is let in, and two proofs at the provider are two proofs here', WITHIN, async () => {
  assert.match((await led({})).headers.get('location'), /second-facteur/);
  assert.equal((await led({ amr: ['pwd', 'mfa'] })).status, 200);
});

test('a telephone set here is asked for, whatever the provider says', WITHIN, async () => {
  const entered = await send(`${ici}/connexion`, { courriel: 'accueil@example.org', mot_de_passe: MOT_DE_PASSE, suite: '' });
  const cookie = entered.headers.getSetCookie()[0].split(';')[0];
  const page = await (await ask(`${ici}/equipe/second-facteur`, { headers: { cookie } })).text();
  const [key, propose] = [/<code>([A-Z2-7 ]+)<\/code>/.exec(page)[1], /name="propose" value="([^"]+)"/.exec(page)[1]];
  assert.match(await (await send(`${ici}/equipe/second-facteur`, { code: codeOf(key), propose, suite: '' }, cookie)).text(), /Codes de secours/);
  assert.match((await led({ amr: ['pwd', 'mfa'] })).headers.get('location'), /second-facteur/);
});

test('an account tied to one identity is not given to another that has the same address', WITHIN, async () => {
  Object.assign(fournisseur.state, { qui: 'machine', alter: null, alterInfo: null });
  assert.equal((await knock(await leave())).isIn, true);
  fournisseur.state.qui = 'voleuse';
  assert.equal((await knock(await leave())).isIn, false);
  console.log(`# ${Object.keys(FLOWS).length} altered flows, all refused`);
});

const PATIENCE = 30_000; // How long the program leaves alone a provider that failed.

test('a provider like ProConnect: away, then back, then with other keys', { timeout: 120_000 }, async (t) => {
  const [port, emetteur] = [await freePort(), await freeEmetteur()];
  const la = `http://localhost:${port}/${SLUG}`;
  const autre = await startInstallation({ port, reglages: reglagesFor(port, emetteur), comptes: { 'accueil@example.org': 'coordination' } });
  t.after(() => autre.stop());
  const depart = () => ask(`${la}/connexion/fournisseur`);

  const away = await depart();
  assert.equal(away.status, 503);
  assert.match(await away.text(), /role="alert"[^]*Pro d’essai ne répond pas/, 'said in words');
  assert.match(autre.said(), /refused/i, 'said in the log');

  const pro = await startFournisseur({ people: PEOPLE, ...addressesOf(la), emetteur, isProConnect: true });
  t.after(() => pro.stop());
  assert.equal((await depart()).status, 503, 'it is left alone for a while');
  const end = Date.now() + PATIENCE + 5_000;
  let back = await depart();
  for (; back.status !== 303 && Date.now() < end; back = await depart()) await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(back.status, 303, 'it is back, and the program was not started again');

  const asked = new URL(back.headers.get('location')).searchParams;
  assert.equal(asked.get('scope'), 'openid email');
  assert.deepEqual(JSON.parse(asked.get('claims')), { id_token: { amr: { essential: true } } });
  assert.ok(asked.get('state').length >= 32 && asked.get('nonce').length >= 32, 'as long as ProConnect wants them');

  Object.assign(pro.state, { qui: 'ligne', amr: ['pwd', 'mfa'] });
  const enter = async () => {
    const { isIn, session } = await knock(await leave(la));
    assert.equal(isIn, true);
    assert.equal((await ask(`${la}/equipe/demandes`, { headers: { cookie: session } })).status, 200, 'two proofs there are two proofs here');
  };
  await enter();
  // The access token is tied to the identity, which is checked with the same keys (OpenID Connect Core 1.0, 3.1.3.6).
  const hash = (token) => createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
  pro.state.alter = async ({ id_token, access_token }) => ({ id_token: await pro.sign(id_token, { at_hash: hash(access_token) }) });
  await pro.rotate();
  await enter();
  await enter();
  await pro.rotate();
  assert.equal((await knock(await leave(la))).isIn, false, 'keys are not looked at again at once');
  assert.doesNotMatch(autre.said(), /eyJ|accueil@example/, 'the log holds neither a token nor an address');
});
