import { randomUUID } from 'node:crypto';
import type { Catalog } from '@mixdown/contract';
import { defaultParams } from '@mixdown/core';
import type { Work } from '@mixdown/database';
import type { DemoSlot, DemoSong, DemoTrack } from '@mixdown/demo-material';
import { defaultMixOf, findEntry } from '@mixdown/wam-catalog';
import type { StoredAudio, StoredDemo } from './store-demo-audio.ts';

type Trx = Parameters<Work<unknown>>[0];

interface Demo {
  readonly song: DemoSong;
  readonly audio: StoredDemo;
  readonly catalog: Catalog;
  readonly ownerId: string;
  readonly name: string;
  readonly isDemo: boolean;
  readonly members: ReadonlyArray<{ userId: string; role: 'editor' | 'client' }>;
}

/** A plugin that the catalog lacks is stored as it came: its version is unknown and its state is not ours to read. */
const UNKNOWN = { version: '1.0.0', integrity: '0'.repeat(64) };

function slotRow(slot: DemoSlot, catalog: Catalog) {
  const entry = findEntry(catalog, slot.catalogId);
  const { version, integrity } = entry ?? UNKNOWN;
  return {
    catalog_id: slot.catalogId,
    version,
    integrity,
    params: entry ? { ...defaultParams(entry), ...slot.params } : slot.params,
    state: slot.state ?? null,
    bypassed: slot.bypassed ?? false,
    mix: slot.mix ?? defaultMixOf(entry),
  };
}

/** The demo song as a project with all its rows. Audio objects are shared between copies, as their keys say. */
export async function insertDemo(trx: Trx, demo: Demo): Promise<void> {
  const projectId = randomUUID();
  const { song, audio } = demo;
  await trx
    .insertInto('daw_projects')
    .values({
      id: projectId,
      owner_id: demo.ownerId,
      name: demo.name,
      tempo: song.tempo,
      sample_rate: song.sampleRate,
      is_demo: demo.isDemo,
    })
    .execute();
  for (const { userId, role } of demo.members) {
    await trx
      .insertInto('daw_project_members')
      .values({ project_id: projectId, user_id: userId, role })
      .execute();
  }
  for (const [position, track] of song.tracks.entries()) {
    await insertTrack(trx, {
      track,
      position,
      projectId,
      audio,
      catalog: demo.catalog,
      sampleRate: song.sampleRate,
    });
  }
}

async function insertTrack(
  trx: Trx,
  the: {
    track: DemoTrack;
    position: number;
    projectId: string;
    audio: StoredDemo;
    catalog: Catalog;
    sampleRate: number;
  },
): Promise<void> {
  const { track, projectId } = the;
  const trackId = randomUUID();
  await trx
    .insertInto('daw_tracks')
    .values({
      id: trackId,
      project_id: projectId,
      name: track.name,
      position: the.position,
      color: track.color,
      gain_db: track.gainDb,
      pan: track.pan,
    })
    .execute();
  for (const clip of track.clips) {
    const stored = the.audio.get(clip.name) as StoredAudio;
    const assetId = randomUUID();
    await trx
      .insertInto('daw_assets')
      .values({
        id: assetId,
        project_id: projectId,
        name: clip.name,
        channels: stored.channels,
        sample_rate: the.sampleRate,
        frames: stored.frames,
        source_format: 'generated',
        source_sample_rate: the.sampleRate,
        bytes: stored.bytes,
        sha256: stored.sha256,
        storage_key: stored.storageKey,
        peaks_key: stored.peaksKey,
      })
      .execute();
    await trx
      .insertInto('daw_clips')
      .values({
        project_id: projectId,
        track_id: trackId,
        asset_id: assetId,
        start_frame: clip.startFrame,
        length_frames: stored.frames,
      })
      .execute();
  }
  for (const [position, slot] of track.chain.entries()) {
    await trx
      .insertInto('daw_plugins')
      .values({ project_id: projectId, track_id: trackId, position, ...slotRow(slot, the.catalog) })
      .execute();
  }
}
