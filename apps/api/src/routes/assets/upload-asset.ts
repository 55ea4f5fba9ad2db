import { openAudio } from '@mixdown/codecs';
import { Asset, MAX_ASSET_SECONDS, refuse } from '@mixdown/contract';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import { asCaller, type Tx } from '../../db/in-transaction.ts';
import { findProject } from '../../db/queries/find-project.ts';
import { insertAsset } from '../../db/queries/insert-asset.ts';
import { requireProject } from '../../db/queries/require-project.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';
import type { Services } from '../../services.ts';
import { assetName } from '../../uploads/asset-name.ts';
import { type ReceivedFile, receiveFile, uploadsDir } from '../../uploads/receive-file.ts';
import { deleteAssetObjects, storeAsset } from '../../uploads/store-asset.ts';
import { createTurns } from '../../uploads/turns.ts';

/** Decoders run on this process's only thread, with memory of their own: more at once would only take longer. */
const inTurn = createTurns(2);

async function projectRate(tx: Tx, projectId: string, identity: Identity): Promise<number> {
  if (identity.role === 'guest') {
    throw refuse('guest_not_allowed', 'Sign up to use audio of your own; your project is kept.');
  }
  await requireProject(tx, { projectId, access: 'editor', identity });
  const project = await findProject(tx, projectId);
  if (!project) throw refuse('not_found', 'There is no such project.');
  return project.sampleRate;
}

async function importFile(
  services: Services,
  file: ReceivedFile,
  o: { projectId: string; identity: Identity; sampleRate: number; signal: AbortSignal },
): Promise<Asset> {
  const { storage, pool } = services;
  const { projectId, sampleRate, signal } = o;
  const audio = await openAudio(file.path, {
    fileName: file.fileName,
    maxSeconds: MAX_ASSET_SECONDS,
  });
  const { format, channels } = audio;
  const id = crypto.randomUUID();
  const stored = await storeAsset(storage, audio, { assetId: id, sampleRate, signal });
  try {
    return await asCaller(pool, o.identity, (tx) =>
      insertAsset(tx, {
        id,
        projectId,
        name: assetName(file.fileName),
        channels,
        sampleRate,
        sourceFormat: format,
        sourceSampleRate: audio.sampleRate,
        ...stored,
      }),
    );
  } catch (error) {
    await deleteAssetObjects(storage, id);
    throw error;
  }
}

export default defineRoute({
  method: 'POST',
  url: '/projects/:projectId/assets',
  operationId: 'uploadAsset',
  summary: 'Upload audio',
  description:
    'One file as multipart/form-data, up to 200 MB and 30 minutes: WAV, FLAC, MP3 or Ogg, judged by its content. It is decoded and brought to the project’s rate once, here, so that everybody hears the same samples.',
  tag: 'Audio',
  access: 'account',
  params: ProjectParams,
  upload: z.object({ file: z.string().meta({ format: 'binary' }) }),
  response: { 201: Asset },
  refusals: [
    'forbidden',
    'guest_not_allowed',
    'validation_failed',
    'unsupported_media_type',
    'asset_empty',
    'asset_corrupt',
    'asset_unsupported',
    'asset_mislabelled',
    'asset_too_large',
    'asset_too_long',
  ],
  async handleLong({ services, request, reply, params: { projectId } }) {
    const identity = requireIdentity(request);
    const sampleRate = await asCaller(services.pool, identity, (tx) =>
      projectRate(tx, projectId, identity),
    );
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('the uploader has gone')));
    await using file = await receiveFile(request, uploadsDir(services.config.dataDir));
    const asset = await inTurn(() =>
      importFile(services, file, { projectId, identity, sampleRate, signal: gone.signal }),
    );
    reply.header('location', `/api/v1/daw/assets/${asset.id}/content`);
    return asset;
  },
});
