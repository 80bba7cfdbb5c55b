// Maps as people use them: drawn by WebGL here, a drawing where there is none, read with the keyboard, taken away as an image or on paper.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { checkPage } from './accessible.mjs';
import { openNavigateur, openProfil, watch } from './navigateur.mjs';
import { TERRITOIRE } from './pages.mjs';
import { ask, signIn, startServeur } from './serveur.mjs';

const WITHIN = { timeout: 180_000 };
/** WebGL by the processor: containers have no graphic card. */
const AVEC_GL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const SANS_GL = ['--disable-3d-apis'];
const EQUIPE = `/${TERRITOIRE}/equipe/annuaire`;
/** Nobody in the demo does this: every commune is hatched. */
const ZONES = `${EQUIPE}/zones-blanches?besoin=garde-nuit`;
const HACHURE = [0x8a, 0x5a, 0x00];

let serveur, session, service;
const opened = [];

before(async () => {
  serveur = await startServeur();
  session = await signIn(serveur.base, TERRITOIRE);
  const orientation = await (await ask(`${serveur.base}/${TERRITOIRE}/orientation/36173/portage-repas`)).text();
  const structure = new RegExp(`href="(/${TERRITOIRE}/structures/[^"]+)"`).exec(orientation)[1];
  service = /services\/([^/"]+)\/communes/.exec(await (await ask(serveur.base + structure)).text())[1];
}, { timeout: 120_000 });

after(async () => {
  for (const navigateur of opened) await navigateur.close();
  await serveur?.stop();
});

async function open(flags, options = {}) {
  const navigateur = await openNavigateur(flags);
  opened.push(navigateur);
  return (await openProfil(navigateur, serveur.base, { session, ...options })).newPage();
}

const isVisible = (page, selector) => page.locator(selector).first().isVisible();

/** How many pixels of an image are of this colour, or nearly: counted by the browser, which reads PNG. */
function countPixels(page, png, [red, green, blue]) {
  return page.evaluate(async ([base64, wanted]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    let found = 0;
    for (let at = 0; at < data.length; at += 4) if (wanted.every((value, rank) => Math.abs(data[at + rank] - value) < 24)) found += 1;
    return { found, width: image.width, height: image.height };
  }, [png.toString('base64'), [red, green, blue]]);
}

test('the three maps are drawn, without a refusal of the security policy nor a request elsewhere, and axe finds nothing', WITHIN, async () => {
  const page = await open(AVEC_GL);
  const faults = watch(page);
  for (const path of [ZONES, `${EQUIPE}/commune?ou=36173`, `${EQUIPE}/services/${service}/communes`]) {
    await page.goto(serveur.base + path);
    await page.locator('.est-vivante').waitFor();
    assert.equal(await isVisible(page, '.carte-annuaire > svg'), false, path);
    await checkPage(page, path);
  }
  assert.deepEqual(faults, []);
});

test('what the map draws is the hatches of nobody, and a keyboard reads what is in the middle', WITHIN, async () => {
  const page = await open(AVEC_GL);
  await page.goto(serveur.base + ZONES);
  await page.locator('.est-vivante').waitFor();
  await page.waitForTimeout(500);
  const drawn = await countPixels(page, await page.locator('.toile').screenshot(), HACHURE);
  assert.ok(drawn.found > 2_000, `${drawn.found} hatched pixels`);
  await page.locator('.toile canvas').focus();
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => /: personne$/.test(document.querySelector('.lecture')?.textContent ?? ''));
  assert.equal(await page.locator('.lecture').getAttribute('aria-live'), 'polite');
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual([await isVisible(page, '.carte-annuaire > svg'), await isVisible(page, '.toile')], [true, false], 'paper has the drawing');
});

test('without WebGL the drawing stays, the engine is not fetched, and the image still comes', WITHIN, async () => {
  const page = await open(SANS_GL);
  const faults = watch(page);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(serveur.base + ZONES);
  const button = page.getByRole('button', { name: 'Image PNG' });
  await button.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const png = readFileSync(await download.path());
  const image = await countPixels(page, png, HACHURE);
  assert.ok(image.width === 2_000 && image.found > 20_000, JSON.stringify(image));
  assert.match(download.suggestedFilename(), /^zones-blanches-garde-de-nuit\.png$/);
  assert.equal(await isVisible(page, '.carte-annuaire > svg'), true);
  assert.deepEqual([asked.filter((url) => url.includes('maplibre')), faults], [[], []]);
});

test('without a script there are the drawing, the table and the paper, and no button that does nothing', WITHIN, async () => {
  const page = await open([], { script: false });
  await page.goto(serveur.base + ZONES);
  assert.equal(await isVisible(page, '.carte-annuaire > svg'), true);
  assert.equal(await page.getByRole('row').count(), 57, '56 communes and their titles');
  assert.equal(await page.getByRole('button', { name: /Imprimer|PNG/ }).count(), 0);
  const href = await page.getByRole('link', { name: 'Document PDF' }).getAttribute('href');
  const paper = await ask(new URL(href, serveur.base).href, { headers: { cookie: session } });
  assert.equal(paper.headers.get('content-type'), 'application/pdf');
  assert.match(Buffer.from(await paper.arrayBuffer()).toString('latin1'), /^%PDF-1\.7[\s\S]*pdfuaid:part/);
});
