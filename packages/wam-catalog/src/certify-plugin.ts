import { type CatalogEntry, type ParamValues, SAMPLE_RATES } from '@mixdown/contract';
import { CERTIFIED, type Certificate } from './certificate.ts';
import { type LatencyProbe, measureLatency } from './measure-latency.ts';
import { measureTail } from './measure-tail.ts';
import { runPlugin, type Stereo } from './run-plugin.ts';
import {
  both,
  noise,
  peakOf,
  rmsOf,
  sameBits,
  silence,
  sine,
  stereoNoise,
} from './test-signals.ts';
import { QUANTUM } from './worklet-shim.ts';

export interface Candidate {
  /** Folder with the plugin's files. */
  readonly folder: string;
  readonly entry: CatalogEntry;
  readonly latencyProbe: LatencyProbe;
  /** Settings with the longest tail; how long it may be stands in the entry. */
  readonly tailParams: ParamValues;
}

type Claim = (typeof CERTIFIED)[number];

export interface CertifyResult {
  /** Only if everything held. */
  readonly certificate: Certificate | null;
  readonly failures: readonly { claim: Claim; sampleRate: number; detail: string }[];
}

const HOT = 10;
const CORNERS = 24;

/** Every parameter at both ends, all of them low, all high, and seeded corners of everything. */
export function extremeSettings(parameters: CatalogEntry['parameters']): ParamValues[] {
  const ends = parameters.flatMap((p) => [{ [p.id]: p.min }, { [p.id]: p.max }]);
  const corner = (side: (i: number) => boolean) =>
    Object.fromEntries(parameters.map((p, i) => [p.id, side(i) ? p.max : p.min]));
  const dice = noise(CORNERS * parameters.length, { seed: 99 });
  const corners = Array.from({ length: CORNERS }, (_, n) =>
    corner((i) => (dice[n * parameters.length + i] as number) > 0),
  );
  return [...ends, corner(() => false), corner(() => true), ...corners];
}

/** Somewhere in the range, away from the default: tells a parameter that is taken over from one that is not. */
export const offDefault = (parameters: CatalogEntry['parameters']): ParamValues =>
  Object.fromEntries(
    parameters.map((p) => {
      const wanted =
        p.min + (p.max - p.min) * (p.default - p.min > (p.max - p.min) / 2 ? 0.3 : 0.7);
      return [p.id, Math.fround(p.kind === 'continuous' ? wanted : Math.round(wanted))];
    }),
  );

const dcOf = (signal: Float32Array) => signal.reduce((sum, x) => sum + x, 0) / signal.length;

