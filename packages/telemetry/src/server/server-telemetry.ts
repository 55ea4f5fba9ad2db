import { joinSinks, type Telemetry } from '../telemetry.ts';

export interface ServerTelemetryOptions {
  readonly service: 'api' | 'worker';
  readonly release: string;
}

export const DEFAULT_POSTHOG_HOST = 'https://us.i.posthog.com';

/** `POSTHOG_KEY` / `POSTHOG_HOST` switch events on, `SENTRY_DSN` errors. Without keys no SDK is even loaded. */
export function createServerTelemetry(
  env: NodeJS.ProcessEnv,
  { service, release }: ServerTelemetryOptions,
): Telemetry {
  const { POSTHOG_KEY: key, POSTHOG_HOST: host, SENTRY_DSN: dsn } = env;
  const events = key
    ? import('./posthog.ts').then((module) =>
        module.createPostHogSink({ key, host: host || DEFAULT_POSTHOG_HOST, service, release }),
      )
    : null;
  const errors = dsn
    ? import('./sentry.ts').then((module) => module.createSentrySink({ dsn, service, release }))
    : null;
  return joinSinks(events, errors);
}
