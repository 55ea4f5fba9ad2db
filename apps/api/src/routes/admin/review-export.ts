import { AdminReason, AdminReview, RefusedError } from '@mixdown/contract';
import type { z } from 'zod';
import { adminReviewExport, type ReviewAction } from '../../db/queries/admin-review-export.ts';
import { findObjectKey } from '../../db/queries/find-object-key.ts';
import { ExportParams } from '../../http/common-schemas.ts';
import { defineRoute } from '../../http/define-route.ts';

interface Reviewed {
  readonly answer: z.output<typeof AdminReview>;
  /** The file that has to go; null where it stays, or there is none. */
  readonly objectKey: string | null;
}

const review = (
  action: ReviewAction,
  o: { readonly summary: string; readonly description: string; readonly example: string },
) =>
  defineRoute({
    method: 'POST',
    url: `/admin/exports/:exportId/${action}`,
    operationId: `${action}Export`,
    summary: o.summary,
    description: `${o.description} The reason is kept for good.`,
    tag: 'Admin',
    access: 'admin',
    params: ExportParams,
    body: AdminReason.meta({ examples: [{ reason: o.example }] }),
    response: { 200: AdminReview },
    refusals: action === 'revoke' ? ['illegal_transition'] : [],
    async handle({ tx, params: { exportId }, body }) {
      const answer = await adminReviewExport(tx, { exportId, action, reason: body.reason });
      if ('refusal' in answer) throw new RefusedError(answer.refusal);
      const gone = answer.status === 'revoked';
      return { answer, objectKey: gone ? await findObjectKey(tx, exportId) : null };
    },
    async respond(result, { services, request }) {
      const { answer, objectKey } = result as Reviewed;
      // Links that were handed out die with the file. Should this fail, the reaper of objects has it on its list.
      if (objectKey) {
        await services.storage
          .delete(objectKey)
          .catch((err: unknown) => request.log.warn({ err }, 'a revoked file is deleted later'));
      }
      return answer;
    },
  });

export const claimExport = review('claim', {
  summary: 'Look into an export',
  description: 'Tells the other admins that you do. Changes nothing for anybody else.',
  example: 'Reported by the label.',
});
export const quarantineExport = review('quarantine', {
  summary: 'Hold an export back',
  description: 'Nobody downloads it until it is released; its makers are told that it is reviewed.',
  example: 'Rights are unclear.',
});
export const releaseExport = review('release', {
  summary: 'Let an export go',
  description: 'It is fine: it can be downloaded again, and nobody looks into it any more.',
  example: 'Cleared by the label.',
});
export const revokeExport = review('revoke', {
  summary: 'Take an export down',
  description:
    'For good: its file is deleted at once, so links that were copied end too. One that waits or runs is canceled.',
  example: 'Unreleased material of somebody else.',
});
