import { statSync } from 'node:fs';

/** Somebody who is not root: where the tests are, it is Debian's user nobody, else who runs them. */
export const ANOTHER_USER: { uid?: number; gid?: number } =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Why nobody but root can start a program on this machine, as in a chroot whose "/" is closed to others; else false. */
export const shutOut: string | false =
  ANOTHER_USER.uid !== undefined && (statSync('/').mode & 0o001) === 0
    ? 'the directory / of this machine lets nobody in but root'
    : false;
