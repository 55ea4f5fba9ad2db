import type { AccountRole } from '@mixdown/contract';
import type { Database } from '@mixdown/database';
import { sql, type Transaction } from 'kysely';

type Tx = Transaction<Database>;

/** A row of auth.users, with the hash of its password. */
export interface Account {
  readonly id: string;
  readonly email: string | null;
  readonly isAnonymous: boolean;
  readonly appMetadata: Readonly<Record<string, unknown>>;
  readonly userMetadata: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly lastSignInAt: Date | null;
  readonly passwordHash: string | null;
}

const COLUMNS = sql`u.id, u.email, u.is_anonymous as "isAnonymous", u.raw_app_meta_data as "appMetadata",
  u.raw_user_meta_data as "userMetadata", u.created_at as "createdAt",
  u.last_sign_in_at as "lastSignInAt", c.password_hash as "passwordHash"`;
const FROM = sql`from auth.users u left join mixdown_auth.credentials c on c.user_id = u.id`;

const appMetadata = (role: AccountRole) => {
  const provider = role === 'guest' ? 'anonymous' : 'email';
  return JSON.stringify({ provider, providers: [provider], daw_role: role });
};

export async function findAccountByEmail(tx: Tx, email: string): Promise<Account | null> {
  const { rows } = await sql<Account>`select ${COLUMNS} ${FROM} where u.email = ${email}`.execute(
    tx,
  );
  return rows[0] ?? null;
}

export async function findAccount(tx: Tx, userId: string): Promise<Account | null> {
  const { rows } = await sql<Account>`select ${COLUMNS} ${FROM} where u.id = ${userId}`.execute(tx);
  return rows[0] ?? null;
}

/** A new account, or null if the e-mail is taken. Guests have neither e-mail nor password. */
export async function createAccount(
  tx: Tx,
  account: { role: AccountRole; email: string | null; passwordHash: string | null },
): Promise<Account | null> {
  const { rows } = await sql<{ id: string }>`
    insert into auth.users (email, is_anonymous, raw_app_meta_data)
    values (${account.email}, ${account.role === 'guest'}, ${appMetadata(account.role)}::jsonb)
    on conflict (email) do nothing returning id`.execute(tx);
  const id = rows[0]?.id;
  if (!id) return null;
  if (account.passwordHash) await setPassword(tx, id, account.passwordHash);
  return findAccount(tx, id);
}

/** Gives a guest an e-mail and with it the rights of an account; false if the e-mail is taken. */
export async function setEmail(tx: Tx, account: Account, email: string): Promise<boolean> {
  const { rows } =
    await sql`select from auth.users where email = ${email} and id <> ${account.id}`.execute(tx);
  if (rows.length) return false;
  const metadata = account.isAnonymous ? appMetadata('pro') : JSON.stringify(account.appMetadata);
  await sql`update auth.users set email = ${email}, is_anonymous = false,
    raw_app_meta_data = ${metadata}::jsonb where id = ${account.id}`.execute(tx);
  return true;
}

export async function setPassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await sql`insert into mixdown_auth.credentials (user_id, password_hash)
    values (${userId}, ${passwordHash})
    on conflict (user_id) do update set password_hash = excluded.password_hash, updated_at = now()`.execute(
    tx,
  );
}

export async function noteSignIn(tx: Tx, userId: string): Promise<void> {
  await sql`update auth.users set last_sign_in_at = now() where id = ${userId}`.execute(tx);
}
