// Every page at three widths, to be looked at: `node captures.mjs [FOLDER]`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openNavigateur, openProfil } from './navigateur.mjs';
import { TERRITOIRE, listPages, openPage } from './pages.mjs';
import { signIn, startServeur } from './serveur.mjs';

const LARGEURS = [390, 768, 1366];
const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../../captures', import.meta.url)));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const serveur = await startServeur();
const navigateur = await openNavigateur();
try {
  const session = await signIn(serveur.base, TERRITOIRE);
  const pages = await listPages(serveur.base, session);
  const images = [];
  for (const largeur of LARGEURS) {
    const profil = await openProfil(navigateur, serveur.base, { largeur, session });
    for (const one of pages) images.push(await capture(profil, one, largeur));
    await profil.close();
  }
  writeFileSync(`${folder}/index.html`, drawIndex(pages, images));
  console.log(`${images.length} captures of ${pages.length} pages: ${folder}/index.html`);
} finally {
  await navigateur.close();
  await serveur.stop();
}

/** The whole page; but the call screen on a desk as it is seen, for all of it must fit. */
async function capture(profil, one, largeur) {
  const page = await profil.newPage();
  await openPage(page, serveur.base, one);
  await page.evaluate(() => document.fonts.ready);
  const fichier = `${one.nom}-${largeur}.png`;
  await page.screenshot({ path: `${folder}/${fichier}`, fullPage: !(one.nom.startsWith('appel') && largeur === 1366) });
  await page.close();
  return { nom: one.nom, largeur, fichier };
}

function drawIndex(pages, images) {
  const figure = ({ nom, largeur, fichier }) =>
    `<figure><a href="${fichier}"><img loading="lazy" src="${fichier}" alt="${nom}, ${largeur} pixels"></a><figcaption>${largeur} px</figcaption></figure>`;
  const section = ({ nom, chemin }) =>
    `<section><h2>${nom}</h2><p><code>${chemin.replaceAll('&', '&amp;')}</code></p><div>${images.filter((image) => image.nom === nom).map(figure).join('')}</div></section>`;
  return `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Captures de Maillage</title>
<style>body{font-family:sans-serif;margin:2rem}div{display:flex;gap:1rem;align-items:start}img{max-height:32rem;max-width:30vw;border:1px solid #999}figure{margin:0}</style>
<h1>Captures de Maillage</h1>${pages.map(section).join('\n')}</html>`;
}
