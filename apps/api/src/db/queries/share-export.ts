import type { Refusal, Share, ShareExport } from '@mixdown/contract';
import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

export type ShareAnswer = { share: Share; created: boolean } | { refusal: Refusal };

/** Shows an export to somebody; the same again changes nothing. */
export async function shareExport(
  tx: Tx,
  exportId: string,
  whom: ShareExport,
): Promise<ShareAnswer> {
  const user = 'userId' in whom ? whom.userId : null;
  const email = 'email' in whom ? whom.email : null;
  const { rows } = await sql<{ answer: ShareAnswer }>`
    select public.daw_share_export(${exportId}, ${user}, ${email}) as answer`.execute(tx);
  return (rows[0] as { answer: ShareAnswer }).answer;
}
