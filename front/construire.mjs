// Bundles src/ into dist/, which the binary embeds. File names stay the same: the server adds the hash.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
// The first page of a resident must stay under 60 kB, on a slow line: what may weigh says so here.
const limits = { 'site.css': 14_100, 'site.js': 3_000, 'cartes.css': 3_000, 'cartes.js': 10_000 };

rmSync(`${here}dist`, { recursive: true, force: true });
const common = {
  absWorkingDir: here,
  outdir: 'dist',
  bundle: true,
  minify: true,
  target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
  loader: { '.woff2': 'file' },
  assetNames: '[name]',
  legalComments: 'none',
  logLevel: 'warning',
};
await build({ ...common, entryPoints: ['src/site.css', 'src/equipe.css', 'src/site.ts', 'src/equipe.ts'] });
// Maps: the page's own script is small; the engine and its worker are fetched by it, and only where they can draw.
await build({
  ...common,
  format: 'esm',
  entryPoints: [
    'src/cartes.css', 'src/cartes.ts', 'src/maplibre.css', 'src/maplibre.ts',
    { in: 'maplibre-gl/dist/maplibre-gl-worker.mjs', out: 'maplibre-ouvrier' },
  ].map((one) => (typeof one === 'string' ? { in: one, out: one.replace(/^src\/|\.\w+$/g, '') } : one)),
});

for (const name of readdirSync(`${here}dist`)) {
  const { size } = statSync(`${here}dist/${name}`);
  console.log(`${name} ${size}`);
  if (size > (limits[name] ?? Infinity)) {
    console.error(`${name} weighs ${size} bytes, ${limits[name]} at most`);
    process.exitCode = 1;
  }
}
