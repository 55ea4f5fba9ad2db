import { type PlanSlot, type PlanTrack, type RenderPlan, slotGains } from '../plan.ts';
import { assignTracks } from './assign-tracks.ts';
import { type ResolvePluginFile, readPluginCode } from './plugin-code.ts';
import {
  outputFloats,
  type PluginCode,
  type ThreadSetup,
  type ThreadSlot,
  type ThreadTrack,
} from './protocol.ts';

/** One thread's share of a plan. */
export interface Share {
  readonly setup: ThreadSetup;
  /** Index in the plan of each of the thread's tracks. */
  readonly trackIndices: readonly number[];
}

/** A plugin that is not heard is not run. */
const isHeard = (slot: PlanSlot): boolean => slot.entry !== null && slotGains(slot).wet !== 0;

/** Divides a plan over at most `threads` threads. Reads and verifies every plugin's code once. */
export async function shareOut(
  plan: RenderPlan,
  options: { threads: number; chunkFrames: number; resolvePluginFile: ResolvePluginFile },
): Promise<Share[]> {
  const codes = new Map<string, PluginCode>();
  const keyOf = (slot: PlanSlot) => `${slot.catalogId}@${slot.version}`;
  for (const track of plan.tracks.filter((t) => t.audible)) {
    for (const slot of track.slots.filter(isHeard)) {
      const key = keyOf(slot);
      if (!codes.has(key)) codes.set(key, await readPluginCode(slot, options.resolvePluginFile));
    }
  }
  return assignTracks(plan.tracks, options.threads).map((trackIndices) => {
    const tracks = trackIndices.map((index) => plan.tracks[index] as PlanTrack);
    const used = [...new Set(tracks.flatMap((t) => t.slots.filter(isHeard).map(keyOf)))];
    const numberOf = (slot: PlanSlot) => (isHeard(slot) ? used.indexOf(keyOf(slot)) : null);
    return {
      trackIndices,
      setup: {
        sampleRate: plan.sampleRate,
        startFrame: plan.startFrame,
        chunkFrames: options.chunkFrames,
        plugins: used.map((key) => codes.get(key) as PluginCode),
        tracks: tracks.map((track) => threadTrack(track, numberOf)),
        output: new SharedArrayBuffer(outputFloats(tracks.length) * 4),
        watch: new SharedArrayBuffer(8),
      },
    };
  });
}

function threadTrack(track: PlanTrack, numberOf: (slot: PlanSlot) => number | null): ThreadTrack {
  return {
    clips: track.clips,
    slots: track.slots.map(
      (slot): ThreadSlot => ({
        pluginId: slot.pluginId,
        catalogId: slot.catalogId,
        plugin: numberOf(slot),
        params: slot.params,
        gains: slotGains(slot),
        latencyFrames: slot.latencyFrames,
      }),
    ),
    gains: track.gains,
    delayFrames: track.delayFrames,
  };
}
