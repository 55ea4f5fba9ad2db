import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  FaustCompiler,
  instantiateFaustModuleFromFile,
  LibFaust,
} from '@grame/faustwasm/dist/esm/index.js';
import type { ParameterOverlay } from '@mixdown/contract';
import { type CompiledInfo, licenceProblems } from './licence-gate.ts';

export interface CompiledDsp {
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** Byte address of each parameter, in the order of the overlays. */
  readonly addresses: readonly number[];
  readonly dspBytes: number;
}

interface Control {
  readonly type: string;
  readonly label: string;
  readonly index?: number;
  readonly items?: readonly Control[];
}

interface FaustJson extends CompiledInfo {
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly ui: readonly Control[];
}

/** Double precision inside: no audible noise from low corner frequencies. Flush: tails end without slow denormals. */
const OPTIONS = '-double -ftz 2';

export type DspCompiler = (
  name: string,
  source: string,
  parameters: readonly ParameterOverlay[],
) => Promise<CompiledDsp>;

const leaves = (controls: readonly Control[]): Control[] =>
  controls.flatMap((control) => (control.items ? leaves(control.items) : [control]));

/** `param.<id>` for the source, from the overlays: one place for ranges and defaults. */
const parameterLine = (parameters: readonly ParameterOverlay[]): string => {
  const controls = parameters.map(
    (p) => `${p.id} = nentry("${p.id}", ${p.default}, ${p.min}, ${p.max}, ${p.step ?? 0.001});`,
  );
  return `param = environment { ${controls.join(' ')} };`;
};

/**
 * Starts the Faust compiler (130 ms) with `libraries` (name → source) at hand for `import`. Compiling throws with the
 * compiler's message for a faulty source, and for a DSP that may not be shipped: wrong licences, not stereo, or
 * overlays and source that do not agree on the parameters.
 */
export async function createDspCompiler(
  libraries: Readonly<Record<string, string>>,
): Promise<DspCompiler> {
  const faustwasm = dirname(
    createRequire(import.meta.url).resolve('@grame/faustwasm/package.json'),
  );
  const module = await instantiateFaustModuleFromFile(
    join(faustwasm, 'libfaust-wasm/libfaust-wasm.js'),
  );
  const compiler = new FaustCompiler(new LibFaust(module));
  for (const [name, source] of Object.entries(libraries)) {
    compiler.fs().writeFile(`/usr/share/faust/${name}`, source);
  }

  return async (name, source, parameters) => {
    const code = `${parameterLine(parameters)}\n${source}`;
    const factory = await compiler.createMonoDSPFactory(name, code, OPTIONS);
    if (!factory) throw new Error(`${name}: ${compiler.getErrorMessage()}`);
    const json = JSON.parse(factory.json) as FaustJson;
    const problems = licenceProblems(json);
    if (problems.length) {
      throw new Error(`${name} may not be shipped: ${problems.join('; ')}`);
    }
    if (json.inputs !== 2 || json.outputs !== 2) {
      throw new Error(`${name} has ${json.inputs} inputs and ${json.outputs} outputs, not 2 and 2`);
    }
    const addresses = new Map(leaves(json.ui).map((control) => [control.label, control.index]));
    return {
      wasm: new Uint8Array(factory.code),
      dspBytes: json.size,
      addresses: parameters.map((p) => {
        const address = addresses.get(p.id);
        if (address === undefined) throw new Error(`${name}: the source does not use "${p.id}"`);
        return address;
      }),
    };
  };
}
