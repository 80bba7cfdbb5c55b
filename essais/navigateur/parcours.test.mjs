// What people come to do, from end to end, in a real browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Clavier } from './clavier.mjs';
import { openNavigateur, openProfil, watch } from './navigateur.mjs';
import { FICHIER_CORRIGE, FICHIER_REFUSE, sendFichier } from './pages.mjs';
import { ADMINISTRATION, MOT_DE_PASSE, ask, leave, reach, signIn, startServeur } from './serveur.mjs';

const FRAPPES_MAXIMUM = 25;
const SECONDES_MAXIMUM = 30;
const WITHIN = { timeout: 90_000 };

let serveur, navigateur, session, ici;

before(async () => {
  serveur = await startServeur();
  navigateur = await openNavigateur();
  session = await signIn(serveur.base, 'brenne');
  ici = `${serveur.base}/brenne`;
}, { timeout: 90_000 });

after(async () => {
  await navigateur?.close();
  await serveur?.stop();
});

/** A resident with a page of their own; `play` tells the story, the browser must complain of nothing. */
async function asHabitant(options, play) {
  const profil = await openProfil(navigateur, serveur.base, { largeur: 390, ...options });
  const page = await profil.newPage();
  const faults = watch(page);
  await play(page, profil);
  await profil.close();
  assert.deepEqual(faults, []);
}

const asEquipier = (play) => asHabitant({ largeur: 1366, session }, play);

const heading = (page) => page.getByRole('heading', { level: 1 });

/** How many demandes the team's list shows with these filters. */
async function countDemandes(query) {
  const page = await (await ask(`${ici}/equipe/demandes?${query}`, { headers: { cookie: session } })).text();
  const found = /<p>(?:(\d[\d\s\u202f\u00a0]*)|Aucune|Une)[^<]*demande/.exec(page.slice(page.indexOf('<h1')));
  assert.ok(found, 'the list of demandes says how many there are');
  return Number((found[1] ?? '0').replace(/\D/g, ''));
}

test('a resident finds who to call, with the keyboard only and without a script', WITHIN, () =>
  asHabitant({ script: false }, async (page) => {
    await page.goto(ici);
    const clavier = new Clavier(page);
    await clavier.tabTo(page.getByLabel('Où habitez-vous'));
    await clavier.type('rosnay');
    await clavier.press('Tab');
    await clavier.type('portage de repas');
    await clavier.press('Enter');
    await page.waitForURL(/\/orientation\/36173\/portage-repas/);
    await assertHeading(page, /^Repas livrés à domicile à Rosnay$/);
    const telephone = page.getByRole('main').getByRole('link', { name: /^Appeler .* au/ }).first();
    assert.match(await telephone.getAttribute('href'), /^tel:\+?\d{10,}$/);
    await clavier.tabTo(telephone);
    assert.ok((await page.getByRole('listitem').filter({ hasText: /km|Rosnay/ }).count()) > 0, 'each proposal says why');
  }));

/** The page says this within ten seconds: a form sent with Enter leaves the heading of before for a moment. */
async function assertHeading(page, expected) {
  await heading(page).filter({ hasText: expected }).waitFor({ timeout: 10_000 }).catch(() => {});
  assert.match((await heading(page).innerText()).replace(/\s+/g, ' '), expected);
}

test('a place that could be several is asked again, and the choice leads to the answer', WITHIN, () =>
  asHabitant({ script: false }, async (page) => {
    await page.goto(ici);
    await page.getByLabel('Où habitez-vous').fill('saint');
    await page.getByLabel('De quoi avez-vous besoin').fill('portage de repas');
    await page.getByRole('button', { name: 'Voir qui peut m’aider' }).click();
    await page.getByRole('heading', { name: /De quelle commune parlez-vous/ }).waitFor();
    assert.equal(await page.getByLabel('Où habitez-vous').inputValue(), 'saint');
    const choix = page.getByRole('status').getByRole('link');
    assert.ok((await choix.count()) > 1, 'several communes are offered');
    const nom = (await choix.first().locator('strong').innerText()).replace(/ \(.*\)$/, '');
    await choix.first().click();
    await page.waitForURL(/\/orientation\/\d{5}\/portage-repas/);
    await assertHeading(page, new RegExp(`Repas livrés à domicile à ${nom.trim()}`));
  }));

