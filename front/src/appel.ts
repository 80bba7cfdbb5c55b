// The call screen: shortcuts, and drafts kept on this computer until the server has the call.

import { forgetKept, keepForLater, sendWhenBack } from './appelHorsLigne';
import { openChrono } from './chrono';

const PREFIX = 'appel:';

/** What is kept of a form not sent yet: the values of each name, in order, and when. */
interface Brouillon {
  readonly at: number;
  readonly values: Record<string, string[]>;
}

export function openAppel(form: HTMLFormElement | null): void {
  forgetBrouillons();
  if (!form) return;
  listenShortcuts(form);
  keepOffline(form);
  keepBrouillon(form);
  openChrono(form);
  sendWhenBack(say);
  for (const hidden of form.querySelectorAll<HTMLElement>('.annuaire-direct')) hidden.hidden = false;
}

/** The page that follows a save names the key saved; and what people said must not stay on a shared computer. */
function forgetBrouillons(): void {
  const cle = document.querySelector<HTMLElement>('[data-enregistree]')?.dataset.enregistree;
  if (cle) forgetKept(cle);
  const yesterday = Date.now() - 24 * 3_600_000;
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    if (key === PREFIX + cle || (read(key)?.at ?? 0) < yesterday) localStorage.removeItem(key);
  }
}

function listenShortcuts(form: HTMLFormElement): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey && !event.altKey && event.key === 'Enter') {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && follow(form, event.code)) {
      event.preventDefault();
    }
  });
}

/** The position of the key, not its letter: the digits of a French keyboard need Shift (C, B, N and O do not move). */
function follow(form: HTMLFormElement, code: string): boolean {
  const rang = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
  if (rang) {
    // A click, so that htmx and the draft hear of it as they do of a hand.
    const box = document.querySelectorAll<HTMLInputElement>('#propositions input[name=donnee]')[Number(rang) - 1];
    box?.click();
    return box !== undefined;
  }
  const aim = { KeyC: '#ou', KeyB: '#quoi', KeyN: '#note', KeyO: 'input[type=radio][name=issue]', KeyS: '#structure' }[code];
  const field = aim ? form.querySelector<HTMLElement>(aim) : null;
  field?.focus();
  return field !== null;
}

function keepBrouillon(form: HTMLFormElement): void {
  const keyNow = () => PREFIX + (form.dataset.cle ?? '');
  const cle = keyNow();
  const kept = read(cle);
  let values = kept?.values ?? {};
  if (kept) {
    restore(form, values);
    showFound(form, cle, kept.at);
  }
  const save = () => {
    // Proposals on their way back are not on the page: their ticks are kept from before.
    values = { ...values, ...valuesOf(form) };
    write(keyNow(), { at: Date.now(), values });
  };
  form.addEventListener('input', save);
  form.addEventListener('change', save);
  // Only what was given: the commune and the need understood are the server's to choose.
  document.addEventListener('htmx:afterSwap', () => {
    for (const box of fieldsOf(form).filter((field) => field.name === 'donnee')) box.checked ||= values.donnee?.includes(box.value) ?? false;
  });
}

/** A storage that is full, forbidden or holds something else must not stop a call. */
function read(cle: string): Brouillon | null {
  try {
    const brouillon = JSON.parse(localStorage.getItem(cle) ?? 'null') as Brouillon | null;
    return brouillon?.values ? brouillon : null;
  } catch {
    return null;
  }
}

function write(cle: string, brouillon: Brouillon): void {
  try {
    localStorage.setItem(cle, JSON.stringify(brouillon));
  } catch {
    say('alerte', 'Ce poste ne peut pas garder de brouillon : enregistrez avant de fermer la page.');
  }
}

function fieldsOf(form: HTMLFormElement): HTMLInputElement[] {
  const selector = 'select, textarea, input:not([type=hidden], [type=password], [type=file], [type=submit])';
  return [...form.elements].filter((field) => field.matches(selector)) as HTMLInputElement[];
}

const isTick = (field: HTMLInputElement) => field.type === 'checkbox' || field.type === 'radio';

function valuesOf(form: HTMLFormElement): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const field of fieldsOf(form)) {
    const list = (values[field.name] ??= []);
    if (!isTick(field) || field.checked) list.push(field.value);
  }
  return values;
}

function restore(form: HTMLFormElement, values: Record<string, string[]>): void {
  for (const field of fieldsOf(form)) {
    if (isTick(field)) field.checked = values[field.name]?.includes(field.value) ?? field.checked;
    else field.value = values[field.name]?.[0] ?? field.value;
  }
  // htmx asks for the proposals of the commune and the need found again.
  form.querySelector('#quoi')?.dispatchEvent(new Event('input', { bubbles: true }));
}

function showFound(form: HTMLFormElement, cle: string, at: number): void {
  const time = new Intl.DateTimeFormat('fr-FR', { hour: 'numeric', minute: '2-digit' }).format(at).replace(':', ' h ');
  const erase = Object.assign(document.createElement('button'), { type: 'button', className: 'bouton discret', textContent: 'Effacer' });
  erase.addEventListener('click', () => {
    localStorage.removeItem(cle);
    form.reset();
    location.reload();
  });
  say('', `Brouillon de ${time} retrouvé — `, erase);
}

function say(kind: string, ...content: (string | Node)[]): void {
  const line = Object.assign(document.createElement('p'), { className: `message ${kind}`.trim() });
  line.append(...content);
  document.querySelector('#brouillon')?.replaceChildren(line);
}

/** Ahead of `sendOnce`: what cannot leave is kept, and the screen is ready for the next call. */
function keepOffline(form: HTMLFormElement): void {
  const keep = (event: Event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!keepForLater(form)) {
      say('alerte', 'Connexion perdue, et ce poste ne peut rien garder : ne fermez pas cette page, et réessayez.');
      return;
    }
    localStorage.removeItem(PREFIX + (form.dataset.cle ?? ''));
    startAgain(form);
    say('alerte', 'Connexion perdue : l’appel est gardé sur ce poste, il partira dès qu’elle revient. L’écran est prêt pour le suivant.');
  };
  form.addEventListener('submit', keep, { capture: true });
}

/** The same screen, empty, with a key of its own. */
function startAgain(form: HTMLFormElement): void {
  const cle = `poste-${crypto.randomUUID()}`;
  form.reset();
  form.dataset.cle = cle;
  for (const field of form.querySelectorAll<HTMLInputElement>('[name=cle]')) field.value = cle;
  document.querySelector('#propositions')?.replaceChildren();
  form.querySelector<HTMLElement>('#ou')?.focus();
}
