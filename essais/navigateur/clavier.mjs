// Hands on a keyboard: words cost nothing, every other key pressed is counted, at the pace of somebody trained.
const LETTER = 200;
const CHORD = 300;

export class Clavier {
  /** With `isHuman`, as slow as a person: sixty words a minute, and a short thought before each key that is not a letter. */
  constructor(page, isHuman = false) {
    this.page = page;
    this.isHuman = isHuman;
    this.frappes = 0;
    this.touches = [];
  }

  /** Words of the person who calls: not counted. */
  async type(words) {
    await this.page.keyboard.type(words, { delay: this.isHuman ? LETTER : 0 });
  }

  /** « Alt+1 » is two keys. */
  async press(chord, times = 1) {
    for (let turn = 0; turn < times; turn += 1) {
      if (this.isHuman) await this.page.waitForTimeout(CHORD);
      await this.page.keyboard.press(chord);
      this.frappes += chord.split('+').length;
      this.touches.push(chord);
    }
  }

  /** Tab until the focus is on what is named so; fails rather than turning for ever. */
  async tabTo(locator, chord = 'Tab', limit = 80) {
    for (let turn = 0; turn < limit; turn += 1) {
      if (await locator.evaluate((one) => one === document.activeElement).catch(() => false)) return;
      await this.press(chord);
    }
    throw new Error(`${limit} × ${chord} do not lead to ${locator}`);
  }
}
