/**
 * `npm run bench` runs every figure, `npm run bench -- render` one. Each file of this folder measures one thing
 * against a reference in the same run and prints ratios: absolute times belong to a machine, ratios carry over.
 */
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const benches = (await readdir(here))
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benches.includes(name));
if (unknown.length) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${benches.join(', ')}.`);
  process.exit(2);
}
let failed = 0;
for (const name of wanted.length ? wanted : benches) {
  console.log(`\n── ${name}`);
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', path.join(here, `${name}.bench.ts`)], {
      stdio: 'inherit',
    });
    child.once('error', reject);
    child.once('exit', (exit) => resolve(exit ?? 1));
  });
  if (code !== 0) failed++;
}
process.exitCode = failed ? 1 : 0;
