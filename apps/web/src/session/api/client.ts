import {
  Asset,
  AssetPeaks,
  Catalog,
  ExportAccepted,
  ExportList,
  type ExportRequest,
  ExportView,
  Project,
  ProjectList,
  ProjectSnapshot,
} from '@mixdown/contract';
import type { z } from 'zod';
import type { Http } from './http.ts';
import { uploadWithProgress } from './upload.ts';

const BASE = '/api/v1/daw';
/** Frames are raw float32, four bytes a sample. */
const BYTES_PER_SAMPLE = 4;

/** Every call of the HTTP API that the page makes, with validated answers; refusals come as `RefusedError`. */
export function createClient(http: Http, deps: { token(): Promise<string | null> }) {
  const get = async <T>(path: string, schema: z.ZodType<T>) =>
    (await http.request(`${BASE}${path}`, { schema })).data;
  const send = (
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    keepalive = false,
  ) => http.request(`${BASE}${path}`, { method, body, keepalive });

  return {
    send,
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
  };
}
export type Client = ReturnType<typeof createClient>;
