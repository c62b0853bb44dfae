import { Child } from './child.js';

/** The program as it is installed, with the simulated target, on a free port of loopback. */
export class Program {
  readonly child: Child;
  readonly url: string;
  readonly #claimCode: Promise<RegExpExecArray>;

  private constructor(child: Child, url: string, claimCode: Promise<RegExpExecArray>) {
    this.child = child;
    this.url = url;
    this.#claimCode = claimCode;
  }

  /** Resolves when the program says that it is ready. */
  static async start(stateDir: string): Promise<Program> {
    const flags = ['--port', '0', '--listen', '127.0.0.1', '--extra-host', '127.0.0.1'];
    const child = Child.run('../../../server/main.js', [
      ...flags,
      '--target',
      'simulated',
      '--state-dir',
      stateDir,
    ]);
    const claimCode = child.line('stderr', /"claimCode":"([^"]+)"/);
    // A unit with an owner prints none: nobody may be waiting.
    claimCode.catch(() => {});
    const [, url = ''] = await child.line('stdout', /ready: (\S+)/);
    // From here on nobody reads: a full pipe would stop it.
    child.process.stdout?.resume();
    return new Program(child, url, claimCode);
  }

  /** Of a unit without an owner. */
  get claimCode(): Promise<string> {
    return this.#claimCode.then((found) => found[1] ?? '');
  }

  close(): Promise<void> {
    return this.child.close();
  }
}