test('a resident leaves a demande: a mistake keeps what was typed, and a double click leaves it once', WITHIN, async () => {
  const before = await countDemandes('issue=nouvelle');
  await asHabitant({}, async (page) => {
    await page.goto(`${ici}/orientation/36173/portage-repas`);
    await page.getByRole('link', { name: 'Laisser ma demande' }).click();
    await page.getByLabel('Dites-en plus').fill('Le midi, <b>sans sel</b>, pour l’été');
    await page.getByLabel('Votre nom').fill('Zoé D’Haußonville-Çelik');
    await page.getByLabel('Votre téléphone').fill('02 54');
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
    await page.getByText('La demande n’est pas encore envoyée').waitFor();
    assert.equal(await page.getByLabel('Dites-en plus').inputValue(), 'Le midi, <b>sans sel</b>, pour l’été');
    assert.equal(await page.getByLabel('Votre nom').inputValue(), 'Zoé D’Haußonville-Çelik');
    assert.equal(await page.getByLabel('Votre téléphone').inputValue(), '02 54');
    const erreur = page.getByRole('alert').getByRole('link').first();
    await erreur.click();
    assert.match(await page.evaluate(() => document.activeElement.id), /rappel_telephone|consentement/, 'an error leads to its field');
    await page.getByLabel('Votre téléphone').fill('02 54 37 00 00');
    await page.getByLabel(/J’accepte que/).check();
    await page.getByRole('button', { name: 'Envoyer ma demande' }).dblclick();
    await page.waitForURL(/\/demandes\/merci/);
    await page.waitForLoadState();
    assert.match(await page.getByRole('status').innerText(), /Elle porte le numéro \d+/);
  });
  assert.equal(await countDemandes('issue=nouvelle'), before + 1);
});

test('the same demande sent twice at once, without a script, is one demande with one number', WITHIN, async () => {
  const before = await countDemandes('issue=nouvelle');
  await asHabitant({ script: false }, async (page) => {
    await page.goto(`${ici}/demandes/nouvelle?commune=36173&besoin=menage`);
    const cle = await page.locator('input[name=cle]').getAttribute('value');
    const fields = { cle, commune: '36173', besoin: 'menage', rappel_telephone: '0254370001', consentement: 'oui' };
    const twice = [1, 2].map(() => leave(serveur.base, 'brenne', fields));
    const [first, second] = await Promise.all(twice);
    assert.equal(first.status, 303);
    assert.equal(first.headers.get('location'), second.headers.get('location'));
  });
  assert.equal(await countDemandes('issue=nouvelle'), before + 1);
});

let numero;

test('a call is recorded with the keyboard only, in few keys and little time', { timeout: 120_000 }, () =>
  asEquipier(async (page) => {
    await page.goto(`${ici}/equipe/appel`);
    const clavier = new Clavier(page, true);
    const started = performance.now();
    await clavier.type('rosnay');
    await clavier.press('Tab');
    await clavier.type('portage de repas');
    await page.locator('#propositions').getByText(/Cochez ce qui est donné/).waitFor();
    await clavier.press('Alt+1');
    // The person, from the outcome backwards: the nearest way without a mouse.
    await clavier.press('Alt+o');
    for (const letter of ['c', 'u', '7', 's']) {
      await clavier.press('Shift+Tab');
      await clavier.press(letter);
    }
    await clavier.press('Alt+n');
    await clavier.type('Préfère le midi, sans sel');
    await clavier.press('Control+Enter');
    const said = page.getByRole('status').filter({ hasText: /enregistrée/ });
    await said.waitFor();
    const seconds = (performance.now() - started) / 1000;
    console.log(`a call: ${clavier.frappes} keys beyond the words (${clavier.touches.join(' ')}), ${seconds.toFixed(1)} s at sixty words a minute`);
    numero = /n°\s*(\d+)/.exec(await said.innerText())[1];
    assert.ok(clavier.frappes <= FRAPPES_MAXIMUM, `${clavier.frappes} keys`);
    assert.ok(seconds < SECONDES_MAXIMUM, `${seconds} s`);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'ou', 'the next call starts without a click');
    await openDemande(page);
    const fiche = await page.getByRole('main').innerText();
    for (const kept of ['Repas livrés à domicile', 'Rosnay', 'Préfère le midi, sans sel', '75 à 84 ans', 'une femme', 'son père ou sa mère', 'cette semaine']) {
      assert.ok(fiche.includes(kept), `« ${kept} » is kept; the page says:\n${fiche}`);
    }
    assert.ok(await page.getByRole('radio', { name: 'orientée' }).isChecked(), 'a structure given means « orientée »');
    assert.ok((await page.getByRole('row', { name: /oui$/ }).count()) === 1, 'the structure given is marked');
  }));

