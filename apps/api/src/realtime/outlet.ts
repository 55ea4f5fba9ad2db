import type { Duplex } from 'node:stream';

/** A text message as it goes over the wire: final, unmasked, without extensions (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}

/** What is said on one connection: frames that leave together. */
export interface Outlet {
  say(text: string): void;
  /** Sends what waits, now. */
  flush(): void;
  /** Bytes that the other side has not taken. */
  waiting(): number;
}

/**
 * What is said in one turn leaves in one write per connection: a room says ten things at once to a hundred people, and
 * writes cost most. What all are told is put into a frame once. Goes past the sender of `ws`, which makes two buffers
 * and a vectored write of each message; without extensions that sender keeps nothing back, so the order is the same.
 */
export function createOutlets() {
  let full: { leave(): void }[] = [];
  let last: { readonly text: string; readonly frame: Buffer } = {
    text: '',
    frame: textFrame(''),
  };

  const leaveAll = () => {
    const now = full;
    full = [];
    for (const outlet of now) outlet.leave();
  };

  return (socket: Duplex, isOpen: () => boolean): Outlet => {
    let frames: Buffer[] = [];
    let bytes = 0;
    const outlet = {
      leave() {
        const [first] = frames;
        if (first && isOpen())
          socket.write(frames.length === 1 ? first : Buffer.concat(frames, bytes));
        frames = [];
        bytes = 0;
      },
    };
    return {
      say(text) {
        if (last.text !== text) last = { text, frame: textFrame(text) };
        if (frames.length === 0 && full.push(outlet) === 1) setImmediate(leaveAll);
        frames.push(last.frame);
        bytes += last.frame.length;
      },
      flush: outlet.leave,
      waiting: () => bytes + socket.writableLength,
    };
  };
}
