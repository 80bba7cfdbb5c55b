// Passkeys: carries what the server asks to the device, and what the device answers to the form.
// Where a browser cannot, the form stays hidden and the other ways in remain.

const REFUS = 'Votre appareil n’a pas répondu, ou vous avez annulé. Recommencez, ou entrez autrement.';

async function answer(form: HTMLFormElement): Promise<PublicKeyCredential> {
  const debut = await fetch(form.dataset.debut ?? '', { method: 'POST' });
  if (!debut.ok) throw new Error(String(debut.status));
  const { publicKey } = await debut.json();
  const credential = form.dataset.cleAcces === 'creation'
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  if (!credential) throw new Error('no credential');
  return credential as PublicKeyCredential;
}

function prepare(form: HTMLFormElement): void {
  const alerte = form.querySelector<HTMLElement>('[role=alert]');
  const reponse = form.querySelector<HTMLInputElement>('[name=reponse]');
  if (!alerte || !reponse) return;
  form.hidden = false;
  // Coming back with « Précédent » restores what was sent: it opens nothing a second time.
  window.addEventListener('pageshow', () => { reponse.value = ''; });
  form.addEventListener('submit', (event) => {
    if (reponse.value) return;
    event.preventDefault();
    alerte.hidden = true;
    answer(form).then(
      (credential) => {
        reponse.value = JSON.stringify(credential.toJSON());
        form.submit();
      },
      () => {
        alerte.textContent = REFUS;
        alerte.hidden = false;
      },
    );
  });
}

export function openClesAcces(): void {
  if (typeof PublicKeyCredential === 'undefined' || !('parseCreationOptionsFromJSON' in PublicKeyCredential)) return;
  document.querySelectorAll<HTMLFormElement>('form[data-cle-acces]').forEach(prepare);
}
