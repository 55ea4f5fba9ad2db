import { PROTOCOL, type ServerMessage, TICK_MS } from '@mixdown/contract';
import { fromNormalized, quantise } from '@mixdown/core';
import { WebSocket } from 'ws';
import type { BenchProject } from './room-of.ts';

/** What all receivers together have seen. */
export interface Tally {
  /** Values that arrived, one for each parameter and receiver. */
  delivered: number;
  bytes: number;
  /** Milliseconds from send to arrival. */
  readonly latencies: number[];
}

export interface Participant {
  readonly socket: WebSocket;
  /** Last value seen of each plugin's parameters, by `pluginId/index`. */
  readonly seen: Map<string, number>;
  /** Sends one frame of `knobs` values; `final` says that the hand is off. */
  move(step: number, knobs: number, final: boolean): void;
  /** What the last frame said, by `pluginId/index`. */
  readonly sent: Map<string, number>;
  close(): Promise<void>;
}

/** When each frame left, by `pluginId/n`: senders and receivers share this process and its clock. */
type Departures = Map<string, number>;

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
const closed = (socket: WebSocket) =>
  new Promise<void>((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) return resolve();
    socket.once('close', () => resolve());
    socket.close(1000);
  });

/** Values that differ from step to step, within the parameter's range and on its grid. */
function valuesAt(project: BenchProject, step: number, knobs: number): number[] {
  return project.entry.parameters.slice(0, knobs).flatMap((parameter, index) => {
    const travel = ((step * 7 + index * 31) % 1000) / 1000;
    return [index, quantise(parameter, fromNormalized(parameter, travel))];
  });
}

/** Somebody in a room of Mixdown; a mover holds the plugin of the same number. */
export async function joinRoom(
  url: string,
  project: BenchProject,
  number: number,
  tally: Tally,
  departures: Departures,
): Promise<Participant> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/daw/socket`, {
    perMessageDeflate: false,
    headers: { origin: url },
  });
  const seen = new Map<string, number>();
  const sent = new Map<string, number>();
  const plugins = new Map<number, string>();
  const mine = project.pluginIds[number];
  let handle = -1;
  let fence = -1;
  let n = 0;
  let ready: () => void = () => {};
  const inRoom = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const note = (pluginId: string, v: readonly number[]) => {
    for (let i = 0; i < v.length; i += 2) seen.set(`${pluginId}/${v[i]}`, v[i + 1] as number);
  };
  socket.on('message', (data) => {
    const text = data.toString();
    tally.bytes += text.length;
    const message = JSON.parse(text) as ServerMessage;
    if (message.t === 'pf') {
      const now = performance.now();
      for (const { h, n: frame, v } of message.e) {
        const pluginId = plugins.get(h) ?? '';
        note(pluginId, v);
        tally.delivered += v.length / 2;
        const left = departures.get(`${pluginId}/${frame}`);
        if (left !== undefined) tally.latencies.push(now - left);
      }
    } else if (message.t === 'op' && message.kind === 'plugin.params') {
      const { pluginId, patch } = message.payload;
      for (const [id, value] of Object.entries(patch.params)) {
        const index = project.entry.parameters.findIndex((p) => p.id === id);
        seen.set(`${pluginId}/${index}`, value);
      }
    } else if (message.t === 'welcome') {
      for (const { h, id } of message.plugins) plugins.set(h, id);
      handle = message.plugins.find(({ id }) => id === mine)?.h ?? -1;
      if (handle < 0) ready();
      else socket.send(JSON.stringify({ t: 'lock.acquire', h: handle }));
    } else if (message.t === 'lock.ok') {
      fence = message.f;
      ready();
    } else if (message.t === 'nack' || message.t === 'lock.busy' || message.t === 'lock.err') {
      throw new Error(`the gateway refused: ${text}`);
    }
  });
  await opened(socket);
  const session = `bench-session-${number}-${Math.random().toString(36).slice(2)}`;
  const hello = {
    t: 'hello',
    v: PROTOCOL,
    token: project.tokens[number],
    projectId: project.projectId,
  };
  socket.send(JSON.stringify({ ...hello, session, epoch: 0, lastSeq: -1 }));
  await inRoom;
  return {
    socket,
    seen,
    sent,
    move(step, knobs, final) {
      const v = valuesAt(project, step, knobs);
      n += 1;
      departures.set(`${mine}/${n}`, performance.now());
      for (let i = 0; i < v.length; i += 2) sent.set(`${mine}/${v[i]}`, v[i + 1] as number);
      socket.send(JSON.stringify({ t: 'pf', h: handle, f: fence, n, v, ...(final && { fin: 1 }) }));
    },
    close: () => closed(socket),
  };
}

/** The same person at the bare server: the same values in the same frames, to whoever is there. */
export async function joinBare(
  port: number,
  project: BenchProject,
  number: number,
  tally: Tally,
  departures: Departures,
): Promise<Participant> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  const seen = new Map<string, number>();
  const sent = new Map<string, number>();
  const mine = project.pluginIds[number] ?? '';
  let n = 0;
  socket.on('message', (data) => {
    const text = data.toString();
    tally.bytes += text.length;
    const { h, n: frame, v } = JSON.parse(text) as { h: string; n: number; v: number[] };
    for (let i = 0; i < v.length; i += 2) seen.set(`${h}/${v[i]}`, v[i + 1] as number);
    tally.delivered += v.length / 2;
    const left = departures.get(`${h}/${frame}`);
    if (left !== undefined) tally.latencies.push(performance.now() - left);
  });
  await opened(socket);
  return {
    socket,
    seen,
    sent,
    move(step, knobs) {
      const v = valuesAt(project, step, knobs);
      n += 1;
      departures.set(`${mine}/${n}`, performance.now());
      for (let i = 0; i < v.length; i += 2) sent.set(`${mine}/${v[i]}`, v[i + 1] as number);
      socket.send(JSON.stringify({ t: 'pf', h: mine, f: 1, n, v }));
    },
    close: () => closed(socket),
  };
}

/** All movers send a frame a tick, out of step with each other, for `seconds`; the last one says that the hand is off. */
export async function turnKnobs(
  movers: readonly Participant[],
  knobs: number,
  seconds: number,
): Promise<void> {
  const frames = Math.round((seconds * 1000) / TICK_MS);
  const started = performance.now();
  await Promise.all(
    movers.map(async (mover, number) => {
      const offset = (number * TICK_MS) / movers.length;
      for (let frame = 0; frame < frames; frame++) {
        const due = started + offset + frame * TICK_MS;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
        mover.move(frame + number, knobs, frame === frames - 1);
      }
    }),
  );
  // Whatever is on its way arrives within a few ticks.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

/** How many last values some receiver does not have. */
export function lostLastValues(
  movers: readonly Participant[],
  all: readonly Participant[],
): number {
  let lost = 0;
  for (const mover of movers)
    for (const receiver of all)
      if (receiver !== mover)
        for (const [key, value] of mover.sent) if (receiver.seen.get(key) !== value) lost++;
  return lost;
}
