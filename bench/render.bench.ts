/**
 * How fast a project becomes PCM: the direct path with one thread and with all cores, against one
 * OfflineAudioContext in Chromium, which is how browser DAWs export. Ten tracks, twenty effects; the three results
 * are compared bit for bit. `BENCH_SECONDS` sets the song's length (60), `BENCH_RUNS` the runs (3); medians count.
 */
import { availableParallelism } from 'node:os';
import { generateLarge } from '../packages/demo-material/src/index.ts';
import { renderDirect } from '../packages/engine/src/direct.ts';
import { startHarness } from '../packages/engine/src/testing/harness.ts';
import { testId, testProject } from '../packages/engine/src/testing/project.ts';
import { collect, openTestAsset } from '../packages/engine/src/testing/render.ts';
import { firstDifference } from '../packages/engine/src/testing/same-bits.ts';
import { readPlugins, SHIPPED_DIR } from '../packages/engine/src/testing/shipped-plugins.ts';
import { launchBrowser } from '../tests/support/browser.ts';

const seconds = Number(process.env.BENCH_SECONDS ?? 60);
const runs = Number(process.env.BENCH_RUNS ?? 3);
const OPTIONS = { range: { kind: 'all' }, tail: 'none' } as const;

const plugins = readPlugins(SHIPPED_DIR);
const song = generateLarge({ tracks: 10, plugins: 20, seconds });
const frames = Math.round(seconds * song.sampleRate);
const tracks = song.tracks.map(({ chain, name, gainDb, pan, color }) => ({
  name,
  gainDb,
  pan,
  color,
  plugins: chain,
  clips: [{ lengthFrames: frames }],
}));
const { snapshot } = testProject(plugins.catalog, tracks, {
  frames: 1,
  sampleRate: song.sampleRate,
});
snapshot.assets = snapshot.assets.map((asset) => ({ ...asset, frames }));
const audio = new Map(
  song.tracks.map((track, t) => {
    const [left, right] = track.clips.flatMap((clip) => clip.audio) as [Float32Array, Float32Array];
    const interleaved = new Float32Array(2 * frames);
    for (let i = 0; i < frames; i++) {
      interleaved[2 * i] = left[i] as number;
      interleaved[2 * i + 1] = right[i] as number;
    }
    return [testId(3, t), interleaved];
  }),
);

const direct = async (threads: number) => {
  const begun = performance.now();
  const pcm = await collect(
    renderDirect({
      snapshot,
      catalog: plugins.catalog,
      options: OPTIONS,
      resolvePluginFile: plugins.resolvePluginFile,
      openAsset: openTestAsset(audio),
      threads,
    }),
  );
  return { pcm, realtime: seconds / ((performance.now() - begun) / 1000) };
};

const harness = await startHarness([SHIPPED_DIR]);
const browser = await launchBrowser();
harness.audio = audio;
const chromium = async () => {
  const page = await harness.open(browser);
  const job = { snapshot, catalog: plugins.catalog, options: OPTIONS };
  const result = await page.evaluate((j) => window.harness.offline(j), job);
  await page.close();
  if (!result.ok) throw new Error(result.message);
  return { pcm: harness.result('offline'), realtime: seconds / (result.milliseconds / 1000) };
};

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const cores = availableParallelism();
const ways = {
  'Chromium, one OfflineAudioContext': chromium,
  'direct, 1 thread': () => direct(1),
  [`direct, ${cores} threads`]: () => direct(cores),
};
const speeds = new Map<string, number[]>();
let reference: Float32Array[] | null = null;
try {
  // Interleaved, so that a busy moment of the machine meets all of them.
  for (let run = 0; run < runs; run++) {
    for (const [name, render] of Object.entries(ways)) {
      const { pcm, realtime } = await render();
      reference ??= pcm;
      const difference = firstDifference(reference, pcm);
      if (difference) throw new Error(`${name} gives other samples: ${difference}`);
      speeds.set(name, [...(speeds.get(name) ?? []), realtime]);
    }
  }
} finally {
  await browser.close();
  await harness.close();
}
const base = median(speeds.get('Chromium, one OfflineAudioContext') as number[]);
console.log(`${song.tracks.length} tracks, 20 effects, ${seconds} s, ${runs} runs, same bits`);
for (const [name, values] of speeds) {
  const speed = median(values);
  const ratio = (speed / base).toFixed(2);
  console.log(`${name.padEnd(36)} ${speed.toFixed(1).padStart(6)}× realtime ${ratio}× Chromium`);
}
