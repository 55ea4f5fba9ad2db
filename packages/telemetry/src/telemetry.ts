import { TELEMETRY_EVENTS, type TelemetryEvent, type TelemetryProps } from '@mixdown/contract';

export interface ErrorContext {
  /** Short values to search by, such as `catalogId`. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
  /** What helps to understand the one case; redacted before it is sent. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Errors with the same fingerprint become one problem; by default the stack decides. */
  readonly fingerprint?: readonly string[];
}

/** Nothing here throws or waits for the network: telemetry never disturbs what it watches. */
export interface Telemetry {
  /** `distinctId` is the account's id; undefined leaves the event to the device (browser) or the service (server). */
  capture<E extends TelemetryEvent>(
    distinctId: string | undefined,
    event: E,
    props: TelemetryProps<E>,
  ): void;
  captureError(error: unknown, context?: ErrorContext): void;
  /** Sends what is waiting; gives up after a few seconds. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What each back end (PostHog for events, Sentry for errors) brings. */
export interface EventSink {
  capture(distinctId: string | undefined, event: string, props: Record<string, unknown>): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}
export interface ErrorSink {
  captureError(error: unknown, context: ErrorContext): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Waiting for a telemetry service must not hold a stop back. */
export const FLUSH_TIMEOUT_MS = 2_000;

/**
 * Joins the back ends. Each is loaded on its own, and what is captured meanwhile waits for it in order; null means
 * switched off. A back end that cannot be loaded (an ad blocker, say) is as if it were off.
 */
export function joinSinks(
  events: Promise<EventSink> | null,
  errors: Promise<ErrorSink> | null,
): Telemetry {
  const ignore = () => undefined;
  const each = async (act: (sink: EventSink | ErrorSink) => Promise<void>) => {
    const sinks = [events, errors].filter((sink) => sink !== null);
    await Promise.all(sinks.map((sink) => sink.then(act).catch(ignore)));
  };
  return {
    capture(distinctId, event, props) {
      // Parsing drops whatever the contract does not list, so that nothing slips in by accident.
      const parsed = TELEMETRY_EVENTS[event].safeParse(props);
      if (parsed.success) {
        events?.then((sink) => sink.capture(distinctId, event, parsed.data)).catch(ignore);
      }
    },
    captureError(error, context = {}) {
      errors?.then((sink) => sink.captureError(error, context)).catch(ignore);
    },
    flush: () => each((sink) => sink.flush()),
    close: () => each((sink) => sink.close()),
  };
}
