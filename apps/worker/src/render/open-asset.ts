import { buffer } from 'node:stream/consumers';
import type { OpenAsset } from '@mixdown/engine/direct/asset-feed';
import type { ObjectStorage } from '@mixdown/storage';

/** The audio that a clip plays is not in the object storage any more. */
export class AssetMissingError extends Error {
  override readonly name = 'AssetMissingError';
  readonly assetId: string;
  constructor(assetId: string) {
    super(`asset ${assetId} is not in the object storage`);
    this.assetId = assetId;
  }
}

/** Reads canonical audio out of the object storage by byte range. */
export function storedAssets(
  storage: Pick<ObjectStorage, 'get'>,
  keys: Readonly<Record<string, string>>,
): OpenAsset {
  return async (assetId) => {
    const key = keys[assetId];
    if (key === undefined) throw new AssetMissingError(assetId);
    return {
      async read(start, end) {
        const found = await storage.get(key, { start, end: end - 1 });
        if (!found) throw new AssetMissingError(assetId);
        return buffer(found.body);
      },
    };
  };
}
