import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Every layer may use these. */
const BASE = ['protocol', 'errors', 'lifecycle', 'logger', 'package-version'];

/**
 * Who may import whom (docs/architecture.md). `types` may be imported with `import type` only: the small
 * interfaces that a layer declares for those who implement them.
 */
const RULES: Record<string, { all: string[]; types?: string[] }> = {
  main: { all: ['appliance', 'config', 'doctor', 'log-output', 'small-heap'] },
  'usb-service': { all: ['hid', 'log-output'] },
  appliance: {
    all: 'auth config display hid http input native session socket store system target video webrtc'.split(
      ' ',
    ),
  },
  config: { all: [] },
  doctor: { all: ['config', 'http', 'native', 'video'] },
  http: { all: ['auth', 'store', 'config'], types: ['session'] },
  auth: { all: ['store'] },
  store: { all: [] },
  session: { all: [] },
  webrtc: { all: ['native', 'path'], types: ['session'] },
  path: { all: [] },
  socket: { all: ['path'], types: ['session'] },
  input: { all: [], types: ['session'] },
  video: { all: ['native'], types: ['session'] },
  hid: { all: ['native'], types: ['session'] },
  target: { all: ['hid', 'native'] },
  display: { all: ['native'] },
  system: { all: ['native'] },
  native: { all: [] },
  client: { all: [] },
  protocol: { all: [] },
  errors: { all: [] },
  lifecycle: { all: [] },
  logger: { all: [] },
  'log-output': { all: [] },
  'small-heap': { all: [] },
  'package-version': { all: [] },
};

/** One gate per library: the layers that may import it. */
const GATES: Array<{ library: RegExp; layers: string[] }> = [
  { library: /^(fastify|@fastify\/.*)$/, layers: ['http'] },
  { library: /^werift$/, layers: ['webrtc'] },
  { library: /^ws$/, layers: ['http', 'socket', 'appliance'] },
  { library: /^lit(\/.*)?$/, layers: ['client'] },
  { library: /^pino$/, layers: ['main', 'log-output'] },
  { library: /^spi-device$/, layers: ['display'] },
  { library: /^typebox(\/.*)?$/, layers: ['protocol', 'store', 'http', 'config'] },
];

/** The programs. */
const STARTED = ['server/main.ts', 'server/usb-service.ts'];

interface Import {
  file: string;
  layer: string;
  specifier: string;
  typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function layerOf(file: string): string {
  const [top, second] = file.split('/');
  if (top !== 'server') return top ?? '';
  return (second ?? '').replace(/\.ts$/, '');
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...found].map((match) => ({
    file,
    layer: layerOf(file),
    specifier: match[2] ?? match[3] ?? match[4] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

const files = [...sourceFiles('server'), ...sourceFiles('client/src'), 'native/index.ts'];
const imports = files.flatMap(importsOf);

function targetLayer(found: Import): string | null {
  if (!found.specifier.startsWith('.')) return null;
  const path = relative(ROOT, resolve(ROOT, dirname(found.file), found.specifier));
  return layerOf(path.replace(/\.js$/, '.ts'));
}

test('the rules see the sources', () => {
  assert.ok(files.length > 50, `only ${files.length} files`);
  assert.ok(imports.length > files.length);
});

test('each layer imports only what the architecture allows', () => {
  const broken = imports.filter((found) => {
    const target = targetLayer(found);
    if (target === null || target === found.layer) return false;
    const rule = RULES[found.layer];
    assert.ok(rule, `${found.file}: layer ${found.layer} has no rule`);
    if (found.layer === 'client') return target !== 'protocol';
    if (found.layer === 'protocol') return true;
    if (BASE.includes(target) || rule.all.includes(target)) return false;
    return !(found.typeOnly && rule.types?.includes(target));
  });
  assert.deepEqual(
    broken.map((found) => `${found.file} imports ${found.specifier}`),
    [],
  );
});

test('each library has one gate', () => {
  const broken = imports.filter((found) =>
    GATES.some((gate) => gate.library.test(found.specifier) && !gate.layers.includes(found.layer)),
  );
  assert.deepEqual(
    broken.map((found) => `${found.file} imports ${found.specifier}`),
    [],
  );
});

test('lit stays in elements, controllers and styles', () => {
  const broken = imports.filter(
    (found) =>
      /^lit(\/.*)?$/.test(found.specifier) &&
      !/^client\/src\/(elements|controllers|styles)\//.test(found.file),
  );
  assert.deepEqual(broken, []);
});

test('only what is started touches the process', () => {
  const broken = files.filter((file) => {
    if (!file.startsWith('server/') || STARTED.includes(file)) return false;
    const code = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    return /\bprocess\.(?!hrtime)|from 'node:process'/.test(code);
  });
  assert.deepEqual(broken, []);
});

test('there are no import cycles', () => {
  const edges = new Map<string, string[]>();
  for (const found of imports) {
    if (found.typeOnly || !found.specifier.startsWith('.')) continue;
    const path = relative(ROOT, resolve(ROOT, dirname(found.file), found.specifier));
    edges.set(found.file, [...(edges.get(found.file) ?? []), path.replace(/\.js$/, '.ts')]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    assert.ok(!path.includes(file), `cycle: ${[...path, file].join(' → ')}`);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
});

test('no file is longer than 400 lines', () => {
  const long = [...files, ...sourceFiles('test')].filter(
    (file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 401,
  );
  assert.deepEqual(long, []);
});
