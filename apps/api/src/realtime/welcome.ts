import { type ProjectSnapshot, type ServerMessage, TICK_MS } from '@mixdown/contract';
import type { Identity } from '../auth/identity.ts';
import type { Authority, Standing } from './authority.ts';
import type { Room } from './room-types.ts';

type Welcome = Extract<ServerMessage, { t: 'welcome' }>;
type Body = Pick<Welcome, 'mode' | 'seq' | 'ops' | 'snapshot'>;

/** The log moves on while we read; so often we try to meet it. */
const TRIES = 5;

export interface WelcomeRequest {
  readonly identity: Identity;
  readonly standing: Standing;
  readonly epoch: number;
  readonly lastSeq: number;
}

/** Everything after `lastSeq`, as of now; null where the log does not reach back, or there is too much. */
async function resume(
  room: Room,
  authority: Pick<Authority, 'operations'>,
  { lastSeq, limit }: { lastSeq: number; limit: number },
): Promise<Body | null> {
  const { log, projectId } = room;
  if (lastSeq > log.seq() || log.seq() - lastSeq > limit) return null;
  let ops = log.since(lastSeq);
  for (let tries = 0; !ops && tries < TRIES; tries++) {
    const read = await authority.operations(projectId, lastSeq, limit + 1);
    if (!read || read.length > limit) return null;
    const to = read.at(-1)?.seq ?? lastSeq;
    if (to > log.seq()) await log.read();
    const rest = log.since(to);
    if (rest) ops = [...read.filter(({ seq }) => seq <= log.seq()), ...rest];
  }
  return ops && { mode: 'resume', seq: log.seq(), ops };
}

/**
 * Prepares what a newcomer has to hear first. The result's `now` builds it for the moment it is called in, without
 * waiting, so that nothing that happens in the room falls between the welcome and what is broadcast after it. It gives
 * the messages that follow the welcome too.
 */
export async function prepareWelcome(
  room: Room,
  authority: Pick<Authority, 'operations' | 'snapshot'>,
  request: WelcomeRequest,
  o: { readonly limit: number; readonly given?: ProjectSnapshot | undefined },
): Promise<(() => string[] | null) | null> {
  const { log } = room;
  const { standing, identity, epoch, lastSeq } = request;
  if (standing.seq > log.seq()) await log.read();
  // The room cannot catch up: there will be a new one.
  if (standing.seq > log.seq()) return null;
  const say = (body: Body, after: readonly string[]): string[] => {
    room.tick();
    const welcome: Welcome = {
      t: 'welcome',
      epoch: room.epoch,
      role: standing.role,
      ...body,
      plugins: room.plugins.list(),
      params: room.plugins.params(),
      locks: room.locks.views(),
      presence: room.people.list(),
      live: room.live.current(),
      tickMs: TICK_MS,
    };
    return [JSON.stringify(welcome), ...after];
  };

  if (epoch === room.epoch && lastSeq >= 0) {
    const { limit } = o;
    const body = await resume(room, authority, { lastSeq, limit });
    if (body) {
      return () => {
        const rest = log.since(body.seq);
        if (!rest) return null;
        return say({ ...body, seq: log.seq(), ops: [...(body.ops ?? []), ...rest] }, []);
      };
    }
  }
  const snapshot = o.given ?? (await authority.snapshot(identity, room.projectId));
  if (!snapshot) return null;
  const { seq } = snapshot.project;
  if (seq > log.seq()) await log.read();
  return () => {
    const rest = log.since(seq);
    if (!rest) return null;
    // The newcomer's handles are those of now: what an operation of the meantime added has one already.
    const ops = rest.map((operation) => {
      const plugin =
        operation.kind === 'plugin.add'
          ? room.plugins.byId(operation.payload.plugin.id)
          : undefined;
      return JSON.stringify({
        t: 'op',
        ...operation,
        ...(plugin && {
          plugin: { h: plugin.h, id: plugin.id, k: plugin.k },
          params: plugin.parameters.map(({ id }) => id),
        }),
      });
    });
    return say({ mode: 'snapshot', seq, snapshot }, ops);
  };
}
