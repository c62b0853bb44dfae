/** The console of UEFI firmware (edk2) on a screen of 1280x800: its font, and how much it shows, in the middle. */
const CELL = { width: 8, height: 19 };
const COLUMNS = 100;
const ROWS = 31;
const UNKNOWN = '\ufffd';

/** A character and where the console shows it; rows and columns count from 1, as a terminal does. */
export interface Echo {
  row: number;
  column: number;
  character: string;
}

/** Reads the text of a firmware's screen from a picture of it. It knows the characters whose looks it has been shown. */
export class ConsoleFont {
  readonly #characters = new Map([['0'.repeat(CELL.width * CELL.height), ' ']]);

  /** Throws when two characters look the same. */
  learn(picture: Buffer, echoes: readonly Echo[]): void {
    const cells = cellsOf(picture);
    for (const { row, column, character } of echoes) {
      const look = cells[row - 1]?.[column - 1] ?? '';
      const known = this.#characters.get(look) ?? character;
      if (known !== character) throw new Error(`"${character}" looks like "${known}"`);
      this.#characters.set(look, character);
    }
  }

  /** The lines of the screen. */
  read(picture: Buffer): string[] {
    return cellsOf(picture).map((cells) =>
      cells
        .map((look) => this.#characters.get(look) ?? UNKNOWN)
        .join('')
        .trimEnd(),
    );
  }
}

/** What is in each cell of the console: 1 where it is lit, row by row. */
function cellsOf(picture: Buffer): string[][] {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(picture.toString('latin1', 0, 32));
  if (!header) throw new Error('not a picture in the PPM format');
  const [width, height] = [Number(header[1]), Number(header[2])];
  const left = Math.floor((width - COLUMNS * CELL.width) / 2);
  const top = Math.floor((height - ROWS * CELL.height) / 2);
  const isLit = (x: number, y: number) => {
    const at = header[0].length + 3 * (y * width + x);
    return picture.readUIntBE(at, 3) !== 0;
  };
  const look = (row: number, column: number) => {
    let bits = '';
    for (let y = 0; y < CELL.height; y++) {
      for (let x = 0; x < CELL.width; x++) {
        bits += isLit(left + column * CELL.width + x, top + row * CELL.height + y) ? '1' : '0';
      }
    }
    return bits;
  };
  return Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: COLUMNS }, (_, column) => look(row, column)),
  );
}
