import type { Catalog, PluginSlot } from '@mixdown/contract';
import type { MemoryProjectStart } from '../../../../tests/support/memory-project.ts';

const AT = '2026-01-25T00:00:00.000Z';
export const PROJECT_ID = '00000000-0000-4000-8000-000000000100';
export const TRACK_ID = '00000000-0000-4000-8000-000000000200';
export const PLUGIN_IDS = [
  '00000000-0000-4000-8000-000000000300',
  '00000000-0000-4000-8000-000000000301',
] as const;

export const FAKE_CATALOG: Catalog = {
  entries: [
    {
      id: 'test.gain',
      name: 'Gain',
      vendor: 'Test',
      version: '1.0.0',
      category: 'utility',
      description: '',
      keywords: [],
      license: 'MIT',
      integrity: '0'.repeat(64),
      entryUrl: '/plugins/test.gain/1.0.0/index.js',
      files: [],
      renderPath: 'direct',
      latencyFrames: {},
      maxTailSeconds: 0,
      parameters: ['gain', 'tone'].map((id) => ({
        id,
        label: id,
        unit: 'dB',
        kind: 'continuous',
        scale: 'linear',
        min: -100,
        max: 100,
        default: 0,
        step: 1,
        group: 'Main',
      })),
    },
  ],
};

/** A project with one track and two plugins, which nobody has touched. */
export function fakeProject(ownerId: string): MemoryProjectStart {
  const plugins = PLUGIN_IDS.map(
    (id, position): PluginSlot => ({
      id,
      projectId: PROJECT_ID,
      trackId: TRACK_ID,
      position,
      catalogId: 'test.gain',
      version: '1.0.0',
      integrity: '0'.repeat(64),
      params: { gain: 0, tone: 0 },
      state: null,
      bypassed: false,
      mix: 1,
      fence: 0,
      createdAt: AT,
      updatedAt: AT,
    }),
  );
  return {
    project: {
      id: PROJECT_ID,
      name: 'Song',
      ownerId,
      seq: 0,
      epoch: 1,
      tempo: 120,
      sampleRate: 48_000,
      isDemo: false,
      createdAt: AT,
      updatedAt: AT,
    },
    tracks: [
      {
        id: TRACK_ID,
        projectId: PROJECT_ID,
        name: 'Track 1',
        position: 0,
        color: 'slate',
        gainDb: 0,
        pan: 0,
        muted: false,
        soloed: false,
      },
    ],
    clips: [],
    plugins,
  };
}
