import type { AccountRole } from '@mixdown/contract';
import { create } from 'zustand';

export interface Account {
  readonly id: string;
  readonly email: string | null;
  readonly role: AccountRole;
}

interface AccountState {
  readonly account: Account | null;
  /** The session ran out and could not be renewed: edits wait until somebody signs in again. */
  readonly expired: boolean;
}

export const useAccount = create<AccountState>()(() => ({ account: null, expired: false }));
