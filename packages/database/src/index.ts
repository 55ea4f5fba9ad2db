/** The data layer: an embedded Postgres, migrations, and transactions with the rights of whoever asks. */
export { asAnon, asService, asUser, type Claims, kyselyOf, type Work } from './as-role.ts';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/start-embedded-postgres.ts';
export { type ListenOptions, listen, type Notification } from './listen.ts';
export { migrate } from './migrate.ts';
export { createPool, type PoolOptions } from './pool.ts';
export type * from './types.ts';
