import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_MESSAGE_BYTES } from '@mixdown/contract';
import type { Clock } from '@mixdown/core';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Gateway } from './gateway.ts';
import { createOutlets } from './outlet.ts';
import { createTickReads } from './tick-reads.ts';

export const SOCKET_PATH = '/api/v1/daw/socket';
const PING_MS = 3_000;
/** Without any sign of life for so long the other side is not there. */
const DEAD_MS = 6_500;
const CHECK_MS = 500;
/** How long a goodbye may take. */
const CLOSE_MS = 1_000;

interface Alive {
  /** Since the last look. */
  heard: boolean;
  heardAt: number;
  pingedAt: number;
}

/** What a browser sends on leaving the page, or on `close()`; whatever else is a connection that broke. */
const isClean = (code: number, reason: Buffer) =>
  (code === 1000 || code === 1001 || code === 1005) && reason.toString() !== 'silent';

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The gateway's sockets on an HTTP server: upgrades, origin, liveness. */
export function createSocketServer(o: {
  readonly gateway: Gateway;
  readonly clock: Clock;
  isAllowed(request: IncomingMessage): boolean;
  addressOf(request: IncomingMessage): string;
}) {
  const server = new WebSocketServer({
    noServer: true,
    // The gateway says `too_large` itself up to here, and ws ends the connection beyond.
    maxPayload: MAX_MESSAGE_BYTES * 2,
    perMessageDeflate: false,
  });
  const sockets = new Map<WebSocket, Alive>();
  const outletOf = createOutlets();
  const readsOf = createTickReads(o.clock);

  const watch = setInterval(() => {
    const now = performance.now();
    for (const [socket, alive] of sockets) {
      if (alive.heard) {
        alive.heard = false;
        alive.heardAt = now;
      }
      if (now - alive.heardAt > DEAD_MS) socket.terminate();
      else if (now - alive.pingedAt >= PING_MS && now - alive.heardAt >= PING_MS / 2) {
        alive.pingedAt = now;
        socket.ping();
      }
    }
  }, CHECK_MS);
  watch.unref();

  function serve(socket: WebSocket, request: IncomingMessage): void {
    const now = performance.now();
    const alive = { heard: false, heardAt: now, pingedAt: now };
    sockets.set(socket, alive);
    const isOpen = () => socket.readyState === socket.OPEN;
    const outlet = outletOf(request.socket, isOpen);
    const reads = readsOf(request.socket);
    const connection = o.gateway.accept(
      {
        send(text) {
          if (isOpen()) outlet.say(text);
        },
        close(code, reason) {
          outlet.flush();
          socket.close(code, reason);
          // Whoever does not say goodbye is cut off.
          setTimeout(() => socket.terminate(), CLOSE_MS).unref();
        },
        bufferedBytes: outlet.waiting,
        moved: reads.moved,
      },
      { address: o.addressOf(request) },
    );
    const heard = () => {
      alive.heard = true;
    };
    socket.on('pong', heard);
    socket.on('ping', heard);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      heard();
      if (isBinary) connection.binary();
      else connection.message(String(data));
    });
    // Broken frames and the like: a close follows.
    socket.on('error', () => {});
    socket.on('close', (code, reason) => {
      sockets.delete(socket);
      reads.end();
      connection.closed(isClean(code, reason));
    });
  }

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      if (request.url?.split('?')[0] !== SOCKET_PATH) {
        refuse(socket, '404 Not Found');
        return;
      }
      if (!o.isAllowed(request)) {
        refuse(socket, '403 Forbidden');
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => serve(opened, request));
    },
    /** Call after the gateway has closed its connections. */
    async close(): Promise<void> {
      clearInterval(watch);
      const gone = [...sockets.keys()].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      );
      const impatience = setTimeout(() => {
        for (const socket of sockets.keys()) socket.terminate();
      }, CLOSE_MS);
      await Promise.all(gone);
      clearTimeout(impatience);
      server.close();
    },
  };
}
