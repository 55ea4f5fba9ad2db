import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogEntry } from '@mixdown/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certifyPlugin, extremeSettings, offDefault } from './certify-plugin.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mixdown-certify-'));
  await writeFile(join(folder, 'dsp.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const entry: CatalogEntry = {
  id: 'test.candidate',
  name: 'Candidate',
  vendor: 'Somebody',
  version: '1.0.0',
  category: 'utility',
  description: '',
  keywords: [],
  license: 'MIT',
  integrity: '0'.repeat(64),
  entryUrl: '/plugins/test.candidate/1.0.0/index.js',
  files: [],
  renderPath: 'direct',
  latencyFrames: {},
  maxTailSeconds: 0.1,
  parameters: [
    {
      id: 'gain',
      label: 'Gain',
      unit: '',
      kind: 'continuous',
      scale: 'linear',
      min: 0,
      max: 2,
      default: 1,
      step: null,
      group: 'Main',
    },
  ],
};

/** A gain with 16 frames of delay; `body` may make it worse. `x` is the delayed sample, `g` the gain. */
async function certify(body = 'x * g', onReset = 'this.line.fill(0); this.at = 0;') {
  await writeFile(
    join(folder, 'processor.js'),
    `class Candidate extends AudioWorkletProcessor {
      static get parameterDescriptors() {
        return [{ name: 'gain', defaultValue: 1, minValue: 0, maxValue: 2 }];
      }
      constructor() {
        super();
        this.line = new Float32Array(32);
        this.at = 0;
        this.port.onmessage = () => { ${onReset} };
      }
      process([input], [output], { gain }) {
        const g = gain[0];
        for (let i = 0; i < 128; i++) {
          const slot = (this.at % 16) * 2;
          for (let c = 0; c < 2; c++) {
            const x = this.line[slot + c];
            this.line[slot + c] = (input[c] ?? input[0])?.[i] ?? 0;
            output[c][i] = ${body};
          }
          this.at++;
        }
        return true;
      }
    }
    registerProcessor('test.candidate@1.0.0', Candidate);`,
  );
  const candidate = { folder, entry, latencyProbe: { params: {} }, tailParams: {} };
  const { certificate, failures } = certifyPlugin(candidate);
  return { certificate, claims: [...new Set(failures.map(({ claim }) => claim))] };
}

describe('the certifier', () => {
  it('certifies what is sound, with the latency that it measured', async () => {
    const { certificate, claims } = await certify();
    expect(claims).toEqual([]);
    expect(certificate?.latencyFrames).toEqual({ '44100': 16, '48000': 16 });
    expect(certificate?.tail.measuredSeconds).toBeLessThanOrEqual(0.01);
    expect(certificate?.extremePeakDb).toBeCloseTo(26, 0);
  });

  it.each([
    ['x * g + (g > 1.99 ? NaN : 0)', /stay finite/],
    ['x * g * 1e-6', /not silent/],
    ['x * g + 1e-5 * (this.at & 1)', /silence for silence/],
    ['x * g * (1 + 1e-6 * Math.random())', /two instances/],
    [
      'x * g * (globalThis.seen = (globalThis.seen ?? 0) + 1, 1 + 1e-9 * (globalThis.seen % 7919))',
      /two instances/,
    ],
    [
      'x * (this.smooth = (this.smooth ?? 1) + 0.01 * (g - (this.smooth ?? 1)))',
      /hold from the first frame/,
    ],
    ['x * g * (gain.length > 1 ? 0.99 : 1)', /constant parameter array/],
    ['x * g * (input.length === 1 ? 0.5 : 1)', /one channel/],
    ['(this.last ??= [0, 0])[c] = x * g + this.last[c] * 0.9999', /dies away/],
    ['x * g + 0.01 * Math.abs(x)', /adds no DC/],
  ])('refuses %s', async (body, claim) => {
    const { certificate, claims } = await certify(body);
    expect(certificate).toBeNull();
    expect(
      claims.some((text) => claim.test(text)),
      claims.join('; '),
    ).toBe(true);
  });

  it('refuses what does not reset', async () => {
    const { claims } = await certify('x * g * (1 + (this.at > 200 ? 1e-3 : 0))', '');
    expect(claims.some((text) => /reset/.test(text))).toBe(true);
  });
});

describe('settings to try', () => {
  it('has both ends of everything, and corners', () => {
    const settings = extremeSettings(entry.parameters);
    expect(settings).toContainEqual({ gain: 0 });
    expect(settings).toContainEqual({ gain: 2 });
    expect(settings.length).toBeGreaterThan(20);
  });
  it('keeps away from defaults', () => {
    expect(offDefault(entry.parameters).gain).not.toBe(1);
  });
});
