import {
  CLOSE,
  type ClientMessage,
  type CloseReason,
  RefusedError,
  type ServerMessage,
} from '@mixdown/contract';
import { backoffMs } from './backoff.ts';
import type { EndReason, RoomDeps, RoomStatus, Socket } from './room.ts';
import { tokenExpiry } from './token-expiry.ts';

/** A gateway answers `hello` from memory or one read; longer means that nobody is there. */
const WELCOME_MS = 10_000;
/** The room hears at least a heartbeat every 2 s; after three and a half the connection is dead. */
const SILENCE_MS = 7000;
const PING_MS = 4000;
/** When asked to look at once, a connection that does not answer a ping for so long is given up. */
const PROBE_MS = 2500;
/** A token is renewed this long before it expires. */
const RENEW_BEFORE_MS = 60_000;
const RENEW_RETRY_MS = 10_000;
/** setTimeout takes 31 bits; looking again each hour also survives a machine that slept. */
const LONGEST_TIMER_MS = 3_600_000;
/** Frames pause while so much waits to be sent. */
const MAX_BUFFERED_BYTES = 64 * 1024;

const reasonOf = (code: number): CloseReason | null =>
  (Object.keys(CLOSE) as CloseReason[]).find((reason) => CLOSE[reason].code === code) ?? null;

export interface ConnectionEvents {
  /** The first message on each socket; also what is said again after a gap. */
  hello(token: string): ClientMessage;
  message(message: ServerMessage): void;
  /** The connection broke, or was ended. */
  down(): void;
  status(status: RoomStatus, reason?: EndReason): void;
}

type ConnectionDeps = Pick<RoomDeps, 'clock' | 'random' | 'connect' | 'token' | 'wallClock'> & {
  readonly on: ConnectionEvents;
};

/** Keeps one socket to a gateway open: tokens, hello, liveness, reconnecting. Knows nothing of what is said on it. */
export function createConnection(deps: ConnectionDeps) {
  const { clock, on } = deps;
  const wallClock = deps.wallClock ?? Date.now;
  let status: RoomStatus = 'connecting';
  let socket: Socket | null = null;
  /** Grows with each attempt: whatever an earlier one still calls back is ignored. */
  let attempt = 0;
  let failures = 0;
  let welcomed = false;
  let token: string | null = null;
  let refusedToken: string | null = null;
  const timers = new Map<string, () => void>();

  const setTimer = (name: string, run: () => void, ms: number) => {
    timers.get(name)?.();
    timers.set(name, clock.setTimer(run, ms));
  };
  const clearTimers = () => {
    for (const cancel of timers.values()) cancel();
    timers.clear();
  };
  const setStatus = (next: RoomStatus, reason?: EndReason) => {
    if (status === next && !reason) return;
    status = next;
    on.status(next, reason);
  };

  function drop(): void {
    attempt += 1;
    clearTimers();
    socket = null;
    if (welcomed) {
      welcomed = false;
      on.down();
    }
  }

  function end(reason: EndReason): void {
    drop();
    setStatus('ended', reason);
  }

  function again(soon = false): void {
    const everLive = status !== 'connecting';
    drop();
    if (everLive) setStatus('reconnecting');
    setTimer('retry', () => void open(), soon ? 0 : backoffMs(failures, deps.random()));
    failures += 1;
  }

  function closed(code: number): void {
    const reason = reasonOf(code);
    if (reason === 'token_invalid') {
      // The same token again, or a fresh one refused as well: nobody here is signed in any more.
      if (refusedToken !== null && !welcomed) {
        end('token_invalid');
        return;
      }
      refusedToken = token;
      again(true);
      return;
    }
    if (reason && !CLOSE[reason].again) {
      end(reason as EndReason);
      return;
    }
    again();
  }

  function giveUp(): void {
    const dead = socket;
    again();
    dead?.close(1000, 'silent');
  }

  const alive = () => {
    if (welcomed) setTimer('silence', giveUp, SILENCE_MS);
  };

  function send(message: ClientMessage): void {
    if (!socket) return;
    socket.send(JSON.stringify(message));
    if (welcomed) setTimer('ping', ping, PING_MS);
  }
  function ping(): void {
    send({ t: 'ping', ts: Math.round(clock.now()) });
  }

  /** Asks for a newer token while the connection stands, and passes it on. */
  function scheduleRenewal(ms?: number): void {
    const expiry = token === null ? null : tokenExpiry(token);
    if (expiry === null) return;
    const due = ms ?? Math.max(0, expiry * 1000 - wallClock() - RENEW_BEFORE_MS);
    if (due > LONGEST_TIMER_MS) {
      setTimer('renew', () => scheduleRenewal(), LONGEST_TIMER_MS);
      return;
    }
    setTimer('renew', () => void renew(), due);
  }
  async function renew(): Promise<void> {
    const mine = attempt;
    const next = await deps.token().catch(() => null);
    if (mine !== attempt) return;
    if (next === null || next === token) {
      scheduleRenewal(RENEW_RETRY_MS);
      return;
    }
    token = next;
    send({ t: 'token', token });
    scheduleRenewal();
  }

  async function open(): Promise<void> {
    drop();
    const mine = attempt;
    try {
      token = await deps.token();
    } catch (error) {
      if (mine !== attempt) return;
      const code = error instanceof RefusedError ? error.refusal.code : null;
      if (code === 'token_invalid' || code === 'unauthenticated') {
        end('token_invalid');
        return;
      }
      again();
      return;
    }
    if (mine !== attempt) return;
    if (token === refusedToken) {
      end('token_invalid');
      return;
    }
    setTimer('welcome', giveUp, WELCOME_MS);
    let greeted = false;
    let isOpen = false;
    // A socket may call back before it is returned.
    const greet = () => {
      if (greeted || !isOpen || !socket || token === null) return;
      greeted = true;
      send(on.hello(token));
    };
    const opened = deps.connect({
      open: () => {
        if (mine !== attempt) return;
        isOpen = true;
        greet();
      },
      message: (text) => {
        if (mine !== attempt) return;
        alive();
        on.message(JSON.parse(text) as ServerMessage);
      },
      closed: (code) => {
        if (mine === attempt) closed(code);
      },
    });
    if (mine !== attempt) {
      opened.close(1000);
      return;
    }
    socket = opened;
    greet();
  }

  return {
    status: () => status,
    live: () => welcomed,
    /** Whether a frame may go now, or had better wait until less is under way. */
    clear: () => welcomed && (socket?.bufferedBytes?.() ?? 0) < MAX_BUFFERED_BYTES,
    send,
    /** Says hello again on the same socket. */
    helloAgain(): void {
      if (token === null) return;
      send(on.hello(token));
      setTimer('welcome', giveUp, WELCOME_MS);
    },
    /** The answer to `hello` has come. */
    welcomed(): void {
      timers.get('welcome')?.();
      timers.delete('welcome');
      welcomed = true;
      failures = 0;
      refusedToken = null;
      alive();
      setTimer('ping', ping, PING_MS);
      scheduleRenewal();
      setStatus('live');
    },
    connect(): void {
      if (welcomed) {
        ping();
        setTimer('silence', giveUp, PROBE_MS);
        return;
      }
      if (socket) return;
      refusedToken = null;
      failures = 0;
      if (status === 'ended') setStatus('connecting');
      void open();
    },
    close(code = 1000): void {
      const old = socket;
      drop();
      status = 'ended';
      old?.close(code);
    },
  };
}
export type Connection = ReturnType<typeof createConnection>;
