import type { AccountRole, CatalogEntry } from '@mixdown/contract';
import type { Identity } from '../../apps/api/src/auth/identity.ts';
import { authorityConformance } from '../../apps/api/src/realtime/authority-conformance.ts';
import { TEST_PLUGINS } from '../../apps/api/src/testing/test-catalog.ts';
import { createMemoryAuthority } from './memory-authority.ts';
import { createVirtualClock } from './virtual-clock.ts';

const AT = '2026-01-25T00:00:00.000Z';
const entry: CatalogEntry = {
  ...TEST_PLUGINS.gain,
  parameters: [...TEST_PLUGINS.gain.parameters],
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
};

const identity = (name: string, role: AccountRole): Identity => {
  const userId = crypto.randomUUID();
  return { userId, email: `${name}@example.org`, role, sessionId: null, claims: { sub: userId } };
};

authorityConformance('memory', async () => {
  const clock = createVirtualClock();
  const identities = {
    owner: identity('owner', 'pro'),
    editor: identity('editor', 'pro'),
    client: identity('client', 'pro'),
    admin: identity('admin', 'admin'),
    stranger: identity('stranger', 'pro'),
  };
  const projectId = crypto.randomUUID();
  const trackIds = [crypto.randomUUID(), crypto.randomUUID()] as const;
  const pluginIds = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const;
  const places = [
    [trackIds[0], 0],
    [trackIds[0], 1],
    [trackIds[1], 0],
  ] as const;
  const { authority } = createMemoryAuthority({
    clock,
    catalog: { entries: [entry] },
    members: [
      { userId: identities.owner.userId, role: 'owner' },
      { userId: identities.editor.userId, role: 'editor' },
      { userId: identities.client.userId, role: 'client' },
      { userId: identities.admin.userId, role: 'editor' },
    ],
    project: {
      project: {
        id: projectId,
        name: 'P',
        ownerId: identities.owner.userId,
        seq: 5,
        epoch: 1,
        tempo: 120,
        sampleRate: 48_000,
        isDemo: false,
        createdAt: AT,
        updatedAt: AT,
      },
      tracks: trackIds.map((id, position) => ({
        id,
        projectId,
        name: `Track ${position + 1}`,
        position,
        color: 'slate',
        gainDb: 0,
        pan: 0,
        muted: false,
        soloed: false,
      })),
      clips: [],
      plugins: places.map(([trackId, position], at) => ({
        id: pluginIds[at] as string,
        projectId,
        trackId,
        position,
        catalogId: entry.id,
        version: entry.version,
        integrity: entry.integrity,
        params: { gain: 0, mode: 0 },
        state: null,
        bypassed: false,
        mix: 1,
        fence: 0,
        createdAt: AT,
        updatedAt: AT,
      })),
    },
  });
  return {
    authority,
    identities,
    projectId,
    trackIds,
    pluginIds,
    advance: (ms) => clock.advance(ms),
    close: async () => {},
  };
});
