import { PostHog } from 'posthog-node';
import { redactDeep } from '../redact.ts';
import { type EventSink, FLUSH_TIMEOUT_MS } from '../telemetry.ts';

export interface PostHogOptions {
  readonly key: string;
  readonly host: string;
  readonly service: string;
  readonly release: string;
}

/** Events in batches, without profiles of people: accounts are opaque ids. */
export function createPostHogSink({ key, host, service, release }: PostHogOptions): EventSink {
  const client = new PostHog(key, {
    host,
    flushAt: 20,
    flushInterval: 5_000,
    disableGeoip: true,
    fetchRetryCount: 2,
    requestTimeout: FLUSH_TIMEOUT_MS,
  });
  // Errors of delivery are no news for the product's log.
  client.on('error', () => undefined);
  return {
    capture(distinctId, event, props) {
      client.capture({
        distinctId: distinctId ?? service,
        event,
        properties: { ...redactDeep(props), service, release, $process_person_profile: false },
      });
    },
    flush: () => client.flush(),
    close: () => client.shutdown(FLUSH_TIMEOUT_MS),
  };
}
