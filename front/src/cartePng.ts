// The drawing as an image to paste elsewhere, with its title, its legend and its credit: made here, sent nowhere.

const LARGEUR = 2_000;
const MARGE = 60;
const ENCRE = '#1e2823';

export function cartePng(figure: HTMLElement, button: HTMLButtonElement): void {
  const svg = figure.querySelector(':scope > svg');
  if (!(svg instanceof SVGSVGElement)) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    paint(figure, svg).then(save, (error: unknown) => console.warn('no image', error));
  });
}

async function paint(figure: HTMLElement, svg: SVGSVGElement): Promise<Blob> {
  const { width, height } = svg.viewBox.baseVal;
  const scale = (LARGEUR - 2 * MARGE) / width;
  const legend = [...figure.querySelectorAll('.legende li')];
  const canvas = Object.assign(document.createElement('canvas'), { width: LARGEUR });
  canvas.height = Math.round(height * scale) + 4 * MARGE + 80 + Math.ceil(legend.length / 3) * 60;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  write(pen, figure.dataset.titre ?? '', MARGE, MARGE + 40, 'bold 48px');
  let top = 2 * MARGE + 20;
  pen.drawImage(await load(svg, width * scale, height * scale), MARGE, top, width * scale, height * scale);
  top += height * scale + MARGE;
  for (const [rang, line] of legend.entries()) {
    const motif = line.querySelector('svg');
    const [x, y] = [MARGE + (rang % 3) * 630, top + Math.floor(rang / 3) * 60];
    if (motif) pen.drawImage(await load(motif, 56, 36), x, y, 56, 36);
    write(pen, line.textContent?.trim() ?? '', x + 72, y + 29, '32px');
  }
  top += Math.ceil(legend.length / 3) * 60 + 20;
  write(pen, figure.querySelector('figcaption .aide')?.textContent ?? '', MARGE, top + 20, '26px');
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no blob'))), 'image/png'));
}

function write(pen: CanvasRenderingContext2D, text: string, x: number, y: number, font: string): void {
  pen.fillStyle = ENCRE;
  pen.font = `${font} "Atkinson Hyperlegible", sans-serif`;
  pen.fillText(text, x, y, LARGEUR - x - MARGE);
}

/** A drawing alone, as an image: its size is written on it, some browsers would draw nothing without. */
async function load(svg: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(Math.round(width)));
  copy.setAttribute('height', String(Math.round(height)));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

function save(blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${document.title.split(' – ')[0]?.replace(/[^\p{L}\d]+/gu, '-').toLowerCase() ?? 'carte'}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
