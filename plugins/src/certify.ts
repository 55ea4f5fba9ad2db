import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogEntry } from '@mixdown/contract';
import { type CertifyResult, certifyPlugin } from '@mixdown/wam-catalog/certify-plugin';
import { buildPlugins } from './build.ts';
import { COLLECTION } from './collection.ts';

const plugins = fileURLToPath(new URL('..', import.meta.url));
export const CERTIFICATES = join(plugins, 'certificates');

/** Puts one built plugin of the collection to the test. */
export function certifyBuilt(entry: CatalogEntry, distDir: string): CertifyResult {
  const definition = COLLECTION.find((candidate) => candidate.id === entry.id);
  if (!definition) throw new Error(`${entry.id} is not in the collection`);
  return certifyPlugin({
    folder: join(distDir, entry.id, entry.version),
    entry,
    latencyProbe: definition.latencyProbe,
    tailParams: definition.tail.params,
  });
}

/** `node plugins/src/certify.ts [id…]`: builds, certifies, and writes certificates/<id>.json; fails on any failure. */
async function main(wanted: readonly string[]): Promise<void> {
  const dist = join(plugins, 'dist');
  const { catalog } = await buildPlugins(dist);
  await mkdir(CERTIFICATES, { recursive: true });
  for (const entry of catalog.entries) {
    if (wanted.length && !wanted.includes(entry.id)) continue;
    const { certificate, failures } = certifyBuilt(entry, dist);
    for (const { claim, sampleRate, detail } of failures) {
      console.error(`${entry.id} at ${sampleRate} Hz fails: ${claim}. ${detail}`);
    }
    if (!certificate) {
      process.exitCode = 1;
      continue;
    }
    const file = join(CERTIFICATES, `${entry.id}.json`);
    await writeFile(file, `${JSON.stringify(certificate, null, 2)}\n`);
    const { tail, cost, extremePeakDb } = certificate;
    console.log(
      `${entry.id}: tail ${tail.measuredSeconds} s, ${cost.microsecondsPerQuantum} µs a quantum, extreme peak ${extremePeakDb} dBFS`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
