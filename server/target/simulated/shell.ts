import type { KeyEvent } from './pc-keyboard.js';
import { COMMANDS, runCommand } from './shell-commands.js';
import type { StageHost } from './stage.js';
import type { TextGrid } from './text-grid.js';

const PROMPT = '\x1b[92mada@bronya\x1b[0m:\x1b[94m~\x1b[0m$ ';
const HISTORY_LIMIT = 50;

/** A small command line on a character screen: editing, history, completion and commands that run for a while. */
export class Shell {
  readonly #host: StageHost;
  readonly #grid: TextGrid;
  #line = '';
  #cursor = 0;
  #history: string[] = [];
  #historyAt = 0;
  /** Set while a command runs: Ctrl+C ends it. */
  #stopCommand: (() => void) | undefined;

  constructor(host: StageHost, grid: TextGrid) {
    this.#host = host;
    this.#grid = grid;
  }

  /** Prints lines and then the prompt; runs a first command as if it had been typed. */
  start(greeting: string, command = ''): void {
    this.#grid.write(greeting);
    this.#prompt();
    if (command === '') return;
    this.#insert(command);
    this.#enter();
  }

  /** Stops a command that is still running. */
  close(): void {
    this.#stopCommand?.();
  }

  key(event: KeyEvent): void {
    if (!event.pressed) return;
    if (event.shift && (event.key === 'PageUp' || event.key === 'PageDown')) {
      const page = this.#grid.rows - 1;
      this.#grid.scrollBack(event.key === 'PageUp' ? page : -page);
    } else if (event.ctrl) this.#control(event.key);
    else if (this.#stopCommand) return;
    else if (event.character) this.#insert(event.character);
    else this.#edit(event.key);
  }

  #control(key: string): void {
    if (key === 'c') {
      this.#grid.write('^C\n');
      this.#stopCommand?.();
      this.#stopCommand = undefined;
      this.#prompt();
    } else if (this.#stopCommand) return;
    else if (key === 'l') {
      const line = this.#line;
      this.#grid.clear();
      this.#prompt();
      this.#insert(line);
    } else if (key === 'u') this.#replace('');
    else if (key === 'a') this.#edit('Home');
    else if (key === 'e') this.#edit('End');
  }

  #edit(key: string): void {
    const line = this.#line;
    if (key === 'Enter') this.#enter();
    else if (key === 'Tab') this.#complete();
    else if (key === 'Backspace' && this.#cursor > 0) {
      this.#move(this.#cursor - 1);
      this.#erase();
    } else if (key === 'Delete' && this.#cursor < line.length) this.#erase();
    else if (key === 'ArrowLeft') this.#move(Math.max(0, this.#cursor - 1));
    else if (key === 'ArrowRight') this.#move(Math.min(line.length, this.#cursor + 1));
    else if (key === 'Home') this.#move(0);
    else if (key === 'End') this.#move(line.length);
    else if (key === 'ArrowUp') this.#recall(this.#historyAt - 1);
    else if (key === 'ArrowDown') this.#recall(this.#historyAt + 1);
  }

  #insert(text: string): void {
    const tail = this.#line.slice(this.#cursor);
    this.#line = this.#line.slice(0, this.#cursor) + text + tail;
    this.#cursor += text.length;
    this.#grid.write(text + tail);
    this.#grid.moveBy(-tail.length);
  }

  /** Deletes the character at the cursor. */
  #erase(): void {
    const tail = this.#line.slice(this.#cursor + 1);
    this.#line = this.#line.slice(0, this.#cursor) + tail;
    this.#grid.write(`${tail} `);
    this.#grid.moveBy(-tail.length - 1);
  }

  #move(to: number): void {
    this.#grid.moveBy(to - this.#cursor);
    this.#cursor = to;
  }

  #replace(text: string): void {
    this.#move(0);
    this.#grid.write(' '.repeat(this.#line.length));
    this.#grid.moveBy(-this.#line.length);
    this.#line = '';
    this.#insert(text);
  }

  #recall(index: number): void {
    if (index < 0 || index > this.#history.length) return;
    this.#historyAt = index;
    this.#replace(this.#history[index] ?? '');
  }

  #complete(): void {
    const matches = Object.keys(COMMANDS).filter((name) => name.startsWith(this.#line));
    const [only] = matches;
    if (matches.length === 1 && only) this.#replace(`${only} `);
  }

  #enter(): void {
    const line = this.#line.trim();
    this.#move(this.#line.length);
    this.#grid.write('\n');
    if (line && this.#history.at(-1) !== line) this.#history.push(line);
    if (this.#history.length > HISTORY_LIMIT) this.#history.shift();
    this.#stopCommand = runCommand(line, this.#host, this.#grid, () => {
      this.#stopCommand = undefined;
      this.#prompt();
    });
    if (!this.#stopCommand) this.#prompt();
  }

  #prompt(): void {
    this.#line = '';
    this.#cursor = 0;
    this.#historyAt = this.#history.length;
    if (this.#grid.cursorX > 0) this.#grid.write('\n');
    this.#grid.write(PROMPT);
  }
}
