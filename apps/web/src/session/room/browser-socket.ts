import type { Socket, SocketEvents } from '@mixdown/core/room/room';

/** Any code but those of a clean goodbye: the others shall see somebody who is coming back. */
const OFFLINE = 4000;
const ABNORMAL = 1006;

/** The socket of the page's own server. */
export function connectSocket(events: SocketEvents, url: string = socketUrl()): Socket {
  const socket = new WebSocket(url);
  const stop = new AbortController();
  let ended = false;
  const end = (code: number, clean: boolean) => {
    if (ended) return;
    ended = true;
    stop.abort();
    events.closed(code, clean);
  };
  socket.addEventListener('open', () => events.open(), stop);
  socket.addEventListener('message', ({ data }) => events.message(String(data)), stop);
  socket.addEventListener('close', ({ code, wasClean }) => end(code, wasClean), stop);
  // A socket without a network dies only after a long silence; the browser knows at once.
  window.addEventListener(
    'offline',
    () => {
      socket.close(OFFLINE, 'offline');
      end(ABNORMAL, false);
    },
    stop,
  );
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code = 1000, reason) => {
      ended = true;
      stop.abort();
      // Browsers let pages say 1000 and the private range, nothing else.
      socket.close(code === 1000 || code >= 3000 ? code : 1000, reason);
    },
    bufferedBytes: () => socket.bufferedAmount,
  };
}

function socketUrl(): string {
  const url = new URL('/api/v1/daw/socket', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
