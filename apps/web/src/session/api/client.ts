import {
  AdminAudit,
  type AdminAuditQuery,
  AdminExports,
  type AdminExportsQuery,
  AdminReveal,
  AdminReview,
  Asset,
  AssetPeaks,
  Catalog,
  ExportAccepted,
  ExportList,
  ExportPeaks,
  type ExportRequest,
  ExportView,
  Member,
  MemberList,
  MyExports,
  type MyExportsQuery,
  Project,
  ProjectList,
  ProjectSnapshot,
  Share,
  type ShareExport,
  ShareList,
} from '@mixdown/contract';
import { z } from 'zod';
import type { HttpRequest } from '../edits/http-request.ts';
import type { Http } from './http.ts';
import { uploadWithProgress } from './upload.ts';

const BASE = '/api/v1/daw';
/** Frames are raw float32, four bytes a sample. */
const BYTES_PER_SAMPLE = 4;

/** Of an edit's answer; some have no body and tell the seq in a header. */
const AnswerWithSeq = z.looseObject({ seq: z.int().optional() }).optional();

/** What a listing's query takes, before it is text. */
type Filter<Q extends z.ZodType> = Partial<z.output<Q>>;

/** `?a=1&b=2`, or nothing where nothing is asked for. */
function queryOf(filter: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** Every call of the HTTP API that the page makes, with validated answers; refusals come as `RefusedError`. */
export function createClient(http: Http, deps: { token(): Promise<string | null> }) {
  const get = async <T>(path: string, schema: z.ZodType<T>) =>
    (await http.request(`${BASE}${path}`, { schema })).data;
  const send = (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    http.request(`${BASE}${path}`, { method, body });

  return {
    /**
     * One edit of a project; the same `opId` again is done once. Resolves to its seq in the project's log, null where
     * the answer does not tell.
     */
    async edit(
      { method, path, body }: HttpRequest,
      o: { readonly opId: string; readonly session: string; readonly keepalive: boolean },
    ): Promise<number | null> {
      const answer = await http.request(`${BASE}${path}`, {
        method,
        body,
        keepalive: o.keepalive,
        headers: { 'operation-id': o.opId, 'mixdown-session': o.session },
        schema: AnswerWithSeq,
      });
      const seq = Number(answer.headers.get('x-project-seq') ?? Number.NaN);
      return answer.data?.seq ?? (Number.isFinite(seq) ? seq : null);
    },
    catalog: () => get('/plugins/catalog', Catalog),
    projects: async () => (await get('/projects', ProjectList)).projects,
    project: (id: string) => get(`/projects/${id}`, ProjectSnapshot),
    async createProject(body: { name: string; from?: 'demo' | 'empty' }) {
      const request = { method: 'POST', body, schema: Project } as const;
      return (await http.request(`${BASE}/projects`, request)).data;
    },
    async renameProject(id: string, name: string): Promise<void> {
      await send('PATCH', `/projects/${id}`, { name });
    },
    async deleteProject(id: string): Promise<void> {
      await send('DELETE', `/projects/${id}`);
    },

    members: async (id: string) => (await get(`/projects/${id}/members`, MemberList)).members,
    /** Somebody with an account gets a role, whether they belong to the project already or not. */
    async inviteMember(id: string, body: { email: string; role: 'editor' | 'client' }) {
      const request = { method: 'PUT', body, schema: Member } as const;
      return (await http.request(`${BASE}/projects/${id}/members`, request)).data;
    },
    async setMemberRole(id: string, userId: string, role: 'editor' | 'client'): Promise<void> {
      await send('PUT', `/projects/${id}/members/${userId}`, { role });
    },
    async removeMember(id: string, userId: string): Promise<void> {
      await send('DELETE', `/projects/${id}/members/${userId}`);
    },

    peaks: (assetId: string) => get(`/assets/${assetId}/peaks`, AssetPeaks),
    /** Interleaved float32 of `frames` frames from `startFrame` on. */
    async assetChunk(asset: Asset, startFrame: number, frames: number): Promise<ArrayBuffer> {
      const bytesPerFrame = asset.channels * BYTES_PER_SAMPLE;
      const end = Math.min(startFrame + frames, asset.frames) * bytesPerFrame - 1;
      const range = `bytes=${startFrame * bytesPerFrame}-${end}`;
      const response = await http.send(`${BASE}/assets/${asset.id}/content`, {
        headers: { range },
      });
      if (!response.ok) throw new Error(`${asset.name}: audio request answered ${response.status}`);
      return response.arrayBuffer();
    },
    async uploadAsset(
      projectId: string,
      file: File,
      o: { onProgress(fraction: number): void; signal: AbortSignal },
    ): Promise<Asset> {
      const token = await deps.token();
      const answer = await uploadWithProgress(`${BASE}/projects/${projectId}/assets`, file, {
        ...o,
        token,
      });
      return Asset.parse(answer);
    },

    async requestExport(projectId: string, options: Partial<ExportRequest>, key: string) {
      const answer = await http.request(`${BASE}/projects/${projectId}/export`, {
        method: 'POST',
        body: options,
        headers: { 'idempotency-key': key },
        schema: ExportAccepted,
      });
      return answer.data;
    },
    projectExports: async (projectId: string) =>
      (await get(`/projects/${projectId}/exports`, ExportList)).exports,
    /** One export, or `unchanged` where `etag` still stands for it; `retryAfter` in seconds as the server advises. */
    async export(id: string, etag?: string | null) {
      const answer = await http.request(`${BASE}/exports/${id}`, {
        schema: ExportView,
        ...(etag && { headers: { 'if-none-match': etag } }),
      });
      const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN);
      return {
        view: answer.status === 304 ? null : answer.data,
        etag: answer.headers.get('etag') ?? etag ?? null,
        retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
      };
    },
    async cancelExport(id: string): Promise<void> {
      await send('POST', `/exports/${id}/cancel`);
    },
    async retryExport(id: string): Promise<void> {
      await send('POST', `/exports/${id}/retry`);
    },
    /** Refused with `not_found` for exports from before there were pictures. */
    exportPeaks: (id: string) => get(`/exports/${id}/peaks`, ExportPeaks),
    /** Every export that the account sees, newest first; `cursor` is the `next` of an earlier page. */
    myExports: (filter: Filter<typeof MyExportsQuery> = {}) =>
      get(`/exports${queryOf(filter)}`, MyExports),
    /** The stream of an export's events; `lastEventId` tells what has been heard of it. */
    exportEvents: (id: string, o: { signal: AbortSignal; lastEventId?: string | null }) =>
      http.send(`${BASE}/exports/${id}/events`, {
        signal: o.signal,
        headers: {
          accept: 'text/event-stream',
          ...(o.lastEventId && { 'last-event-id': o.lastEventId }),
        },
      }),

    shares: async (exportId: string) =>
      (await get(`/exports/${exportId}/shares`, ShareList)).shares,
    /** The share, also where there is one already. */
    async shareExport(exportId: string, whom: ShareExport): Promise<Share> {
      const request = { method: 'POST', body: whom, schema: Share } as const;
      return (await http.request(`${BASE}/exports/${exportId}/shares`, request)).data;
    },
    /** `userId` null: the share with every client of the project. */
    async unshareExport(exportId: string, userId: string | null): Promise<void> {
      await send('DELETE', `/exports/${exportId}/shares/${userId ?? 'clients'}`);
    },

    adminExports: (filter: Filter<typeof AdminExportsQuery> = {}) =>
      get(`/admin/exports${queryOf(filter)}`, AdminExports),
    adminAudit: (filter: Filter<typeof AdminAuditQuery> = {}) =>
      get(`/admin/audit${queryOf(filter)}`, AdminAudit),
    async reviewExport(
      id: string,
      action: 'claim' | 'quarantine' | 'release' | 'revoke',
      reason: string,
    ) {
      const request = { method: 'POST', body: { reason }, schema: AdminReview } as const;
      return (await http.request(`${BASE}/admin/exports/${id}/${action}`, request)).data;
    },
    /** A link to listen by, good for a few minutes; asking for it is written down. */
    async revealExport(id: string, reason: string) {
      const request = { method: 'POST', body: { reason }, schema: AdminReveal } as const;
      return (await http.request(`${BASE}/admin/exports/${id}/reveal`, request)).data;
    },
    async suspendUser(userId: string, reason: string): Promise<void> {
      await send('POST', `/admin/users/${userId}/suspend`, { reason });
    },
    async reinstateUser(userId: string, reason: string): Promise<void> {
      await send('POST', `/admin/users/${userId}/reinstate`, { reason });
    },
  };
}
export type Client = ReturnType<typeof createClient>;
