import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chains, nextEdit } from '../chain-edits.ts';
import { ChainLinks, type Link } from './chain-links.ts';
import type { RenderClock } from './clock.ts';

/** A node of a graph that only knows its connections and, as a gain, its value at any time. */
class FakeNode {
  readonly name: string;
  readonly outputs = new Set<FakeNode>();
  constructor(name: string) {
    this.name = name;
  }
  connect(to: FakeNode) {
    this.outputs.add(to);
  }
  disconnect(to?: FakeNode) {
    if (to && !this.outputs.delete(to)) throw new Error(`${this.name} was not connected`);
    if (!to) this.outputs.clear();
  }
}

class FakeGain extends FakeNode {
  #points: { time: number; value: number }[];
  readonly gain = {
    cancelScheduledValues: (time: number) => {
      this.#points = this.#points.filter((p) => p.time < time);
    },
    setValueAtTime: (value: number, time: number) => void this.#points.push({ value, time }),
    linearRampToValueAtTime: (value: number, time: number) =>
      void this.#points.push({ value, time }),
  };
  constructor(_: unknown, { gain }: { gain: number }) {
    super('gain');
    this.#points = [{ time: Number.NEGATIVE_INFINITY, value: gain }];
  }
  at(time: number): number {
    const next = this.#points.findIndex((p) => p.time > time);
    const b = this.#points[next];
    const a = this.#points.at(next < 0 ? -1 : next - 1) as { time: number; value: number };
    if (!b || b.value === a.value || a.time === Number.NEGATIVE_INFINITY) return a.value;
    return a.value + ((b.value - a.value) * (time - a.time)) / (b.time - a.time);
  }
}

const original = globalThis.GainNode;
beforeAll(() => {
  globalThis.GainNode = FakeGain as unknown as typeof GainNode;
});
afterAll(() => {
  globalThis.GainNode = original;
});

/** Gain of all ways from `node` to `sink` together; throws when it comes around. */
function throughput(node: FakeNode, sink: FakeNode, time: number, path: FakeNode[] = []): number {
  if (node === sink) return 1;
  if (path.includes(node)) throw new Error('a cycle');
  const own = node instanceof FakeGain ? node.at(time) : 1;
  let sum = 0;
  for (const next of node.outputs) sum += throughput(next, sink, time, [...path, node]);
  return own * sum;
}

const SLOTS = ['a', 'b', 'c', 'd', 'e'];
const order = fc.shuffledSubarray(SLOTS, { minLength: 0 });

function createRig() {
  const source = new FakeNode('source');
  const sink = new FakeNode('sink');
  const seen: number[] = [];
  let now = 0;
  const clock: RenderClock = {
    now: () => now,
    moment: () => ({ now, begin: now + 0.02 }),
    running: () => true,
    async until(time) {
      // Looks at the graph at every moment of the wait, not only at its ends.
      for (let t = now; t < time; t += 0.001) seen.push(throughput(source, sink, t));
      now = time;
    },
  };
  const nodes = new Map(SLOTS.map((id) => [id, new FakeNode(id)]));
  const links = new Map(
    [...nodes].map(([id, fake]): [string, Link] => {
      const node = fake as unknown as AudioNode;
      return [id, { id, inlet: { node, input: 0 }, outlet: node, latencySeconds: 0.002 }];
    }),
  );
  const chain = new ChainLinks({} as BaseAudioContext, clock, {
    source: source as unknown as AudioNode,
    sink: { node: sink as unknown as AudioNode, input: 0 },
  });
  const walkTo = async (target: readonly string[]) => {
    const current = (): Chains => new Map([['t', chain.ids]]);
    for (;;) {
      const edit = nextEdit(current(), new Map([['t', target]]));
      if (!edit) return;
      if (edit.kind === 'takeOut') await chain.takeOut(edit.slotId);
      else await chain.linkIn(links.get(edit.slotId) as Link, edit.position);
    }
  };
  const steady = () => {
    const path: string[] = [];
    for (let node = source; node !== sink; ) {
      expect(node.outputs.size).toBe(1);
      node = [...node.outputs][0] as FakeNode;
      if (!(node instanceof FakeGain)) path.push(node.name);
      else expect(node.at(now)).toBe(1);
    }
    return path.slice(0, -1);
  };
  return { seen, chain, walkTo, steady, links, nodes };
}

describe('ChainLinks', () => {
  it('leads from any order to any other with gains that always add up to 1, and no cycle', async () => {
    await fc.assert(
      fc.asyncProperty(order, order, order, async (first, second, third) => {
        const rig = createRig();
        for (const target of [first, second, third]) {
          await rig.walkTo(target);
          expect(rig.chain.ids).toEqual(target);
          expect(rig.steady()).toEqual(target);
        }
        for (const gain of rig.seen) expect(gain).toBeCloseTo(1, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves nothing connected to a link that was taken out', async () => {
    const rig = createRig();
    await rig.walkTo(['a', 'b', 'c']);
    await rig.chain.takeOut('b');
    expect(rig.nodes.get('b')?.outputs.size).toBe(0);
    expect(rig.steady()).toEqual(['a', 'c']);
  });

  it('appends at once, and cuts everything when disposed', async () => {
    const rig = createRig();
    for (const id of ['a', 'b']) rig.chain.append(rig.links.get(id) as Link);
    expect(rig.steady()).toEqual(['a', 'b']);
    rig.chain.dispose();
    expect(rig.chain.ids).toEqual([]);
    expect(rig.nodes.get('b')?.outputs.size).toBe(0);
  });
});
