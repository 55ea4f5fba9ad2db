import type { CatalogEntry, ParamValues, PluginFailure } from '@mixdown/contract';
import { preflight } from './preflight.ts';
import { onProcessorError } from './processor-errors.ts';
import { isWamConstructor, isWamInstance, type WamInstance } from './wam-types.ts';

export interface LoadPluginOptions {
  readonly context: BaseAudioContext;
  readonly entry: CatalogEntry;
  /** In force from the first sample. */
  readonly params: ParamValues;
  /** The plugin's own state, base64 of JSON; only for plugins whose parameters are not all of their state. */
  readonly state: string | null;
  readonly hostGroupId: string;
  readonly timeoutMs?: number;
  /** What `entryUrl` is relative to; default the page. */
  readonly baseUrl?: string;
}

export type LoadResult =
  | { readonly ok: true; readonly instance: WamInstance }
  | { readonly ok: false; readonly failure: PluginFailure; readonly detail: string };

/** How far a load has come, which is what an error then means. */
type Stage = 'import' | 'create';

class LoadFailure extends Error {
  readonly failure: PluginFailure;
  constructor(failure: PluginFailure, detail: string) {
    super(detail);
    this.failure = failure;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Loads a plugin and makes one instance of it: every file checked against the catalog's hashes, then the module,
 * its constructor, the instance. Never throws and never takes longer than `timeoutMs` (10 s); an instance that
 * arrives too late is destroyed.
 */
export async function loadPlugin(options: LoadPluginOptions): Promise<LoadResult> {
  const { timeoutMs = 10_000 } = options;
  const stop = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    stop.abort();
    late.reject(new LoadFailure('timeout', `It did not start within ${timeoutMs / 1000} seconds.`));
  }, timeoutMs);
  const loading = load(options, stop.signal);
  try {
    return { ok: true, instance: await Promise.race([loading, late.promise]) };
  } catch (error) {
    loading.then(destroyQuietly, () => {});
    if (error instanceof LoadFailure) {
      return { ok: false, failure: error.failure, detail: error.message };
    }
    return { ok: false, failure: 'processor_error', detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Ends an instance without waiting: some plugins never answer. */
export function destroyQuietly(instance: WamInstance): void {
  try {
    void Promise.resolve(instance.audioNode.destroy()).catch(() => {});
    instance.audioNode.disconnect();
  } catch {
    // It is leaving anyway.
  }
}

async function load(options: LoadPluginOptions, signal: AbortSignal): Promise<WamInstance> {
  const { context, entry } = options;
  if (!context.audioWorklet) {
    throw new LoadFailure('unsupported_browser', 'This page has no audio worklets.');
  }
  const entryUrl = new URL(entry.entryUrl, options.baseUrl ?? document.baseURI);
  const missing = await preflight(entry.files, entryUrl, signal);
  if (missing) throw new LoadFailure(missing.failure, missing.detail);
  const policy = watchPolicy();
  try {
    return await createInstance(options, entryUrl);
  } catch (error) {
    // The policy tells of its refusal in a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    const blocked = policy.violation();
    if (blocked) throw new LoadFailure('blocked_by_policy', blocked);
    throw error;
  } finally {
    policy.stop();
  }
}

async function createInstance(options: LoadPluginOptions, entryUrl: URL): Promise<WamInstance> {
  const { context, entry, params, state, hostGroupId } = options;
  let stage: Stage = 'import';
  try {
    const module: unknown = await import(/* @vite-ignore */ entryUrl.href);
    const Plugin = (module as { default?: unknown }).default;
    if (!isWamConstructor(Plugin)) {
      throw new LoadFailure('no_constructor', 'Its default export is not a WebAudioModule.');
    }
    stage = 'create';
    const instance: unknown = await Plugin.createInstance(hostGroupId, context, { params });
    if (!isWamInstance(instance)) {
      throw new LoadFailure('no_constructor', 'The instance has no audio node.');
    }
    await applyState(instance, entry, state);
    throwIfBroken(instance);
    return instance;
  } catch (error) {
    if (error instanceof LoadFailure) throw error;
    throw new LoadFailure(stage === 'import' ? 'syntax' : 'processor_error', messageOf(error));
  }
}

/** For our own effects the parameters are all there is, and they are in force already. */
async function applyState(
  instance: WamInstance,
  entry: CatalogEntry,
  state: string | null,
): Promise<void> {
  if (state === null || entry.renderPath === 'direct') return;
  const bytes = Uint8Array.from(atob(state), (c) => c.charCodeAt(0));
  await instance.audioNode.setState(JSON.parse(new TextDecoder().decode(bytes)));
}

function throwIfBroken(instance: WamInstance): void {
  let broken: string | null = null;
  onProcessorError(instance.audioNode, (detail) => {
    broken = detail;
  })();
  if (broken !== null) throw new LoadFailure('processor_error', broken);
}

/** Notes what the page's content security policy refuses meanwhile. */
function watchPolicy(): { violation(): string | null; stop(): void } {
  let violation: string | null = null;
  const note = (event: SecurityPolicyViolationEvent) => {
    violation = `${event.effectiveDirective} refused ${event.blockedURI}.`;
  };
  document.addEventListener('securitypolicyviolation', note);
  return {
    violation: () => violation,
    stop: () => document.removeEventListener('securitypolicyviolation', note),
  };
}
