import type { CatalogEntry, PluginSlot, ProjectSnapshot, Track } from '@mixdown/contract';

const id = (kind: number, n: number) =>
  `0000000${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const AT = '2026-01-25T12:00:00.000Z';
const PROJECT = id(0, 1);

const track = (n: number, name: string, color: Track['color']): Track => ({
  id: id(1, n),
  projectId: PROJECT,
  name,
  position: n,
  color,
  gainDb: 0,
  pan: 0,
  muted: false,
  soloed: false,
});

const slot = (n: number, trackN: number, position: number): PluginSlot => ({
  id: id(3, n),
  projectId: PROJECT,
  trackId: id(1, trackN),
  position,
  catalogId: 'test.filter',
  version: '1.0.0',
  integrity: 'a'.repeat(64),
  params: { cutoff: 1000 },
  state: null,
  bypassed: false,
  mix: 1,
  fence: 0,
  createdAt: AT,
  updatedAt: AT,
});

export const TEST_ENTRY: CatalogEntry = {
  id: 'test.filter',
  name: 'Filter',
  vendor: 'Test',
  version: '1.0.0',
  category: 'filter',
  description: 'A filter.',
  keywords: ['warm'],
  license: 'MIT',
  integrity: 'a'.repeat(64),
  entryUrl: '/plugins/test.filter/1.0.0/index.js',
  files: [],
  renderPath: 'direct',
  latencyFrames: {},
  maxTailSeconds: 1,
  parameters: [
    {
      id: 'cutoff',
      label: 'Cutoff',
      unit: 'Hz',
      kind: 'continuous',
      scale: 'log',
      min: 20,
      max: 20_000,
      default: 1000,
      step: null,
      group: 'Filter',
    },
  ],
};

/** Three tracks with two clips and three plugins: enough for every kind of edit. */
export const demoSnapshot = (): ProjectSnapshot => ({
  project: {
    id: PROJECT,
    name: 'Night drive',
    ownerId: id(9, 1),
    seq: 7,
    epoch: 1,
    tempo: 120,
    sampleRate: 48_000,
    isDemo: false,
    createdAt: AT,
    updatedAt: AT,
  },
  role: 'owner',
  tracks: [track(0, 'Drums', 'rose'), track(1, 'Bass', 'amber'), track(2, 'Pads', 'teal')],
  clips: [0, 1].map((n) => ({
    id: id(2, n),
    projectId: PROJECT,
    trackId: id(1, n),
    assetId: id(4, 0),
    startFrame: n * 96_000,
    offsetFrames: 0,
    lengthFrames: 96_000,
    gainDb: 0,
  })),
  assets: [
    {
      id: id(4, 0),
      projectId: PROJECT,
      name: 'Loop',
      channels: 2,
      sampleRate: 48_000,
      frames: 96_000,
      sourceFormat: 'generated',
      sourceSampleRate: 48_000,
      bytes: 768_000,
      sha256: 'b'.repeat(64),
      createdAt: AT,
    },
  ],
  plugins: [slot(0, 0, 0), slot(1, 0, 1), slot(2, 1, 0)],
});
