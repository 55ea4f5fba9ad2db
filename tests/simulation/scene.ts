import type { Catalog, ParameterOverlay, PluginSlot, Project, Track } from '@mixdown/contract';
import type { Identity } from '../../apps/api/src/auth/identity.ts';
import type { MemoryProjectStart } from '../support/memory-project.ts';
import type { Random } from './random.ts';

const AT = '2026-01-25T00:00:00.000Z';
export const PARAMS = ['a', 'b', 'c'] as const;
/** Every value of a run is another number, so that each can be followed from hand to log. */
export const MAX_VALUE = 10_000_000;

const parameter = (id: string): ParameterOverlay => ({
  id,
  label: id,
  unit: '',
  kind: 'continuous',
  scale: 'linear',
  min: 0,
  max: MAX_VALUE,
  default: 0,
  step: 1,
  group: 'Main',
});
export const PARAMETERS = new Map(PARAMS.map((id) => [id as string, parameter(id)]));

export const CATALOG: Catalog = {
  entries: [
    {
      id: 'sim.knobs',
      name: 'Knobs',
      vendor: 'Simulation',
      version: '1.0.0',
      category: 'utility',
      description: '',
      keywords: [],
      license: 'MIT',
      integrity: '0'.repeat(64),
      entryUrl: '/plugins/sim.knobs/1.0.0/index.js',
      files: [],
      renderPath: 'direct',
      latencyFrames: {},
      maxTailSeconds: 0,
      parameters: [...PARAMETERS.values()],
    },
  ],
};

export interface Person {
  readonly identity: Identity;
  readonly role: 'owner' | 'editor';
  readonly token: string;
}

export function createPeople(random: Random, count: number): Person[] {
  return Array.from({ length: count }, (_, at) => {
    const userId = random.uuid();
    return {
      role: at === 0 ? 'owner' : 'editor',
      token: `token-of-${userId}`,
      identity: {
        userId,
        email: `person-${at}@example.org`,
        role: 'pro',
        sessionId: null,
        claims: { sub: userId },
      },
    };
  });
}

/** A small project: two tracks, and few enough plugins that hands meet. */
export function createStart(
  random: Random,
  owner: string,
  pluginCount: number,
): MemoryProjectStart {
  const projectId = random.uuid();
  const project: Project = {
    id: projectId,
    name: 'Simulation',
    ownerId: owner,
    seq: 0,
    epoch: 1,
    tempo: 120,
    sampleRate: 48_000,
    isDemo: false,
    createdAt: AT,
    updatedAt: AT,
  };
  const tracks: Track[] = [0, 1].map((position) => ({
    id: random.uuid(),
    projectId,
    name: `Track ${position + 1}`,
    position,
    color: 'slate',
    gainDb: 0,
    pan: 0,
    muted: false,
    soloed: false,
  }));
  const plugins: PluginSlot[] = Array.from({ length: pluginCount }, (_, at) => ({
    id: random.uuid(),
    projectId,
    trackId: (tracks[at % 2] as Track).id,
    position: Math.floor(at / 2),
    catalogId: 'sim.knobs',
    version: '1.0.0',
    integrity: '0'.repeat(64),
    params: { a: 0, b: 0, c: 0 },
    state: null,
    bypassed: false,
    mix: 1,
    fence: 0,
    createdAt: AT,
    updatedAt: AT,
  }));
  return { project, tracks, clips: [], plugins };
}
