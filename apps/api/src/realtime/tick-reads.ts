import type { Duplex } from 'node:stream';
import { TICK_MS } from '@mixdown/contract';
import type { Clock } from '@mixdown/core';
import { momentFrom, until } from './ticks.ts';

/** Ticks without a live value after which a hand is at rest. */
const STILL_TICKS = 3;

/**
 * What Node keeps behind a socket. `pause()` would not do: a paused stream goes on reading into its own buffer, and what
 * costs is that the process wakes up to read.
 */
interface Handle {
  readonly reading: boolean;
  readStart(): number;
  readStop(): number;
}
const isHandle = (handle: Partial<Handle>): handle is Handle =>
  typeof handle.readStart === 'function' && typeof handle.readStop === 'function';

/** The handle where there is one and the stream wants to be read; null where reading goes its usual way. */
function handleOf(socket: Duplex): Handle | null {
  const { _handle: handle } = socket as { _handle?: Partial<Handle> | null };
  return handle?.reading && isHandle(handle) ? handle : null;
}

/** How one connection is read. */
export interface TickRead {
  /** A live value came, and the next one comes a tick later: until then nobody looks. */
  moved(): void;
  /** The connection is closed. */
  end(): void;
}

/**
 * Reads the sockets of moving hands at the ticks alone, all in one turn of the event loop. Live values wait for the tick
 * whenever they are read; taken one by one they wake the process 25 times a second and hand, which was most of what a
 * small room cost. Whatever else such a connection says waits a tick as well, in the kernel, at most for STILL_TICKS
 * after its last live value.
 */
export function createTickReads(clock: Clock): (socket: Duplex) => TickRead {
  /** Ticks that each is still read in this way. */
  const moving = new Map<Duplex, number>();
  let waits = false;

  function rest(): void {
    for (const [socket, ticks] of moving) {
      if (ticks === 0) moving.delete(socket);
      else {
        moving.set(socket, ticks - 1);
        handleOf(socket)?.readStop();
      }
    }
    next();
  }
  function read(): void {
    waits = false;
    for (const socket of moving.keys()) handleOf(socket)?.readStart();
    // When what was there has been read.
    clock.setTimer(rest, 0);
  }
  function next(): void {
    if (waits || moving.size === 0) return;
    waits = true;
    const now = clock.now();
    clock.setTimer(read, until(momentFrom(now + TICK_MS / 2), now));
  }

  return (socket) => ({
    moved() {
      if (!moving.has(socket)) handleOf(socket)?.readStop();
      moving.set(socket, STILL_TICKS);
      next();
    },
    end() {
      moving.delete(socket);
    },
  });
}
