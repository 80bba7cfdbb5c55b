// The program under trial: a demo of its own, on a free port, with a database that leaves with it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROGRAM = process.env.MAILLAGE_BIN ?? fileURLToPath(new URL('../../target/debug/maillage', import.meta.url));
const START_WITHIN = 60_000;
const STOP_WITHIN = 12_000;
const ANSWER_WITHIN = 15_000;

export const COURRIEL = 'accueil@example.org';
export const ADMINISTRATION = 'administration@example.org';
export const REFERENTE = 'structure@example.org';
export const MOT_DE_PASSE = 'la ligne est ouverte';

/** Starts the demo; `base` is its address, `stop` ends it. */
export function startServeur() {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run \`cargo build --workspace\`, or give MAILLAGE_BIN`);
  return watchProgram(spawn(PROGRAM, ['demo', '--adresse', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Waits until a program that was just started listens. */
export async function watchProgram(child) {
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let said = '';
  const base = await new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`the program ${why}; it said:\n${said || '(nothing)'}`));
    const timer = setTimeout(() => (kill(), fail(`did not listen within ${START_WITHIN / 1000} s`)), START_WITHIN);
    child.once('error', (error) => fail(`does not start: ${error.message}`));
    ended.then((code) => fail(`stopped (${code}) before listening`));
    const listen = (chunk) => {
      said += chunk;
      const address = /http:\/\/[\d.]+:\d+(?=\s)/.exec(said)?.[0];
      if (address) clearTimeout(timer), resolve(address);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
  });
  let isStopping = false;
  ended.then((code) => isStopping || console.error(`the program stopped by itself (${code}); it said:\n${said}`));
  const stop = async () => {
    isStopping = true;
    child.kill('SIGTERM');
    const timer = setTimeout(kill, STOP_WITHIN);
    await ended;
    clearTimeout(timer);
    process.removeListener('exit', kill);
  };
  return { base, stop, pid: child.pid, said: () => said };
}

/** The same page, reached as the trials reach the program: links begin with the name of its settings. */
export const reach = (base, href) => new URL(new URL(href, base).pathname, base).href;

/** Asks without a browser; redirections are not followed. */
export function ask(url, options = {}) {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN), ...options });
}

/** Sends a form as a browser would, without a browser. */
export function send(url, fields, cookie = '') {
  return ask(url, { method: 'POST', body: new URLSearchParams(fields), headers: cookie ? { cookie } : {} });
}

/** Leaves a demande by the form of everybody, from a page just opened, with the sum that a browser would do. */
export async function leave(base, territoire, fields) {
  const page = await (await ask(`${base}/${territoire}/demandes/nouvelle`)).text();
  const [, defi, zeros] = /name="defi" value="([^"]+)" data-zeros="(\d+)"/.exec(page);
  return send(`${base}/${territoire}/demandes`, { defi, preuve: solve(defi, Number(zeros)), ...fields });
}

function solve(defi, zeros) {
  for (let found = 0; ; found += 1) {
    if (createHash('sha256').update(`${defi}.${found}`).digest().readUInt32BE(0) >>> (32 - zeros) === 0) return String(found);
  }
}

/** Signs in to the team of a territoire: the cookie, as `name=value`. */
export async function signIn(base, territoire, courriel = COURRIEL) {
  const answer = await send(`${base}/${territoire}/connexion`, { courriel, mot_de_passe: MOT_DE_PASSE, suite: '' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (answer.status !== 303 || !cookie) throw new Error(`the sign-in to /${territoire} answered ${answer.status}, without a session`);
  return cookie;
}
