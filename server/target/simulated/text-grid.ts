import type { Canvas } from './canvas.js';
import type { Font } from './font.js';

/** Colours of a terminal: the 16 of ANSI, and how its cursor looks. */
export interface TerminalTheme {
  palette: readonly number[];
  /** Index of the text and the background colour in the palette. */
  ink: number;
  paper: number;
  cursor: 'block' | 'underline';
}

const CURSOR = 0x80000000;
const NEVER_DRAWN = 0xffffffff;
const HISTORY_LINES = 400;
const SPACE = 0x20;

/**
 * A screen of character cells with scrollback. write() understands line feed, carriage return, backspace, tab and
 * the colour sequences ESC [ n m. paint() draws only cells that changed, and scrolls pixels instead of redrawing.
 */
export class TextGrid {
  #columns: number;
  #rows: number;
  /** A cell is the character in 16 bits, then 4 bits each of ink and paper. */
  #lines: Uint32Array[] = [];
  #drawn: Uint32Array;
  #scrolled = 0;
  /** Lines that the view is scrolled back. */
  #back = 0;
  #x = 0;
  #y = 0;
  #ink: number;
  #paper: number;
  #escape = '';
  #changed = true;
  readonly #theme: TerminalTheme;

  constructor(columns: number, rows: number, theme: TerminalTheme) {
    this.#columns = columns;
    this.#rows = rows;
    this.#theme = theme;
    this.#ink = theme.ink;
    this.#paper = theme.paper;
    this.#drawn = new Uint32Array(columns * rows).fill(NEVER_DRAWN);
    this.clear();
  }

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Something was written since the last paint(); a blinking cursor does not count. */
  get changed(): boolean {
    return this.#changed;
  }

  get cursorX(): number {
    return this.#x;
  }

  get cursorY(): number {
    return this.#y;
  }

  /** Empties screen and scrollback; the cursor goes to the top. */
  clear(): void {
    this.#lines = Array.from({ length: this.#rows }, () => this.#blankLine());
    this.#x = 0;
    this.#y = 0;
    this.#back = 0;
    this.#changed = true;
  }

