// Calls recorded while the network is away: kept on this computer, sent when it returns, each once (the server knows its key).

const PREFIX = 'attente:';
/** Other pages and other tabs of this computer try too: one at a time. */
const LOCK = 'maillage-attente';
const AGAIN = 15_000;

interface EnAttente {
  readonly action: string;
  readonly body: string;
  /** The server wants it mended: it is not sent again as it is, and stays here until it is recorded. */
  readonly refuse?: boolean;
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

/** The demande of this key is recorded. */
export function forgetKept(cle: string): void {
  localStorage.removeItem(PREFIX + cle);
}

function listKept(): [string, EnAttente][] {
  const read = (key: string) => JSON.parse(localStorage.getItem(key) ?? 'null') as EnAttente | null;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  return keys.map((key) => [key, read(key)] as const).filter((entry): entry is [string, EnAttente] => entry[1] !== null);
}

async function sendAll(say: Say): Promise<void> {
  if (!navigator.onLine || listKept().length === 0) return;
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    let [sent, isOut] = [0, false];
    for (const [key, kept] of listKept().filter(([, kept]) => !kept.refuse)) {
      const became = await sendOne(key, kept);
      sent += became === 'sent' ? 1 : 0;
      isOut ||= became === 'out';
    }
    tell(say, sent, isOut);
  });
}

/** What was last told of those to complete: told again every few seconds, it would be read aloud without end. */
let told = 'false';

/** All of it in one line: a second sentence would take the place of the first. */
function tell(say: Say, sent: number, isOut: boolean): void {
  const here = document.querySelector<HTMLFormElement>('form#appel')?.dataset.cle;
  const refused = listKept().filter(([key, kept]) => kept.refuse && key !== PREFIX + here);
  const known = [...refused.map(([key]) => key), isOut].join();
  if (sent === 0 && known === told) return;
  told = known;
  const said: (string | Node)[] = [];
  if (sent > 0) said.push(sent === 1 ? 'L’appel gardé sur ce poste est enregistré. ' : `Les ${sent} appels gardés sur ce poste sont enregistrés. `);
  if (isOut) said.push('Des appels attendent sur ce poste : reconnectez-vous, ils partiront. ');
  if (refused.length > 0) said.push('À compléter, gardé sur ce poste : ', ...refused.map(([, kept]) => reopen(kept)));
  if (said.length > 0) say(isOut || refused.length > 0 ? 'alerte' : 'succes', ...said);
}

/** What the server cannot take now is tried later. */
async function sendOne(key: string, kept: EnAttente): Promise<'sent' | 'refused' | 'out' | 'later'> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(kept.action, { method: 'POST', body: kept.body, headers }).catch(() => null);
  // Where the answer leads says what became of it: the screen of the next call, or the page that asks who one is.
  if (answer?.url.includes('enregistree=')) {
    localStorage.removeItem(key);
    return 'sent';
  }
  if (answer?.status === 422) {
    localStorage.setItem(key, JSON.stringify({ ...kept, refuse: true } satisfies EnAttente));
    return 'refused';
  }
  return answer?.redirected ? 'out' : 'later';
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
