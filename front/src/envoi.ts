// A form is sent once, whatever the hand does.

export function sendOnce(form: HTMLFormElement): void {
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    if (sent) return event.preventDefault();
    sent = true;
    // After the form is read: a disabled button would not send its name.
    setTimeout(() => setDisabled(form, true));
  });
  // Coming back with the browser's « Précédent » shows the page as it was left: disabled.
  window.addEventListener('pageshow', () => {
    sent = false;
    setDisabled(form, false);
  });
}

function setDisabled(form: HTMLFormElement, disabled: boolean): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>('button[type=submit], button:not([type])')) button.disabled = disabled;
}
