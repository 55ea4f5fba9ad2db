import {
  BrowserClient,
  dedupeIntegration,
  defaultStackParser,
  globalHandlersIntegration,
  linkedErrorsIntegration,
  makeFetchTransport,
  Scope,
  setCurrentClient,
} from '@sentry/browser';
import { cleanSentryEvent, NO_DATA_COLLECTION, toError } from '../sentry-options.ts';
import { type ErrorSink, FLUSH_TIMEOUT_MS } from '../telemetry.ts';

/** Errors that nobody caught are reported too; no breadcrumbs, replays or sessions. */
export function createSentrySink(dsn: string, release: string | undefined): ErrorSink {
  const client = new BrowserClient({
    dsn,
    ...(release ? { release: `mixdown@${release}` } : {}),
    dataCollection: NO_DATA_COLLECTION,
    sendClientReports: false,
    stackParser: defaultStackParser,
    transport: makeFetchTransport,
    integrations: [globalHandlersIntegration(), linkedErrorsIntegration(), dedupeIntegration()],
    beforeSend: cleanSentryEvent,
  });
  // The global handlers report to the current client.
  setCurrentClient(client);
  client.init();
  return {
    captureError(error, { tags = {}, extra = {}, fingerprint }) {
      const scope = new Scope();
      scope.setTags({ service: 'web', ...tags });
      scope.setExtras(extra);
      if (fingerprint) scope.setFingerprint([...fingerprint]);
      const originalException = toError(error);
      client.captureException(originalException, { originalException }, scope);
    },
    flush: async () => void (await client.flush(FLUSH_TIMEOUT_MS)),
    close: async () => void (await client.close(FLUSH_TIMEOUT_MS)),
  };
}