/** From the list, as a person would. */
async function openDemande(page) {
  await page.goto(`${ici}/equipe/demandes`);
  await page.getByRole('link', { name: new RegExp(`^Demande ${numero}$`) }).click();
  await assertHeading(page, new RegExp(`Demande n° ${numero}`));
}

test('a demande is found in the list and its outcome changed; of two tabs, the second is told', WITHIN, () =>
  asEquipier(async (page, profil) => {
    assert.ok(numero, 'a call has been recorded before');
    await openDemande(page);
    const other = await profil.newPage();
    const faults = watch(other);
    await other.goto(page.url());
    await page.getByRole('radio', { name: 'sans solution' }).check();
    await page.getByRole('button', { name: 'Enregistrer l’issue' }).click();
    assert.match(await page.getByRole('alert').innerText(), /pourquoi il n’y a pas de solution/);
    await page.getByRole('radio', { name: 'sans solution' }).check();
    await page.getByLabel(/sans solution, pourquoi/).selectOption('trop cher');
    await page.getByRole('button', { name: 'Enregistrer l’issue' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/issue'));
    assert.ok(await page.getByRole('radio', { name: 'sans solution' }).isChecked());
    await other.getByRole('radio', { name: 'à rappeler' }).check();
    await other.getByRole('button', { name: 'Enregistrer l’issue' }).click();
    await other.getByRole('alert').waitFor();
    assert.ok(await other.getByRole('radio', { name: 'sans solution' }).isChecked(), 'the second tab sees what the first one wrote');
    await page.goto(`${ici}/equipe/demandes?issue=sans_solution`);
    assert.match(await page.getByRole('row', { name: new RegExp(`Demande ${numero} `) }).innerText(), /trop cher/);
    assert.deepEqual(faults, []);
  }));

test('another meaning picked in the call screen changes the proposals, by script and without', WITHIN, async () => {
  for (const script of [true, false]) {
    await asHabitant({ largeur: 1366, session, script }, async (page) => {
      await page.goto(`${ici}/equipe/appel`);
      await page.locator('#ou').fill('saint');
      await page.locator('#quoi').fill('portage de repas');
      if (!script) await page.getByRole('button', { name: 'Proposer' }).click();
      const communes = page.getByRole('group', { name: 'Commune comprise' }).getByRole('radio');
      await communes.nth(1).waitFor();
      await page.locator('#propositions ol').first().waitFor();
      const before = await page.locator('#propositions ol').first().innerText();
      await communes.nth(1).check();
      if (!script) await page.getByRole('button', { name: 'Proposer' }).click();
      await page.waitForFunction((was) => document.querySelector('#propositions ol')?.innerText !== was, before);
      assert.ok(await communes.nth(1).isChecked(), 'the choice is kept');
    });
  }
});

test('a file with mistakes is refused line by line, and once mended its service is in the answer to residents', WITHIN, () =>
  asEquipier(async (page) => {
    const send = async (name, content) => {
      await page.goto(`${ici}/equipe/annuaire`);
      await page.getByRole('link', { name: 'Importer un fichier' }).click();
      await page.getByLabel('Fichier', { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
      await page.getByRole('button', { name: 'Vérifier' }).click();
    };
    await send('essai.csv', FICHIER_REFUSE);
    await page.getByText('Rien n’a été importé').waitFor();
    const row = async (ligne) => (await page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: String(ligne), exact: true }) }).allInnerTexts()).join('\n');
    assert.match(await row(3), /code_insee\s+36999/);
    assert.match(await row(4), /besoins\s+voyages-sur-mars/);
    assert.match(await row(5), /telephone\s+douze/);
    assert.match(await row(5), /mode\s+en_fusee/);
    assert.equal(await row(2), '', 'the good line is not accused');
    await page.goto(`${ici}/equipe/annuaire?q=Roses`);
    await page.getByText('Aucune structure ne porte ce nom').waitFor();
    await send('<img src=x onerror=alert(1)>.csv', FICHIER_CORRIGE);
    await page.getByRole('button', { name: /^Importer 2 services/ }).click();
    await page.getByRole('link', { name: 'Voir l’annuaire' }).click();
    await page.getByLabel('Nom de la structure').fill('roses');
    await page.getByRole('button', { name: 'Chercher' }).click();
    await page.getByRole('link', { name: 'Les Roses <b>Trémières</b>', exact: true }).click();
    await assertHeading(page, /^Les Roses <b>Trémières<\/b>$/);
    await page.goto(`${ici}/orientation?ou=rosnay&quoi=garde+de+nuit`);
    const carte = page.getByRole('listitem').filter({ hasText: 'Les Roses <b>Trémières</b>' }).first();
    assert.match(await carte.innerText(), /Garde de nuit aux <script>alert\(1\)<\/script> étangs/);
    await page.goto(`${ici}/equipe/appel`);
    await page.locator('#ou').fill('rosnay');
    await page.locator('#quoi').fill('garde de nuit');
    await page.locator('#propositions').getByText('<script>alert(1)</script>').first().waitFor();
  }));

