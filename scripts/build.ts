/**
 * Builds what is served: the plugins (Faust → WebAssembly) and the web app. Skips a part whose inputs have not
 * changed since its last build, so `npm start` can call it every time. `--force` builds anyway.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// Whatever the shell or a test runner says: what is served is React's production build.
process.env.NODE_ENV = 'production';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const IGNORED = new Set(['node_modules', 'dist', '.vite']);

async function* filesBelow(dir: string): AsyncGenerator<string> {
  const entries = await readdir(dir, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (IGNORED.has(entry.name)) continue;
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) yield file;
  }
}

/** SHA-256 over names and contents of everything below `inputs` (folders or files, relative to the root). */
async function fingerprint(inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const add = async (file: string) => {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(await readFile(file))
      .update('\0');
  };
  for (const input of inputs) {
    const full = path.join(root, input);
    if (path.extname(full)) await add(full);
    else for await (const file of filesBelow(full)) await add(file);
  }
  return hash.digest('hex');
}

interface Part {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outDir: string;
  build(outDir: string): Promise<void>;
}

const PARTS: readonly Part[] = [
  {
    name: 'plugins',
    inputs: ['plugins', 'packages/wam-catalog', 'packages/contract', 'package-lock.json'],
    outDir: 'plugins/dist',
    async build(outDir) {
      const { buildPlugins } = await import('../plugins/src/build.ts');
      await buildPlugins(outDir);
    },
  },
  {
    name: 'web app',
    inputs: [
      'apps/web',
      ...['contract', 'core', 'dsp', 'engine', 'telemetry', 'wam-catalog', 'wam-host'].map(
        (p) => `packages/${p}`,
      ),
      'package-lock.json',
      'scripts/build.ts',
    ],
    outDir: 'apps/web/dist',
    async build() {
      const { build } = await import('vite');
      await build({ root: path.join(root, 'apps/web'), logLevel: 'warn' });
    },
  },
];

async function buildPart(part: Part, force: boolean): Promise<void> {
  const outDir = path.join(root, part.outDir);
  const stamp = path.join(outDir, '.fingerprint');
  const wanted = await fingerprint(part.inputs);
  if (!force && existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  const started = performance.now();
  // Without its stamp a build that is cut short is never taken for a whole one.
  await rm(stamp, { force: true });
  await part.build(outDir);
  await mkdir(outDir, { recursive: true });
  await writeFile(stamp, wanted);
  console.log(`Built the ${part.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

for (const part of PARTS) await buildPart(part, process.argv.includes('--force'));