/** Puts one build of a plugin to the test at both sample rates. Takes seconds; the tail is what takes them. */
export function certifyPlugin({
  folder,
  entry,
  latencyProbe,
  tailParams,
}: Candidate): CertifyResult {
  const failures: { claim: Claim; sampleRate: number; detail: string }[] = [];
  const latencyFrames: Record<string, number> = {};
  let extremePeak = 0;
  let tailSeconds = 0;

  for (const sampleRate of SAMPLE_RATES) {
    const open = (params: ParamValues = {}) => runPlugin({ folder, entry, sampleRate, params });
    const check = (claim: Claim, holds: boolean, detail = '') => {
      if (!holds) failures.push({ claim, sampleRate, detail });
    };
    const [loads, extremes, sounds, silent, twins, firstFrame, reset, arrays, mono, tail, dc] =
      CERTIFIED;

    try {
      open();
    } catch (error) {
      check(loads, false, String(error));
      return { certificate: null, failures };
    }
    latencyFrames[String(sampleRate)] = measureLatency({ folder, entry, sampleRate }, latencyProbe);

    const hot = stereoNoise(sampleRate / 4, { level: HOT });
    for (const params of extremeSettings(entry.parameters)) {
      const peak = Math.max(
        ...open(params)
          .run(hot)
          .map((channel) => peakOf(channel)),
      );
      check(extremes, Number.isFinite(peak), JSON.stringify(params));
      if (Number.isFinite(peak)) extremePeak = Math.max(extremePeak, peak);
    }

    const input = stereoNoise(sampleRate, { seed: 5, level: 0.5 });
    const reference = open();
    const heard = reference.run(input);
    check(sounds, Math.min(...heard.map((channel) => rmsOf(channel))) > 1e-3);
    check(twins, sameBits(heard, open().run(input)));
    // Whole cycles, the first second (delays fill, levels settle) left out.
    const tone = open().run(both(sine(2 * sampleRate, 500, sampleRate, 0.5)));
    const offsets = tone.map((channel) => dcOf(channel.subarray(sampleRate)));
    check(
      dc,
      offsets.every((offset) => Math.abs(offset) < 5e-4),
      String(offsets),
    );
    check(
      silent,
      open()
        .run(silence(sampleRate / 2))
        .every((channel) => peakOf(channel) === 0),
    );

    // The quantum grid must be the same again, or sub-blocks would differ.
    reference.run(null, { frames: QUANTUM - (sampleRate % QUANTUM) });
    reference.handle.post({ type: 'reset', atFrame: reference.scope.currentFrame });
    check(reset, sameBits(heard, reference.run(input)));

    const values = offDefault(entry.parameters);
    const given = open(values).run(input);
    check(firstFrame, sameBits(given, withValues(open(), values, 1, input)));
    // What smooths its values from somewhere else on has arrived by now, and sounds different the second time.
    const settled = open(values);
    settled.run(null, { frames: sampleRate - (sampleRate % QUANTUM) });
    settled.handle.post({ type: 'reset' });
    check(firstFrame, sameBits(given, settled.run(input)));
    check(arrays, sameBits(given, withValues(open(), values, QUANTUM, input)));

    const one = open();
    const right = noise(sampleRate / 4, { seed: 8, level: 0.5 });
    check(mono, sameBits(open().run(both(right)), oneChannel(one, right)));

    const measured = measureTail(
      { folder, entry, sampleRate, params: tailParams },
      entry.maxTailSeconds,
    );
    check(tail, measured !== null, `longer than ${entry.maxTailSeconds} s`);
    tailSeconds = Math.max(tailSeconds, measured ?? 0);
  }

  if (failures.length) return { certificate: null, failures };
  const microseconds = measureCost(folder, entry);
  return {
    failures,
    certificate: {
      id: entry.id,
      version: entry.version,
      integrity: entry.integrity,
      certified: [...CERTIFIED],
      sampleRates: [...SAMPLE_RATES],
      latencyFrames,
      tail: {
        measuredSeconds: Math.ceil(tailSeconds * 100) / 100,
        statedSeconds: entry.maxTailSeconds,
      },
      extremePeakDb: Math.round(200 * Math.log10(extremePeak)) / 10,
      cost: {
        microsecondsPerQuantum: Math.round(microseconds * 10) / 10,
        share: Math.round((microseconds / ((QUANTUM / 48_000) * 1e6)) * 10_000) / 10_000,
      },
    },
  };
}

type Running = ReturnType<typeof runPlugin>;

/** Runs with values that stand in the parameter arrays from the first quantum on. */
function withValues(plugin: Running, values: ParamValues, length: number, input: Stereo): Stereo {
  for (const [id, value] of Object.entries(values)) {
    plugin.handle.parameters[id] = new Float32Array(length).fill(value);
  }
  return plugin.run(input);
}

/** Runs with an input of one channel, as a mono source brings. */
function oneChannel({ handle, scope }: Running, signal: Float32Array): Stereo {
  const output: Stereo = [new Float32Array(signal.length), new Float32Array(signal.length)];
  for (let at = 0; at < signal.length; at += QUANTUM) {
    const block = new Float32Array(QUANTUM);
    block.set(signal.subarray(at, at + QUANTUM));
    const out = [new Float32Array(QUANTUM), new Float32Array(QUANTUM)];
    handle.process([[block]], [out]);
    const count = Math.min(QUANTUM, signal.length - at);
    for (let c = 0; c < 2; c++) {
      output[c]?.set((out[c] as Float32Array).subarray(0, count), at);
    }
    scope.currentFrame += QUANTUM;
  }
  return output;
}

/**
 * Microseconds of processor time for one quantum at 48 kHz with noise going through, over ten seconds of sound; the
 * time for which the machine did something else does not count.
 */
function measureCost(folder: string, entry: CatalogEntry): number {
  const plugin = runPlugin({ folder, entry, sampleRate: 48_000 });
  const input = stereoNoise(10 * 48_000, { level: 0.5 });
  // The engine compiles what runs often while this goes on.
  plugin.run(stereoNoise(48_000, { level: 0.5 }));
  const before = process.threadCpuUsage();
  plugin.run(input);
  const { user, system } = process.threadCpuUsage(before);
  return ((user + system) * QUANTUM) / input[0].length;
}
