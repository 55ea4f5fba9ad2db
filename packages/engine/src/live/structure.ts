import { type Chains, nextEdit } from '../chain-edits.ts';
import type { RenderClock } from '../graph/clock.ts';
import type { Inlet } from '../graph/edge.ts';
import type { MasterGraph } from '../graph/master-graph.ts';
import { TrackGraph } from '../graph/track-graph.ts';
import type { PlanSlot, PlanTrack, RenderPlan } from '../plan.ts';
import type { SourceClip } from '../processors/clip-source.ts';
import { LiveSlot, type LiveSlotHost, slotKey } from './live-slot.ts';

interface LiveTrack {
  readonly graph: TrackGraph;
  readonly inlet: Inlet;
  clips: string;
  delayFrames: number;
}

const targetChains = (plan: RenderPlan): Chains =>
  new Map(plan.tracks.map((track) => [track.trackId, track.slots.map(slotKey)]));

const fingerprint = (clips: readonly SourceClip[]): string => JSON.stringify(clips);

/**
 * Brings the live graph to a plan. What needs no rewiring happens at once; rewiring is done one gapless edit after
 * another, each time towards the newest plan, so that edits may come faster than they can be carried out.
 */
export class Structure {
  readonly #context: BaseAudioContext;
  readonly #clock: RenderClock;
  readonly #master: MasterGraph;
  readonly #slotHost: LiveSlotHost;
  readonly #tracks = new Map<string, LiveTrack>();
  readonly #slots = new Map<string, LiveSlot>();
  #plan: RenderPlan | null = null;
  #working: Promise<void> | null = null;
  #order = '';
  #disposed = false;

  constructor(master: MasterGraph, slotHost: LiveSlotHost) {
    this.#context = slotHost.context;
    this.#clock = slotHost.clock;
    this.#master = master;
    this.#slotHost = slotHost;
  }

  /** The slot of a plugin, if it is part of the graph by now. */
  slot(pluginId: string): LiveSlot | undefined {
    const plan = this.#plan?.tracks.flatMap((t) => t.slots).find((s) => s.pluginId === pluginId);
    return plan && this.#slots.get(slotKey(plan));
  }

  get slots(): Iterable<LiveSlot> {
    return this.#slots.values();
  }

  /** Whether the graph is on its way to the newest plan. */
  get working(): boolean {
    return this.#working !== null;
  }

  setPlan(plan: RenderPlan): void {
    this.#plan = plan;
    for (const slot of plan.tracks.flatMap((t) => t.slots)) {
      this.#slots.get(slotKey(slot))?.update(slot);
    }
    for (const track of plan.tracks) this.#updateTrack(track);
    this.#sendOrder();
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  setGains(trackId: string, gains: { left: number; right: number }): void {
    this.#tracks.get(trackId)?.graph.setGains(gains);
  }

  /** Resolves when the graph is what the newest plan says. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  dispose(): void {
    this.#disposed = true;
    for (const { graph } of this.#tracks.values()) graph.dispose();
    for (const slot of this.#slots.values()) slot.dispose();
    this.#tracks.clear();
    this.#slots.clear();
  }

  async #work(): Promise<void> {
    while (!this.#disposed && (await this.#step(this.#plan as RenderPlan)));
  }

  /** One structural change; returns whether there was one to do. */
  async #step(plan: RenderPlan): Promise<boolean> {
    const gone = [...this.#tracks.keys()].find((id) => !plan.tracks.some((t) => t.trackId === id));
    if (gone !== undefined) {
      await this.#removeTrack(gone);
      return true;
    }
    const missing = plan.tracks.find((track) => !this.#tracks.has(track.trackId));
    if (missing && (await this.#addTrack(missing))) return true;
    if (await this.#editChain(plan)) return true;
    this.#dropUnused();
    for (const track of plan.tracks) this.#updateDelay(track);
    return false;
  }

  async #addTrack(track: PlanTrack): Promise<boolean> {
    const inlet = this.#master.takeInput();
    if (!inlet) return false;
    const graph = new TrackGraph(this.#context, this.#clock, track, inlet);
    this.#tracks.set(track.trackId, {
      graph,
      inlet,
      clips: fingerprint(track.clips),
      delayFrames: track.delayFrames,
    });
    this.#sendOrder();
    const linked = new Set([...this.#chains().values()].flat());
    for (const slot of track.slots.filter((s) => !linked.has(slotKey(s)))) {
      graph.chain.append(this.#slotOf(slot).graph);
    }
    return true;
  }

  async #removeTrack(trackId: string): Promise<void> {
    const track = this.#tracks.get(trackId) as LiveTrack;
    await track.graph.fadeOut();
    if (this.#disposed) return;
    track.graph.dispose();
    this.#tracks.delete(trackId);
    this.#master.releaseInput(track.inlet);
    this.#sendOrder();
  }

  async #editChain(plan: RenderPlan): Promise<boolean> {
    const edit = nextEdit(this.#chains(), targetChains(plan));
    if (!edit) return false;
    const { chain } = (this.#tracks.get(edit.trackId) as LiveTrack).graph;
    if (edit.kind === 'takeOut') {
      await chain.takeOut(edit.slotId);
      this.#dropUnused();
      return true;
    }
    const slot = plan.tracks.flatMap((t) => t.slots).find((s) => slotKey(s) === edit.slotId);
    if (slot) await chain.linkIn(this.#slotOf(slot).graph, edit.position);
    return true;
  }

  #chains(): Map<string, readonly string[]> {
    return new Map([...this.#tracks].map(([id, track]) => [id, track.graph.chain.ids]));
  }

  #slotOf(plan: PlanSlot): LiveSlot {
    const key = slotKey(plan);
    let slot = this.#slots.get(key);
    if (!slot) {
      slot = new LiveSlot(this.#slotHost, plan);
      this.#slots.set(key, slot);
    }
    return slot;
  }

  /** Ends slots that are in no chain, neither now nor in the newest plan. */
  #dropUnused(): void {
    const target = this.#plan ? targetChains(this.#plan) : new Map<string, string[]>();
    const used = new Set([...target.values(), ...this.#chains().values()].flat());
    for (const [key, slot] of this.#slots) {
      if (used.has(key)) continue;
      this.#slots.delete(key);
      slot.dispose();
    }
  }

  #updateTrack(track: PlanTrack): void {
    const live = this.#tracks.get(track.trackId);
    if (!live) return;
    live.graph.setGains(track.gains);
    const clips = fingerprint(track.clips);
    if (clips === live.clips) return;
    live.clips = clips;
    live.graph.setClips(track.clips);
  }

  #updateDelay(track: PlanTrack): void {
    const live = this.#tracks.get(track.trackId);
    if (!live || live.delayFrames === track.delayFrames) return;
    live.delayFrames = track.delayFrames;
    live.graph.setDelay(track.delayFrames);
  }

  /** The sum tree follows the order of the tracks; one that is fading out comes last. */
  #sendOrder(): void {
    const planned = this.#plan?.tracks.map((t) => t.trackId) ?? [];
    const ids = [...planned, ...[...this.#tracks.keys()].filter((id) => !planned.includes(id))];
    const inputs = ids.flatMap((id) => this.#tracks.get(id)?.inlet.input ?? []);
    const order = inputs.join();
    if (order === this.#order) return;
    this.#order = order;
    this.#master.send({ type: 'order', inputs });
  }
}
