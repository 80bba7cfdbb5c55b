// The map that moves. The page already has its drawing and its table: this takes the drawing's place once it is really drawn,
// and leaves everything as it is where the browser cannot.
import { cartePng } from './cartePng';
import { drawVivante } from './carteVivante';

const figure = document.querySelector<HTMLElement>('figure.carte-annuaire[data-carte]');
const button = document.querySelector<HTMLButtonElement>('button[data-png]');
if (figure && button) cartePng(figure, button);
if (figure && canDraw()) {
  drawVivante(figure).catch((error: unknown) => console.warn('the map stays a drawing', error));
}

/** Asked before the engine is fetched: a browser without WebGL 2 pays for nothing. */
function canDraw(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null;
}
