// What a page must be for everybody, wherever a trial meets it: nothing that axe refuses, nothing to scroll sideways for.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Evaluated rather than added: the security policy of the pages rightly refuses a script of ours. */
export const loadAxe = (page) => page.evaluate(AXE);

/** `name` is what the trial calls the page where something is wrong. */
export async function checkPage(page, name) {
  await loadAxe(page);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes[0].html}`), [], name);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
}
