import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Catalog, type CatalogEntry, SAMPLE_RATES } from '@mixdown/contract';
import { Certificate } from '@mixdown/wam-catalog/certificate';
import { measureLatency } from '@mixdown/wam-catalog/measure-latency';
import { sha256, treeHash } from '@mixdown/wam-catalog/tree-hash';
import type { PluginSpec } from '../shared/plugin-spec.ts';
import { bundleWrapper, type Wrapper } from './bundle-wrapper.ts';
import { COLLECTION } from './collection.ts';
import { createDspCompiler, type DspCompiler } from './compile-dsp.ts';
import type { PluginDefinition } from './definition.ts';
import { hashInputs } from './hash-inputs.ts';

const VENDOR = 'Mixdown';
const STAMP = '.inputs';
const plugins = fileURLToPath(new URL('..', import.meta.url));

export interface BuildResult {
  readonly catalog: Catalog;
  /** False if everything was there already. */
  readonly built: boolean;
}

/** Replaces a file in one step, so that a reader, or a second build at the same time, never sees half of it. */
async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}

async function finished(outDir: string, inputs: string): Promise<Catalog | null> {
  try {
    if ((await readFile(join(outDir, STAMP), 'utf8')) !== inputs) return null;
    return Catalog.parse(JSON.parse(await readFile(join(outDir, 'catalog.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** What the plugin costs by its certificate, where there is one for these very files. */
async function certifiedShare(id: string, integrity: string): Promise<{ cpuShare?: number }> {
  try {
    const text = await readFile(join(plugins, 'certificates', `${id}.json`), 'utf8');
    const certificate = Certificate.parse(JSON.parse(text));
    return certificate.integrity === integrity ? { cpuShare: certificate.cost.share } : {};
  } catch {
    // Certificates are made after the first build of a plugin.
    return {};
  }
}

async function buildPlugin(
  definition: PluginDefinition,
  compile: DspCompiler,
  wrapper: Wrapper,
  outDir: string,
): Promise<CatalogEntry> {
  const { id, version, folder, parameters, latencyProbe, tail, ...words } = definition;
  const source = await readFile(join(plugins, folder, `${folder}.dsp`), 'utf8');
  const { wasm, addresses, dspBytes } = await compile(folder, source, parameters);
  const target = join(outDir, id, version);
  const spec: PluginSpec = {
    id,
    version,
    name: words.name,
    vendor: VENDOR,
    description: words.description,
    keywords: words.keywords,
    latencyFrames: {},
    parameters: [...parameters],
    addresses,
    dspBytes,
  };
  const processor = wrapper.processorFor(spec);
  await put(join(target, 'dsp.wasm'), wasm);
  await put(join(target, 'processor.js'), processor);

  const latencyFrames = Object.fromEntries(
    SAMPLE_RATES.map((sampleRate) => [
      String(sampleRate),
      measureLatency({ folder: target, entry: { id, version }, sampleRate }, latencyProbe),
    ]),
  );
  const module = wrapper.moduleFor({ ...spec, latencyFrames });
  await put(join(target, 'index.js'), module);

  const files = Object.entries({
    'dsp.wasm': wasm,
    'index.js': module,
    'processor.js': processor,
  }).map(([path, bytes]) => ({ path, sha256: sha256(bytes), bytes: Buffer.byteLength(bytes) }));
  const integrity = treeHash(files);
  return {
    id,
    ...words,
    vendor: VENDOR,
    version,
    license: 'MIT',
    integrity,
    entryUrl: `/plugins/${id}/${version}/index.js`,
    files,
    renderPath: 'direct',
    latencyFrames,
    maxTailSeconds: tail.seconds,
    ...(await certifiedShare(id, integrity)),
    parameters: [...parameters],
  };
}

/** Takes away what an earlier build left: folders of plugins and versions that are no more. */
async function removeOld(outDir: string, catalog: Catalog): Promise<void> {
  for (const folder of await readdir(outDir, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const versions = catalog.entries.filter((e) => e.id === folder.name).map((e) => e.version);
    for (const version of await readdir(join(outDir, folder.name))) {
      if (!versions.includes(version)) {
        await rm(join(outDir, folder.name, version), { recursive: true, force: true });
      }
    }
    if (!versions.length) await rm(join(outDir, folder.name), { recursive: true, force: true });
  }
}

/**
 * Builds the collection into `outDir`: `<id>/<version>/{index.js, processor.js, dsp.wasm}` each, and `catalog.json`.
 * The same sources give the same bytes; nothing is done if the sources have not changed since, unless `force`.
 * Throws with the reason if a DSP does not compile or may not be shipped.
 */
export async function buildPlugins(
  outDir: string,
  { force = false }: { force?: boolean } = {},
): Promise<BuildResult> {
  const inputs = await hashInputs();
  const before = force ? null : await finished(outDir, inputs);
  if (before) return { catalog: before, built: false };

  const library = await readFile(join(plugins, 'shared/mixdown.lib'), 'utf8');
  const compile = await createDspCompiler({ 'mixdown.lib': library });
  const wrapper = await bundleWrapper();
  const entries: CatalogEntry[] = [];
  for (const definition of COLLECTION) {
    entries.push(await buildPlugin(definition, compile, wrapper, outDir));
  }
  const catalog = Catalog.parse({ entries });
  await put(join(outDir, 'catalog.json'), `${JSON.stringify(catalog, null, 2)}\n`);
  await removeOld(outDir, catalog);
  await put(join(outDir, STAMP), inputs);
  return { catalog, built: true };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outDir = join(plugins, 'dist');
  const { catalog, built } = await buildPlugins(outDir, {
    force: process.argv.includes('--force'),
  });
  console.log(`${catalog.entries.length} plugins in ${outDir}${built ? '' : ' (unchanged)'}`);
}
