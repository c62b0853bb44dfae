import type { ConfigfsFiles } from '../../server/hid/configfs-files.js';
import type { FileLock } from '../../server/hid/file-lock.js';

type Node =
  | { kind: 'directory' }
  | { kind: 'file'; content: string }
  | { kind: 'link'; target: string };

export const FAKE_GADGET_ROOT = '/gadgets';
export const FAKE_UDC_ROOT = '/udc';

/** An errno as Node throws it. */
export function errno(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

/**
 * Gadgets in configfs with the rules of the kernel (drivers/usb/gadget/configfs.c, f_hid.c): directories bring their
 * attributes, a function that is linked keeps its directory and refuses writes, links go before directories, one gadget
 * for one controller. Keeps a journal of what was done.
 */
export class FakeConfigfs implements ConfigfsFiles {
  readonly journal: string[] = [];
  /** Functions that a controller has endpoints for. */
  capacity = 99;
  /** What an older kernel lacks. */
  missing = new Set<string>();
  /** Refuses everything, as for who is not root. */
  refuse: string | null = null;
  /** Files that somebody has locked. */
  readonly locked = new Set<string>();
  readonly #nodes = new Map<string, Node>();
  #minor = 0;

  constructor(udcs: string[] = ['fake.0'], loaded = true) {
    if (loaded) this.#nodes.set(FAKE_GADGET_ROOT, { kind: 'directory' });
    this.#nodes.set(FAKE_UDC_ROOT, { kind: 'directory' });
    for (const udc of udcs) this.addUdc(udc);
  }

  addUdc(udc: string): void {
    this.#nodes.set(`${FAKE_UDC_ROOT}/${udc}`, { kind: 'directory' });
    this.#file(`${FAKE_UDC_ROOT}/${udc}/function`, '');
    this.#file(`${FAKE_UDC_ROOT}/${udc}/srp`, '');
  }

  removeUdc(udc: string): void {
    for (const path of [...this.#nodes.keys()]) {
      if (path === `${FAKE_UDC_ROOT}/${udc}` || path.startsWith(`${FAKE_UDC_ROOT}/${udc}/`))
        this.#nodes.delete(path);
    }
  }

  /** Whole tree of a gadget: path → content, `-> target` or `/`. */
  tree(gadget: string): Record<string, string> {
    const base = `${FAKE_GADGET_ROOT}/${gadget}/`;
    const found = [...this.#nodes].filter(([path]) => path.startsWith(base));
    return Object.fromEntries(
      found.map(([path, node]) => [
        path.slice(base.length),
        node.kind === 'file' ? node.content : node.kind === 'link' ? `-> ${node.target}` : '/',
      ]),
    );
  }

  async list(path: string) {
    this.#permit(path);
    if (this.#nodes.get(path)?.kind !== 'directory') throw errno('ENOENT', path);
    const depth = path.split('/').length;
    return [...this.#nodes]
      .filter(([other]) => other.startsWith(`${path}/`) && other.split('/').length === depth + 1)
      .map(([other, node]) => ({ name: other.slice(path.length + 1), kind: node.kind }));
  }

  async read(path: string): Promise<string> {
    const node = this.#nodes.get(path);
    if (node?.kind !== 'file') throw errno('ENOENT', path);
    return `${node.content}\n`;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    this.#permit(path);
    const node = this.#nodes.get(path);
    if (node?.kind !== 'file') throw errno('ENOENT', path);
    const text = typeof content === 'string' ? content : Buffer.from(content).toString('hex');
    this.journal.push(`write ${this.#short(path)} ${text.trim()}`);
    const parts = path.split('/');
    if (parts.at(-1) === 'UDC') return this.#bind(path, node, text.trim());
    const inFunction = /^(.*\/functions\/[^/]+)\/[^/]+$/.exec(path)?.[1];
    if (inFunction && this.#linked(inFunction)) throw errno('EBUSY', path);
    node.content = text;
  }

  async makeDirectory(path: string): Promise<void> {
    this.#permit(path);
    if (this.#nodes.has(path)) throw errno('EEXIST', path);
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (this.#nodes.get(parent)?.kind !== 'directory') throw errno('ENOENT', path);
    this.journal.push(`mkdir ${this.#short(path)}`);
    this.#nodes.set(path, { kind: 'directory' });
    for (const name of this.#attributesOf(path)) {
      if (!this.missing.has(name))
        this.#file(`${path}/${name}`, name === 'dev' ? `240:${this.#minor++}` : '');
    }
    for (const name of this.#groupsOf(path))
      this.#nodes.set(`${path}/${name}`, { kind: 'directory' });
  }

  async removeDirectory(path: string): Promise<void> {
    this.#permit(path);
    if (this.#nodes.get(path)?.kind !== 'directory') throw errno('ENOENT', path);
    if (this.#linked(path)) throw errno('EBUSY', path);
    const groups = this.#groupsOf(path);
    const below = [...this.#nodes].filter(([other]) => other.startsWith(`${path}/`));
    const ownChild = ([other, node]: [string, Node]) => {
      const name = other.slice(path.length + 1);
      return node.kind === 'file'
        ? !name.includes('/')
        : node.kind === 'directory' && groups.includes(name);
    };
    if (!below.every(ownChild)) throw errno('ENOTEMPTY', path);
    this.journal.push(`rmdir ${this.#short(path)}`);
    for (const [other] of below) this.#nodes.delete(other);
    this.#nodes.delete(path);
  }

  async link(target: string, path: string): Promise<void> {
    if (this.#nodes.get(target)?.kind !== 'directory') throw errno('ENOENT', target);
    this.journal.push(`link ${this.#short(path)}`);
    this.#nodes.set(path, { kind: 'link', target });
  }

  async unlink(path: string): Promise<void> {
    if (this.#nodes.get(path)?.kind !== 'link') throw errno('ENOENT', path);
    this.journal.push(`unlink ${this.#short(path)}`);
    this.#nodes.delete(path);
  }

  async lock(path: string): Promise<FileLock | null> {
    this.#permit(path);
    if (this.locked.has(path)) return null;
    this.locked.add(path);
    return { release: () => void this.locked.delete(path) };
  }

  #bind(path: string, node: { content: string }, udc: string): void {
    const gadget = path.split('/').at(-2) as string;
    if (udc === '') {
      const gone = !this.#nodes.has(`${FAKE_UDC_ROOT}/${node.content}`);
      this.#setFunction(node.content, '');
      node.content = '';
      if (gone) throw errno('ENODEV', path);
      return;
    }
    const controller = this.#nodes.get(`${FAKE_UDC_ROOT}/${udc}/function`);
    if (controller?.kind !== 'file') throw errno('ENODEV', path);
    const functions = [...this.#nodes.values()].filter((one) => one.kind === 'link').length;
    if (controller.content !== '' || functions > this.capacity) throw errno('EBUSY', path);
    node.content = udc;
    this.#setFunction(udc, gadget);
  }

  #setFunction(udc: string, gadget: string): void {
    const controller = this.#nodes.get(`${FAKE_UDC_ROOT}/${udc}/function`);
    if (controller?.kind === 'file') controller.content = gadget;
  }

  #linked(path: string): boolean {
    return [...this.#nodes.values()].some((node) => node.kind === 'link' && node.target === path);
  }

  #attributesOf(path: string): string[] {
    const inside = path
      .slice(FAKE_GADGET_ROOT.length + 1)
      .split('/')
      .slice(1)
      .join('/');
    if (inside === '') return ['UDC', 'idVendor', 'idProduct', 'bcdDevice', 'bcdUSB'];
    if (/^functions\/hid\./.test(inside)) {
      return ['protocol', 'subclass', 'report_length', 'report_desc', 'no_out_endpoint', 'dev'];
    }
    if (/^strings\/0x/.test(inside)) return ['manufacturer', 'product', 'serialnumber'];
    if (/^configs\/[^/]+$/.test(inside)) return ['MaxPower', 'bmAttributes'];
    return /^configs\/[^/]+\/strings\/0x/.test(inside) ? ['configuration'] : [];
  }

  #groupsOf(path: string): string[] {
    const inside = path
      .slice(FAKE_GADGET_ROOT.length + 1)
      .split('/')
      .slice(1)
      .join('/');
    if (inside === '') return ['configs', 'functions', 'strings', 'os_desc'];
    return /^configs\/[^/]+$/.test(inside) ? ['strings'] : [];
  }

  #permit(path: string): void {
    if (this.refuse !== null) throw errno(this.refuse, path);
  }

  #file(path: string, content: string): void {
    this.#nodes.set(path, { kind: 'file', content });
  }

  #short(path: string): string {
    return path.replace(`${FAKE_GADGET_ROOT}/`, '');
  }
}
