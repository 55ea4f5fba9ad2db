import {
  dedupeIntegration,
  defaultStackParser,
  linkedErrorsIntegration,
  makeNodeTransport,
  NodeClient,
  Scope,
} from '@sentry/node';
import { cleanSentryEvent, NO_DATA_COLLECTION, toError } from '../sentry-options.ts';
import { type ErrorSink, FLUSH_TIMEOUT_MS } from '../telemetry.ts';

export interface SentryOptions {
  readonly dsn: string;
  readonly service: string;
  readonly release: string;
}

/**
 * A client of its own instead of the SDK's global one: no instrumentation of http or the database, no hooks into the
 * process, and several of them can live in one process.
 */
export function createSentrySink({ dsn, service, release }: SentryOptions): ErrorSink {
  const client = new NodeClient({
    dsn,
    release: `mixdown@${release}`,
    environment: process.env.NODE_ENV ?? 'production',
    includeServerName: false,
    enableRuntimeChannelInjection: false,
    dataCollection: NO_DATA_COLLECTION,
    sendClientReports: false,
    stackParser: defaultStackParser,
    transport: makeNodeTransport,
    integrations: [linkedErrorsIntegration(), dedupeIntegration()],
    beforeSend: cleanSentryEvent,
  });
  client.init();
  return {
    captureError(error, { tags = {}, extra = {}, fingerprint }) {
      const scope = new Scope();
      scope.setTags({ service, ...tags });
      scope.setExtras(extra);
      if (fingerprint) scope.setFingerprint([...fingerprint]);
      const originalException = toError(error);
      client.captureException(originalException, { originalException }, scope);
    },
    flush: async () => void (await client.flush(FLUSH_TIMEOUT_MS)),
    close: async () => void (await client.close(FLUSH_TIMEOUT_MS)),
  };
}
