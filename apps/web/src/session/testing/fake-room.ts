import type { Operation, OperationRequest, ParamValues } from '@mixdown/contract';
import type { Room, RoomDeps, RoomStatus } from '@mixdown/core/room/room';

/** A room under a test's hand: it notes what it is asked for, and says what the test lets it say. */
export function createFakeRoom(deps: Pick<RoomDeps, 'events' | 'start'>) {
  const calls: string[] = [];
  const mine = new Map<string, ParamValues>();
  const performed: OperationRequest[] = [];
  let status: RoomStatus = 'connecting';
  let onPerform: (request: OperationRequest) => Promise<{ seq: number; dup: boolean }> = () =>
    Promise.reject(new Error('not expected'));
  const room: Room = {
    connect: () => void calls.push('connect'),
    close: () => void calls.push('close'),
    leave: () => void calls.push('leave'),
    setParams(pluginId, params, { final }) {
      calls.push(`set ${Object.keys(params).join()}${final ? ' final' : ''}`);
      mine.set(pluginId, { ...mine.get(pluginId), ...params });
    },
    acquire: (id) => void calls.push(`acquire ${id}`),
    release: (id) => void calls.push(`release ${id}`),
    request: (id) => void calls.push(`request ${id}`),
    force: (id) => void calls.push(`force ${id}`),
    answer: (id, session, allow) => void calls.push(`answer ${id} ${session} ${allow}`),
    perform(request) {
      performed.push(request);
      return onPerform(request);
    },
    look: () => {},
    flush: () => void calls.push('flush'),
    status: () => status,
    seq: () => deps.start.seq,
    visible: (id) => mine.get(id) ?? {},
    locks: () => new Map(),
    mine: () => mine,
    takeUnsent() {
      const unsent = [...mine].map(([pluginId, params]) => ({ pluginId, params }));
      mine.clear();
      return unsent;
    },
  };
  return {
    room,
    calls,
    performed,
    start: deps.start,
    events: deps.events,
    mine,
    performs(answer: typeof onPerform) {
      onPerform = answer;
    },
    become(next: RoomStatus, reason?: Parameters<RoomDeps['events']['status']>[1]) {
      status = next;
      deps.events.status(next, reason);
    },
    operation: (op: Operation) => deps.events.operation(op),
  };
}
export type FakeRoom = ReturnType<typeof createFakeRoom>;
