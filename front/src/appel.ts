// The call screen: shortcuts, drafts kept on this computer, and a form that is sent once.

const PREFIX = 'appel:';

/** What is kept of a form not sent yet: the values of each name, in order, and when. */
interface Brouillon {
  readonly at: number;
  readonly values: Record<string, string[]>;
}

export function openAppel(form: HTMLFormElement | null): void {
  if (form) listenShortcuts(form);
  if (form) sendOnce(form);
  forgetBrouillons();
  if (form) keepBrouillon(form);
}

/** The page that follows a save names the key saved; and what people said must not stay on a shared computer. */
function forgetBrouillons(): void {
  const cle = document.querySelector<HTMLElement>('[data-enregistree]')?.dataset.enregistree;
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
  const aim = { KeyC: '#commune', KeyB: '#besoin', KeyN: '#note', KeyO: 'input[type=radio][name=issue]' }[code];
  const field = aim ? form.querySelector<HTMLElement>(aim) : null;
  field?.focus();
  return field !== null;
}

function keepBrouillon(form: HTMLFormElement): void {
  const cle = PREFIX + (form.dataset.cle ?? '');
  const kept = read(cle);
  let values = kept?.values ?? {};
  if (kept) {
    restore(form, values);
    showFound(form, cle, kept.at);
  }
  const save = () => {
    // Proposals on their way back are not on the page: their ticks are kept from before.
    values = { ...values, ...valuesOf(form) };
    write(cle, { at: Date.now(), values });
  };
  form.addEventListener('input', save);
  form.addEventListener('change', save);
  document.addEventListener('htmx:afterSwap', () => restoreTicks(form, values));
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
    if (!isTick(field)) field.value = values[field.name]?.[0] ?? field.value;
  }
  restoreTicks(form, values);
  // htmx asks for the proposals of the commune and the need found again.
  form.querySelector('#besoin')?.dispatchEvent(new Event('change', { bubbles: true }));
}

function restoreTicks(form: HTMLFormElement, values: Record<string, string[]>): void {
  for (const field of fieldsOf(form).filter(isTick)) {
    field.checked = values[field.name]?.includes(field.value) ?? field.checked;
  }
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

function sendOnce(form: HTMLFormElement): void {
  const buttons = () => form.querySelectorAll<HTMLButtonElement>('button[type=submit], button:not([type])');
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (!navigator.onLine) say('alerte', 'Connexion perdue : la demande est gardée sur ce poste. Réessayez quand elle revient.');
    if (!navigator.onLine || sent) return event.preventDefault();
    sent = true;
    // After the form is read: a disabled button would not send its name.
    setTimeout(() => buttons().forEach((button) => (button.disabled = true)));
  });
  // Coming back with the browser's « Précédent » shows the page as it was left: disabled.
  window.addEventListener('pageshow', () => {
    sent = false;
    buttons().forEach((button) => (button.disabled = false));
  });
}
