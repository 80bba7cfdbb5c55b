// Bundles src/ into dist/, which the binary embeds. File names stay the same: the server adds the hash.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
// The first page of a resident must stay under 60 kB, on a slow line: what may weigh says so here.
const limits = { 'site.css': 14_000, 'site.js': 3_000 };

rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ['src/site.css', 'src/equipe.css', 'src/site.ts', 'src/equipe.ts'],
  outdir: 'dist',
  bundle: true,
  minify: true,
  target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
  loader: { '.woff2': 'file' },
  assetNames: '[name]',
  legalComments: 'none',
  logLevel: 'warning',
});

for (const name of readdirSync(`${here}dist`)) {
  const { size } = statSync(`${here}dist/${name}`);
  console.log(`${name} ${size}`);
  if (size > (limits[name] ?? Infinity)) {
    console.error(`${name} weighs ${size} bytes, ${limits[name]} at most`);
    process.exitCode = 1;
  }
}
