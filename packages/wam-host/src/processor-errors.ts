type Listener = (detail: string) => void;

interface Watched {
  error: string | null;
  readonly listeners: Set<Listener>;
}

const watched = new WeakMap<AudioNode, Watched>();
let installed = false;

function detailOf(event: Event): string {
  const message = (event as ErrorEvent).message;
  return typeof message === 'string' && message !== '' ? message : 'The processor threw an error.';
}

function watch(node: AudioWorkletNode): void {
  const state: Watched = { error: null, listeners: new Set() };
  watched.set(node, state);
  const report = (event: Event) => {
    if (state.error !== null) return;
    state.error = detailOf(event);
    for (const listener of state.listeners) listener(state.error);
  };
  // Plugins override addEventListener on their nodes; browsers disagree on the event's name.
  const listen = EventTarget.prototype.addEventListener;
  for (const type of ['processorerror', 'error']) listen.call(node, type, report);
}

/**
 * WebKit garbles `parameters[NAME]` in a worklet when a long parameter name was used as a property key on the
 * main thread and its string is shared. Handing out copies keeps the string to the main thread.
 */
function unshareParamNames(): void {
  const map = globalThis.AudioParamMap?.prototype as
    | (AudioParamMap & Record<string | symbol, unknown>)
    | undefined;
  if (!map) return;
  const fresh = (name: string) => ` ${name}`.slice(1);
  const forEach = map.forEach;
  const entriesOf = (self: AudioParamMap): [string, AudioParam][] => {
    const all: [string, AudioParam][] = [];
    forEach.call(self, (param: AudioParam, name: string) => void all.push([fresh(name), param]));
    return all;
  };
  const define = (key: string | symbol, value: (this: AudioParamMap) => Iterator<unknown>) =>
    Object.defineProperty(map, key, { value, configurable: true, writable: true });
  const entries = function (this: AudioParamMap) {
    return entriesOf(this).values();
  };
  define('entries', entries);
  define(Symbol.iterator, entries);
  define('keys', function () {
    return entriesOf(this)
      .map(([name]) => name)
      .values();
  });
  map.forEach = function (
    this: AudioParamMap,
    callback: (value: AudioParam, key: string, parent: AudioParamMap) => void,
    self?: unknown,
  ) {
    for (const [name, param] of entriesOf(this)) callback.call(self, param, name, this);
  } as AudioParamMap['forEach'];
}

/**
 * Makes processor errors of every AudioWorkletNode that is constructed from now on visible to
 * {@link onProcessorError}. Call it before any plugin's module is loaded; calling it again does nothing.
 */
export function installProcessorErrorHook(): void {
  if (installed || !globalThis.AudioWorkletNode) return;
  installed = true;
  unshareParamNames();
  globalThis.AudioWorkletNode = class extends globalThis.AudioWorkletNode {
    constructor(context: BaseAudioContext, name: string, options?: AudioWorkletNodeOptions) {
      super(context, name, options);
      watch(this);
    }
  };
}

/**
 * Calls back once when the node's processor throws (in its constructor or in `process`), at once if it already
 * has. Returns the way to stop listening.
 */
export function onProcessorError(node: AudioNode, callback: Listener): () => void {
  const state = watched.get(node);
  if (!state) throw new Error('The node was made before installProcessorErrorHook()');
  if (state.error !== null) callback(state.error);
  else state.listeners.add(callback);
  return () => void state.listeners.delete(callback);
}
