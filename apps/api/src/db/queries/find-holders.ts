import { sql } from 'kysely';
import type { Tx } from '../in-transaction.ts';

/** Somebody else who holds a plugin right now. */
export interface Holder {
  readonly pluginId: string;
  readonly userId: string;
  readonly email: string | null;
  readonly secondsLeft: number;
}

/** Who else holds one of these plugins, by the database's clock. */
export async function findHolders(
  tx: Tx,
  o: {
    projectId: string;
    pluginIds: readonly string[];
    userId: string;
    /** Where it is known, the same account's other sessions count as well. */
    session?: string | undefined;
  },
): Promise<Holder[]> {
  const { rows } = await sql<Holder>`
    select l.plugin_id as "pluginId", l.user_id as "userId", m.email,
      ceil(extract(epoch from l.expires_at - clock_timestamp()))::int as "secondsLeft"
    from public.daw_plugin_locks l
    left join public.daw_list_members(${o.projectId}) m on m.user_id = l.user_id
    where l.project_id = ${o.projectId} and l.plugin_id = any (${o.pluginIds}::uuid[])
      and (l.user_id <> ${o.userId} or l.session_id <> ${o.session ?? null}) and l.expires_at > clock_timestamp()`.execute(
    tx,
  );
  return rows;
}
