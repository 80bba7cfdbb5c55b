// How long the call has lasted: from the first word typed to the record.

export function openChrono(form: HTMLFormElement): void {
  const shown = form.querySelector<HTMLElement>('#chrono');
  const kept = form.querySelector<HTMLInputElement>('[name=duree]');
  if (!shown || !kept) return;
  let start = kept.value ? Date.now() - Number(kept.value) * 1_000 : 0;
  shown.hidden = false;
  const tick = () => {
    const seconds = start ? Math.floor((Date.now() - start) / 1_000) : 0;
    shown.textContent = `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')}`;
    if (start) kept.value = String(seconds);
  };
  form.addEventListener('input', () => { start ||= Date.now(); }, { once: true });
  form.addEventListener('submit', tick, { capture: true });
  form.addEventListener('reset', () => { start = 0; kept.value = ''; tick(); });
  setInterval(tick, 1_000);
  tick();
}
