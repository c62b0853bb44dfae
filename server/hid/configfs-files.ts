import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { type FileLock, lockFile } from './file-lock.js';

/** What is done to the files of configfs and sysfs; errors are Node's, with `code`. Tests bring a tree of their own. */
export interface ConfigfsFiles {
  /** Names of a directory, links apart from the rest. */
  list(path: string): Promise<Array<{ name: string; kind: 'directory' | 'file' | 'link' }>>;
  read(path: string): Promise<string>;
  /** One write() to an attribute that is there already. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  removeDirectory(path: string): Promise<void>;
  link(target: string, path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** See {@link lockFile}. */
  lock(path: string): Promise<FileLock | null>;
}

/** The files of this machine. */
export const systemFiles: ConfigfsFiles = {
  async list(path) {
    const entries = await fs.readdir(path, { withFileTypes: true });
    return entries.map((entry) => ({
      name: entry.name,
      kind: entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'directory' : 'file',
    }));
  },
  read: (path) => fs.readFile(path, 'utf8'),
  async write(path, content) {
    // Not writeFile: it would create what is missing, and may split the content into several writes.
    const file = await fs.open(path, constants.O_WRONLY);
    try {
      await file.write(typeof content === 'string' ? Buffer.from(content) : content);
    } catch (error) {
      // Node names the file in errors of open() only.
      throw Object.assign(error as Error, { path });
    } finally {
      await file.close();
    }
  },
  makeDirectory: (path) => fs.mkdir(path),
  removeDirectory: (path) => fs.rmdir(path),
  link: (target, path) => fs.symlink(target, path),
  unlink: (path) => fs.unlink(path),
  lock: lockFile,
};
