import { AssetPeaks, refuse } from '@mixdown/contract';
import type { AssetRow } from '../../db/queries/asset-columns.ts';
import { AssetParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import { findAsset } from './find-asset.ts';

export default defineRoute({
  method: 'GET',
  url: '/assets/:assetId/peaks',
  operationId: 'readAssetPeaks',
  summary: 'Peaks for drawing',
  tag: 'Audio',
  access: 'account',
  params: AssetParams,
  response: { 200: AssetPeaks },
  handle: findAsset,
  async respond(result, { services, reply }) {
    const asset = result as AssetRow;
    const object = await services.storage.get(asset.peaksKey);
    if (!object) throw refuse('not_found', 'The peaks of this asset are gone.');
    const chunks: Buffer[] = [];
    for await (const chunk of object.body) chunks.push(chunk as Buffer);
    reply.header('cache-control', 'private, max-age=31536000, immutable');
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  },
});
