// An installation of its own, served as in production: an empty base, its keys, its settings, its accounts.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { MOT_DE_PASSE, PROGRAM, ask, send, signIn, watchProgram } from './serveur.mjs';

export const SLUG = 'brenne';

/** A port that nobody listens to. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The six figures that a telephone shows at a moment, for the key that a page gave it (RFC 6238). */
export function codeOf(key, now = Date.now()) {
  const bits = [...key.replaceAll(' ', '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac('sha1', secret).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** A real server of e-mail, which keeps what it receives: `take(to, text)` waits for a letter that says it, and gives it. */
export async function startCourriel() {
  const received = [];
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], logger: false,
    onData(stream, envelope, done) {
      simpleParser(stream).then((letter) => (received.push(letter), done()), done);
    },
  });
  // A program killed in the middle of a letter resets its connection: the server of a provider lives through it, this one too.
  server.on('error', (error) => {
    if (error.code !== 'ECONNRESET') throw error;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const take = async (to, text = /./, within = 15_000) => {
    for (const end = Date.now() + within; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const place = received.findIndex((letter) => letter.to.text === to && text.test(letter.text));
      if (place >= 0) return received.splice(place, 1)[0];
    }
    throw new Error(`no letter to ${to} that says ${text} within ${within / 1000} s`);
  };
  return { port: server.server.address().port, received, take, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** Serves an installation with these settings (TOML); `comptes`: addresses, each with a role; `ligne`: the options of its line; `env`: of
 * the program. Its letters leave at any hour: trials run at night too. */
export async function startInstallation({ port, reglages, comptes, ligne = [], env = {} }) {
  const dossier = mkdtempSync(join(tmpdir(), 'maillage-installation-'));
  const file = join(dossier, 'maillage.toml');
  writeFileSync(file, `base = "sqlite:${join(dossier, 'maillage.sqlite')}"\nadresse = "127.0.0.1:${port}"\nsilence = "aucun"\n${reglages}`);
  const environment = { ...process.env, ...env };
  const run = (args, input = '') => {
    const done = spawnSync(PROGRAM, ['--reglages', file, ...args], { input, encoding: 'utf8', cwd: dossier, env: environment });
    if (done.status !== 0) throw new Error(`maillage ${args.join(' ')}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  run(['cles', 'creer', join(dossier, 'maillage.cles')]);
  run(['territoire', 'creer', '--slug', SLUG, '--nom', 'Brenne', '--commune', '36173', ...ligne]);
  for (const [courriel, role] of Object.entries(comptes)) {
    run(['compte', 'creer', '--courriel', courriel, '--nom', courriel.split('@')[0], '--role', role], `${MOT_DE_PASSE}\n`);
  }
  const serve = () => watchProgram(spawn(PROGRAM, ['--reglages', file, 'servir'], { cwd: dossier, env: environment, stdio: ['ignore', 'pipe', 'pipe'] }));
  let program = await serve();
  const stop = async () => {
    await program.stop();
    rmSync(dossier, { recursive: true, force: true });
  };
  /** As a power cut would: the program dies where it is, and starts again. */
  const cut = async () => {
    process.kill(program.pid, 'SIGKILL');
    await program.stop();
    program = await serve();
  };
  return { ...program, stop, cut, run, dossier };
}

/** Signs in with both proofs: `telephones` keeps the key of each account, given by the page the first time. */
export async function enter(base, courriel, telephones, now = Date.now()) {
  const session = await signIn(base, SLUG, courriel);
  const page = `${base}/${SLUG}/equipe/second-facteur`;
  const html = await (await ask(page, { headers: { cookie: session } })).text();
  const key = telephones.get(courriel) ?? /<code[^>]*>([A-Z2-7 ]+)<\/code>/.exec(html)[1];
  telephones.set(courriel, key);
  const propose = /name="propose" value="([^"]+)"/.exec(html)?.[1] ?? '';
  const proved = await send(page, { code: codeOf(key, now), propose, suite: '' }, session);
  if (proved.status >= 400) throw new Error(`the second proof of ${courriel} answered ${proved.status}`);
  return proved.headers.getSetCookie()[0]?.split(';')[0] ?? session;
}
