// The clock of a program under trial, moved while it lives: Debian's libfaketime reads a file again each time the hour is asked for.
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BIBLIOTHEQUE = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;

/** `env` is what the program needs; `set` takes an hour with its distance to Greenwich; from there, the seconds pass as they do here. */
export function startHorloge(start) {
  const library = process.env.FAKETIME_LIB ?? BIBLIOTHEQUE;
  if (!existsSync(library)) throw new Error(`${library} is missing: run \`cargo xtask setup\`, or give FAKETIME_LIB`);
  const dossier = mkdtempSync(join(tmpdir(), 'maillage-horloge-'));
  const file = join(dossier, 'ecart');
  let ecart = 0;
  const set = (hour) => {
    ecart = Math.ceil((Date.parse(hour) - Date.now()) / 1_000);
    // In one go: the program reads it at any moment.
    writeFileSync(`${file}.neuf`, `${ecart < 0 ? '' : '+'}${ecart}\n`);
    renameSync(`${file}.neuf`, file);
  };
  set(start);
  // What waits keeps the real pace: only the date moves.
  const env = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' };
  return { env, set, now: () => Date.now() + ecart * 1_000, stop: () => rmSync(dossier, { recursive: true, force: true }) };
}
