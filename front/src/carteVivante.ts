// A map drawn by MapLibre GL from the GeoJSON of its page: no tile, no glyph, nobody else's server unless the operator chose one.
import type * as Moteur from 'maplibre-gl';

interface Teinte {
  code: string;
  couleur: string;
  hachure: { couleur: string; montante: boolean } | null;
}

interface Trait {
  type: 'Feature';
  geometry: { type: string; coordinates: unknown };
  properties: { nom?: string; teinte?: string; dit: string; lieu?: string; centre?: [number, number]; habitants?: number };
}

interface Plan {
  type: 'FeatureCollection';
  features: Trait[];
  legende: Teinte[];
  mention: string;
}

type Boite = [number, number, number, number];

const POLICE = ['Atkinson Hyperlegible'];
const ENCRE = '#1e2823';
const PAPIER = '#fffefb';
/** Over a background, colours let it be seen. */
const VOILE = 0.65;

/** Says in French what the engine says. */
const MOTS = {
  'Map.Title': 'Carte : les flèches la déplacent, plus et moins changent l’échelle',
  'NavigationControl.ZoomIn': 'Agrandir',
  'NavigationControl.ZoomOut': 'Réduire',
  'AttributionControl.ToggleAttribution': 'Sources',
  'Popup.Close': 'Fermer',
  'ScaleControl.Kilometers': 'km',
  'ScaleControl.Meters': 'm',
};

export async function drawVivante(figure: HTMLElement): Promise<void> {
  const { carte: address, moteur, ouvrier, style } = figure.dataset;
  if (!address || !moteur || !ouvrier || !style) return;
  const [plan, engine] = await Promise.all([
    fetch(address, { headers: { accept: 'application/geo+json' } }).then((answer) => (answer.ok ? (answer.json() as Promise<Plan>) : null)),
    import(moteur) as Promise<typeof Moteur>,
    loadStyle(style),
    document.fonts.load('16px "Atkinson Hyperlegible"'),
  ]);
  if (!plan || plan.features.length === 0) return;
  engine.setWorkerUrl(new URL(ouvrier, location.href).href);
  const canvas = document.createElement('div');
  canvas.className = 'toile';
  figure.prepend(canvas);
  const box = enclose(plan);
  const map = new engine.Map({
    container: canvas,
    style: writeStyle(plan, figure.dataset),
    bounds: box,
    fitBoundsOptions: { padding: 24 },
    locale: MOTS,
    attributionControl: { compact: false, customAttribution: [plan.mention, escape(figure.dataset.attribution ?? '')].filter(Boolean) },
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: false,
    scrollZoom: false,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new engine.NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new engine.ScaleControl({}), 'bottom-left');
  for (const teinte of plan.legende) if (teinte.hachure) map.addImage(teinte.code, drawMotif(teinte.couleur, teinte.hachure));
  map.on('error', ({ error }) => console.warn('map', error.message));
  map.once('idle', () => {
    figure.classList.add('est-vivante');
    map.resize();
    map.fitBounds(box, { padding: 24, animate: false });
    readAloud(figure, map, new engine.Popup({ closeButton: false, closeOnClick: false }));
  });
}

function loadStyle(href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => reject(new Error(`${href} does not load`)));
    document.head.append(link);
  });
}

/** West, south, east, north of all that is drawn. */
function enclose(plan: Plan): Boite {
  const box: Boite = [180, 90, -180, -90];
  const visit = (place: unknown): void => {
    if (!Array.isArray(place)) return;
    const [east, north] = place as unknown[];
    if (typeof east === 'number' && typeof north === 'number') {
      box[0] = Math.min(box[0], east);
      box[1] = Math.min(box[1], north);
      box[2] = Math.max(box[2], east);
      box[3] = Math.max(box[3], north);
    } else place.forEach(visit);
  };
  plan.features.forEach((one) => visit(one.geometry.coordinates));
  return box;
}

