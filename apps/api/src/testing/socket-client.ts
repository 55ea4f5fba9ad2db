import { once } from 'node:events';
import { type ClientMessage, PROTOCOL, type ServerMessage } from '@mixdown/contract';
import type { FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import type { Caller } from './caller.ts';

type Of<T extends ServerMessage['t']> = Extract<ServerMessage, { t: T }>;

let sessions = 0;
/** A new session id. */
export const newSession = (): string => `session-${String(++sessions).padStart(12, '0')}`;

/** A socket as a browser has one, and everything it has heard. */
export interface SocketClient {
  readonly session: string;
  readonly socket: WebSocket;
  readonly heard: readonly ServerMessage[];
  /** Resolves with the code once the connection has ended. */
  readonly ended: Promise<{ code: number; reason: string }>;
  say(message: ClientMessage | object | string): void;
  /** The first message of this kind, from `from` on in `heard`, that fits. Rejects if the connection ends before. */
  next<T extends ServerMessage['t']>(
    t: T,
    fits?: (message: Of<T>) => boolean,
    from?: number,
  ): Promise<Of<T>>;
  all<T extends ServerMessage['t']>(t: T): Of<T>[];
  hello(o: {
    who: Caller;
    projectId: string;
    lastSeq?: number;
    epoch?: number;
  }): Promise<Of<'welcome'>>;
  close(code?: number): Promise<void>;
}

export const socketUrl = (app: FastifyInstance): string => {
  const address = app.server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server does not listen');
  return `ws://127.0.0.1:${address.port}/api/v1/daw/socket`;
};

export async function openSocket(
  app: FastifyInstance,
  o: { session?: string; origin?: string } = {},
): Promise<SocketClient> {
  const session = o.session ?? newSession();
  const socket = new WebSocket(socketUrl(app), { ...(o.origin && { origin: o.origin }) });
  const heard: ServerMessage[] = [];
  const waiting = new Set<() => void>();
  let isOver = false;
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)));
    wake();
  });
  socket.on('error', () => {});
  const ended = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      isOver = true;
      resolve({ code, reason: String(reason) });
      wake();
    });
  });
  await Promise.race([once(socket, 'open'), ended]);

  const client: SocketClient = {
    session,
    socket,
    heard,
    ended,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: (t, fits = () => true, from = 0) =>
      new Promise((resolve, reject) => {
        let at = from;
        const look = () => {
          for (; at < heard.length; at++) {
            const message = heard[at] as ServerMessage;
            if (message.t !== t || !fits(message as never)) continue;
            waiting.delete(look);
            resolve(message as never);
            return;
          }
          if (!isOver) return;
          waiting.delete(look);
          reject(new Error(`the connection ended before a ${t}`));
        };
        waiting.add(look);
        look();
      }),
    all: (t) => heard.filter((message) => message.t === t) as never,
    async hello({ who, projectId, lastSeq = -1, epoch = 1 }) {
      const from = heard.length;
      const token = who.session?.access_token ?? '';
      client.say({ t: 'hello', v: PROTOCOL, token, projectId, session, epoch, lastSeq });
      return client.next('welcome', undefined, from);
    },
    async close(code = 1000) {
      socket.close(code);
      await ended;
    },
  };
  return client;
}
