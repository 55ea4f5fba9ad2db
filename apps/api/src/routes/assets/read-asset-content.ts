import { refuse } from '@mixdown/contract';
import { z } from 'zod';
import type { AssetRow } from '../../db/queries/asset-columns.ts';
import { AssetParams, NotModified } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { sendObject } from '../../http/send-object.ts';
import { findAsset } from './find-asset.ts';

const audio = (description: string) => ({
  description,
  content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
});

export default defineRoute({
  method: 'GET',
  url: '/assets/:assetId/content',
  operationId: 'readAssetContent',
  summary: 'Canonical audio',
  description:
    'Raw little-endian float32, interleaved, at the project’s rate, without any header: frame f begins at byte f · channels · 4. It never changes. Ask for parts by `Range: bytes=…`; 416 tells the size.',
  tag: 'Audio',
  access: 'account',
  params: AssetParams,
  response: {
    200: audio('The whole audio'),
    206: audio('The part that was asked for'),
    304: NotModified,
  },
  refusals: ['range_not_satisfiable'],
  handle: findAsset,
  async respond(result, { services, request, reply }) {
    const asset = result as AssetRow;
    const sent = await sendObject(request, reply, {
      storage: services.storage,
      key: asset.storageKey,
      size: asset.bytes,
      etag: `"${asset.sha256}"`,
      contentType: 'application/octet-stream',
      cacheControl: 'private, max-age=31536000, immutable',
    });
    if (!sent) throw refuse('not_found', 'The audio of this asset is gone.');
  },
});
