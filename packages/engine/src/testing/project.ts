import type { Catalog, Clip, PluginSlot, ProjectSnapshot, Track } from '@mixdown/contract';
import { noiseAudio } from './noise.ts';

const TIME = '2026-01-01T00:00:00.000Z';

/** A UUID that says what it is for: kind and number. */
export const testId = (kind: number, n: number): string =>
  `00000000-0000-4000-8000-${String(kind).padStart(4, '0')}${String(n).padStart(8, '0')}`;

export interface TestPlugin {
  readonly catalogId: string;
  readonly params?: Readonly<Record<string, number>>;
  readonly bypassed?: boolean;
  readonly mix?: number;
}

export interface TestTrack extends Partial<Track> {
  readonly plugins?: readonly TestPlugin[];
  readonly clips?: readonly Partial<Clip>[];
  /** Channels of the track's asset. */
  readonly channels?: number;
}

export interface TestProject {
  readonly snapshot: ProjectSnapshot;
  /** Interleaved audio by asset id. */
  readonly audio: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

/**
 * A project with one noise asset of `frames` frames per track. Ids are fixed: `testId(1, track)`,
 * `testId(2, 100·track + slot)` for plugins, `testId(3, track)` for assets.
 */
export function testProject(
  catalog: Catalog,
  tracks: readonly TestTrack[],
  { frames = 48_000, sampleRate = 48_000 as 44_100 | 48_000 } = {},
): TestProject {
  const projectId = testId(0, 0);
  const audio = new Map<string, Float32Array<ArrayBuffer>>();
  const snapshot: ProjectSnapshot = {
    project: {
      id: projectId,
      name: 'Test',
      ownerId: testId(9, 0),
      seq: 1,
      epoch: 1,
      tempo: 120,
      sampleRate,
      isDemo: false,
      createdAt: TIME,
      updatedAt: TIME,
    },
    role: 'owner',
    tracks: [],
    clips: [],
    assets: [],
    plugins: [],
  };
  tracks.forEach(({ plugins = [], clips = [{}], channels = 2, ...track }, t) => {
    const trackId = testId(1, t);
    const assetId = testId(3, t);
    audio.set(assetId, noiseAudio(t + 1, frames, channels));
    snapshot.tracks.push({
      id: trackId,
      projectId,
      name: `Track ${t + 1}`,
      position: t,
      color: 'teal',
      gainDb: 0,
      pan: 0,
      muted: false,
      soloed: false,
      ...track,
    });
    snapshot.assets.push({
      id: assetId,
      projectId,
      name: `asset ${t}`,
      channels,
      sampleRate,
      frames,
      sourceFormat: 'generated',
      sourceSampleRate: sampleRate,
      bytes: frames * channels * 4,
      sha256: '',
      createdAt: TIME,
    });
    clips.forEach((clip, c) => {
      snapshot.clips.push({
        id: testId(4, 100 * t + c),
        projectId,
        trackId,
        assetId,
        startFrame: 0,
        offsetFrames: 0,
        lengthFrames: frames,
        gainDb: 0,
        ...clip,
      });
    });
    plugins.forEach((plugin, p) => {
      const id = testId(2, 100 * t + p);
      snapshot.plugins.push(testSlot(catalog, { id, trackId, position: p, ...plugin }));
    });
  });
  return { snapshot, audio };
}

/** A stored plugin; one that the catalog lacks gets version 0.0.0. */
export function testSlot(
  catalog: Catalog,
  slot: TestPlugin & Pick<PluginSlot, 'id' | 'trackId' | 'position'>,
): PluginSlot {
  const entry = catalog.entries.find((e) => e.id === slot.catalogId);
  return {
    id: slot.id,
    projectId: testId(0, 0),
    trackId: slot.trackId,
    position: slot.position,
    catalogId: slot.catalogId,
    version: entry?.version ?? '0.0.0',
    integrity: entry?.integrity ?? '0'.repeat(64),
    params: { ...slot.params },
    state: null,
    bypassed: slot.bypassed ?? false,
    mix: slot.mix ?? 1,
    fence: 0,
    createdAt: TIME,
    updatedAt: TIME,
  };
}