test('the lines of a file from Windows are counted as a spreadsheet counts them', WITHIN, async () => {
  const path = await sendFichier(serveur.base, session, FICHIER_REFUSE.replaceAll('\n', '\r\n'));
  const page = await (await ask(serveur.base + path, { headers: { cookie: session } })).text();
  assert.match(page, /<th scope="row"[^>]*>3<\/th><td>code_insee<\/td><td>36999<\/td>/);
});

test('what somebody writes is shown as text and never runs', WITHIN, async () => {
  const wicked = '<script>alert(1)</script><b>gras</b><img src=x onerror=alert(2)>';
  await asHabitant({}, async (page) => {
    await page.goto(`${ici}/demandes/nouvelle?commune=36173&besoin=menage`);
    await page.getByLabel('Dites-en plus').fill(wicked);
    await page.getByLabel('Votre nom').fill(wicked);
    await page.getByLabel('Quand vous rappeler').fill(wicked);
    await page.getByLabel('Votre téléphone').fill('02 54 37 00 02');
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
    assert.equal(await page.getByLabel('Votre nom').inputValue(), wicked);
    await page.getByLabel(/J’accepte que/).check();
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
    await page.waitForURL(/\/demandes\/merci/);
    await page.goto(`${ici}/orientation?ou=${encodeURIComponent(wicked)}&quoi=${encodeURIComponent(wicked)}`);
    assert.equal(await page.getByLabel('Où habitez-vous').inputValue(), wicked);
  });
  await asEquipier(async (page) => {
    await page.goto(`${ici}/equipe/demandes?issue=nouvelle`);
    await page.getByRole('link', { name: /^Demande \d/ }).first().click();
    for (const term of ['Note', 'Nom', 'Quand']) {
      const value = page.locator('dt', { hasText: new RegExp(`^${term}$`) }).locator('+ dd');
      assert.equal(await value.innerText(), wicked);
      assert.equal(await value.locator('*').count(), 0, `${term} holds no element`);
    }
    await page.goto(`${ici}/equipe/appel?ou=${encodeURIComponent(wicked)}&quoi=${encodeURIComponent(wicked)}&note=${encodeURIComponent(wicked)}`);
    assert.equal(await page.locator('#note').inputValue(), wicked);
  });
});

