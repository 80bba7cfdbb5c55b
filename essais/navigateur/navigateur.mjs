// A real Chromium, and what it says when a page goes wrong.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';
// Containers have no user namespaces; the rest keeps the browser from calling anybody.
const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const ANSWER_WITHIN = 15_000;

/** `more`: how this browser draws, for the maps. */
export function openNavigateur(more = []) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run \`cargo xtask setup\`, or give CHROMIUM`);
  return chromium.launch({ executablePath: PROGRAM, args: [...FLAGS, ...more] });
}

/** A browser profile of its own: `session` is the cookie of a team. */
export async function openProfil(navigateur, base, { largeur = 1366, hauteur = 768, session, script = true } = {}) {
  const profil = await navigateur.newContext({
    viewport: { width: largeur, height: hauteur }, locale: 'fr-FR', timezoneId: 'Europe/Paris',
    javaScriptEnabled: script, reducedMotion: 'reduce',
  });
  profil.setDefaultTimeout(ANSWER_WITHIN);
  if (session) await keepSession(profil, base, session);
  return profil;
}

/** Gives a browser the cookie of a session, as the sign-in page does; it replaces the one before. */
export function keepSession(profil, base, session) {
  const [name, value] = session.split('=');
  // A secure cookie is kept for https, and sent to this very machine without it.
  const url = base.replace('http:', 'https:');
  return profil.addCookies([{ name, value, url, httpOnly: true, secure: true, sameSite: 'Lax' }]);
}

/** Collects what a page must never do: errors of scripts, refusals by the security policy, alerts, requests elsewhere. */
export function watch(page) {
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error of a script: ${error.message}`));
  page.on('dialog', (dialog) => (faults.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on('console', (message) => {
    // A page of an error is answered with its status: the browser says so of the page itself.
    const isPage = message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    if (message.type() === 'error' && !isPage) faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const host = new URL(request.url()).hostname;
    if (!/^(127\.0\.0\.1|)$/.test(host)) faults.push(`request elsewhere: ${request.url()}`);
  });
  return faults;
}
