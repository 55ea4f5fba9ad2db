import type { AccountRole } from '@mixdown/contract';
import { asService } from '@mixdown/database';
import type { Pool } from 'pg';
import { createAccount, findAccountByEmail } from './auth/embedded/accounts.ts';
import { hashPassword } from './auth/embedded/passwords.ts';

export const DEMO_PASSWORD = 'mixdown-demo';

/** The accounts that a fresh installation comes with. Ana is a second producer in the same project. */
export const DEMO_ACCOUNTS = {
  pro: { email: 'pro@demo.mixdown', role: 'pro' },
  ana: { email: 'ana@demo.mixdown', role: 'pro' },
  client: { email: 'client@demo.mixdown', role: 'client' },
  admin: { email: 'admin@demo.mixdown', role: 'admin' },
} as const satisfies Record<string, { email: string; role: AccountRole }>;
export type DemoAccount = keyof typeof DEMO_ACCOUNTS;

async function seedAccount(pool: Pool, { email, role }: { email: string; role: AccountRole }) {
  const find = () => asService(pool, (tx) => findAccountByEmail(tx, email));
  const known = await find();
  if (known) return known.id;
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const created = await asService(pool, (tx) => createAccount(tx, { email, role, passwordHash }));
  // Null: another process made it at the same moment.
  return (created ?? (await find()))?.id as string;
}

/** Makes the demo accounts that do not exist yet, and returns the ids of all. Existing ones are left as they are. */
export async function seedDemoAccounts(pool: Pool): Promise<Record<DemoAccount, string>> {
  const names = Object.keys(DEMO_ACCOUNTS) as DemoAccount[];
  const ids = await Promise.all(names.map((name) => seedAccount(pool, DEMO_ACCOUNTS[name])));
  return Object.fromEntries(names.map((name, i) => [name, ids[i]])) as Record<DemoAccount, string>;
}
