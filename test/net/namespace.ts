import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * A network of its own (namespace), with nothing on it but what is put there and the programs that are started in it.
 * It is gone when it is closed, or with this process.
 */
export class NetworkNamespace {
  readonly #keeper: ChildProcess;

  private constructor(keeper: ChildProcess) {
    this.#keeper = keeper;
  }

  /** Makes one and runs this shell script in it. Throws with what to do where the kernel does not let us. */
  static async open(setUp = ''): Promise<NetworkNamespace> {
    const script = `set -e\nip link set lo up\n${setUp}\necho ready\nexec cat`;
    const args = ['--net', ...(isRoot() ? [] : ['--map-root-user']), 'sh', '-c', script];
    // Lives as long as its input is open.
    const keeper = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ready = await Promise.race([
      once(keeper.stdout, 'data').then(() => true),
      once(keeper, 'exit').then(() => false),
    ]);
    if (!ready) {
      throw new Error(
        'no network of its own can be made: run this as root, or where user namespaces (and /dev/net/tun, for a virtual machine) are allowed',
      );
    }
    return new NetworkNamespace(keeper);
  }

  /** A process that is in it as long as it is open: where the kernel shows it, /proc/PID/ns/net. */
  get pid(): number {
    return this.#keeper.pid as number;
  }

  /** The command line that runs a program in this network. */
  enter(program: string, args: readonly string[]): [string, string[]] {
    const user = isRoot() ? [] : ['--user', '--preserve-credentials'];
    return ['nsenter', [`--target=${this.pid}`, '--net', ...user, program, ...args]];
  }

  /** Runs a shell script in it and returns what it writes; rejects with its complaint when a command fails. */
  run(script: string): Promise<string> {
    const [program, args] = this.enter('sh', ['-ec', script]);
    return new Promise((resolve, reject) => {
      execFile(program, args, (error, stdout, stderr) => {
        if (error) reject(new Error(`${script}: ${stderr || error.message}`));
        else resolve(stdout);
      });
    });
  }

  close(): void {
    this.#keeper.stdin?.end();
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
