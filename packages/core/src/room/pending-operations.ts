import {
  type ErrorCode,
  type OperationRequest,
  RefusedError,
  type ServerMessage,
} from '@mixdown/contract';
import { RoomNotLive } from './room.ts';

export interface Performed {
  readonly seq: number;
  readonly dup: boolean;
}

interface Waiting {
  readonly request: OperationRequest;
  readonly resolve: (performed: Performed) => void;
  readonly reject: (error: Error) => void;
}

type Answer = Extract<ServerMessage, { t: 'op.ok' | 'op.err' }>;

/** Operations on their way over this connection. None outlives it: what is not answered is for the caller to repeat. */
export function createPendingOperations() {
  const waiting = new Map<string, Waiting>();
  const take = (opId: string) => {
    const found = waiting.get(opId);
    waiting.delete(opId);
    return found;
  };
  return {
    count: () => waiting.size,
    has: (opId: string) => waiting.has(opId),
    add: (request: OperationRequest): Promise<Performed> =>
      new Promise((resolve, reject) => {
        waiting.get(request.opId)?.reject(new RoomNotLive());
        waiting.set(request.opId, { request, resolve, reject });
      }),
    /** The log has it: as good as an answer. */
    seen: (opId: string, seq: number) => take(opId)?.resolve({ seq, dup: false }),
    /** Returns the request where it was refused. */
    answer(m: Answer): OperationRequest | null {
      const found = take(m.opId);
      if (!found) return null;
      if (m.t === 'op.ok') {
        found.resolve({ seq: m.seq, dup: m.dup === true });
        return null;
      }
      const code: ErrorCode = m.code;
      found.reject(
        new RefusedError({ code, detail: m.detail, ...(m.extra && { extra: m.extra }) }),
      );
      return found.request;
    },
    failAll(): void {
      for (const { reject } of waiting.values()) reject(new RoomNotLive());
      waiting.clear();
    },
  };
}
