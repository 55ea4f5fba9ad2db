export interface ReceivedEvent {
  readonly apiKey: string;
  readonly event: string;
  readonly distinctId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface WireEvent {
  event: string;
  api_key?: string;
  token?: string;
  distinct_id?: string;
  properties?: Record<string, unknown>;
}

/**
 * Bodies of PostHog's capture endpoints (`/batch/`, `/capture/`, `/e/`, `/i/v0/e/`), already decompressed: one event,
 * a list of events, `{api_key, batch}`, or a form `data=<base64 or JSON>`.
 */
export function decodePostHog(body: Buffer, contentType: string): ReceivedEvent[] {
  const text = contentType.includes('x-www-form-urlencoded')
    ? fromForm(new URLSearchParams(body.toString()).get('data') ?? '')
    : body.toString();
  const parsed = JSON.parse(text) as
    | WireEvent
    | WireEvent[]
    | { api_key: string; batch: WireEvent[] };
  const list = Array.isArray(parsed) ? parsed : 'batch' in parsed ? parsed.batch : [parsed];
  const shared = 'batch' in parsed ? parsed.api_key : undefined;
  return list.map((wire) => ({
    apiKey: String(shared ?? wire.api_key ?? wire.token ?? wire.properties?.token ?? ''),
    event: wire.event,
    distinctId: String(wire.distinct_id ?? wire.properties?.distinct_id ?? ''),
    properties: wire.properties ?? {},
  }));
}

const fromForm = (data: string) =>
  /^[[{]/.test(data) ? data : Buffer.from(data, 'base64').toString();
