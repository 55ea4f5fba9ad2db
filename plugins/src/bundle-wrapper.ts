import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { PluginSpec } from '../shared/plugin-spec.ts';

const shared = (file: string) => fileURLToPath(new URL(`../shared/${file}`, import.meta.url));

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: shared(entry), formats: ['es'], fileName: 'index' },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error(`${entry}: the bundler returned nothing`);
  return output.output[0].code;
}

export interface Wrapper {
  /** index.js: the WAM 2 module. */
  moduleFor(spec: PluginSpec): string;
  /** processor.js: the worklet module, which knows no latency (that is measured with it). */
  processorFor(spec: PluginSpec): string;
}

const withSpec = (spec: PluginSpec, code: string) =>
  `const __PLUGIN__ = ${JSON.stringify(spec)};\n${code}`;

/** Bundles the shared wrapper once; a plugin's files are the same code under its own description. */
export async function bundleWrapper(): Promise<Wrapper> {
  const [module, processor] = [await bundle('module.ts'), await bundle('processor.ts')];
  return {
    moduleFor: (spec) => withSpec(spec, module),
    processorFor: (spec) => withSpec({ ...spec, latencyFrames: {} }, processor),
  };
}
