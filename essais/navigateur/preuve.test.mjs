// The form that anybody can send: with a script the browser shows by itself that somebody is there; without one it still goes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openNavigateur, openProfil, watch } from './navigateur.mjs';
import { fillDemande, sendTrapped } from './pages.mjs';
import { startServeur } from './serveur.mjs';

const LAISSER = '/brenne/demandes/nouvelle?commune=36173&besoin=portage-repas';
const ENVOYER = 'Envoyer ma demande';
/** What the rules wait for when no sum was done, and how many they then take in an hour. */
const DELAI = 3_100;
const SANS_PREUVE = 6;
const WITHIN = { timeout: 90_000 };

let serveur, navigateur, voisins = 0;

before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
}, { timeout: 90_000 });

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

/** A browser behind an address of its own: this machine itself is not counted. */
async function asVoisin(script, play) {
  voisins += 1;
  const profil = await openProfil(navigateur, serveur.base, { largeur: 390, script });
  await profil.setExtraHTTPHeaders({ 'x-forwarded-for': `203.0.113.${voisins}` });
  const faults = [];
  const open = async () => {
    const page = await profil.newPage();
    faults.push(watch(page));
    await page.goto(serveur.base + LAISSER);
    return page;
  };
  await play(open);
  await profil.close();
  assert.deepEqual(faults.flat(), []);
}

const isThanked = (page) => page.getByRole('link', { name: 'Voir ma demande' }).waitFor();

async function send(page) {
  await fillDemande(page);
  await page.getByRole('button', { name: ENVOYER }).click();
}

test('with a script the sum is done in the background, and a form sent at once is taken', WITHIN, () =>
  asVoisin(true, async (open) => {
    for (let turn = 0; turn < SANS_PREUVE + 2; turn += 1) {
      const page = await open();
      await send(page);
      await isThanked(page);
    }
    const page = await open();
    const start = performance.now();
    await page.waitForFunction(() => document.querySelector('input[name=preuve]').value !== '');
    console.log(`preuve: the sum is done ${Math.round(performance.now() - start)} ms after the page`);
    const sum = await page.locator('input[name=preuve]').inputValue();
    const defi = await page.locator('input[name=defi]').inputValue();
    await send(page);
    await isThanked(page);
    const again = await open();
    await again.evaluate(([d, p]) => {
      document.querySelector('input[name=defi]').value = d;
      document.querySelector('input[name=preuve]').value = p;
    }, [defi, sum]);
    await send(again);
    // The same sum a second time, within three seconds: it is as if none had been done.
    await again.getByRole('alert').getByText('relisez ce que vous avez écrit').waitFor();
    await again.getByRole('button', { name: ENVOYER }).click();
    await isThanked(again);
  }));

test('a form sent before the sum is done leaves by itself when it is', WITHIN, () =>
  asVoisin(true, async (open) => {
    const page = await open();
    await page.evaluate(() => {
      document.querySelector('input[name=rappel_telephone]').value = '0254370001';
      document.querySelector('input[name=consentement]').checked = true;
    });
    await page.getByRole('button', { name: ENVOYER }).dblclick({ noWaitAfter: true });
    await isThanked(page);
  }));

test('without a script nothing typed is lost: not within three seconds, six in an hour, then the page says when', WITHIN, () =>
  asVoisin(false, async (open) => {
    const first = await open();
    await send(first);
    await first.getByRole('alert').getByText('relisez ce que vous avez écrit').waitFor();
    assert.equal(await first.getByLabel('Votre nom').inputValue(), 'Mme Élodie d’Aubépine');
    assert.ok(await first.getByLabel(/J’accepte que/).isChecked());
    const pages = [first];
    while (pages.length <= SANS_PREUVE) pages.push(await open());
    await first.waitForTimeout(DELAI);
    await first.getByRole('button', { name: ENVOYER }).click();
    await isThanked(first);
    for (const page of pages.slice(1, SANS_PREUVE)) {
      await send(page);
      await isThanked(page);
    }
    const last = pages.at(-1);
    await send(last);
    await last.getByRole('alert').getByText(/recommencez à \d+.h.*, ou appelez la ligne/).waitFor();
    assert.equal(await last.getByLabel('Votre téléphone').inputValue(), '02 54 37 00 01');
  }));

test('the field that only programs fill is shown to nobody, and read to nobody', WITHIN, async () => {
  for (const script of [true, false]) {
    await asVoisin(script, async (open) => {
      const page = await open();
      const trap = page.locator('input[name=site_web]');
      assert.equal(await trap.isVisible(), false);
      assert.equal(await page.getByRole('textbox', { name: 'Laissez cette case vide' }).count(), 0, 'it is not in what screen readers read');
      assert.equal(await page.locator('[name=preuve]:visible, [name=defi]:visible').count(), 0);
    });
  }
  await asVoisin(true, async (open) => sendTrapped(await open()));
});
