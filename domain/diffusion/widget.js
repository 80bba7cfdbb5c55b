// The search of a territoire in a page of another site:
// <script src="https://LIGNE/widget.js" data-territoire="brenne" async></script>
(() => {
  const script = document.currentScript;
  const territoire = script && script.dataset.territoire;
  if (!territoire) return;
  const cadre = document.createElement('iframe');
  cadre.src = `${new URL(script.src).origin}/${encodeURIComponent(territoire)}/integration`;
  cadre.title = script.dataset.titre || 'Trouver un service à domicile';
  cadre.loading = 'lazy';
  cadre.width = '100%';
  cadre.height = script.dataset.hauteur || '460';
  cadre.style.border = '0';
  script.after(cadre);
})();
