import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import type * as LibFlacTypes from 'libflacjs/dist/libflac.min.wasm.js';

export type LibFlac = typeof LibFlacTypes;

const require = createRequire(import.meta.url);

/**
 * Loads a new instance of libFLAC (WebAssembly), with a memory of its own that is freed with it.
 * The published loader is evaluated here instead of required: where there is a global `fetch`, as in Node, it would
 * fetch its WebAssembly by a bare path and fail; it would also keep one instance, and its grown memory, for ever.
 */
export async function loadLibFlac(): Promise<LibFlac> {
  const file = require.resolve('libflacjs/dist/libflac.min.wasm.js');
  const module: { exports: LibFlac; require: NodeJS.Require } = {
    // Filled by the loader before it returns.
    exports: {} as LibFlac,
    require,
  };
  const shim = {
    versions: process.versions,
    argv: process.argv,
    env: { FLAC_SCRIPT_LOCATION: `${dirname(file)}/` },
    on: () => {},
  };
  const names = ['module', 'exports', 'require', 'process', 'fetch', '__dirname', '__filename'];
  const load = compileFunction(readFileSync(file, 'utf8'), names, { filename: file });
  load(module, module.exports, require, shim, undefined, dirname(file), file);
  const flac = module.exports;
  if (!flac.isReady()) await new Promise<void>((resolve) => flac.on('ready', () => resolve()));
  return flac;
}
