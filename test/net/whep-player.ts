import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NetworkNamespace } from './namespace.js';

/** The sources, seen from the compiled file. */
const PROGRAM = fileURLToPath(new URL('../../../test/net/whep_player.py', import.meta.url));

/** What the player said so far; see whep_player.py. */
export interface Played {
  status?: number;
  location?: string;
  link?: string[];
  state?: string;
  width?: number;
  height?: number;
  deleted?: number;
  pictures: number;
}

/** A WHEP player that is neither ours nor a browser: GStreamer, in this network. */
export class WhepPlayer {
  readonly played: Played = { pictures: 0 };
  readonly #process: ChildProcess;
  #complaints = '';

  constructor(network: NetworkNamespace, url: string, token: string) {
    const [program, args] = network.enter('/usr/bin/python3', [PROGRAM, url, token]);
    const child = spawn(program, args, { stdio: 'pipe' });
    this.#process = child;
    child.stderr.on('data', (text) => {
      this.#complaints += text;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Partial<Played>;
      if (said.width !== undefined) this.played.pictures += 1;
      Object.assign(this.played, said);
    });
  }

  /** For messages of tests that wait in vain. */
  explain(): string {
    return JSON.stringify(this.played) + this.#complaints;
  }

  /** Ends the session as a player does, with DELETE. */
  async stop(): Promise<void> {
    this.#process.stdin?.end();
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
