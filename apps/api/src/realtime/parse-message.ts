import { ClientMessage, type ParamFrame } from '@mixdown/contract';

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/**
 * Frames come 25 times a second and plugin: checked by hand. What their values mean is checked where the plugin is
 * known, and answered with a `nack`; only what is no frame at all is malformed.
 */
function asFrame(m: Record<string, unknown>): ParamFrame | null {
  const { h, f, n, ts, v, fin } = m;
  if (!isCount(h) || !isCount(f) || !isCount(n) || n === 0 || !Array.isArray(v)) return null;
  if (ts !== undefined && typeof ts !== 'number') return null;
  if (fin !== undefined && fin !== 1) return null;
  return m as unknown as ParamFrame;
}

/** What a client says; null where it is not of the protocol. */
export function parseMessage(text: string): ClientMessage | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  if ('t' in json && json.t === 'pf') return asFrame(json as Record<string, unknown>);
  const parsed = ClientMessage.safeParse(json);
  return parsed.success ? parsed.data : null;
}
