import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { launchBrowser } from '../../../../tests/support/browser.ts';
import { startHarness } from '../testing/harness.ts';
import { writeTestPlugins } from '../testing/plugins.ts';
import { testId, testProject } from '../testing/project.ts';

it('debug', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'dbg-'));
  const plugins = await writeTestPlugins(dir);
  const harness = await startHarness([dir]);
  const browser = await launchBrowser();
  const g = { catalogId: 'test.gain', params: { gain: 1 } };
  const project = testProject(plugins.catalog, [{ plugins: [g, g, g, g, g] }], { frames: 960000 });
  for (const s of project.audio.values()) s.fill(0.5);
  harness.audio = project.audio;
  const page = await harness.open(browser);
  await page.mouse.click(1, 1);
  const info = await page.evaluate(
    async ([job, ids, first]) => {
      const live = window.harness.live(job);
      const log: string[] = [];
      await live.start();
      await live.loaded();
      const ctx = (live.engine.output as AudioNode).context as AudioContext;
      const ramp = AudioParam.prototype.linearRampToValueAtTime;
      AudioParam.prototype.linearRampToValueAtTime = function (v: number, t: number) {
        log.push(
          `${Math.round(ctx.currentTime * 48000)} ${performance.now().toFixed(1)} ramp ${v.toFixed(3)} @${Math.round(t * 48000)}`,
        );
        return ramp.call(this, v, t);
      };
      live.engine.play();
      await live.until(() => live.starts.length === 1);
      await live.play(0.2);
      const [a, b, c, d, e] = ids as [string, string, string, string, string];
      for (let i = 0; i < 6; i++) {
        live.reorder(first, [e, b, d, a, c]);
        await live.engine.settled();
        live.reorder(first, [a, b, c, d, e]);
        await live.engine.settled();
      }
      await live.play(0.1);
      const { firstFrame, channels } = await live.recording();
      const from = (live.starts[0]?.atFrame ?? 0) - firstFrame;
      const x = channels[0]!.subarray(from);
      const bad: string[] = [];
      for (let i = 1; i < x.length; i++)
        if (Math.abs(x[i]! - 0.5) > 0.0005 && Math.abs(x[i - 1]! - x[i]!) > 0.003)
          bad.push(`${i + from + firstFrame}: ${x[i - 1]!.toFixed(4)} → ${x[i]!.toFixed(4)}`);
      return { base: ctx.baseLatency, out: ctx.outputLatency, bad: bad.slice(0, 12), log };
    },
    [
      { snapshot: project.snapshot, catalog: plugins.catalog },
      [0, 1, 2, 3, 4].map((p) => testId(2, p)),
      testId(1, 0),
    ] as const,
  );
  console.log(info.base, info.out, info.bad);
  const at = Number(info.bad[0]?.split(':')[0] ?? 0);
  console.log(info.log.filter((l) => Math.abs(Number(l.split('@')[1]) - at) < 2500).join('\n'));
  await browser.close();
  await harness.close();
});
