import { createFileStorage, type FileStorage, type FileTokens } from './files/file-storage.ts';
import type { ObjectStorage } from './object-storage.ts';
import { type R2Config, readR2Config } from './r2/r2-config.ts';

/** R2 as everybody meets it: `fileTokens` is null, since its downloads do not pass through the API. */
export interface R2ObjectStorage extends ObjectStorage {
  readonly kind: 'r2';
  readonly fileTokens: null;
}

export type OpenedStorage = (FileStorage & { readonly fileTokens: FileTokens }) | R2ObjectStorage;

/**
 * R2 where `R2_*` is set, else files below `dataDir`. Does no I/O.
 * Throws an Error that names the variable if the R2 settings are incomplete.
 */
export function openStorage(
  env: NodeJS.ProcessEnv,
  options: { dataDir: string; publicUrl: string },
): OpenedStorage {
  const config = readR2Config(env);
  return config ? lazyR2(config) : createFileStorage(options);
}

/** The AWS SDK takes a third of a second to load: only those who use R2 wait for it, and at first use. */
function lazyR2(config: R2Config): R2ObjectStorage {
  let loaded: Promise<ObjectStorage> | undefined;
  const driver = () =>
    (loaded ??= import('./r2/r2-storage.ts').then((module) => module.createR2Storage(config)));
  return {
    kind: 'r2',
    fileTokens: null,
    put: async (key, body, options) => (await driver()).put(key, body, options),
    head: async (key) => (await driver()).head(key),
    get: async (key, range) => (await driver()).get(key, range),
    copy: async (from, to, options) => (await driver()).copy(from, to, options),
    delete: async (key) => (await driver()).delete(key),
    abandonUploads: async (prefix) => (await driver()).abandonUploads(prefix),
    list: async function* (prefix) {
      yield* (await driver()).list(prefix);
    },
    presignGet: async (key, options) => (await driver()).presignGet(key, options),
  };
}