function writeStyle(plan: Plan, { tuiles, attribution }: DOMStringMap): Moteur.StyleSpecification {
  const points = plan.features.filter((one) => one.properties.centre && one.properties.nom);
  const names = points.map((one) => ({ ...one, geometry: { type: 'Point', coordinates: one.properties.centre } }));
  const own = (key: 'couleur' | 'code', of: Teinte[]) => of.flatMap((teinte) => [teinte.code, teinte[key]]);
  const hatched = plan.legende.filter((teinte) => teinte.hachure);
  const hatchedCodes = ['literal', hatched.map((teinte) => teinte.code)];
  const isArea = ['==', ['geometry-type'], 'Polygon'];
  const isDot = ['all', ['==', ['geometry-type'], 'Point'], ['has', 'teinte']];
  const colour = plan.legende.length > 0 ? ['match', ['get', 'teinte'], ...own('couleur', plan.legende), PAPIER] : PAPIER;
  const layers = [
    { id: 'papier', type: 'background', paint: { 'background-color': PAPIER } },
    ...(tuiles ? [{ id: 'fond', type: 'raster', source: 'fond' }] : []),
    { id: 'communes', type: 'fill', source: 'carte', filter: isArea, paint: { 'fill-color': colour, 'fill-opacity': tuiles ? VOILE : 1 } },
    {
      id: 'hachures', type: 'fill', source: 'carte', filter: ['all', isArea, ['in', ['get', 'teinte'], hatchedCodes]],
      paint: { 'fill-pattern': ['get', 'teinte'], 'fill-opacity': tuiles ? VOILE : 1 },
    },
    { id: 'bords', type: 'line', source: 'carte', filter: isArea, paint: { 'line-color': PAPIER, 'line-width': 1.6 } },
    { id: 'limites', type: 'line', source: 'carte', filter: isArea, paint: { 'line-color': ENCRE, 'line-opacity': 0.6, 'line-width': 0.5 } },
    {
      id: 'choisie', type: 'line', source: 'carte', filter: ['all', isArea, ['==', ['get', 'teinte'], 'choisie']],
      paint: { 'line-color': ENCRE, 'line-width': 2.5 },
    },
    {
      id: 'points', type: 'circle', source: 'carte', filter: isDot,
      paint: {
        'circle-color': colour,
        'circle-radius': ['interpolate', ['exponential', 2], ['zoom'], 5, plan.features.length > 2000 ? 1.5 : 3, 10, 14],
        'circle-stroke-color': ['case', ['in', ['get', 'teinte'], hatchedCodes], '#8a5a00', ENCRE],
        // A thick border for those whose hatches would not be seen on a dot.
        'circle-stroke-width': ['case', ['in', ['get', 'teinte'], hatchedCodes], 2, 0.3],
      },
    },
    {
      id: 'noms', type: 'symbol', source: 'noms',
      layout: {
        'text-field': ['get', 'nom'], 'text-font': POLICE, 'text-size': 14, 'text-padding': 6,
        'symbol-sort-key': ['-', 0, ['coalesce', ['get', 'habitants'], 0]],
      },
      paint: { 'text-color': ENCRE, 'text-halo-color': PAPIER, 'text-halo-width': 2.5 },
    },
    {
      id: 'lieux', type: 'circle', source: 'carte', filter: ['has', 'lieu'],
      paint: { 'circle-color': PAPIER, 'circle-radius': 11, 'circle-stroke-color': ENCRE, 'circle-stroke-width': 2.5 },
    },
    {
      id: 'numeros', type: 'symbol', source: 'carte', filter: ['has', 'lieu'],
      layout: { 'text-field': ['get', 'lieu'], 'text-font': POLICE, 'text-size': 13, 'text-allow-overlap': true },
      paint: { 'text-color': ENCRE, 'text-halo-color': PAPIER, 'text-halo-width': 1.5 },
    },
  ];
  const sources = {
    carte: { type: 'geojson', data: { type: plan.type, features: plan.features } },
    noms: { type: 'geojson', data: { type: 'FeatureCollection', features: names } },
    ...(tuiles ? { fond: { type: 'raster', tiles: [tuiles], tileSize: 256, attribution: escape(attribution ?? '') } } : {}),
  };
  return { version: 8, sources, layers } as unknown as Moteur.StyleSpecification;
}

/** Hatches that repeat without a seam: colour is never the only sign. */
function drawMotif(fond: string, { couleur, montante }: { couleur: string; montante: boolean }): ImageData {
  const size = 14;
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
  const pen = canvas.getContext('2d');
  if (!pen) return new ImageData(size, size);
  pen.fillStyle = fond;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = couleur;
  pen.lineWidth = 3;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift - 2, montante ? size + 2 : -2);
    pen.lineTo(shift + size + 2, montante ? -2 : size + 2);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}

const LUES = ['lieux', 'communes', 'points'];

/** What is under the pointer in a popup; what is in the middle, said aloud, for those who move with the keyboard. */
function readAloud(figure: HTMLElement, map: Moteur.Map, popup: Moteur.Popup): void {
  const reading = Object.assign(document.createElement('p'), { className: 'lecture' });
  reading.setAttribute('aria-live', 'polite');
  const help = Object.assign(document.createElement('p'), {
    className: 'mode-d-emploi',
    textContent: 'Touchez une commune pour lire ce qui en est dit. Au clavier : les flèches déplacent la carte, + et − changent l’échelle, et ce qui est au centre est lu.',
  });
  const sight = Object.assign(document.createElement('div'), { className: 'mire' });
  figure.querySelector('.toile')?.append(sight);
  figure.querySelector('.toile')?.after(reading, help);
  const canvas = map.getCanvas();
  const find = (at: Moteur.PointLike) => map.queryRenderedFeatures(at, { layers: LUES })[0]?.properties as Trait['properties'] | undefined;
  map.on('click', ({ point, lngLat }) => {
    const found = find(point);
    reading.textContent = found?.dit ?? '';
    if (found) popup.setLngLat(lngLat).setText(found.dit).addTo(map);
    else popup.remove();
  });
  map.on('mousemove', ({ point }) => canvas.classList.toggle('sur-commune', find(point) !== undefined));
  map.on('moveend', () => {
    if (document.activeElement === canvas) reading.textContent = find(map.project(map.getCenter()))?.dit ?? '';
  });
  addEventListener('keydown', ({ key }) => key === 'Escape' && popup.remove());
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
