// The little sum that a form anybody can send asks of the browser, done while the person types: nobody is asked to read letters.

const BATCH = 64;

/** Does the sum of a form; one sent before it is done leaves by itself a moment later. */
export function prove(form: HTMLFormElement): void {
  const [defi, preuve] = ['defi', 'preuve'].map((name) => form.elements.namedItem(name));
  // Without https there is no `crypto.subtle`: the form goes as it does without a script.
  if (!(defi instanceof HTMLInputElement) || !(preuve instanceof HTMLInputElement) || !window.crypto?.subtle) return;
  let isWaiting = false;
  const done = solve(defi.value, Number(defi.dataset.zeros)).then((found) => (preuve.value = found));
  form.addEventListener('submit', (event) => {
    if (preuve.value) return;
    event.preventDefault();
    if (isWaiting) return;
    isWaiting = true;
    done.finally(() => form.requestSubmit());
  });
}

/** The first number whose SHA-256 with the challenge begins with so many zero bits. */
async function solve(defi: string, zeros: number): Promise<string> {
  const encoder = new TextEncoder();
  for (let from = 0; ; from += BATCH) {
    const sums = Array.from({ length: BATCH }, (_, rang) => crypto.subtle.digest('SHA-256', encoder.encode(`${defi}.${from + rang}`)));
    const found = (await Promise.all(sums)).findIndex((sum) => new DataView(sum).getUint32(0) >>> (32 - zeros) === 0);
    if (found >= 0) return String(from + found);
  }
}
