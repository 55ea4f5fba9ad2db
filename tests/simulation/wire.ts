import type { Clock } from '@mixdown/core';
import type { Random } from './random.ts';

/** What a gateway is told of a connection. */
export interface ServerSide {
  message(text: string): void;
  closed(clean: boolean): void;
}
/** What a gateway can do with one. */
export interface ServerLink {
  send(text: string): void;
  close(code: number, reason: string): void;
  bufferedBytes(): number;
}
/** What a page is told. */
export interface PageSide {
  open(): void;
  message(text: string): void;
  closed(code: number, clean: boolean): void;
}

export interface WireConditions {
  /** One way, in ms. */
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Share of the log's and the locks' messages that are never sent, as by a defect of a gateway. */
  readonly lossToPage: number;
}

/** What the next heartbeat makes good. */
const REPAIRED = /^\{"t":"(?:op|po|ack|lk|lock\.ok|lock\.busy)"/;
/** A ping goes unanswered for so long before a gateway's edge calls a connection dead, in ms. */
const DEAD_AFTER_MS = 7000;

/**
 * One connection: in order and without loss while it stands, as TCP; it can break (both sides learn of it, each in its
 * own time) or fall silent (nobody learns of anything, until somebody loses patience).
 */
export function createWire(
  clock: Clock,
  random: Random,
  conditions: () => WireConditions,
  accept: (link: ServerLink) => ServerSide | null,
  page: PageSide,
) {
  let pageKnows = false;
  let serverKnows = false;
  let silent = false;
  let server: ServerSide | null = null;
  /** The earliest moment at which the next message may arrive: order is kept. */
  const arrivals = { page: 0, server: 0 };

  function deliver(to: 'page' | 'server', run: () => void): void {
    if (silent) return;
    const { minDelayMs, maxDelayMs } = conditions();
    const at = Math.max(arrivals[to], clock.now() + random.between(minDelayMs, maxDelayMs));
    arrivals[to] = at + 0.001;
    clock.setTimer(() => {
      if (!silent) run();
    }, at - clock.now());
  }
  function tellPage(code: number, clean: boolean): void {
    if (pageKnows) return;
    pageKnows = true;
    page.closed(code, clean);
  }
  function tellServer(clean: boolean): void {
    if (serverKnows) return;
    serverKnows = true;
    server?.closed(clean);
  }

  const link: ServerLink = {
    send(text) {
      if (serverKnows) return;
      if (REPAIRED.test(text) && random.chance(conditions().lossToPage)) return;
      deliver('page', () => {
        if (!pageKnows) page.message(text);
      });
    },
    close(code) {
      if (serverKnows) return;
      serverKnows = true;
      deliver('page', () => tellPage(code, true));
    },
    bufferedBytes: () => 0,
  };

  // The handshake.
  deliver('server', () => {
    if (pageKnows) return;
    server = accept(link);
    if (!server) deliver('page', () => tellPage(1006, false));
    else deliver('page', () => !pageKnows && page.open());
  });

  return {
    socket: {
      send(text: string) {
        if (pageKnows) return;
        deliver('server', () => {
          if (!serverKnows) server?.message(text);
        });
      },
      close(code = 1000) {
        if (pageKnows) return;
        pageKnows = true;
        deliver('server', () => tellServer(code === 1000 || code === 1001));
      },
      bufferedBytes: () => 0,
    },
    /** The connection breaks: what is under way is lost. */
    cut(): void {
      if (silent) return;
      silent = true;
      clock.setTimer(() => tellPage(1006, false), random.between(0, 200));
      clock.setTimer(() => tellServer(false), random.between(0, 200));
    },
    /** Nothing gets through any more, and nobody is told. */
    fallSilent(): void {
      if (silent) return;
      silent = true;
      clock.setTimer(() => tellServer(false), DEAD_AFTER_MS);
    },
    /** The page is gone with its process: the gateway's machine sees the connection reset, or nothing at all. */
    abandon(): void {
      pageKnows = true;
      if (random.chance(0.5)) this.cut();
      else this.fallSilent();
    },
    /** The gateway's process is gone. */
    serverDied(): void {
      serverKnows = true;
      if (silent) return;
      silent = true;
      clock.setTimer(() => tellPage(1006, false), random.between(0, 300));
    },
    over: () => pageKnows,
  };
}
export type Wire = ReturnType<typeof createWire>;
