// Bundles the page into dist/page: one script, one style sheet, fonts. Run by `make build`.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const out = new URL('../dist/page/', import.meta.url).pathname;
const here = new URL('./', import.meta.url).pathname;

await mkdir(out, { recursive: true });
await build({
  entryPoints: [`${here}src/main.ts`],
  outfile: `${out}main.js`,
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: ['chrome120', 'firefox128', 'safari17'],
  tsconfig: `${here}tsconfig.json`,
  logLevel: 'warning',
});
await cp(`${here}static/`, out, { recursive: true });
await writeFile(`${out}index.html`, await readFile(`${here}index.html`));