  /** Changes the size; the lowest lines stay, longer ones are cut. */
  resize(columns: number, rows: number): void {
    const used = this.#lines.slice(0, this.#top + this.#y + 1);
    this.#columns = columns;
    this.#rows = rows;
    this.#lines = used.map((line) => {
      const cut = this.#blankLine();
      cut.set(line.subarray(0, columns));
      return cut;
    });
    this.#y = Math.min(this.#lines.length, rows) - 1;
    while (this.#lines.length < rows) this.#lines.push(this.#blankLine());
    this.#x = Math.min(this.#x, columns - 1);
    this.#back = 0;
    this.#scrolled = 0;
    this.#drawn = new Uint32Array(columns * rows).fill(NEVER_DRAWN);
    this.#changed = true;
  }

  write(text: string): void {
    this.#changed = true;
    this.#back = 0;
    for (const character of text) this.#put(character);
  }

  /** Puts the cursor somewhere on the screen. */
  moveTo(x: number, y: number): void {
    this.#x = Math.max(0, Math.min(x, this.#columns - 1));
    this.#y = Math.max(0, Math.min(y, this.#rows - 1));
    this.#changed = true;
  }

  /** Moves the cursor by cells, over line ends; used by line editing. */
  moveBy(cells: number): void {
    const at = this.#y * this.#columns + this.#x + cells;
    this.moveTo(
      ((at % this.#columns) + this.#columns) % this.#columns,
      Math.floor(at / this.#columns),
    );
  }

  /** Scrolls the view back (positive) or forth by lines. */
  scrollBack(lines: number): void {
    const back = Math.max(0, Math.min(this.#back + lines, this.#top));
    if (back === this.#back) return;
    this.#back = back;
    this.#changed = true;
  }

  /** What the screen shows, lines without trailing blanks. */
  text(): string {
    const first = this.#top - this.#back;
    return this.#lines
      .slice(first, first + this.#rows)
      .map((line) => String.fromCharCode(...line.map((cell) => cell & 0xffff)).trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Draws to (left, top) what differs from the last paint, or everything. True when pixels changed. */
  paint(
    canvas: Canvas,
    left: number,
    top: number,
    font: Font,
    cursorShown: boolean,
    full: boolean,
  ): boolean {
    const columns = this.#columns;
    let touched = false;
    if (full) this.#drawn.fill(NEVER_DRAWN);
    else if (this.#scrolled > 0 && this.#scrolled < this.#rows) {
      const area = {
        x: left,
        y: top,
        width: columns * font.width,
        height: this.#rows * font.height,
      };
      canvas.scrollUp(area, this.#scrolled * font.height);
      this.#drawn.copyWithin(0, this.#scrolled * columns);
      this.#drawn.fill(NEVER_DRAWN, (this.#rows - this.#scrolled) * columns);
      touched = true;
    }
    this.#scrolled = 0;
    this.#changed = false;
    const cursorAt = cursorShown && this.#back === 0 ? this.#y * columns + this.#x : -1;
    for (let row = 0; row < this.#rows; row++) {
      const line = this.#lines[this.#top - this.#back + row] as Uint32Array;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        const cell =
          at === cursorAt ? ((line[column] as number) | CURSOR) >>> 0 : (line[column] as number);
        if (this.#drawn[at] === cell) continue;
        this.#drawn[at] = cell;
        this.#drawCell(canvas, left + column * font.width, top + row * font.height, font, cell);
        touched = true;
      }
    }
    return touched;
  }

  #drawCell(canvas: Canvas, x: number, y: number, font: Font, cell: number): void {
    const { palette, cursor } = this.#theme;
    let ink = palette[(cell >>> 16) & 15] as number;
    let paper = palette[(cell >>> 20) & 15] as number;
    const withCursor = cell >= CURSOR;
    if (withCursor && cursor === 'block')
      [ink, paper] = [paper, palette[this.#theme.ink] as number];
    canvas.fill(x, y, font.width, font.height, paper);
    if ((cell & 0xffff) !== SPACE) font.glyph(canvas, x, y, cell & 0xffff, ink);
    if (withCursor && cursor === 'underline') {
      canvas.fill(x, y + font.height - 3, font.width, 2, palette[this.#theme.ink] as number);
    }
  }

  get #top(): number {
    return this.#lines.length - this.#rows;
  }

  #blankLine(): Uint32Array {
    return new Uint32Array(this.#columns).fill(
      this.#cell(SPACE, this.#theme.ink, this.#theme.paper),
    );
  }

  #cell(code: number, ink: number, paper: number): number {
    return ((paper << 20) | (ink << 16) | code) >>> 0;
  }

  #put(character: string): void {
    if (this.#escape !== '' || character === '\x1b') {
      this.#escape += character;
      if (character === 'm') this.#color();
      return;
    }
    if (character === '\n') this.#newLine();
    else if (character === '\r') this.#x = 0;
    else if (character === '\b') this.moveBy(-1);
    else if (character === '\t') {
      do this.#put(' ');
      while (this.#x % 8 !== 0);
    } else {
      const line = this.#lines[this.#top + this.#y] as Uint32Array;
      line[this.#x] = this.#cell(character.codePointAt(0) ?? SPACE, this.#ink, this.#paper);
      if (++this.#x === this.#columns) this.#newLine();
    }
  }

  #newLine(): void {
    this.#x = 0;
    if (this.#y < this.#rows - 1) {
      this.#y++;
      return;
    }
    this.#lines.push(this.#blankLine());
    if (this.#lines.length > this.#rows + HISTORY_LINES) this.#lines.shift();
    this.#scrolled++;
  }

  #color(): void {
    for (const number of this.#escape.slice(2, -1).split(';').map(Number)) {
      if (number === 0) {
        this.#ink = this.#theme.ink;
        this.#paper = this.#theme.paper;
      } else if (number >= 30 && number <= 37) this.#ink = number - 30;
      else if (number >= 40 && number <= 47) this.#paper = number - 40;
      else if (number >= 90 && number <= 97) this.#ink = number - 82;
    }
    this.#escape = '';
  }
}
