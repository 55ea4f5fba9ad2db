import type { Editor } from '../edits/editor.ts';
import { requireIdentity } from './authenticate.ts';
import type { Parts, TxContext } from './define-route.ts';
import { readEditHeaders } from './edit-headers.ts';

/** The editing side of a request to a project. */
export function editorOf(
  context: Pick<TxContext<Parts>, 'tx' | 'request' | 'services'> & {
    readonly params: { readonly projectId: string };
  },
): Editor {
  return {
    tx: context.tx,
    projectId: context.params.projectId,
    userId: requireIdentity(context.request).userId,
    catalog: context.services.catalogs.catalog,
    ...readEditHeaders(context.request),
  };
}

/** Header in which answers without a body tell the project's seq after the edit. */
export const SEQ_HEADER = 'x-project-seq';
