// The public pages work without this file; it adds what only a script can do.

import { openClesAcces } from './cleAcces';
import { sendOnce } from './envoi';
import { prove } from './preuve';

for (const form of document.querySelectorAll<HTMLFormElement>('form[method=post]:not([data-cle-acces])')) {
  // First: a form that waits for its sum is not sent yet.
  prove(form);
  sendOnce(form);
}
openClesAcces();

// A button that prints does nothing without a script: the page leaves it `hidden` until one is here.
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-imprimer]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

// The summary of errors is read first, and takes to the fields.
document.querySelector<HTMLElement>('.erreur-resume')?.focus();
