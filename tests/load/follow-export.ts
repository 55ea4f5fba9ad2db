import type { Cluster } from '../support/cluster/cluster.ts';
import type { Person } from '../support/cluster/people.ts';

/** `at` of a change is written by the database, whose clock is this machine's. */
const delayOf = (frame: string): number | null => {
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  if (!frame.startsWith('event: change') || data === undefined) return null;
  return Date.now() - Date.parse((JSON.parse(data) as { at: string }).at);
};

/** Listens to an export to its end: how many milliseconds after each of its changes the stream told of it. */
export async function followExport(
  cluster: Cluster,
  { token }: Person,
  id: string,
): Promise<number[]> {
  const delays: number[] = [];
  const stream = await fetch(`${cluster.url()}/api/v1/daw/exports/${id}/events`, {
    headers: { authorization: `Bearer ${token}` },
  });
  let text = '';
  for await (const piece of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const delay = delayOf(frame);
      if (delay !== null) delays.push(delay);
    }
  }
  return delays;
}
