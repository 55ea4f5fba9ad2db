import { type ClientMessage, type CloseReason, MAX_MESSAGE_BYTES } from '@mixdown/contract';
import type { Clock } from '@mixdown/core';
import { type Bucket, createBucket, type Limits } from './limits.ts';
import { parseMessage } from './parse-message.ts';

/** Messages that may wait for the answer to one that has to be answered first. */
const MAX_WAITING = 512;
const LIGHT: ReadonlySet<ClientMessage['t']> = new Set(['pf', 'ping', 'pong', 'look']);

/** Characters are one to three bytes of UTF-8 each: seldom has one to count them. */
const isTooLong = (text: string) =>
  text.length > MAX_MESSAGE_BYTES ||
  (text.length * 3 > MAX_MESSAGE_BYTES && Buffer.byteLength(text) > MAX_MESSAGE_BYTES);

/** What comes in on one connection: counted, checked, and in order. */
export function createIntake(deps: {
  readonly clock: Clock;
  readonly limits: Limits;
  /** All connections of the account together, once it is known. */
  userBucket(): Bucket | null;
  act(message: ClientMessage): void;
  refuse(reason: CloseReason): void;
}) {
  const { clock, limits } = deps;
  const messages = createBucket(clock, limits.messages);
  const characters = createBucket(clock, limits.characters);
  const heavy = createBucket(clock, limits.heavy);
  let busy = false;
  let waiting: ClientMessage[] = [];
  let closed = false;

  function pass(message: ClientMessage): void {
    if (closed) return;
    if (!busy) deps.act(message);
    else if (waiting.length < MAX_WAITING) waiting.push(message);
    else deps.refuse('rate_limited');
  }

  return {
    take(text: string): void {
      if (closed) return;
      if (isTooLong(text)) {
        deps.refuse('too_large');
        return;
      }
      const now = clock.now();
      const isMuch =
        !messages.take(1, now) ||
        !characters.take(text.length, now) ||
        deps.userBucket()?.take(1, now) === false;
      const message = isMuch ? null : parseMessage(text);
      if (isMuch || (message && !LIGHT.has(message.t) && !heavy.take(1, now))) {
        deps.refuse('rate_limited');
      } else if (message) pass(message);
      else deps.refuse('malformed');
    },
    /** Whatever comes meanwhile waits. */
    async first(work: () => Promise<void>): Promise<void> {
      busy = true;
      try {
        await work();
      } catch {
        deps.refuse('unavailable');
      }
      busy = false;
      const next = waiting;
      waiting = [];
      for (const message of next) pass(message);
    },
    close(): void {
      closed = true;
      waiting = [];
    },
  };
}
