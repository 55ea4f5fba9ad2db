import type { Pool, PoolClient } from 'pg';

/** A job as every queue gets it: whose it is, and its number among all of the run. The rest of the payload is ballast. */
export interface Job {
  readonly user: number;
  readonly n: number;
}

export interface WorkOptions {
  /** Jobs at once, of everybody and of one user. */
  readonly slots: number;
  readonly perUser: number;
  /** The job itself, between claim and finish. */
  readonly run: (job: Job) => Promise<void> | void;
  /** The job is finished, and the queue knows it. */
  readonly finished?: (job: Job) => void;
}

export interface Working {
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** A queue under measurement, with its users in place. */
export interface Contender {
  readonly name: string;
  /** Puts a job in, as it is done every day; it is committed when this resolves. */
  add(job: Job): Promise<void>;
  /**
   * The same in a transaction whose commit goes out by itself, and the moment (performance.now()) at which it did. Where
   * a library has no such way in, the moment before its `add`.
   */
  addAndTell(job: Job): Promise<number>;
  /** Waits for jobs and runs them, woken as this queue wakes its workers. */
  work(options: WorkOptions): Promise<Working>;
  close(): Promise<void>;
}

/** What opens a contender of its own in a process of its own, or in this one. */
export interface Place {
  /** Postgres, migrated; the libraries bring their own schemas. */
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  /** The users of the exports, by number. */
  readonly users: readonly BenchUser[];
  /** As much JSON as an export's row carries. */
  readonly ballast: unknown;
}

export interface BenchUser {
  readonly id: string;
  readonly projectId: string;
}

export interface OpenOptions {
  /** With the library's closest thing to a limit per user. Exports always have theirs. */
  readonly limited: boolean;
}

export type OpenContender = (place: Place, options: OpenOptions) => Promise<Contender>;

/** The `addAndTell` of a library that commits by itself. */
export const tellBefore =
  (add: Contender['add']): Contender['addAndTell'] =>
  async (job) => {
    const before = performance.now();
    await add(job);
    return before;
  };

/** Runs `add` in a transaction; the moment at which its commit was sent. */
export async function committing(
  pool: Pool,
  add: (client: PoolClient) => Promise<unknown>,
): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await add(client);
    const sent = performance.now();
    await client.query('commit');
    return sent;
  } finally {
    client.release();
  }
}
