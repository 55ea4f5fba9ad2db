import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeIngest, startFakeIngest } from '../../../../tests/support/fake-ingest/index.ts';
import { reportExportFailure, reportPluginFailure } from '../plugin-reports.ts';
import type { Telemetry } from '../telemetry.ts';
import { createServerTelemetry } from './server-telemetry.ts';

let ingest: FakeIngest;
let telemetry: Telemetry;
beforeEach(async () => {
  ingest = await startFakeIngest();
  telemetry = createServerTelemetry(ingest.env, { service: 'worker', release: '1.2.3' });
});
afterEach(async () => {
  await telemetry.close();
  await ingest.close();
});

const completed = {
  projectId: 'p1',
  exportId: 'e1',
  format: 'wav',
  durationSeconds: 180,
  renderSeconds: 9,
  bytes: 1000,
};

describe('events', () => {
  it('arrive with their account, service and release', async () => {
    telemetry.capture('user-1', 'export.completed', completed);
    telemetry.capture(undefined, 'plugin.added', { projectId: 'p', catalogId: 'c', position: 0 });
    await telemetry.flush();
    expect(ingest.events.map((e) => [e.apiKey, e.event, e.distinctId])).toEqual([
      ['phc_test', 'export.completed', 'user-1'],
      ['phc_test', 'plugin.added', 'worker'],
    ]);
    expect(ingest.events[0]?.properties).toMatchObject({
      ...completed,
      service: 'worker',
      release: '1.2.3',
      $process_person_profile: false,
    });
  });

  it('carry nothing that the contract does not list', async () => {
    const careless = { ...completed, email: 'ana@example.org', name: 'My secret song' };
    telemetry.capture('u', 'export.completed', careless);
    await telemetry.flush();
    expect(ingest.events).toHaveLength(1);
    expect(ingest.bodies.join()).not.toMatch(/ana@|secret song/);
  });

  it('that do not fit the contract stay here', async () => {
    telemetry.capture('u', 'export.completed', { ...completed, bytes: Number.NaN });
    await telemetry.close();
    expect(ingest.events).toEqual([]);
  });

  it('leave on close without a flush', async () => {
    telemetry.capture('u', 'export.completed', completed);
    await telemetry.close();
    expect(ingest.events).toHaveLength(1);
  });
});

describe('errors', () => {
  it('arrive with release, service and tags, and their cause', async () => {
    const cause = new TypeError('inner');
    telemetry.captureError(new Error('outer', { cause }), { tags: { stage: 'render' } });
    await telemetry.flush();
    expect(ingest.errors).toHaveLength(1);
    expect(ingest.errors[0]).toMatchObject({
      type: 'Error',
      message: 'outer',
      release: 'mixdown@1.2.3',
      tags: { stage: 'render', service: 'worker' },
    });
    expect(JSON.stringify(ingest.errors[0]?.raw)).toContain('inner');
  });

  it('are free of tokens, e-mail addresses, credentials and URL queries', async () => {
    const error = new Error(
      'GET https://x.test/a?sig=SIGNATURE for ana@example.org with Bearer abc.DEF123 via postgres://app:PASSWORD@db/x',
    );
    telemetry.captureError(error, {
      extra: { authorization: 'SECRET1', deep: { token: 'SECRET2' } },
    });
    await telemetry.flush();
    const sent = ingest.bodies.join('\n');
    expect(sent).toContain('https://x.test/a');
    expect(sent).not.toMatch(/SIGNATURE|ana@example|DEF123|PASSWORD|SECRET/);
  });

  it('carry no user, address, breadcrumb or host name', async () => {
    telemetry.captureError('a plain string');
    await telemetry.flush();
    const [error] = ingest.errors;
    expect(error?.message).toBe('a plain string');
    for (const name of ['user', 'breadcrumbs', 'server_name', 'request']) {
      expect(error?.raw).not.toHaveProperty(name);
    }
  });

  it('tell of a plugin that did not load, as event and as problem', async () => {
    const report = {
      projectId: 'p',
      catalogId: 'mixdown.delay',
      version: '1.0.0',
      failure: 'integrity',
    };
    reportPluginFailure(telemetry, 'u', { ...report, detail: 'hash differs' });
    await telemetry.flush();
    expect(ingest.events[0]).toMatchObject({
      event: 'plugin.load_failed',
      properties: { catalogId: 'mixdown.delay', reason: 'integrity' },
    });
    expect(ingest.errors[0]).toMatchObject({
      type: 'PluginLoadError',
      tags: { catalogId: 'mixdown.delay', version: '1.0.0', failure: 'integrity' },
    });
  });

  it('tell of every failed attempt, and the product only of the last', async () => {
    const report = {
      projectId: 'p',
      exportId: 'e',
      format: 'flac',
      code: 'plugin_failed',
      attempt: 1,
      stage: 'rendering',
      error: new Error('boom'),
      plugin: { catalogId: 'c', version: '1', failure: 'runaway' },
    };
    reportExportFailure(telemetry, 'u', report, false);
    reportExportFailure(telemetry, 'u', { ...report, attempt: 2, error: new Error('bang') }, true);
    await telemetry.flush();
    expect(ingest.errors.map((e) => e.tags.attempt)).toEqual(['1', '2']);
    expect(ingest.errors[0]?.tags).toMatchObject({
      catalogId: 'c',
      failure: 'runaway',
      format: 'flac',
    });
    expect(ingest.events.map((e) => [e.event, e.properties.attempt])).toEqual([
      ['export.failed', 2],
    ]);
  });
});

describe('switched off or out of reach', () => {
  it('does nothing without keys', async () => {
    const off = createServerTelemetry({}, { service: 'api', release: '1' });
    off.capture('u', 'export.completed', completed);
    off.captureError(new Error('x'));
    await off.flush();
    await off.close();
    expect(ingest.requests).toEqual([]);
  });

  it('never throws and closes when nobody listens', async () => {
    const env = {
      POSTHOG_KEY: 'k',
      POSTHOG_HOST: 'http://127.0.0.1:9',
      SENTRY_DSN: 'http://k@127.0.0.1:9/1',
    };
    const lost = createServerTelemetry(env, { service: 'api', release: '1' });
    lost.capture('u', 'export.completed', completed);
    lost.captureError(new Error('x'));
    await lost.close();
  });

  it('takes a DSN that is nonsense for off', async () => {
    const wrong = createServerTelemetry(
      { SENTRY_DSN: 'nonsense' },
      { service: 'api', release: '1' },
    );
    wrong.captureError(new Error('x'));
    await wrong.close();
  });
});
