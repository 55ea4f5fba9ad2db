import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog, CatalogEntry } from '@mixdown/contract';
import type { ResolvePluginFile } from '../direct/plugin-code.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A WAM in its shortest form: a constructor, `createInstance`, a node with the few methods that a host calls. */
const MODULE = (id: string) => `
let added;
class Node extends AudioWorkletNode {
  constructor(module, state) {
    super(module.audioContext, '${id}@1.0.0', {
      numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [2],
      channelCount: 2, channelCountMode: 'explicit', parameterData: state?.params ?? {},
    });
    this.module = module;
  }
  async getParameterInfo() { return {}; }
  async getState() { return {}; }
  async setState() {}
  destroy() { this.port.postMessage({ type: 'destroy' }); this.disconnect(); }
}
export default class TestWam {
  static isWebAudioModuleConstructor = true;
  static async createInstance(groupId, context, state) {
    const module = new TestWam();
    module.audioContext = context;
    await context.audioWorklet.addModule(new URL('./processor.js', import.meta.url).href);
    module.audioNode = new Node(module, state);
    return module;
  }
}
`;

const PROCESSOR = (id: string, body: string, members = '') => `
class TestProcessor extends AudioWorkletProcessor {
  static get parameterDescriptors() {
    return [{ name: 'gain', defaultValue: 1, minValue: 0, maxValue: 2000, automationRate: 'a-rate' }];
  }
  constructor(options) {
    super(options);
    this.frames = 0;
    this.alive = true;
    this.port.onmessage = ({ data }) => {
      if (data.type === 'destroy') this.alive = false;
      if (data.type === 'reset') this.resetAt = data.atFrame ?? 0;
    };
    ${members}
  }
  process(inputs, outputs, parameters) {
    if (!this.alive) return false;
    if (this.resetAt !== undefined && currentFrame >= this.resetAt) { this.resetAt = undefined; this.reset?.(); }
    const input = inputs[0], output = outputs[0], gain = parameters.gain;
    const at = (i) => gain[gain.length === 1 ? 0 : i];
    ${body}
    this.frames += 128;
    return true;
  }
}
registerProcessor('${id}@1.0.0', TestProcessor);
`;

const GAIN = `for (let c = 0; c < 2; c++) for (let i = 0; i < 128; i++) output[c][i] = (input[c]?.[i] ?? 0) * at(i);`;
const BROKEN_AFTER = 4096;
const broken = (fault: string) => `${GAIN} if (this.frames >= ${BROKEN_AFTER}) { ${fault} }`;

/** Delays by 100 frames and says so. */
const LATENCY = `
  for (let c = 0; c < 2; c++) for (let i = 0; i < 128; i++) {
    const at = this.frames + i;
    this.lines[c][at & 127] ??= 0;
    const past = this.lines[c][(at - 100) & 127];
    this.lines[c][at & 127] = input[c]?.[i] ?? 0;
    output[c][i] = at < 100 ? 0 : past;
  }`;
/** One echo 9600 frames later, at half the level, on top of what comes in: a tail of exactly 9600 frames. */
const ECHO = `
  for (let c = 0; c < 2; c++) for (let i = 0; i < 128; i++) {
    const k = (this.frames + i) % 9600;
    const x = input[c]?.[i] ?? 0;
    output[c][i] = x + this.lines[c][k] * 0.5;
    this.lines[c][k] = x;
  }`;
const LINES = (size: number) =>
  `this.reset = () => { this.frames = 0; this.lines = [new Float32Array(${size}), new Float32Array(${size})]; }; this.reset();`;

interface TestKind {
  readonly body: string;
  readonly members?: string;
  readonly latency?: number;
  readonly tailSeconds?: number;
  readonly category?: CatalogEntry['category'];
}

/** Effects whose every sample is known, and one of each way to break; the broken ones work for 4096 frames. */
const KINDS: Readonly<Record<string, TestKind>> = {
  'test.gain': { body: GAIN },
  'test.latency': { body: LATENCY, members: LINES(128), latency: 100 },
  'test.echo': { body: ECHO, members: LINES(9600), tailSeconds: 0.2 },
  'test.throws': { body: broken(`throw new Error('out of luck');`) },
  'test.nan': { body: broken('output[0][5] = NaN;') },
  'test.loud': { body: broken('output[1][5] = 1e6;') },
  'test.hangs': { body: broken('for (;;);') },
  'test.constructor': { body: GAIN, members: `throw new Error('born broken');` },
};

export interface TestPlugins {
  readonly catalog: Catalog;
  readonly resolvePluginFile: ResolvePluginFile;
}

/** Writes the test effects to `dir` (`<id>/1.0.0/…`), as a built collection stands on disk. */
export async function writeTestPlugins(dir: string): Promise<TestPlugins> {
  const entries: CatalogEntry[] = [];
  for (const [id, kind] of Object.entries(KINDS)) {
    const folder = join(dir, id, '1.0.0');
    await mkdir(folder, { recursive: true });
    const files = [
      { path: 'index.js', text: MODULE(id) },
      { path: 'processor.js', text: PROCESSOR(id, kind.body, kind.members) },
    ];
    for (const file of files) await writeFile(join(folder, file.path), file.text);
    entries.push(testEntry(id, kind, files));
  }
  const catalog = { entries };
  await writeFile(join(dir, 'catalog.json'), JSON.stringify(catalog));
  return {
    catalog,
    resolvePluginFile: (catalogId, version, path) => {
      const file = entries.find((e) => e.id === catalogId)?.files.find((f) => f.path === path);
      return file
        ? { absolutePath: join(dir, catalogId, version, path), sha256: file.sha256 }
        : null;
    },
  };
}

function testEntry(
  id: string,
  kind: TestKind,
  files: readonly { path: string; text: string }[],
): CatalogEntry {
  return {
    id,
    name: id,
    vendor: 'Test',
    version: '1.0.0',
    category: kind.category ?? 'utility',
    description: '',
    keywords: [],
    license: 'MIT',
    integrity: '0'.repeat(64),
    entryUrl: `/plugins/${id}/1.0.0/index.js`,
    files: files.map(({ path, text }) => ({ path, sha256: sha256(text), bytes: text.length })),
    renderPath: 'direct',
    latencyFrames: { '44100': kind.latency ?? 0, '48000': kind.latency ?? 0 },
    maxTailSeconds: kind.tailSeconds ?? 0,
    parameters: [
      {
        id: 'gain',
        label: 'Gain',
        unit: '',
        kind: 'continuous',
        scale: 'linear',
        min: 0,
        max: 2000,
        default: 1,
        step: null,
        group: 'Main',
      },
    ],
  };
}
