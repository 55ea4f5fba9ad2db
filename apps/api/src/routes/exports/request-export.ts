import {
  ExportAccepted,
  type ExportOptions,
  ExportRequest,
  exportSampleRate,
  type ProjectSnapshot,
  RefusedError,
  refuse,
} from '@mixdown/contract';
import { z } from 'zod';
import type { Answer } from '../../db/queries/export-row.ts';
import { readSnapshotText } from '../../db/queries/read-snapshot.ts';
import {
  type AskedExport,
  enqueueExport,
  type FrozenProject,
  requestExport,
} from '../../db/queries/request-export.ts';
import { fingerprintOf } from '../../exports/fingerprint.ts';
import { readIdempotencyKey } from '../../exports/idempotency-key.ts';
import { checkSupported, preflight } from '../../exports/preflight.ts';
import { requireIdentity } from '../../http/authenticate.ts';
import { ProjectParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

/** For the documentation: the handler reads the header itself, so that a missing key has an error of its own. */
const Headers = z.object({
  'idempotency-key': z.string().meta({
    description:
      'Required. 16 to 128 characters of `A–Z a–z 0–9 . _ : -`, quoted or bare: new for each export, the same when a request is repeated. Known for 24 hours.',
    examples: ['6d2f1d4e-8d58-4e0c-9a53-7d1f4f9a1c11'],
  }),
});

/** What is to be queued, or the answer to a request that was queued before. */
type Prepared = { readonly asked: AskedExport } & (
  | { readonly project: FrozenProject }
  | { readonly answer: Answer }
);

export default defineRoute({
  method: 'POST',
  url: '/projects/:projectId/export',
  operationId: 'requestExport',
  summary: 'Export the mix',
  description:
    'Freezes the project as it is and puts the export in the queue; it goes on when you leave. A repeated request with the same `Idempotency-Key` and body answers with the same export and `Idempotent-Replayed: true`.',
  tag: 'Exports',
  access: 'editor',
  refuseGuests: 'Sign up to export; your project is kept.',
  params: ProjectParams,
  headers: Headers,
  body: ExportRequest.meta({
    examples: [
      {},
      { format: 'mp3', bitrateKbps: 320, normalize: { lufs: -14, ceilingDbtp: -1 } },
      {
        format: 'flac',
        sampleRate: 44100,
        bitDepth: 16,
        range: { kind: 'frames', startFrame: 0, endFrame: 480000 },
        tail: 2,
      },
    ],
  }),
  response: { 202: ExportAccepted },
  refusals: [
    'idempotency_key_missing',
    'idempotency_key_malformed',
    'idempotency_key_reused',
    'idempotency_key_busy',
    'not_yet_supported',
    'export_refused',
    'export_too_large',
    'quota_exceeded',
  ],
  async handle({ tx, params: { projectId }, body, request, services }): Promise<Prepared> {
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    checkSupported(body);
    const json = await readSnapshotText(tx, projectId);
    if (!json) throw refuse('not_found', 'There is no such project.');
    const snapshot = JSON.parse(json) as ProjectSnapshot;
    const { name, seq, sampleRate } = snapshot.project;
    const options: ExportOptions = { ...body, sampleRate: exportSampleRate(body, sampleRate) };
    const { plan, problem } = preflight(snapshot, services.catalogs.catalog, options);
    const fingerprint = fingerprintOf(projectId, options);
    const asked = { projectId, key, fingerprint, options, plan };
    if (!problem) return { asked, project: { json, name, seq } };
    // A replay answers as the first time, whatever has become of the project; everything new has to pass. Throwing
    // takes the row back.
    const answer = await requestExport(tx, asked);
    if ('refusal' in answer && answer.refusal.code !== 'quota_exceeded') {
      throw new RefusedError(answer.refusal);
    }
    if ('refusal' in answer || !answer.replayed) throw new RefusedError(problem);
    return { asked, answer };
  },
  // Once what it was judged by has been read: the queue's statement is a transaction of its own.
  async respond(result, { request, reply, services }) {
    const prepared = result as Prepared;
    const { userId, claims } = requireIdentity(request);
    const { asked } = prepared;
    const answer =
      'answer' in prepared
        ? prepared.answer
        : await enqueueExport(services.pool, claims, asked, prepared.project);
    if ('refusal' in answer) throw new RefusedError(answer.refusal);

    reply.header('location', `/api/v1/daw/exports/${answer.id}`);
    if (answer.replayed) {
      reply.header('idempotent-replayed', 'true');
    } else {
      services.telemetry.capture(userId, 'export.started', {
        projectId: asked.projectId,
        exportId: answer.id,
        format: (asked.options as ExportOptions).format,
      });
    }
    return { id: answer.id, status: answer.status };
  },
});
