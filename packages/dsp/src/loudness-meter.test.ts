import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kWeighting } from './k-weighting.ts';
import { createLoudnessMeter, normalizationGainDb } from './loudness-meter.ts';
import { createRandom } from './random.ts';
import { blockSizes, concat, cutInto, faded, sine } from './testing.ts';

const measure = (channels: Float32Array[], sampleRate = 48_000) => {
  const meter = createLoudnessMeter({ sampleRate, channels: channels.length });
  meter.push(channels);
  return meter.result();
};
const stereo = (x: Float32Array) => [x, x];
const steps = (...parts: [dbfs: number, seconds: number][]) =>
  stereo(concat(parts.map(([db, s]) => sine(48_000, 1000, db, s))));

describe('K-weighting', () => {
  it('equals the table of ITU-R BS.1770 at 48 kHz', () => {
    const { shelf, highPass } = kWeighting(48_000);
    expect(shelf.b0).toBeCloseTo(1.53512485958697, 10);
    expect(shelf.b1).toBeCloseTo(-2.69169618940638, 10);
    expect(shelf.b2).toBeCloseTo(1.19839281085285, 10);
    expect(shelf.a1).toBeCloseTo(-1.69065929318241, 10);
    expect(shelf.a2).toBeCloseTo(0.73248077421585, 10);
    expect(highPass.a1).toBeCloseTo(-1.99004745483398, 10);
    expect(highPass.a2).toBeCloseTo(0.99007225036621, 10);
  });
});

describe('integrated loudness', () => {
  it.each([44_100, 48_000, 96_000, 192_000, 22_050, 11_025])(
    'reads −23.0 LUFS for 997 Hz at −23 dBFS in both channels at %i Hz',
    (rate) => {
      const { integratedLufs } = measure(stereo(sine(rate, 997, -23, 5)), rate);
      expect(integratedLufs).toBeGreaterThan(-23.1);
      expect(integratedLufs).toBeLessThan(-22.9);
    },
  );

  it('reads 3 LU less when only one channel sounds, and for mono', () => {
    const x = sine(48_000, 997, -20, 5);
    const one = measure([x, new Float32Array(x.length)]).integratedLufs!;
    expect(one).toBeCloseTo(measure(stereo(x)).integratedLufs! - 3.01, 2);
    expect(measure([x]).integratedLufs).toBeCloseTo(one, 9);
  });

  // Signals after EBU Tech 3341, cases 1–6; tolerance ±0.1 LU.
  it.each([
    ['case 1', [[-23, 20]], -23],
    ['case 2', [[-33, 20]], -33],
    [
      'case 3: quiet ends are gated out',
      [
        [-36, 10],
        [-23, 60],
        [-36, 10],
      ],
      -23,
    ],
    [
      'case 4: so is what lies below −70 LUFS',
      [
        [-72, 10],
        [-36, 10],
        [-23, 60],
        [-36, 10],
        [-72, 10],
      ],
      -23,
    ],
    [
      'case 5: what is near counts',
      [
        [-26, 20],
        [-20, 20.1],
        [-26, 20],
      ],
      -23,
    ],
  ] as [string, [number, number][], number][])('EBU Tech 3341 %s', (_, parts, expected) => {
    expect(Math.abs(measure(steps(...parts)).integratedLufs! - expected)).toBeLessThan(0.1);
  });

  it('is null for silence, for what lies under the gate, and for less than 400 ms', () => {
    expect(measure(stereo(new Float32Array(96_000))).integratedLufs).toBeNull();
    expect(measure(stereo(sine(48_000, 997, -75, 2))).integratedLufs).toBeNull();
    expect(measure(stereo(sine(48_000, 997, -10, 0.39))).integratedLufs).toBeNull();
    expect(measure([new Float32Array(0)])).toEqual({
      integratedLufs: null,
      loudnessRange: null,
      truePeakDbtp: null,
      samplePeakDbfs: Number.NEGATIVE_INFINITY,
    });
  });

  it('can be read in the middle and go on', () => {
    const x = sine(48_000, 997, -23, 4);
    const meter = createLoudnessMeter({ sampleRate: 48_000, channels: 1 });
    meter.push([x.subarray(0, 100_001)]);
    expect(meter.result().integratedLufs).not.toBeNull();
    meter.push([x.subarray(100_001)]);
    expect(meter.result()).toEqual(measure([x]));
  });
});

