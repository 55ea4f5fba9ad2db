import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkletScope, QUANTUM } from './worklet-shim.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mixdown-shim-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function module(name: string, code: string): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, code);
  return file;
}

const PROBE = `class Probe extends AudioWorkletProcessor {
  static get parameterDescriptors() {
    return [{ name: 'level', defaultValue: 2, minValue: 0, maxValue: 5 }, { name: 'free' }];
  }
  constructor(options) {
    super();
    this.options = options.processorOptions;
    this.port.onmessage = ({ data }) => this.port.postMessage(['answer', data, this.options]);
  }
  process([input], [output], { level }) {
    output[0][0] = level[0];
    output[0][1] = currentFrame;
    output[0][2] = sampleRate;
    output[0][3] = currentTime;
    return input.length > 0;
  }
}
registerProcessor('probe', Probe);
`;
const out = () => [new Float32Array(QUANTUM)];

describe('the worklet scope', () => {
  it('gives a module its globals, parameters and clock', async () => {
    const scope = createWorkletScope({ sampleRate: 44_100 });
    scope.load(await module('probe.js', PROBE));
    const handle = scope.create('probe', { parameterData: { level: 3 } });
    const output = out();
    expect(handle.process([[]], [output])).toBe(false);
    expect([...(output[0] as Float32Array).subarray(0, 3)]).toEqual([3, 0, 44_100]);
    scope.currentFrame = 44_100;
    handle.parameters.level?.fill(4);
    expect(handle.process([[new Float32Array(QUANTUM)]], [output])).toBe(true);
    expect([...(output[0] as Float32Array).subarray(0, 4)]).toEqual([4, 44_100, 44_100, 1]);
  });

  it('starts parameters at their defaults and clamps what is given', async () => {
    const scope = createWorkletScope({ sampleRate: 48_000 });
    scope.load(await module('probe.js', PROBE));
    expect(scope.create('probe').parameters).toEqual({
      level: Float32Array.of(2),
      free: Float32Array.of(0),
    });
    expect(scope.create('probe', { parameterData: { level: 99 } }).parameters.level).toEqual(
      Float32Array.of(5),
    );
  });

  it('carries messages both ways at once', async () => {
    const scope = createWorkletScope({ sampleRate: 48_000 });
    scope.load(await module('probe.js', PROBE));
    const handle = scope.create('probe', { processorOptions: 'mine' });
    const heard: unknown[] = [];
    handle.onMessage = (message) => heard.push(message);
    handle.post('hello');
    expect(heard).toEqual([['answer', 'hello', 'mine']]);
  });

  it('stands alone beside other scopes', async () => {
    const file = await module('probe.js', PROBE);
    const [a, b] = [
      createWorkletScope({ sampleRate: 44_100 }),
      createWorkletScope({ sampleRate: 48_000 }),
    ];
    a.load(file);
    b.load(file);
    b.load(file);
    a.currentFrame = 256;
    const output = out();
    b.create('probe').process([[]], [output]);
    expect([...(output[0] as Float32Array).subarray(1, 3)]).toEqual([0, 48_000]);
  });

  it('passes on what a module or a constructor throws, and loads it again when asked', async () => {
    const scope = createWorkletScope({ sampleRate: 48_000 });
    const faulty = await module('faulty.js', "throw new Error('at load');");
    expect(() => scope.load(faulty)).toThrow('at load');
    expect(() => scope.load(faulty)).toThrow('at load');
    scope.load(
      await module(
        'late.js',
        "registerProcessor('late', class extends AudioWorkletProcessor { constructor() { super(); throw new Error('at birth'); } });",
      ),
    );
    expect(() => scope.create('late')).toThrow('at birth');
    expect(() => scope.create('unknown')).toThrow(/No module has registered/);
    const twice = await module('twice.js', PROBE);
    scope.load(await module('once.js', PROBE));
    expect(() => scope.load(twice)).toThrow(/registered already/);
  });
});
