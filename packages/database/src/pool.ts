import pg from 'pg';

export interface PoolOptions {
  /** Most connections at once; default 10. */
  readonly max?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
}

/**
 * A new connection costs several milliseconds of computing (SCRAM's 4096 rounds) and as many round trips. The library's
 * ten seconds of patience are shorter than the pauses between sweeps, so that a quiet server kept logging in anew.
 */
const IDLE_MS = 5 * 60_000;
const INT8 = 20;

/** int8 as a JavaScript number: sequence numbers, tokens and byte counts stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format as 'text' | undefined),
};

/** A pool of connections. The caller ends it. Lost connections are replaced, not fatal. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'mixdown',
    idleTimeoutMillis: IDLE_MS,
    types,
  });
  // Without a listener a server restart would end the process; the next query reports what matters.
  pool.on('error', () => {});
  // The pool stops listening to a connection while somebody holds it: the same for one that breaks between two queries.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
