// A real OpenID Connect provider, which says yes at once for `qui`, and whose answers a trial may alter on their way.
import { createServer } from 'node:http';
import { SignJWT, calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { freePort } from './installation.mjs';

export const CLIENT = 'maillage', SECRET = 'un secret de ce fournisseur, pour essayer';

async function makeKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...await exportJWK(privateKey), alg: 'RS256', use: 'sig' };
  const kid = await calculateJwkThumbprint(jwk);
  const { kty, n, e, alg, use } = jwk;
  return { privateKey, kid, jwk: { ...jwk, kid }, published: { kty, n, e, alg, use, kid } };
}

/** An address where nobody answers yet: `startFournisseur` may be given it. */
export const freeEmetteur = async () => `http://localhost:${await freePort()}`;

/**
 * `people`: what is known of each account; `retour`: where the program is answered; `adieu`: where it goes on after a sign-out;
 * `isProConnect`: it takes the secret in the body only, and says how somebody came in (`amr`) only to whom asks.
 */
export async function startFournisseur({ people, retour, adieu, emetteur, isProConnect = false }) {
  let key = await makeKey(), isRotated = false;
  const stranger = (await generateKeyPair('RS256')).privateKey;
  emetteur ??= await freeEmetteur();
  const state = { qui: Object.keys(people)[0], amr: undefined, alter: null, alterInfo: null, signOuts: 0 };
  const method = isProConnect ? 'client_secret_post' : 'client_secret_basic';
  const provider = new Provider(emetteur, {
    clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: [retour], post_logout_redirect_uris: [adieu], token_endpoint_auth_method: method }],
    ...(isProConnect && { clientAuthMethods: [method] }),
    jwks: { keys: [key.jwk] },
    cookies: { keys: ['essai'] },
    claims: { amr: null, email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    features: { devInteractions: { enabled: false }, claimsParameter: { enabled: isProConnect }, rpInitiatedLogout: { enabled: true, logoutSource: confirmSignOut, postLogoutSuccessSource: () => {} } },
    interactions: { url: (_, interaction) => `/accord/${interaction.uid}` },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: CLIENT, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  async function confirmSignOut(ctx, form) {
    state.signOuts += 1;
    ctx.body = `<!doctype html><html lang="fr"><title>Fin</title><h1>Fin de session</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Oui</button></html>`;
  }
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith('/accord/')) {
      return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: state.qui, amr: state.amr } }, { mergeWithLastSubmission: false });
    }
    await next();
    if (isRotated && ctx.path === '/jwks') ctx.body = { keys: [key.published] };
    if (isRotated && ctx.path === '/token' && ctx.body?.id_token) ctx.body = { ...ctx.body, id_token: await sign(ctx.body.id_token, {}) };
    if (ctx.path === '/token' && ctx.body?.id_token && state.alter) ctx.body = { ...ctx.body, ...await state.alter(ctx.body) };
    if (ctx.path === '/me' && state.alterInfo) ctx.body = state.alterInfo(ctx.body);
  });
  const server = createServer(provider.callback());
  await new Promise((resolve) => server.listen(new URL(emetteur).port, resolve));
  /** The same identity with other claims, signed by this provider's key, or by another. */
  const sign = async (token, claims, { by = key.privateKey } = {}) =>
    new SignJWT({ ...decodeJwt(token), ...claims }).setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' }).sign(by);
  /** From now on it signs with another key, the only one that it publishes. */
  const rotate = async () => {
    key = await makeKey();
    isRotated = true;
  };
  const stop = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { emetteur, state, sign, rotate, stranger, stop };
}

/** Walks from page to page as a browser would, keeping cookies host by host; stops before an address for which `until` is true. */
export async function walk(start, until, jar = {}) {
  let url = start;
  for (let step = 0; step < 12; step += 1) {
    if (until(url)) return { url, jar };
    const { host } = new URL(url);
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: Object.entries(jar[host] ?? {}).map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/s);
      jar[host] = { ...jar[host], [name]: value };
    }
    const next = answer.headers.get('location');
    if (!next) throw new Error(`${url} answers ${answer.status} and leads nowhere: ${await answer.text()}`);
    url = new URL(next, url).href;
  }
  throw new Error(`never arrived: ${url}`);
}
