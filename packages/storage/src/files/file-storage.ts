import { createReadStream } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../hashing.ts';
import { checkKey, checkPrefix } from '../keys.ts';
import { checkExpiry, type ObjectStorage, RangeNotSatisfiableError } from '../object-storage.ts';
import { type DownloadGrant, signDownloadToken, verifyDownloadToken } from './download-tokens.ts';
import { loadSecret } from './secret.ts';
import { removeEmptyFolders, walk } from './walk.ts';
import {
  copyDurably,
  removeUploads,
  sweepAbandoned,
  tempFileOf,
  writeFileDurably,
} from './write-file.ts';

export interface FileTokens {
  /** What `GET /files/:token` may serve, or null if the token is forged, damaged or expired. */
  verifyDownloadToken(token: string): DownloadGrant | null;
}

export interface FileStorage extends ObjectStorage {
  readonly kind: 'files';
  readonly fileTokens: FileTokens;
}

export interface FileStorageOptions {
  /** Objects go to `objects/`, their types to `object-types/`, the signing key to `storage-secret`. */
  readonly dataDir: string;
  /** Origin under which the API answers `GET /files/:token`. */
  readonly publicUrl: string;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** Objects as files, for one machine (or a shared folder): no service to run. */
export function createFileStorage(options: FileStorageOptions): FileStorage {
  const now = options.now ?? Date.now;
  const objects = path.join(options.dataDir, 'objects');
  const types = path.join(options.dataDir, 'object-types');
  const temp = path.join(options.dataDir, 'object-uploads');
  const objectPath = (key: string) => path.join(objects, checkKey(key));
  const typePath = (key: string) => path.join(types, `${checkKey(key)}.type`);
  let secret: Buffer | undefined;
  const key32 = () => (secret ??= loadSecret(options.dataDir));
  let swept: Promise<void> | undefined;

  const contentType = async (key: string) =>
    readFile(typePath(key), 'utf8').catch(() => 'application/octet-stream');

  const writeType = (key: string, type: string) =>
    writeFileDurably(typePath(key), tempFileOf(temp, key), once(Buffer.from(type)));

  return {
    kind: 'files',
    async put(key, body, { contentType, signal }) {
      const target = objectPath(key);
      swept ??= sweepAbandoned(temp, now());
      await swept;
      const stream = counted(body, signal);
      await writeFileDurably(target, tempFileOf(temp, key), stream, () =>
        writeType(key, contentType),
      );
      return stream.result();
    },
    async head(key) {
      const file = await openIfThere(objectPath(key));
      if (!file) return null;
      await using _ = file;
      return { bytes: (await file.stat()).size, contentType: await contentType(key) };
    },
    async get(key, range) {
      const file = await openIfThere(objectPath(key));
      if (!file) return null;
      try {
        const { size } = await file.stat();
        if (range && (range.start >= size || range.end < range.start)) {
          throw new RangeNotSatisfiableError(size);
        }
        const start = range?.start ?? 0;
        const end = Math.min(range?.end ?? size - 1, size - 1);
        const type = await contentType(key);
        // `end: -1` is not a range that streams know: an empty object is read without any.
        const body = createReadStream('', size === 0 ? { fd: file } : { fd: file, start, end });
        return { body, bytes: end - start + 1, totalBytes: size, contentType: type };
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    async copy(from, to, { contentType }) {
      return copyDurably(objectPath(from), objectPath(to), tempFileOf(temp, to), () =>
        writeType(to, contentType),
      );
    },
    async delete(key) {
      for (const [root, file] of [
        [objects, objectPath(key)],
        [types, typePath(key)],
      ] as const) {
        await rm(file, { force: true });
        await removeEmptyFolders(root, path.dirname(file));
      }
    },
    abandonUploads: (prefix) => removeUploads(temp, checkPrefix(prefix)),
    async *list(prefix) {
      for await (const { key, info } of walk(objects, checkPrefix(prefix))) {
        yield { key, bytes: info.size, modifiedAt: info.mtime };
      }
    },
    async presignGet(key, { expiresInSeconds, contentDisposition, contentType, viewer }) {
      checkExpiry(expiresInSeconds);
      const exp = Math.floor(now() / 1000) + expiresInSeconds;
      const grant: DownloadGrant = {
        key: checkKey(key),
        disposition: contentDisposition,
        type: contentType,
        ...(viewer !== undefined && { viewer }),
      };
      const token = signDownloadToken(key32(), grant, exp);
      const base = options.publicUrl.replace(/\/+$/, '');
      return { url: `${base}/files/${token}`, expiresAt: new Date(exp * 1000) };
    },
    fileTokens: { verifyDownloadToken: (token) => verifyDownloadToken(key32(), token, now()) },
  };
}

async function openIfThere(file: string) {
  try {
    const handle = await open(file, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    return null;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
