import { refuse } from '@mixdown/contract';
import { findHolders } from '../db/queries/find-holders.ts';
import type { Editor } from './editor.ts';

/** Refuses with 423, the holder and the seconds left if somebody else, or another tab, is editing one of these plugins. */
export async function checkHolders(
  { tx, projectId, userId, session }: Editor,
  pluginIds: readonly string[],
): Promise<void> {
  const [holder] = await findHolders(tx, { projectId, pluginIds, userId, session });
  if (!holder) return;
  const secondsLeft = Math.max(1, holder.secondsLeft);
  throw refuse(
    'plugin_locked',
    `${holder.userId === userId ? 'Another tab of yours' : holder.email || 'Somebody else'} is editing this plugin; at least ${secondsLeft} s are left.`,
    {
      retryAfterSeconds: secondsLeft,
      extra: {
        holder: { userId: holder.userId, email: holder.email },
        pluginId: holder.pluginId,
        secondsLeft,
      },
    },
  );
}