describe('loudness range (EBU Tech 3342, ±1 LU)', () => {
  it.each([
    [
      'case 1',
      [
        [-20, 20],
        [-30, 20],
      ],
      10,
    ],
    [
      'case 2',
      [
        [-20, 20],
        [-15, 20],
      ],
      5,
    ],
    [
      'case 3',
      [
        [-40, 20],
        [-20, 20],
      ],
      20,
    ],
    [
      'case 4',
      [
        [-50, 20],
        [-35, 20],
        [-20, 20],
        [-35, 20],
        [-50, 20],
      ],
      15,
    ],
  ] as [string, [number, number][], number][])('%s', (_, parts, expected) => {
    expect(Math.abs(measure(steps(...parts)).loudnessRange! - expected)).toBeLessThan(1);
  });
});

describe('peaks', () => {
  it('sees the +3 dB between the samples of a sine at a quarter of the rate, 45° off', () => {
    const { samplePeakDbfs, truePeakDbtp } = measure([
      faded(sine(48_000, 12_000, -6, 1, Math.PI / 4)),
    ]);
    expect(samplePeakDbfs).toBeCloseTo(-9.01, 1);
    expect(Math.abs(truePeakDbtp! + 6)).toBeLessThan(0.1);
  });

  // After EBU Tech 3341, cases 15–19: true peak within +0.2 / −0.4 dB.
  it.each([
    [4, 0],
    [4, 45],
    [6, 60],
    [8, 67.5],
  ])('reads a sine at the rate / %d, %d° off, as it is', (division, degrees) => {
    for (const rate of [44_100, 48_000, 96_000]) {
      const x = faded(sine(rate, rate / division, -6, 0.5, (degrees * Math.PI) / 180));
      const peak = measure([x], rate).truePeakDbtp!;
      expect(peak).toBeGreaterThan(-6.4);
      expect(peak).toBeLessThan(-5.8);
    }
  });

  it('looks at the curve beyond the first and the last sample', () => {
    const { truePeakDbtp } = measure([Float32Array.of(1, 1)]);
    expect(truePeakDbtp).toBeGreaterThan(1.5);
  });

  it('skipping quiet runs never changes the result: a loud start hides nothing later', () => {
    const quietThenLoud = concat([
      sine(48_000, 300, -40, 0.2),
      sine(48_000, 12_000, -1, 0.01, Math.PI / 4),
      sine(48_000, 12_000, -4.2, 0.2),
    ]);
    const peak = measure([quietThenLoud]).truePeakDbtp!;
    expect(measure([quietThenLoud.toReversed()]).truePeakDbtp).toBeCloseTo(peak, 6);
    expect(Math.abs(peak + 1)).toBeLessThan(0.3);
  });

  it('takes the louder channel', () => {
    const { samplePeakDbfs } = measure([Float32Array.of(0.1), Float32Array.of(-0.5)]);
    expect(samplePeakDbfs).toBeCloseTo(-6.02, 2);
  });
});

it('measures exactly the same however the audio is cut into blocks', () => {
  const random = createRandom(7);
  const noise = () => Float32Array.from({ length: 44_100 }, () => random.next() - 0.5);
  const channels = [noise(), noise()];
  const whole = measure(channels, 44_100);
  fc.assert(
    fc.property(blockSizes, (sizes) => {
      const meter = createLoudnessMeter({ sampleRate: 44_100, channels: 2 });
      for (const block of cutInto(channels, sizes)) meter.push(block);
      expect(meter.result()).toEqual(whole);
    }),
    { numRuns: 20 },
  );
});

describe('normalizationGainDb', () => {
  const target = { lufs: -14, ceilingDbtp: -1 };
  it('brings the mix to the target', () => {
    expect(normalizationGainDb({ integratedLufs: -20, truePeakDbtp: -12 }, target)).toBe(6);
    expect(normalizationGainDb({ integratedLufs: -9, truePeakDbtp: 0.5 }, target)).toBe(-5);
  });
  it('stops at the ceiling, and leaves silence alone', () => {
    expect(normalizationGainDb({ integratedLufs: -20, truePeakDbtp: -3 }, target)).toBe(2);
    expect(normalizationGainDb({ integratedLufs: null, truePeakDbtp: null }, target)).toBe(0);
  });
});