test('somebody is invited, chooses a password, takes calls, and is closed out at once', WITHIN, () =>
  asHabitant({ largeur: 1366 }, async (page, profil) => {
    await page.goto(`${ici}/equipe/comptes`);
    await page.getByLabel('Adresse électronique').fill(ADMINISTRATION);
    await page.getByLabel('Mot de passe').fill(MOT_DE_PASSE);
    await page.keyboard.press('Enter');
    await assertHeading(page, /^Comptes$/);
    await page.getByLabel('Nom').fill('Élodie d’Aubépine');
    await page.getByLabel('Adresse électronique').fill('elodie@example.org');
    await page.getByLabel('télé-conseil').check();
    await page.getByRole('button', { name: 'Inviter' }).click();
    const lien = reach(serveur.base, await page.getByRole('status').getByRole('link').getAttribute('href'));
    const compte = await page.locator('form[action$="/roles"]').getAttribute('action');

    const other = await openProfil(navigateur, serveur.base, {});
    const elle = await other.newPage();
    await elle.goto(lien);
    await elle.getByLabel('Mot de passe').fill('elodie elodie elodie');
    await elle.getByRole('button', { name: 'Choisir et me connecter' }).click();
    await elle.getByText(/qui se devine/).waitFor();
    await elle.getByLabel('Mot de passe').fill('tuile bleue vieille');
    await elle.getByRole('button', { name: 'Choisir et me connecter' }).click();
    await assertHeading(elle, /^Demandes$/);
    assert.deepEqual(await elle.locator('nav.menu li').allInnerTexts(), ['Prendre un appel', 'File d’attente', 'Guichet', 'Demandes', 'Sans solution', 'Chiffres', 'Annuaire']);
    assert.equal((await elle.goto(lien)).status(), 404, 'the link served once');
    assert.equal((await elle.goto(`${ici}/equipe/comptes`)).status(), 403);

    await page.goto(serveur.base + compte.replace(/\/roles$/, ''));
    await page.getByRole('button', { name: 'Désactiver' }).click();
    await page.getByText('désactivé').first().waitFor();
    await elle.goto(`${ici}/equipe/appel`);
    await assertHeading(elle, /Connexion de l’équipe/);
    await other.close();
    await page.goto(`${ici}/equipe/journal`);
    const acts = await page.locator('tbody tr').allInnerTexts();
    assert.match(acts[0], /Administration de démonstration.*désactivation/s);
    assert.match(acts[1], /Élodie d’Aubépine.*choix du mot de passe/s);
    assert.match(acts[2], /Administration de démonstration.*invitation.*télé-conseil/s);
    assert.equal((await profil.cookies()).find(({ name }) => name.startsWith('__Host-')).secure, true);
  }));

test('the session of one territoire opens nothing of another', WITHIN, () =>
  asEquipier(async (page) => {
    const la = `${serveur.base}/val-de-drome/equipe`;
    await page.goto(`${la}/demandes`);
    await assertHeading(page, /Connexion de l’équipe/);
    const stolen = await ask(`${la}/demandes`, { headers: { cookie: session } });
    assert.equal(stolen.status, 303, 'even when the cookie is sent by force');
    assert.match(stolen.headers.get('location'), /^\/val-de-drome\/connexion/);
    const drome = await signIn(serveur.base, 'val-de-drome');
    const list = await (await ask(`${la}/demandes`, { headers: { cookie: drome } })).text();
    const id = /\/val-de-drome\/equipe\/demandes\/([0-9a-f-]{8,})"/.exec(list)[1];
    const own = await ask(`${la}/demandes/${id}`, { headers: { cookie: drome } });
    assert.equal(own.status, 200);
    const answer = await page.goto(`${ici}/equipe/demandes/${id}`);
    assert.equal(answer.status(), 404);
    await assertHeading(page, /introuvable|n’existe pas/i);
    const write = await ask(`${ici}/equipe/demandes/${id}/issue`, {
      method: 'POST', headers: { cookie: session }, body: new URLSearchParams({ issue: 'information', version: '1' }),
    });
    assert.equal(write.status, 404);
  }));
