import { RefusedError } from '@mixdown/contract';
import type { Edit } from './edit.ts';
import { type RequestBody, requestsOf } from './requests-of.ts';

export interface SendOptions {
  /** The page is going away: the request has to outlive it. */
  readonly keepalive: boolean;
  /** Id of the edit's nth operation: the same for every attempt, so that it is done once. */
  opId(step: number): string;
}

/** How edits get to the server. */
export interface Wire {
  /** Does one operation; resolves to its seq in the project's log, null where the answer does not tell. */
  perform(
    request: RequestBody,
    o: { readonly opId: string; readonly keepalive: boolean },
  ): Promise<number | null>;
  /** The wet share that the server gives a new plugin, 0…1. */
  defaultMix(catalogId: string): number;
}

/** Removing what is gone already is no refusal. */
const isGone = (error: unknown): boolean =>
  error instanceof RefusedError && error.refusal.code === 'not_found';

/**
 * Brings one edit to the server. Resolves to the seq of its last operation, null where it is not known; rejects with
 * the server's refusal, or with what kept it from being reached.
 */
export async function sendEdit(wire: Wire, edit: Edit, o: SendOptions): Promise<number | null> {
  let seq: number | null = null;
  for (const [step, request] of requestsOf(edit, wire.defaultMix).entries()) {
    try {
      seq = await wire.perform(request, { opId: o.opId(step), keepalive: o.keepalive });
    } catch (error) {
      const removal = request.kind.endsWith('.remove');
      if (!removal || !isGone(error)) throw error;
      seq = null;
    }
  }
  return seq;
}
