import { ADMIN_ACTIONS, EXPORT_STATUSES } from '@mixdown/contract';

type Raw = Record<string, unknown>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idOf = (value: unknown) =>
  typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : undefined;
const cursorOf = (value: unknown) =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{1,200}$/.test(value) ? value : undefined;
const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined =>
  all.find((one) => one === value);

/** Without what is not there, so that an address says no more than it has to. */
const given = <T extends object>(search: T): T =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;

export interface ReviewSearch {
  /** Whose exports. */
  readonly user?: string | undefined;
  readonly status?: (typeof EXPORT_STATUSES)[number] | undefined;
  /** Only what is held back. */
  readonly held?: true | undefined;
  readonly cursor?: string | undefined;
}
/** The filters of the list of exports as they stand in the address; what is nonsense there is left out. */
export const reviewSearch = (raw: Raw): ReviewSearch =>
  given({
    user: idOf(raw.user),
    status: oneOf(EXPORT_STATUSES, raw.status),
    held: raw.held === true || raw.held === 'true' ? (true as const) : undefined,
    cursor: cursorOf(raw.cursor),
  });
export const reviewFilter = ({ held, ...rest }: ReviewSearch) =>
  given({ ...rest, quarantined: held });

export interface AuditSearch {
  /** Who acted. */
  readonly admin?: string | undefined;
  readonly action?: (typeof ADMIN_ACTIONS)[number] | undefined;
  /** What was acted on: an export, or a person. */
  readonly export?: string | undefined;
  readonly user?: string | undefined;
  readonly cursor?: string | undefined;
}
/** The same for the audit. */
export const auditSearch = (raw: Raw): AuditSearch =>
  given({
    admin: idOf(raw.admin),
    action: oneOf(ADMIN_ACTIONS, raw.action),
    export: idOf(raw.export),
    user: idOf(raw.user),
    cursor: cursorOf(raw.cursor),
  });
