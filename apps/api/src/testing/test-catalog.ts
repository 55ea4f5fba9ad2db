import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CatalogEntry } from '@mixdown/contract';
import { treeHash } from '@mixdown/wam-catalog/tree-hash';

type Parameter = CatalogEntry['parameters'][number];

const gain: Parameter = {
  id: 'gain',
  label: 'Gain',
  unit: 'dB',
  kind: 'continuous',
  scale: 'linear',
  min: -24,
  max: 24,
  default: 0,
  step: null,
  group: 'Main',
};
const mode: Parameter = {
  id: 'mode',
  label: 'Mode',
  unit: '',
  kind: 'choice',
  scale: 'linear',
  min: 0,
  max: 2,
  default: 0,
  step: 1,
  choices: ['Soft', 'Hard', 'Fold'],
  group: 'Main',
};

/** Two small plugins that are real enough for whatever only reads the catalog. */
export const TEST_PLUGINS = {
  gain: { id: 'test.gain', maxTailSeconds: 0, parameters: [gain, mode] },
  echo: { id: 'test.echo', maxTailSeconds: 4, parameters: [gain], defaultMix: 0.3 },
} as const;

/** Writes a collection of those plugins into `dir`, as a build would. */
export async function writeTestCatalog(dir: string): Promise<void> {
  const entries: CatalogEntry[] = [];
  for (const plugin of Object.values(TEST_PLUGINS)) {
    const folder = path.join(dir, plugin.id, '1.0.0');
    await mkdir(folder, { recursive: true });
    const source = `// ${plugin.id}\n${'export default class {}\n'.repeat(100)}`;
    const files = [];
    for (const name of ['index.js', 'processor.js']) {
      await writeFile(path.join(folder, name), source);
      const sha256 = createHash('sha256').update(source).digest('hex');
      files.push({ path: name, sha256, bytes: source.length });
    }
    entries.push({
      ...plugin,
      parameters: [...plugin.parameters],
      name: plugin.id,
      vendor: 'Test',
      version: '1.0.0',
      category: 'utility',
      description: '',
      keywords: [],
      license: 'MIT',
      integrity: treeHash(files),
      entryUrl: `/plugins/${plugin.id}/1.0.0/index.js`,
      files,
      renderPath: 'direct',
      latencyFrames: { 44100: 0, 48000: 0 },
    });
  }
  await writeFile(path.join(dir, 'catalog.json'), JSON.stringify({ entries }));
}
