import type { WebAudioModule } from '@webaudiomodules/api/src/types.js';
import type { PluginSpec } from './plugin-spec.ts';
import { createWamNode, type PluginState, type PluginWamNode } from './wam-node.ts';

/** Written above this module by the build. */
declare const __PLUGIN__: PluginSpec;

/** The plugin's other files stand beside this module. (A name of its own keeps the bundler from resolving them.) */
const here = import.meta.url;
const files = {
  processor: new URL('processor.js', here).href,
  wasm: new URL('dsp.wasm', here).href,
};

let wasm: Promise<ArrayBuffer> | undefined;
const registered = new WeakMap<BaseAudioContext, Promise<void>>();
let instances = 0;

/** Once per page; a failed fetch is forgotten, so that a retry asks again. */
function loadWasm(): Promise<ArrayBuffer> {
  wasm ??= fetch(files.wasm)
    .then((response) => {
      if (!response.ok) throw new Error(`dsp.wasm: HTTP ${response.status}`);
      return response.arrayBuffer();
    })
    .catch((error: unknown) => {
      wasm = undefined;
      throw error;
    });
  return wasm;
}

/** Once per context. */
function register(context: BaseAudioContext): Promise<void> {
  let done = registered.get(context);
  if (!done) {
    done = context.audioWorklet.addModule(files.processor).catch((error: unknown) => {
      registered.delete(context);
      throw error;
    });
    registered.set(context, done);
  }
  return done;
}

/** Checked against the published interface, as far as that does not name its own node class. */
type Interface = Omit<WebAudioModule, 'audioNode' | 'createAudioNode' | 'initialize'>;

/** The WAM 2 module of one plugin of the collection. */
export default class MixdownModule implements Interface {
  static readonly isWebAudioModuleConstructor = true;
  readonly isWebAudioModule = true;
  readonly groupId: string;
  readonly audioContext: BaseAudioContext;
  readonly moduleId = __PLUGIN__.id;
  readonly instanceId: string;
  readonly name = __PLUGIN__.name;
  readonly vendor = __PLUGIN__.vendor;
  initialized = false;
  #audioNode: PluginWamNode | undefined;

  readonly descriptor = {
    identifier: __PLUGIN__.id,
    name: __PLUGIN__.name,
    vendor: __PLUGIN__.vendor,
    version: __PLUGIN__.version,
    apiVersion: '2.0.0',
    thumbnail: '',
    keywords: [...__PLUGIN__.keywords],
    isInstrument: false,
    description: __PLUGIN__.description,
    website: '',
    hasAudioInput: true,
    hasAudioOutput: true,
    hasMidiInput: false,
    hasMidiOutput: false,
    hasAutomationInput: true,
    hasAutomationOutput: false,
    hasMpeInput: false,
    hasMpeOutput: false,
    hasOscInput: false,
    hasOscOutput: false,
    hasSysexInput: false,
    hasSysexOutput: false,
  };

  constructor(groupId: string, audioContext: BaseAudioContext) {
    this.groupId = groupId;
    this.audioContext = audioContext;
    instances += 1;
    this.instanceId = `${__PLUGIN__.id}-${instances}`;
  }

  /** Loads what is missing and makes the node; `initialState` holds from the first sample on. */
  static async createInstance(
    groupId: string,
    audioContext: BaseAudioContext,
    initialState?: Partial<PluginState>,
  ): Promise<MixdownModule> {
    return new MixdownModule(groupId, audioContext).initialize(initialState);
  }

  get audioNode(): PluginWamNode {
    if (!this.#audioNode) throw new Error(`${__PLUGIN__.name} is not initialized`);
    return this.#audioNode;
  }

  async initialize(state?: Partial<PluginState>): Promise<this> {
    if (this.initialized) return this;
    this.#audioNode = await this.createAudioNode(state);
    this.initialized = true;
    return this;
  }

  async createAudioNode(state?: Partial<PluginState>): Promise<PluginWamNode> {
    const [wasmBytes] = await Promise.all([loadWasm(), register(this.audioContext)]);
    return createWamNode(this, __PLUGIN__, wasmBytes, state);
  }

  /** The host draws the controls from the catalog; there is no second GUI to keep in step with it. */
  async createGui(): Promise<Element> {
    return document.createElement('div');
  }

  destroyGui(gui: Element): void {
    gui.remove();
  }
}
