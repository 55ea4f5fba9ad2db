import type { PublicConfig, TelemetryEvent, TelemetryProps } from '@mixdown/contract';
import {
  createBrowserTelemetry,
  type ErrorContext,
  type PluginFailureReport,
  reportPluginFailure,
} from '@mixdown/telemetry/browser';

/** The page's telemetry, in the name of whoever is signed in. */
export interface PageTelemetry {
  capture<E extends TelemetryEvent>(event: E, props: TelemetryProps<E>): void;
  captureError(error: unknown, context?: ErrorContext): void;
  pluginFailed(report: PluginFailureReport): void;
  flush(): Promise<void>;
}

/** Without keys in the configuration nothing is loaded and nothing is sent. */
export function startTelemetry(config: PublicConfig, who: () => string | undefined): PageTelemetry {
  const telemetry = createBrowserTelemetry({ ...config.telemetry, release: config.version });
  return {
    capture: (event, props) => telemetry.capture(who(), event, props),
    captureError: (error, context) => telemetry.captureError(error, context),
    pluginFailed: (report) => reportPluginFailure(telemetry, who(), report),
    flush: () => telemetry.flush(),
  };
}
