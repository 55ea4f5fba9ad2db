import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
/** Where the code lies that turns a snapshot into bytes, and the versions of the libraries that it calls. */
const PARTS = [
  'packages/{contract,core,dsp,engine,codecs,wam-catalog}/{package.json,src/**/*.{ts,js,wasm}}',
  'apps/worker/src/{render,encode,measure}/**/*.ts',
];

/**
 * The code that renders and encodes, as SHA-256 (hex) of its files, and Node's own version, whose floating-point
 * arithmetic it uses. A number that somebody has to remember to raise would one day hand out an old engine's file.
 */
export async function renderCode(): Promise<string> {
  const names: string[] = [];
  for await (const name of glob(PARTS, { cwd: ROOT })) {
    if (!/\.test\.ts$|\/testing\//.test(name)) names.push(name);
  }
  if (names.length === 0) throw new Error(`no render code below ${ROOT}`);
  const hash = createHash('sha256').update(process.version);
  for (const name of names.sort()) {
    hash
      .update(`\n${name.split(path.sep).join('/')}\n`)
      .update(await readFile(path.join(ROOT, name)));
  }
  return hash.digest('hex');
}
