import { joinSinks, type Telemetry } from './telemetry.ts';

export {
  createParamChangeThrottle,
  PARAM_CHANGE_WINDOW_MS,
  type ParamChangeThrottle,
} from './param-change-throttle.ts';
export { type PluginFailureReport, reportPluginFailure } from './plugin-reports.ts';
export { redactDeep, redactText } from './redact.ts';
export type { ErrorContext, Telemetry } from './telemetry.ts';

export interface BrowserTelemetryOptions {
  readonly posthogKey?: string | null;
  readonly posthogHost?: string | null;
  readonly sentryDsn?: string | null;
  /** Version of the running build. */
  readonly release?: string;
}

const DEFAULT_POSTHOG_HOST = 'https://us.i.posthog.com';

/** Product events and errors of the page. The SDKs are chunks of their own that only load where a key asks for them. */
export function createBrowserTelemetry(options: BrowserTelemetryOptions): Telemetry {
  const { posthogKey, posthogHost, sentryDsn, release } = options;
  const events = posthogKey
    ? import('./browser/posthog.ts').then((module) =>
        module.createPostHogSink(posthogKey, posthogHost || DEFAULT_POSTHOG_HOST),
      )
    : null;
  const errors = sentryDsn
    ? import('./browser/sentry.ts').then((module) => module.createSentrySink(sentryDsn, release))
    : null;
  return joinSinks(events, errors);
}
