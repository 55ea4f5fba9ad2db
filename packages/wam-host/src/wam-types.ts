/** The parts of the WAM 2 API that this host uses. */
export interface WamNode extends AudioWorkletNode {
  getState(): Promise<unknown>;
  setState(state: unknown): Promise<void>;
  /** Removes the node and its processor; some plugins never settle it, so nobody awaits it. */
  destroy(): unknown;
}

export interface WamInstance {
  readonly audioNode: WamNode;
}

export interface WamConstructor {
  readonly isWebAudioModuleConstructor: true;
  createInstance(
    hostGroupId: string,
    context: BaseAudioContext,
    initialState?: unknown,
  ): Promise<WamInstance>;
}

export function isWamConstructor(value: unknown): value is WamConstructor {
  if (typeof value !== 'function') return false;
  const candidate = value as unknown as Partial<WamConstructor>;
  return (
    candidate.isWebAudioModuleConstructor === true && typeof candidate.createInstance === 'function'
  );
}

export function isWamInstance(value: unknown): value is WamInstance {
  const node = (value as Partial<WamInstance> | null | undefined)?.audioNode;
  return typeof node?.connect === 'function';
}
