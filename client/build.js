// Bundles the page: one script, one style sheet, fonts and icon. Run by `make build`.
// `node client/build.js [OUT]` writes to OUT, by default dist/page.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const here = new URL('./', import.meta.url).pathname;
const out = resolve(process.argv[2] ?? `${here}../dist/page`);

/** What the script and the style sheet have in common. */
const shared = {
  bundle: true,
  minify: true,
  sourcemap: true,
  target: ['chrome120', 'firefox128', 'safari17'],
  logLevel: 'warning',
};

/** Indentation inside the templates of styles and elements is a tenth of the script: it goes. */
const unindent = {
  name: 'unindent',
  setup(bundler) {
    bundler.onLoad({ filter: /client\/src\/(elements|styles)\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(/^[ \t]+/gm, ''),
      loader: 'ts',
    }));
  },
};

await mkdir(out, { recursive: true });
await build({
  ...shared,
  entryPoints: [`${here}src/main.ts`],
  outfile: `${out}/main.js`,
  format: 'esm',
  plugins: [unindent],
  tsconfig: `${here}tsconfig.json`,
});
await build({
  ...shared,
  entryPoints: [`${here}src/styles/main.css`],
  outfile: `${out}/main.css`,
  external: ['*.woff2'],
});
await cp(`${here}static/`, out, { recursive: true });
await writeFile(`${out}/index.html`, await readFile(`${here}index.html`));
