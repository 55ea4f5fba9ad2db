import type { ExportOptions, ProjectSnapshot } from '@mixdown/contract';
import { ExportRequest } from '@mixdown/contract';
import { describe, expect, it } from 'vitest';
import { contentKey, type ExportContent } from './content-key.ts';

const content: ExportContent = {
  snapshot: {
    project: {
      id: 'p1',
      name: 'Song',
      seq: 7,
      epoch: 0,
      tempo: 120,
      sampleRate: 48_000,
      updatedAt: '2026-01-01T00:00:00.000Z',
    },
    role: 'owner',
    tracks: [{ id: 't1', name: 'Bass', color: 'teal', position: 0, gainDb: -3, pan: 0 }],
    clips: [{ id: 'c1', trackId: 't1', assetId: 'a1', startFrame: 0, lengthFrames: 100 }],
    assets: [
      { id: 'a1', sha256: 'aa', frames: 100, channels: 2, sampleRate: 48_000 },
      { id: 'a2', sha256: 'bb', frames: 100, channels: 2, sampleRate: 48_000 },
    ],
    plugins: [
      {
        id: 's1',
        trackId: 't1',
        catalogId: 'x',
        version: '1.0.0',
        params: { a: 1, b: 2 },
        fence: 3,
      },
    ],
  } as unknown as ProjectSnapshot,
  options: ExportRequest.parse({ sampleRate: 48_000 }) as ExportOptions,
  plugins: {
    catalog: { entries: [] },
    files: { 'x@1.0.0/a.js': { absolutePath: '/one/a.js', sha256: 'cc' } },
    refused: {},
  },
  renderCode: 'code',
};
const changed = (change: (copy: ExportContent) => void) => {
  const copy = structuredClone(content);
  change(copy);
  return contentKey(copy);
};
type Loose = Record<string, never>;

describe('contentKey', () => {
  it.each<[string, (c: ExportContent) => void]>([
    ['the project’s name', (c) => Object.assign(c.snapshot.project, { name: 'Other' })],
    ['its place in the log', (c) => Object.assign(c.snapshot.project, { seq: 99, epoch: 1 })],
    ['who asks', (c) => Object.assign(c.snapshot, { role: 'editor' })],
    [
      'names and colours of tracks',
      (c) => Object.assign(c.snapshot.tracks[0] as object, { name: 'Low end', color: 'rose' }),
    ],
    ['an asset that no clip plays', (c) => c.snapshot.assets.pop()],
    ['who held a plugin', (c) => Object.assign(c.snapshot.plugins[0] as object, { fence: 9 })],
    [
      'the order of keys',
      (c) => Object.assign(c.snapshot.plugins[0] as object, { params: { b: 2, a: 1 } }),
    ],
    [
      'where plugin files lie',
      (c) =>
        Object.assign(c.plugins.files['x@1.0.0/a.js'] as object, { absolutePath: '/two/a.js' }),
    ],
  ])('is the same whatever %s', (_name, change) => {
    expect(changed(change)).toBe(contentKey(content));
  });

  it.each<[string, (c: ExportContent) => void]>([
    ['a parameter', (c) => Object.assign(c.snapshot.plugins[0]?.params as Loose, { a: 1.5 })],
    ['a fader', (c) => Object.assign(c.snapshot.tracks[0] as object, { gainDb: -4 })],
    ['a clip’s place', (c) => Object.assign(c.snapshot.clips[0] as object, { startFrame: 1 })],
    ['the audio', (c) => Object.assign(c.snapshot.assets[0] as object, { sha256: 'ab' })],
    ['the tempo', (c) => Object.assign(c.snapshot.project, { tempo: 121 })],
    ['an option', (c) => Object.assign(c.options, { dither: false })],
    [
      'a plugin’s file',
      (c) => Object.assign(c.plugins.files['x@1.0.0/a.js'] as object, { sha256: 'cd' }),
    ],
    ['the renderer', (c) => Object.assign(c, { renderCode: 'newer' })],
    ['the project', (c) => Object.assign(c.snapshot.project, { id: 'p2' })],
  ])('is another one with %s', (_name, change) => {
    expect(changed(change)).not.toBe(contentKey(content));
  });
});
