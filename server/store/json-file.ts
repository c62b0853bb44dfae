import { readFile, rename } from 'node:fs/promises';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { StartError } from '../errors.js';
import type { Logger } from '../logger.js';
import { atomicWrite } from './atomic-write.js';

const READ_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it belongs to another user',
  EISDIR: 'it is a directory',
};

/**
 * One JSON file with one schema. Writes are atomic and in the order of the calls. A file that does not follow the
 * schema is kept beside itself under another name, and the log says so: it is never overwritten.
 */
export class JsonFile<S extends TSchema> {
  readonly #path: string;
  readonly #schema: S;
  readonly #logger: Logger;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(path: string, schema: S, logger: Logger) {
    this.#path = path;
    this.#schema = schema;
    this.#logger = logger;
  }

  /** The content, or undefined when there is no (usable) file. Throws {@link StartError} when it exists but cannot be read. */
  async load(): Promise<Static<S> | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT') return undefined;
      const reason = READ_REASONS[code ?? ''] ?? code ?? String(error);
      throw new StartError(`The file ${this.#path} cannot be read: ${reason}.`, { cause: error });
    }
    try {
      const content: unknown = JSON.parse(text);
      if (Value.Check(this.#schema, content)) return content as Static<S>;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const aside = `${this.#path}.corrupt-${new Date().toISOString().replaceAll(':', '')}`;
    await rename(this.#path, aside);
    this.#logger.error(
      { path: this.#path, keptAs: aside },
      `${this.#path} is damaged: it is kept as ${aside} and started anew`,
    );
    return undefined;
  }

  /** Writes the content. Rejects when the disk does; the old content then stays. */
  save(content: Static<S>): Promise<void> {
    const text = `${JSON.stringify(content, null, 2)}\n`;
    const write = this.#lastWrite.then(() => atomicWrite(this.#path, text));
    // A failed write is its caller's matter and must not stop the next one.
    this.#lastWrite = write.catch(() => {});
    return write;
  }
}
