// Calls recorded while the network is away: kept on this computer, sent when it returns, each once (the server knows its key).

const PREFIX = 'attente:';
/** Other pages and other tabs of this computer try too: one at a time. */
const LOCK = 'maillage-attente';
const AGAIN = 15_000;

interface EnAttente {
  readonly action: string;
  readonly body: string;
}

type Say = (kind: string, ...content: (string | Node)[]) => void;

/** Keeps a call that could not leave; false when this computer cannot keep it. */
export function keepForLater(form: HTMLFormElement): boolean {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  try {
    localStorage.setItem(PREFIX + body.get('cle'), JSON.stringify({ action: form.action, body: body.toString() } satisfies EnAttente));
    return true;
  } catch {
    return false;
  }
}

export function sendWhenBack(say: Say): void {
  const go = () => void sendAll(say);
  addEventListener('online', go);
  setInterval(go, AGAIN);
  go();
}

const listKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

async function sendAll(say: Say): Promise<void> {
  if (!navigator.onLine || listKeys().length === 0) return;
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    let sent = 0;
    for (const key of listKeys()) if (await sendOne(key, say)) sent += 1;
    if (sent > 0) say('succes', sent === 1 ? 'L’appel gardé sur ce poste est enregistré.' : `Les ${sent} appels gardés sur ce poste sont enregistrés.`);
  });
}

/** True once the server has it. What it refuses is shown again, to be mended; what it cannot take now is tried later. */
async function sendOne(key: string, say: Say): Promise<boolean> {
  const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as EnAttente | null;
  if (!kept) return false;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(kept.action, { method: 'POST', body: kept.body, headers }).catch(() => null);
  // Where the answer leads says what became of it: the screen of the next call, or the page that asks who one is.
  if (answer?.url.includes('enregistree=')) {
    localStorage.removeItem(key);
    return true;
  }
  if (answer?.status === 422) {
    localStorage.removeItem(key);
    say('alerte', 'Un appel gardé sur ce poste est à compléter : ', reopen(kept));
  } else if (answer?.redirected) {
    say('alerte', 'Des appels attendent sur ce poste : reconnectez-vous, ils partiront.');
  }
  return false;
}

/** The same form, as it was typed, which the server shows again. */
function reopen(kept: EnAttente): HTMLFormElement {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: kept.action });
  for (const [name, value] of new URLSearchParams(kept.body)) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  form.append(Object.assign(document.createElement('button'), { className: 'bouton discret', textContent: 'Le reprendre' }));
  return form;
}
