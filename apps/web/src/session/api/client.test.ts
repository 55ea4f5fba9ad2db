import { describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { createHttp } from './http.ts';

const ID = '6d2f1d4e-8d58-4e0c-9a53-7d1f4f9a1c11';
const OTHER = '0b0f8d0e-3a9f-4a57-9a4e-5d5f6f9c2b11';

/** A client of a server that answers `body`, and what it was asked. */
function scene(body: unknown) {
  const asked: { call: string; body: unknown; headers: Headers }[] = [];
  const http = createHttp({
    token: async () => 'token',
    renew: async () => false,
    fetch: async (url, init) => {
      const sent = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      const headers = new Headers(init?.headers);
      asked.push({ call: `${init?.method ?? 'GET'} ${url}`, body: sent, headers });
      return new Response(JSON.stringify(body));
    },
  });
  return { client: createClient(http, { token: async () => 'token' }), asked };
}
const share = {
  userId: OTHER,
  email: 'label@example.org',
  sharedBy: null,
  createdAt: '2026-01-25T12:00:00.000Z',
};

describe('sharing', () => {
  it('goes to an address, an account or every client, and is taken back', async () => {
    const { client, asked } = scene(share);
    expect(await client.shareExport(ID, { email: 'label@example.org' })).toEqual(share);
    await client.unshareExport(ID, OTHER);
    await client.unshareExport(ID, null);
    expect(asked.map(({ call, body }) => [call, body])).toEqual([
      [`POST /api/v1/daw/exports/${ID}/shares`, { email: 'label@example.org' }],
      [`DELETE /api/v1/daw/exports/${ID}/shares/${OTHER}`, undefined],
      [`DELETE /api/v1/daw/exports/${ID}/shares/clients`, undefined],
    ]);
    expect(await scene({ shares: [share] }).client.shares(ID)).toEqual([share]);
  });
});

describe('listings', () => {
  it('are asked for what is named and nothing else', async () => {
    const { client, asked } = scene({ exports: [], next: null });
    await client.myExports();
    await client.myExports({ shared: true, status: undefined, limit: 20, cursor: 'abc' });
    expect(asked.map(({ call }) => call)).toEqual([
      'GET /api/v1/daw/exports',
      'GET /api/v1/daw/exports?shared=true&limit=20&cursor=abc',
    ]);
    const admin = scene({ entries: [], next: null });
    await admin.client.adminAudit({ before: '2026-01-25T12:00:00+01:00', export: ID });
    expect(admin.asked[0]?.call).toBe(
      `GET /api/v1/daw/admin/audit?before=2026-01-25T12%3A00%3A00%2B01%3A00&export=${ID}`,
    );
  });
});

describe('the stream of an export', () => {
  it('sends the token and what has been heard', async () => {
    const { client, asked } = scene({});
    const { signal } = new AbortController();
    await client.exportEvents(ID, { signal, lastEventId: '1204' });
    await client.exportEvents(ID, { signal });
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer token');
    expect(asked.map(({ headers }) => headers.get('last-event-id'))).toEqual(['1204', null]);
    expect(asked[0]?.headers.get('accept')).toBe('text/event-stream');
  });
});

describe('review', () => {
  it('says why', async () => {
    const answer = { id: ID, status: 'completed', reviewedBy: OTHER, quarantined: true };
    const { client, asked } = scene(answer);
    expect(await client.reviewExport(ID, 'quarantine', 'rights unclear')).toEqual(answer);
    await client.suspendUser(OTHER, 'resells');
    await client.reinstateUser(OTHER, 'a mistake');
    expect(asked.map(({ call, body }) => [call, body])).toEqual([
      [`POST /api/v1/daw/admin/exports/${ID}/quarantine`, { reason: 'rights unclear' }],
      [`POST /api/v1/daw/admin/users/${OTHER}/suspend`, { reason: 'resells' }],
      [`POST /api/v1/daw/admin/users/${OTHER}/reinstate`, { reason: 'a mistake' }],
    ]);
  });
});
